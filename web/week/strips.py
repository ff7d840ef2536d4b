"""A therapist's day as a small strip: her shifts, what is taken of them, and how much room is left."""

from dataclasses import dataclass

from dispatch.explain.week import TherapistLoad
from dispatch.model.day import HOUR_S, SERVICE_DAY_END_S, SERVICE_DAY_START_S
from dispatch.model.therapist import Therapist
from dispatch.work.weeks import Week

ROOMY_S = 2 * HOUR_S
"""Where this much of a shift is left, another visit with its travel probably fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of the strip, in hours from its left edge."""

    x: float
    width: float
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One therapist on one day: `load` has the figures, `roomy` says that another visit probably fits."""

    load: TherapistLoad
    shifts: tuple[Block, ...]
    busy: tuple[Block, ...]
    roomy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StripScale:
    """The hours all strips of a week show: those between the first and the last thing on any of them."""

    start_s: int
    end_s: int

    @property
    def hours(self) -> int:
        """Give the width of a strip: one unit an hour."""
        return (self.end_s - self.start_s) // HOUR_S

    def block(self, start_s: int, end_s: int, *, held: bool = False) -> Block:
        """Give a stretch of the day as a block of the strip."""
        x, end = (start_s - self.start_s) / HOUR_S, (end_s - self.start_s) / HOUR_S
        return Block(x=round(x, 2), width=round(max(0.0, end - x), 2), held=held)


@dataclass(frozen=True, slots=True, kw_only=True)
class StripRow:
    """One therapist's week."""

    therapist: Therapist
    strips: tuple[Strip, ...]


def strip_scale(week: Week) -> StripScale:
    """Give the scale of a week's strips, in full hours."""
    loads = [load for day in week.days for load in day.therapists]
    spans = [(one.start_s, one.end_s) for load in loads for one in load.shifts]
    spans += [(one.start_s, one.end_s) for load in loads for one in load.busy]
    first = min((start for start, _ in spans), default=SERVICE_DAY_START_S)
    last = max((end for _, end in spans), default=SERVICE_DAY_END_S)
    return StripScale(start_s=first // HOUR_S * HOUR_S, end_s=-(-last // HOUR_S) * HOUR_S)


def strips(week: Week, scale: StripScale) -> tuple[StripRow, ...]:
    """Give everybody's seven strips; only a day to come that has a plan can be roomy."""
    by_day = [{one.therapist_id: one for one in day.therapists} for day in week.days]
    may_be = [day.planned and day.day >= week.today for day in week.days]
    return tuple(
        StripRow(
            therapist=therapist,
            strips=tuple(
                _strip(loads[therapist.id], scale, planned) for loads, planned in zip(by_day, may_be, strict=True)
            ),
        )
        for therapist in week.team
    )


def _strip(load: TherapistLoad, scale: StripScale, may_be_roomy: bool) -> Strip:
    return Strip(
        load=load,
        shifts=tuple(scale.block(shift.start_s, shift.end_s) for shift in load.shifts),
        busy=tuple(scale.block(one.start_s, one.end_s, held=one.held) for one in load.busy),
        roomy=may_be_roomy and load.room_s >= ROOMY_S,
    )
