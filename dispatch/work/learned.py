"""What the days teach: proposals from what phones reported, and a dispatcher's word on each; plans use the agreed ones alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict
from dispatch.model.account import Actor
from dispatch.model.kinds import TravelMode
from dispatch.model.lesson import Lesson, LessonKind, LessonState
from dispatch.model.places import Building
from dispatch.model.travel import RATE_ONE
from dispatch.work.corrected import agreed_lesson
from dispatch.work.doing import branch_of, fetch, record
from dispatch.work.observing import Seen
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.learning import Learned
    from dispatch.store import Reading, Writing

LEAST_VISITS = 5
"""Fewer visits say nothing yet about a building."""
LEAST_LEGS = 20
"""Fewer legs say nothing yet about a way to travel."""
AGAIN_AFTER = 10
"""So many more visits must speak for a figure that was refused or undone before it is proposed again, ..."""
AGAIN_AFTER_TIME = timedelta(days=30)
"""... or so much time must have passed, for old visits are forgotten as new ones come."""

_CLOCK_HOURS = 24
_AS_THOUGHT = (RATE_ONE,) * _CLOCK_HOURS
_WORTH = {LessonKind.ACCESS: (45, 120), LessonKind.TRAVEL: (20, 60)}
"""A proposal is worth a dispatcher's time where it differs by so much on the mean of the hours seen, or by so much at one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Figures that visits speak for; `now` is what plans are made with, `usual` the middle of what was seen, in the same unit.

    `version` is the building's, nought for a mode; `hours` are the hours of the clock something was seen in.
    """

    kind: LessonKind
    subject_id: str
    name: str
    area: str
    now: tuple[int, ...]
    figures: tuple[int, ...]
    basis: tuple[int, ...]
    visits: int
    usual: int
    hours: tuple[int, ...]
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A lesson with its subject's name; `in_force` where plans are made with its figures at this moment."""

    lesson: Lesson
    name: str
    in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentMinutes:
    """How long a treatment of some booked minutes really took: the middle of so many reported visits."""

    name: str
    minutes: int
    visits: int
    usual_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPage:
    """Everything the days have taught; `waiting` are subjects about which too little was seen yet, or which are right."""

    proposals: tuple[Proposal, ...]
    agreed: tuple[Known, ...]
    past: tuple[Known, ...]
    right: tuple[Proposal, ...]
    too_few: int
    visits: int
    legs: int
    unusable: int
    treatments: tuple[TreatmentMinutes, ...]


def learned_page(services: Services, actor: Actor) -> LearnedPage:
    """Give what the last three months taught, what waits for an answer, and what was answered before."""
    allow(actor, Permission.PLANNING)
    with services.store.reading() as tx:
        seen = Seen(tx, services, branch_of(tx, actor))
        days = seen.days
        every = _proposals(tx, actor, seen)
        lessons = tx.list(Lesson, actor.branch_id)
        treatments = _treatments(seen)
    asked_at = services.now() - AGAIN_AFTER_TIME
    answered = {
        key: max(one.visits for one in found)
        for key, found in _refused(one for one in lessons if one.decided_at > asked_at).items()
    }
    enough = [one for one in every if one.visits >= _least(one.kind)]
    open_ = [
        one
        for one in enough
        if is_worth(one) and one.visits >= answered.get((one.kind, one.subject_id), -AGAIN_AFTER) + AGAIN_AFTER
    ]
    known = [_known(one, seen) for one in sorted(lessons, key=lambda one: (one.decided_at, one.id), reverse=True)]
    return LearnedPage(
        proposals=tuple(open_),
        agreed=tuple(one for one in known if one.lesson.state is LessonState.AGREED),
        past=tuple(one for one in known if one.lesson.state is not LessonState.AGREED)[:50],
        right=tuple(one for one in enough if one not in open_),
        too_few=len(every) - len(enough),
        visits=sum(len(day.access) for day in days),
        legs=sum(len(day.legs) for day in days),
        unusable=sum(day.unusable for day in days),
        treatments=treatments,
    )


def agree_lesson(
    services: Services, actor: Actor, kind: LessonKind, subject_id: str, figures: Sequence[int], *, version: int
) -> Lesson:
    """Let the next plans be made with the figures of a proposal, as they were shown; `Conflict` where they changed since."""
    allow(actor, Permission.PLANNING)
    proposal = _shown(services, actor, kind, subject_id, figures)
    with services.store.writing() as tx:
        before = agreed_lesson(tx, actor.branch_id, kind, subject_id)
        _set_access(tx, actor, proposal, version)
        if before is not None:
            tx.update(replace(before, state=LessonState.REPLACED))
        lesson = tx.insert(
            replace(
                _lesson(services, actor, proposal, LessonState.AGREED), replaces_id="" if before is None else before.id
            )
        )
        record(tx, services, actor, "lesson.agreed", lesson.id, subject_id)
    return lesson


def refuse_lesson(
    services: Services, actor: Actor, kind: LessonKind, subject_id: str, figures: Sequence[int], *, version: int
) -> Lesson:
    """Leave a figure as it is; it is proposed again after ten more visits. Refusing twice is refusing once."""
    allow(actor, Permission.PLANNING)
    proposal = _shown(services, actor, kind, subject_id, figures)
    with services.store.writing() as tx:
        if proposal.version != version:
            raise Conflict("store.changed_meanwhile", kind="building", id=subject_id)
        for one in tx.list(Lesson, actor.branch_id, kind=kind, subject_id=subject_id, state=LessonState.REFUSED):
            if one.figures == proposal.figures and one.visits == proposal.visits:
                return one
        lesson = tx.insert(_lesson(services, actor, proposal, LessonState.REFUSED))
        record(tx, services, actor, "lesson.refused", lesson.id, subject_id)
    return lesson


def undo_lesson(services: Services, actor: Actor, lesson_id: str, *, version: int) -> Lesson:
    """Let the next plans be made with what held before a lesson was agreed; `Conflict` where that is no longer so simple."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        lesson = fetch(tx, actor, Lesson, lesson_id)
        if lesson.state is not LessonState.AGREED or lesson.version != version:
            raise Conflict("store.changed_meanwhile", kind="lesson", id=lesson.id)
        if lesson.kind is LessonKind.ACCESS:
            building = fetch(tx, actor, Building, lesson.subject_id)
            if building.access_s != lesson.figures:
                raise Conflict("lesson.set_by_hand", name=building.name)
            tx.update(replace(building, access_s=lesson.before))
        undone = tx.update(replace(lesson, state=LessonState.UNDONE))
        earlier = tx.find(Lesson, lesson.replaces_id) if lesson.replaces_id else None
        if earlier is not None and earlier.figures == lesson.before:
            tx.update(replace(earlier, state=LessonState.AGREED))
        record(tx, services, actor, "lesson.undone", lesson.id, lesson.subject_id)
    return undone


def is_worth(proposal: Proposal) -> bool:
    """Tell whether a proposal differs enough from what plans are made with to ask somebody about it."""
    mean, most = _WORTH[proposal.kind]
    apart = [
        abs(_at(proposal.figures, hour) - _at(proposal.now, hour)) for hour in proposal.hours or range(_CLOCK_HOURS)
    ]
    return sum(apart) >= mean * len(apart) or max(apart) >= most


def _proposals(tx: "Reading", actor: Actor, seen: Seen) -> list[Proposal]:
    """Give the figures of every building and mode something was seen of, buildings by name, then modes."""
    from dispatch.explain.learning import learn_access, learn_travel

    agreed = {(one.kind, one.subject_id): one for one in tx.list(Lesson, actor.branch_id, state=LessonState.AGREED)}
    days = seen.days
    basis = {key: _basis(one, agreed.get((LessonKind.ACCESS, key))) for key, one in seen.buildings.items()}
    learned = learn_access([one for day in days for one in day.access], basis)
    found = [
        _proposal(LessonKind.ACCESS, building, building.access_s, basis[building.id], learned[building.id])
        for building in sorted(seen.buildings.values(), key=lambda one: (one.name.casefold(), one.id))
        if building.id in learned
    ]
    for mode, figures in learn_travel([one for day in days for one in day.legs]).items():
        lesson = agreed.get((LessonKind.TRAVEL, mode))
        found.append(
            _proposal(LessonKind.TRAVEL, mode, lesson.figures if lesson else _AS_THOUGHT, _AS_THOUGHT, figures)
        )
    return found


def _proposal(
    kind: LessonKind, subject: Building | TravelMode, now: tuple[int, ...], basis: tuple[int, ...], learned: "Learned"
) -> Proposal:
    building = subject if isinstance(subject, Building) else None
    return Proposal(
        kind=kind,
        subject_id=building.id if building else str(subject),
        name=building.name if building else "",
        area=building.area if building else "",
        now=now,
        figures=learned.figures,
        basis=basis,
        visits=learned.visits,
        usual=learned.usual,
        hours=learned.hours,
        version=building.version if building else 0,
    )


def _basis(building: Building, agreed: Lesson | None) -> tuple[int, ...]:
    """Give what people set for a building: what stood there before its lesson, unless somebody has changed it since."""
    return agreed.basis if agreed is not None and agreed.figures == building.access_s else building.access_s


def _shown(services: Services, actor: Actor, kind: LessonKind, subject_id: str, figures: Sequence[int]) -> Proposal:
    """Give the proposal that was shown with these figures; `Conflict` where newer visits speak for others by now."""
    with services.store.reading() as tx:
        seen = Seen(tx, services, branch_of(tx, actor))
        every = _proposals(tx, actor, seen)
    for one in every:
        if (one.kind, one.subject_id) == (kind, subject_id) and one.visits >= _least(kind):
            if one.figures != tuple(figures):
                raise Conflict("lesson.changed", visits=one.visits)
            return one
    raise BadInput("lesson.none")


def _set_access(tx: "Writing", actor: Actor, proposal: Proposal, version: int) -> None:
    """Put a building's proposed seconds where every plan, board and phone reads them."""
    if proposal.kind is LessonKind.ACCESS:
        building = fetch(tx, actor, Building, proposal.subject_id)
        tx.update(replace(building, access_s=proposal.figures, version=version))


def _lesson(services: Services, actor: Actor, proposal: Proposal, state: LessonState) -> Lesson:
    return Lesson(
        id=services.new_id(),
        branch_id=actor.branch_id,
        kind=proposal.kind,
        subject_id=proposal.subject_id,
        figures=proposal.figures,
        before=proposal.now,
        basis=proposal.basis,
        visits=proposal.visits,
        state=state,
        decided_by=actor.id,
        decided_at=services.now(),
    )


def _refused(lessons: Iterable[Lesson]) -> dict[tuple[LessonKind, str], list[Lesson]]:
    found: dict[tuple[LessonKind, str], list[Lesson]] = {}
    for one in lessons:
        if one.state in {LessonState.REFUSED, LessonState.UNDONE}:
            found.setdefault((one.kind, one.subject_id), []).append(one)
    return found


def _known(lesson: Lesson, seen: Seen) -> Known:
    building = seen.buildings.get(lesson.subject_id) if lesson.kind is LessonKind.ACCESS else None
    in_force = lesson.state is LessonState.AGREED and (building is None or building.access_s == lesson.figures)
    return Known(lesson=lesson, name=building.name if building else "", in_force=in_force)


def _treatments(seen: Seen) -> tuple[TreatmentMinutes, ...]:
    """Give planned against real minutes by treatment."""
    from dispatch.explain.observed import treated_s

    found: dict[tuple[str, int], list[int]] = {}
    for booking, fact in seen.reported():
        took_s = treated_s(fact)
        if took_s is not None and took_s * 4 >= booking.minutes * 60:
            found.setdefault((booking.treatment_id, booking.minutes), []).append(took_s)
    return tuple(
        TreatmentMinutes(
            name=seen.treatments[treatment_id].name, minutes=minutes, visits=len(took), usual_s=round(median(took))
        )
        for (treatment_id, minutes), took in sorted(found.items())
    )


def _least(kind: LessonKind) -> int:
    return LEAST_VISITS if kind is LessonKind.ACCESS else LEAST_LEGS


def _at(figures: Sequence[int], hour: int) -> int:
    return figures[hour % len(figures)]
