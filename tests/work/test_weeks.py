"""The week view: each day's load, counted by hand, and what it does not do."""

from dataclasses import replace
from datetime import timedelta

from dispatch.model.decisions import Hold
from dispatch.work.bookings import add_booking, cancel_booking
from dispatch.work.locks import hold_start
from dispatch.work.weeks import week_of
from tests.work.company import DAY, H, Office, booking
from tests.work.plans import SOME, keep, keep_and_publish

WEDNESDAY = 2


def test_a_week_runs_from_monday_to_sunday(busy: Office) -> None:
    """Whatever day of it is asked for, the week is the same seven days."""
    weeks = [week_of(busy.services, busy.taker, DAY + timedelta(days=number)) for number in range(-2, 5)]
    assert {week.first for week in weeks} == {DAY - timedelta(days=2)}
    assert [day.day.weekday() for day in weeks[0].days] == list(range(7))
    assert weeks[0].today == DAY


def test_a_planned_day_by_hand(busy: Office) -> None:
    """Served, left out, treatment against shifts and room are what the plan says; Devi, who has no roster, is not shown."""
    keep(busy)
    week = week_of(busy.services, busy.dispatcher, DAY)
    day = week.days[WEDNESDAY]
    assert (day.planned, day.published, day.changed) == (True, False, False)
    assert (day.bookings, day.served, day.left_out, day.holds, day.on_duty) == (4, 4, 0, 0, 3)
    assert day.treatment_s == day.asked_s == 330 * 60
    assert day.shift_s == 3 * (12 * H - 1_800)
    assert day.utilisation_percent == round(100 * 5.5 / 34.5)
    assert [one.name for one in week.team] == ["Aina", "Bee Ling", "Chandra"]
    loads = {one.therapist_id: one for one in day.therapists}
    assert [len(loads[one].busy) for one in ("t-aina", "t-bee", "t-chandra", "t-devi")] == [2, 2, 1, 0]
    chandra = loads["t-chandra"]
    visit = chandra.busy[0]
    assert 0 < chandra.room_s <= chandra.shift_s - chandra.travel_s - 60 * 60
    assert visit.end_s - visit.start_s >= 60 * 60
    assert not loads["t-devi"].works


def test_a_day_without_a_plan_tells_what_is_asked(busy: Office) -> None:
    """Before anybody plans, a day has its bookings and the treatment they ask for, and nothing is served."""
    day = week_of(busy.services, busy.dispatcher, DAY).days[WEDNESDAY]
    assert (day.planned, day.bookings, day.served, day.left_out) == (False, 4, 0, 4)
    assert (day.treatment_s, day.asked_s, day.shift_s) == (0, 330 * 60, 3 * 12 * H)
    assert day.asked_percent == round(100 * 5.5 / 36)


def test_what_changed_since_the_plan_is_seen(busy: Office) -> None:
    """A booking taken since is left out, and a cancelled one is gone with its visits."""
    keep_and_publish(busy)
    add_booking(busy.services, busy.taker, booking("new", "c-tan", 11, 12))
    one = cancel_booking(busy.services, busy.taker, "b2", 1, "Client ill")
    assert one.cancelled_reason
    day = week_of(busy.services, busy.dispatcher, DAY).days[WEDNESDAY]
    assert (day.bookings, day.served, day.left_out) == (4, 3, 1)
    assert (day.published, day.changed) == (True, False)
    assert day.treatment_s == 270 * 60


def test_a_plan_that_therapists_do_not_see_yet_is_marked(busy: Office) -> None:
    """After publishing, another plan worked on makes the day changed."""
    keep_and_publish(busy)
    keep(busy, SOME)
    day = week_of(busy.services, busy.dispatcher, DAY).days[WEDNESDAY]
    assert (day.published, day.changed, day.served, day.left_out) == (True, True, 2, 2)


def test_holds_are_counted_apart(busy: Office) -> None:
    """A start held for a caller is no booking of the day until it expires, and then the booking waits like any other."""
    services = busy.services
    hold = Hold(
        id="h",
        branch_id="",
        day=DAY,
        booking_id="b1",
        therapist_ids=("t-aina",),
        start_s=14 * H,
        expires_at=services.now() + timedelta(minutes=20),
        held_by="",
    )
    hold_start(services, busy.taker, hold)
    day = week_of(services, busy.dispatcher, DAY).days[WEDNESDAY]
    assert (day.bookings, day.holds, day.asked_s) == (3, 1, 270 * 60)
    busy.clock.on(minutes=30)
    day = week_of(services, busy.dispatcher, DAY).days[WEDNESDAY]
    assert (day.bookings, day.holds) == (4, 0)


def test_looking_at_a_week_changes_nothing(busy: Office) -> None:
    """The week view plans nothing, writes nothing and wakes nobody."""
    keep(busy)
    woken = len(busy.woken)
    with busy.services.store.reading() as tx:
        before = tx.audit("")
    week_of(busy.services, replace(busy.taker), DAY)
    with busy.services.store.reading() as tx:
        assert tx.audit("") == before
    assert len(busy.woken) == woken
