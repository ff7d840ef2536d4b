"""Why a booking is left out: the one sentence, and for each therapist the first thing that stops her.

The rules themselves are asked: first the assignment rules, then the referee about a day with nothing else in it, then
the finished plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import Violation

if TYPE_CHECKING:
    from dispatch.solve.day import Day

_OF_THE_WHOLE = frozenset({"seats_missing", "start_together", "link_gap", "cycle"})
"""Rules about bookings as a whole, which one therapist's day alone cannot keep or break."""

_LIMITS = frozenset({"work_limit", "travel_limit", "visits_limit", "consecutive_limit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistReason:
    """What one therapist has to do with a booking: the first thing that stops her, or that nothing does."""

    therapist_id: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a booking is not in a plan, and for each therapist of the day why it is not she who serves it."""

    booking_id: str
    reason: Said
    per_therapist: tuple[TherapistReason, ...] = ()


def why(problem: DayProblem, plan: Plan, booking_id: str) -> Explanation:
    """Explain a booking's place in a plan; raises `KeyError` for a booking the problem does not have.

    For a booking with several seats a therapist is told about the seat that she comes nearest to.
    """
    from dispatch.solve.day import day_of
    from dispatch.solve.reasons import reason_of

    day = day_of(problem)
    number = day.compiled.bookings[booking_id]
    served = {
        visit: route.therapist_id
        for route in plan.routes
        for visit in route.visit_ids()
        if visit in day.compiled.visit_index
    }
    mine = [day.compiled.visits[visit] for visit in day.entries[number].visits]
    is_served = all(visit in served for visit in mine)
    reason = said("why.served", booking_id=booking_id) if is_served else reason_of(day, plan, number)
    holders = {served[visit] for visit in mine if visit in served}
    return Explanation(
        booking_id=booking_id,
        reason=reason,
        per_therapist=tuple(
            TherapistReason(
                therapist_id=name,
                said=said("why.serves", therapist_id=name, booking_id=booking_id)
                if name in holders
                else _of_therapist(day, plan, number, t),
            )
            for t, name in enumerate(day.compiled.therapists)
        ),
    )


def _of_therapist(day: Day, plan: Plan, number: int, t: int) -> Said:
    """Give the first thing that keeps a therapist from a booking, on the seat where she gets furthest."""
    found = [_of_seat(day, plan, number, t, seat) for seat in range(len(day.entries[number].visits))]
    return max(found, key=lambda one: one[0])[1]


def _of_seat(day: Day, plan: Plan, number: int, t: int, seat: int) -> tuple[int, Said]:
    """Give how far a therapist gets towards one seat (further is more), and what stops her there."""
    from dispatch.solve.reasons import fits_alone, may_not

    booking_id = day.entries[number].id
    name = day.compiled.therapists[t]
    forbidden = may_not(day, t, number, seat)
    if forbidden is not None:
        return 0, forbidden[1]
    visit = day.entries[number].visits[seat]
    if not fits_alone(day, t, visit):
        return 1, _alone(day, t, visit, booking_id)
    route = plan.route_of(name)
    if _has_room(day, route, t, visit):
        code = "why.no_partner" if day.entries[number].coupled else "why.fits"
        return 4, said(code, therapist_id=name, booking_id=booking_id)
    limits = _only_limits(day, route, t, visit)
    if limits is not None:
        return 3, limits
    count = len(route.visit_ids())
    return 2, said("why.day_full", therapist_id=name, booking_id=booking_id, count=count)


def _alone(day: Day, t: int, visit: int, booking_id: str) -> Said:
    """Give what the referee says of a day with nothing but what has begun and this visit."""
    stops = tuple(day.compiled.visit_stops[v] for v in (*day.heads[t], visit))
    said_of_it = [breach for breach in _breaches(day, t, stops) if breach.rule != "break_missing"]
    if said_of_it:
        return said_of_it[0].said
    return said("why.breaks", therapist_id=day.compiled.therapists[t], booking_id=booking_id)


def _has_room(day: Day, route: Route, t: int, visit: int) -> bool:
    """Tell whether a visit fits into a therapist's route, its couples' starts left free."""
    from dispatch.rules.route import best_insertions

    visits = [day.compiled.visit_index[name] for name in route.visit_ids() if name in day.compiled.visit_index]
    return bool(best_insertions(day.compiled, t, visits, visit))


def _only_limits(day: Day, route: Route, t: int, visit: int) -> Said | None:
    """Give a limit where some place in the route breaks nothing else; None where there is no such place."""
    for at in range(len(route.stops) + 1):
        stops = (*route.stops[:at], day.compiled.visit_stops[visit], *route.stops[at:])
        breaches = _breaches(day, t, stops)
        if breaches and all(breach.rule in _LIMITS for breach in breaches):
            return breaches[0].said
    return None


def _breaches(day: Day, t: int, stops: tuple[Stop, ...]) -> list[Violation]:
    """Give what the referee says against one therapist's stops, all others' days being as they have begun."""
    from dispatch.rules.referee import check

    compiled = day.compiled
    routes = [
        Route(
            therapist_id=name,
            stops=stops if other == t else tuple(compiled.visit_stops[visit] for visit in day.heads[other]),
        )
        for other, name in enumerate(compiled.therapists)
    ]
    known = tuple(route for route in routes if any(stop.kind is StopKind.VISIT for stop in route.stops))
    breaches = check(day.problem, Plan(routes=known))
    return [b for b in breaches if b.therapist_id == compiled.therapists[t] and b.rule not in _OF_THE_WHOLE]
