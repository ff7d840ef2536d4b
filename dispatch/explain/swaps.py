"""Two moves at once: a visit goes to somebody else, and the booking that is left out takes the room it had.

Every visit of every therapist who may serve the booking is tried with every other therapist, by the compiled insertion
step; what is given has passed the referee as a whole plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch.model.plan import Plan, Route, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.referee import check
from dispatch.rules.route import best_insertions, evaluate_route

TRIES = 6
"""So many of the cheapest pairs of moves are judged as whole plans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Who serves the booking now, which visit makes room for it and to whom it goes, with the plan and its added points."""

    therapist_id: str
    visit_id: str
    other_id: str
    plan: Plan
    added_points: int


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    """Two moves by number: the points they add, the therapist, the visit taken from her, and whom it goes to."""

    points: int
    therapist: int
    visit: int
    place: int
    other: int
    other_place: int


def swap(problem: DayProblem, plan: Plan, booking: DayBooking) -> Swap | None:
    """Give the cheapest two moves that serve a booking of one seat which a plan leaves out; None where none do."""
    if len(booking.seats) != 1:
        return None
    compiled = compile_problem(problem)
    known = {(breach.rule, breach.subject_id) for breach in check(problem, plan)}
    wanted = compiled.visit_index[visit_id(booking.id, 0)]
    names = [one.id for one in problem.therapists]
    routes = [[compiled.visit_index[visit] for visit in plan.route_of(name).visit_ids()] for name in names]
    for pair in sorted(_pairs(compiled, routes, wanted))[:TRIES]:
        new = _after(compiled, plan, routes, pair, wanted)
        if new is None:
            continue
        broken = check(problem, new)
        if all((breach.rule, breach.subject_id) in known for breach in broken):
            return Swap(
                therapist_id=names[pair.therapist],
                visit_id=compiled.visit_stops[pair.visit].id,
                other_id=names[pair.other],
                plan=new,
                added_points=pair.points,
            )
    return None


def _pairs(compiled: Compiled, routes: Sequence[list[int]], wanted: int) -> Iterator[_Pair]:
    """Give all pairs of moves that keep each route's own rules."""
    for t, visits in enumerate(routes):
        if not compiled.allowed[t][wanted]:
            continue
        base = evaluate_route(compiled, t, visits)
        for k in range(len(compiled.heads[t]), len(visits)):
            visit = visits[k]
            rest = visits[:k] + visits[k + 1 :]
            value = evaluate_route(compiled, t, rest)
            if not (base.feasible and value.feasible and _may_move(compiled, visit)):
                continue
            room = best_insertions(compiled, t, rest, wanted)
            if not room:
                continue
            saved = base.points - value.points
            for other, theirs in enumerate(routes):
                if other != t and compiled.allowed[other][visit]:
                    for place, points, _ in best_insertions(compiled, other, theirs, visit)[:1]:
                        yield _Pair(room[0][1] + points - saved, t, visit, room[0][0], other, place)


def _may_move(compiled: Compiled, visit: int) -> bool:
    """Tell whether a visit is alone at its booking and nobody fixed it."""
    stop = compiled.visit_stops[visit].id
    problem = compiled.problem
    alone = len(problem.booking(booking_of(stop)[0]).seats) == 1
    return alone and all(lock.visit_id != stop for lock in problem.locks)


def _after(compiled: Compiled, plan: Plan, routes: Sequence[list[int]], pair: _Pair, wanted: int) -> Plan | None:
    """Give the plan after both moves, their breaks placed anew; None where a route does not keep its own rules."""
    hers = [visit for visit in routes[pair.therapist] if visit != pair.visit]
    hers.insert(pair.place, wanted)
    theirs = list(routes[pair.other])
    theirs.insert(pair.other_place, pair.visit)
    new: dict[str, Route] = {route.therapist_id: route for route in plan.routes}
    for t, visits in ((pair.therapist, hers), (pair.other, theirs)):
        value = evaluate_route(compiled, t, visits)
        if not value.feasible:
            return None
        name = compiled.problem.therapists[t].id
        new[name] = Route(therapist_id=name, stops=tuple(value.stops))
    served = Plan(routes=tuple(new.values())).served()
    return replace(
        plan,
        routes=tuple(new.values()),
        left_out=tuple(one for one in plan.left_out if one.booking_id not in served),
    )
