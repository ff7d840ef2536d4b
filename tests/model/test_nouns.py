"""The small verbs of the nouns: service days, status steps, rosters, areas, facts."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.booking import may_become
from dispatch.model.branch import ServiceArea
from dispatch.model.day import moment_of, seconds_of, service_day_of
from dispatch.model.facts import Event, fold
from dispatch.model.kinds import BookingStatus, EventKind, VisitState
from dispatch.model.places import Point
from dispatch.model.plan import booking_of, visit_id
from dispatch.model.therapist import DayPattern, Roster, RosterException, Shift

KL = "Asia/Kuala_Lumpur"


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(21_600, 107_999))
def test_times_of_the_service_day_round_trip(day: date, seconds: int) -> None:
    """Every second from 06:00 to 06:00 belongs to its service day and comes back the same."""
    moment = moment_of(seconds, day, KL)
    assert seconds_of(moment, day, KL) == seconds
    assert service_day_of(moment, KL) == day


def test_before_six_is_still_yesterday() -> None:
    """A visit at half past one in the night belongs to the evening before."""
    assert service_day_of(datetime(2026, 11, 23, 17, 30, tzinfo=UTC), KL) == date(2026, 11, 23)
    assert service_day_of(datetime(2026, 11, 23, 22, 0, tzinfo=UTC), KL) == date(2026, 11, 24)


@given(st.text(min_size=1, max_size=12), st.integers(0, 5))
def test_visit_ids_name_booking_and_seat(booking: str, seat: int) -> None:
    """A visit id gives back its booking and seat, whatever the booking's id."""
    assert booking_of(visit_id(booking, seat)) == (booking, seat)


def test_a_cancelled_booking_is_not_done() -> None:
    """The status machine refuses steps nobody can mean."""
    assert not may_become(BookingStatus.CANCELLED, BookingStatus.DONE)
    assert may_become(BookingStatus.REQUESTED, BookingStatus.CONFIRMED)
    assert not any(may_become(status, status) for status in BookingStatus)


def test_an_exception_wins_over_the_pattern() -> None:
    """The roster's exception for a date replaces the weekday's pattern, also by being off."""
    monday = DayPattern(weekday=0, shifts=(Shift(start_s=36_000, end_s=64_800),))
    roster = Roster(pattern=(monday,), exceptions=(RosterException(day=date(2026, 11, 23), reason="leave"),))
    assert roster.on(date(2026, 11, 16)) == (monday.shifts, ())
    assert roster.on(date(2026, 11, 23)) == ((), ())
    assert roster.on(date(2026, 11, 17)) == ((), ())


def test_the_service_area_is_a_box_and_polygons() -> None:
    """A point counts as inside only where the box and, if there are any, one polygon hold it."""
    square = tuple(Point(lat=lat, lon=lon) for lat, lon in ((3.0, 101.5), (3.0, 101.8), (3.2, 101.8), (3.2, 101.5)))
    area = ServiceArea(polygons=(square,))
    assert area.holds(Point(lat=3.1, lon=101.6))
    assert not area.holds(Point(lat=3.3, lon=101.6))
    assert not ServiceArea().holds(Point(lat=1.3, lon=103.8))


def event(number: int, kind: EventKind, at_s: int, retracts: str | None = None) -> Event:
    """Give the event `e<number>` of one visit, told by the device in the order of its number."""
    told = datetime(2026, 11, 23, 2, tzinfo=UTC) + timedelta(minutes=number)
    return Event(
        id=f"e{number}",
        branch_id="kl",
        visit_id="b/0",
        therapist_id="t",
        kind=kind,
        at_s=at_s,
        device_at=told,
        server_at=told,
        actor="t",
        retracts=retracts,
    )


EVENTS = (
    event(1, EventKind.DEPARTED, 36_000),
    event(2, EventKind.ARRIVED, 37_000),
    event(3, EventKind.STARTED, 37_900),
    event(4, EventKind.FINISHED, 41_000),
    event(5, EventKind.RETRACTED, 41_050, retracts="e4"),
)


@pytest.mark.parametrize("order", list(permutations(EVENTS))[::17])
def test_facts_are_the_same_for_any_order_and_repeats(order: tuple[Event, ...]) -> None:
    """Events that arrive late, twice or in another order fold to the same facts."""
    facts = fold((*order, *order[:3]))
    assert facts == fold(EVENTS)
    assert facts[0].state is VisitState.STARTED
    assert (facts[0].departed_s, facts[0].started_s, facts[0].finished_s) == (36_000, 37_900, None)


def test_times_that_run_backwards_are_not_believed() -> None:
    """A time told after that of a later step is unknown, the later step's stands; taken back, all times are known again."""
    early = event(6, EventKind.FINISHED, 36_500)
    (fact,) = fold((*EVENTS[:3], early))
    assert fact.state is VisitState.FINISHED
    assert fact.times() == (36_000, None, None, 36_500)
    (fact,) = fold((*EVENTS[:3], early, event(7, EventKind.RETRACTED, 41_100, retracts="e6")))
    assert fact.times() == (36_000, 37_000, 37_900, None)
    (fact,) = fold((*EVENTS[:3], event(6, EventKind.ARRIVED, 38_500)))
    assert (fact.state, fact.times()) == (VisitState.STARTED, (36_000, None, 37_900, None))
