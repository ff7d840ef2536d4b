"""What clients may be told while the day happens: how late it will be, or that somebody is on the way; a person sends it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.kinds import VisitState
from dispatch.model.message import MessageKind
from dispatch.work.days import DayBoard
from dispatch.work.messages import ReadyMessage, facts_of, write_for
from dispatch.work.permissions import Permission, may
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.forecast import VisitForecast

LATE_S = 300
"""From here on a visit counts as late or early, and its client as concerned."""

_ROUND_MIN = 5
"""Nobody is told that it will be 17 minutes."""


def to_write(
    services: Services, actor: Actor, board: DayBoard, expected: "Iterable[VisitForecast]"
) -> dict[str, ReadyMessage]:
    """Give the ready message of every booking whose client has something to be told now, by booking id.

    A client is told of being late against what she was told: her promise, and without one the plan. Of a couple's
    therapists the latest counts.
    """
    wanted = list(_wanted(board, expected)) if may(actor, Permission.BOOKINGS) else []
    if not wanted:
        return {}
    found: dict[str, ReadyMessage] = {}
    with services.store.reading() as tx:
        for kind, one, start_s, late_s in sorted(wanted, key=lambda each: (each[0] is not MessageKind.LATE, -each[3])):
            if one.booking_id in found:
                continue
            facts = facts_of(tx, board.branch, board.bookings[one.booking_id], start_s=start_s)
            minutes = -(-late_s // (_ROUND_MIN * 60)) * _ROUND_MIN
            found[one.booking_id] = write_for(tx, board.branch, kind, replace(facts, late_minutes=minutes))
    return found


def _wanted(
    board: DayBoard, expected: "Iterable[VisitForecast]"
) -> "Iterator[tuple[MessageKind, VisitForecast, int, int]]":
    """Give of each visit to come what its client may be told: the kind, the start she knows, how late after it."""
    for one in expected:
        if one.begun or one.booking_id not in board.bookings:
            continue
        promise = board.bookings[one.booking_id].promise
        known_s = promise.start_s if promise else one.planned_start_s
        if one.start_s - known_s >= LATE_S:
            yield MessageKind.LATE, one, known_s, one.start_s - known_s
        elif one.reported is VisitState.DEPARTED:
            yield MessageKind.ON_THE_WAY, one, max(known_s, one.start_s), 0
