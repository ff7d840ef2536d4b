"""A move by hand: who shall serve a booking's seats and when, and what the rules say of it before it is made."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.plan import Plan
from dispatch.model.timetable import Violation


class Light(StrEnum):
    """What a move is told as: it harms nobody, somebody is late (or early), a rule can be set aside for it, or it cannot be."""

    GOOD = "good"
    LATE = "late"
    ASKS = "asks"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The therapists who shall serve visits, by visit id; with `start_s` their booking's start is fixed as well."""

    places: tuple[tuple[str, str], ...]
    start_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How a left-out booking is put in: the move, and the bookings that make room for it."""

    move: Move
    bumped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A visit that starts later than before; `late_s` is how far after its window or its promise, nought if it is not."""

    visit_id: str
    therapist_id: str
    start_s: int
    later_s: int
    late_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What comes of a move: the plan, the rules it would newly break, who starts later, and the driving it adds.

    `starts` are the visits that were moved with their starts; `travel_s` is by the clock and may be below nought.
    `early_s` is how far before every window that is still to come the start was fixed, nought where it was not.
    """

    plan: Plan
    breaches: tuple[Violation, ...]
    delays: tuple[Later, ...]
    starts: tuple[tuple[str, int], ...]
    travel_s: int
    points: int
    early_s: int = 0

    @property
    def light(self) -> Light:
        """Give the move's colour: red where a rule stands against it, amber where a time is missed, else green."""
        if any(not breach.waivable for breach in self.breaches):
            return Light.NEVER
        if self.breaches:
            return Light.ASKS
        return Light.LATE if self.early_s or any(delay.late_s for delay in self.delays) else Light.GOOD

    def server_of(self, visit: str) -> str:
        """Give who serves a visit in the plan, empty where nobody does."""
        return next((route.therapist_id for route in self.plan.routes if visit in route.visit_ids()), "")
