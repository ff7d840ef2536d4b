"""The default engine: distances, reference seconds, and that leaving later never arrives earlier."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.kinds import Gender, TravelMode
from dispatch.model.places import Point
from dispatch.model.problem import DayProblem, DayTherapist, Location
from dispatch.model.therapist import Shift
from dispatch.model.travel import TravelMatrix
from dispatch.rules.compiled import compile_problem
from dispatch.rules.step import Tables, arrival
from dispatch.travel.great_circle import engine, great_circle_km
from dispatch.travel.table import load_table

KLCC, BANGSAR, KLANG = Point(lat=3.1579, lon=101.7123), Point(lat=3.1290, lon=101.6710), Point(lat=3.0449, lon=101.4455)
MONDAY = date(2026, 11, 23)
POINTS = st.builds(Point, lat=st.floats(2.7, 3.45), lon=st.floats(101.2, 102.0))


def matrix(*points: Point, mode: TravelMode = TravelMode.CAR, day: date = MONDAY) -> TravelMatrix:
    """Give the shipped engine's matrix."""
    return engine(load_table())(points, day, mode)


def tables(here: Point, there: Point, mode: TravelMode = TravelMode.CAR, day: date = MONDAY) -> Tables:
    """Give the compiled tables of a day with two places, through which the rules tell arrivals."""
    somebody = DayTherapist(
        id="somebody",
        techniques=(),
        gender=Gender.FEMALE,
        shifts=(Shift(start_s=6 * 3_600, end_s=30 * 3_600),),
        start_location=0,
        travel_mode=mode,
    )
    places = (Location(id="here", lat=here.lat, lon=here.lon), Location(id="there", lat=there.lat, lon=there.lon))
    problem = DayProblem(
        id="two places",
        day=day,
        locations=places,
        matrices=(matrix(here, there, mode=mode, day=day),),
        therapists=(somebody,),
    )
    return compile_problem(problem).tables


def test_great_circle_is_the_known_distance() -> None:
    """From KLCC to Bangsar it is 5.6 km as the crow flies, and a degree of latitude is 111.2 km."""
    assert great_circle_km(KLCC, BANGSAR) == pytest.approx(5.6, abs=0.05)
    assert great_circle_km(Point(lat=2, lon=101), Point(lat=3, lon=101)) == pytest.approx(111.195, abs=0.01)


def test_roads_are_longer_than_the_crow_flies() -> None:
    """The road is half a kilometre plus 1.35 of the great circle, beyond 20 km only 1.30 of it."""
    table = load_table()
    assert table.road_km(10.0) == pytest.approx(14.0)
    assert table.road_km(30.0) == pytest.approx(0.5 + 27.0 + 13.0)


def test_reference_seconds_are_the_road_at_forty() -> None:
    """A leg's reference seconds are its road at 40 km/h, and the fixed part comes on top of the price."""
    legs = matrix(KLCC, BANGSAR)
    road_m = legs.metres(0, 1)
    assert road_m == pytest.approx(1_000 * (0.5 + 1.35 * great_circle_km(KLCC, BANGSAR)), abs=1)
    assert legs.reference_s[1] == pytest.approx(road_m * 3.6 / 40, abs=1)
    assert legs.priced_s(0, 1) == legs.reference_s[1] + 120


def test_the_same_building_is_no_leg() -> None:
    """Two visits in one building have no travel between them; across the street there is some."""
    across = Point(lat=KLCC.lat + 0.0003, lon=KLCC.lon)
    legs = matrix(KLCC, KLCC, across)
    assert legs.priced_s(0, 1) == 0
    assert legs.metres(0, 1) == 0
    assert legs.priced_s(0, 2) > 120


def test_no_points_is_an_empty_matrix() -> None:
    """A day without places has a matrix of nought by nought."""
    assert matrix().size == 0


def test_walking_takes_longest() -> None:
    """From KLCC to Klang a walker takes longest and a car shortest by reference."""
    took = {mode: matrix(KLCC, KLANG, mode=mode).reference_s[1] for mode in TravelMode}
    assert took[TravelMode.WALK] > took[TravelMode.TRANSIT] > took[TravelMode.CAR]


def test_the_evening_peak_is_slower_than_noon() -> None:
    """The same leg takes longer by the clock at six in the evening than at eleven."""
    legs = tables(KLCC, KLANG)
    noon, peak = (arrival(legs, 0, 0, 1, hour * 3_600) - hour * 3_600 for hour in (11, 18))
    assert peak > noon * 1.2


@given(points=st.lists(POINTS, min_size=2, max_size=4))
def test_a_matrix_is_symmetric_and_positive(points: list[Point]) -> None:
    """There is as far as back, nowhere is nought but to itself, and no leg is shorter than the crow's."""
    legs = matrix(*points)
    for one in range(len(points)):
        assert legs.reference_s[one * legs.size + one] == 0
        for other in range(len(points)):
            assert legs.priced_s(one, other) == legs.priced_s(other, one)
            crow_m = 1_000 * great_circle_km(points[one], points[other])
            assert legs.metres(one, other) >= crow_m - 3


@given(
    here=POINTS,
    there=POINTS,
    mode=st.sampled_from(TravelMode),
    days=st.integers(0, 400),
    leave_s=st.integers(6 * 3_600, 30 * 3_600),
    later_s=st.integers(0, 7_200),
)
def test_leaving_later_never_arrives_earlier(
    here: Point, there: Point, mode: TravelMode, days: int, leave_s: int, later_s: int
) -> None:
    """For any leg, mode, day and hour, whoever leaves later arrives later or at the same time."""
    legs = tables(here, there, mode, MONDAY + timedelta(days=days))
    assert arrival(legs, 0, 0, 1, leave_s) <= arrival(legs, 0, 0, 1, leave_s + later_s)
