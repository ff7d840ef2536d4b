"""The best plan of a tiny day by trying every plan there is: slow, plain, and asking nothing but the referee."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop, visit_id
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.model.timetable import Cost
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime

Key = tuple[int, int, int, int]


def best_key(problem: DayProblem) -> Key:
    """The cost key of the best plan that the referee accepts."""
    by_loss: dict[tuple[int, int, int], list[dict[str, list[str]]]] = {}
    for assignment in _assignments(problem):
        by_loss.setdefault(_loss(problem, assignment), []).append(assignment)
    for loss in sorted(by_loss):
        points = [cost.points for assignment in by_loss[loss] for cost in _costs(problem, assignment)]
        if points:
            return (*loss, min(points))
    raise AssertionError("A plan that serves nobody always keeps the rules of a day without facts.")


def every_loss(problem: DayProblem) -> set[tuple[int, int, int]]:
    """What is lost (locked, priority, bookings) by each plan that the referee accepts, points left aside."""
    by_loss: dict[tuple[int, int, int], list[dict[str, list[str]]]] = {}
    for assignment in _assignments(problem):
        by_loss.setdefault(_loss(problem, assignment), []).append(assignment)
    return {loss for loss, some in by_loss.items() if any(True for one in some for _ in _costs(problem, one))}


def ways_in(problem: DayProblem, plan: Plan, booking: DayBooking) -> Iterator[Plan]:
    """Every plan with a booking put in between any stops, by any therapists, nothing else moved."""
    routes = {therapist.id: plan.route_of(therapist.id).stops for therapist in problem.therapists}
    places = [(name, at) for name, stops in routes.items() for at in range(len(stops) + 1)]
    for chosen in product(places, repeat=len(booking.seats)):
        if len({name for name, _ in chosen}) < len(chosen):
            continue
        tried = dict(routes)
        for seat, (name, at) in enumerate(chosen):
            stop = Stop(kind=StopKind.VISIT, id=visit_id(booking.id, seat))
            tried[name] = (*tried[name][:at], stop, *tried[name][at:])
        yield Plan(routes=tuple(Route(therapist_id=name, stops=stops) for name, stops in tried.items()))


def _assignments(problem: DayProblem) -> Iterator[dict[str, list[str]]]:
    """Every way to give each booking's seats to different therapists, or to leave it out."""
    names = [therapist.id for therapist in problem.therapists]
    choices = [[None, *permutations(names, len(booking.seats))] for booking in problem.bookings]
    for chosen in product(*choices):
        visits: dict[str, list[str]] = {name: [] for name in names}
        for booking, seats in zip(problem.bookings, chosen, strict=True):
            for seat, name in enumerate(seats or ()):
                visits[name].append(visit_id(booking.id, seat))
        yield visits


def _loss(problem: DayProblem, assignment: dict[str, list[str]]) -> tuple[int, int, int]:
    """What an assignment leaves out, as the cost key counts it: the times do not matter for that."""
    plan = Plan(routes=tuple(Route(therapist_id=name, stops=_visits(ids)) for name, ids in assignment.items() if ids))
    cost: Cost = plan_cost(problem, plan)
    return cost.key()[:3]


def _visits(ids: list[str] | tuple[str, ...]) -> tuple[Stop, ...]:
    return tuple(Stop(kind=StopKind.VISIT, id=one) for one in ids)


def _costs(problem: DayProblem, assignment: dict[str, list[str]]) -> Iterator[Cost]:
    """The costs of every order of an assignment's visits and breaks that the referee accepts."""
    orders = [list(_orders(therapist, assignment[therapist.id])) for therapist in problem.therapists]
    for stops in product(*orders):
        plan = Plan(
            routes=tuple(
                Route(therapist_id=therapist.id, stops=one)
                for therapist, one in zip(problem.therapists, stops, strict=True)
                if one
            )
        )
        times = retime(problem, plan)
        if not check(problem, plan, times):
            yield plan_cost(problem, plan, times)


def _orders(therapist: DayTherapist, visits: list[str]) -> Iterator[tuple[Stop, ...]]:
    """Every order of some visits with any of the therapist's breaks between them."""
    if not visits:
        yield ()
        return
    pauses = [Stop(kind=StopKind.BREAK, id=pause.id) for pause in therapist.breaks]
    for count in range(len(pauses) + 1):
        for taken in permutations(pauses, count):
            for order in permutations(_visits(visits)):
                for gaps in product(range(len(order) + 1), repeat=count):
                    if sorted(gaps) == list(gaps):
                        stops = list(order)
                        for shift, (gap, pause) in enumerate(zip(gaps, taken, strict=True)):
                            stops.insert(gap + shift, pause)
                        yield tuple(stops)
