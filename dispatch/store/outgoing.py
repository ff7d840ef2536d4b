"""Keeps messages that leave the house: who may send one is decided by a single conditional UPDATE, as with jobs."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.engine import RowMapping

from dispatch.errors import BadInput, NotFound
from dispatch.model.codec import dumps, loads
from dispatch.model.outgoing import Channel, Outgoing, OutgoingState
from dispatch.model.said import Said
from dispatch.store.convert import table_of
from dispatch.store.nouns import Connected
from dispatch.store.outgoingtables import OutgoingRow

_OUT = table_of(OutgoingRow)


class ReadingOutgoing(Connected):
    """Finds messages."""

    def outgoing(self, key: str) -> Outgoing:
        """Give a message; `NotFound` where there is none of this id."""
        row = self._connection.execute(select(_OUT).where(_OUT.c.id == key)).mappings().first()
        if row is None:
            raise NotFound("store.not_found", kind="message", id=key)
        return _message_of(row)

    def outgoing_about(self, branch_id: str, about_ids: Iterable[str]) -> tuple[Outgoing, ...]:
        """Give the messages about these things, in the order they were asked for."""
        query = select(_OUT).where(_OUT.c.branch_id == branch_id, _OUT.c.about_id.in_(sorted(set(about_ids))))
        rows = self._connection.execute(query.order_by(_OUT.c.asked_at, _OUT.c.id)).mappings()
        return tuple(_message_of(row) for row in rows)

    def outgoing_due(self, now: datetime, channel: Channel) -> bool:
        """Tell whether a channel has anything to send by now."""
        return self._connection.scalar(select(_OUT.c.id).where(_due(now, channel)).limit(1)) is not None


class WritingOutgoing(ReadingOutgoing):
    """Adds messages, gives them to senders and notes what became of them."""

    def post(self, message: Outgoing) -> bool:
        """Add a message; False where one of this id is kept already, which then stays as it is."""
        row = {field.name: _column(field.name, getattr(message, field.name)) for field in fields(message)}
        if any(isinstance(value, str) and "\0" in value for value in row.values()):
            raise BadInput("store.unkeepable_text", kind="message", id=message.id)
        return self._insert_or_skip(_OUT, row)

    def claim_outgoing(self, now: datetime, channel: Channel, *, lease_s: float, token: str) -> Outgoing | None:
        """Take the message of a channel that has waited longest, urgent ones first; None where there is none to send.

        It then belongs to the token until the lease ends. Give a new token with each claim.
        """
        query = select(_OUT.c.id, _OUT.c.attempt, _OUT.c.state).where(_due(now, channel))
        for key, attempt, state in self._connection.execute(
            query.order_by(_OUT.c.urgent.desc(), _OUT.c.due_at, _OUT.c.id).limit(8)
        ).all():
            seen = (_OUT.c.id == key) & (_OUT.c.attempt == attempt) & (_OUT.c.state == state)
            until = now + timedelta(seconds=lease_s)
            taken = {"state": OutgoingState.SENDING, "token": token, "attempt": attempt + 1, "lease_until": until}
            if self._change_outgoing(seen, **taken):
                return self.outgoing(key)
        return None

    def end_outgoing(
        self, key: str, token: str, state: OutgoingState, *, failure: Said | None = None, now: datetime
    ) -> bool:
        """End a message; False where it does not belong to this token any more."""
        ended = {"state": state, "failure": failure, "finished_at": now, "token": "", "lease_until": None}
        return self._change_outgoing(_held(key, token), **ended)

    def retry_outgoing(self, key: str, token: str, *, failure: Said, due_at: datetime) -> bool:
        """Let a message be tried again later; False where it does not belong to this token any more."""
        back = {"state": OutgoingState.QUEUED, "failure": failure, "due_at": due_at, "token": "", "lease_until": None}
        return self._change_outgoing(_held(key, token), **back)

    def cancel_outgoing(self, key: str, *, now: datetime) -> bool:
        """Let a message that still waits never be sent; tell whether it waited."""
        waits = (_OUT.c.id == key) & (_OUT.c.state == OutgoingState.QUEUED.value)
        return self._change_outgoing(waits, state=OutgoingState.CANCELLED, finished_at=now)

    def forget_outgoing(self, branch_id: str, about_id: str) -> None:
        """Forget every message about something, those that wait too."""
        about = (_OUT.c.branch_id == branch_id) & (_OUT.c.about_id == about_id)
        self._connection.execute(delete(_OUT).where(about))

    def _change_outgoing(self, condition: ColumnElement[bool], **values: Any) -> bool:
        row = {name: _column(name, value) for name, value in values.items()}
        return self._connection.execute(update(_OUT).where(condition).values(row)).rowcount == 1


def _due(now: datetime, channel: Channel) -> ColumnElement[bool]:
    waiting = (_OUT.c.state == OutgoingState.QUEUED.value) & (_OUT.c.due_at <= now)
    silent = (_OUT.c.state == OutgoingState.SENDING.value) & (_OUT.c.lease_until < now)
    return (_OUT.c.channel == channel.value) & (waiting | silent)


def _held(key: str, token: str) -> ColumnElement[bool]:
    return (_OUT.c.id == key) & (_OUT.c.token == token) & (_OUT.c.state == OutgoingState.SENDING.value)


def _column(name: str, value: Any) -> Any:
    if isinstance(value, Said):
        return dumps(value)
    if isinstance(value, Enum):
        return value.value
    return None if name == "token" and not value else value


def _message_of(row: RowMapping) -> Outgoing:
    values = dict(row)
    values |= {"channel": Channel(values["channel"]), "state": OutgoingState(values["state"])}
    values["token"] = values["token"] or ""
    values["failure"] = None if values["failure"] is None else loads(Said, values["failure"])
    return Outgoing(**values)
