"""Remedies: whatever is told to help, helps; where something helps, it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.full_days import full_day
from dispatch.explain.remedies import remedies
from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.decisions import Lock
from dispatch.model.kinds import Gender
from dispatch.model.outcome import Budget
from dispatch.model.plan import LeftOut, Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.strategies import day_booking, day_problem, day_therapist, plan_of

HOUR = 3_600


def left_out_of(seed: int) -> Iterator[tuple[DayProblem, Plan, LeftOut]]:
    """Each booking that is left out of a full day's plan, with both."""
    problem = full_day(seed, bookings=34, therapists=8)
    plan = solve(problem, budget=Budget(rounds=10), seed=seed).plan
    for left in plan.left_out:
        yield problem, plan, left


def test_every_remedy_applied_serves_the_booking_and_breaks_nothing() -> None:
    """On full days with couples and breaks, each remedy's plan passes the referee, and serves all that was served."""
    helped = 0
    for problem, plan, left in (one for seed in range(8) for one in left_out_of(seed)):
        found = remedies(problem, plan, left.booking_id)
        helped += bool(found)
        assert len(found) <= 3
        assert len({one.said.code for one in found}) == len(found)
        for one in found:
            assert not check(one.problem, one.plan)
            assert one.plan.served() == plan.served() | {left.booking_id}
            times = retime(one.problem, one.plan)
            mine = [
                visit
                for route in times.routes
                for visit in route.visits()
                if booking_of(visit.visit_id)[0] == left.booking_id
            ]
            assert {visit.start_s for visit in mine} == {one.slot.start_s}
            assert sorted(visit.therapist_id for visit in mine) == sorted(one.slot.therapist_ids)
            assert one.said.named()["start_s"] == one.slot.start_s
    assert helped > 0


def test_the_remedies_that_ask_least_come_first() -> None:
    """A booking an hour too late for its window is told so; one that only a wish keeps out is told that wish."""
    mei = day_therapist("mei")
    busy = day_booking("busy", location=1, hours=(10, 10))
    late = day_booking("late", location=1, hours=(10, 10))
    problem = day_problem([busy, late], [mei])
    plan = solve(problem, budget=Budget(rounds=2)).plan
    (left,) = plan.left_out
    found = remedies(problem, plan, left.booking_id)
    assert found[0].said.code in {"remedy.later", "remedy.earlier"}
    assert int(found[0].said.named()["minutes"]) <= 120

    ken = replace(day_therapist("ken"), gender=Gender.MALE)
    shy = replace(day_booking("shy", hours=(10, 12)), seats=(Seat(only_gender=Gender.FEMALE),))
    found = remedies(day_problem([shy], [ken]), Plan(), "shy")
    assert [(one.said.code, one.said.named()["therapist_id"]) for one in found] == [("remedy.gender", "ken")]

    picky = replace(day_booking("picky", hours=(10, 12)), only_therapists=("gone",))
    found = remedies(day_problem([picky], [ken]), Plan(), "picky")
    assert [one.said.code for one in found] == ["remedy.anybody"]


def test_overtime_is_asked_of_those_alone_who_would_come() -> None:
    """A booking that ends after everybody's shift is served by one therapist's longer day; nobody else's is changed."""
    team = [day_therapist("mei"), day_therapist("ken")]
    end_s = team[0].shifts[-1].end_s
    evening = replace(
        day_booking("evening", minutes=60), windows=(TimeWindow(start_s=end_s - 2_400, end_s=end_s - 2_400),)
    )
    problem = day_problem([evening], team)
    found = remedies(problem, Plan(), "evening")
    overtime = next(one for one in found if one.said.code == "remedy.overtime")
    longer = [one.id for one in overtime.problem.therapists if one.overtime_s > 0]
    assert longer == [overtime.said.named()["therapist_id"]]


def test_where_nothing_helps_nothing_is_told() -> None:
    """A booking that its only therapist has refused is not promised anything."""
    refused = replace(day_booking("refused", hours=(10, 12)), never_therapists=("mei",))
    assert remedies(day_problem([refused], [day_therapist("mei")]), Plan(), "refused") == ()
    with pytest.raises(KeyError):
        remedies(day_problem([refused], [day_therapist("mei")]), Plan(), "nobody")


def test_two_moves_make_room() -> None:
    """A booking that only Mei may serve, at an hour she spends on what Ken could do as well, is told that swap."""
    mei, ken = day_therapist("mei"), day_therapist("ken")
    easy = day_booking("easy", location=1, hours=(10, 10))
    hers = replace(day_booking("hers", location=1, hours=(10, 10)), only_therapists=("mei",))
    problem = day_problem([easy, hers], [mei, ken])
    plan = plan_of(mei=["easy"])
    plan = replace(plan, left_out=(LeftOut(booking_id="hers", reason=said("plan.not_planned_yet", booking_id="hers")),))
    found = remedies(problem, plan, "hers")[0]
    assert (found.kind, found.said.named()["visit_id"], found.said.named()["other_id"]) == ("swap", "easy/0", "ken")
    assert not check(found.problem, found.plan)
    assert found.plan.route_of("mei").visit_ids() == ("hers/0",)
    assert found.plan.route_of("ken").visit_ids() == ("easy/0",)
    locked = replace(problem, locks=(Lock(visit_id="easy/0", therapist_id="mei"),))
    assert all(one.kind != "swap" for one in remedies(locked, plan, "hers"))
