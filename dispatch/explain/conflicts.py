"""What is wrong with a day as it is planned now: broken rules, late visits, wishes nobody serves, starts that are not safe.

Every sentence comes from the same rules, times and chances as the plan; what has begun is no longer told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.chance import VisitChance
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import Timetable, Violation, VisitTime

SURE_PERCENT = 80
"""A visit that starts on time on fewer of a hundred days is told."""


class Severity(StrEnum):
    """How much a conflict asks for: a rule is broken, a client is let down, or it may yet go wrong."""

    BROKEN = "broken"
    MISSED = "missed"
    RISKY = "risky"


class Kind(StrEnum):
    """What a conflict is about."""

    RULE = "rule"
    LOCK = "lock"
    BREAK = "break"
    LATE = "late"
    LEFT_OUT = "left_out"
    RISK = "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayConflict:
    """One thing that is wrong; where it is about a visit or a booking, their ids say where to look."""

    kind: Kind
    severity: Severity
    said: Said
    visit_id: str = ""
    booking_id: str = ""
    therapist_id: str = ""
    start_s: int = 0


_KINDS = {
    "lock_therapist": Kind.LOCK,
    "lock_time": Kind.LOCK,
    "break_missing": Kind.BREAK,
    "break_late": Kind.BREAK,
    "window_missed": Kind.LATE,
}
_ORDER = tuple(Severity)


def conflicts(
    problem: DayProblem,
    plan: Plan,
    timetable: Timetable,
    *,
    violations: Sequence[Violation],
    chances: Mapping[str, VisitChance],
) -> tuple[DayConflict, ...]:
    """Give everything that is wrong, what is broken first, then by the time it happens; empty where nothing is."""
    times = {visit.visit_id: visit for route in timetable.routes for visit in route.visits()}
    begun = {fact.visit_id for fact in problem.facts}
    missed = {one.subject_id for one in violations if one.rule == "window_missed"}
    ahead = [visit for name, visit in times.items() if name not in begun]
    found = [
        *(_broken(one, times) for one in violations),
        *_late(problem, [visit for visit in ahead if visit.visit_id not in missed]),
        *_left_out(problem, plan),
        *_risky(problem, [visit for visit in ahead if visit.visit_id not in missed], chances),
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.severity), one.start_s, one.booking_id, one.visit_id)))


def late_s(problem: DayProblem, visit: VisitTime) -> int:
    """Give how late a visit starts: after its window, or after its promise where that is beyond the grace."""
    promised = visit.promise_late_s if visit.promise_late_s > problem.weights.promise_grace_s else 0
    return max(visit.late_s, promised)


def _broken(one: Violation, times: Mapping[str, VisitTime]) -> DayConflict:
    """Give a breach with the visit it is about: itself, or the first one of its booking or its therapist."""
    about = times.get(one.subject_id) or next(
        (visit for visit in times.values() if visit.booking_id == one.booking_id),
        next((visit for visit in times.values() if visit.therapist_id == one.therapist_id), None),
    )
    return DayConflict(
        kind=_KINDS.get(one.rule, Kind.RULE),
        severity=Severity.BROKEN,
        said=one.said,
        visit_id=about.visit_id if about else "",
        booking_id=one.booking_id,
        therapist_id=one.therapist_id,
        start_s=about.start_s if about else 0,
    )


def _late(problem: DayProblem, visits: Sequence[VisitTime]) -> Iterator[DayConflict]:
    for visit in visits:
        late = late_s(problem, visit)
        if late > 0:
            code = "conflict.late" if visit.late_s else "conflict.promise_late"
            values: dict[str, str | int] = {
                "booking_id": visit.booking_id,
                "therapist_id": visit.therapist_id,
                "start_s": visit.start_s,
            }
            yield _about(visit, Kind.LATE, Severity.MISSED, said(code, late_s=late, **values))


def _risky(
    problem: DayProblem, visits: Sequence[VisitTime], chances: Mapping[str, VisitChance]
) -> Iterator[DayConflict]:
    for visit in visits:
        chance = chances.get(visit.visit_id)
        if chance and chance.on_time_percent < SURE_PERCENT and not late_s(problem, visit):
            told = said(
                "conflict.at_risk",
                booking_id=visit.booking_id,
                therapist_id=visit.therapist_id,
                start_s=visit.start_s,
                percent=chance.on_time_percent,
            )
            yield _about(visit, Kind.RISK, Severity.RISKY, told)


def _left_out(problem: DayProblem, plan: Plan) -> Iterator[DayConflict]:
    """Give the bookings nobody is sent to: those locked or with priority one by one, the rest as one sentence."""
    locked = {booking_of(lock.visit_id)[0] for lock in problem.locks}
    bookings = {booking.id: booking for booking in problem.bookings}
    # Before the first plan nobody has anything; saying so once is enough.
    named = {one.booking_id for one in plan.left_out if plan.routes}
    rest: list[str] = []
    for one in plan.left_out:
        booking = bookings.get(one.booking_id)
        if booking is None:
            continue
        start_s = booking.windows[0].start_s
        if booking.id in named and booking.id in locked:
            told = said("conflict.lock_left_out", booking_id=booking.id)
            yield DayConflict(
                kind=Kind.LOCK, severity=Severity.BROKEN, said=told, booking_id=booking.id, start_s=start_s
            )
        elif booking.id in named and booking.priority > 0:
            told = said("conflict.priority_left_out", booking_id=booking.id, start_s=start_s, priority=booking.priority)
            yield DayConflict(
                kind=Kind.LEFT_OUT, severity=Severity.MISSED, said=told, booking_id=booking.id, start_s=start_s
            )
        else:
            rest.append(booking.id)
    if len(rest) == 1:
        told = said("conflict.one_left_out", booking_id=rest[0])
        yield DayConflict(kind=Kind.LEFT_OUT, severity=Severity.MISSED, said=told, booking_id=rest[0])
    elif rest:
        told = said("conflict.left_out", count=len(rest))
        yield DayConflict(kind=Kind.LEFT_OUT, severity=Severity.MISSED, said=told)


def _about(visit: VisitTime, kind: Kind, severity: Severity, told: Said) -> DayConflict:
    return DayConflict(
        kind=kind,
        severity=severity,
        said=told,
        visit_id=visit.visit_id,
        booking_id=visit.booking_id,
        therapist_id=visit.therapist_id,
        start_s=visit.start_s,
    )
