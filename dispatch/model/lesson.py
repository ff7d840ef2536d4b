"""What visits have taught: figures that phones' reports speak for, and what a dispatcher said to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LessonKind(StrEnum):
    """What a lesson is about: the way from a building's gate to the door, or how fast a mode travels."""

    ACCESS = "access"
    TRAVEL = "travel"


class LessonState(StrEnum):
    """What became of a lesson; plans are made with the agreed ones alone."""

    AGREED = "agreed"
    REFUSED = "refused"
    UNDONE = "undone"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A dispatcher's answer to what visits have taught about a building or a mode, kept for good.

    `subject_id` is the building's id or the mode. `figures` are access seconds, one or 24 by hour of the clock, or for
    travel 24 thousandths by which driving in that hour takes longer. `before` is what held before it, `basis` what people had
    set (the figures are drawn towards it), `visits` how many visits speak for it, `replaces_id` the lesson agreed before it.
    """

    id: str
    branch_id: str
    kind: LessonKind
    subject_id: str
    figures: tuple[int, ...]
    before: tuple[int, ...]
    basis: tuple[int, ...]
    visits: int
    state: LessonState
    decided_by: str
    decided_at: datetime
    replaces_id: str = ""
    version: int = 1
