"""A narrowed day keeps what it is to keep, and its answers are answers to the whole day."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.full_days import full_day
from dispatch.explain.restricted import answered, restricted
from dispatch.model.decisions import Lock
from dispatch.model.options import Freedom, PlanOptions, Scope, Stability
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, visit_id
from dispatch.model.problem import DayProblem
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.sound import problem_errors
from dispatch.solve import solve
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, plan_of, with_facts

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def options_of(draw: st.DrawFn, problem: DayProblem) -> PlanOptions:
    """Any options a day can be planned with."""
    return PlanOptions(
        scope=draw(st.sampled_from(Scope)),
        freedom=draw(st.sampled_from(Freedom)),
        stability=draw(st.sampled_from(Stability)),
        therapist_ids=tuple(draw(st.sets(st.sampled_from([one.id for one in problem.therapists]), min_size=1))),
        booking_ids=tuple(draw(st.sets(st.sampled_from([one.id for one in problem.bookings]), min_size=1))),
        keep_told=draw(st.booleans()),
    )


@SLOW
@given(st.data())
def test_the_plan_of_now_can_always_be_kept(data: st.DataObject) -> None:
    """Whatever is asked for, the narrowed day is sound and the plan it starts from keeps its rules."""
    problem = data.draw(day_problems())
    plan = solve(problem, budget=Budget(rounds=1)).plan
    if data.draw(st.booleans()):
        problem = data.draw(with_facts(problem, plan))
    assume(not check(problem, plan))
    options = data.draw(options_of(problem))
    narrowed = restricted(problem, plan, options, now_s=data.draw(st.integers(6, 24)) * HOUR)
    assert problem_errors(narrowed) == []
    assert check(narrowed, plan) == []


@SLOW
@given(st.data())
def test_every_answer_is_one_to_the_whole_day(data: st.DataObject) -> None:
    """What the planner makes of a narrowed day passes the referee of the whole day."""
    problem = data.draw(day_problems())
    plan = solve(replace(problem, bookings=problem.bookings), budget=Budget(rounds=1)).plan
    options = data.draw(options_of(problem))
    narrowed = restricted(problem, plan, options, now_s=data.draw(st.integers(6, 24)) * HOUR)
    found = solve(narrowed, budget=Budget(rounds=2), start=plan).plan
    answer = answered(problem, plan, options, found)
    assert check(problem, answer) == []
    assert {one.booking_id for one in answer.left_out} == {one.id for one in problem.bookings} - answer.served()


def planned(seed: int) -> tuple[DayProblem, Plan]:
    """A day planned in a hurry from half of its bookings, so that there is something to do better."""
    problem = full_day(seed, bookings=20, therapists=5)
    half = replace(problem, bookings=problem.bookings[:10])
    return problem, solve(half, budget=Budget(rounds=1), seed=seed).plan


def places(problem: DayProblem, plan: Plan) -> dict[str, tuple[str, int]]:
    """Who serves each visit and when."""
    return {
        visit.visit_id: (route.therapist_id, visit.start_s)
        for route in retime(problem, plan).routes
        for visit in route.visits()
    }


@pytest.mark.parametrize("seed", range(3))
def test_only_adding_moves_nobody(seed: int) -> None:
    """With nothing but left-out bookings to add, everybody planned keeps her therapist and no start is later."""
    problem, plan = planned(seed)
    options = PlanOptions(freedom=Freedom.ADD)
    found = solve(restricted(problem, plan, options), budget=Budget(rounds=3), start=plan).plan
    before, after = places(problem, plan), places(problem, answered(problem, plan, options, found))
    assert len(after) > len(before)
    for visit, (therapist, start_s) in before.items():
        assert after[visit][0] == therapist
        assert after[visit][1] <= start_s


@pytest.mark.parametrize("seed", range(3))
def test_keeping_therapists_keeps_them(seed: int) -> None:
    """Where times and orders may change, each visit stays with its therapist."""
    problem, plan = planned(seed)
    options = PlanOptions(freedom=Freedom.KEEP_THERAPISTS)
    found = solve(restricted(problem, plan, options), budget=Budget(rounds=3), start=plan).plan
    before, after = places(problem, plan), places(problem, found)
    assert {visit: after[visit][0] for visit in before} == {visit: who for visit, (who, _) in before.items()}


@pytest.mark.parametrize("seed", range(3))
def test_the_days_of_others_stay_as_they_are(seed: int) -> None:
    """With some therapists selected, all other routes are the same stops as before."""
    problem, plan = planned(seed)
    chosen = tuple(one.id for one in problem.therapists[:2])
    options = PlanOptions(scope=Scope.THERAPISTS, therapist_ids=chosen)
    found = solve(restricted(problem, plan, options), budget=Budget(rounds=3), start=plan).plan
    others = [one.id for one in problem.therapists if one.id not in chosen]
    assert [found.route_of(name) for name in others] == [plan.route_of(name) for name in others]


def test_from_now_on_plans_nothing_before_now() -> None:
    """What has begun to be driven to stays, and nothing new starts before the moment."""
    bookings = [day_booking("b1", hours=(10, 11)), day_booking("b2", hours=(10, 12)), day_booking("b3", hours=(9, 16))]
    problem = day_problem(bookings, [day_therapist("t1"), day_therapist("t2")])
    plan = plan_of(t1=["b1"])
    options = PlanOptions(scope=Scope.FROM_NOW)
    found = solve(restricted(problem, plan, options, now_s=13 * HOUR), budget=Budget(rounds=3), start=plan).plan
    times = places(problem, found)
    assert times[visit_id("b1", 0)] == places(problem, plan)[visit_id("b1", 0)]
    assert "b2" not in found.served()
    assert found.served() == {"b1", "b3"}


def test_a_price_on_change_is_against_what_people_know() -> None:
    """The published plan is the measure where there is one, else the plan of now; no price measures nothing."""
    problem = day_problem([day_booking()], [day_therapist()])
    plan = plan_of(t1=["b1"])
    some = restricted(problem, plan, PlanOptions())
    assert (some.published, some.weights) == (plan, problem.weights)
    strong = restricted(problem, plan, PlanOptions(stability=Stability.STRONG))
    assert strong.weights.changed_therapist_sen == 10 * problem.weights.changed_therapist_sen
    none = restricted(replace(problem, published=Plan()), plan, PlanOptions(stability=Stability.NONE))
    assert (none.published, none.weights.moved_sen_per_min) == (Plan(), 0)


def test_what_breaks_a_rule_is_not_held_to_it() -> None:
    """A visit that cannot stay where it is gets no lock, so that the planner may mend it."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 11)), day_booking("b2", hours=(10, 11))],
        [day_therapist("t1"), day_therapist("t2")],
        locks=(Lock(visit_id=visit_id("b1", 0), therapist_id="t2"),),
    )
    narrowed = restricted(problem, plan_of(t1=["b1"], t2=["b2"]), PlanOptions(freedom=Freedom.ADD))
    assert {lock.visit_id: lock.therapist_id for lock in narrowed.locks} == {"b1/0": "t2", "b2/0": "t2"}


def test_a_booking_outside_the_scope_is_told_so() -> None:
    """A booking that only the scope kept out is told that, not that everybody is busy."""
    problem = day_problem([day_booking("b1"), day_booking("b2")], [day_therapist("t1"), day_therapist("t2")])
    plan = plan_of(t1=["b1"])
    options = PlanOptions(scope=Scope.BOOKINGS, booking_ids=("b1",))
    found = solve(restricted(problem, plan, options), budget=Budget(rounds=2), start=plan).plan
    answer = answered(problem, plan, options, found)
    assert [(one.booking_id, one.reason.code) for one in answer.left_out] == [("b2", "plan.out_of_scope")]


def test_what_was_published_and_promised_locks_itself() -> None:
    """A visit that is on her phone and in the client's hands keeps therapist and start; an unpromised one may move."""
    told = replace(day_booking("told", location=1, hours=(10, 14)), promise_s=12 * HOUR)
    other = day_booking("other", location=2, hours=(10, 14))
    plan = plan_of(t1=["told"], t2=["other"])
    problem = replace(day_problem([told, other], [day_therapist("t1"), day_therapist("t2")]), published=plan)
    narrowed = restricted(problem, plan, PlanOptions(keep_told=True))
    start_s = retime(problem, plan).visit("told/0").start_s
    assert narrowed.locks == (Lock(visit_id="told/0", therapist_id="t1", start_s=start_s),)
    moved = plan_of(t2=["told", "other"])
    assert restricted(problem, moved, PlanOptions(keep_told=True)).locks == ()
    assert restricted(replace(problem, published=None), plan, PlanOptions(keep_told=True)).locks == ()
    assert restricted(problem, plan, PlanOptions()).locks == ()
