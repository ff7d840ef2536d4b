"""The demo's care plans, the past visits they count, and how clients felt at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.care import CarePlan, CareVisit
from dispatch.model.health import Feeling
from dispatch.work.demo_files import read
from dispatch.work.starter import clock_s


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCare:
    """One care plan with the past visits it counts, and how the client felt at each."""

    plan: CarePlan
    visits: tuple[tuple[CareVisit, Booking, Feeling], ...]


def demo_care(branch: Branch, past: list[Booking]) -> Iterator[DemoCare]:
    """Give the care plans of the demo over its past bookings."""
    for entry in read("care")["plans"]:
        own = sorted((one for one in past if one.client_id == entry["client"]), key=lambda one: one.day)
        plan = _plan(branch, entry, own)
        yield DemoCare(
            plan=plan,
            visits=tuple(
                (_visit(plan, entry["therapist"], one), one, Feeling(pain=pain))
                for one, pain in zip(own, entry["pain"], strict=True)
            ),
        )


def noted_at(booking: Booking, now: datetime) -> datetime:
    """Give when somebody noted how the client felt: on the day of the visit, at this hour."""
    return datetime.combine(booking.day, now.timetz())


def _plan(branch: Branch, entry: dict[str, Any], own: list[Booking]) -> CarePlan:
    return CarePlan(
        id=f"care-{entry['client']}",
        branch_id=branch.id,
        client_id=entry["client"],
        address_id=own[0].address_id,
        treatment_id=own[0].treatment_id,
        minutes=own[0].minutes,
        every_days=entry["every_days"],
        visits=entry["visits"],
        first_day=own[0].day,
        window=TimeWindow(start_s=clock_s(entry["from"]), end_s=clock_s(entry["to"])),
        therapist_id=entry["therapist"],
    )


def _visit(plan: CarePlan, therapist_id: str, booking: Booking) -> CareVisit:
    return CareVisit(
        id=booking.id,
        branch_id=plan.branch_id,
        care_plan_id=plan.id,
        due_day=booking.day,
        start_s=booking.windows[0].start_s,
        therapist_id=therapist_id,
    )
