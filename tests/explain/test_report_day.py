"""One past day in figures, counted by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.explain.report_day import Punctuality, Work, day_record
from dispatch.model.booking import Promise, Seat
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BookingStatus, VisitState
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from tests.explain.past_days import finished, taken
from tests.strategies import DAY, HOUR, day_booking, day_problem, day_therapist, pause, plan_of, rest

TOLD = datetime(2026, 3, 1, tzinfo=UTC)


def small_day() -> tuple[DayProblem, Plan]:
    """Two therapists of eight hours, one with a break and two visits; one booking is not in the plan."""
    problem = day_problem(
        [
            day_booking("b1", location=1, hours=(10, 10), value_sen=20_000),
            day_booking("b2", location=3, hours=(14, 14), minutes=120, value_sen=30_000),
            day_booking("b3", location=3, hours=(14, 14), value_sen=7_000),
        ],
        [day_therapist("t1", hours=(9, 17), breaks=(pause(minutes=30),)), day_therapist("t2", hours=(9, 17))],
    )
    return problem, plan_of(t1=["b1", rest(), "b2"])


def test_a_day_nobody_reported_is_its_plan() -> None:
    """Without any report, work is what the published plan says, and nobody knows who was on time."""
    problem, plan = small_day()
    day = day_record(DAY, taken(problem), (), (problem, plan))
    assert (day.booked, day.served, day.left_out, day.cancelled, day.no_shows) == (3, 2, 1, 0, 0)
    assert day.work["t1"] == Work(
        shifts=1,
        visits=2,
        treatment_s=3 * HOUR,
        shift_s=8 * HOUR - 1_800,
        travel_s=600 + 1_200 + 1_800,
        distance_m=30_000,
        value_sen=50_000,
    )
    assert day.work["t2"] == Work(shifts=1, shift_s=8 * HOUR)
    assert day.total.utilisation_percent == round(100 * 3 / 15.5)
    assert day.total.travel_percent == round(100 * 1 / 15.5)
    assert day.total.value_per_hour_sen == int(50_000 / 15.5)
    assert day.punctuality == Punctuality(unknown=2)


def test_reports_say_who_was_on_time_and_who_finished_late() -> None:
    """Starts are judged against the promise or the published start; a long visit makes the day end after the shift."""
    problem, plan = small_day()
    promise = Promise(start_s=14 * HOUR + 600, told_at=TOLD, told_by="taker")
    facts = (
        finished("b1/0", "t1", 10 * HOUR + 301, 11 * HOUR + 301, departed_s=9 * HOUR, arrived_s=9 * HOUR + 1_000),
        finished("b2/0", "t1", 14 * HOUR + 900, 16 * HOUR + 2_400),
    )
    day = day_record(DAY, taken(problem, {"b2": {"promise": promise}}), facts, (problem, plan))
    # b1 is a second over five minutes after its published start; b2 is five minutes after its promise.
    assert day.punctuality == Punctuality(on_time=1, little_late=1)
    # Home is half an hour from b2, which ended twenty minutes before the shift.
    assert (day.work["t1"].overtime_s, day.work["t1"].late_finishes) == (600, 1)
    # The first leg as reported, the others as planned; treatment stays what was booked.
    assert day.work["t1"].travel_s == 1_000 + 1_200 + 1_800
    assert day.work["t1"].treatment_s == 3 * HOUR


@pytest.mark.parametrize(
    ("late_s", "found"),
    [
        (-1_200, Punctuality(on_time=1)),
        (300, Punctuality(on_time=1)),
        (301, Punctuality(little_late=1)),
        (900, Punctuality(little_late=1)),
        (901, Punctuality(later=1)),
    ],
)
def test_the_bounds_of_punctuality(late_s: int, found: Punctuality) -> None:
    """Five minutes are on time and fifteen a little late, to the second; too early is never late."""
    problem = day_problem([day_booking("b1", hours=(10, 10))], [day_therapist("t1")])
    start_s = 10 * HOUR + late_s
    facts = (finished("b1/0", "t1", start_s, start_s + HOUR),)
    assert day_record(DAY, taken(problem), facts, (problem, plan_of(t1=["b1"]))).punctuality == found


def test_a_plan_published_after_the_start_judges_nobody() -> None:
    """Where the plan was published when the visit had begun already, and nothing was promised, its start is unknown."""
    problem, plan = small_day()
    begun = finished("b1/0", "t1", 11 * HOUR, 12 * HOUR)
    later = replace(problem, facts=(begun,))
    assert day_record(DAY, taken(problem), (begun,), (later, plan)).punctuality == Punctuality(unknown=2)


def test_a_start_is_judged_by_the_version_before_it() -> None:
    """A plan published again in the course of the day leaves what was told before for visits that had begun."""
    problem, plan = small_day()
    begun = finished("b1/0", "t1", 10 * HOUR + 1_200, 11 * HOUR + 1_200)
    later = replace(problem, facts=(begun,))
    facts = (begun, finished("b2/0", "t1", 14 * HOUR + 60, 16 * HOUR))
    day = day_record(DAY, taken(problem), facts, (later, plan), ((problem, plan),))
    assert day.punctuality == Punctuality(on_time=1, later=1)


def test_cancelled_and_missed_bookings_are_no_work() -> None:
    """A cancelled booking is driven around, a no-show is driven to, and neither is treated or worth anything."""
    problem, plan = small_day()
    cancelled = taken(problem, {"b2": {"status": BookingStatus.CANCELLED}})
    day = day_record(DAY, cancelled, (), (problem, plan))
    assert (day.booked, day.served, day.left_out, day.cancelled) == (3, 1, 1, 1)
    assert (day.total.travel_s, day.total.treatment_s, day.total.value_sen) == (1_200, HOUR, 20_000)
    missed = VisitFact(visit_id="b2/0", therapist_id="t1", state=VisitState.NO_SHOW, finished_s=14 * HOUR + 1_800)
    for bookings, facts in (
        (taken(problem), (missed,)),
        (taken(problem, {"b2": {"status": BookingStatus.NO_SHOW}}), ()),
    ):
        day = day_record(DAY, bookings, facts, (problem, plan))
        assert (day.served, day.left_out, day.no_shows) == (1, 1, 1)
        assert (day.total.travel_s, day.total.treatment_s, day.total.value_sen) == (3_600, HOUR, 20_000)


def test_a_visit_counts_for_who_made_it() -> None:
    """A visit finished by a colleague is hers, and one finished that the plan had left out is served all the same."""
    problem, plan = small_day()
    facts = (
        finished("b1/0", "t2", 10 * HOUR, 11 * HOUR),
        finished("b3/0", "t2", 19 * HOUR, 20 * HOUR),
    )
    day = day_record(DAY, taken(problem), facts, (problem, plan))
    assert (day.served, day.left_out) == (3, 0)
    assert (day.work["t1"].visits, day.work["t2"].visits) == (1, 2)
    assert (day.work["t2"].value_sen, day.work["t2"].evening_visits) == (27_000, 1)
    assert day.total.value_sen == 57_000


def test_a_couple_shares_its_value_to_the_sen() -> None:
    """The shares of a booking's therapists are whole sen and together the booking's value."""
    problem = day_problem(
        [day_booking("b1", hours=(10, 10), seats=(Seat(), Seat()), value_sen=20_001)],
        [day_therapist("t1"), day_therapist("t2")],
    )
    day = day_record(DAY, taken(problem), (), (problem, plan_of(t1=["b1/0"], t2=["b1/1"])))
    assert sorted(work.value_sen for work in day.work.values()) == [10_000, 10_001]
    assert (day.served, day.total.visits) == (1, 2)


def test_a_hold_that_was_never_confirmed_is_no_visit() -> None:
    """A start held for a caller counts only where the caller has said yes since."""
    problem, plan = small_day()
    held = replace(problem, bookings=(replace(problem.bookings[0], is_hold=True), *problem.bookings[1:]))
    asked = taken(problem, {"b1": {"status": BookingStatus.REQUESTED}})
    assert day_record(DAY, asked, (), (held, plan)).total.visits == 1
    assert day_record(DAY, taken(problem), (), (held, plan)).total.visits == 2


def test_a_day_without_a_published_plan_guesses_nothing() -> None:
    """Only what was booked, cancelled and missed is known of a day that was not published."""
    problem, _ = small_day()
    bookings = taken(problem, {"b1": {"status": BookingStatus.CANCELLED}, "b2": {"status": BookingStatus.NO_SHOW}})
    day = day_record(DAY, bookings, (), None)
    assert (day.published, day.booked, day.cancelled, day.no_shows) == (False, 3, 1, 1)
    assert (day.served, day.left_out, day.total, day.punctuality) == (0, 0, Work(), Punctuality())
    assert day.total.utilisation_percent is None
    assert day.total.value_per_hour_sen is None
