"""Properties of the certificate: on random tiny days it is held to every plan there is, and is never wrong."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.model.outcome import Budget, Certificate
from dispatch.model.problem import DayProblem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.solve import solve
from tests.solve.brute_force import best_key, every_loss
from tests.strategies import day_problems, plans, with_facts

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def assert_true(problem: DayProblem, certificate: Certificate) -> None:
    """No plan of the day is better than the certificate allows."""
    asked = [booking for booking in problem.bookings if not booking.is_hold]
    losses = every_loss(problem)
    assert certificate.priority_at_most is not None
    assert certificate.served_at_most is not None
    assert sum(one.priority for one in asked) - min(lost for _, lost, _ in losses) <= certificate.priority_at_most
    assert len(asked) - min(left_out for _, _, left_out in losses) <= certificate.served_at_most


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(day_problems(most_bookings=3, most_therapists=2, most_breaks=1))
def test_no_plan_of_a_tiny_day_exceeds_the_certificate(problem: DayProblem) -> None:
    """Tried one by one, no plan serves more, or more priority, or as much for less, than is proven."""
    result = solve(problem, budget=Budget(rounds=6))
    assert_true(problem, result.certificate)
    best = best_key(problem)
    cost = result.cost.key()
    asked = [booking for booking in problem.bookings if not booking.is_hold]
    if best[1] <= cost[1]:
        so = result.certificate.served_at_most_so
        assert so is not None
        assert len(asked) - min(left for _, lost, left in every_loss(problem) if lost <= cost[1]) <= so
    if best[:3] == cost[:3] and result.certificate.cost_at_least_points is not None:
        assert result.certificate.cost_at_least_points <= best[3]
    if result.certificate.proven_best:
        assert cost == best


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_no_plan_of_a_day_under_way_exceeds_the_certificate(data: st.DataObject) -> None:
    """Any plan that the referee accepts, whatever has begun, serves no more and no dearer things than is proven."""
    before = data.draw(day_problems(most_bookings=4))
    problem = data.draw(with_facts(before, solve(before, budget=Budget(rounds=2)).plan))
    certificate = solve(problem, budget=Budget(rounds=4)).certificate
    asked = [booking for booking in problem.bookings if not booking.is_hold]
    for plan in [data.draw(plans(problem)), solve(problem, budget=Budget(rounds=8), seed=1).plan]:
        if check(problem, plan):
            continue
        cost = plan_cost(problem, plan)
        assert certificate.served_at_most is not None
        assert certificate.priority_at_most is not None
        assert len(asked) - cost.left_out <= certificate.served_at_most
        assert sum(booking.priority for booking in asked) - cost.priority_lost <= certificate.priority_at_most
