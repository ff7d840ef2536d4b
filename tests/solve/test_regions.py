"""Regions planned anew: what comes back is legal, no worse, and stays inside; and the parts they are made of."""

from __future__ import annotations

import threading
from itertools import product
from random import Random

import numpy as np
import pytest

from benchmarks.full_days import full_day
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.rules.referee import check
from dispatch.rules.route import evaluate_route
from dispatch.solve import solve
from dispatch.solve.begin import draft_of, reconciled
from dispatch.solve.couples import with_other_couple
from dispatch.solve.day import Day, day_of
from dispatch.solve.draft import Draft, united
from dispatch.solve.first_plan import fill
from dispatch.solve.linear import LinearProgram
from dispatch.solve.neighbourhood import Neighbourhood
from dispatch.solve.pool import Pool
from dispatch.solve.price import Ask, Pricer, Region, Workshop
from dispatch.solve.region import Regions
from dispatch.solve.regional import Regional
from dispatch.solve.relaxation import Relaxation
from dispatch.solve.routes import RouteBook
from dispatch.solve.stop import Watch
from dispatch.solve.whole import best_whole, value_of
from tests.solve.under_way import as_planned


def never() -> bool:
    """Nobody asks to stop."""
    return False


def begun_day(seed: int, *, bookings: int = 30, therapists: int = 7) -> tuple[Day, RouteBook, Draft]:
    """A day with couples, breaks and likes, and a first draft of it that a few bookings were taken out of again."""
    day = day_of(full_day(seed, bookings=bookings, therapists=therapists))
    book = RouteBook(day)
    draft = draft_of(day, book, reconciled(day, Plan()))
    rng = Random(seed)
    fill(draft, book, rng, stopped=never)
    served = sorted(set(range(len(day.entries))) - draft.out)
    draft.take_out(set(rng.sample(served, 4)), book)
    return day, book, draft


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("quick", [True, False])
def test_a_region_comes_back_legal_and_serves_no_less(seed: int, quick: bool) -> None:
    """A region's new routes are its therapists', the referee accepts them with the rest, and nothing outside moves."""
    day, book, draft = begun_day(seed)
    region = Regions(day).choose(draft, Random(seed), size=5)
    assert region is not None
    columns = Neighbourhood(day, book, Pricer(day)).planned(draft, region, [], never, quick=quick)
    assert columns is not None, "four bookings were taken out: there is something to gain"
    assert [column.therapist for column in columns] == list(region.team)
    whole = draft.columns.copy()
    for column in columns:
        whole[column.therapist] = column
        inside = {day.visit(option) for option in column.options}
        assert inside <= set(region.visits)
        assert all(region.starts[v] == day.start_s(o) for o in column.options if (v := day.visit(o)) in region.starts)
    new = united(day, whole, book)
    assert new.key() < draft.key()
    assert not check(day.problem, new.plan(book))
    held = [day.visit(option) for column in new.columns for option in column.options]
    assert len(held) == len(set(held))


def test_regions_planned_at_once_have_nothing_in_common() -> None:
    """Of several regions no two share a therapist or a visit, and all of them may be put into one draft."""
    day, book, draft = begun_day(2, bookings=120, therapists=30)
    shop = Workshop(2)
    regional = Regional(day, book, Pricer(day, shop=shop), Random(1))
    regions = regional._chosen(draft, (6, 14))
    assert len(regions) == 2
    team = [t for region in regions for t in region.team]
    visits = [visit for region in regions for visit in region.visits]
    assert len(team) == len(set(team))
    assert len(visits) == len(set(visits))
    found = regional.better(draft, Pool(), never, timed=False)
    whole = draft.columns.copy()
    for column in (one for part in found for one in part):
        whole[column.therapist] = column
    new = united(day, whole, book)
    assert new.key() < draft.key()
    assert not check(day.problem, new.plan(book))
    shop.close()


def test_asked_to_stop_a_region_gives_nothing() -> None:
    """Somebody who asks to stop gets no half-planned region."""
    day, book, draft = begun_day(1)
    region = Regions(day).choose(draft, Random(1), size=5)
    assert region is not None
    assert Neighbourhood(day, book, Pricer(day)).planned(draft, region, [], lambda: True) is None


def test_a_booking_that_has_lost_a_seat_loses_all() -> None:
    """Routes chosen apart that hold one seat of a couple give a draft that serves neither."""
    day, book, draft = begun_day(3)
    number = next(n for n, entry in enumerate(day.entries) if len(entry.visits) > 1 and n not in draft.out)
    visit = day.entries[number].visits[1]
    column = draft.columns[draft.holder[visit]]
    shorter = book.without(column, {option for option in column.options if day.visit(option) == visit})
    assert shorter is not None
    columns = draft.columns.copy()
    columns[shorter.therapist] = shorter
    new = united(day, columns, book)
    assert new.out == draft.out | {number}
    assert all(new.holder[seat] < 0 for seat in day.entries[number].visits)


@pytest.mark.parametrize("seed", range(4))
def test_the_program_over_routes_finds_the_best_of_them(seed: int) -> None:
    """No choice of a route or none for each therapist that serves each booking once is worth more than the one found."""
    day, book, _ = begun_day(seed, bookings=12, therapists=3)
    rng = Random(seed)
    singles = [n for n, entry in enumerate(day.entries) if not entry.coupled]
    region = Region(team=tuple(range(3)), visits=tuple(sorted(day.entries[n].visits[0] for n in singles)), starts={})
    relaxation = Relaxation(day, [100_000_000] * len(day.entries), unit=100_000_000, weight=1, region=region)
    routes: dict[int, list[tuple[int, tuple[int, ...]]]] = {t: [(t, ())] for t in region.team}
    for t in region.team:
        able = [v for v in region.visits if t in day.able[v]]
        for _ in range(200):
            visits = tuple(rng.sample(able, min(len(able), rng.randint(1, 3))))
            column = book.column(t, visits)
            if column is not None and (t, visits) not in routes[t] and len(routes[t]) < 12:
                routes[t].append((t, visits))
                relaxation.add([((t, visits), column.points)])
    relaxation.add(((t, ()), 0) for t in region.team)
    assert relaxation.solve()

    def worth(keys: tuple[tuple[int, tuple[int, ...]], ...]) -> float:
        visits = [visit for _, route in keys for visit in route]
        return value_of(relaxation, keys) if len(visits) == len(set(visits)) else -1.0

    best = max(map(worth, product(*routes.values())))
    found = best_whole(relaxation, [(t, ()) for t in region.team], most=500, nodes=1_000, seconds=None, look=never)
    assert found is not None
    assert value_of(relaxation, found) == pytest.approx(best)


def test_a_linear_program_grows_and_knows_its_prices() -> None:
    """New variables and bounds count from the next solve on; an answer has its value, its variables and its prices."""
    program = LinearProgram()
    place = program.row(-1.0)
    cheap = program.variable(-2.0, [(place, -1.0)])
    assert program.solve()
    assert program.value == pytest.approx(-2.0)
    assert program.duals[place] == pytest.approx(2.0)
    better = program.variable(-3.0, [(place, -1.0)], high=0.5)
    assert program.solve()
    assert program.values == pytest.approx({cheap: 0.5, better: 0.5})
    program.at_least(cheap, 1.0)
    assert program.solve()
    assert program.values == pytest.approx({cheap: 1.0})
    program.at_least(cheap, 2.0)
    assert not program.solve()
    program.at_least(cheap, 0.0)
    assert program.solve()
    assert program.value == pytest.approx(-2.5)


def test_a_workshop_does_everything_once_and_keeps_looking() -> None:
    """Each piece of work is done once, by several threads; who waits for them looks, and what went wrong is told."""
    shop, done, looked = Workshop(2), [], threading.Event()

    def work(number: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            assert looked.wait(30)
        done.append(number)

    shop.side_by_side(work, 20, look=looked.set)
    assert sorted(done) == list(range(20))

    def fails(number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError):
        shop.side_by_side(fails, 3, look=lambda: None)
    shop.close()


def test_time_kept_for_the_last_pass_is_a_quarter_at_most() -> None:
    """What is kept is not there for the search, and never more than a quarter of all there is."""
    watch = Watch(Budget(seconds=1_000.0), None)
    watch.keep(100.0)
    left = watch.seconds_left()
    assert left is not None
    assert 890 < left <= 900
    watch.keep(5_000.0)
    left = watch.seconds_left()
    assert left is not None
    assert 740 < left <= 750
    counted = Watch(Budget(rounds=10), None)
    counted.keep(100.0)
    assert counted.used() == 0.0


@pytest.mark.parametrize("seed", range(4))
def test_routes_priced_for_a_region_may_be_driven(seed: int) -> None:
    """Priced with breaks and hours kept, every route passes the rules, at the start of a day and in the middle of it."""
    problem = full_day(seed, bookings=30, therapists=7)
    plan = solve(problem, budget=Budget(rounds=2), seed=seed).plan
    for day in (day_of(problem), day_of(as_planned(problem, plan, 15 * 3_600))):
        singles = [entry.visits[0] for entry in day.entries if not entry.coupled and not entry.fixed]
        pricer = Pricer(day).within(Region(team=tuple(range(len(day.heads))), visits=tuple(singles), starts={}))
        rewards = np.array([1_000 + 7 * (v % 11) for v in range(len(day.entry_of))], np.int64)
        driven = given = 0
        for t in pricer.team:
            if any(day.coupled[v] for v in day.heads[t]) or not evaluate_route(day.compiled, t, day.heads[t]).feasible:
                continue
            for _, visits in pricer.price(t, Ask(rewards=rewards, weight=0, most=40, exact=True), above=0).routes:
                given += 1
                driven += evaluate_route(day.compiled, t, (*day.heads[t], *visits)).feasible
        assert given > 20
        assert driven == given


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5])
def test_a_couple_put_somewhere_else_is_served_there_alone(seed: int) -> None:
    """Its therapists have nothing else to do but what has begun, it starts inside its window, and the rest is legal."""
    day, book, draft = begun_day(seed)
    tried = (with_other_couple(day, book, draft, Random(f"{seed} {number}")) for number in range(40))
    new, team = next(found for found in tried if found is not None)
    held = [option for t in team for option in new.columns[t].options]
    numbers = {day.entry_of[day.visit(option)] for option in held}
    assert len(numbers) == 1
    (number,) = numbers
    assert number not in new.out
    starts = {day.start_s(option) for option in held}
    assert len(starts) == 1
    window = day.problem.bookings[number].windows[0]
    assert window.start_s <= starts.pop() <= window.end_s
    assert not check(day.problem, new.plan(book))


def test_a_day_without_couples_has_none_to_move() -> None:
    """Where nobody comes in pairs, nothing is moved."""
    day = day_of(full_day(1, bookings=4, therapists=4))
    assert not any(entry.coupled for entry in day.entries)
    book = RouteBook(day)
    assert with_other_couple(day, book, draft_of(day, book, reconciled(day, Plan())), Random(1)) is None
