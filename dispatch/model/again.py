"""A client's wish to be treated again, told at the end of a visit."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ReturnState(StrEnum):
    """What became of the wish: it waits at the desk, was booked, or was let go."""

    WAITING = "waiting"
    BOOKED = "booked"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWish:
    """That a client wants the same treatment again in so many weeks, from the same therapist; its id is the booking's.

    `next_booking_id` is the booking that came of it, if one did.
    """

    id: str
    branch_id: str
    client_id: str
    therapist_id: str
    weeks: int
    due_day: date
    told_at: datetime
    state: ReturnState = ReturnState.WAITING
    next_booking_id: str = ""
    version: int = 1
