"""What dispatchers fix of a day's plan and set aside for it: locks, waivers, and starts held for callers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError, NotFound
from dispatch.model.account import Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.day import COUPLE_GRID_S, HORIZON_S
from dispatch.model.decisions import Hold, Lock, Waiver
from dispatch.model.plan import booking_of
from dispatch.model.therapist import Therapist
from dispatch.rules.assignment import ASSIGNMENT_RULES
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.doing import fetch, find, record, refuse, tidy
from dispatch.work.history import visits_of
from dispatch.work.holds import end_in_time
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import as_planned
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

LONGEST_HOLD = timedelta(hours=24)


def locks_of_day(services: Services, actor: Actor, day: date) -> tuple[tuple[Lock, ...], tuple[Waiver, ...]]:
    """Give the locks and the waivers that were set for a service day."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        return tx.locks(actor.branch_id, day), tx.waivers(actor.branch_id, day)


def lock_visit(services: Services, actor: Actor, day: date, lock: Lock) -> Lock:
    """Fix a visit's therapist, its start, or both; an earlier lock of the visit gives way.

    A therapist who may not serve the visit is refused with the rule that says so, unless the rule is waived.
    """
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        booking = _booking_with(tx, actor, day, lock.visit_id)
        refuse(list(_lock_errors(tx, actor, booking, lock)))
        tx.set_lock(actor.branch_id, day, lock)
        record(tx, services, actor, "lock.set", lock.visit_id)
    return lock


def unlock_visit(services: Services, actor: Actor, day: date, visit_id: str) -> None:
    """Set a visit free again; one that was not locked stays as it is."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        if tx.drop_lock(actor.branch_id, day, visit_id):
            record(tx, services, actor, "lock.dropped", visit_id)


def waive(services: Services, actor: Actor, day: date, *, rule: str, subject_id: str, reason: str) -> Waiver:
    """Set a waivable rule aside for one visit, booking or therapist of the day, with the reason."""
    allow(actor, Permission.PLANNING)
    from dispatch.rules.referee import RULES

    waivable = {one.code for one in RULES if one.waivable}
    waiver = Waiver(rule=rule, subject_id=subject_id, by=actor.id, reason=tidy(reason))
    with services.store.writing() as tx:
        errors: list[LaluanError] = [*text_errors("reason", waiver.reason, limit=NOTE_LENGTH, needed=True)]
        if rule not in waivable:
            errors.append(BadInput("waiver.not_waivable", field="rule", rule=rule[:80]))
        if subject_id not in _subjects(tx, actor, day):
            errors.append(BadInput("waiver.unknown_subject", field="subject_id", id=subject_id[:80]))
        refuse(errors)
        tx.set_waiver(actor.branch_id, day, waiver)
        record(tx, services, actor, "waiver.set", subject_id)
    return waiver


def unwaive(services: Services, actor: Actor, day: date, *, rule: str, subject_id: str) -> None:
    """Let a rule hold again; one that was not set aside stays as it is."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        if tx.drop_waiver(actor.branch_id, day, rule, subject_id):
            record(tx, services, actor, "waiver.dropped", subject_id)


def hold_start(services: Services, actor: Actor, hold: Hold) -> Hold:
    """Keep a start free for a requested booking until the hold expires; an earlier hold of it gives way."""
    allow(actor, Permission.BOOKINGS)
    hold = replace(hold, id=hold.id or services.new_id(), branch_id=actor.branch_id, held_by=actor.id, version=1)
    with services.store.writing() as tx:
        booking = fetch(tx, actor, Booking, hold.booking_id)
        refuse(list(_hold_errors(tx, services, actor, booking, hold)))
        for other in tx.list(Hold, actor.branch_id, booking_id=booking.id):
            tx.delete(other)
        kept = tx.insert(hold)
        end_in_time(tx, services, kept)
        record(tx, services, actor, "hold.set", hold.id, booking.id)
    return kept


def release_hold(services: Services, actor: Actor, hold_id: str, version: int) -> None:
    """Let a held start go before its time."""
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        hold = fetch(tx, actor, Hold, hold_id)
        tx.delete(replace(hold, version=version))
        record(tx, services, actor, "hold.released", hold_id, hold.booking_id)


def _booking_with(tx: "Reading", actor: Actor, day: date, visit_id: str) -> Booking:
    """Give the day's booking that has this visit."""
    for booking in tx.list(Booking, actor.branch_id, day=day):
        if visit_id in visits_of(booking) and booking.status in PLANNED_STATUSES:
            return booking
    raise NotFound("lock.unknown_visit", id=visit_id[:80], day=day.isoformat())


def _subjects(tx: "Reading", actor: Actor, day: date) -> set[str]:
    bookings = tx.list(Booking, actor.branch_id, day=day)
    visits = {visit for booking in bookings for visit in visits_of(booking)}
    return visits | {one.id for one in bookings} | {one.id for one in tx.list(Therapist, actor.branch_id)}


def _lock_errors(tx: "Reading", actor: Actor, booking: Booking, lock: Lock) -> Iterable[LaluanError]:
    if lock.therapist_id is None and lock.start_s is None:
        yield BadInput("lock.fixes_nothing", field="therapist_id")
    if lock.therapist_id is not None:
        unknown = list(_therapist_errors(tx, actor, lock.therapist_id))
        yield from unknown or _serving_errors(tx, actor, booking, lock.visit_id, lock.therapist_id)
    if lock.start_s is not None:
        yield from _start_errors(booking, lock.start_s)


def _serving_errors(
    tx: "Reading", actor: Actor, booking: Booking, visit_id: str, therapist_id: str
) -> Iterable[LaluanError]:
    """Find every rule by which the therapist may not serve the visit, whatever the hour."""
    wish, therapist = as_planned(tx, booking, fetch(tx, actor, Therapist, therapist_id))
    waived = {(one.rule, one.subject_id) for one in tx.waivers(actor.branch_id, booking.day)}
    for rule in ASSIGNMENT_RULES:
        reason = rule.reason(therapist, wish, booking_of(visit_id)[1], None)
        subject = therapist_id if rule.of_therapist else visit_id
        if reason is not None and not (rule.waivable and (rule.code, subject) in waived):
            yield BadInput(reason.code, **{**reason.named(), "field": "therapist_id"})


def _hold_errors(
    tx: "Reading", services: Services, actor: Actor, booking: Booking, hold: Hold
) -> Iterable[LaluanError]:
    if booking.day != hold.day or booking.status not in PLANNED_STATUSES:
        yield BadInput("hold.other_booking", field="booking_id", id=booking.id, day=hold.day.isoformat())
    if len(set(hold.therapist_ids)) != len(booking.seats) or len(hold.therapist_ids) != len(booking.seats):
        yield BadInput(
            "hold.seats", field="therapist_ids", seats=len(booking.seats), therapists=len(set(hold.therapist_ids))
        )
    for therapist_id in hold.therapist_ids:
        yield from _therapist_errors(tx, actor, therapist_id)
    yield from _start_errors(booking, hold.start_s)
    if not services.now() < hold.expires_at <= services.now() + LONGEST_HOLD:
        yield BadInput("hold.expiry", field="expires_at", hours=LONGEST_HOLD // timedelta(hours=1))


def _therapist_errors(tx: "Reading", actor: Actor, therapist_id: str) -> Iterable[LaluanError]:
    therapist = find(tx, actor, Therapist, therapist_id)
    if therapist is None or not therapist.active:
        yield BadInput("therapist.unknown", field="therapist_id", id=therapist_id[:80])


def _start_errors(booking: Booking, start_s: int) -> Iterable[LaluanError]:
    """Find a start outside the day, or one that several therapists cannot share."""
    if not 0 <= start_s <= HORIZON_S:
        yield BadInput("lock.start_outside_day", field="start_s", start_s=start_s)
    elif len(booking.seats) > 1 and start_s % COUPLE_GRID_S:
        yield BadInput("lock.start_off_grid", field="start_s", start_s=start_s, grid_s=COUPLE_GRID_S)
