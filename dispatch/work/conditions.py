"""What slows a day down: noted by a dispatcher, in every problem built of the day, and ended when it is over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.condition import ConditionKind, DayCondition
from dispatch.model.day import SERVICE_DAY_END_S, SERVICE_DAY_START_S
from dispatch.model.kinds import TravelMode
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.travel import RATE_ONE
from dispatch.work.doing import fetch, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.travel.table import TravelTable

MOST_PER_MILLE = 5_000
"""What takes twenty minutes takes no more than an hour and forty; beyond that nobody drives."""
MOST_OVER_S = 4 * 3_600


def conditions_of_day(services: Services, actor: Actor, day: date) -> tuple[DayCondition, ...]:
    """Give what slows a day down, by when it begins."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        found = tx.list(DayCondition, actor.branch_id, day=day)
    return tuple(sorted(found, key=lambda one: (one.kind, one.from_s, one.id)))


def end_condition(services: Services, actor: Actor, day: date, condition_id: str) -> DayCondition:
    """End what slowed a day down, as if it had never been; plans made with it stay as they are."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        condition = fetch(tx, actor, DayCondition, condition_id)
        if condition.day != day:
            raise BadInput("condition.other_day", day=condition.day.isoformat())
        tx.delete(condition)
        record(tx, services, actor, "condition.ended", condition_id)
    return condition


def usual_percent(kind: ConditionKind) -> int:
    """Give by how many per cent longer a car usually takes in such conditions, as the travel table says."""
    table = travel_table()
    factor = table.rain_per_mille if kind is ConditionKind.RAIN else table.area_traffic_per_mille
    return (factor - RATE_ONE) // 10


def condition_errors(condition: DayCondition, areas: Iterable[str]) -> Iterable[BadInput]:
    """Give what is wrong with a condition: hours that do not run forward, a factor that slows nothing, no such area."""
    if condition.kind is ConditionKind.RUNNING_OVER:
        if not 60 <= condition.extra_s <= MOST_OVER_S:
            yield BadInput("condition.extra", field="minutes", most_s=MOST_OVER_S)
        return
    if not SERVICE_DAY_START_S <= condition.from_s < condition.to_s <= SERVICE_DAY_END_S:
        yield BadInput("condition.hours", field="to", from_s=condition.from_s, to_s=condition.to_s)
    if not RATE_ONE < condition.factor_per_mille <= MOST_PER_MILLE:
        yield BadInput("condition.factor", field="percent", most=(MOST_PER_MILLE - RATE_ONE) // 10)
    if condition.kind is ConditionKind.TRAFFIC and condition.area not in set(areas):
        yield BadInput("condition.area", field="area", area=condition.area[:80])


def under_conditions(problem: DayProblem, conditions: Sequence[DayCondition]) -> DayProblem:
    """Give a day's problem as slow as its conditions make it; without any it stays as it is."""
    if not conditions:
        return problem
    from dispatch.travel.slower import rained_on

    rain = [_slow(one) for one in conditions if one.kind is ConditionKind.RAIN]
    if rain:
        problem = replace(problem, matrices=tuple(rained_on(one, travel_table(), rain) for one in problem.matrices))
    over = {one.booking_id: one.extra_s for one in conditions if one.kind is ConditionKind.RUNNING_OVER}
    longer = _longer(problem, [one for one in conditions if one.kind is ConditionKind.TRAFFIC])
    return replace(problem, bookings=tuple(_slower(problem, one, over, longer) for one in problem.bookings))


@cache
def travel_table() -> "TravelTable":
    """Give the table that says how much rain and traffic slow whom, read once."""
    from dispatch.travel.table import load_table

    return load_table()


def _slow(condition: DayCondition) -> tuple[int, int, int]:
    return condition.from_s, condition.to_s, condition.factor_per_mille


def _longer(problem: DayProblem, traffic: Sequence[DayCondition]) -> dict[str, tuple[int, ...]]:
    """Give by area how much longer it takes to the door, by clock hour of arrival."""
    if not traffic:
        return {}
    from dispatch.travel.slower import longer_to_the_door_s

    profiles = {matrix.mode: matrix.profile for matrix in problem.matrices}
    profile = profiles.get(TravelMode.CAR) or travel_table().profile(problem.day, TravelMode.CAR)
    by_area: dict[str, list[tuple[int, int, int]]] = {}
    for one in traffic:
        by_area.setdefault(one.area, []).append(_slow(one))
    return {area: longer_to_the_door_s(profile, travel_table(), slow) for area, slow in by_area.items()}


def _slower(
    problem: DayProblem, booking: DayBooking, over: dict[str, int], longer: dict[str, tuple[int, ...]]
) -> DayBooking:
    """Give a booking with what its visit takes longer."""
    extra_s = over.get(booking.id, 0)
    more_s = longer.get(problem.locations[booking.location].area)
    if more_s is not None:
        access_s = booking.access_s * (len(more_s) if len(booking.access_s) == 1 else 1)
        booking = replace(booking, access_s=tuple(a + b for a, b in zip(access_s, more_s, strict=True)))
    return replace(booking, duration_s=booking.duration_s + extra_s) if extra_s else booking
