"""Moves by hand: what is told before a move is made is what the rules say of the plan it makes."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from benchmarks.full_days import full_day
from dispatch.errors import BadInput
from dispatch.explain.moves import moved, weigh
from dispatch.model import codec
from dispatch.model.booking import Seat
from dispatch.model.decisions import Lock
from dispatch.model.move import Light, Move
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan, visit_id
from dispatch.model.problem import DayProblem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.solve import solve
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, plan_of

DRAGS = 2_000


def planned(seed: int) -> tuple[DayProblem, Plan]:
    """A day with couples, breaks and likes, planned."""
    problem = full_day(seed, bookings=24, therapists=6)
    return problem, solve(problem, budget=Budget(rounds=20), seed=seed).plan


def drag(rng: Random, problem: DayProblem) -> Move:
    """Any visit to any therapist, at any quarter of an hour of the day or at the best time."""
    wanted = rng.choice(problem.bookings)
    start_s = rng.choice([None, rng.randrange(9 * 4, 23 * 4) * 900])
    team = rng.sample([one.id for one in problem.therapists], len(wanted.seats))
    seats = range(len(wanted.seats)) if rng.random() < 0.7 else [rng.randrange(len(wanted.seats))]
    return Move(places=tuple((visit_id(wanted.id, seat), team[seat]) for seat in seats), start_s=start_s)


def test_the_ghost_is_what_the_committed_move_comes_to() -> None:
    """For 2,000 seeded drags, breaches, starts, delays, driving and points are those of the plan once it is kept."""
    lights: dict[Light, int] = dict.fromkeys(Light, 0)
    for seed in range(5):
        problem, plan = planned(seed)
        rng = Random(seed)
        old, old_cost = retime(problem, plan), plan_cost(problem, plan)
        known = {(one.rule, one.subject_id) for one in check(problem, plan)}
        for number in range(DRAGS // 5):
            move = drag(rng, problem)
            verdict = weigh(problem, plan, move)
            lights[verdict.light] += 1
            booking = move.places[0][0].rpartition("/")[0]
            seats = range(len(problem.booking(booking).seats))
            locks = (
                ()
                if move.start_s is None
                else tuple(Lock(visit_id=visit_id(booking, seat), start_s=move.start_s) for seat in seats)
            )
            # What would be kept, now and then read anew as from a file: nothing remembered from the ghost can help.
            kept, new = replace(problem, locks=locks), verdict.plan
            if number % 10 == 0:
                kept = codec.loads(DayProblem, codec.dumps(kept))
                new = codec.loads(Plan, codec.dumps(new))
            times = retime(kept, new)
            found = {(one.rule, one.subject_id) for one in check(kept, new)}
            assert {(one.rule, one.subject_id) for one in verdict.breaches} == found - known
            # Where the drag names one of a couple that is left out, the ghost says who comes along.
            assert verdict.starts[: len(move.places)] == tuple(
                (visit, times.visit(visit).start_s) for visit, _ in move.places
            )
            assert all(times.visit(visit).start_s == start_s for visit, start_s in verdict.starts)
            assert verdict.travel_s == sum(r.travel_s for r in times.routes) - sum(r.travel_s for r in old.routes)
            assert verdict.points == plan_cost(kept, new).points - old_cost.points
            for delay in verdict.delays:
                told = times.visit(delay.visit_id)
                assert (told.start_s, told.therapist_id) == (delay.start_s, delay.therapist_id)
                assert delay.late_s in {0, max(told.late_s, told.promise_late_s)}
            assert all(times.visit(visit).therapist_id == name for visit, name in move.places)
    assert all(lights[light] > 20 for light in (Light.GOOD, Light.ASKS, Light.NEVER))


def test_a_move_names_who_becomes_late() -> None:
    """A visit put before another one that then starts after its window is amber, with the minutes it is late."""
    first = day_booking("first", location=1, hours=(10, 12), late_tolerance_s=3_600)
    second = day_booking("second", location=2, hours=(9, 10))
    problem = day_problem([first, second], [day_therapist("mei"), day_therapist("aina")])
    plan = moved(problem, Plan(), Move(places=(("first/0", "mei"),), start_s=None))[1]
    plan = moved(problem, plan, Move(places=(("second/0", "aina"),)))[1]
    verdict = weigh(problem, plan, Move(places=(("second/0", "mei"),)))
    assert verdict.light is Light.GOOD
    assert [delay.visit_id for delay in verdict.delays] == ["first/0"]
    tight = replace(first, windows=(replace(first.windows[0], end_s=first.windows[0].start_s),))
    tighter = replace(problem, bookings=(tight, second))
    verdict = weigh(tighter, plan, Move(places=(("second/0", "mei"),)))
    assert verdict.light is Light.LATE
    late = retime(tighter, verdict.plan).visit("first/0").late_s
    assert late > 0
    assert [(delay.visit_id, delay.late_s) for delay in verdict.delays] == [("first/0", late)]


def test_lights_tell_what_stands_against_a_move() -> None:
    """A fixed start off the window is amber, an hour she is off duty can be set aside, somebody refused never."""
    wish = replace(day_booking("b", hours=(10, 12)), never_therapists=("ken",))
    problem = day_problem([wish, day_booking("dawn", hours=(6, 7))], [day_therapist("mei"), day_therapist("ken")])
    late = weigh(problem, Plan(), Move(places=(("b/0", "mei"),), start_s=15 * 3_600))
    assert (late.light, late.starts, late.early_s) == (Light.LATE, (("b/0", 15 * 3_600),), 0)
    assert [delay.late_s for delay in late.delays] == [3 * 3_600]
    early = weigh(problem, Plan(), Move(places=(("b/0", "mei"),), start_s=9 * 3_600 + 1_800))
    assert (early.light, early.early_s) == (Light.LATE, 1_800)
    assert weigh(problem, Plan(), Move(places=(("b/0", "mei"),), start_s=11 * 3_600)).light is Light.GOOD
    off_duty = weigh(problem, Plan(), Move(places=(("dawn/0", "mei"),)))
    assert off_duty.light is Light.ASKS
    assert all(breach.waivable for breach in off_duty.breaches)
    assert weigh(problem, Plan(), Move(places=(("b/0", "ken"),))).light is Light.NEVER


def test_what_the_day_does_not_have_is_refused() -> None:
    """An unknown visit or therapist, visits of two bookings, and a start of another day are refused by name."""
    problem = day_problem([day_booking("a"), day_booking("b")], [day_therapist("mei")])
    for move, code in (
        (Move(places=(("c/0", "mei"),)), "move.unknown_visit"),
        (Move(places=(("a/0", "nobody"),)), "move.unknown_therapist"),
        (Move(places=(("a/0", "mei"), ("b/0", "mei"))), "move.one_booking"),
        (Move(places=()), "move.one_booking"),
        (Move(places=(("a/0", "mei"),), start_s=10**9), "move.start"),
    ):
        with pytest.raises(BadInput) as refused:
            weigh(problem, Plan(), move)
        assert refused.value.code == code


def test_a_couple_dragged_onto_one_row_takes_along_who_costs_least() -> None:
    """The seat that a move leaves open goes to somebody who has room at that start and may serve it; nobody else can."""
    near, far = day_therapist("near"), day_therapist("far")
    busy = day_therapist("busy")
    pair = replace(day_booking("pair", location=2, hours=(10, 12)), seats=(Seat(), Seat()))
    taken = day_booking("taken", location=1, hours=(10, 10))
    problem = day_problem([pair, taken], [near, busy, far])
    plan = plan_of(busy=["taken"])
    move = Move(places=(("pair/0", "near"),), start_s=10 * HOUR)
    verdict = weigh(problem, plan, move)
    assert verdict.light is Light.GOOD
    assert {visit: verdict.server_of(visit) for visit, _ in verdict.starts} == {"pair/0": "near", "pair/1": "far"}
    fixed, new = moved(problem, plan, move)
    assert not check(fixed, new)

    only = replace(pair, never_therapists=("far",))
    refused = weigh(day_problem([only, taken], [near, busy, far]), plan, move)
    assert refused.server_of("pair/1") == "busy"
    assert refused.light is not Light.GOOD
