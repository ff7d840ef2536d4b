"""A few past days of the company, made by its use cases while they were today, and what phones reported."""

from dataclasses import replace
from datetime import date, timedelta

from dispatch.model.booking import Booking
from dispatch.model.day import moment_of
from dispatch.model.facts import Event
from dispatch.model.kinds import BookingStatus, EventKind
from dispatch.model.plan import Plan
from dispatch.work.bookings import add_booking, cancel_booking, set_status
from tests.work.company import DAY, H, Office, booking
from tests.work.plans import keep_and_publish, route

NEXT = DAY + timedelta(days=1)
AFTER = DAY + timedelta(days=2)


def report(office: Office, visit_id: str, therapist_id: str, kind: EventKind, at_s: int, day: date = DAY) -> None:
    """Let a therapist's phone report something of a visit."""
    at = moment_of(at_s, day, "Asia/Kuala_Lumpur")
    event = Event(
        id=f"{visit_id} {kind} {at_s}",
        branch_id="main",
        visit_id=visit_id,
        therapist_id=therapist_id,
        kind=kind,
        at_s=at_s,
        device_at=at,
        server_at=at,
        actor=therapist_id,
    )
    with office.services.store.writing() as tx:
        tx.append_event(event)


def live_three_days(office: Office) -> None:
    """Let the company of four bookings work on DAY, lose and miss a booking on the day after, and plan nothing after that.

    On DAY `b1` starts 4 minutes late, `b2` 20; of the others no start is reported. The clock ends on the third day.
    """
    keep_and_publish(office)
    for visit, therapist, start_s in (("b1/0", "t-aina", 14 * H + 240), ("b2/0", "t-bee", 14 * H + 1_200)):
        report(office, visit, therapist, EventKind.STARTED, start_s)
        report(office, visit, therapist, EventKind.FINISHED, start_s + H)
    office.clock.on(days=1)
    services, taker = office.services, office.taker
    for one in ("n1", "n2", "n3"):
        add_booking(services, taker, replace(booking(one, "c-tan", 15, 16), day=NEXT))
    plan = Plan(
        routes=(route("t-aina", "meal", "n1/0"), route("t-bee", "meal", "n2/0"), route("t-chandra", "meal", "n3/0"))
    )
    keep_and_publish(office, plan, NEXT)
    cancel_booking(services, taker, "n2", _version(office, "n2"), "Client ill")
    set_status(services, taker, "n1", _confirmed(office, "n1"), BookingStatus.NO_SHOW)
    office.clock.on(days=1)
    add_booking(services, taker, replace(booking("a1", "c-siti", 18, 19), day=AFTER))


def _version(office: Office, booking_id: str) -> int:
    with office.services.store.reading() as tx:
        return tx.get(Booking, booking_id).version


def _confirmed(office: Office, booking_id: str) -> int:
    """Confirm a booking where it is not yet, and give its version."""
    with office.services.store.reading() as tx:
        one = tx.get(Booking, booking_id)
    if one.status is BookingStatus.CONFIRMED:
        return one.version
    return set_status(office.services, office.taker, booking_id, one.version, BookingStatus.CONFIRMED).version
