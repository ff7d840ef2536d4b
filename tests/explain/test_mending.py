"""A day in its midst and its smallest repair: nothing that has begun moves, and nobody moves who need not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.full_days import full_day
from dispatch.explain.damage import changes, damage
from dispatch.explain.mending import mended
from dispatch.explain.under_way import under_way
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.strategies import day_booking, day_problem, day_therapist, plan_of

HOUR = 3_600


def planned(seed: int) -> tuple[DayProblem, Plan]:
    """A full day with couples and breaks, planned."""
    problem = full_day(seed, bookings=36, therapists=9)
    return problem, solve(problem, budget=Budget(rounds=10), seed=seed).plan


def without_therapist(problem: DayProblem, plan: Plan, name: str) -> tuple[DayProblem, Plan, set[str]]:
    """The day without a therapist, the plan without the bookings she had a part in, and these."""
    lost = {booking_of(visit)[0] for visit in plan.route_of(name).visit_ids()}
    routes = tuple(
        replace(
            route, stops=tuple(stop for stop in route.stops if "/" not in stop.id or booking_of(stop.id)[0] not in lost)
        )
        for route in plan.routes
        if route.therapist_id != name
    )
    team = tuple(one for one in problem.therapists if one.id != name)
    locks = tuple(lock for lock in problem.locks if lock.therapist_id != name)
    kept = tuple(route for route in routes if route.visit_ids())
    return replace(problem, therapists=team, locks=locks), Plan(routes=kept), lost


@pytest.mark.parametrize("seed", range(4))
def test_a_day_frozen_at_any_hour_finds_nothing_wrong_with_its_plan(seed: int) -> None:
    """What was planned and goes as planned breaks no rule at any half hour, and is the same plan put together again."""
    problem, plan = planned(seed)
    for half in range(14, 54):
        frozen = under_way(problem, plan, half * 1_800)
        assert frozen.whole(frozen.plan).routes == tuple(
            plan.route_of(one.id) for one in problem.therapists if plan.route_of(one.id).visit_ids()
        )
        named = replace(frozen.plan, left_out=plan.left_out)
        assert check(frozen.problem, named) == [], half / 2


@pytest.mark.parametrize("seed", range(4))
def test_only_what_lost_its_therapist_moves(seed: int) -> None:
    """When somebody falls out, her bookings are put where they fit, and nobody else's therapist changes."""
    problem, plan = planned(seed)
    name = plan.routes[0].therapist_id
    day, rest, lost = without_therapist(problem, plan, name)
    found = mended(day, rest, lost)
    assert found is not None
    fixed, new = found
    assert not check(fixed, new)
    served_by = {visit: route.therapist_id for route in new.routes for visit in route.visit_ids()}
    before = {visit: route.therapist_id for route in rest.routes for visit in route.visit_ids()}
    assert before.items() <= served_by.items()
    assert {booking_of(visit)[0] for visit in served_by.keys() - before.keys()} <= lost
    assert new.served() | {one.booking_id for one in new.left_out} == {one.id for one in problem.bookings}


def test_what_cannot_stay_goes_to_somebody_else() -> None:
    """A visit that would start too late behind a longer one is handed to whoever is free, and said so."""
    bookings = [day_booking("long", hours=(10, 10), minutes=60), day_booking("next", hours=(11, 12), minutes=60)]
    team = [day_therapist("aina"), day_therapist("bee")]
    problem, plan = day_problem(bookings, team), plan_of(aina=["long", "next"])
    hit = replace(problem, bookings=(replace(bookings[0], duration_s=3 * HOUR), bookings[1]))
    found = damage(problem, plan, hit, plan)
    assert [(one.visit_id, one.late_s) for one in found.late] == [("next/0", HOUR)]
    assert [one.rule for one in found.breaches] == ["window_missed"]
    assert not found.none
    mend = mended(hit, plan, ())
    assert mend is not None
    day, new = mend
    assert not check(day, new)
    assert new.route_of("bee").visit_ids() == ("next/0",)
    (change,) = changes(retime(problem, plan), retime(day, new))
    assert (change.booking_id, change.said.code, change.tell) == ("next", "repair.other_therapist", True)


def test_whom_nobody_can_take_is_left_out_by_name() -> None:
    """With nobody else on duty what cannot stay is left out, and its client is to be told."""
    bookings = [day_booking("long", hours=(10, 10)), day_booking("next", hours=(11, 12))]
    problem, plan = day_problem(bookings, [day_therapist("aina")]), plan_of(aina=["long", "next"])
    hit = replace(problem, bookings=(replace(bookings[0], duration_s=3 * HOUR), bookings[1]))
    mend = mended(hit, plan, ())
    assert mend is not None
    _, new = mend
    assert [one.booking_id for one in new.left_out] == ["next"]
    (change,) = changes(retime(problem, plan), retime(hit, new))
    assert (change.said.code, change.tell) == ("repair.falls_out", True)


def test_a_start_that_moves_a_little_is_told_nobody() -> None:
    """Less than five minutes later is a change that is shown, and no reason to call."""
    wish = day_booking("wish", hours=(10, 12))
    problem, plan = day_problem([wish], [day_therapist("aina")]), plan_of(aina=["wish"])
    for later_s, tell in ((120, False), (300, True)):
        hit = replace(
            problem, bookings=(replace(wish, windows=(replace(wish.windows[0], start_s=10 * HOUR + later_s),)),)
        )
        (change,) = changes(retime(problem, plan), retime(hit, plan))
        assert (change.said.code, change.tell) == ("repair.starts_later", tell)
    gone = changes(retime(problem, plan), retime(problem, Plan()), gone=frozenset({"wish"}))
    assert gone == ()


def test_of_a_couple_everything_is_said_once() -> None:
    """Two therapists of a couple who fall out, or start later, are one sentence, and another therapist is one more."""
    pair = day_booking("pair", hours=(10, 12), seats=2)
    team = [day_therapist("aina"), day_therapist("bee"), day_therapist("cik")]
    problem, plan = day_problem([pair], team), plan_of(aina=["pair/0"], bee=["pair/1"])
    before = retime(problem, plan)
    (gone,) = changes(before, retime(problem, Plan()))
    assert gone.said.code == "repair.falls_out"
    hit = replace(problem, bookings=(replace(pair, windows=(replace(pair.windows[0], start_s=11 * HOUR),)),))
    (later,) = changes(before, retime(hit, plan))
    assert later.said.code == "repair.starts_later"
    (other,) = changes(before, retime(hit, plan_of(aina=["pair/0"], cik=["pair/1"])))
    assert other.said.code == "repair.other_both"
