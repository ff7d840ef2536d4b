"""What something that happened does to a plan, and what a repair changes of it: sentences, and whom to tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dispatch.explain.moves import delays_between
from dispatch.model.move import Later
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import Timetable, Violation, VisitTime
from dispatch.rules.referee import check
from dispatch.rules.retime import retime

TOLD_FROM_S = 300
"""A start that moves by less than five minutes is no reason to call anybody."""

SHOWN_FROM_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What becomes of a plan if nobody does anything: who is late, who has nobody, which rules break.

    `late` are visits that start later than their window or promise allows, and more so than before; `later` are the
    others that are held up.
    """

    late: tuple[Later, ...] = ()
    later: tuple[Later, ...] = ()
    nobody: tuple[str, ...] = ()
    breaches: tuple[Violation, ...] = ()

    @property
    def none(self) -> bool:
        """Whether nothing is the worse for it."""
        return not (self.late or self.nobody or self.breaches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new plan changes of one visit, in a sentence; `tell` says that the client is to be told."""

    booking_id: str
    said: Said
    tell: bool


def damage(
    problem: DayProblem, plan: Plan, hit: DayProblem, hit_plan: Plan, *, gone: frozenset[str] = frozenset()
) -> Damage:
    """Give what the day as it is now (`hit`) does to the plan, as far as that still stands (`hit_plan`).

    `gone` are bookings that nobody expects any more: cancelled ones.
    """
    before, after = retime(problem, plan), retime(hit, hit_plan)
    known = {(one.rule, one.subject_id) for one in check(problem, plan, before)}
    delays = [one for one in delays_between(before, after, ()) if one.later_s >= SHOWN_FROM_S or one.late_s]
    lost = plan.served() - hit_plan.served() - gone
    return Damage(
        late=tuple(one for one in delays if one.late_s),
        later=tuple(one for one in delays if not one.late_s),
        nobody=tuple(sorted(lost, key=lambda name: (_first_start(before, name), name))),
        breaches=tuple(one for one in check(hit, hit_plan, after) if (one.rule, one.subject_id) not in known),
    )


def changes(before: Timetable, after: Timetable, *, gone: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """Give what changes between two timetables, in the order of the day as it was; `gone` bookings are no change."""
    was, now = _visits(before), _visits(after)
    found: list[tuple[int, str, Change]] = []
    for name in was.keys() | now.keys():
        if booking_of(name)[0] in gone:
            continue
        for change in _change(was.get(name), now.get(name)):
            visit = was.get(name) or now[name]
            found.append((visit.start_s, name, change))
    return tuple(_once(change for _, _, change in sorted(found, key=lambda one: one[:2])))


_WHOLE = frozenset({"repair.falls_out", "repair.comes_in"})
_STARTS = frozenset({"repair.starts_later", "repair.starts_earlier"})


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Give the changes without what is said of a couple already: all of it comes or goes, and starts, together."""
    told = list(dict.fromkeys(found))
    new_starts = {one.booking_id for one in told if one.said.code == "repair.other_both"}
    whole: set[str] = set()
    for one in told:
        if one.said.code in _STARTS and one.booking_id in new_starts:
            continue
        if one.said.code in _WHOLE:
            if one.booking_id in whole:
                continue
            whole.add(one.booking_id)
        yield one


def _change(was: VisitTime | None, now: VisitTime | None) -> Iterator[Change]:
    if was is None:
        if now is not None:
            yield _told("repair.comes_in", now, therapist_id=now.therapist_id, start_s=now.start_s)
        return
    if now is None:
        yield _told("repair.falls_out", was, therapist_id=was.therapist_id, start_s=was.start_s)
        return
    moved_s = abs(now.start_s - was.start_s)
    if now.therapist_id != was.therapist_id:
        if moved_s < SHOWN_FROM_S:
            yield _told(
                "repair.other_therapist",
                now,
                therapist_id=now.therapist_id,
                other_id=was.therapist_id,
                start_s=now.start_s,
            )
        else:
            yield _told(
                "repair.other_both",
                now,
                therapist_id=now.therapist_id,
                other_id=was.therapist_id,
                start_s=now.start_s,
                before_s=was.start_s,
            )
    elif moved_s >= SHOWN_FROM_S:
        code = "repair.starts_later" if now.start_s > was.start_s else "repair.starts_earlier"
        yield Change(
            booking_id=now.booking_id,
            said=said(code, booking_id=now.booking_id, start_s=now.start_s, before_s=was.start_s, moved_s=moved_s),
            tell=moved_s >= TOLD_FROM_S,
        )


def _told(code: str, visit: VisitTime, **values: str | int) -> Change:
    return Change(booking_id=visit.booking_id, said=said(code, booking_id=visit.booking_id, **values), tell=True)


def _visits(times: Timetable) -> dict[str, VisitTime]:
    return {visit.visit_id: visit for route in times.routes for visit in route.visits()}


def _first_start(times: Timetable, booking_id: str) -> int:
    return min((visit.start_s for visit in _visits(times).values() if visit.booking_id == booking_id), default=0)
