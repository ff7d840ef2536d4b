"""Properties of the planner on random small days, against the referee and against trying every plan."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.solve import solve
from tests.solve.brute_force import best_key, ways_in
from tests.strategies import day_problems, plans, with_facts

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def assert_whole(problem: DayProblem, plan: Plan) -> None:
    """Every booking is left out or has exactly its seats."""
    left_out = {one.booking_id for one in plan.left_out}
    held = [booking_of(visit)[0] for route in plan.routes for visit in route.visit_ids()]
    for booking in problem.bookings:
        assert held.count(booking.id) == (0 if booking.id in left_out else len(booking.seats))


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(day_problems(most_bookings=5))
def test_the_referee_accepts_every_plan(problem: DayProblem) -> None:
    """Whatever the day, the planner's plan breaks no rule, is whole, and leaves nothing out that fits alone."""
    result = solve(problem, budget=Budget(rounds=8))
    assert check(problem, result.plan) == []
    assert result.cost == plan_cost(problem, result.plan)
    assert_whole(problem, result.plan)
    for one in result.plan.left_out:
        booking = problem.booking(one.booking_id)
        assert all(check(problem, tried) for tried in ways_in(problem, result.plan, booking))
    assert result.certificate.served_at_most is not None
    assert len(result.plan.served()) <= result.certificate.served_at_most


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_the_referee_accepts_every_plan_of_a_day_under_way(data: st.DataObject) -> None:
    """What has begun stays as it is, and what the planner adds to it breaks no rule that is not broken already."""
    before = data.draw(day_problems(most_bookings=4))
    problem = data.draw(with_facts(before, solve(before, budget=Budget(rounds=2)).plan))
    result = solve(problem, budget=Budget(rounds=6))
    assert {breach.rule for breach in check(problem, result.plan)} <= {"seats_missing"}
    for fact in problem.facts:
        assert fact.visit_id in result.plan.route_of(fact.therapist_id).visit_ids()


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_a_start_is_never_made_worse(data: st.DataObject) -> None:
    """From any plan that keeps the rules the planner gives one that is at least as good."""
    problem = data.draw(day_problems(most_bookings=4))
    start = data.draw(plans(problem))
    result = solve(problem, budget=Budget(rounds=3), start=start)
    assert check(problem, result.plan) == []
    if not check(problem, start):
        assert result.cost.key() <= plan_cost(problem, start).key()


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(day_problems(most_bookings=3, most_therapists=2, most_breaks=1))
def test_no_plan_of_a_tiny_day_is_better_and_most_days_are_solved_to_the_best(problem: DayProblem) -> None:
    """On tiny days the planner is never better than trying every plan, and one of two seeds finds the best one."""
    best = best_key(problem)
    found = [solve(problem, budget=Budget(rounds=40), seed=seed).cost.key() for seed in range(2)]
    assert min(found) == best
