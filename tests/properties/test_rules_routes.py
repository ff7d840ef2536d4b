"""What the compiled route says against the referee, the cost and brute force, on random small days."""

from __future__ import annotations

from itertools import permutations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from dispatch.rules.compiled import compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.fill import is_due
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions, evaluate_route
from tests.strategies import day_problems, plans, rest, with_facts

SLOW_DRAWS = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
ACROSS = {"seats_missing", "start_together", "link_gap", "cycle", "fact_moved"}


def alone(problem: DayProblem, therapist_id: str, stops: tuple[Stop, ...]) -> tuple[bool, int]:
    """Whether the referee refuses nothing of one route for reasons of its own, and its points."""
    plan = Plan(routes=(Route(therapist_id=therapist_id, stops=stops),))
    times = retime(problem, plan)
    found = [one for one in check(problem, plan, times) if one.rule not in ACROSS or one.therapist_id == therapist_id]
    return not found, plan_cost(problem, plan, times).points


def all_break_positions(problem: DayProblem, therapist_id: str, visits: tuple[str, ...]) -> list[tuple[Stop, ...]]:
    """Every way to put some of a therapist's due breaks between visits in this order."""
    therapist = problem.therapist(therapist_id)
    names = [one.id for one in therapist.breaks if is_due(therapist, one, problem.now_s)]
    orders = {()} | {order for n in range(1, len(names) + 1) for order in permutations(names, n)}
    result = []

    def place(order: tuple[str, ...], at: int, stops: tuple[Stop, ...]) -> None:
        if at == len(visits) and not order:
            result.append(stops)
        if at < len(visits):
            place(order, at + 1, (*stops, Stop(kind=StopKind.VISIT, id=visits[at])))
        if order:
            place(order[1:], at, (*stops, rest(order[0])))

    for order in sorted(orders):
        place(order, 0, ())
    return result


def uncoupled(data: st.DataObject, *, facts: bool) -> tuple[DayProblem, Plan]:
    """A day without ties between routes and any plan of it, sometimes later in the day."""
    problem = data.draw(day_problems(most_bookings=4, most_seats=1, links=False))
    plan = data.draw(plans(problem))
    if facts:
        problem = data.draw(with_facts(problem, plan))
    return problem, plan


@SLOW_DRAWS
@given(data=st.data(), facts=st.booleans())
def test_route_is_feasible_exactly_when_some_break_positions_are(data: st.DataObject, facts: bool) -> None:
    """A route is feasible, at these points, exactly where brute force over break positions says so."""
    problem, plan = uncoupled(data, facts=facts)
    compiled = compile_problem(problem)
    for route in plan.routes:
        t = compiled.therapist_index[route.therapist_id]
        visits = route.visit_ids()
        if not visits:
            continue
        value = evaluate_route(compiled, t, [compiled.visit_index[name] for name in visits])
        answers = [
            alone(problem, route.therapist_id, stops)
            for stops in all_break_positions(problem, route.therapist_id, visits)
        ]
        kept = [points for ok, points in answers if ok]
        assert value.feasible == bool(kept)
        if value.feasible:
            ok, points = alone(problem, route.therapist_id, value.stops)
            assert ok
            assert points == value.points
            judged = set(visits) - {fact.visit_id for fact in problem.facts}
            # Where no break must be taken, as many as possible are, whatever they cost.
            if judged and ("break_missing", route.therapist_id) not in compiled.waived:
                assert points == min(kept)


@SLOW_DRAWS
@given(data=st.data(), facts=st.booleans())
def test_route_starts_are_those_of_retime(data: st.DataObject, facts: bool) -> None:
    """The starts a route is evaluated at are the ones `retime` tells, so drag, offer and plan never disagree."""
    problem, plan = uncoupled(data, facts=facts)
    compiled = compile_problem(problem)
    for route in plan.routes:
        t = compiled.therapist_index[route.therapist_id]
        value = evaluate_route(compiled, t, [compiled.visit_index[name] for name in route.visit_ids()])
        if value.feasible:
            times = retime(problem, Plan(routes=(Route(therapist_id=route.therapist_id, stops=value.stops),)))
            assert tuple(visit.start_s for visit in times.route_of(route.therapist_id).visits()) == value.starts


@SLOW_DRAWS
@given(data=st.data(), facts=st.booleans())
def test_insertions_are_the_routes_with_the_visit_put_in(data: st.DataObject, facts: bool) -> None:
    """Each insertion offered is the evaluated longer route less the route as it was, and none is forgotten."""
    problem, plan = uncoupled(data, facts=facts)
    compiled = compile_problem(problem)
    planned = {name for route in plan.routes for name in route.visit_ids()}
    left = [v for v, name in enumerate(compiled.visits) if name not in planned]
    assume(left)
    v = left[0]
    for t, therapist_id in enumerate(compiled.therapists):
        visits = [compiled.visit_index[name] for name in plan.route_of(therapist_id).visit_ids()]
        base = evaluate_route(compiled, t, visits)
        expected = []
        for position in range(len(visits) + 1):
            longer = evaluate_route(compiled, t, [*visits[:position], v, *visits[position:]])
            if longer.feasible:
                expected.append((position, longer.points - base.points, longer.starts[position]))
        assert sorted(best_insertions(compiled, t, visits, v)) == expected


@SLOW_DRAWS
@given(data=st.data())
def test_pinned_visit_starts_exactly_then_or_not_at_all(data: st.DataObject) -> None:
    """A pinned start is kept to the second, and a route that cannot keep it is refused."""
    problem, plan = uncoupled(data, facts=False)
    compiled = compile_problem(problem)
    for route in plan.routes:
        visits = [compiled.visit_index[name] for name in route.visit_ids()]
        t = compiled.therapist_index[route.therapist_id]
        free = evaluate_route(compiled, t, visits)
        if not visits:
            continue
        pins = compiled.pins.copy()
        booking = problem.bookings[compiled.booking_of[visits[0]]]
        pins[visits[0]] = booking.windows[0].start_s + data.draw(st.integers(0, 20)) * 300
        value = evaluate_route(compiled, t, visits, pins)
        if value.feasible:
            assert value.starts[0] == pins[visits[0]]
        if free.feasible:
            for v, start in zip(visits, free.starts, strict=True):
                pins[v] = start
            same = evaluate_route(compiled, t, visits, pins)
            assert same.feasible
            assert same.points <= free.points


@SLOW_DRAWS
@given(data=st.data())
def test_points_of_a_plan_are_the_sum_of_its_routes(data: st.DataObject) -> None:
    """A feasible uncoupled plan costs what its routes cost, term by term summed."""
    problem, plan = uncoupled(data, facts=False)
    compiled = compile_problem(problem)
    routes, points = [], 0
    for route in plan.routes:
        t = compiled.therapist_index[route.therapist_id]
        value = evaluate_route(compiled, t, [compiled.visit_index[name] for name in route.visit_ids()])
        if value.feasible:
            routes.append(Route(therapist_id=route.therapist_id, stops=value.stops))
            points += value.points
    cost = plan_cost(problem, Plan(routes=tuple(routes)))
    assert cost.points == points == sum(term.points for term in cost.terms)
