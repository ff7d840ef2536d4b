"""Ways to put a booking in: what is told is what comes of it, and nothing is offered that the referee refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.full_days import full_day
from dispatch.explain.candidates import BUMPING, Candidate, candidates, without
from dispatch.model.decisions import Lock
from dispatch.model.outcome import Budget
from dispatch.model.plan import LeftOut, Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.model.weights import POINTS_PER_SEN
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.strategies import day_booking, day_problem, day_therapist, plan_of

HOUR = 3_600


def open_wishes(seed: int) -> Iterator[tuple[DayProblem, Plan, str]]:
    """Bookings that a full day's plan leaves out, and some that it serves, taken out of it; with both."""
    problem = full_day(seed, bookings=30, therapists=8)
    plan = solve(problem, budget=Budget(rounds=10), seed=seed).plan
    for left in plan.left_out:
        yield problem, plan, left.booking_id
    for name in sorted(plan.served())[::6]:
        yield problem, taken_out(plan, name), name


def taken_out(plan: Plan, name: str) -> Plan:
    """A plan without one booking, which waits to be planned."""
    gone = without(plan, (name,), instead_of=name)
    reason = LeftOut(booking_id=name, reason=said("plan.not_planned_yet", booking_id=name))
    return replace(gone, left_out=(*plan.left_out, reason))


def test_every_candidate_is_what_comes_of_it() -> None:
    """On full days with couples and breaks, each candidate's plan passes the referee, and its figures are that plan's."""
    plain = bumping = 0
    for problem, plan, name in (one for seed in range(4) for one in open_wishes(seed)):
        old, points = retime(problem, plan), plan_cost(problem, plan).points
        for one in candidates(problem, plan, name):
            assert not check(one.problem, one.plan)
            assert one.plan.served() == (plan.served() | {name}) - set(one.placing.bumped)
            assert {left.booking_id for left in one.plan.left_out} >= set(one.placing.bumped)
            times = retime(one.problem, one.plan)
            assert {times.visit(visit).start_s for visit, _ in one.placing.move.places} == {one.start_s}
            assert one.points == plan_cost(one.problem, one.plan).points - points
            later = {
                visit.visit_id: visit.start_s - old.visit(visit.visit_id).start_s
                for route in times.routes
                for visit in route.visits()
                if visit.booking_id != name and visit.start_s > old.visit(visit.visit_id).start_s
            }
            assert {delay.visit_id: delay.later_s for delay in one.delays if delay.later_s} == later
            plain += not one.placing.bumped
            bumping += bool(one.placing.bumped)
    assert plain > 10
    assert bumping > 10


def test_bumping_is_offered_only_where_it_may_be() -> None:
    """Whom a candidate bumps out has less priority, or as little where nothing else is possible, and is named last."""
    for problem, plan, name in (one for seed in range(3) for one in open_wishes(seed)):
        mine = problem.booking(name).priority
        found = candidates(problem, plan, name)
        plain = [one for one in found if not one.placing.bumped]
        room = [one for one in found if one.placing.bumped]
        assert list(found) == [*sorted(plain, key=_felt), *sorted(room, key=_felt)]
        assert len(room) <= BUMPING
        for one in room:
            (gone,) = one.placing.bumped
            theirs = problem.booking(gone).priority
            assert theirs < mine or (not plain and theirs == mine)


def _felt(one: Candidate) -> int:
    minutes = sum(-(-delay.later_s // 60) for delay in one.delays)
    return one.points + POINTS_PER_SEN * one.problem.weights.moved_sen_per_min * minutes


def busy_day() -> tuple[DayProblem, Plan]:
    """One therapist who serves somebody at ten, and an urgent booking for the same hour."""
    at_ten = day_booking("calm", hours=(10, 10))
    urgent = day_booking("urgent", hours=(10, 10), priority=50)
    problem = day_problem([at_ten, urgent], [day_therapist("aina")])
    return problem, plan_of(aina=["calm"])


def test_an_urgent_booking_bumps_out_who_has_less_priority() -> None:
    """Where the hour is taken, the urgent booking gets it instead of the other one, who is left out by name."""
    problem, plan = busy_day()
    (one,) = candidates(problem, plan, "urgent")
    assert one.placing.bumped == ("calm",)
    assert (one.start_s, one.therapist_ids) == (10 * HOUR, ("aina",))
    (left,) = one.plan.left_out
    assert (left.booking_id, left.reason.code, left.reason.named()["other_id"]) == ("calm", "plan.made_room", "urgent")


@pytest.mark.parametrize("kept", ["priority", "lock", "hold"])
def test_nobody_is_bumped_out_who_may_not_be(kept: str) -> None:
    """A booking of higher priority, one that is fixed and one that is held for a caller stay where they are."""
    problem, plan = busy_day()
    calm, urgent = problem.bookings
    if kept == "priority":
        problem = replace(problem, bookings=(replace(calm, priority=51), urgent))
    elif kept == "lock":
        problem = replace(problem, locks=(Lock(visit_id="calm/0", therapist_id="aina"),))
    else:
        problem = replace(problem, bookings=(replace(calm, is_hold=True), urgent))
    assert candidates(problem, plan, "urgent") == ()


def test_nobody_is_sent_anywhere_before_now() -> None:
    """In the course of the day a start lies so late that she can leave now, and a time that is over is not offered."""
    wish = day_booking("wish", hours=(9, 15))
    problem = day_problem([wish], [day_therapist("aina")])
    now_s = 12 * HOUR
    found = candidates(problem, Plan(), "wish", now_s=now_s)
    assert found
    for one in found:
        times = retime(one.problem, one.plan)
        (visit, _), *_ = one.placing.move.places
        assert times.visit(visit).leave_by_s >= now_s
        assert booking_of(visit)[0] == "wish"
    assert candidates(problem, Plan(), "wish", now_s=16 * HOUR) == ()


def test_who_disturbs_fewer_people_comes_first() -> None:
    """Of two therapists who drive as far, the one whose next visit need not wait is the cheaper, published or not."""
    calm = [day_booking("first", hours=(9, 12)), day_booking("second", hours=(9, 15))]
    wish = day_booking("wish", hours=(10, 10.5))
    problem = day_problem([*calm, wish], [day_therapist("aina"), day_therapist("bee")])
    plan = plan_of(aina=["first", "second"])
    best = candidates(problem, plan, "wish")[0]
    assert (best.therapist_ids, best.delays) == (("bee",), ())
