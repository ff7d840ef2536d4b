"""What a dispatcher leaves the planner free to change, and what a change is to cost."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Which part of the day the planner may touch."""

    DAY = "day"
    THERAPISTS = "therapists"
    BOOKINGS = "bookings"
    FROM_NOW = "from_now"


class Freedom(StrEnum):
    """What may change there: bookings left out come in and nothing else moves; times and orders too; therapists too."""

    ADD = "add"
    KEEP_THERAPISTS = "keep_therapists"
    FREE = "free"


class Stability(StrEnum):
    """How dear it is to change what people have been told; never so dear that a booking is left out for it."""

    NONE = "none"
    SOME = "some"
    STRONG = "strong"


STABILITY_FACTOR = {Stability.NONE: 0, Stability.SOME: 1, Stability.STRONG: 10}
"""How many times the branch's prices of a changed therapist and a moved start count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """A run's scope, freedom and price of change; the ids name what was selected, where the scope is a selection.

    With `keep_told` visits lock themselves whose therapist the published plan shows and whose client was told a time.
    """

    scope: Scope = Scope.DAY
    freedom: Freedom = Freedom.FREE
    stability: Stability = Stability.SOME
    therapist_ids: tuple[str, ...] = ()
    booking_ids: tuple[str, ...] = ()
    keep_told: bool = False

    @property
    def keeps_something(self) -> bool:
        """Whether part of the plan is kept as it is, so that the planner does not speak of the whole day."""
        return self.scope is not Scope.DAY or self.freedom is not Freedom.FREE or self.keep_told
