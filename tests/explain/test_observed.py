"""Which taps are believed: those made when things happened, of ways in and legs that are nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dispatch.explain.observed import Slow, VisitPlace, seen_access, seen_legs, treated_s
from dispatch.model.booking import Booking, Link, Promise, Seat, TimeWindow
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import LinkKind, StopKind, TravelMode, VisitState
from dispatch.model.plan import Plan, Route, Stop

H = 3_600
BOOKING = Booking(
    id="w",
    branch_id="main",
    day=date(2026, 11, 25),
    client_id="c",
    address_id="a",
    treatment_id="t",
    minutes=60,
    windows=(TimeWindow(start_s=10 * H, end_s=18 * H),),
)
PLACE = VisitPlace(booking=BOOKING, building_id="b", area="KLCC", set_up_s=300)
FACT = VisitFact(
    visit_id="w/0",
    therapist_id="t",
    state=VisitState.FINISHED,
    departed_s=13 * H,
    arrived_s=14 * H,
    started_s=14 * H + 900,
    finished_s=15 * H + 900,
)


def test_a_way_in_is_counted_without_setting_up() -> None:
    """Fifteen minutes from arrival to start with five of setting up are ten minutes of way, in the hour of arrival."""
    seen = seen_access([FACT], {"w/0": PLACE}, None, Slow())
    assert [(one.building_id, one.hour, one.access_s, one.at_most) for one in seen.access] == [("b", 14, 600, False)]
    assert seen.unusable == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"arrived_s": None},
        {"arrived_s": 14 * H + 890},
        {"arrived_s": 11 * H},
        {"started_s": 15 * H + 890, "arrived_s": 15 * H},
    ],
    ids=["arrival forgotten", "tapped in one go", "arrival hours before", "start tapped with the end"],
)
def test_taps_that_cannot_be_right_are_set_aside(changes: dict[str, int | None]) -> None:
    """They are counted as unusable and teach nothing."""
    seen = seen_access([replace(FACT, **changes)], {"w/0": PLACE}, None, Slow())  # type: ignore[arg-type]
    assert (seen.access, seen.unusable) == ((), 1)


def test_an_early_therapist_waited() -> None:
    """A start at the very time that was told says no more than that the way took no longer."""
    promise = Promise(start_s=14 * H + 900, told_at=datetime(2026, 11, 24, tzinfo=UTC), told_by="u")
    place = replace(PLACE, booking=replace(BOOKING, promise=promise))
    assert [one.at_most for one in seen_access([FACT], {"w/0": place}, None, Slow()).access] == [True]


def test_only_the_last_of_a_couple_counts() -> None:
    """Whoever came first may have waited for her colleague; nothing is counted until all have arrived."""
    place = replace(PLACE, booking=replace(BOOKING, seats=(Seat(), Seat())))
    places = {"w/0": place, "w/1": place}
    late = replace(FACT, visit_id="w/1", therapist_id="u", arrived_s=14 * H + 300)
    assert seen_access([FACT], places, None, Slow()).access == ()
    assert [one.access_s for one in seen_access([FACT, late], places, None, Slow()).access] == [300]


def test_linked_starts_noted_traffic_and_second_visits_inside_do_not_count() -> None:
    """A way in that was something else as well teaches nothing of the building, and nobody is blamed for her taps."""
    linked = replace(BOOKING, links=(Link(kind=LinkKind.SAME_START, other_booking_id="x"),))
    assert seen_access([FACT], {"w/0": replace(PLACE, booking=linked)}, None, Slow()).access == ()
    assert seen_access([FACT], {"w/0": PLACE}, None, Slow(areas=frozenset({"KLCC"}))).access == ()
    plan = route("v/0", "w/0")
    assert seen_access([FACT], {"v/0": PLACE, "w/0": PLACE}, plan, Slow()).access == ()


def route(*visits: str) -> Plan:
    """Give a plan of one route."""
    stops = tuple(Stop(kind=StopKind.VISIT, id=visit) for visit in visits)
    return Plan(routes=(Route(therapist_id="t", stops=stops),))


def legs(*facts: VisitFact, slow: Slow | None = None) -> list[tuple[int, int, int]]:
    """Give what the legs of a route from home over v to w say, where every drive was thought to take 20 minutes."""
    places = {"v/0": replace(PLACE, building_id="a"), "w/0": PLACE}
    found = seen_legs(
        route("v/0", "w/0"),
        facts,
        places,
        {"t": (TravelMode.CAR, "home")},
        slow or Slow(),
        lambda _mode, _origin, _destination, _depart_s: 1_200,
        {TravelMode.CAR: 120},
    )
    return [(one.hour, one.real_s, one.planned_s) for one in found]


FIRST = replace(FACT, visit_id="v/0", departed_s=11 * H, arrived_s=11 * H + 1_620, started_s=12 * H, finished_s=13 * H)
SECOND = replace(FACT, departed_s=13 * H + 60, arrived_s=13 * H + 2_400)


def test_legs_between_reported_stops_count() -> None:
    """Driving is what is between leaving and arriving, less walking to the car, in the hour of its middle."""
    assert legs(FIRST, SECOND) == [(11, 1_500, 1_200), (13, 2_220, 1_200)]


def test_a_leg_from_nobody_knows_where_does_not_count() -> None:
    """Without a report of the stop before, or with a departure before its end, nobody knows where she came from."""
    assert legs(SECOND) == []
    assert legs(FIRST, replace(SECOND, departed_s=12 * H)) == [(11, 1_500, 1_200)]
    assert legs(replace(FIRST, therapist_id="u"), SECOND) == []


def test_a_leg_in_rain_or_tapped_in_one_go_does_not_count() -> None:
    """Rain was noted for that day alone, and a drive of half a minute is none."""
    assert legs(FIRST, slow=Slow(rain=((11 * H, 12 * H),))) == []
    assert legs(replace(FIRST, departed_s=11 * H + 1_600)) == []
    assert legs(replace(FIRST, departed_s=5 * H)) == []


def test_the_minutes_of_a_treatment_need_both_taps() -> None:
    """From its start to its end; unknown where either was not reported."""
    assert treated_s(FACT) == H
    assert treated_s(replace(FACT, started_s=None)) is None
    assert treated_s(replace(FACT, state=VisitState.STARTED)) is None
