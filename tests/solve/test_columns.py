"""Columns: pricing held to trying every route, column generation and dives held to the bounds they meet."""

from __future__ import annotations

from itertools import permutations
from random import Random

import numpy as np
from hypothesis import HealthCheck, given, settings

from dispatch.model.problem import DayProblem
from dispatch.rules import pricing
from dispatch.rules.route import evaluate_route
from dispatch.solve.bound import Bounds
from dispatch.solve.columns import generate
from dispatch.solve.day import Day, day_of
from dispatch.solve.dive import dive
from dispatch.solve.guide import Guide
from dispatch.solve.price import Ask, Pricer
from dispatch.solve.reach import Ints
from dispatch.solve.relaxation import Relaxation
from dispatch.solve.routes import RouteBook
from tests.strategies import day_booking, day_problem, day_problems, day_therapist, pause

UNIT = 1_000


def busy_day(count: int = 12, therapists: int = 2, seed: int = 3) -> DayProblem:
    """A day with more bookings than its therapists can serve."""
    rng = Random(seed)
    wishes = [
        day_booking(f"b{n}", location=rng.randint(1, 4), hours=(at := rng.randint(9, 15), at + 1), priority=5 * (n % 2))
        for n in range(count)
    ]
    return day_problem(wishes, [day_therapist(f"t{n}", breaks=(pause(),)) for n in range(therapists)])


def rewards_of(day: Day, seed: int) -> Ints:
    """Some rewards by visit."""
    rng = Random(seed)
    return np.array([rng.randint(0, 40_000_000) for _ in day.entry_of], np.int64)


def best_by_trying(day: Day, t: int, rewards: Ints, weight: int) -> int:
    """The most that any order of any of a therapist's visits is worth, by the rules themselves."""
    best = 0
    for count in range(1, len(day.able) + 1):
        for visits in permutations([v for v in range(len(day.able)) if t in day.able[v]], count):
            if len({day.entry_of[v] for v in visits}) < count:
                continue
            value = evaluate_route(day.compiled, t, visits)
            if value.feasible:
                best = max(best, int(rewards[list(visits)].sum()) - weight * value.points)
    return best


@settings(max_examples=40, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))
@given(day_problems(most_bookings=3, most_therapists=2))
def test_no_route_is_worth_more_than_priced(problem: DayProblem) -> None:
    """Whatever the day, no route that the rules allow is worth more than the best one priced, with or without points."""
    day = day_of(problem)
    pricer = Pricer(day)
    for t in range(len(day.heads)):
        for weight in (0, 1):
            rewards = rewards_of(day, t)
            priced = pricer.price(t, Ask(rewards=rewards, weight=weight, most=5, exact=True), above=0)
            assert priced.whole
            assert priced.worth >= best_by_trying(day, t, rewards, weight)


def test_the_best_route_is_priced_exactly_on_a_plain_day() -> None:
    """Where nothing is left aside, the best route priced is worth what the rules say, and so is each route given."""
    day = day_of(busy_day(6, 1))
    rewards = rewards_of(day, 1)
    priced = Pricer(day).price(0, Ask(rewards=rewards, weight=1, most=10, exact=True), above=0)
    assert priced.worth == priced.routes[0][0] == best_by_trying(day, 0, rewards, 1)
    for worth, visits in priced.routes:
        value = evaluate_route(day.compiled, 0, visits)
        assert value.feasible
        assert worth == int(rewards[list(visits)].sum()) - value.points


def test_the_compiled_labelling_does_what_its_plain_twin_does() -> None:
    """Run as plain Python, the labelling grows the very same labels."""
    day = day_of(busy_day(6, 1))
    pricer = Pricer(day)
    pricer.prepare()
    her = pricer.day_of_therapist(0)
    answers = []
    for grow in (pricing.grow_routes, pricing.grow_routes.py_func):  # type: ignore[attr-defined]
        labels = np.zeros((500, pricing.LABEL_COLUMNS), np.int64)
        sets, values = np.zeros((500, her.words), np.uint64), np.zeros(500, np.int64)
        rewards = rewards_of(day, 1)[her.visits]
        tables = day.compiled.tables
        found = (her.visits, her.elements, her.alone, her.latest, her.ever, rewards, her.begin)
        count, whole = grow(tables, 0, *found, 1, True, labels, sets, values)
        answers.append(
            (int(count), bool(whole), labels[:count].tolist(), sets[:count].tolist(), values[:count].tolist())
        )
    assert answers[0] == answers[1]


def test_too_little_room_is_told() -> None:
    """Where not all labels find room, the labelling says so, and nothing is taken for proven."""
    day = day_of(busy_day(8, 1))
    her = Pricer(day).day_of_therapist(0)
    labels = np.zeros((3, pricing.LABEL_COLUMNS), np.int64)
    sets, values = np.zeros((3, her.words), np.uint64), np.zeros(3, np.int64)
    rewards = rewards_of(day, 1)[her.visits]
    found = (her.visits, her.elements, her.alone, her.latest, her.ever, rewards, her.begin)
    assert pricing.grow_routes(day.compiled.tables, 0, *found, 0, True, labels, sets, values) == (3, False)


def test_column_generation_ends_where_bound_and_program_meet() -> None:
    """At the end of column generation the bound is what the program gains, up to rounding the rewards."""
    day = day_of(busy_day())
    relaxation = Relaxation(day, [UNIT * 1_000] * len(day.entries), unit=UNIT * 1_000)
    generate(relaxation, Pricer(day), rounds=50, stopped=lambda: False)
    assert relaxation.bound is not None
    assert 0 <= relaxation.bound / (UNIT * 1_000) - relaxation.value < 0.001


def test_asked_to_stop_the_bound_stays_what_it_was() -> None:
    """A column generation that is stopped at once proves no more than that all bookings are served."""
    day = day_of(busy_day())
    relaxation = Relaxation(day, [1] * len(day.entries), unit=1)
    assert generate(relaxation, Pricer(day), rounds=50, stopped=lambda: True) == 0
    assert relaxation.bound == len(day.entries)


def test_a_dive_gives_each_therapist_one_route_and_leaves_the_program_as_it_was() -> None:
    """A dive's routes are of different therapists, the rules allow them, and the program gains what it gained before."""
    day = day_of(busy_day())
    pricer = Pricer(day)
    relaxation = Relaxation(day, [UNIT] * len(day.entries), unit=UNIT)
    generate(relaxation, pricer, rounds=50, stopped=lambda: False)
    before = relaxation.value
    routes = dive(relaxation, pricer, stopped=lambda: False)
    assert len({t for t, _ in routes}) == len(routes) == 2
    assert all(evaluate_route(day.compiled, t, visits).feasible for t, visits in routes)
    assert relaxation.solve()
    assert abs(relaxation.value - before) < 1e-6


def test_a_guides_plan_serves_nobody_twice_and_is_the_same_twice() -> None:
    """The plan a dive comes to serves each booking once, keeps the rules, and two guides of a day come to the same."""
    day = day_of(busy_day())
    found = []
    for _ in range(2):
        book = RouteBook(day)
        guide = Guide(day, book, Bounds(day))
        guide.learn([], lambda: False)
        nothing = [book.column(t, ()) for t in range(len(day.heads))]
        draft = guide.plan([column for column in nothing if column is not None], lambda: False)
        assert draft is not None
        held = [option for column in draft.columns for option in column.options]
        assert len(held) == len(set(held)) > 4
        found.append([column.options for column in draft.columns])
    assert found[0] == found[1]
