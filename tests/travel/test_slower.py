"""Rain and traffic: slower in their hours and by their share, as before outside them, and never overtaking oneself."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.day import DAY_S, HOUR_S
from dispatch.model.kinds import TravelMode
from dispatch.model.problem import DayProblem
from dispatch.model.travel import RATE_ONE, HourProfile
from dispatch.rules.retime import retime
from dispatch.travel.slower import longer_to_the_door_s, rained_on
from dispatch.travel.table import load_table
from tests.strategies import day_booking, day_problem, day_therapist, line_matrix, plan_of

TABLE = load_table()
SPANS = st.tuples(st.integers(6 * HOUR_S, 29 * HOUR_S), st.integers(1, 8 * HOUR_S), st.integers(1_001, 5_000)).map(
    lambda one: (one[0], min(30 * HOUR_S, one[0] + one[1]), one[2])
)


def test_rain_slows_its_hours_alone_and_each_mode_by_its_share() -> None:
    """A rate of a thousand becomes 800 for a car in an hour that takes a quarter longer, and 667 for a motorbike."""
    rain = [(14 * HOUR_S, 16 * HOUR_S, 1_250)]
    for mode, rate in ((TravelMode.CAR, 800), (TravelMode.MOTORBIKE, 666), (TravelMode.TRANSIT, 941)):
        rates = rained_on(line_matrix(mode=mode), TABLE, rain).profile.rate_per_mille
        assert [rates[13], rates[16], rates[-1]] == [RATE_ONE] * 3
        assert rates[14] == rates[15]
        assert abs(rates[14] - rate) <= 1


def test_an_hour_rained_on_in_part_is_slower_by_that_part() -> None:
    """Half an hour of rain that halves the speed leaves three quarters of the hour's rate."""
    rates = rained_on(line_matrix(), TABLE, [(14 * HOUR_S, 14 * HOUR_S + 1_800, 2_000)]).profile.rate_per_mille
    assert rates[14] == 750


@given(SPANS, SPANS)
def test_the_same_rain_twice_is_one_rain(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    """What is noted twice slows nothing twice, and of two rains each hour has the stronger one."""
    matrix = line_matrix(rates=TABLE.profile(line_day(), TravelMode.CAR).rate_per_mille)
    once, both = rained_on(matrix, TABLE, [one]), rained_on(matrix, TABLE, [one, other])
    assert rained_on(matrix, TABLE, [one, one]) == once
    alone = rained_on(matrix, TABLE, [other])
    hours = range(30)
    assert [both.profile.rate_per_mille[h] for h in hours] == [
        min(once.profile.rate_per_mille[h], alone.profile.rate_per_mille[h]) for h in hours
    ]
    assert all(
        0 < slow <= usual
        for slow, usual in zip(both.profile.rate_per_mille, matrix.profile.rate_per_mille, strict=False)
    )


def line_day() -> date:
    """The day of the line of places."""
    return day_problem([], []).day


def test_traffic_in_an_area_is_minutes_at_the_door_in_its_hours() -> None:
    """Three kilometres at 40 km/h take four and a half minutes, at twice the time as much again, and in half an hour half."""
    longer = longer_to_the_door_s(HourProfile(), TABLE, [(14 * HOUR_S, 15 * HOUR_S + 1_800, 2_000)])
    assert (longer[13], longer[14], longer[15], longer[16]) == (0, 270, 135, 0)
    night = longer_to_the_door_s(HourProfile(), TABLE, [(25 * HOUR_S, 26 * HOUR_S, 2_000)])
    assert (night[1], sum(night)) == (270, 270)


@given(st.lists(SPANS, min_size=1, max_size=3), st.integers(9 * HOUR_S, 20 * HOUR_S), st.integers(1, 3_600))
def test_leaving_later_never_arrives_earlier(rain: list[tuple[int, int, int]], leave_s: int, later_s: int) -> None:
    """Whatever is noted, who begins her day later is not ready earlier."""
    longer = longer_to_the_door_s(HourProfile(), TABLE, rain)

    def ready_s(from_s: int) -> int:
        wish = day_booking(hours=(6, 40), location=3, access_s=tuple(120 + more for more in longer))
        problem: DayProblem = day_problem(
            [wish],
            [day_therapist("aina", hours=(from_s / HOUR_S, 2 * DAY_S / HOUR_S))],
            matrices=(rained_on(line_matrix(), TABLE, rain),),
        )
        return retime(problem, plan_of(aina=["b1"])).visit("b1/0").ready_s

    assert ready_s(leave_s) <= ready_s(leave_s + later_s)
