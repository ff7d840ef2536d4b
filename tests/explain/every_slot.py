"""Slots by trying everything: every therapist, position, break placement and five minutes, asking the rules alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement, permutations, product

from dispatch.model.decisions import Lock
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.model.timetable import Violation
from dispatch.rules.cost import plan_cost
from dispatch.rules.fill import is_due
from dispatch.rules.referee import check
from dispatch.rules.retime import retime

STEP_S = 300
SPREAD_S = 1_800
Offer = tuple[int, int, tuple[str, ...]]
"""Added points, start, therapists."""


def best_offers(problem: DayProblem, plan: Plan, draft: DayBooking, limit: int) -> list[Offer]:
    """The offers that `suggest` must make."""
    left = sorted(every_offer(problem, plan, draft))
    chosen: list[Offer] = []
    while left and len(chosen) < limit:
        apart = [one for one in left if all(abs(one[1] - other[1]) >= SPREAD_S for other in chosen)]
        chosen.append((apart or left)[0])
        left.remove(chosen[-1])
    return chosen


def every_offer(problem: DayProblem, plan: Plan, draft: DayBooking) -> list[Offer]:
    """The cheapest therapists for every start at which somebody could come."""
    others = tuple(one for one in problem.bookings if one.id != draft.id)
    plan = Plan(
        routes=tuple(
            Route(therapist_id=r.therapist_id, stops=tuple(s for s in r.stops if booking_of_stop(s) != draft.id))
            for r in plan.routes
        )
    )
    where = next((n for n, one in enumerate(problem.bookings) if one.id == draft.id), len(others))
    problem = replace(problem, bookings=(*others[:where], draft, *others[where:]))
    names = [visit_id(draft.id, seat) for seat in range(len(draft.seats))]
    locks = {one.visit_id: one for one in problem.locks}
    free = [replace(one, start_s=None) if one.visit_id in names else one for one in problem.locks]
    problem = replace(problem, locks=tuple(free))
    base, known = plan_cost(problem, plan), check(problem, plan)
    offers = []
    for start_s in sorted({s for w in draft.windows for s in range(w.start_s, w.end_s + 1) if s % STEP_S == 0}):
        fixed = [replace(locks.get(name, Lock(visit_id=name)), start_s=start_s) for name in names]
        pinned = replace(problem, locks=(*(one for one in problem.locks if one.visit_id not in names), *fixed))
        found = _at(pinned, plan, names, start_s, known)
        if found:
            rank = {therapist.id: n for n, therapist in enumerate(problem.therapists)}
            points, _, ids = min((points, tuple(rank[name] for name in ids), ids) for points, ids in found)
            offers.append((points - base.points, start_s, ids))
    return offers


def booking_of_stop(stop: Stop) -> str | None:
    """The booking of a stop, None for a break."""
    return booking_of(stop.id)[0] if stop.kind is StopKind.VISIT else None


def _at(
    problem: DayProblem, plan: Plan, names: list[str], start_s: int, known: list[Violation]
) -> list[tuple[int, tuple[str, ...]]]:
    """The points of every set of positions at one start; breaks as many as can be, and then the cheapest."""
    places = [(one, at) for one in problem.therapists for at in range(len(plan.route_of(one.id).visit_ids()) + 1)]
    found = []
    for chosen in product(places, repeat=len(names)):
        ids = tuple(therapist.id for therapist, _ in chosen)
        if len(set(ids)) < len(ids):
            continue
        allowed = {_key(one) for one in known if one.therapist_id not in ids}
        best = None
        ways = [
            list(_stops(problem, therapist, plan, name, at))
            for (therapist, at), name in zip(chosen, names, strict=True)
        ]
        for stops in product(*ways):
            tried = _with(plan, dict(zip(ids, stops, strict=True)))
            times = retime(problem, tried)
            if any(times.visit(name).start_s != start_s for name in names):
                continue
            if all(_key(one) in allowed for one in check(problem, tried, times)):
                figure = (-sum(map(len, stops)), plan_cost(problem, tried, times).points)
                best = figure if best is None else min(best, figure)
        if best is not None:
            found.append((best[1], ids))
    return found


def _key(one: Violation) -> tuple[str, str, str]:
    return one.rule, one.subject_id, one.therapist_id


def _with(plan: Plan, stops: dict[str, tuple[Stop, ...]]) -> Plan:
    routes = {route.therapist_id: route.stops for route in plan.routes} | stops
    return Plan(routes=tuple(Route(therapist_id=name, stops=one) for name, one in routes.items()))


def _stops(problem: DayProblem, therapist: DayTherapist, plan: Plan, name: str, at: int) -> Iterator[tuple[Stop, ...]]:
    """Every way to place some of her due breaks around her visits and the new one."""
    visits = [stop for stop in plan.route_of(therapist.id).stops if stop.kind is StopKind.VISIT]
    visits.insert(at, Stop(kind=StopKind.VISIT, id=name))
    due = [one.id for one in therapist.breaks if is_due(therapist, one, problem.now_s)]
    for count in range(len(due) + 1):
        for taken in permutations(due, count):
            for gaps in combinations_with_replacement(range(len(visits) + 1), count):
                stops = visits.copy()
                for passed, (gap, one) in enumerate(zip(gaps, taken, strict=True)):
                    stops.insert(gap + passed, Stop(kind=StopKind.BREAK, id=one))
                yield tuple(stops)
