"""What can be offered to a caller: a wish that is not booked yet, and the start times that would suit it."""

from dataclasses import dataclass

from dispatch.model.problem import DayBooking


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A wish that is not booked yet: a booking of the day whose windows hold every start the caller could accept."""

    booking: DayBooking


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
