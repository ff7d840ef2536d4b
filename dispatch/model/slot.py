"""What can be offered to a caller: a wish that is not booked yet, and the start times that would suit it."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.problem import DayBooking


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A wish that is not booked yet: a booking of the day whose windows hold every start the caller could accept."""

    booking: DayBooking


class Grade(StrEnum):
    """How well a start suits the plan."""

    GOOD = "good"
    FAIR = "fair"
    TIGHT = "tight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A visit that would start later than planned, and by how many started minutes."""

    visit_id: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A start that can be offered, who would come (one a seat), and what it costs the plan.

    `extra_travel_s` is the travel it adds in priced (reference and fixed) seconds, `added_points` all it adds to the
    plan's cost; `delayed` are the visits it makes wait, in the order of the day. Both figures may be below nought.
    """

    start_s: int
    therapist_ids: tuple[str, ...]
    extra_travel_s: int
    added_points: int
    delayed: tuple[Delay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Where a visit would stand in a therapist's day: the visits before and after it, None where there is none.

    Times are treatment starts in seconds of the service day, areas those of the places.
    """

    therapist_id: str
    after_s: int | None = None
    after_area: str = ""
    before_s: int | None = None
    before_area: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSlot:
    """A slot with all that a caller is told: beside what it fits, the window of arrival, and how well it suits."""

    slot: Slot
    beside: tuple[Beside, ...]
    early_s: int
    late_s: int
    on_time_percent: int
    grade: Grade
