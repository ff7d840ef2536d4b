"""The day as it runs, for planning with: who is behind is held up, so that others may take what she cannot reach in time.

The forecast ties a late therapist to her late visit, for it asks when that will be. Who mends the day asks who else could
come: here her being late is an hour she has not, a break that ends when she can leave, and the visit itself is free.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatch.explain.forecast import late_locks, planned_of, taken_for_granted
from dispatch.model.kinds import BreakKind, StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Break, Shift
from dispatch.model.timetable import BreakTime, RouteTimes, VisitTime
from dispatch.model.told import VisitTold
from dispatch.rules.retime import retime

HELD_UP = "held-up"
"""What the hour is called in the day planned with; no plan that is kept knows it."""

_STEP_S = 60


def held_up(problem: DayProblem, plan: Plan, *, now_s: int, told: Iterable[VisitTold] = ()) -> tuple[DayProblem, Plan]:
    """Give the day and its plan as they run: with what is taken for granted, and late therapists held up so long."""
    told = tuple(told)
    planned = retime(replace(problem, facts=(), now_s=None), plan)
    known = (*problem.facts, *taken_for_granted(problem, planned.routes, now_s, told))
    running = replace(problem, facts=known, now_s=now_s)
    locks = late_locks(problem, plan, planned_of(planned.routes), told)
    late = {one.visit_id for one in locks} - {one.visit_id for one in problem.locks if one in locks}
    begun = {one.visit_id for one in known}
    pauses: dict[str, tuple[Break, str]] = {}
    for route in retime(replace(running, locks=locks), plan).routes:
        first = next((one for one in route.visits() if one.visit_id not in begun), None)
        shifts = problem.therapist(route.therapist_id).shifts
        if first is not None and first.visit_id in late and (pause := _pause(route, first, now_s, shifts)):
            pauses[route.therapist_id] = pause, first.visit_id
    therapists = tuple(
        replace(one, breaks=tuple(sorted((*one.breaks, pauses[one.id][0]), key=lambda p: (p.earliest_s, p.id))))
        if one.id in pauses
        else one
        for one in problem.therapists
    )
    routes = tuple(
        _with_pause(one, pauses[one.therapist_id][1]) if one.therapist_id in pauses else one for one in plan.routes
    )
    return replace(running, therapists=therapists), replace(plan, routes=routes)


def _pause(route: RouteTimes, late: VisitTime, now_s: int, shifts: Iterable[Shift]) -> Break | None:
    """Give the hour of her shift a therapist has not: from where she is free until she leaves for the visit she is late for."""
    free_s = now_s
    for stop in route.stops:
        if isinstance(stop, VisitTime):
            if stop.visit_id == late.visit_id:
                break
            free_s = max(free_s, stop.free_s)
        elif isinstance(stop, BreakTime):
            free_s = max(free_s, stop.end_s)
    # What begins at this very moment would count as over.
    begins_s = max((one.start_s for one in shifts if one.start_s <= late.leave_by_s), default=0)
    from_s = max(free_s, now_s + _STEP_S, begins_s)
    if late.leave_by_s - from_s < _STEP_S:
        return None
    return Break(
        id=HELD_UP,
        kind=BreakKind.PERSONAL,
        duration_s=late.leave_by_s - from_s,
        earliest_s=from_s,
        latest_s=from_s,
    )


def _with_pause(route: Route, before: str) -> Route:
    at = next(number for number, stop in enumerate(route.stops) if stop.id == before)
    return replace(route, stops=(*route.stops[:at], Stop(kind=StopKind.BREAK, id=HELD_UP), *route.stops[at:]))
