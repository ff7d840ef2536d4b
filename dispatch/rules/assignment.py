"""Whether a therapist may serve one seat of a booking at all, whatever the hour: one function a reason.

Each gives what it would tell a dispatcher, or None where nothing stands in the way. The referee, the compiled tables
and the explanations all ask these same functions.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from dispatch.model.decisions import Lock
from dispatch.model.problem import DayBooking, DayTherapist
from dispatch.model.said import Said, said


def skill_missing(therapist: DayTherapist, booking: DayBooking, seat: int, _lock: Lock | None) -> Said | None:
    """A therapist gives only what she is trained in."""
    for technique in booking.seats[seat].techniques:
        if technique not in therapist.techniques:
            return said("rule.skill_missing", therapist_id=therapist.id, booking_id=booking.id, technique=technique)
    return None


def refused(therapist: DayTherapist, booking: DayBooking, _seat: int, _lock: Lock | None) -> Said | None:
    """Nobody is sent to a client who refused her, or whom she refused."""
    if therapist.id in booking.never_therapists:
        return said("rule.refused", therapist_id=therapist.id, booking_id=booking.id)
    return None


def not_asked(therapist: DayTherapist, booking: DayBooking, _seat: int, _lock: Lock | None) -> Said | None:
    """Where a client wants only certain therapists, no other is sent."""
    if booking.only_therapists and therapist.id not in booking.only_therapists:
        return said("rule.not_asked", therapist_id=therapist.id, booking_id=booking.id)
    return None


def gender(therapist: DayTherapist, booking: DayBooking, seat: int, _lock: Lock | None) -> Said | None:
    """Where a client wants a therapist of one gender only, no other is sent."""
    only = booking.seats[seat].only_gender
    if only is not None and therapist.gender is not only:
        return said("rule.gender", therapist_id=therapist.id, booking_id=booking.id, gender=only.value)
    return None


def lock_therapist(therapist: DayTherapist, booking: DayBooking, _seat: int, lock: Lock | None) -> Said | None:
    """A visit whose therapist a dispatcher has fixed is served by her."""
    if lock is not None and lock.therapist_id is not None and lock.therapist_id != therapist.id:
        return said(
            "rule.lock_therapist", therapist_id=therapist.id, booking_id=booking.id, locked_id=lock.therapist_id
        )
    return None


def off_duty(therapist: DayTherapist, booking: DayBooking, _seat: int, _lock: Lock | None) -> Said | None:
    """Nobody works on a day without a shift."""
    if not therapist.shifts:
        return said("rule.off_duty", therapist_id=therapist.id, booking_id=booking.id)
    return None


class AssignmentRule(NamedTuple):
    """A reason why a therapist may not serve a seat; `of_therapist` says that a waiver names her, not the visit."""

    code: str
    waivable: bool
    of_therapist: bool
    reason: Callable[[DayTherapist, DayBooking, int, Lock | None], Said | None]


ASSIGNMENT_RULES = (
    AssignmentRule("skill_missing", False, False, skill_missing),
    AssignmentRule("refused", False, False, refused),
    AssignmentRule("not_asked", True, False, not_asked),
    AssignmentRule("gender", True, False, gender),
    AssignmentRule("lock_therapist", True, False, lock_therapist),
    AssignmentRule("off_duty", True, True, off_duty),
)


def may_serve(
    therapist: DayTherapist,
    booking: DayBooking,
    seat: int,
    lock: Lock | None,
    waived: Collection[tuple[str, str]],
    visit: str,
) -> bool:
    """Tell whether nothing stands in the way, waivers (rule, subject id) considered."""
    for rule in ASSIGNMENT_RULES:
        if rule.reason(therapist, booking, seat, lock) is None:
            continue
        if not rule.waivable or (rule.code, therapist.id if rule.of_therapist else visit) not in waived:
            return False
    return True
