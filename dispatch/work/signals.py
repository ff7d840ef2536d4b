"""What a phone signals beside its taps: help, that all is well, the PIN at a finish; and what its page is to ask her."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.day import service_day_of
from dispatch.model.safety import (
    Alarm,
    AlarmKind,
    AlarmState,
    PinKeys,
    Signal,
    SignalKind,
    Watch,
)
from dispatch.work.doing import branch_of, find, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.pins import pin_answer
from dispatch.work.reporting import MOST_TAPS, clock_off
from dispatch.work.services import Services
from dispatch.work.telling import place_of

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSignal:
    """One signal as a phone sends it; `pin` is what was typed, and is not kept."""

    id: str
    kind: SignalKind
    device_at: datetime
    visit_id: str = ""
    pin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What a therapist's page asks her: whether all is well with a visit whose start or finish is missed."""

    visit_id: str
    kind: AlarmKind
    place: str
    asks_pin: bool


def signal(
    services: Services, actor: Actor, signals: Sequence[PhoneSignal], *, sent_at: datetime | None = None
) -> tuple[str, ...]:
    """Keep a phone's signals, all in one transaction, and give the ids that need not be sent again: all of them.

    The answer is the same whatever the PIN was, and so is what is written: one row each, which the watch takes in later. One
    that cannot be right is answered like any other and not kept, except SOS, which is kept whatever else it says.
    """
    allow(actor, Permission.OWN_DAY)
    if len(signals) > MOST_TAPS:
        raise BadInput("report.too_many", count=len(signals), most=MOST_TAPS)
    now = services.now()
    off = clock_off(now, sent_at)
    kept = []
    with services.store.writing() as tx:
        branch = branch_of(tx, actor)
        for one in signals:
            watch = find(tx, actor, Watch, one.visit_id)
            if not _ID.fullmatch(one.id) or (watch is None and one.kind is not SignalKind.SOS):
                continue
            at = min(one.device_at + off, now).astimezone(UTC)
            made = Signal(
                id=one.id,
                branch_id=actor.branch_id,
                day=watch.day if watch else service_day_of(now, branch.time_zone),
                therapist_id=actor.therapist_id,
                kind=one.kind,
                device_at=at,
                server_at=now,
                visit_id=watch.id if watch else "",
                pin=pin_answer(tx, services, actor.therapist_id, one.pin[:16]),
            )
            if tx.keep_signal(made):
                kept.append(one)
        if kept:
            is_sos = any(one.kind is SignalKind.SOS for one in kept)
            record(tx, services, actor, "phone.sos" if is_sos else "phone.signal", *(one.id for one in kept))
    return tuple(one.id for one in signals)


def reminders(services: Services, actor: Actor) -> tuple[Reminder, ...]:
    """Give what a therapist's page asks her now: alarms she is reminded of, and never one she or another raised in need."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        states = (AlarmState.OPEN.value, AlarmState.ANSWERED.value)
        hers = tx.list(Alarm, actor.branch_id, therapist_id=actor.therapist_id, state=states)
        asks_pin = tx.find(PinKeys, actor.therapist_id) is not None
        return tuple(
            Reminder(visit_id=one.visit_id, kind=one.kind, place=place_of(tx, one.visit_id)[0], asks_pin=asks_pin)
            for one in hers
            if one.kind in {AlarmKind.NO_START, AlarmKind.NO_FINISH}
        )
