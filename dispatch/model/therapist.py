"""A therapist: what she can do, when she works, how she travels, and what must not be asked of her."""

from dataclasses import dataclass, field, replace
from datetime import date

from dispatch.model.kinds import BreakKind, Gender, TravelMode
from dispatch.model.places import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A span of work in seconds of the service day; a split shift is two of them."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A rest inside the shift: it starts between `earliest_s` and `latest_s`; fixed where they are the same."""

    id: str
    kind: BreakKind
    duration_s: int
    earliest_s: int
    latest_s: int

    def fits(self, shift: Shift) -> bool:
        """Tell whether the break can lie wholly inside a shift."""
        return max(self.earliest_s, shift.start_s) <= min(self.latest_s, shift.end_s - self.duration_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What must not be asked of a therapist on one day, in seconds; nought means no limit.

    Work is set-up, treatment and pack-up; travel is in reference seconds; consecutive is from leaving (or from the end
    of the last break of at least `rest_s`) to the end of a visit.
    """

    work_s: int = 0
    travel_s: int = 0
    consecutive_s: int = 0
    rest_s: int = 1_800
    visits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPattern:
    """What the roster says of one weekday (Monday is 0): the shifts and breaks."""

    weekday: int
    shifts: tuple[Shift, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterException:
    """What differs from the pattern on one date: other shifts and breaks, or none (off) with the reason."""

    day: date
    shifts: tuple[Shift, ...] = ()
    breaks: tuple[Break, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """When a therapist works: a weekly pattern and the exceptions to it."""

    pattern: tuple[DayPattern, ...] = ()
    exceptions: tuple[RosterException, ...] = ()

    def on(self, day: date) -> tuple[tuple[Shift, ...], tuple[Break, ...]]:
        """Give the shifts and breaks of a service day; both empty where she is off."""
        for exception in self.exceptions:
            if exception.day == day:
                return exception.shifts, exception.breaks
        for pattern in self.pattern:
            if pattern.weekday == day.weekday():
                return pattern.shifts, pattern.breaks
        return (), ()

    def with_exception(self, exception: RosterException) -> "Roster":
        """Give the roster with an exception, in the place of an earlier one of its date; exceptions stand by date."""
        others = [one for one in self.exceptions if one.day != exception.day]
        return replace(self, exceptions=tuple(sorted((*others, exception), key=lambda one: one.day)))

    def usual_breaks(self, weekday: int, shifts: tuple[Shift, ...]) -> tuple[Break, ...]:
        """Give the breaks of a weekday's pattern that can lie wholly inside other shifts of such a day."""
        pattern = next((one for one in self.pattern if one.weekday == weekday), None)
        return tuple(one for one in (pattern.breaks if pattern else ()) if any(one.fits(shift) for shift in shifts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place a therapist starts from or goes home to."""

    name: str
    area: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapist:
    """A person who gives treatments; without an end place her day ends where her last visit does."""

    id: str
    branch_id: str
    name: str
    techniques: tuple[str, ...]
    gender: Gender
    start_place: Place | None = None
    end_place: Place | None = None
    languages: tuple[str, ...] = ("en",)
    travel_mode: TravelMode = TravelMode.CAR
    phone: str = ""
    roster: Roster = field(default_factory=Roster)
    limits: Limits = field(default_factory=Limits)
    overtime_s: int = 0
    min_rest_s: int = 11 * 3600
    fairness_carried_s: int = 0
    colour: int = 0
    active: bool = True
    version: int = 1
