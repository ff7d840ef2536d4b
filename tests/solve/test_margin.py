"""The margin before a window's end: what it is asked of, and that plans which keep it are plans of the day itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.model.booking import TimeWindow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.outcome import Budget, Progress
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.weights import Weights
from dispatch.rules.compiled import compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from dispatch.solve.margin import with_margin
from dispatch.words import sentence
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, plan_of, plans, with_facts

QUARTER = Weights(least_margin_s=900)


def tight_day(**more: Any) -> DayProblem:
    """Two bookings for one therapist; the second can only start two minutes before the end of its window."""
    bookings = [day_booking("b1", hours=(10, 10)), day_booking("b2", location=2, hours=(11, 11.2))]
    return replace(day_problem(bookings, [day_therapist()], weights=QUARTER), **more)


def tolerance_of(problem: DayProblem, booking_id: str, start: Plan | None = None) -> int:
    """By how much a booking may start after its window's end once the margin is asked for."""
    return with_margin(problem, start).booking(booking_id).late_tolerance_s


def test_no_margin_changes_nothing() -> None:
    """Without a margin the very same problem is solved."""
    problem = tight_day(weights=Weights())
    assert with_margin(problem, None) is problem


def test_margin_is_asked_of_new_visits_as_far_as_their_window_goes() -> None:
    """A long window loses the margin at its end, a short one all but its first moment, a couple's not its grid."""
    bookings = [
        day_booking("long", hours=(10, 12), late_tolerance_s=600),
        day_booking("short", hours=(10, 10.1)),
        day_booking("couple", hours=(10, 10.25), seats=2),
        day_booking("twice", windows=(TimeWindow(start_s=0, end_s=9_000), TimeWindow(start_s=20_000, end_s=30_000))),
    ]
    problem = day_problem(bookings, [day_therapist(), day_therapist("t2")], weights=QUARTER)
    found = [tolerance_of(problem, booking.id) for booking in bookings]
    assert found == [-900, -360, -600, 0]
    compile_problem(with_margin(problem, None))


def test_margin_is_not_asked_of_what_people_were_told() -> None:
    """What has begun, is published, locked, held, waived or already in the plan keeps its whole window."""
    fact = VisitFact(visit_id="b2/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=0)
    waiver = Waiver(rule="window_missed", subject_id="b2/0", by="dispatcher", reason="agreed")
    kept = [
        tight_day(facts=(fact,)),
        tight_day(published=plan_of(t1=["b2"])),
        tight_day(locks=(Lock(visit_id="b2/0", start_s=11 * HOUR),)),
        tight_day(waivers=(waiver,)),
        tight_day(bookings=tuple(replace(one, is_hold=True) for one in tight_day().bookings)),
    ]
    assert [tolerance_of(problem, "b2") for problem in kept] == [0] * 5
    assert tolerance_of(tight_day(), "b2", plan_of(t1=["b2"])) == 0
    assert tolerance_of(tight_day(), "b2", plan_of(t1=["b1"])) == -720


def test_planner_keeps_the_margin_and_says_so() -> None:
    """A booking that fits only inside the margin is left out for that reason, and the certificate names the margin."""
    heard: list[Progress] = []
    result = solve(tight_day(), budget=Budget(rounds=5), on_progress=heard.append)
    assert {one.certificate.margin_s for one in heard} == {900}
    assert result.plan.served() == {"b1"} or result.plan.served() == {"b2"}
    assert result.certificate.margin_s == 900
    (left,) = result.plan.left_out
    assert left.reason.code == "plan.within_margin"
    assert "15 minutes" in sentence(left.reason.code, left.reason.named())
    assert len(solve(tight_day(weights=Weights()), budget=Budget(rounds=5)).plan.served()) == 2


def test_margin_never_takes_a_booking_out_of_a_plan() -> None:
    """A plan made without the margin is kept whole when the day is planned again with it."""
    start = plan_of(t1=["b1", "b2"])
    result = solve(tight_day(), budget=Budget(rounds=5), start=start)
    assert result.plan.served() == {"b1", "b2"}
    assert result.plan.left_out == ()


def test_tolerance_below_nought_goes_no_further_than_the_window() -> None:
    """A booking that would have to start before its window opens cannot be right."""
    booking = day_booking(hours=(10, 11), late_tolerance_s=-HOUR)
    compile_problem(day_problem([booking], [day_therapist()]))
    with pytest.raises(BadInput, match="booking_negative"):
        compile_problem(day_problem([replace(booking, late_tolerance_s=-HOUR - 1)], [day_therapist()]))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), facts=st.booleans(), margin_s=st.sampled_from([300, 900, 3_600]))
def test_plans_that_keep_the_margin_are_plans_of_the_day(data: st.DataObject, facts: bool, margin_s: int) -> None:
    """A plan accepted with the margin has the same times and cost without it, and is accepted without it."""
    problem = data.draw(day_problems())
    problem = replace(problem, weights=replace(problem.weights, least_margin_s=margin_s, tight_sen_per_min=50))
    plan = data.draw(plans(problem))
    if facts:
        problem = data.draw(with_facts(problem, plan))
    narrowed = with_margin(problem, None)
    if check(narrowed, plan):
        return
    assert check(problem, plan) == []
    assert retime(problem, plan) == retime(narrowed, plan)
    assert plan_cost(problem, plan) == plan_cost(narrowed, plan)
