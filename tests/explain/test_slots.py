"""Start times for callers: who is offered, when, in which order, and whom it makes wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, LaluanError
from dispatch.explain.slots import offers, suggest
from dispatch.model.booking import TimeWindow
from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.slot import Delay, Draft, Slot
from dispatch.rules.compiled import compile_problem
from dispatch.rules.referee import check
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, pause, plan_of


def suggested(problem: DayProblem, plan: Plan, wish: DayBooking, limit: int = 3) -> list[Slot]:
    """The slots for a wish."""
    return suggest(problem, plan, Draft(booking=wish), limit=limit)


def test_the_nearest_therapist_is_offered_first_and_offers_lie_half_an_hour_apart() -> None:
    """On an empty day the cheapest therapist is offered, at the earliest start and then half an hour later each."""
    problem = day_problem([], [day_therapist("far", start=4, home=4), day_therapist("near", start=0, home=0)])
    found = suggested(problem, Plan(), day_booking("new", location=1, hours=(10, 12)))
    assert [(one.start_s, one.therapist_ids) for one in found] == [
        (10 * HOUR, ("near",)),
        (10 * HOUR + 1_800, ("near",)),
        (11 * HOUR, ("near",)),
    ]
    assert {one.extra_travel_s for one in found} == {1_200}
    assert {one.added_points for one in found} == {1_200 * problem.weights.travel_sen_per_h}


def test_less_than_half_an_hour_apart_only_where_nothing_else_is_left() -> None:
    """A window of ten minutes still gets its three starts, the first ones first."""
    problem = day_problem([], [day_therapist()])
    window = TimeWindow(start_s=10 * HOUR + 120, end_s=10 * HOUR + 900)
    found = suggested(problem, Plan(), day_booking("new", windows=[window]))
    assert [one.start_s for one in found] == [10 * HOUR + 300, 10 * HOUR + 600, 10 * HOUR + 900]


def test_it_says_whom_it_makes_wait_and_by_how_much() -> None:
    """A visit behind the new one moves later inside its window, and is named with its minutes."""
    problem = day_problem([day_booking("b1", hours=(10, 14))], [day_therapist()])
    fixed = TimeWindow(start_s=10 * HOUR, end_s=10 * HOUR)
    found = suggested(problem, plan_of(t1=["b1"]), day_booking("new", location=1, windows=[fixed]))
    assert [(one.start_s, one.delayed) for one in found] == [(10 * HOUR, (Delay(visit_id="b1/0", minutes=60),))]
    assert found[0].extra_travel_s == 0


def test_what_cannot_wait_is_not_made_to() -> None:
    """Where the visit behind has no room to wait, the start is not offered."""
    problem = day_problem([day_booking("b1", hours=(10, 10))], [day_therapist()])
    window = TimeWindow(start_s=9 * HOUR + 1_800, end_s=10 * HOUR + 1_800)
    assert suggested(problem, plan_of(t1=["b1"]), day_booking("new", location=1, windows=[window])) == []


def test_a_couple_that_is_made_to_wait_takes_the_other_therapist_along() -> None:
    """Both visits of a couple wait, and so does who comes after it in the partner's route."""
    problem = day_problem(
        [day_booking("pair", hours=(10, 14), seats=2), day_booking("after", hours=(11, 15))],
        [day_therapist("t1"), day_therapist("t2", techniques=())],
    )
    plan = plan_of(t1=["pair/0"], t2=["pair/1", "after"])
    fixed = TimeWindow(start_s=10 * HOUR, end_s=10 * HOUR)
    wish = replace(day_booking("new", windows=[fixed]), only_therapists=("t1",))
    (only,) = suggested(problem, plan, wish)
    assert only.delayed == (
        Delay(visit_id="pair/0", minutes=60),
        Delay(visit_id="pair/1", minutes=60),
        Delay(visit_id="after/0", minutes=60),
    )


def test_a_wish_for_two_gets_two_who_can_start_together() -> None:
    """Each offer to a couple names a therapist for each seat."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 10), minutes=90)],
        [day_therapist("t1"), day_therapist("t2"), day_therapist("t3", hours=(11, 18))],
    )
    found = suggested(problem, plan_of(t1=["b1"]), day_booking("new", seats=2, hours=(10, 12)))
    assert [one.start_s for one in found] == [11 * HOUR + 1_800, 12 * HOUR, 11 * HOUR + 2_100]
    assert all(len(set(one.therapist_ids)) == 2 for one in found)


def test_breaks_are_placed_anew_for_who_comes() -> None:
    """A break that stands where the new visit must go is moved, and the plan offered holds it."""
    meal = pause(hours=(10, 14))
    problem = day_problem([], [day_therapist(breaks=(meal,))])
    ((slot, plan),) = offers(
        problem,
        Plan(),
        Draft(booking=day_booking("new", windows=[TimeWindow(start_s=10 * HOUR, end_s=10 * HOUR)])),
    )
    assert slot.start_s == 10 * HOUR
    with_new = replace(problem, bookings=(day_booking("new"),), locks=(Lock(visit_id="new/0", start_s=slot.start_s),))
    assert [stop.id for stop in plan.route_of("t1").stops] == ["new/0", "meal"]
    assert check(with_new, plan) == []


def test_a_booking_of_the_plan_is_offered_other_starts() -> None:
    """To move a booking is to take it out first; a lock on its therapist holds, one on its start does not."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 10)), day_booking("b2", hours=(12, 12))],
        [day_therapist("t1"), day_therapist("t2")],
        locks=(Lock(visit_id="b1/0", therapist_id="t2", start_s=10 * HOUR),),
    )
    plan = plan_of(t1=["b2"], t2=["b1"])
    found = suggested(problem, plan, replace(problem.bookings[0], windows=(TimeWindow(start_s=50_400, end_s=54_000),)))
    assert [(one.start_s, one.therapist_ids) for one in found] == [(s, ("t2",)) for s in (50_400, 52_200, 54_000)]
    assert {one.added_points for one in found} == {1_200 * problem.weights.travel_sen_per_h}


def test_what_the_plan_breaks_elsewhere_is_no_reason_to_offer_nothing() -> None:
    """Somebody late takes nothing more, but her trouble does not keep others from coming."""
    problem = day_problem(
        [day_booking("b1", hours=(9, 9), location=4)], [day_therapist("t1"), day_therapist("t2", start=4, home=4)]
    )
    plan = plan_of(t1=["b1"])
    assert check(problem, plan)
    found = suggested(problem, plan, day_booking("new", location=1, hours=(14, 14)))
    assert [one.therapist_ids for one in found] == [("t2",)]


def test_nobody_leaves_before_now() -> None:
    """On a day under way nothing is offered that she could no longer reach."""
    problem = day_problem([], [day_therapist()], now_s=11 * HOUR)
    found = suggested(problem, Plan(), day_booking("new", location=1, hours=(10, 12)))
    assert min(one.start_s for one in found) == 11 * HOUR + 600


def test_no_therapist_or_no_grid_start_means_no_offer() -> None:
    """Where nobody is on the team, or the window lies between two steps, the answer is empty."""
    assert suggested(day_problem([], []), Plan(), day_booking("new")) == []
    between = TimeWindow(start_s=10 * HOUR + 60, end_s=10 * HOUR + 120)
    assert suggested(day_problem([], [day_therapist()]), Plan(), day_booking("new", windows=[between])) == []


def test_a_draft_that_cannot_be_right_is_refused() -> None:
    """A draft at an unknown place is refused as the planner would refuse it, and one that has begun has no other start."""
    problem = day_problem([day_booking("b1")], [day_therapist()])
    with pytest.raises(LaluanError) as unknown:
        suggested(problem, Plan(), day_booking("new", location=9))
    assert unknown.value.code == "problem.booking_location"
    fact = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.STARTED, started_s=10 * HOUR)
    with pytest.raises(BadInput) as begun:
        suggested(replace(problem, facts=(fact,)), plan_of(t1=["b1"]), problem.bookings[0])
    assert begun.value.code == "slot.begun"


def test_the_day_itself_stays_compiled_as_it_was() -> None:
    """Looking for slots changes nothing of the day: its tables are the same before and after."""
    problem = day_problem([day_booking("b1", hours=(10, 14))], [day_therapist("t1"), day_therapist("t2")])
    compiled = compile_problem(problem)
    before = [table.copy() for table in compiled.tables]
    assert suggested(problem, plan_of(t1=["b1"]), day_booking("new", seats=2, hours=(10, 14)))
    assert compile_problem(problem) is compiled
    assert all((now == then).all() for now, then in zip(compiled.tables, before, strict=True))
    assert (compiled.pins == -1).all()
