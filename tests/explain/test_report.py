"""Reports over several days: sums, fairness, demand and reasons, counted by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.explain.report import Fairness, fairness_of, report_of
from dispatch.explain.report_day import Work, day_record
from dispatch.explain.report_demand import demand_of
from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import BookingStatus
from tests.explain.past_days import taken
from tests.strategies import DAY, HOUR, day_booking, day_problem, day_therapist, plan_of


def test_days_add_up() -> None:
    """Two published days and one that was not make one report, and say which day is missing."""
    problem = day_problem([day_booking("b1", value_sen=9_000)], [day_therapist("t1"), day_therapist("t2")])
    bookings = taken(problem)
    second, third = DAY + timedelta(days=1), DAY + timedelta(days=2)
    cancelled = tuple(
        replace(one, id=f"{one.id}x", day=third, status=BookingStatus.CANCELLED, cancelled_reason=" Fell  ill ")
        for one in bookings
    )
    days = (
        day_record(DAY, bookings, (), (problem, plan_of(t1=["b1"]))),
        day_record(second, bookings, (), (replace(problem, day=second), plan_of(t2=["b1"]))),
        day_record(third, cancelled, (), None),
    )
    report = report_of(days, (*bookings, *cancelled), {"b1": "KLCC"})
    assert report.missing == (third,)
    assert (report.booked, report.booked_published, report.served, report.cancelled) == (3, 2, 2, 1)
    assert report.work["t1"] + report.work["t2"] == report.total
    assert (report.total.shifts, report.total.visits, report.total.value_sen) == (4, 2, 18_000)
    assert report.cancelled_percent == 33
    assert report.no_show_percent == 0
    assert report.reasons == (("Fell ill", 1),)


def test_fairness_by_hand() -> None:
    """Utilisation of 60 and 20 per cent is even to 80 per cent by Jain's index; equal shares are even to 100."""
    work = {"t1": Work(shift_s=100, treatment_s=60), "t2": Work(shift_s=100, treatment_s=20)}
    assert fairness_of(work) == Fairness(
        therapists=2,
        even_percent=80,
        mean_percent=40,
        most_id="t1",
        most_percent=60,
        least_id="t2",
        least_percent=20,
    )
    alike = fairness_of({**work, "t2": Work(shift_s=200, treatment_s=120)})
    assert alike is not None
    assert alike.even_percent == 100


@pytest.mark.parametrize("idle", [{}, {"t1": Work(visits=1, treatment_s=60)}])
def test_fairness_needs_shifts(idle: dict[str, Work]) -> None:
    """Where nobody had a shift nothing is said of fairness, and nothing is divided by nought."""
    assert fairness_of(idle) is None


def test_nobody_treating_anybody_is_even() -> None:
    """A team without any visits is shared out evenly."""
    found = fairness_of({"t1": Work(shift_s=100), "t2": Work(shift_s=100)})
    assert found is not None
    assert (found.even_percent, found.mean_percent) == (100, 0)


def test_demand_is_counted_by_the_hour_asked_for() -> None:
    """A booking counts once, in the hour its first window opens, on its weekday and in its area; cancelled ones do not."""
    problem = day_problem(
        [
            day_booking("b1", windows=(TimeWindow(start_s=18 * HOUR, end_s=19 * HOUR), _window(11))),
            day_booking("b2", windows=(_window(11),)),
            day_booking("b3", windows=(_window(25),)),
            day_booking("b4", windows=(_window(11),)),
        ],
        [],
    )
    bookings = taken(problem, {"b4": {"status": BookingStatus.CANCELLED}})
    demand = demand_of((DAY, DAY + timedelta(days=1)), bookings, {"b1": "KLCC", "b2": "KLCC", "b3": "TTDI"})
    assert demand.hours == tuple(range(10, 26))
    assert demand.weekdays == (1, 1, 0, 0, 0, 0, 0)
    assert dict(zip(demand.hours, demand.by_weekday[0], strict=True))[11] == 2
    assert dict(zip(demand.hours, demand.by_hour, strict=True))[25] == 1
    assert [(area, sum(counts)) for area, counts in demand.by_area] == [("KLCC", 2), ("TTDI", 1)]


def test_the_same_reason_is_counted_once() -> None:
    """Reasons that differ in capitals and blanks alone are one, the most frequent stands first, none is empty."""
    problem = day_problem([day_booking(f"b{number}") for number in range(4)], [])
    words = ("Client ill", "", "client  ILL", "Traffic")
    bookings = taken(
        problem,
        {
            f"b{number}": {"status": BookingStatus.CANCELLED, "cancelled_reason": word}
            for number, word in enumerate(words)
        },
    )
    assert report_of((), bookings, {}).reasons == (("Client ill", 2), ("", 1), ("Traffic", 1))


def _window(hour: int) -> TimeWindow:
    return TimeWindow(start_s=hour * HOUR, end_s=hour * HOUR + 1_800)
