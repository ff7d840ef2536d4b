"""What differs between two plans of a day: visit by visit, as sentences for the dispatcher and for each therapist."""

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.model.said import Said, said
from dispatch.model.timetable import Timetable, VisitTime

LEAST_S = 60
"""A start that moves by less has not moved for anybody who reads a clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One visit that is not where it was; `before` or `after` is None where it had, or has, no place."""

    visit_id: str
    before: VisitTime | None
    after: VisitTime | None

    def therapist_ids(self) -> tuple[str, ...]:
        """Give the therapists whose day it changes."""
        return tuple(sorted({time.therapist_id for time in (self.before, self.after) if time is not None}))


def differences(before: Timetable, after: Timetable) -> tuple[Difference, ...]:
    """Give every visit whose therapist or start differs between two timetables, by time of day."""
    was, now = _visits(before), _visits(after)
    found = [
        Difference(visit_id=visit, before=was.get(visit), after=now.get(visit))
        for visit in was.keys() | now.keys()
        if not _same(was.get(visit), now.get(visit))
    ]
    return tuple(sorted(found, key=lambda one: (_start(one), one.visit_id)))


def told(difference: Difference) -> Said:
    """Say to the dispatcher what became of a visit."""
    was, now = difference.before, difference.after
    visit = difference.visit_id
    if was is None and now is not None:
        return said("since.placed", visit_id=visit, therapist_id=now.therapist_id, start_s=now.start_s)
    if was is not None and now is None:
        return said("since.left_out", visit_id=visit, was_id=was.therapist_id, was_s=was.start_s)
    if was is None or now is None:
        raise ValueError("A difference has a place before, or after.")
    if was.therapist_id != now.therapist_id:
        return said(
            "since.handed",
            visit_id=visit,
            was_id=was.therapist_id,
            was_s=was.start_s,
            therapist_id=now.therapist_id,
            start_s=now.start_s,
        )
    return said("since.moved", visit_id=visit, therapist_id=now.therapist_id, was_s=was.start_s, start_s=now.start_s)


def hers(found: Iterable[Difference], therapist_id: str) -> tuple[Said, ...]:
    """Say what a therapist's own day has that it had not, has no more, or has at another time."""
    sentences = []
    for one in found:
        was = one.before if one.before and one.before.therapist_id == therapist_id else None
        now = one.after if one.after and one.after.therapist_id == therapist_id else None
        if was and now:
            sentences.append(said("since.hers_moved", visit_id=one.visit_id, was_s=was.start_s, start_s=now.start_s))
        elif now:
            sentences.append(said("since.hers_new", visit_id=one.visit_id, start_s=now.start_s))
        elif was:
            sentences.append(said("since.hers_gone", visit_id=one.visit_id, was_s=was.start_s))
    return tuple(sentences)


def _visits(timetable: Timetable) -> dict[str, VisitTime]:
    return {visit.visit_id: visit for route in timetable.routes for visit in route.visits()}


def _same(was: VisitTime | None, now: VisitTime | None) -> bool:
    if was is None or now is None:
        return was is now
    return was.therapist_id == now.therapist_id and abs(was.start_s - now.start_s) < LEAST_S


def _start(one: Difference) -> int:
    time = one.after or one.before
    return time.start_s if time else 0
