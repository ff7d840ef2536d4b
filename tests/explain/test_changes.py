"""The changes between two plans are all there is between them, and each choice of them is judged as the plan it makes."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.full_days import full_day
from dispatch.explain.changes import ChangeKind, Difference
from dispatch.explain.choice import choice_of
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from dispatch.words import sentence
from dispatch.work.reconcile import reconcile
from tests.strategies import HOUR, day_booking, day_problem, day_problems, day_therapist, plan_of, plans

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(st.data())
def test_all_changes_give_the_plan_after_and_none_the_plan_before(data: st.DataObject) -> None:
    """For any two plans of a day, accepting everything is the proposal and accepting nothing is the head."""
    problem = data.draw(day_problems())
    before, after = (reconcile(problem, data.draw(plans(problem))) for _ in range(2))
    difference = Difference(problem, before, after)
    every = {change.id for change in difference.changes}
    if every:
        assert difference.plan(set()) == before
    assert difference.plan(every) == after
    assert bool(every) == (visits(before) != visits(after))


@SLOW
@given(st.data())
def test_a_choice_serves_every_visit_once(data: st.DataObject) -> None:
    """Whatever is chosen, each booking is served as one of the two plans serves it, or left out, and none is lost."""
    problem = data.draw(day_problems())
    before, after = (reconcile(problem, data.draw(plans(problem))) for _ in range(2))
    difference = Difference(problem, before, after)
    every = [change.id for change in difference.changes]
    chosen = set(data.draw(st.lists(st.sampled_from(every), unique=True))) if every else set()
    plan = difference.plan(chosen)
    served = [visit for route in plan.routes for visit in route.visit_ids()]
    assert len(served) == len(set(served))
    assert {one.booking_id for one in plan.left_out} == {one.id for one in problem.bookings} - plan.served()
    for booking in problem.bookings:
        source = after if f"booking:{booking.id}" in chosen else before
        assert servers(plan, booking.id) == servers(source, booking.id)


def visits(plan: Plan) -> dict[str, tuple[object, ...]]:
    """The stops of each route."""
    return {route.therapist_id: route.stops for route in plan.routes}


def servers(plan: Plan, booking_id: str) -> set[tuple[str, str]]:
    """Who takes which seat of a booking."""
    return {
        (visit, route.therapist_id)
        for route in plan.routes
        for visit in route.visit_ids()
        if visit.rpartition("/")[0] == booking_id
    }


def proposals() -> Iterator[tuple[DayProblem, Plan, Plan]]:
    """Days with a quick plan and a better one."""
    for seed in range(4):
        problem = full_day(seed, bookings=24, therapists=6)
        half = replace(problem, bookings=problem.bookings[::2])
        before = reconcile(problem, solve(half, budget=Budget(rounds=1), seed=seed).plan)
        yield problem, before, solve(problem, budget=Budget(rounds=12), start=before, seed=seed).plan


def test_what_a_choice_needs_keeps_the_rules() -> None:
    """For 60 choices of real proposals, a choice without violations passes the referee, and what is needed mends one."""
    mended = 0
    for problem, before, after in proposals():
        difference = Difference(problem, before, after)
        every = difference.changes
        rng = Random(len(every))
        for _ in range(15):
            picked = {change.id for change in every if rng.random() < 0.5}
            choice = choice_of(difference, picked)
            assert list(choice.violations) == check(problem, choice.plan)
            assert choice.after.points == plan_cost(problem, choice.plan).points
            if choice.violations:
                assert choice.needs
                assert not choice_of(difference, picked | choice.needs).violations
                mended += 1
                smaller = picked - choice.hinders
                assert not choice.hinders or (smaller and not choice_of(difference, smaller).violations)
            else:
                assert (choice.needs, choice.hinders) == (frozenset(), frozenset())
    assert mended


def test_a_refused_change_takes_those_along_that_need_it() -> None:
    """Where all but one change are taken and a rule breaks, either it is needed or others are left out with it."""
    found = 0
    for problem, before, after in proposals():
        difference = Difference(problem, before, after)
        every = frozenset(change.id for change in difference.changes)
        for change in difference.changes:
            choice = choice_of(difference, every - {change.id})
            if choice.violations:
                assert choice.needs == {change.id}
                assert change.id not in choice.hinders
                found += bool(choice.hinders)
    assert found


def swapped() -> tuple[DayProblem, Plan, Plan]:
    """A day on which b1 goes to the other therapist, b2 comes in and b3 falls out."""
    bookings = [
        day_booking("b1", hours=(10, 10), promise_s=10 * HOUR),
        day_booking("b2", hours=(10, 14), priority=5),
        day_booking("b3", hours=(15, 15), promise_s=15 * HOUR),
    ]
    problem = day_problem(bookings, [day_therapist("t1"), day_therapist("t2")])
    before = reconcile(problem, plan_of(t1=["b1", "b3"]))
    return problem, before, reconcile(problem, plan_of(t1=["b2"], t2=["b1"]))


def test_changes_are_sentences() -> None:
    """Each change says who comes when, and who was to come."""
    problem, before, after = swapped()
    found = {change.booking_id: change for change in Difference(problem, before, after).changes}
    assert {key: one.kind for key, one in found.items()} == {
        "b1": ChangeKind.THERAPIST,
        "b2": ChangeKind.SERVED,
        "b3": ChangeKind.DROPPED,
    }
    names = {"b1": "Puan Tan", "b2": "Mr Lim", "b3": "Siti", "t1": "Aina", "t2": "Bee"}
    told = [sentence(one.said[0].code, one.said[0].named(), names=names) for one in found.values()]
    assert told == [
        "Puan Tan: now with Bee instead of Aina, at 10:00 as before.",
        "Mr Lim: newly served, by Aina at 10:00.",
        "Siti: no longer served; Aina was to come at 15:00.",
    ]


def test_figures_and_news_are_those_of_the_choice() -> None:
    """What is served, its priority and who has to be told follow from the changes chosen, not from the proposal."""
    problem, before, after = swapped()
    all_of_it = choice_of(Difference(problem, before, after), {"booking:b1", "booking:b2", "booking:b3"})
    assert (all_of_it.before.figures.served, all_of_it.after.figures.served) == (2, 2)
    assert (all_of_it.before.priority, all_of_it.after.priority, all_of_it.changed) == (0, 5, 3)
    assert [one.said for one in all_of_it.news] == [said("news.dropped", booking_id="b3", known_s=15 * HOUR)]
    some = choice_of(Difference(problem, before, after), {"booking:b1", "booking:b2"})
    assert (some.after.figures.served, some.news, some.changed) == (3, (), 2)
    assert not some.violations


def test_a_start_that_moves_is_told_where_it_is_known() -> None:
    """A client who was promised a start is told of another one; one who was promised nothing is only listed."""
    bookings = [day_booking("b1", hours=(10, 16), promise_s=11 * HOUR), day_booking("b2", hours=(10, 16))]
    problem = day_problem(bookings, [day_therapist("t1")])
    before, after = plan_of(t1=["b2", "b1"]), plan_of(t1=["b1", "b2"])
    choice = choice_of(Difference(problem, before, after), {"order:t1"})
    assert [one.booking_id for one in choice.news] == ["b1"]
    assert {one.named()["booking_id"] for one in choice.moved} == {"b1", "b2"}


@pytest.mark.parametrize("chosen", [set(), {"booking:unknown"}])
def test_nothing_chosen_is_the_plan_before(chosen: set[str]) -> None:
    """A choice of nothing, or of what is no change, changes nothing."""
    problem, before, after = swapped()
    choice = choice_of(Difference(problem, before, after), chosen)
    assert choice.plan == before
    assert choice.after == choice.before
    assert (choice.moved, choice.news, choice.changed) == ((), (), 0)
    assert retime(problem, choice.plan) == retime(problem, before)
