"""Reads and writes how people work together: the order of changes, who looks at what, which versions were seen."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from dispatch.model.audit import AuditRow
from dispatch.model.codec import loads
from dispatch.model.publication import Presence, Publication, Seen
from dispatch.store.convert import table_of
from dispatch.store.daytables import AuditRows
from dispatch.store.livetables import ChangeRow, PresenceRow, PublicationRow, SeenRow
from dispatch.store.nouns import Connected

_AUDIT = table_of(AuditRows)
_CHANGE = table_of(ChangeRow)
_PRESENCE = table_of(PresenceRow)
_PUBLICATION = table_of(PublicationRow)
_SEEN = table_of(SeenRow)


class ReadingLive(Connected):
    """Finds what has changed, who is there, and what was published."""

    def change_number(self, branch_id: str) -> int:
        """Give how many changes a branch has seen: it grows with every audit row and every event, whoever wrote it."""
        newest = select(func.max(_CHANGE.c.number)).where(_CHANGE.c.branch_id == branch_id)
        return self._connection.scalar(newest) or 0

    def changes_since(self, branch_id: str, number: int, *, limit: int) -> tuple[AuditRow | None, ...]:
        """Give the changes after a number, oldest first: their audit rows, None for an event reported from outside."""
        query = (
            select(_CHANGE.c.number, _AUDIT.c.body)
            .outerjoin(_AUDIT, _AUDIT.c.id == _CHANGE.c.audit_id)
            .where(_CHANGE.c.branch_id == branch_id, _CHANGE.c.number > number)
            .order_by(_CHANGE.c.number)
            .limit(limit)
        )
        return tuple(None if body is None else loads(AuditRow, body) for _, body in self._connection.execute(query))

    def present(self, branch_id: str, day: date, *, since: datetime) -> tuple[Presence, ...]:
        """Give who has a day's board open and was heard of since a moment, by account."""
        query = select(_PRESENCE).where(
            _PRESENCE.c.branch_id == branch_id, _PRESENCE.c.day == day, _PRESENCE.c.seen_at >= since
        )
        rows = self._connection.execute(query.order_by(_PRESENCE.c.account_id)).mappings()
        return tuple(Presence(**row) for row in rows)

    def last_publication(self, branch_id: str, day: date) -> Publication | None:
        """Give the newest version of a day, or None where therapists were never shown one."""
        query = select(_PUBLICATION.c.body).where(_PUBLICATION.c.branch_id == branch_id, _PUBLICATION.c.day == day)
        body = self._connection.scalar(query.order_by(_PUBLICATION.c.number.desc()).limit(1))
        return None if body is None else loads(Publication, body)

    def seen(self, publication_ids: Iterable[str]) -> tuple[Seen, ...]:
        """Give which therapists' devices have shown these versions, by version and therapist."""
        query = select(_SEEN).where(_SEEN.c.publication_id.in_(sorted(set(publication_ids))))
        rows = self._connection.execute(query.order_by(_SEEN.c.publication_id, _SEEN.c.therapist_id)).mappings()
        return tuple(Seen(**row) for row in rows)


class WritingLive(ReadingLive):
    """Counts changes, notes who is there and who has seen what."""

    def count_change(self, branch_id: str, *, audit_id: str | None = None, event_id: str | None = None) -> None:
        """Append a change to its branch's order; no two writers count at once, so no number is left out or given twice."""
        number = self.change_number(branch_id) + 1
        row = {"branch_id": branch_id, "number": number, "audit_id": audit_id, "event_id": event_id}
        self._connection.execute(insert(_CHANGE).values(row))

    def note_presence(self, presence: Presence, *, forget_before: datetime) -> None:
        """Note that somebody has a day's board open; whoever was last heard of before a moment is forgotten."""
        self._connection.execute(delete(_PRESENCE).where(_PRESENCE.c.seen_at < forget_before))
        values: dict[str, Any] = {name: getattr(presence, name) for name in _PRESENCE.columns.keys()}  # noqa: SIM118
        if not self._insert_or_skip(_PRESENCE, values):
            mine = (_PRESENCE.c.account_id == presence.account_id) & (_PRESENCE.c.day == presence.day)
            self._connection.execute(update(_PRESENCE).where(mine).values(values))

    def drop_presence(self, account_id: str, day: date) -> None:
        """Forget that somebody has a day's board open."""
        mine = (_PRESENCE.c.account_id == account_id) & (_PRESENCE.c.day == day)
        self._connection.execute(delete(_PRESENCE).where(mine))

    def note_seen(self, seen: Seen) -> bool:
        """Note that a device has shown a version; False where that was known already, which then stays as it is."""
        values: dict[str, Any] = {name: getattr(seen, name) for name in _SEEN.columns.keys()}  # noqa: SIM118
        return self._insert_or_skip(_SEEN, values)

    def note_acknowledged(self, seen: Seen) -> bool:
        """Note that a therapist tapped OK to a version, and so has seen it; False where that was known already."""
        if self.note_seen(seen):
            return True
        hers = (_SEEN.c.publication_id == seen.publication_id) & (_SEEN.c.therapist_id == seen.therapist_id)
        first = update(_SEEN).where(hers & _SEEN.c.acknowledged_at.is_(None))
        return self._connection.execute(first.values(acknowledged_at=seen.acknowledged_at)).rowcount == 1
