"""Travel as the company's own legs have shown it to be: the engine's matrix with what a dispatcher agreed to."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.branch import Branch
from dispatch.model.kinds import TravelMode
from dispatch.model.lesson import Lesson, LessonKind, LessonState
from dispatch.model.places import Point
from dispatch.model.travel import TravelMatrix
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


def travel_matrix(
    tx: "Reading", services: Services, branch: Branch, points: Sequence[Point], day: date, mode: TravelMode
) -> TravelMatrix:
    """Give a mode's matrix of a day; every plan, slot and page of the branch travels by this one."""
    matrix = services.travel(points, day, mode)
    lesson = agreed_lesson(tx, branch.id, LessonKind.TRAVEL, mode)
    if lesson is None:
        return matrix
    from dispatch.travel.learned import as_learned

    return as_learned(matrix, lesson.figures)


def agreed_lesson(tx: "Reading", branch_id: str, kind: LessonKind, subject_id: str) -> Lesson | None:
    """Give the lesson that a dispatcher agreed to of a building or mode, or None."""
    found = tx.list(Lesson, branch_id, kind=kind, subject_id=subject_id, state=LessonState.AGREED)
    return found[0] if found else None
