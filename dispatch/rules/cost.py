"""What a plan costs, term by term, from its times; the compiled step sums the same terms, and tests hold them equal."""

from collections.abc import Iterable, Iterator, Mapping

from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Cost, CostTerm, RouteTimes, Timetable
from dispatch.model.weights import POINTS_PER_SEN
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.fill import liking_sen, tight_s
from dispatch.rules.retime import retime
from dispatch.rules.step import PUBLISHED

COST_TERMS = (
    "travel",
    "overtime",
    "late",
    "promise",
    "preferred",
    "preferred_gender",
    "familiar",
    "fairness",
    "changed_therapist",
    "moved",
    "tight",
)
"""The codes of the soft aims, in the order they are shown."""

Part = tuple[str, int, int]
"""One part of a cost: the term's code, the quantity priced, its points."""


def plan_cost(problem: DayProblem, plan: Plan, timetable: Timetable | None = None) -> Cost:
    """Give what a plan loses and costs: what is left out, and each term's quantity and points.

    Quantities are seconds for travel, overtime and fairness, started minutes for late, promise and moved, visits for
    the rest. A booking counts as served when all its seats are; a hold is never counted as left out, only as locked.
    """
    compiled = compile_problem(problem)
    times = retime(problem, plan) if timetable is None else timetable
    terms = _sum_up(part for route in times.routes for part in _route_parts(compiled, route))
    served = _served(compiled, times)
    left_out = [booking for b, booking in enumerate(problem.bookings) if b not in served]
    locked = {compiled.booking_of[compiled.visit_index[lock.visit_id]] for lock in problem.locks}
    return Cost(
        locked_left_out=sum(1 for b in locked | _holds(problem) if b not in served),
        priority_lost=sum(booking.priority for booking in left_out if not booking.is_hold),
        left_out=sum(1 for booking in left_out if not booking.is_hold),
        points=sum(term.points for term in terms),
        terms=terms,
    )


def route_points(problem: DayProblem, route: RouteTimes) -> int:
    """Give one route's part of the plan's points; it depends on nothing but that route and its times."""
    return sum(points for _, _, points in _route_parts(compile_problem(problem), route))


def _holds(problem: DayProblem) -> set[int]:
    """Give the bookings that are holds."""
    return {b for b, booking in enumerate(problem.bookings) if booking.is_hold}


def _served(compiled: Compiled, times: Timetable) -> set[int]:
    """Give the bookings all of whose seats have a visit."""
    planned = {visit.visit_id for route in times.routes for visit in route.visits()}
    return {b for b, visits in enumerate(compiled.booking_visits) if all(compiled.visits[v] in planned for v in visits)}


def _sum_up(parts: Iterable[Part]) -> tuple[CostTerm, ...]:
    """Give every term once, in the order they are shown."""
    quantity: dict[str, int] = dict.fromkeys(COST_TERMS, 0)
    points: dict[str, int] = dict.fromkeys(COST_TERMS, 0)
    for code, part_quantity, part_points in parts:
        quantity[code] += part_quantity
        points[code] += part_points
    return tuple(CostTerm(code=code, quantity=quantity[code], points=points[code]) for code in COST_TERMS)


def _started_minutes(seconds: int) -> int:
    """Give whole minutes, each one that has begun counted."""
    return -(-max(0, seconds) // 60)


def _route_parts(compiled: Compiled, route: RouteTimes) -> Iterator[Part]:
    """Give the parts of one route's cost; a route without visits costs nothing."""
    visits = route.visits()
    if not visits:
        return
    problem, weights = compiled.problem, compiled.problem.weights
    therapist = problem.therapists[compiled.therapist_index[route.therapist_id]]
    yield "travel", route.reference_s, route.reference_s * weights.travel_sen_per_h
    yield "overtime", route.overtime_s, route.overtime_s * weights.overtime_sen_per_h
    if problem.fair_share_s > 0:
        beyond_s = max(0, route.work_s + therapist.carried_s - problem.fair_share_s)
        yield "fairness", beyond_s, beyond_s * weights.fairness_sen_per_h
    for visit in visits:
        v = compiled.visit_index[visit.visit_id]
        booking = problem.bookings[compiled.booking_of[v]]
        late = _started_minutes(visit.late_s)
        yield "late", late, POINTS_PER_SEN * late * weights.late_sen_per_min
        if booking.promise_s is not None:
            off = _started_minutes(abs(visit.start_s - booking.promise_s) - weights.promise_grace_s)
            yield "promise", off, POINTS_PER_SEN * off * weights.promise_sen_per_min
        if weights.tight_sen_per_min > 0:
            tight = _started_minutes(tight_s(booking, visit.start_s, weights.tight_margin_s))
            yield "tight", tight, POINTS_PER_SEN * tight * weights.tight_sen_per_min
        for code, sen in liking_sen(therapist, booking, weights).items():
            yield code, 1 if sen > 0 else 0, POINTS_PER_SEN * sen
        yield from _changed(compiled.published_by, visit.visit_id, therapist.id, weights.changed_therapist_sen)
        published_s = int(compiled.tables.visits[v, PUBLISHED])
        if published_s >= 0:
            moved = _started_minutes(abs(visit.start_s - published_s))
            yield "moved", moved, POINTS_PER_SEN * moved * weights.moved_sen_per_min


def _changed(published_by: Mapping[str, str], visit_id: str, therapist_id: str, sen: int) -> Iterator[Part]:
    """Give the price of another therapist than the one published."""
    if published_by.get(visit_id, therapist_id) != therapist_id:
        yield "changed_therapist", 1, POINTS_PER_SEN * sen
