"""A day as it runs: who is late is held up so long, her late visit is free for others, and the kept plan knows no such hour."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.explain.forecast import forecast
from dispatch.explain.held_up import HELD_UP, held_up
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.told import VisitTold
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from tests.explain.test_forecast import PLAN, PROBLEM, fact
from tests.strategies import HOUR, day_problems, plans


def test_who_told_to_be_late_starts_when_the_forecast_says() -> None:
    """Thirty minutes told make the visit start in the day planned with to the minute as in the forecast, without a lock."""
    over = fact("b1/0", started_s=10 * HOUR, finished_s=11 * HOUR)
    problem = replace(PROBLEM, facts=(over,))
    now_s = 11 * HOUR + 600
    told = VisitTold(visit_id="b2/0", therapist_id="t1", late_s=1_800, late_told_s=now_s)
    expected = {one.visit_id: one.start_s for one in forecast(problem, PLAN, now_s=now_s, told=(told,))}
    day, plan = held_up(problem, PLAN, now_s=now_s, told=(told,))
    assert HELD_UP in {stop.id for stop in plan.routes[0].stops}
    assert day.locks == problem.locks
    assert abs(retime(day, plan).visit("b2/0").start_s - expected["b2/0"]) < 120
    assert expected["b2/0"] >= now_s + 1_200


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(problem=day_problems(), now_s=st.integers(0, 30 * HOUR), data=st.data())
def test_nobody_late_is_held_up(problem: DayProblem, now_s: int, data: st.DataObject) -> None:
    """Without anything told, the plan stays as it is, and a day nobody reports anything of breaks nothing by running."""
    plan: Plan = data.draw(plans(problem))
    quiet = replace(problem, facts=())
    day, running = held_up(quiet, plan, now_s=now_s)
    assert running == plan
    assert day.therapists == problem.therapists
    if not check(quiet, plan):
        before = {visit.visit_id: visit.start_s for route in retime(quiet, plan).routes for visit in route.visits()}
        after = {visit.visit_id: visit.start_s for route in retime(day, plan).routes for visit in route.visits()}
        assert after == before


def test_late_before_the_shift_is_late_inside_it() -> None:
    """Told before her shift begins, the hour she has not lies inside the shift, and the start is still the forecast's."""
    told = VisitTold(visit_id="b1/0", therapist_id="t1", late_s=3_600, late_told_s=8 * HOUR)
    expected = {one.visit_id: one.start_s for one in forecast(PROBLEM, PLAN, now_s=8 * HOUR, told=(told,))}
    day, plan = held_up(PROBLEM, PLAN, now_s=8 * HOUR, told=(told,))
    assert not check(day, plan)
    assert abs(retime(day, plan).visit("b1/0").start_s - expected["b1/0"]) < 120
