"""Whoever has the day open is told what others changed of it, and who else is here; looking leaves no trace."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Forbidden
from dispatch.model.account import Actor
from dispatch.model.move import Move
from dispatch.work.bookings import add_booking, cancel_booking
from dispatch.work.clients import change_client, client_page
from dispatch.work.moving import make_move
from dispatch.work.planning import publish
from dispatch.work.presence import LIFE_S, Colleague, last_change, leave, news, note_presence, pulse
from dispatch.work.services import Services
from tests.work.company import DAY, Office, booking
from tests.work.plans import FULL, keep


def audit_rows(services: Services) -> int:
    """Count the audit rows."""
    with services.store.reading() as tx:
        return len(tx.audit("main", limit=10_000))


def number_of(office: Office) -> int:
    """Give the number of the newest change."""
    return pulse(office.services, office.dispatcher, DAY).number


def give_to_bee(office: Office, head_id: str) -> str:
    """Let the owner give the booking `b1` to Bee, and give the new plan's id."""
    move = Move(places=(("b1/0", "t-bee"),), start_s=None)
    return make_move(office.services, office.owner, DAY, move, head_id=head_id).id


def test_a_move_by_a_colleague_is_told_with_who_and_what(busy: Office) -> None:
    """A board drawn before a colleague's move hears who did it, which visit is elsewhere, and with whom it was."""
    head = keep(busy, FULL)
    number = number_of(busy)
    give_to_bee(busy, head.id)
    told = news(busy.services, busy.dispatcher, DAY, since=number, head_id=head.id)
    assert (told.concerns, told.mine, told.number) == (True, False, number_of(busy))
    assert [(one.code, one.named()["who"]) for one in told.done] == [("live.did.moved", "owner")]
    assert told.names["owner"] == "owner"
    assert "b1/0" in told.visits
    handed = next(one.named() for one in told.changes if one.named()["visit_id"] == "b1/0")
    assert (handed["was_id"], handed["therapist_id"]) == ("t-aina", "t-bee")
    assert told.names["b1/0"] == "Lim Mei Ling"


def test_what_one_did_oneself_is_told_as_such(busy: Office) -> None:
    """Changes that only the reader made are marked, so that no board announces them to her."""
    head = keep(busy, FULL)
    number = number_of(busy)
    give_to_bee(busy, head.id)
    assert news(busy.services, busy.owner, DAY, since=number, head_id=head.id).mine
    publish(busy.services, busy.dispatcher, DAY, head_id=_head(busy))
    assert not news(busy.services, busy.owner, DAY, since=number).mine


def _head(office: Office) -> str:
    with office.services.store.reading() as tx:
        return tx.pointers("main", DAY).head_id or ""


def test_nothing_new_is_no_news(busy: Office) -> None:
    """A board that has seen the newest change is told that nothing concerns it."""
    keep(busy, FULL)
    told = news(busy.services, busy.dispatcher, DAY, since=number_of(busy), head_id=_head(busy))
    assert (told.concerns, told.done, told.changes) == (False, (), ())


def test_another_day_is_no_news_and_a_therapist_is(busy: Office) -> None:
    """A booking of tomorrow does not stir today's board; one of today, and a change of a client, do."""
    number = number_of(busy)
    add_booking(busy.services, busy.taker, replace(booking("tomorrow"), day=DAY + timedelta(days=1)))
    assert not news(busy.services, busy.dispatcher, DAY, since=number).concerns
    assert news(busy.services, busy.dispatcher, DAY + timedelta(days=1), since=number).concerns
    number = number_of(busy)
    cancel_booking(busy.services, busy.taker, "b4", 1, "changed her mind")
    assert news(busy.services, busy.dispatcher, DAY, since=number).concerns
    number = number_of(busy)
    client = client_page(busy.services, busy.taker, "c-lim").client
    change_client(busy.services, busy.taker, replace(client, note="knock twice"))
    assert news(busy.services, busy.dispatcher, DAY, since=number).concerns


def test_a_plan_of_another_branch_or_day_tells_nothing(busy: Office) -> None:
    """A made-up head is not compared with anything, and does no harm."""
    keep(busy, FULL)
    told = news(busy.services, busy.dispatcher, DAY, since=0, head_id="nobody's")
    assert (told.concerns, told.changes) == (True, ())


def test_who_is_here_is_known_for_a_short_while(busy: Office) -> None:
    """A colleague's name and open card are shown until she leaves or is not heard of; nobody is shown herself."""
    services = busy.services
    rows, number = audit_rows(services), number_of(busy)
    note_presence(services, busy.owner, DAY, "b1/0")
    note_presence(services, busy.dispatcher, DAY, "")
    assert pulse(services, busy.dispatcher, DAY).colleagues == (Colleague(name="owner", card="b1/0"),)
    assert pulse(services, busy.owner, DAY).colleagues == (Colleague(name="dispatcher", card=""),)
    assert pulse(services, busy.taker, DAY + timedelta(days=1)).colleagues == ()
    leave(services, busy.dispatcher, DAY)
    assert pulse(services, busy.owner, DAY).colleagues == ()
    busy.clock.on(seconds=LIFE_S + 1)
    assert pulse(services, busy.dispatcher, DAY).colleagues == ()
    assert (audit_rows(services), number_of(busy)) == (rows, number)


def test_a_card_of_any_text_is_kept_short(busy: Office) -> None:
    """A hostile card is cut, and cannot break what the database keeps."""
    note_presence(busy.services, busy.owner, DAY, "\0<script>" * 100)
    (colleague,) = pulse(busy.services, busy.dispatcher, DAY).colleagues
    assert len(colleague.card) <= 120


def test_only_who_may_read_the_day_is_told_of_it(busy: Office) -> None:
    """A therapist neither sees who is here nor what was changed."""
    stranger: Actor = busy.therapist
    for ask in (
        lambda: pulse(busy.services, stranger, DAY),
        lambda: news(busy.services, stranger, DAY, since=0),
        lambda: note_presence(busy.services, stranger, DAY, ""),
        lambda: leave(busy.services, stranger, DAY),
        lambda: last_change(busy.services, stranger, "b1"),
    ):
        with pytest.raises(Forbidden):
            ask()


def test_who_changed_a_thing_last_is_known(busy: Office) -> None:
    """The newest change of a booking is named with who made it and when; one that nobody changed has none."""
    busy.clock.on(minutes=5)
    cancel_booking(busy.services, busy.dispatcher, "b4", 1, "changed her mind")
    changed = last_change(busy.services, busy.taker, "b4")
    assert changed is not None
    assert (changed.name, changed.at) == ("dispatcher", busy.clock())
    assert last_change(busy.services, busy.taker, "nothing") is None
