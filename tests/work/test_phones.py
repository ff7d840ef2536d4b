"""A therapist's phone shows her own published day, by a link that is hers alone and can be switched off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Forbidden, NotFound
from dispatch.model.account import PhoneLink
from dispatch.model.booking import Seat
from dispatch.model.kinds import EventKind, Role
from dispatch.work.bookings import add_booking, booking_page, cancel_booking, change_booking
from dispatch.work.phones import (
    PhoneBreak,
    PhoneDay,
    PhoneVisit,
    make_phone_link,
    phone_actor,
    phone_day,
    revoke_phone_links,
)
from dispatch.work.team import change_therapist, get_therapist
from tests.work.company import DAY, H, Office, booking
from tests.work.plans import SOME, keep, keep_and_publish
from tests.work.test_problem import event


def visits(day: PhoneDay) -> list[PhoneVisit]:
    """Give the visits of a phone's day."""
    return [stop for stop in day.stops if isinstance(stop, PhoneVisit)]


def test_a_link_opens_its_therapist(office: Office) -> None:
    """The token stands for the therapist it was made for, and only its hash is kept."""
    token = make_phone_link(office.services, office.dispatcher, "t-bee")
    actor = phone_actor(office.services, token)
    assert (actor.role, actor.therapist_id, actor.branch_id) == (Role.THERAPIST, "t-bee", "main")
    with office.services.store.reading() as tx:
        (link,) = tx.list(PhoneLink, "main")
    assert token not in str(link)
    assert link.id == token.split(".")[0]


def test_a_made_up_link_opens_nothing(office: Office) -> None:
    """A token that was changed, cut, made up or signed with another secret is refused."""
    token = make_phone_link(office.services, office.dispatcher, "t-bee")
    link_id, random, signature = token.split(".")
    foreign = replace(office.services, secret="another")
    with_foreign = make_phone_link(foreign, office.dispatcher, "t-bee")
    for wrong in (
        "",
        "x",
        "a.b.c",
        "é.ü.ß",
        f"{link_id}.{random}.",
        f"{link_id}.{random[:-1]}x.{signature}",
        with_foreign,
    ):
        with pytest.raises(Forbidden) as refused:
            phone_actor(office.services, wrong)
        assert refused.value.code == "phone.link_invalid"


def test_a_revoked_link_opens_nothing(office: Office) -> None:
    """All links of a therapist can be switched off at once; others' go on; a new one works again."""
    mine = [make_phone_link(office.services, office.dispatcher, "t-bee") for _ in range(2)]
    other = make_phone_link(office.services, office.dispatcher, "t-aina")
    assert revoke_phone_links(office.services, office.dispatcher, "t-bee") == 2
    assert revoke_phone_links(office.services, office.dispatcher, "t-bee") == 0
    for token in mine:
        with pytest.raises(Forbidden) as refused:
            phone_actor(office.services, token)
        assert refused.value.code == "phone.link_revoked"
    assert phone_actor(office.services, other).therapist_id == "t-aina"
    new = make_phone_link(office.services, office.dispatcher, "t-bee")
    assert phone_actor(office.services, new).therapist_id == "t-bee"


def test_who_has_left_is_shut_out(office: Office) -> None:
    """A therapist who is no longer active cannot open her link, and nobody makes one for a stranger."""
    token = make_phone_link(office.services, office.dispatcher, "t-bee")
    bee = get_therapist(office.services, office.dispatcher, "t-bee")
    change_therapist(office.services, office.dispatcher, replace(bee, active=False))
    with pytest.raises(Forbidden):
        phone_actor(office.services, token)
    with pytest.raises(NotFound):
        make_phone_link(office.services, office.dispatcher, "nobody")


def test_a_plan_that_is_not_published_is_not_shown(busy: Office) -> None:
    """Until the dispatcher publishes, the phone says that there is nothing yet."""
    keep(busy)
    day = phone_day(busy.services, busy.therapist)
    assert (day.published, day.stops, day.next_visit, day.day) == (False, (), None, DAY)


def test_her_day_shows_her_visits_and_nobody_elses(busy: Office) -> None:
    """The phone has her visits and break in order with all she needs at the door, and the way home."""
    published = keep_and_publish(busy)
    day = phone_day(busy.services, busy.therapist)
    assert (day.published, day.revision_number, day.name) == (True, published.number, "Aina")
    first, meal, second = day.stops
    assert isinstance(first, PhoneVisit)
    assert isinstance(meal, PhoneBreak)
    assert isinstance(second, PhoneVisit)
    assert [one.visit_id for one in visits(day)] == ["b1/0", "b3/0"]
    assert day.next_visit == first
    assert (first.area, first.building, first.unit) == ("BANGSAR", "Bangsar Residence", "B-12-3")
    assert (first.treatment, first.techniques, first.minutes) == ("Relax", ("Swedish",), 60)
    assert (first.client_first_name, first.phone) == ("Lim", "+60123456789")
    assert first.notes == (("gate", "Register with the guard"), ("guard", "Saya datang untuk unit B-12-3"))
    assert first.leave_by_s <= first.start_s < first.end_s <= meal.start_s
    assert second.with_therapists == ("Chandra",)
    assert second.travel_s > 0
    assert (day.start_area, day.home_area) == ("BANGSAR", "BANGSAR")
    assert day.home_s > second.end_s
    assert "Mei Ling" not in str(day)
    assert "Tan" not in str(day)


def test_the_next_visit_comes_from_the_clock_and_the_reports(busy: Office) -> None:
    """What is reported finished or has passed is not next; when all is done nothing is."""
    keep_and_publish(busy)
    event(busy, "b1/0", EventKind.STARTED, 14 * H)
    event(busy, "b1/0", EventKind.FINISHED, 15 * H)
    day = phone_day(busy.services, busy.therapist)
    assert visits(day)[0].done
    assert day.next_visit == visits(day)[1]
    busy.clock.on(hours=13)
    assert phone_day(busy.services, busy.therapist, DAY).next_visit is None


def test_numbers_are_shown_on_the_day_only(busy: Office) -> None:
    """The client's and the contact's number are gone when the service day is over, at six the next morning."""
    shown = booking_page(busy.services, busy.taker, "b1").booking
    change_booking(busy.services, busy.taker, replace(shown, contact_id="k-door"))
    keep_and_publish(busy)
    busy.clock.on(hours=20, minutes=59)
    assert visits(phone_day(busy.services, busy.therapist, DAY))[0].phone == "+60123456789"
    busy.clock.on(minutes=1)
    after = visits(phone_day(busy.services, busy.therapist, DAY))[0]
    assert (after.phone, after.contact_phone, after.contact_name) == ("", "", "Puan Rosnah")
    busy.clock.on(days=-2)
    assert visits(phone_day(busy.services, busy.therapist, DAY))[0].phone == ""


def test_a_cancelled_visit_leaves_the_phone_at_once(busy: Office) -> None:
    """A booking cancelled after publishing is not driven to; the rest of the day stays."""
    keep_and_publish(busy)
    cancel_booking(busy.services, busy.taker, "b1", 1, "fever")
    day = phone_day(busy.services, busy.therapist)
    assert [one.visit_id for one in visits(day)] == ["b3/0"]


def test_a_change_after_publishing_waits_for_the_next_plan(busy: Office) -> None:
    """A booking that became a couple's stays as published until the day is planned and published anew."""
    keep_and_publish(busy, SOME)
    shown = booking_page(busy.services, busy.taker, "b1").booking
    change_booking(busy.services, busy.taker, replace(shown, seats=(Seat(), Seat())))
    add_booking(busy.services, busy.taker, booking("b8", start=20, end=21))
    assert [one.visit_id for one in visits(phone_day(busy.services, busy.therapist))] == ["b1/0"]


def test_a_booking_moved_to_another_day_is_not_there(busy: Office) -> None:
    """A booking that left the day is dropped from the phone, whichever day is looked at."""
    keep_and_publish(busy, SOME)
    shown = booking_page(busy.services, busy.taker, "b1").booking
    change_booking(busy.services, busy.taker, replace(shown, day=DAY + timedelta(days=1)))
    assert visits(phone_day(busy.services, busy.therapist)) == []
    assert phone_day(busy.services, busy.therapist, DAY + timedelta(days=1)).published is False


def test_a_free_day_is_published_and_empty(busy: Office) -> None:
    """A therapist without visits sees that the plan is out and that she has none."""
    keep_and_publish(busy, SOME)
    chandra = replace(busy.therapist, id="t-chandra", therapist_id="t-chandra")
    day = phone_day(busy.services, chandra)
    assert (day.published, day.stops, day.home_s) == (True, (), 0)
