"""The forecast follows from reports and the clock, by the same times as everything else, and invents no lateness."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.explain.forecast import VisitForecast, forecast
from dispatch.model.booking import Seat
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.told import VisitTold
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, plan_of, plans

PROBLEM = day_problem(
    [
        day_booking("b1", location=1, hours=(10, 12)),
        day_booking("b2", location=2, hours=(12, 16)),
        day_booking("b3", location=3, hours=(13, 18)),
    ],
    [day_therapist("t1", hours=(9, 20))],
)
PLAN = plan_of(t1=["b1/0", "b2/0", "b3/0"])


def fact(visit: str, **times: int) -> VisitFact:
    """Give a fact as far as its times go."""
    states = ("departed_s", "arrived_s", "started_s", "finished_s")
    last = max(states.index(name) for name in times)
    state = (VisitState.DEPARTED, VisitState.ARRIVED, VisitState.STARTED, VisitState.FINISHED)[last]
    return VisitFact(visit_id=visit, therapist_id="t1", state=state, **times)


def at(now_s: int, *facts: VisitFact, told: tuple[VisitTold, ...] = ()) -> dict[str, VisitForecast]:
    """Give the forecast of the small day by visit."""
    problem = replace(PROBLEM, facts=facts)
    return {one.visit_id: one for one in forecast(problem, PLAN, now_s=now_s, told=told)}


def test_a_late_start_makes_the_later_visits_late() -> None:
    """A treatment begun forty minutes late is late by that, and the next ones follow by the same road times."""
    planned = at(0)
    start_s = planned["b1/0"].planned_start_s + 7_200
    found = at(start_s + 60, fact("b1/0", started_s=start_s))
    assert found["b1/0"].late_s == 7_200
    assert found["b1/0"].begun
    assert found["b2/0"].late_s > 0
    assert found["b3/0"].start_s > found["b2/0"].end_s
    assert not found["b2/0"].begun


def test_the_clock_alone_makes_nobody_late_who_never_reports() -> None:
    """A therapist who has tapped nothing all day is taken to be where the plan has her, at any hour."""
    for now_s in range(0, 30 * HOUR, 1_700):
        assert {one.late_s for one in at(now_s).values()} == {0}


def test_who_reports_and_then_does_not_start_gets_late_with_the_clock() -> None:
    """After a first visit reported as over, the next one not begun cannot start before now, and is unheard of."""
    planned = at(0)
    over = fact("b1/0", started_s=planned["b1/0"].planned_start_s, finished_s=planned["b1/0"].planned_end_s)
    now_s = planned["b2/0"].planned_start_s + 1_800
    found = at(now_s, over)
    assert found["b2/0"].start_s > now_s
    assert found["b2/0"].silent
    assert not found["b3/0"].silent


def test_running_late_as_told_moves_the_start() -> None:
    """Twenty minutes told are twenty minutes later than planned, until she begins; another's word moves nothing."""
    planned = at(0)
    told = VisitTold(visit_id="b2/0", therapist_id="t1", late_s=1_200, late_told_s=11 * HOUR)
    over = fact("b1/0", started_s=planned["b1/0"].planned_start_s, finished_s=planned["b1/0"].planned_end_s)
    now_s = planned["b1/0"].planned_end_s
    assert at(now_s, over, told=(told,))["b2/0"].late_s == 1_200
    assert at(now_s, over, told=(replace(told, therapist_id="t2"),))["b2/0"].late_s == 0
    begun = fact("b2/0", started_s=planned["b2/0"].planned_start_s)
    assert at(now_s, over, begun, told=(told,))["b2/0"].late_s == 0


def test_late_against_the_promise() -> None:
    """What counts for the client is the time she was told: it is compared beside the plan."""
    promised = replace(
        PROBLEM,
        bookings=tuple(replace(one, promise_s=12 * HOUR) if one.id == "b2" else one for one in PROBLEM.bookings),
        facts=(fact("b1/0", started_s=12 * HOUR),),
    )
    found = {one.visit_id: one for one in forecast(promised, PLAN, now_s=12 * HOUR + 60)}
    assert found["b2/0"].promise_late_s == found["b2/0"].start_s - 12 * HOUR


def test_a_silent_partner_begins_no_couple_alone() -> None:
    """Where one of a couple's therapists is late by her reports, the other waits for her, reporting or not."""
    couple = replace(day_booking("b2", location=2, hours=(12, 18)), seats=(Seat(), Seat()))
    problem = day_problem(
        [day_booking("b1", location=1, hours=(10, 15)), couple],
        [day_therapist("t1", hours=(9, 20)), day_therapist("t2", hours=(9, 20))],
    )
    plan = plan_of(t1=["b1/0", "b2/0"], t2=["b2/1"])
    late = replace(problem, facts=(fact("b1/0", started_s=13 * HOUR),))
    found = {one.visit_id: one for one in forecast(late, plan, now_s=13 * HOUR + 600)}
    assert found["b2/1"].start_s == found["b2/0"].start_s > 14 * HOUR
    assert not found["b2/1"].begun


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(problem=day_problems(), now_s=st.integers(0, 30 * HOUR), data=st.data())
def test_the_forecast_is_retime(problem: DayProblem, now_s: int, data: st.DataObject) -> None:
    """Every visit has one forecast; nothing that has not begun begins before now; with nothing told the plan is the plan."""
    plan: Plan = data.draw(plans(problem))
    found = forecast(problem, plan, now_s=now_s)
    planned = retime(replace(problem, facts=(), now_s=None), plan)
    assert [one.visit_id for one in found] == [visit.visit_id for route in planned.routes for visit in route.visits()]
    begun = {one.visit_id for one in problem.facts if one.started_s is not None or one.finished_s is not None}
    for one in found:
        assert one.planned_start_s == planned.visit(one.visit_id).start_s
        if not one.begun and one.visit_id not in begun:
            assert one.start_s >= min(now_s, one.planned_start_s)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(problem=day_problems(), now_s=st.integers(0, 30 * HOUR), data=st.data())
def test_a_day_nobody_reports_anything_of_goes_as_planned(problem: DayProblem, now_s: int, data: st.DataObject) -> None:
    """Without a single report a plan that keeps the rules is forecast to the second as planned, whatever the clock shows."""
    plan: Plan = data.draw(plans(problem))
    if not check(problem, plan):
        assert {one.late_s for one in forecast(problem, plan, now_s=now_s)} <= {0}
