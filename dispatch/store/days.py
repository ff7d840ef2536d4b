"""Reads and writes a service day's life: revisions and pointers, locks and waivers, events, and the audit."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update

from dispatch.errors import Conflict
from dispatch.model.audit import AuditRow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import Event
from dispatch.model.plan import DayPointers, Revision
from dispatch.store.convert import body_of, columns_of, table_of
from dispatch.store.daytables import AuditRows, DayPointersRow, EventRow, LockRow, RevisionRow, WaiverRow
from dispatch.store.decoded import noun_of
from dispatch.store.live import WritingLive
from dispatch.store.nouns import ReadingNouns, WritingNouns

_AUDIT = table_of(AuditRows)
_EVENT = table_of(EventRow)
_LOCK = table_of(LockRow)
_POINTERS = table_of(DayPointersRow)
_REVISION = table_of(RevisionRow)
_WAIVER = table_of(WaiverRow)


def _of_day(table: Table, branch_id: str, day: date) -> ColumnElement[bool]:
    return (table.c.branch_id == branch_id) & (table.c.day == day)


class ReadingDays(ReadingNouns):
    """Finds what belongs to a service day."""

    def revision(self, key: str) -> Revision:
        """Give a revision; `NotFound` where there is none of this id."""
        return self.get(Revision, key)

    def revisions(self, branch_id: str, day: date) -> tuple[Revision, ...]:
        """Give all revisions of a day in the order they were appended."""
        query = select(_REVISION.c.body).where(_of_day(_REVISION, branch_id, day)).order_by(_REVISION.c.number)
        return tuple(noun_of(Revision, body) for body in self._connection.scalars(query))

    def next_revision_number(self, branch_id: str, day: date) -> int:
        """Give the number of the revision to be appended next, the first being 1."""
        newest = select(func.max(_REVISION.c.number)).where(_of_day(_REVISION, branch_id, day))
        return (self._connection.scalar(newest) or 0) + 1

    def pointers(self, branch_id: str, day: date) -> DayPointers:
        """Give a day's pointers; of version 0 and pointing nowhere where none were kept yet."""
        row = self._connection.execute(select(_POINTERS).where(_of_day(_POINTERS, branch_id, day))).mappings().first()
        return DayPointers(branch_id=branch_id, day=day) if row is None else DayPointers(**row)

    def locks(self, branch_id: str, day: date) -> tuple[Lock, ...]:
        """Give a day's locks, by visit id."""
        query = select(_LOCK.c.visit_id, _LOCK.c.body).where(_of_day(_LOCK, branch_id, day))
        return tuple(
            noun_of(Lock, body) for _, body in sorted((key, body) for key, body in self._connection.execute(query))
        )

    def waivers(self, branch_id: str, day: date) -> tuple[Waiver, ...]:
        """Give a day's waivers, by rule and subject."""
        query = select(_WAIVER.c.body).where(_of_day(_WAIVER, branch_id, day))
        waivers = [noun_of(Waiver, body) for body in self._connection.scalars(query)]
        return tuple(sorted(waivers, key=lambda waiver: (waiver.rule, waiver.subject_id)))

    def events(self, branch_id: str, visit_ids: Iterable[str]) -> tuple[Event, ...]:
        """Give what was reported of these visits, sorted by event id; `model.facts.fold` orders it."""
        query = select(_EVENT.c.id, _EVENT.c.body).where(
            _EVENT.c.branch_id == branch_id, _EVENT.c.visit_id.in_(sorted(set(visit_ids)))
        )
        rows = sorted((key, body) for key, body in self._connection.execute(query))
        return tuple(noun_of(Event, body) for _, body in rows)

    def audit(self, branch_id: str, *, limit: int = 200) -> tuple[AuditRow, ...]:
        """Give the newest audit rows of a branch (of all branches for an empty id), newest first."""
        query = select(_AUDIT.c.body).order_by(_AUDIT.c.at.desc(), _AUDIT.c.id.desc()).limit(limit)
        if branch_id:
            query = query.where(_AUDIT.c.branch_id == branch_id)
        return tuple(noun_of(AuditRow, body) for body in self._connection.scalars(query))


class WritingDays(ReadingDays, WritingNouns, WritingLive):
    """Appends to, fixes and points in a service day."""

    def append_revision(self, revision: Revision) -> Revision:
        """Append a revision; `Conflict` where its number is taken or its problem or parent is not kept."""
        return self.insert(revision)

    def move_pointers(self, pointers: DayPointers) -> DayPointers:
        """Move a day's pointers and give them with their next version; `Conflict` where somebody moved them meanwhile."""
        moved = replace(pointers, version=pointers.version + 1)
        values: dict[str, Any] = {name: getattr(moved, name) for name in _POINTERS.columns.keys()}  # noqa: SIM118
        day = pointers.day.isoformat()
        with self._constrained("day_pointers", day):
            if pointers.version == 0:
                done = self._insert_or_skip(_POINTERS, values)
            else:
                seen = _of_day(_POINTERS, pointers.branch_id, pointers.day) & (_POINTERS.c.version == pointers.version)
                done = self._connection.execute(update(_POINTERS).where(seen).values(values)).rowcount == 1
            if not done:
                raise Conflict("store.plan_changed_meanwhile", day=day)
        return moved

    def set_lock(self, branch_id: str, day: date, lock: Lock) -> None:
        """Fix a visit; an earlier lock of the same visit gives way."""
        self.drop_lock(branch_id, day, lock.visit_id)
        body = body_of(lock, "lock", lock.visit_id)
        with self._constrained("lock", lock.visit_id):
            row = {"branch_id": branch_id, "day": day, "visit_id": lock.visit_id, "body": body}
            self._connection.execute(insert(_LOCK).values(row))

    def drop_lock(self, branch_id: str, day: date, visit_id: str) -> bool:
        """Set a visit free; tell whether it was locked."""
        that = _of_day(_LOCK, branch_id, day) & (_LOCK.c.visit_id == visit_id)
        return self._connection.execute(delete(_LOCK).where(that)).rowcount == 1

    def set_waiver(self, branch_id: str, day: date, waiver: Waiver) -> None:
        """Set a rule aside for its subject; an earlier waiver of the same rule and subject gives way."""
        self.drop_waiver(branch_id, day, waiver.rule, waiver.subject_id)
        body = body_of(waiver, "waiver", waiver.subject_id)
        with self._constrained("waiver", waiver.subject_id):
            row = {
                "branch_id": branch_id,
                "day": day,
                "rule": waiver.rule,
                "subject_id": waiver.subject_id,
                "body": body,
            }
            self._connection.execute(insert(_WAIVER).values(row))

    def drop_waiver(self, branch_id: str, day: date, rule: str, subject_id: str) -> bool:
        """Let a rule hold again for a subject; tell whether it was set aside."""
        that = _of_day(_WAIVER, branch_id, day) & (_WAIVER.c.rule == rule) & (_WAIVER.c.subject_id == subject_id)
        return self._connection.execute(delete(_WAIVER).where(that)).rowcount == 1

    def append_event(self, event: Event) -> bool:
        """Keep what was reported; False where an event of this id is kept already, which then stays as it is."""
        with self._constrained("event", event.id):
            new = self._insert_or_skip(_EVENT, columns_of(event))
        if new:
            self.count_change(event.branch_id, event_id=event.id)
        return new

    def append_audit(self, row: AuditRow) -> AuditRow:
        """Keep who did what, and its place in the order of the branch's changes."""
        kept = self.insert(row)
        if row.branch_id:
            self.count_change(row.branch_id, audit_id=row.id)
        return kept
