"""What comes of a move by hand, before it is made: by the same rules, times and prices as everything else.

The verdict is that of `check`, `retime` and `plan_cost` on the very plan that making the move would keep.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dispatch.errors import BadInput
from dispatch.explain.partners import completed
from dispatch.model.day import HORIZON_S
from dispatch.model.decisions import Lock
from dispatch.model.kinds import StopKind
from dispatch.model.move import Later, Move, Verdict
from dispatch.model.plan import LeftOut, Plan, Route, Stop, booking_of, visit_id
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.model.timetable import Timetable, Violation, VisitTime
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.extend import with_start
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions, evaluate_route


def weigh(
    problem: DayProblem,
    plan: Plan,
    move: Move,
    *,
    before: Timetable | None = None,
    known: Sequence[Violation] | None = None,
) -> Verdict:
    """Give what comes of a move; `BadInput` where it names what the day does not have.

    Seats that nobody serves and the move does not name are given to whom `partners.completed` finds.

    Whoever has the plan's times and breaches already hands them in as `before` and `known`.
    """
    move = completed(problem, plan, move)
    before = retime(problem, plan) if before is None else before
    known = check(problem, plan, before) if known is None else known
    old = {(breach.rule, breach.subject_id) for breach in known}
    fixed, new = moved(problem, plan, move)
    after = retime(fixed, new)
    breaches = [breach for breach in check(fixed, new, after) if (breach.rule, breach.subject_id) not in old]
    visits = [visit for visit, _ in move.places]
    return Verdict(
        plan=new,
        breaches=tuple(breaches),
        delays=tuple(delays_between(before, after, visits)),
        starts=tuple((visit, after.visit(visit).start_s) for visit in visits),
        travel_s=sum(one.travel_s for one in after.routes) - sum(one.travel_s for one in before.routes),
        points=plan_cost(fixed, new, after).points - plan_cost(problem, plan, before).points,
        early_s=_early_s(problem, move),
    )


def moved(problem: DayProblem, plan: Plan, move: Move) -> tuple[DayProblem, Plan]:
    """Give the day and the plan after a move; the day differs only where the move fixes a start.

    Each visit goes where it costs least in its therapist's route; where no rule-keeping place is there, it goes by its
    time. `BadInput` for a visit or a therapist the day does not have, or for visits of several bookings.
    """
    move = completed(problem, plan, move)
    compiled = _with_start(problem, move)
    stops = {route.therapist_id: list(route.stops) for route in plan.routes}
    taken = {visit for visit, _ in move.places}
    changed = {name for name, mine in stops.items() if any(stop.id in taken for stop in mine if _is_visit(stop))}
    for name in changed:
        stops[name] = [stop for stop in stops[name] if not (_is_visit(stop) and stop.id in taken)]
    rest = Plan(routes=_routes(stops))
    times = retime(compiled.problem, rest)
    for visit, name in move.places:
        stops[name] = _put_in(compiled, times, name, stops.get(name, []), visit, move.start_s)
        changed.add(name)
    for name in changed:
        stops[name] = _with_breaks(compiled, name, stops.get(name, []))
    routes = _routes(stops)
    served = Plan(routes=routes).served()
    left_out = tuple(one for one in plan.left_out if one.booking_id not in served)
    named = {one.booking_id for one in left_out}
    left_out += tuple(
        LeftOut(booking_id=one.id, reason=said("plan.not_planned_yet", booking_id=one.id))
        for one in problem.bookings
        if one.id not in served and one.id not in named
    )
    return compiled.problem, Plan(routes=routes, left_out=left_out)


def locks_at(problem: DayProblem, booking_id: str, start_s: int) -> tuple[Lock, ...]:
    """Give the locks that fix the start of all a booking's seats; who is locked to a seat stays locked."""
    known = {lock.visit_id: lock for lock in problem.locks}
    names = (visit_id(booking_id, seat) for seat in range(len(problem.booking(booking_id).seats)))
    return tuple(replace(known.get(name) or Lock(visit_id=name), start_s=start_s) for name in names)


def with_locks(problem: DayProblem, locks: tuple[Lock, ...]) -> DayProblem:
    """Give the day with these locks, each in the place of an earlier one of its visit."""
    names = {lock.visit_id for lock in locks}
    return replace(problem, locks=(*(one for one in problem.locks if one.visit_id not in names), *locks))


def _with_start(problem: DayProblem, move: Move) -> Compiled:
    """Give the day with the start that a move fixes, after looking at what it names."""
    compiled = compile_problem(problem)
    for visit, therapist in move.places:
        if visit not in compiled.visit_index:
            raise BadInput("move.unknown_visit", id=visit[:80])
        if therapist not in compiled.therapist_index:
            raise BadInput("move.unknown_therapist", id=therapist[:80])
    bookings = {booking_of(visit)[0] for visit, _ in move.places}
    if len(bookings) != 1 or len({visit for visit, _ in move.places}) < len(move.places):
        raise BadInput("move.one_booking")
    if move.start_s is None:
        return compiled
    if not 0 <= move.start_s <= MOST_START_S:
        raise BadInput("move.start", start_s=move.start_s)
    return with_start(compiled, bookings.pop(), move.start_s)


MOST_START_S = HORIZON_S
"""No treatment starts after the end of the next day."""


def _put_in(
    compiled: Compiled, times: Timetable, name: str, stops: Sequence[Stop], visit: str, start_s: int | None
) -> list[Stop]:
    """Give a therapist's stops with one more visit in them."""
    t, v = compiled.therapist_index[name], compiled.visit_index[visit]
    visits = [compiled.visit_index[stop.id] for stop in stops if _is_visit(stop)]
    found = best_insertions(compiled, t, visits, v)
    if found:
        at = found[0][0]
    else:
        booking = compiled.problem.bookings[compiled.booking_of[v]]
        wanted_s = booking.windows[0].start_s if start_s is None else start_s
        at = sum(one.start_s < wanted_s for one in times.route_of(name).visits())
    at = max(at, len(compiled.heads[t]))
    new: list[Stop] = []
    for stop in stops:
        if _is_visit(stop) and sum(map(_is_visit, new)) == at and compiled.visit_stops[v] not in new:
            new.append(compiled.visit_stops[v])
        new.append(stop)
    return new if compiled.visit_stops[v] in new else [*new, compiled.visit_stops[v]]


def _with_breaks(compiled: Compiled, name: str, stops: list[Stop]) -> list[Stop]:
    """Give a route's stops with its breaks where they cost least, or where they were if the rules forbid the route."""
    visits = [compiled.visit_index[stop.id] for stop in stops if _is_visit(stop)]
    value = evaluate_route(compiled, compiled.therapist_index[name], visits)
    return list(value.stops) if value.feasible and visits else stops


def delays_between(before: Timetable, after: Timetable, moved_visits: Iterable[str]) -> Iterable[Later]:
    """Give the other visits that start later than before, by their new start, and what was moved if it is late."""
    was = {visit.visit_id: visit for route in before.routes for visit in route.visits()}
    own = set(moved_visits)
    found = []
    for visit in (visit for route in after.routes for visit in route.visits()):
        old = was.get(visit.visit_id)
        later_s = visit.start_s - old.start_s if old is not None else 0
        late_s = max(visit.late_s, visit.promise_late_s)
        grown = late_s if late_s > (0 if old is None else max(old.late_s, old.promise_late_s)) else 0
        if (visit.visit_id not in own and later_s > 0) or grown:
            found.append(_delay(visit, later_s, grown))
    return sorted(found, key=lambda one: (one.start_s, one.visit_id))


def _delay(visit: VisitTime, later_s: int, late_s: int) -> Later:
    return Later(
        visit_id=visit.visit_id,
        therapist_id=visit.therapist_id,
        start_s=visit.start_s,
        later_s=later_s,
        late_s=late_s,
    )


def _early_s(problem: DayProblem, move: Move) -> int:
    """Give how long before the next window a fixed start lies; a lock may be anywhere, but people should know."""
    windows = problem.booking(booking_of(move.places[0][0])[0]).windows
    if move.start_s is None or any(window.start_s <= move.start_s <= window.end_s for window in windows):
        return 0
    return min((window.start_s - move.start_s for window in windows if window.start_s > move.start_s), default=0)


def _is_visit(stop: Stop) -> bool:
    return stop.kind is StopKind.VISIT


def _routes(stops: dict[str, list[Stop]]) -> tuple[Route, ...]:
    """Give the routes that have a visit."""
    return tuple(
        Route(therapist_id=name, stops=tuple(mine)) for name, mine in stops.items() if any(map(_is_visit, mine))
    )
