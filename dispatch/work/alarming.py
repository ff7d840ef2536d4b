"""Alarms: raised once, told step by step until somebody answers, cleared by a tap, closed by a person with a word."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.model.branch import Branch
from dispatch.model.safety import (
    Alarm,
    AlarmKind,
    AlarmLine,
    AlarmState,
    LineKind,
    SafetyStep,
    Watch,
    Whom,
)
from dispatch.rules.safety import VisitSafety
from dispatch.work.services import Services
from dispatch.work.telling import tell

if TYPE_CHECKING:
    from dispatch.store import Writing

MOVED_S = 30 * 60
"""A missed start that a person has closed is missed anew only where the visit was planned so much later since."""

_SHE_CALLED = frozenset({AlarmKind.SOS, AlarmKind.DURESS})
"""Alarms she raised herself: she is not reminded of them, and the first who can help is told at once."""


def alarm_id(kind: AlarmKind, watch: Watch) -> str:
    """Give the id of the one alarm there is for a visit's missed start or finish by this therapist."""
    return f"{kind.value}:{watch.id}:{watch.therapist_id}"


def steps_of(branch: Branch, kind: AlarmKind) -> tuple[SafetyStep, ...]:
    """Give who is told when; for an alarm she raised herself the therapist is left out and the others move up."""
    steps = branch.safety.steps
    if kind not in _SHE_CALLED:
        return steps
    others = [one for one in steps if one.whom is not Whom.THERAPIST]
    others = others or [SafetyStep(whom=Whom.RESPONDER, after_s=0)]
    return tuple(replace(one, after_s=one.after_s - others[0].after_s) for one in others)


def raise_alarm(
    tx: "Writing", services: Services, branch: Branch, alarm: Alarm, *, told_at: datetime | None = None
) -> Alarm | None:
    """Raise an alarm, or raise it again where a tap had cleared it; None where it stands, or a person has closed it.

    Whoever is to be told at once is told in the same transaction.
    """
    now = services.now()
    before = tx.find(Alarm, alarm.id)
    if before is None:
        line = AlarmLine(at=now, what=LineKind.RAISED, told_at=told_at)
        due_at = now + timedelta(seconds=steps_of(branch, alarm.kind)[0].after_s)
        alarm = tx.insert(replace(alarm, raised_at=now, due_at=due_at, lines=(line,)))
    else:
        was_moved = (alarm.planned_at - before.planned_at).total_seconds() > MOVED_S
        if before.state is not AlarmState.CLEARED and not (before.state is AlarmState.CLOSED and was_moved):
            return None
        line = AlarmLine(at=now, what=LineKind.AGAIN, told_at=told_at)
        due_at = now + timedelta(seconds=steps_of(branch, alarm.kind)[0].after_s)
        again = replace(before, raised_at=now, planned_at=alarm.planned_at, state=AlarmState.OPEN, step=0)
        alarm = tx.update(replace(again, due_at=due_at, lines=(*before.lines, line)))
    while alarm.due_at is not None and alarm.due_at <= now:
        alarm = next_step(tx, services, branch, alarm)
    return alarm


def next_step(tx: "Writing", services: Services, branch: Branch, alarm: Alarm) -> Alarm:
    """Tell whoever comes next, and note when the step after that is due; the last is repeated until somebody answers."""
    steps = steps_of(branch, alarm.kind)
    number = min(alarm.step, len(steps) - 1)
    told = tell(tx, services, branch, alarm, steps[number].whom)
    # Nobody is skipped: when the server was down, the steps that were missed follow one another.
    if told.step < len(steps):
        due_at: datetime | None = max(
            alarm.raised_at + timedelta(seconds=steps[told.step].after_s), alarm.due_at or alarm.raised_at
        )
    elif told.step < len(steps) + branch.safety.again_times:
        due_at = services.now() + timedelta(seconds=branch.safety.again_s)
    else:
        due_at = None
    return tx.update(replace(told, due_at=due_at))


def clear(tx: "Writing", services: Services, alarm: Alarm, safety: VisitSafety) -> Alarm:
    """Clear an alarm that what was reported has answered, with the time her phone says and the time it reached us."""
    event = safety.begun_by if alarm.kind is AlarmKind.NO_START else safety.over_by
    if event is not None:
        line = AlarmLine(
            at=services.now(),
            what=LineKind.CLEARED,
            who_id=event.actor,
            told_at=event.device_at,
            word=event.kind.value,
        )
    else:
        # No step shows it: she runs late, is well, or the visit was moved to later.
        word = "all_well" if safety.well_at else "later"
        line = AlarmLine(
            at=services.now(), what=LineKind.CLEARED, who_id=alarm.therapist_id, told_at=safety.well_at, word=word
        )
    return _over(tx, alarm, line)


def gone(tx: "Writing", services: Services, alarm: Alarm) -> Alarm:
    """Clear an alarm of a visit that the published plan gives this therapist no more."""
    return _over(tx, alarm, AlarmLine(at=services.now(), what=LineKind.GONE))


def _over(tx: "Writing", alarm: Alarm, line: AlarmLine) -> Alarm:
    return tx.update(replace(alarm, state=AlarmState.CLEARED, due_at=None, lines=(*alarm.lines, line)))
