"""What is learned from visits comes near the truth, believes a handful only a little, and is deaf to what went wrong."""

from dataclasses import replace
from statistics import mean

import pytest

from benchmarks.learned import draw_company, draw_legs, errors_min, travel_error_percent
from dispatch.explain.learning import AccessSeen, LegSeen, learn_access, learn_travel
from dispatch.explain.shrinking import Value, drawn_mean
from dispatch.model.kinds import TravelMode

SET = {"b": (480,)}


def ways(*seconds: int, hour: int = 14, at_most: bool = False) -> list[AccessSeen]:
    """Give ways into the one building."""
    return [AccessSeen(building_id="b", hour=hour, access_s=one, at_most=at_most) for one in seconds]


def learned_s(seen: list[AccessSeen], hour: int = 14) -> int:
    """Give what is learned of the one building at an hour."""
    figures = learn_access(seen, SET)["b"].figures
    return figures[hour % len(figures)]


def test_after_twenty_visits_the_mean_error_is_under_a_minute() -> None:
    """With known truth, forgotten and batched taps, late clients and early therapists: under a minute, and a third of what was set."""
    drawn = [errors_min(draw_company(seed, 20)) for seed in range(3)]
    after = mean(one for pair in drawn for one in pair[0])
    before = mean(one for pair in drawn for one in pair[1])
    assert after < 1.0
    assert after < before / 3


def test_more_visits_come_nearer_to_the_truth() -> None:
    """Of the same companies, three visits a building help, ten help more, forty more still."""
    errors = [mean(errors_min(draw_company(7, visits))[0]) for visits in (0, 3, 10, 40)]
    assert errors == sorted(errors, reverse=True)


def test_driving_is_learned_from_legs() -> None:
    """Driving that is truly 15 to 30 % slower is known to a twentieth after 400 legs, one in twenty with a stop on its way."""
    assert mean(travel_error_percent(draw_legs(seed, 400)) for seed in range(3)) < 5


def test_one_visit_is_believed_a_little() -> None:
    """One visit of 14 minutes moves the 8 that were set, but not all the way."""
    assert 480 < learned_s(ways(840)) < 840


def test_many_visits_are_believed() -> None:
    """Fifty visits of about 14 minutes make it 14."""
    assert learned_s(ways(*(780, 840, 900, 840, 840) * 10)) == 840


def test_one_odd_visit_changes_nothing() -> None:
    """A client who opened an hour late is no news of the building."""
    usual = ways(*(480, 540, 420, 500, 460) * 4)
    assert learned_s([*usual, *ways(4_000)]) == learned_s(usual) == 480


def test_waiting_is_no_way_in() -> None:
    """Starts that waited for the time told pull the figure nowhere up, and starts that did not wait say how long it takes."""
    waited = ways(*(1_200,) * 20, at_most=True)
    assert learned_s([*ways(*(480,) * 10), *waited]) == 480
    assert learned_s(ways(*(240,) * 20, at_most=True)) < 300


def test_an_hour_has_its_own_figure() -> None:
    """Lifts that are full at six make six slower and leave eleven as it is."""
    seen = [*ways(*(480,) * 20, hour=11), *ways(*(900,) * 20, hour=18)]
    assert learned_s(seen, 18) - learned_s(seen, 11) >= 300


def test_the_order_of_visits_is_nothing() -> None:
    """The same visits in any order teach the same."""
    seen = list(draw_company(1, 8).seen)
    basis = draw_company(1, 8).basis
    assert learn_access(seen, basis) == learn_access(seen[::-1], basis)


def test_figures_are_whole_minutes_within_bounds() -> None:
    """Nothing seen makes a figure that the building's own form would refuse."""
    wild = [*ways(*range(0, 7_200, 60)), *ways(*(0,) * 30, hour=3), *ways(*(7_200,) * 30, hour=20)]
    assert all(0 <= one <= 7_200 and one % 60 == 0 for one in learn_access(wild, SET)["b"].figures)


@pytest.mark.parametrize("longer", [0.3, 3.9])
def test_driving_stays_within_bounds(longer: float) -> None:
    """However wild the legs, driving becomes neither free nor endless."""
    legs = [LegSeen(mode=TravelMode.CAR, hour=9, real_s=round(1_000 * longer), planned_s=1_000)] * 500
    assert all(500 <= one <= 2_500 for one in learn_travel(legs)[TravelMode.CAR].figures)


def test_a_mean_without_values_is_what_was_known() -> None:
    """Nothing seen leaves what was known before."""
    assert drawn_mean([], prior=3.0, sigma=1.0, tau=2.0).mean == 3.0


def test_a_mean_is_the_formula() -> None:
    """Two plain values weigh against the prior as the formula of the reference says."""
    found = drawn_mean([Value(y=1.0), Value(y=1.2)], prior=0.0, sigma=1.0, tau=1.0)
    assert found.mean == pytest.approx(2.2 / 3)


def test_a_building_nobody_set_is_left_out() -> None:
    """What is seen of a building that is not known teaches nothing."""
    assert learn_access([replace(one, building_id="x") for one in ways(600)], SET) == {}
