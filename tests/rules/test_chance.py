"""How sure the times are: figures that can be checked by hand, plain simulation, and the price of tight starts."""

from __future__ import annotations

from dataclasses import replace
from math import log
from random import Random

import numpy as np
import pytest

from dispatch.model.booking import TimeWindow
from dispatch.model.chance import EXACT, Spread, VisitChance
from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Shift
from dispatch.model.weights import POINTS_PER_SEN, Weights
from dispatch.rules.chance import chances, simulate
from dispatch.rules.compiled import compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.fill import tight_s
from dispatch.rules.retime import retime
from dispatch.rules.route import evaluate_route
from dispatch.rules.scenario import walk_scenarios
from dispatch.rules.step import tightness
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, pause, plan_of, rest

SURE_TREATMENTS = Spread(overrun_mean_s=0, overrun_sd_s=0)
SURE_ROADS = Spread(travel_mean_per_mille=1_000, travel_sigma_per_mille=0)


def chance_of(problem: DayProblem, plan: Plan, visit: str, spread: Spread = Spread()) -> VisitChance:  # noqa: B008
    """What is said of one visit."""
    return next(one for one in chances(problem, plan, spread=spread) if one.visit_id == visit)


def plain_days(legs: list[int], waits: list[int], length_s: int, days: int) -> list[list[int]]:
    """Starts of visits one after another by plain draws: each leg and overrun by itself, no earlier than `waits`."""
    draw = Random(5)
    result = []
    for _ in range(days):
        clock, starts = float(waits[0] - legs[0]), []
        for leg, wait in zip(legs, waits, strict=True):
            clock = max(clock + leg * draw.lognormvariate(log(1.05) - 0.25**2 / 2, 0.25), wait)
            starts.append(round(clock))
            clock += length_s + max(0.0, draw.gauss(180, 480))
        result.append(starts)
    return result


def test_chances_agree_with_plain_simulation() -> None:
    """Three visits in a row are on time, and start, as four thousand plainly drawn days say, to a few hundredths."""
    bookings = [
        day_booking("b1", location=1, hours=(10, 10.25)),
        day_booking("b2", location=3, hours=(11, 11.5)),
        day_booking("b3", location=4, hours=(12, 12.75)),
    ]
    problem = day_problem(bookings, [day_therapist(home=None)])
    found = chances(problem, plan_of(t1=["b1", "b2", "b3"]))
    drawn = plain_days([600, 1_200, 600], [10 * HOUR, 11 * HOUR, 12 * HOUR], HOUR, 4_000)
    for n, (one, booking) in enumerate(zip(found, bookings, strict=True)):
        starts = sorted(day[n] for day in drawn)
        deadline = booking.windows[0].end_s
        assert one.deadline_s == deadline
        assert one.on_time_percent == pytest.approx(100 * sum(s <= deadline for s in starts) / len(starts), abs=3)
        assert one.early_s == pytest.approx(starts[len(starts) // 10], abs=60)
        assert one.late_s == pytest.approx(starts[-len(starts) // 10], abs=90)
        late = sum(max(0, s - deadline) for s in starts) / len(starts)
        assert one.expected_late_s == pytest.approx(late, abs=25)
    assert found[0].on_time_percent > found[1].on_time_percent
    assert 50 < found[1].on_time_percent < 97


def test_a_start_she_waits_for_is_certain() -> None:
    """Whoever arrives an hour before the window opens starts when it opens, on every day."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(13, 13))], [day_therapist()])
    one = chance_of(problem, plan_of(t1=["b1", "b2"]), "b2/0")
    assert (one.on_time_percent, one.early_s, one.late_s, one.expected_late_s) == (100, 13 * HOUR, 13 * HOUR, 0)


def test_first_leg_leaves_when_the_plan_says() -> None:
    """A window without width is missed on the days the first leg takes longer: leaving on the dot is a coin's toss."""
    problem = day_problem([day_booking(hours=(10, 10))], [day_therapist()])
    one = chance_of(problem, plan_of(t1=["b1"]), "b1/0", SURE_TREATMENTS)
    assert 38 <= one.on_time_percent <= 52
    assert one.early_s == 10 * HOUR < one.late_s


def test_overruns_alone_shift_what_follows() -> None:
    """With sure roads the second start is late by the overruns: two in three treatments run over at all."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(11, 11))], [day_therapist()])
    drawn = simulate(problem, plan_of(t1=["b1", "b2"]), spread=SURE_ROADS)
    over = drawn.starts_s[1] - 11 * HOUR
    assert over.min() == 0
    assert (over > 0).mean() == pytest.approx(0.646, abs=0.01)
    assert over.mean() == pytest.approx(294, abs=10)


def test_a_couple_starts_when_the_later_one_is_ready() -> None:
    """On each day both seats start together on the grid, so a couple is later than either therapist alone would be."""
    both = day_booking("pair", location=2, seats=2, hours=(11, 15))
    problem = day_problem([day_booking("b1"), day_booking("b2"), both], [day_therapist(), day_therapist("t2")])
    plan = plan_of(t1=["b1", "pair/0"], t2=["b2", "pair/1"])
    drawn = simulate(problem, plan)
    starts = dict(zip(drawn.visit_ids, drawn.starts_s, strict=True))
    assert (starts["pair/0"] == starts["pair/1"]).all()
    assert (starts["pair/0"] % 300 == 0).all()
    single = simulate(day_problem([problem.bookings[0], replace(both, seats=both.seats[:1])], problem.therapists), plan)
    alone = dict(zip(single.visit_ids, single.starts_s, strict=True))["pair/0"]
    assert starts["pair/0"].mean() > alone.mean()


def test_breaks_and_the_next_shift_are_kept_on_late_days() -> None:
    """A break still follows the visit before it, and nobody leaves for the second shift before it begins."""
    shifts = (Shift(start_s=9 * HOUR, end_s=13 * HOUR), Shift(start_s=16 * HOUR, end_s=20 * HOUR))
    bookings = [day_booking("b1", hours=(10, 12)), day_booking("b2", hours=(14, 19), location=2)]
    problem = day_problem(bookings, [day_therapist(shifts=shifts, breaks=(pause(hours=(11, 12.5)),))])
    drawn = simulate(problem, plan_of(t1=["b1", rest(), "b2"]), spread=SURE_ROADS)
    assert (drawn.starts_s[1] == 16 * HOUR + 600).all()


def test_what_has_happened_is_certain() -> None:
    """A start that was reported does not stray, and what follows strays only by what is still to come."""
    problem = day_problem([day_booking("b1"), day_booking("b2", hours=(10, 14))], [day_therapist()])
    fact = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.FINISHED, started_s=36_100, finished_s=39_000)
    later = replace(problem, facts=(fact,), now_s=39_500)
    found = chances(later, plan_of(t1=["b1", "b2"]))
    assert (found[0].early_s, found[0].late_s) == (36_100, 36_100)
    assert (found[1].early_s, found[1].late_s) == (39_500, 39_500)
    on_the_way = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=10 * HOUR)
    driving = replace(problem, facts=(on_the_way,), now_s=10 * HOUR)
    one = chance_of(driving, plan_of(t1=["b1", "b2"]), "b1/0")
    assert 10 * HOUR + 400 < one.early_s < 10 * HOUR + 600 < one.late_s < 10 * HOUR + 1_000


def test_deadline_is_the_promise_then_the_lock_then_the_window() -> None:
    """What the client was told counts first; a time fixed outside the windows counts for itself."""
    plan = plan_of(t1=["b1"])
    booking = day_booking(windows=(TimeWindow(start_s=36_000, end_s=37_000), TimeWindow(start_s=50_000, end_s=51_000)))
    problem = day_problem([booking], [day_therapist()])
    assert chance_of(problem, plan, "b1/0").deadline_s == 37_000
    promised = replace(problem, bookings=(replace(booking, promise_s=36_300),))
    assert chance_of(promised, plan, "b1/0").deadline_s == 36_600
    fixed = replace(problem, locks=(Lock(visit_id="b1/0", start_s=40_000),))
    assert chance_of(fixed, plan, "b1/0").deadline_s == 40_300
    late = replace(problem, bookings=(replace(booking, windows=(TimeWindow(start_s=0, end_s=100),)),))
    assert chance_of(late, plan, "b1/0", EXACT).on_time_percent == 0
    assert chance_of(late, plan, "b1/0", EXACT).expected_late_s == retime(late, plan).visit("b1/0").start_s - 100


def test_compiled_walk_agrees_with_its_plain_twin() -> None:
    """The compiled walk writes, for every drawn day, exactly the starts and ends of the same code run as plain Python."""
    bookings = [day_booking("b1"), day_booking("b2", location=2, hours=(11, 13), access_s=(120,)), day_booking("b3")]
    problem = day_problem(bookings, [day_therapist(breaks=(pause(),))])
    fact = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=34_000)
    compiled = compile_problem(replace(problem, facts=(fact,), now_s=34_500))
    draw = np.random.default_rng(3)
    pins = np.full((3, 7), -1, np.int64)
    pins[2] = 14 * HOUR
    factors, overruns = draw.integers(500, 2_000, (3, 7)), draw.integers(0, 2_000, (3, 7))
    found = []
    for walk in (walk_scenarios, walk_scenarios.py_func):  # type: ignore[attr-defined]
        starts, ends = np.zeros((4, 7), np.int64), np.zeros((4, 7), np.int64)
        stops, opens = np.array([0, 1, -1, 2], np.int64), np.array([-1, 9 * HOUR, -1, 9 * HOUR], np.int64)
        walk(compiled.tables, 0, stops, opens, pins, factors, overruns, starts, ends)
        found.append((starts.tolist(), ends.tolist()))
    assert found[0] == found[1]
    assert all(start > 0 for row in (0, 1, 3) for start in found[0][0][row])


@pytest.mark.parametrize(
    ("start_s", "short_s"), [(35_000, 0), (36_600, 0), (36_700, 100), (37_500, 900), (37_600, 900)]
)
def test_tightness_is_what_the_margin_lacks(start_s: int, short_s: int) -> None:
    """Fifteen minutes before the window's end nothing is tight, at its end all of the margin is missed, and after it."""
    booking = day_booking(windows=(TimeWindow(start_s=36_000, end_s=37_500),))
    problem = day_problem([booking], [day_therapist()])
    assert tightness(compile_problem(problem).tables, 0, start_s) == short_s
    assert tight_s(booking, start_s, 900) == short_s


def test_tight_starts_are_priced_only_when_asked() -> None:
    """Five missing minutes of the margin cost five times the price, in the plan as in the route; without it nothing."""
    bookings = [day_booking("b1"), day_booking("b2", location=2, hours=(11, 11.333334))]
    free = day_problem(bookings, [day_therapist()])
    priced = replace(free, weights=Weights(tight_sen_per_min=70))
    plan = plan_of(t1=["b1", "b2"])
    added = plan_cost(priced, plan).points - plan_cost(free, plan).points
    assert added == 5 * 70 * POINTS_PER_SEN
    value = evaluate_route(compile_problem(priced), 0, (0, 1))
    assert value.points == plan_cost(priced, plan).points
