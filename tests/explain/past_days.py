"""Past days for the reports' tests: bookings as they were taken, made from a planner's problem."""

from collections.abc import Mapping
from typing import Any

from dispatch.model.booking import Booking
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BookingStatus, VisitState
from dispatch.model.problem import DayProblem


def taken(problem: DayProblem, changed: Mapping[str, dict[str, Any]] | None = None) -> tuple[Booking, ...]:
    """Give the bookings of a problem, confirmed, some of them with other fields."""
    return tuple(
        Booking(
            **{
                "id": one.id,
                "branch_id": "main",
                "day": problem.day,
                "client_id": f"client of {one.id}",
                "address_id": f"address of {one.id}",
                "treatment_id": "relax",
                "minutes": one.duration_s // 60,
                "windows": one.windows,
                "seats": one.seats,
                "status": BookingStatus.CONFIRMED,
                **(changed or {}).get(one.id, {}),
            }
        )
        for one in problem.bookings
    )


def finished(visit_id: str, therapist_id: str, started_s: int, finished_s: int, **more: Any) -> VisitFact:
    """Give the fact of a visit that was reported done."""
    return VisitFact(
        visit_id=visit_id,
        therapist_id=therapist_id,
        state=VisitState.FINISHED,
        started_s=started_s,
        finished_s=finished_s,
        **more,
    )
