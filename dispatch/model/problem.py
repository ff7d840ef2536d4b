"""A day's problem: everything the planner may know, frozen, so that it can be solved again years later."""

from dataclasses import dataclass, field
from datetime import date

from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import Gender, LinkKind, TravelMode
from dispatch.model.plan import Plan
from dispatch.model.therapist import Break, Limits, Shift
from dispatch.model.travel import TravelMatrix
from dispatch.model.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A row of the travel matrices: a building, or a place a therapist starts from or goes home to."""

    id: str
    lat: float
    lon: float
    area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Familiar:
    """How often a therapist has been with this booking's client before."""

    therapist_id: str
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBooking:
    """A booking as the planner sees it: no names, everything resolved to seconds and locations.

    After arriving: access (by the clock hour of arrival), set-up, treatment (its start in a window), pack-up. A hold
    is a booking with `is_hold`, locked to its therapists and start. `late_tolerance_s` is how far after a window's end it
    may start; below nought, by how much it must start before it (the planner's margin).
    """

    id: str
    location: int
    duration_s: int
    windows: tuple[TimeWindow, ...]
    seats: tuple[Seat, ...] = (Seat(),)
    access_s: tuple[int, ...] = (0,)
    set_up_s: int = 0
    pack_up_s: int = 0
    late_tolerance_s: int = 0
    only_therapists: tuple[str, ...] = ()
    preferred_therapists: tuple[str, ...] = ()
    never_therapists: tuple[str, ...] = ()
    preferred_gender: Gender | None = None
    familiar: tuple[Familiar, ...] = ()
    priority: int = 0
    value_sen: int = 0
    promise_s: int | None = None
    is_hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLink:
    """Two bookings that hang together: the same start, or `min_s` to `max_s` from the first's end to the second's start.

    The ends and starts meant are the treatments'. A link binds only where both bookings are served.
    """

    kind: LinkKind
    first_id: str
    second_id: str
    min_s: int = 0
    max_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTherapist:
    """A therapist as the planner sees her on this day.

    Shifts are sorted and do not overlap; between two of them she does nothing and stays where she is. Work may go on
    for `overtime_s` past the last one at a price. She leaves no earlier than `rested_from_s` (the minimum rest since
    the day before). `carried_s` is the work she already carries against the others, for fairness.
    """

    id: str
    techniques: tuple[str, ...]
    gender: Gender
    shifts: tuple[Shift, ...]
    start_location: int | None
    end_location: int | None = None
    travel_mode: TravelMode = TravelMode.CAR
    breaks: tuple[Break, ...] = ()
    limits: Limits = field(default_factory=Limits)
    overtime_s: int = 0
    rested_from_s: int = 0
    carried_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayProblem:
    """One service day of one branch, with everything the planner may know; no clock, file or network stands behind it.

    `fair_share_s` is the work beyond which fairness prices a therapist's day. `published` is the plan that changes are
    priced against. Times are seconds from the service day's local midnight.
    """

    id: str
    day: date
    locations: tuple[Location, ...]
    matrices: tuple[TravelMatrix, ...]
    bookings: tuple[DayBooking, ...] = ()
    therapists: tuple[DayTherapist, ...] = ()
    links: tuple[DayLink, ...] = ()
    locks: tuple[Lock, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    facts: tuple[VisitFact, ...] = ()
    published: Plan | None = None
    weights: Weights = field(default_factory=Weights)
    fair_share_s: int = 0
    now_s: int | None = None

    def booking(self, booking_id: str) -> DayBooking:
        """Give a booking by its id; `KeyError` where the day has none."""
        for booking in self.bookings:
            if booking.id == booking_id:
                return booking
        raise KeyError(booking_id)

    def therapist(self, therapist_id: str) -> DayTherapist:
        """Give a therapist by her id; `KeyError` where the day has none."""
        for therapist in self.therapists:
            if therapist.id == therapist_id:
                return therapist
        raise KeyError(therapist_id)

    def matrix(self, mode: TravelMode) -> TravelMatrix:
        """Give the matrix of a travel mode; `KeyError` where the problem has none."""
        for matrix in self.matrices:
            if matrix.mode is mode:
                return matrix
        raise KeyError(mode)
