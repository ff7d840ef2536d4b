"""Bookings are taken, changed and cancelled whole or not at all, and never over a colleague's change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import BadInput, Conflict, NotFound, Several
from dispatch.model.booking import Booking
from dispatch.model.decisions import Lock
from dispatch.model.kinds import BookingStatus
from dispatch.work.bookings import (
    add_booking,
    booking_choices,
    booking_page,
    cancel_booking,
    change_booking,
    list_bookings,
    set_promise,
    set_status,
)
from dispatch.work.catalogue import change_treatment, get_treatment
from dispatch.work.locks import lock_visit, locks_of_day
from tests.work.company import DAY, H, Office, booking


def test_a_booking_is_taken_and_found_again(office: Office) -> None:
    """What was taken stands in the day's list and on its own page, with a row in the audit."""
    added = add_booking(office.services, office.taker, booking("b1", contact_id="k-door", note="  lower back\u202e "))
    assert added.branch_id == "main"
    assert added.note == "lower back"
    listed = list_bookings(office.services, office.taker, DAY)
    assert listed.bookings == (added,)
    assert listed.buildings[listed.addresses[added.address_id].building_id].area == "BANGSAR"
    page = booking_page(office.services, office.taker, "b1")
    assert (page.booking, page.client.name) == (added, "Lim Mei Ling")
    assert page.contact is not None
    assert page.contact.name == "Puan Rosnah"
    with office.services.store.reading() as tx:
        newest = tx.audit("main", limit=1)[0]
    assert (newest.actor, newest.code, newest.subject_ids) == ("taker", "booking.added", ("b1",))


def test_an_empty_id_is_given_one(office: Office) -> None:
    """A form without an id still makes a booking that can be named."""
    assert add_booking(office.services, office.taker, booking("")).id.startswith("id5")


def test_errors_leave_nothing_behind(office: Office) -> None:
    """A booking with two mistakes is refused with both, and neither it nor an audit row is kept."""
    with office.services.store.reading() as tx:
        before = tx.audit("main")
    with pytest.raises(Several) as refused:
        add_booking(office.services, office.taker, booking("b1", start=16, end=14, minutes=75))
    assert {error.code for error in refused.value.errors} == {
        "booking.window_ends_before_start",
        "booking.minutes_not_offered",
    }
    with office.services.store.reading() as tx:
        assert tx.find(Booking, "b1") is None
        assert tx.audit("main") == before


def test_a_duplicate_id_is_refused(busy: Office) -> None:
    """A second booking with the id of the first does not replace it."""
    with pytest.raises(Conflict) as refused:
        add_booking(busy.services, busy.taker, booking("b1", "c-tan"))
    assert refused.value.code == "store.exists"
    assert booking_page(busy.services, busy.taker, "b1").client.id == "c-lim"


def test_a_colleague_is_not_overwritten(busy: Office) -> None:
    """Of two changes to the same version the second is refused, and the first stands."""
    shown = booking_page(busy.services, busy.taker, "b1").booking
    first = change_booking(busy.services, busy.taker, replace(shown, note="first"))
    assert first.version == shown.version + 1
    with pytest.raises(Conflict) as refused:
        change_booking(busy.services, busy.dispatcher, replace(shown, note="second"))
    assert refused.value.code == "store.changed_meanwhile"
    assert booking_page(busy.services, busy.taker, "b1").booking.note == "first"


def test_a_change_cannot_smuggle_a_status(busy: Office) -> None:
    """A changed form keeps the status, whatever it says: states have their own steps."""
    shown = booking_page(busy.services, busy.taker, "b1").booking
    kept = change_booking(busy.services, busy.taker, replace(shown, status=BookingStatus.DONE))
    assert kept.status is BookingStatus.REQUESTED


def test_cancelling_needs_a_reason_and_frees_what_was_fixed(busy: Office) -> None:
    """A cancelled booking keeps its reason, loses its locks, and cannot be changed any more."""
    lock_visit(busy.services, busy.dispatcher, DAY, Lock(visit_id="b1/0", therapist_id="t-aina"))
    with pytest.raises(BadInput):
        cancel_booking(busy.services, busy.taker, "b1", 1, "  ")
    gone = cancel_booking(busy.services, busy.taker, "b1", 1, "Client has a fever")
    assert (gone.status, gone.cancelled_reason) == (BookingStatus.CANCELLED, "Client has a fever")
    assert locks_of_day(busy.services, busy.taker, DAY)[0] == ()
    with pytest.raises(Conflict) as refused:
        change_booking(busy.services, busy.taker, replace(gone, note="still"))
    assert refused.value.code == "booking.over"


def test_the_status_machine_holds(busy: Office) -> None:
    """Steps the machine allows are taken, others refused with both states named."""
    confirmed = set_status(busy.services, busy.taker, "b1", 1, BookingStatus.CONFIRMED)
    done = set_status(busy.services, busy.taker, "b1", confirmed.version, BookingStatus.DONE)
    with pytest.raises(Conflict) as refused:
        set_status(busy.services, busy.taker, "b1", done.version, BookingStatus.REQUESTED)
    assert refused.value.values == {"now": "done", "then": "requested"}
    with pytest.raises(BadInput):
        set_status(busy.services, busy.taker, "b2", 1, BookingStatus.CANCELLED)


def test_a_promise_is_kept_until_the_day_changes(busy: Office) -> None:
    """The promised start says when and by whom it was told, and falls away when the booking moves to another day."""
    promised = set_promise(busy.services, busy.taker, "b1", 1, 14 * H)
    assert promised.promise is not None
    assert (promised.promise.start_s, promised.promise.told_by) == (14 * H, "taker")
    moved = change_booking(busy.services, busy.taker, replace(promised, day=DAY + timedelta(days=1)))
    assert moved.promise is None


def test_another_branch_does_not_exist(busy: Office) -> None:
    """A booking of this branch cannot be read or changed by the staff of another."""
    stranger = replace(busy.owner, branch_id="other")
    with pytest.raises(NotFound):
        booking_page(busy.services, stranger, "b1")
    with pytest.raises(NotFound):
        cancel_booking(busy.services, stranger, "b1", 1, "spite")


def test_a_treatment_off_the_menu_stays_good_for_who_has_it(busy: Office) -> None:
    """A treatment taken off the menu cannot be booked anew, but a booking that has it can still be changed."""
    menu = get_treatment(busy.services, busy.dispatcher, "relax")
    change_treatment(busy.services, busy.dispatcher, replace(menu, active=False))
    shown = booking_page(busy.services, busy.taker, "b1").booking
    assert change_booking(busy.services, busy.taker, replace(shown, note="same")).note == "same"
    with pytest.raises(BadInput) as refused:
        add_booking(busy.services, busy.taker, booking("b9"))
    assert refused.value.code == "booking.unknown_treatment"


def test_choices_are_the_active_things_by_name(busy: Office) -> None:
    """A form offers what may be chosen, in the order people look for it, and of the clients those a search finds."""
    choices = booking_choices(busy.services, busy.taker, search="I", client_id="c-tan", limit=2)
    assert [client.name for client in choices.clients] == ["Lim Mei Ling", "Siti Aminah", "Tan Wei"]
    assert {one.client_id for one in choices.addresses} == {"c-lim", "c-siti", "c-tan"}
    few = booking_choices(busy.services, busy.taker, search="i", limit=1)
    assert (len(few.clients), few.more_clients, few.addresses[0].client_id) == (1, 2, "c-lim")
    assert booking_choices(busy.services, busy.taker).clients == ()
    assert [one.name for one in choices.treatments] == ["Deep", "Mother", "Relax"]
    assert choices.today == DAY
