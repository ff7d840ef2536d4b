"""The watch over published visits: derived from the published plan and the reports, again and again, until all is told.

`watch_day` and `sweep` may run as often as they like: what is watched follows from what is kept, an alarm has one id for
each visit and kind, and each run is one transaction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.day import moment_of, service_day_of
from dispatch.model.facts import Event, fold
from dispatch.model.kinds import BookingStatus
from dispatch.model.safety import Alarm, AlarmKind, PinAnswer, PinKeys, Signal, SignalKind, Watch
from dispatch.model.timetable import Timetable, VisitTime
from dispatch.rules.safety import VisitSafety, visit_safety
from dispatch.work.accounts import command_line
from dispatch.work.alarming import alarm_id, clear, gone, next_step, raise_alarm
from dispatch.work.doing import by_id, record
from dispatch.work.history import visits_of
from dispatch.work.phones import still_true
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

DAYS_WATCHED = (-1, 0, 1)
"""The service days, counted from today's, that every thorough sweep looks at whether something stirred them or not."""

_SETTLED = frozenset({BookingStatus.DONE, BookingStatus.CANCELLED, BookingStatus.NO_SHOW})


def sweep(services: Services, *, thorough: bool = False) -> bool:
    """Raise, clear and carry on alarms as the moment asks; tell whether there was anything to do.

    A thorough sweep derives the days around today anew, whatever stirred them or did not.
    """
    now = services.now()
    with services.store.reading() as tx:
        if not thorough and not tx.safety_is_due(now):
            return False
    with services.store.writing() as tx:
        changed = [_sweep_branch(tx, services, branch, now, thorough=thorough) for branch in tx.list(Branch, "")]
    return any(changed)


def _sweep_branch(tx: "Writing", services: Services, branch: Branch, now: datetime, *, thorough: bool) -> bool:
    today = service_day_of(now, branch.time_zone)
    signals = tx.new_signals(branch.id)
    days = {one.day for one in tx.due_watches(branch.id, now)} | {one.day for one in signals}
    if thorough:
        days |= {today + timedelta(days=step) for step in DAYS_WATCHED}
    changed: list[str] = []
    for signal in signals:
        changed += _take_in(tx, services, branch, signal)
    for day in sorted(days):
        changed += watch_day(tx, services, branch, day)
    for alarm in tx.due_alarms(branch.id, now):
        changed.append(next_step(tx, services, branch, alarm).id)
    if changed:
        record(tx, services, command_line(branch.id), "alarm.swept", *dict.fromkeys(changed))
    return bool(changed)


def _take_in(tx: "Writing", services: Services, branch: Branch, signal: Signal) -> list[str]:
    """Raise what a signal asks for at once: SOS, or the PIN under duress; others are folded with their visits."""
    tx.update(replace(signal, handled=True))
    kind = AlarmKind.SOS if signal.kind is SignalKind.SOS else AlarmKind.DURESS
    if signal.kind is not SignalKind.SOS and signal.pin is not PinAnswer.DURESS:
        return []
    visit_id = signal.visit_id or _where(tx, branch, signal)
    at = min(signal.device_at, signal.server_at)
    raised = raise_alarm(
        tx,
        services,
        branch,
        Alarm(
            id=f"{kind.value}:{signal.id}",
            branch_id=branch.id,
            day=signal.day,
            kind=kind,
            therapist_id=signal.therapist_id,
            visit_id=visit_id,
            planned_at=at,
            raised_at=services.now(),
        ),
        told_at=at,
    )
    return [raised.id] if raised else []


def _where(tx: "Reading", branch: Branch, signal: Signal) -> str:
    """Give the visit where a therapist most likely is: the last that should have begun, or the first of the day."""
    hers = tx.list(Watch, branch.id, day=signal.day, therapist_id=signal.therapist_id)
    hers = tuple(sorted(hers, key=lambda one: one.expected_start_at))
    soon = min(signal.device_at, signal.server_at) + timedelta(minutes=30)
    begun = [one for one in hers if one.expected_start_at <= soon]
    return begun[-1].id if begun else hers[0].id if hers else ""


def watch_day(tx: "Writing", services: Services, branch: Branch, day: date) -> list[str]:
    """Derive what is watched of a day and which alarms stand; give the ids of the alarms that changed."""
    now = services.now()
    planned, expected, events = _times(tx, branch, day)
    visits = {one.visit_id: (one, late) for one, late in _pairs(planned, expected)}
    before = by_id(tx.list(Watch, branch.id, day=day))
    signals = tx.list(Signal, branch.id, visit_id=tuple(visits)) if visits else ()
    keyed = {one.id for one in tx.list(PinKeys, branch.id)}
    open_ones = {one.id: one for one in tx.list(Alarm, branch.id, day=day, state=("open", "answered"))}
    changed: list[str] = []
    standing: set[str] = set()
    why: dict[str, VisitSafety] = {}
    for visit_id, (plan, late) in sorted(visits.items()):
        known = before.get(visit_id)
        watch = Watch(
            id=visit_id,
            branch_id=branch.id,
            day=day,
            therapist_id=plan.therapist_id,
            start_at=moment_of(plan.start_s, day, branch.time_zone),
            end_at=moment_of(plan.end_s, day, branch.time_zone),
            expected_start_at=moment_of(max(plan.start_s, late.start_s), day, branch.time_zone),
            expected_end_at=moment_of(max(plan.end_s, late.end_s), day, branch.time_zone),
            armed_at=known.armed_at if known and known.therapist_id == plan.therapist_id else now,
            due_at=None,
        )
        safety = visit_safety(watch, branch.safety, events, signals, asks_pin=watch.therapist_id in keyed)
        due = {AlarmKind.NO_START: safety.start_due_at, AlarmKind.NO_FINISH: safety.finish_due_at}
        for kind, due_at in due.items():
            key = alarm_id(kind, watch)
            why[key] = safety
            if due_at is not None and watch.armed_at < due_at <= now:
                standing.add(key)
                if key not in open_ones and _missed(tx, services, branch, watch, kind):
                    changed.append(key)
        later = [one for one in due.values() if one is not None and one > now]
        watch = replace(watch, due_at=min(later, default=None))
        if known != watch:
            tx.set_watch(watch)
    for watch in before.values():
        if watch.id not in visits and watch.due_at is not None:
            tx.set_watch(replace(watch, due_at=None))
    for alarm in open_ones.values():
        if alarm.kind in {AlarmKind.NO_START, AlarmKind.NO_FINISH} and alarm.id not in standing:
            safety_now = why.get(alarm.id)
            changed.append((clear(tx, services, alarm, safety_now) if safety_now else gone(tx, services, alarm)).id)
    return changed


def _missed(tx: "Writing", services: Services, branch: Branch, watch: Watch, kind: AlarmKind) -> bool:
    raised = raise_alarm(
        tx,
        services,
        branch,
        Alarm(
            id=alarm_id(kind, watch),
            branch_id=branch.id,
            day=watch.day,
            kind=kind,
            therapist_id=watch.therapist_id,
            visit_id=watch.id,
            planned_at=watch.start_at if kind is AlarmKind.NO_START else watch.end_at,
            raised_at=services.now(),
        ),
    )
    return raised is not None


def _times(tx: "Reading", branch: Branch, day: date) -> tuple[Timetable, Timetable, tuple[Event, ...]]:
    """Give the published plan's times as planned and as the facts have shifted them, and the reports of the day.

    Visits of bookings that are over by a person's word, or cancelled, are in neither.
    """
    from dispatch.rules.retime import retime

    published_id = tx.pointers(branch.id, day).published_id
    if not published_id:
        return Timetable(), Timetable(), ()
    revision = tx.revision(published_id)
    bookings = by_id(tx.list(Booking, branch.id, day=day))
    events = tx.events(branch.id, [visit for one in bookings.values() for visit in visits_of(one)])
    solved = tx.problem(revision.problem_hash)
    as_planned = still_true(solved, bookings, ())
    as_told = still_true(solved, bookings, fold(events))
    planned = retime(as_planned, reconcile(as_planned, revision.plan))
    expected = retime(as_told, reconcile(as_told, revision.plan))
    settled = {one.id for one in bookings.values() if one.status in _SETTLED}
    return _without(planned, settled), _without(expected, settled), events


def _without(timetable: Timetable, settled: set[str]) -> Timetable:
    return replace(
        timetable,
        routes=tuple(
            replace(route, stops=tuple(one for one in route.stops if getattr(one, "booking_id", "") not in settled))
            for route in timetable.routes
        ),
    )


def _pairs(planned: Timetable, expected: Timetable) -> Iterator[tuple[VisitTime, VisitTime]]:
    late = {visit.visit_id: visit for route in expected.routes for visit in route.visits()}
    for route in planned.routes:
        for visit in route.visits():
            yield visit, late.get(visit.visit_id, visit)


def arm(tx: "Writing", services: Services, branch_id: str, days: Iterable[date]) -> None:
    """Watch a day's visits as published by now, in the transaction that published, moved or cancelled them."""
    branch = tx.get(Branch, branch_id)
    for day in days:
        watch_day(tx, services, branch, day)
