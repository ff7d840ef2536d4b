"""What people have decided about a plan: holds, locks and waivers."""

from dataclasses import dataclass
from datetime import date, datetime

from dispatch.model.booking import Booking
from dispatch.model.therapist import Therapist


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A start time offered to a caller and kept free until it expires; the planner and other offers respect it.

    With `takes_booking` the booking was taken for the hold alone: where nobody confirms it in time, it is cancelled.
    `until_s` ends the window of arrival that the caller was told.
    """

    id: str
    branch_id: str
    day: date
    booking_id: str
    therapist_ids: tuple[str, ...]
    start_s: int
    expires_at: datetime
    held_by: str
    takes_booking: bool = False
    until_s: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a dispatcher has fixed of a visit: its therapist, its start, or both."""

    visit_id: str
    therapist_id: str | None = None
    start_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A waivable rule set aside for one visit (or, for rules of a whole route, for one therapist): by whom and why."""

    rule: str
    subject_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockChange:
    """How one step changed what is fixed of a visit; None where nothing was, or is no longer."""

    visit_id: str
    before: Lock | None = None
    after: Lock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverChange:
    """How one step changed whether a rule holds for a subject; None where it holds."""

    rule: str
    subject_id: str
    before: Waiver | None = None
    after: Waiver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingChange:
    """How one step changed what a booking wishes for, or where it stands in its life."""

    before: Booking
    after: Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistChange:
    """How one step changed a therapist, her roster above all."""

    before: Therapist
    after: Therapist
