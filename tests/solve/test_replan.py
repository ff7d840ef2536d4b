"""Replanning: a day under way that brings no news keeps its published plan; any news lets the planner look again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.model.codec import dumps
from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Budget
from dispatch.model.plan import LeftOut, Plan
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.solve import solve
from dispatch.solve.begin import reconciled
from dispatch.solve.day import day_of
from dispatch.solve.judge import Answer, Judge
from dispatch.solve.replan import standing
from dispatch.solve.routes import RouteBook
from tests.solve.under_way import as_planned
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, plan_of

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def stands(problem: DayProblem, start: Plan | None) -> Answer | None:
    """What `standing` says of a day."""
    day = day_of(problem)
    return standing(day, RouteBook(day), Judge(day, reconciled(day, Plan())), start, look=lambda: None)


def quiet_day() -> tuple[DayProblem, Plan]:
    """A planned day at 11:30: t1 treats b1 since 10:00 and has b2 to come; t2 has b3, and b4 is left out."""
    problem = day_problem(
        [
            day_booking("b1", hours=(10, 10), minutes=120),
            day_booking("b2", location=2, hours=(14, 15)),
            day_booking("b3", location=3, hours=(13, 14)),
            day_booking("b4", hours=(20, 21)),
        ],
        [day_therapist("t1"), day_therapist("t2")],
    )
    late = LeftOut(booking_id="b4", reason=said("plan.no_shift_then", booking_id="b4"))
    plan = replace(plan_of(t1=["b1", "b2"], t2=["b3"]), left_out=(late,))
    return as_planned(problem, plan, int(11.5 * HOUR)), plan


def test_a_day_without_news_keeps_its_plan() -> None:
    """The published plan stands, as it is and with its true cost."""
    problem, plan = quiet_day()
    answer = stands(problem, plan)
    assert answer is not None
    assert answer.plan == plan
    assert answer.cost == plan_cost(problem, plan)


def without_facts(problem: DayProblem) -> DayProblem:
    """The evening before: nothing has happened."""
    return replace(problem, facts=(), now_s=None)


def with_a_booking(problem: DayProblem) -> DayProblem:
    """Somebody has called."""
    return replace(problem, bookings=(*problem.bookings, day_booking("b5", location=4, hours=(9, 9.5))))


def without_b2(problem: DayProblem) -> DayProblem:
    """The client of b2 has cancelled."""
    return replace(problem, bookings=tuple(one for one in problem.bookings if one.id != "b2"))


def without_t2(problem: DayProblem) -> DayProblem:
    """Therapist t2 is ill."""
    facts = tuple(one for one in problem.facts if one.therapist_id != "t2")
    return replace(problem, therapists=tuple(one for one in problem.therapists if one.id != "t2"), facts=facts)


def forty_minutes_late(problem: DayProblem) -> DayProblem:
    """What was to start at ten started when b2 can no longer be reached in time."""
    late = [replace(one, started_s=13 * HOUR) if one.started_s is not None else one for one in problem.facts]
    return replace(problem, facts=tuple(late), now_s=13 * HOUR)


def with_room_for_b4(problem: DayProblem) -> DayProblem:
    """Somebody stays longer, so that what was left out fits."""
    longer = tuple(replace(one, overtime_s=6 * HOUR) for one in problem.therapists)
    return replace(problem, therapists=longer)


@pytest.mark.parametrize(
    "news", [without_facts, with_a_booking, without_b2, without_t2, forty_minutes_late, with_room_for_b4]
)
def test_news_lets_the_planner_look_again(news: object) -> None:
    """A new booking, a cancelled one, illness, lateness or new room is news; before the day begins all may improve."""
    problem, plan = quiet_day()
    assert callable(news)
    assert stands(news(problem), plan) is None


def test_another_plan_than_the_published_one_is_looked_at_again() -> None:
    """What starts from no plan, from another one, or from one with an unplanned booking, is planned."""
    problem, plan = quiet_day()
    assert stands(problem, None) is None
    assert stands(problem, replace(plan, routes=plan.routes[:1])) is None
    unplanned = tuple(replace(one, reason=said("plan.not_planned_yet")) for one in plan.left_out)
    assert stands(problem, replace(plan, left_out=unplanned)) is None


@settings(max_examples=25, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_plan_kept_as_planned_stands(data: st.DataObject) -> None:
    """Whatever the day, with everything done to the second the published plan stands, or something more fits."""
    problem = data.draw(day_problems(most_bookings=4, published=False, waivers=False))
    plan = solve(problem, budget=Budget(rounds=4)).plan
    now_s = data.draw(st.integers(8 * 4, 20 * 4)) * 900
    later = as_planned(problem, plan, now_s)
    answer = stands(later, plan)
    if later.facts and answer is None:
        assert check(later, plan) or len(solve(later, budget=Budget(rounds=4), start=plan).plan.served()) > len(
            plan.served()
        )
    elif answer is not None:
        assert answer.plan == plan


def test_a_solve_without_news_gives_the_plan_back_byte_for_byte() -> None:
    """Asked again on a day under way without news, the planner hands the published plan back, whatever the seed."""
    problem, plan = quiet_day()
    for seed in range(3):
        result = solve(problem, budget=Budget(rounds=20), start=plan, seed=seed)
        assert dumps(result.plan) == dumps(plan)
        assert result.stopped is StopReason.NOTHING_TO_DO


def test_a_solve_with_news_looks_again() -> None:
    """A booking that came in since the plan was published is planned, and what has begun stays where it is."""
    problem, plan = quiet_day()
    fresh = replace(problem, bookings=(*problem.bookings, day_booking("b5", location=2, hours=(16, 17))))
    result = solve(fresh, budget=Budget(rounds=20), start=plan, seed=1)
    assert "b5" in result.plan.served()
    assert result.plan.route_of("t1").visit_ids()[0] == "b1/0"
    assert check(fresh, result.plan) == []
