"""A plan: who goes where and in what order. It holds no times; `rules.retime` says when."""

from dataclasses import dataclass
from datetime import date, datetime

from dispatch.model.decisions import BookingChange, LockChange, TherapistChange, WaiverChange
from dispatch.model.kinds import Cause, StopKind
from dispatch.model.said import Said


def visit_id(booking_id: str, seat: int) -> str:
    """Give the stable id of one seat's visit; replanning never changes it."""
    return f"{booking_id}/{seat}"


def booking_of(visit: str) -> tuple[str, int]:
    """Give the booking id and the seat of a visit id."""
    booking, _, seat = visit.rpartition("/")
    return booking, int(seat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of a route: a visit (by visit id) or a break (by break id)."""

    kind: StopKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One therapist's visits and breaks in order."""

    therapist_id: str
    stops: tuple[Stop, ...] = ()

    def visit_ids(self) -> tuple[str, ...]:
        """Give the ids of the visits in order."""
        return tuple(stop.id for stop in self.stops if stop.kind is StopKind.VISIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A booking the plan does not serve, and the reason, said once for the dispatcher."""

    booking_id: str
    reason: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All routes of a service day, with the bookings left out and why."""

    routes: tuple[Route, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def route_of(self, therapist_id: str) -> Route:
        """Give a therapist's route, empty where the plan has none."""
        for route in self.routes:
            if route.therapist_id == therapist_id:
                return route
        return Route(therapist_id=therapist_id)

    def served(self) -> frozenset[str]:
        """Give the ids of the bookings that have at least one visit in a route."""
        return frozenset(booking_of(visit)[0] for route in self.routes for visit in route.visit_ids())


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An immutable state of a day's plan: every planner run, drag, undo and accept appends one.

    `problem_hash` names the stored problem it answers; `summary` says in codes what changed against the parent.
    `locks`, `waivers`, `bookings` and `therapists` are what the same step changed of them. `inverts` names the revision that an undo took back,
    or a redo made again.
    """

    id: str
    branch_id: str
    day: date
    number: int
    parent_id: str | None
    author: str
    cause: Cause
    plan: Plan
    problem_hash: str
    created_at: datetime
    served: int
    left_out: int
    cost_points: int
    summary: tuple[Said, ...] = ()
    locks: tuple[LockChange, ...] = ()
    waivers: tuple[WaiverChange, ...] = ()
    bookings: tuple[BookingChange, ...] = ()
    therapists: tuple[TherapistChange, ...] = ()
    inverts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPointers:
    """Which revision of a day is the one being worked on, the one therapists see, and the one proposed."""

    branch_id: str
    day: date
    head_id: str | None = None
    published_id: str | None = None
    proposal_id: str | None = None
    version: int = 0
