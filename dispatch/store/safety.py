"""Finds what of safety is due, and stirs what has to be looked at anew."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select

from dispatch.model.safety import AT_ONCE, Alarm, AlarmState, Signal, Watch
from dispatch.store.convert import columns_of, table_of
from dispatch.store.decoded import noun_of
from dispatch.store.nouns import ReadingNouns, WritingNouns
from dispatch.store.safetytables import AlarmRow, SignalRow, WatchRow

_ALARM = table_of(AlarmRow)
_SIGNAL = table_of(SignalRow)
_WATCH = table_of(WatchRow)
_LIVE = (AlarmState.OPEN.value, AlarmState.ANSWERED.value)


class ReadingSafety(ReadingNouns):
    """Finds what is due."""

    def safety_is_due(self, now: datetime) -> bool:
        """Tell whether anything waits for the watch: a visit, an alarm's next step, or a signal."""
        asked = (
            select(_WATCH.c.id).where(_WATCH.c.due_at <= now),
            select(_ALARM.c.id).where(_ALARM.c.due_at <= now),
            select(_SIGNAL.c.id).where(_SIGNAL.c.handled.is_(False)),
        )
        return any(self._connection.scalar(query.limit(1)) is not None for query in asked)

    def due_watches(self, branch_id: str, now: datetime) -> tuple[Watch, ...]:
        """Give the visits of a branch that have to be looked at by now."""
        query = select(_WATCH.c.body).where(_WATCH.c.branch_id == branch_id, _WATCH.c.due_at <= now)
        return tuple(noun_of(Watch, body) for body in self._connection.scalars(query.order_by(_WATCH.c.id)))

    def due_alarms(self, branch_id: str, now: datetime) -> tuple[Alarm, ...]:
        """Give the alarms of a branch whose next step is due."""
        query = select(_ALARM.c.body).where(_ALARM.c.branch_id == branch_id, _ALARM.c.due_at <= now)
        return tuple(noun_of(Alarm, body) for body in self._connection.scalars(query.order_by(_ALARM.c.id)))

    def new_signals(self, branch_id: str) -> tuple[Signal, ...]:
        """Give the signals of a branch that the watch has not taken in."""
        query = select(_SIGNAL.c.body).where(_SIGNAL.c.branch_id == branch_id, _SIGNAL.c.handled.is_(False))
        return tuple(noun_of(Signal, body) for body in self._connection.scalars(query.order_by(_SIGNAL.c.id)))

    def live_alarms(self, branch_id: str) -> tuple[Alarm, ...]:
        """Give the alarms that are not over, the newest first."""
        return self._alarms(branch_id, over=False, limit=200)

    def past_alarms(self, branch_id: str, *, limit: int) -> tuple[Alarm, ...]:
        """Give the alarms that are over, the newest first."""
        return self._alarms(branch_id, over=True, limit=limit)

    def _alarms(self, branch_id: str, *, over: bool, limit: int) -> tuple[Alarm, ...]:
        state = _ALARM.c.state.not_in(_LIVE) if over else _ALARM.c.state.in_(_LIVE)
        query = select(_ALARM.c.body).where(_ALARM.c.branch_id == branch_id, state)
        bodies = self._connection.scalars(query.order_by(_ALARM.c.raised_at.desc(), _ALARM.c.id).limit(limit))
        return tuple(noun_of(Alarm, body) for body in bodies)


class WritingSafety(ReadingSafety, WritingNouns):
    """Keeps signals once, and lets visits be looked at anew."""

    def keep_signal(self, signal: Signal) -> bool:
        """Keep a signal; False where one of this id is kept already, which then stays as it is."""
        return self._insert_or_skip(_SIGNAL, columns_of(signal))

    def set_watch(self, watch: Watch) -> None:
        """Watch a visit as given from now on."""
        if not self._insert_or_skip(_WATCH, columns_of(watch)):
            self.update(watch)

    def stir_watches(self, branch_id: str, *, visit_ids: Iterable[str] = (), therapist_id: str = "") -> None:
        """Let the watched visits named, and all of a therapist's that are still waited for, be looked at next."""
        which = or_(
            _WATCH.c.id.in_(sorted(set(visit_ids))),
            (_WATCH.c.therapist_id == therapist_id) & _WATCH.c.due_at.is_not(None),
        )
        query = select(_WATCH.c.body).where(_WATCH.c.branch_id == branch_id, which)
        for body in self._connection.scalars(query).all():
            self.update(replace(noun_of(Watch, body), due_at=AT_ONCE))
