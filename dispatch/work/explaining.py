"""Why a booking is left out of the plan seen on the board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import NotFound
from dispatch.model.account import Actor
from dispatch.work.days import day_board
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.remedies import Remedy
    from dispatch.explain.why import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An explanation, what would help in which plan, and the display names for the ids their sentences hold."""

    explanation: "Explanation"
    remedies: tuple["Remedy", ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    head_id: str | None = None


def why_left_out(services: Services, actor: Actor, day: date, booking_id: str) -> Explained:
    """Say why a booking of the day is left out, in general and therapist by therapist, and what would help.

    `NotFound` where the plan seen on the board does not leave it out.
    """
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.remedies import remedies
    from dispatch.explain.why import why

    board = day_board(services, actor, day)
    if all(left.booking_id != booking_id for left in board.left_out):
        raise NotFound("board.not_left_out", booking_id=booking_id)
    return Explained(
        explanation=why(board.problem, board.plan, booking_id),
        remedies=remedies(board.problem, board.plan, booking_id),
        names=board.names,
        head_id=board.head.id if board.head else None,
    )
