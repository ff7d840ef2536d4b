"""Reports from what the store holds: three days of the small company, and the spans they may be asked for."""

from datetime import date, timedelta

import pytest

from dispatch.errors import BadInput, Forbidden
from dispatch.explain.report_day import Punctuality
from dispatch.model.kinds import EventKind
from dispatch.model.plan import Plan
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.reports import branch_report, span_of
from tests.work.company import DAY, H, Office, booking
from tests.work.past import AFTER, NEXT, live_three_days, report
from tests.work.plans import FULL, keep_and_publish, route

MINUTE = 60


def test_three_days_are_told_as_they_went(busy: Office) -> None:
    """Served, cancelled, missed and left out are told day by day, and the day nobody published is named, not guessed."""
    live_three_days(busy)
    given = branch_report(busy.services, busy.dispatcher, DAY, AFTER)
    first, second, third = given.report.days
    assert (first.booked, first.served, first.left_out) == (4, 4, 0)
    assert (second.booked, second.served, second.cancelled, second.no_shows) == (3, 1, 1, 1)
    assert (third.published, third.booked, third.served) == (False, 1, 0)
    assert given.report.missing == (AFTER,)
    assert given.report.reasons == (("Client ill", 1),)


def test_work_is_what_was_published(busy: Office) -> None:
    """Treatment, shifts and value of the published days are those of their plans, by therapist and together."""
    live_three_days(busy)
    given = branch_report(busy.services, busy.dispatcher, DAY, AFTER)
    work = given.report.work
    # DAY: Aina an hour and her part of the couple, Bee Ling an hour and an hour and a half, Chandra the couple's other part.
    day = given.report.days[0].work
    assert {one: done.treatment_s // MINUTE for one, done in day.items()} == {
        "t-aina": 120,
        "t-bee": 150,
        "t-chandra": 60,
    }
    assert {one: done.value_sen for one, done in day.items()} == {
        "t-aina": 30_000,
        "t-bee": 36_000,
        "t-chandra": 15_000,
    }
    assert {done.shift_s for done in day.values()} == {12 * H - 30 * MINUTE}
    # The day after: of three visits one was missed and one cancelled.
    assert given.report.total.visits == 5 + 1
    assert work["t-chandra"].visits == 2
    assert given.report.total.shifts == 6
    assert given.name_of("t-aina") == "Aina"


def test_punctuality_is_what_phones_reported(busy: Office) -> None:
    """Four minutes late is on time, twenty are late, and a visit without a report is unknown."""
    live_three_days(busy)
    given = branch_report(busy.services, busy.dispatcher, DAY, DAY)
    assert given.report.punctuality == Punctuality(on_time=1, later=1, unknown=3)


def test_a_late_report_changes_the_figures(busy: Office) -> None:
    """What a phone sends days later is in the next report, although the day was reported on before."""
    live_three_days(busy)
    before = branch_report(busy.services, busy.dispatcher, DAY, DAY).report.punctuality
    report(busy, "b4/0", "t-bee", EventKind.STARTED, 19 * H)
    after = branch_report(busy.services, busy.dispatcher, DAY, DAY).report.punctuality
    assert (before.unknown, after.unknown) == (3, 2)


def test_publishing_again_does_not_forget_what_was_told(busy: Office) -> None:
    """A visit that began before the plan was published again is judged by what therapists were shown before."""
    keep_and_publish(busy)
    report(busy, "b1/0", "t-aina", EventKind.STARTED, 14 * H + 1_200)
    report(busy, "b1/0", "t-aina", EventKind.FINISHED, 15 * H + 1_200)
    add_booking(busy.services, busy.taker, booking("late", "c-siti", 20, 21))
    plan = Plan(
        routes=(*FULL.routes[:2], route("t-chandra", "meal", "b3/1", "late/0")),
    )
    keep_and_publish(busy, plan)
    found = branch_report(busy.services, busy.dispatcher, DAY, DAY).report
    assert found.punctuality == Punctuality(later=1, unknown=5)


def test_a_published_day_nobody_reported_has_the_figures_of_its_board(busy: Office) -> None:
    """The report and the board count alike: served, treatment, shifts, travel, overtime, value and its hour."""
    keep_and_publish(busy)
    board = day_board(busy.services, busy.dispatcher, DAY).figures
    day = branch_report(busy.services, busy.dispatcher, DAY, DAY).report.days[0]
    total = day.total
    assert (day.served, day.left_out, total.visits) == (board.served, board.left_out, board.visits)
    assert (total.treatment_s, total.shift_s, total.travel_s) == (board.treatment_s, board.shift_s, board.travel_s)
    assert (total.distance_m, total.overtime_s, total.value_sen) == (
        board.distance_m,
        board.overtime_s,
        board.value_sen,
    )
    assert total.utilisation_percent == board.utilisation_percent
    assert total.travel_percent == board.travel_percent
    assert total.value_per_hour_sen == board.value_per_hour_sen


def test_who_noted_what_is_told(busy: Office) -> None:
    """Cancellations and no-shows count for who wrote them down, at the desk or with her phone at the door."""
    live_three_days(busy)
    report(busy, "n3/0", "t-chandra", EventKind.NO_SHOW, 16 * H, NEXT)
    given = branch_report(busy.services, busy.dispatcher, DAY, AFTER)
    assert [(one.by, one.cancelled, one.no_shows) for one in given.noted] == [("taker", 1, 1), ("Chandra", 0, 1)]
    assert sum(one.no_shows for one in given.noted) == given.report.no_shows == 2
    assert sum(one.cancelled for one in given.noted) == given.report.cancelled == 1


def test_a_company_without_history_has_an_empty_report(office: Office) -> None:
    """Where nothing was ever booked or published every day is missing, and nothing is divided by nought."""
    given = branch_report(office.services, office.owner)
    assert (given.first, given.last) == (DAY - timedelta(days=27), DAY)
    assert len(given.report.missing) == 28
    assert given.report.fairness is None
    assert given.report.total.utilisation_percent is None
    assert given.report.cancelled_percent is None


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (None, None, (date(2026, 10, 29), DAY)),
        (None, date(2026, 11, 1), (date(2026, 10, 5), date(2026, 11, 1))),
        (date(2026, 11, 20), None, (date(2026, 11, 20), DAY)),
        (date(2026, 8, 1), None, (date(2026, 8, 1), date(2026, 8, 28))),
        (DAY - timedelta(days=119), DAY, (DAY - timedelta(days=119), DAY)),
    ],
)
def test_spans_left_open_are_four_weeks(first: date | None, last: date | None, span: tuple[date, date]) -> None:
    """An open end makes the span four weeks long, and no longer than up to today."""
    assert span_of(DAY, first, last) == span


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (DAY, DAY - timedelta(days=1), "report.backwards"),
        (DAY, NEXT, "report.future"),
        (DAY - timedelta(days=120), DAY, "report.too_long"),
        (NEXT, None, "report.backwards"),
    ],
)
def test_spans_that_cannot_be_are_refused(first: date, last: date | None, code: str) -> None:
    """A span backwards, into the future, or of more than 120 days is refused by a sentence of its own."""
    with pytest.raises(BadInput) as refused:
        span_of(DAY, first, last)
    assert refused.value.code == code


def test_reports_are_not_for_the_booking_desk(busy: Office) -> None:
    """What colleagues earn and how much they work is for dispatchers and owners."""
    for actor in (busy.taker, busy.therapist):
        with pytest.raises(Forbidden):
            branch_report(busy.services, actor)
