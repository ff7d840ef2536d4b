"""What `chances` says of random small days, against `retime` and against plain simulation."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.model.chance import EXACT, Spread
from dispatch.rules.chance import chances, simulate
from dispatch.rules.compiled import compile_problem
from dispatch.rules.retime import retime
from dispatch.rules.route import evaluate_route
from tests.properties.test_rules_routes import all_break_positions, alone
from tests.strategies import day_problems, plans, with_facts

SLOW_DRAWS = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@SLOW_DRAWS
@given(data=st.data(), facts=st.booleans())
def test_a_day_without_straying_is_the_day_of_retime(data: st.DataObject, facts: bool) -> None:
    """With no spread every visit of any plan, couples, gaps, breaks and facts included, starts when `retime` says."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    if facts:
        problem = data.draw(with_facts(problem, plan))
    told = [visit for route in retime(problem, plan).routes for visit in route.visits()]
    found = chances(problem, plan, spread=EXACT)
    assert [(one.visit_id, one.therapist_id) for one in found] == [(one.visit_id, one.therapist_id) for one in told]
    assert [(one.early_s, one.late_s) for one in found] == [(one.start_s, one.start_s) for one in told]
    assert all(one.on_time_percent == (100 if one.expected_late_s == 0 else 0) for one in found)


@SLOW_DRAWS
@given(data=st.data())
def test_chances_are_chances_and_the_same_twice(data: st.DataObject) -> None:
    """Percentages lie from 0 to 100, windows are not upside down, and the same call gives the same answer."""
    problem = data.draw(day_problems())
    plan = data.draw(plans(problem))
    spread = Spread(scenarios=40)
    found = chances(problem, plan, spread=spread)
    for one in found:
        assert 0 <= one.on_time_percent <= 100
        assert one.early_s <= one.late_s
        assert (one.expected_late_s == 0) == (one.on_time_percent == 100)
    assert chances(replace(problem), plan, spread=spread) == found


@SLOW_DRAWS
@given(data=st.data(), facts=st.booleans())
def test_couples_start_together_on_every_day(data: st.DataObject, facts: bool) -> None:
    """On each simulated day the seats of a couple start together, on whichever of them is later."""
    problem = data.draw(day_problems(most_bookings=3, waivers=False, locks=False))
    plan = data.draw(plans(problem))
    if facts:
        problem = data.draw(with_facts(problem, plan))
    begun = {fact.visit_id for fact in problem.facts}
    circled = set(retime(problem, plan).cycle)
    drawn = simulate(problem, plan, spread=Spread(scenarios=20))
    starts = dict(zip(drawn.visit_ids, drawn.starts_s.tolist(), strict=True))
    for booking in problem.bookings:
        seats = [f"{booking.id}/{seat}" for seat in range(len(booking.seats))]
        if booking.id in circled or not all(seat in starts and seat not in begun for seat in seats):
            continue
        assert all(starts[seat] == starts[seats[0]] for seat in seats)


@SLOW_DRAWS
@given(data=st.data(), margin_s=st.sampled_from([600, 1_800, 7_200]), facts=st.booleans())
def test_tight_starts_cost_the_route_what_they_cost_the_plan(data: st.DataObject, margin_s: int, facts: bool) -> None:
    """With tight starts priced, a route still costs what the plan's cost says, and its breaks lie where that is least."""
    problem = data.draw(day_problems(most_seats=1, links=False))
    problem = replace(problem, weights=replace(problem.weights, tight_sen_per_min=300, tight_margin_s=margin_s))
    plan = data.draw(plans(problem))
    if facts:
        problem = data.draw(with_facts(problem, plan))
    compiled = compile_problem(problem)
    for route in plan.routes:
        visits = route.visit_ids()
        value = evaluate_route(
            compiled, compiled.therapist_index[route.therapist_id], [compiled.visit_index[name] for name in visits]
        )
        if not value.feasible or not visits:
            continue
        assert alone(problem, route.therapist_id, value.stops) == (True, value.points)
        if ("break_missing", route.therapist_id) not in compiled.waived and len(visits) > len(
            [fact for fact in problem.facts if fact.visit_id in visits]
        ):
            places = all_break_positions(problem, route.therapist_id, visits)
            assert value.points == min(p for ok, p in (alone(problem, route.therapist_id, one) for one in places) if ok)
