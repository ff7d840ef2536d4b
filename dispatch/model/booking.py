"""A booking: a client's wish for a treatment at a place, in her own windows, by therapists she likes."""

from dataclasses import dataclass
from datetime import date, datetime

from dispatch.model.kinds import BookingStatus, Gender, LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """A span for the treatment's start, both ends included, in seconds of the service day."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One therapist's part of a booking: what she must be trained in, and of which gender she must be, if it matters.

    `treatment_id` is empty where the seat has the booking's own treatment.
    """

    techniques: tuple[str, ...] = ()
    only_gender: Gender | None = None
    treatment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How a booking hangs on another: the same start, or `min_s` to `max_s` from the other's end to its own start."""

    kind: LinkKind
    other_booking_id: str
    min_s: int = 0
    max_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The start told to the client; moving it needs a message. `until_s` ends the window that was told with it, if one was."""

    start_s: int
    told_at: datetime
    told_by: str
    until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A client's wish; `windows` bound the *treatment's* start, access and set-up come before it.

    Every seat is one visit, and all seats start together. `late_tolerance_s` is how far after a window's end the
    treatment may start, at a price per minute. Priority is 0 to 100, higher first.
    """

    id: str
    branch_id: str
    day: date
    client_id: str
    address_id: str
    treatment_id: str
    minutes: int
    windows: tuple[TimeWindow, ...]
    seats: tuple[Seat, ...] = (Seat(),)
    contact_id: str = ""
    status: BookingStatus = BookingStatus.REQUESTED
    late_tolerance_s: int = 0
    only_therapists: tuple[str, ...] = ()
    preferred_therapists: tuple[str, ...] = ()
    never_therapists: tuple[str, ...] = ()
    preferred_gender: Gender | None = None
    priority: int = 0
    value_sen: int = 0
    links: tuple[Link, ...] = ()
    promise: Promise | None = None
    note: str = ""
    cancelled_reason: str = ""
    version: int = 1


_STEPS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.REQUESTED: frozenset({BookingStatus.CONFIRMED, BookingStatus.CANCELLED}),
    BookingStatus.CONFIRMED: frozenset(
        {BookingStatus.REQUESTED, BookingStatus.DONE, BookingStatus.NO_SHOW, BookingStatus.CANCELLED}
    ),
    BookingStatus.DONE: frozenset({BookingStatus.CONFIRMED}),
    BookingStatus.NO_SHOW: frozenset({BookingStatus.CONFIRMED}),
    BookingStatus.CANCELLED: frozenset({BookingStatus.REQUESTED}),
}


def may_become(now: BookingStatus, then: BookingStatus) -> bool:
    """Tell whether the status machine allows the step; a mistaken `done` or `no_show` may be taken back."""
    return then in _STEPS[now]


PLANNED_STATUSES = frozenset({BookingStatus.REQUESTED, BookingStatus.CONFIRMED})
"""Bookings in these states are in the planner's problem; done and no-show ones come in through the facts."""
