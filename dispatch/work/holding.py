"""Starts held for callers, and confirmed: booking, place in the plan, promise and messages in one transaction.

A held start is a requested booking with a hold, standing in the plan at its start with its therapists: so the board shows
it, and the planner and every other offer go around it. Two takers cannot hold the same time, for transactions that write
come one after another, and the second finds the place taken.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import Conflict, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, Promise, TimeWindow
from dispatch.model.day import seconds_of
from dispatch.model.decisions import Hold
from dispatch.model.kinds import BookingStatus, Cause
from dispatch.model.message import MessageDraft, MessageKind
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.slot import Draft
from dispatch.words import sentence
from dispatch.work.bookings import forget_day, step_booking
from dispatch.work.doing import branch_of, fetch, find, record, today
from dispatch.work.holds import end_hold, end_in_time, end_over
from dispatch.work.messages import (
    MessageFacts,
    OfferedStart,
    ReadyMessage,
    draft_of,
    facts_of,
    health_words,
    ready,
    write_for,
)
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services
from dispatch.work.slots import wished_day
from dispatch.work.taking import take_in

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

HELD_MINUTES = 10
"""How long a start is kept for a caller."""

CONFIRMATION_MESSAGES = (MessageKind.CONFIRMATION, MessageKind.REMINDER)
"""What is drafted for the client when a booking is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenStart:
    """A start that was offered: when, by whom seat by seat, and until when somebody honestly arrives."""

    start_s: int
    therapist_ids: tuple[str, ...]
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A booking to be taken with what it is the first to name; `booking.id` is the one its page was opened with."""

    booking: Booking
    client: Client | None = None
    address: Address | None = None
    building: Building | None = None


def hold_slot(
    services: Services, actor: Actor, wanted: Wanted, chosen: ChosenStart, *, minutes: int = HELD_MINUTES
) -> Hold:
    """Take a booking as requested and keep its start for some minutes; asked again with the same id, nothing more is done.

    `Conflict` where the place was taken meanwhile, or where the id is a booking's that stands otherwise.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        known = find(tx, actor, Booking, wanted.booking.id)
        if known is not None:
            return _held_already(tx, services, known, chosen)
        hold = hold_in(tx, services, actor, wanted, chosen, until=services.now() + timedelta(minutes=minutes))
        record(tx, services, actor, "hold.set", hold.id, hold.booking_id)
    return hold


def hold_in(
    tx: "Writing", services: Services, actor: Actor, wanted: Wanted, chosen: ChosenStart, *, until: datetime
) -> Hold:
    """Take a booking as requested and put it into the plan, its start kept until a moment, in a transaction already open."""
    booking = _take(tx, services, actor, wanted, chosen)
    hold = Hold(
        id=services.new_id(),
        branch_id=actor.branch_id,
        day=booking.day,
        booking_id=booking.id,
        therapist_ids=chosen.therapist_ids,
        start_s=chosen.start_s,
        expires_at=until,
        held_by=actor.id,
        takes_booking=True,
        until_s=chosen.until_s,
    )
    _place(tx, services, actor, booking, chosen, hold=hold)
    end_in_time(tx, services, hold)
    return hold


def let_go_in(tx: "Writing", actor: Actor, booking: Booking, *, reason: str) -> None:
    """Let a requested booking go with the hold that kept its start, in a transaction already open."""
    hold = _hold_of(tx, booking)
    if hold is not None:
        end_hold(tx, actor, booking, hold, reason=reason)
    elif booking.status is BookingStatus.REQUESTED:
        step_booking(tx, booking, BookingStatus.CANCELLED, booking.version, cancelled_reason=reason)
        forget_day(tx, actor, booking)


def confirm_slot(services: Services, actor: Actor, wanted: Wanted, chosen: ChosenStart) -> Booking:
    """Take a booking, give it its place, and confirm it with promise and messages; asked again, nothing more is done.

    `Conflict` where the place was taken meanwhile, or where the id is a booking's that stands otherwise.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        known = find(tx, actor, Booking, wanted.booking.id)
        if known is not None:
            if known.status is BookingStatus.CONFIRMED and known.promise and known.promise.start_s == chosen.start_s:
                return known
            raise Conflict("slot.taken_otherwise")
        booking = _take(tx, services, actor, wanted, chosen)
        _place(tx, services, actor, booking, chosen)
        return _confirm(tx, services, actor, booking, chosen)


def confirm_held(services: Services, actor: Actor, booking_id: str) -> Booking:
    """Confirm a booking whose start is held, with promise and messages; one confirmed already stays as it is.

    `Conflict` where the hold is over: the start may be somebody else's by now.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        booking = fetch(tx, actor, Booking, booking_id)
        if booking.status is BookingStatus.CONFIRMED and booking.promise:
            return booking
        hold = _hold_of(tx, booking)
        if booking.status is not BookingStatus.REQUESTED or hold is None or hold.expires_at <= services.now():
            raise Conflict("hold.over")
        chosen = ChosenStart(start_s=hold.start_s, therapist_ids=hold.therapist_ids, until_s=hold.until_s)
        return _confirm(tx, services, actor, booking, chosen)


def let_go(services: Services, actor: Actor, booking_id: str) -> None:
    """Let a held start go before its time; a booking taken for the hold alone is cancelled with it."""
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        booking = fetch(tx, actor, Booking, booking_id)
        hold = _hold_of(tx, booking)
        if hold is None:
            raise Conflict("hold.over")
        end_hold(tx, actor, booking, hold, reason=sentence("hold.let_go_reason"))
        record(tx, services, actor, "hold.released", hold.id, booking_id)


def held_booking(services: Services, actor: Actor, booking_id: str) -> "HeldBooking":
    """Give a booking that was held or confirmed from an offer, with its hold and the messages for its client."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        booking = fetch(tx, actor, Booking, booking_id)
        branch = branch_of(tx, actor)
        hold = _hold_of(tx, booking)
        drafts = tx.list(MessageDraft, actor.branch_id, booking_id=booking_id)
        facts = facts_of(tx, branch, booking, therapist_ids=hold.therapist_ids if hold else ())
        words = health_words(tx, branch.id)
        messages = [ready(one.text, one.phone, one.language, kind=one.kind, words=words) for one in drafts]
        if hold is not None and not drafts:
            messages = [write_for(tx, branch, MessageKind.OFFER, _offered(facts, hold, branch.time_zone))]
        return HeldBooking(
            booking=booking,
            client=tx.get(Client, booking.client_id),
            hold=hold if hold and hold.expires_at > services.now() else None,
            therapist=facts.therapist,
            place=facts.place,
            price_sen=facts.price_sen,
            messages=tuple(sorted(messages, key=lambda one: list(MessageKind).index(one.kind or MessageKind.OFFER))),
            time_zone=branch.time_zone,
            today=today(services, branch),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBooking:
    """A booking from an offer as its page shows it; `hold` is None where none keeps its start (any more)."""

    booking: Booking
    client: Client
    hold: Hold | None
    therapist: str
    place: str
    price_sen: int
    messages: tuple[ReadyMessage, ...]
    time_zone: str
    today: date


def _offered(facts: MessageFacts, hold: Hold, time_zone: str) -> MessageFacts:
    """Give what an offer of a held start speaks of."""
    slot = OfferedStart(start_s=hold.start_s, therapist=facts.therapist, price_sen=facts.price_sen)
    until_s = seconds_of(hold.expires_at, facts.day, time_zone)
    return replace(facts, start_s=hold.start_s, slots=(slot,), held_until_s=until_s)


def _take(tx: "Writing", services: Services, actor: Actor, wanted: Wanted, chosen: ChosenStart) -> Booking:
    """Take a booking as requested; a start chosen outside all that was wished for is its window then."""
    windows = wanted.booking.windows
    if not any(one.start_s <= chosen.start_s <= one.end_s for one in windows):
        windows = (TimeWindow(start_s=chosen.start_s, end_s=chosen.start_s),)
    booking = replace(wanted.booking, status=BookingStatus.REQUESTED, promise=None, windows=windows)
    return take_in(tx, services, actor, booking, client=wanted.client, address=wanted.address, building=wanted.building)


def _place(
    tx: "Writing", services: Services, actor: Actor, booking: Booking, chosen: ChosenStart, *, hold: Hold | None = None
) -> None:
    """Put a booking into the plan worked on at its start with its therapists; `Conflict` where that is not free any more."""
    from dispatch.explain.slots import offers
    from dispatch.rules.referee import check

    end_over(tx, services, actor, booking.day)
    try:
        seen = wished_day(tx, services, actor, booking)
    except LaluanError as error:
        if error.code == "slot.all_past":
            raise Conflict("slot.gone", start_s=chosen.start_s) from error
        raise
    window = TimeWindow(start_s=chosen.start_s, end_s=chosen.start_s)
    wish = replace(seen.wish, windows=(window,), only_therapists=tuple(sorted(chosen.therapist_ids)))
    found = offers(seen.problem, seen.plan, Draft(booking=wish), limit=1)
    if not found or set(found[0][0].therapist_ids) != set(chosen.therapist_ids):
        raise Conflict("slot.gone", start_s=chosen.start_s)
    slot, plan = found[0]
    if hold is not None:
        tx.insert(replace(hold, therapist_ids=slot.therapist_ids))
    problem = build_problem(tx, services, seen.branch, booking.day)
    broken = check(problem, plan)
    if broken:
        raise Conflict("slot.plan_broken", count=len(broken))
    append_plan(tx, services, actor, problem, plan, cause=Cause.DRAG, parent_id=seen.head_id)


def _confirm(tx: "Writing", services: Services, actor: Actor, booking: Booking, chosen: ChosenStart) -> Booking:
    """Confirm a booking that has its place: the promise, its one start, the messages, and no hold any more."""
    now = services.now()
    promise = Promise(start_s=chosen.start_s, told_at=now, told_by=actor.id, until_s=chosen.until_s)
    start = TimeWindow(start_s=chosen.start_s, end_s=chosen.start_s)
    confirmed = tx.update(
        replace(booking, status=BookingStatus.CONFIRMED, windows=(start,), promise=promise, cancelled_reason="")
    )
    for hold in tx.list(Hold, actor.branch_id, booking_id=booking.id):
        tx.delete(hold)
    branch = branch_of(tx, actor)
    facts = facts_of(tx, branch, confirmed, therapist_ids=chosen.therapist_ids)
    for kind in CONFIRMATION_MESSAGES:
        tx.insert(draft_of(confirmed, write_for(tx, branch, kind, facts), by=actor.id, at=now))
    record(tx, services, actor, "booking.confirmed", booking.id)
    return confirmed


def _held_already(tx: "Reading", services: Services, booking: Booking, chosen: ChosenStart) -> Hold:
    """Give the hold that a first click set; `Conflict` for any other booking of the id."""
    hold = _hold_of(tx, booking)
    same = hold is not None and (hold.start_s, set(hold.therapist_ids)) == (chosen.start_s, set(chosen.therapist_ids))
    if hold is None or not same or hold.expires_at <= services.now():
        raise Conflict("slot.taken_otherwise")
    return hold


def _hold_of(tx: "Reading", booking: Booking) -> Hold | None:
    return next(iter(tx.list(Hold, booking.branch_id, booking_id=booking.id)), None)
