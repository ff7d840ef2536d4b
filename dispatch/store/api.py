"""Reads and writes what the API needs: lists a page at a time, tokens' last use, and kept answers."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from dispatch.model.api import KeptAnswer
from dispatch.model.booking import Booking
from dispatch.model.facts import Event
from dispatch.store.apitables import ApiAnswerRow, ApiUseRow
from dispatch.store.convert import table_of
from dispatch.store.daytables import EventRow
from dispatch.store.decoded import noun_of
from dispatch.store.livetables import ChangeRow
from dispatch.store.nouns import Connected
from dispatch.store.tables import BookingRow

_ANSWER = table_of(ApiAnswerRow)
_BOOKING = table_of(BookingRow)
_CHANGE = table_of(ChangeRow)
_EVENT = table_of(EventRow)
_USE = table_of(ApiUseRow)


class ReadingApi(Connected):
    """Finds bookings and events a page at a time, and what is kept of requests."""

    def bookings_page(
        self,
        branch_id: str,
        *,
        after: tuple[date, str] | None,
        limit: int,
        from_day: date | None = None,
        to_day: date | None = None,
        statuses: Collection[str] = (),
        client_id: str = "",
    ) -> tuple[Booking, ...]:
        """Give the next bookings in the order of day and id, after the one named; both days are included."""
        query = select(_BOOKING.c.day, _BOOKING.c.id, _BOOKING.c.body).where(_BOOKING.c.branch_id == branch_id)
        if after is not None:
            day, key = after
            later = (_BOOKING.c.day == day) & (_BOOKING.c.id > key)
            query = query.where((_BOOKING.c.day > day) | later)
        if from_day is not None:
            query = query.where(_BOOKING.c.day >= from_day)
        if to_day is not None:
            query = query.where(_BOOKING.c.day <= to_day)
        if statuses:
            query = query.where(_BOOKING.c.status.in_(sorted(statuses)))
        if client_id:
            query = query.where(_BOOKING.c.client_id == client_id)
        rows = self._connection.execute(query.order_by(_BOOKING.c.day, _BOOKING.c.id).limit(limit))
        return tuple(noun_of(Booking, row.body) for row in rows)

    def events_page(self, branch_id: str, *, after: int, limit: int) -> tuple[tuple[int, Event], ...]:
        """Give the events kept after a number of the branch's changes, in the order they were kept, each with its own."""
        query = (
            select(_CHANGE.c.number, _EVENT.c.body)
            .join(_EVENT, _EVENT.c.id == _CHANGE.c.event_id)
            .where(_CHANGE.c.branch_id == branch_id, _CHANGE.c.number > after)
            .order_by(_CHANGE.c.number)
            .limit(limit)
        )
        return tuple((number, noun_of(Event, body)) for number, body in self._connection.execute(query))

    def last_uses(self, token_ids: Collection[str]) -> dict[str, datetime]:
        """Give when tokens were used last, by their ids; one that was never used is not in it."""
        query = select(_USE).where(_USE.c.token_id.in_(sorted(token_ids)))
        return {row.token_id: row.used_at for row in self._connection.execute(query)}

    def kept_answer(self, token_id: str, key: str) -> KeptAnswer | None:
        """Give what is kept of a request, or None."""
        query = select(_ANSWER).where(_ANSWER.c.token_id == token_id, _ANSWER.c.key == key)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        headers = tuple((name, value) for name, value in json.loads(row["headers"]))
        return KeptAnswer(**{**row, "headers": headers})


class WritingApi(ReadingApi):
    """Notes uses, and keeps answers."""

    def note_use(self, token_id: str, now: datetime) -> None:
        """Note that a token was used."""
        mine = _USE.c.token_id == token_id
        values = {"token_id": token_id, "used_at": now}
        if self._connection.execute(update(_USE).where(mine).values(values)).rowcount == 0:
            self._connection.execute(insert(_USE).values(values))

    def keep_request(self, asked: KeptAnswer) -> bool:
        """Keep that a request is being answered; False where its key is taken already."""
        return self._insert_or_skip(_ANSWER, _row_of(asked))

    def retake_request(self, asked: KeptAnswer, *, before: datetime) -> bool:
        """Take over a request that began before a moment and was never answered; False where it was, or began later."""
        mine = (_ANSWER.c.token_id == asked.token_id) & (_ANSWER.c.key == asked.key)
        silent = mine & (_ANSWER.c.status == 0) & (_ANSWER.c.asked_at < before)
        return self._connection.execute(update(_ANSWER).where(silent).values(asked_at=asked.asked_at)).rowcount == 1

    def keep_reply(self, answered: KeptAnswer) -> None:
        """Keep the answer of a request, for the next time it comes."""
        mine = (_ANSWER.c.token_id == answered.token_id) & (_ANSWER.c.key == answered.key)
        self._connection.execute(update(_ANSWER).where(mine).values(_row_of(answered)))

    def forget_request(self, token_id: str, key: str) -> None:
        """Forget a request, so that it may be sent again."""
        mine = (_ANSWER.c.token_id == token_id) & (_ANSWER.c.key == key)
        self._connection.execute(delete(_ANSWER).where(mine))

    def forget_requests(self, *, before: datetime) -> None:
        """Forget all requests that came before a moment."""
        self._connection.execute(delete(_ANSWER).where(_ANSWER.c.asked_at < before))


def _row_of(kept: KeptAnswer) -> dict[str, Any]:
    return {
        "token_id": kept.token_id,
        "key": kept.key,
        "request_hash": kept.request_hash,
        "asked_at": kept.asked_at,
        "status": kept.status,
        "headers": json.dumps(kept.headers),
        "body": kept.body,
    }
