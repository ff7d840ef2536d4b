"""Texts for clients: the company's own or those it began with, written for a booking in the client's language."""

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden
from dispatch.model.kinds import BookingStatus
from dispatch.model.message import MessageKind
from dispatch.model.people import Client
from dispatch.work.bookings import booking_page, set_promise, set_status
from dispatch.work.clients import change_client, client_page
from dispatch.work.messages import change_message_text, message_for, message_texts, messages_for
from tests.work.company import H, Office
from tests.work.plans import FULL, keep


def change(office: Office, **changes: object) -> Client:
    """Change Lim Mei Ling."""
    services, owner = office.services, office.owner
    return change_client(
        services,
        owner,
        replace(client_page(services, owner, "c-lim").client, **changes),  # type: ignore[arg-type]
    )


def test_a_message_is_written_in_the_clients_language(busy: Office) -> None:
    """A reminder names day, window, place and therapist of the plan, and its link opens the client's chat."""
    keep(busy, FULL)
    change(busy, language="ms")
    booking = booking_page(busy.services, busy.taker, "b1").booking
    set_promise(busy.services, busy.taker, "b1", booking.version, 14 * H)
    message = message_for(busy.services, busy.taker, "b1", MessageKind.REMINDER)
    assert message.language == "ms"
    assert "Lim" in message.text
    assert "Rabu, 25 November" in message.text
    assert "14:00 dan 14:30" in message.text
    assert "Bangsar Residence, bersama Aina" in message.text
    assert message.link.startswith("https://wa.me/60123456789?text=Hai%20Lim")


def test_a_booking_is_ready_for_its_own_messages(busy: Office) -> None:
    """Nothing is written of a start that was not told; then confirmation and reminder, and thanks when it is over."""
    services, taker = busy.services, busy.taker
    booking = booking_page(services, taker, "b1").booking
    booking = set_status(services, taker, "b1", booking.version, BookingStatus.CONFIRMED)
    assert messages_for(services, taker, booking) == ()
    booking = set_promise(services, taker, "b1", booking.version, 14 * H)
    kinds = [one.kind for one in messages_for(services, taker, booking)]
    assert kinds == [MessageKind.CONFIRMATION, MessageKind.REMINDER]
    booking = set_status(services, taker, "b1", booking.version, BookingStatus.DONE)
    assert [one.kind for one in messages_for(services, taker, booking)] == [MessageKind.THANK_YOU, MessageKind.REBOOK]


def test_a_start_after_midnight_has_the_calendars_date(busy: Office) -> None:
    """A treatment at half past midnight of Wednesday's service day is told as Thursday's."""
    booking = booking_page(busy.services, busy.taker, "b1").booking
    set_promise(busy.services, busy.taker, "b1", booking.version, 24 * H + 1_800)
    message = message_for(busy.services, busy.taker, "b1", MessageKind.CONFIRMATION)
    assert "Thursday, 26 November" in message.text
    assert "00:30" in message.text
    assert "+1" not in message.text


@pytest.mark.parametrize("phone", ["", "+60323456789"])
def test_without_whatsapp_there_is_a_text_and_a_reason(busy: Office, phone: str) -> None:
    """A client without a mobile number gets no link; the text is there to copy, and why is said."""
    change(busy, phone=phone)
    message = message_for(busy.services, busy.taker, "b1", MessageKind.THANK_YOU)
    assert message.text
    assert not message.link
    assert message.trouble is not None
    assert message.trouble.code == "message.no_whatsapp"


def test_health_in_a_name_stays_out_of_the_link(busy: Office) -> None:
    """A note about a complaint that somebody wrote into a client's name does not reach the link."""
    change(busy, first_name="Lim (slipped disc)")
    message = message_for(busy.services, busy.taker, "b1", MessageKind.THANK_YOU)
    assert not message.link
    assert message.trouble is not None
    assert message.trouble.code == "message.health_word"


def test_the_company_writes_its_own_text_and_takes_it_back(busy: Office) -> None:
    """Its text is used from then on; an empty one brings back the first text, and a stale one overwrites nothing."""
    services, dispatcher = busy.services, busy.dispatcher
    change_message_text(services, dispatcher, MessageKind.THANK_YOU, "en", "Bye {client}!", 0)
    assert message_for(services, busy.taker, "b1", MessageKind.THANK_YOU).text == "Bye Lim!"
    with pytest.raises(Conflict, match=r"store\.changed_meanwhile"):
        change_message_text(services, dispatcher, MessageKind.THANK_YOU, "en", "Other", 0)
    for text, code in (("Your Deep is done", "message.health_word"), ("Hi {price}", "message.unknown_value")):
        with pytest.raises(BadInput, match=code):
            change_message_text(services, dispatcher, MessageKind.THANK_YOU, "en", text, 1)
    with pytest.raises(Forbidden):
        change_message_text(services, busy.taker, MessageKind.THANK_YOU, "en", "Mine", 1)
    change_message_text(services, dispatcher, MessageKind.THANK_YOU, "en", " ", 1)
    assert message_for(services, busy.taker, "b1", MessageKind.THANK_YOU).text.startswith("Hello Lim, thank you")
    assert {one.version for one in message_texts(services, busy.taker)} == {0}
