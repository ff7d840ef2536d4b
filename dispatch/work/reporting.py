"""What a therapist's phone reports from the road: kept as events, each once, however often and late it arrives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.day import HORIZON_S, seconds_of, service_day_of
from dispatch.model.facts import Event, EventPlace
from dispatch.model.kinds import BookingStatus, EventKind, Trouble
from dispatch.model.plan import booking_of
from dispatch.model.publication import Publication
from dispatch.model.told import LATE_MINUTES
from dispatch.work.acknowledging import PlanOk, acknowledge
from dispatch.work.doing import branch_of, record
from dispatch.work.flags import flag_place
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

MOST_TAPS = 50
"""No more is taken in one go; the phone sends the rest after it."""

WRONG_CLOCK_S = 120
"""A phone's clock that is further off than this is set right by ours."""

TAPPED = frozenset(EventKind) - {EventKind.NO_SHOW}
"""What a phone may report; that nobody opened is for the dispatcher to decide, after the therapist told of it."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,63}")
_VISIT = re.compile(r"[A-Za-z0-9._:-]{1,64}/[0-9]{1,2}")
_GONE = frozenset({BookingStatus.CANCELLED, BookingStatus.NO_SHOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One tap on a phone: `id` is made there, `device_at` is what its clock showed, `retracts` the id of a tap taken back.

    `payload` is the minutes of `running_late` and the reason (`Trouble`) of `problem`, `place` where the phone was, if it told.
    """

    id: str
    visit_id: str
    kind: EventKind
    device_at: datetime
    payload: str = ""
    retracts: str | None = None
    place: EventPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TapAnswer:
    """What became of a tap: `new` where it was not kept before, `moved` where the visit is no longer hers in the plan.

    `refused` says why it was not kept; sending it again will not help.
    """

    id: str
    new: bool = False
    moved: bool = False
    refused: LaluanError | None = None


def report(
    services: Services, actor: Actor, taps: Sequence[Tap | PlanOk], *, sent_at: datetime | None = None
) -> tuple[TapAnswer, ...]:
    """Keep a therapist's taps, all in one transaction, and say of each in order what became of it.

    Her OK to a new version (`PlanOk`) comes among them. A tap whose id is kept already changes nothing. One for a visit
    that no version published ever gave her is refused by name; for one that was hers and is not any more it is kept as a fact like any other. `sent_at` is what the phone's
    clock shows now: where it is wrong, the time of the taps is set right, and what the phone said is kept beside it.
    """
    allow(actor, Permission.OWN_DAY)
    if len(taps) > MOST_TAPS:
        raise BadInput("report.too_many", count=len(taps), most=MOST_TAPS)
    now = services.now()
    off = clock_off(now, sent_at)
    answers: list[TapAnswer] = []
    with services.store.writing() as tx:
        desk = _Desk(tx, branch_of(tx, actor), actor, now)
        kept, confirmed = [], []
        for tap in taps:
            if isinstance(tap, PlanOk):
                answers.append(_read(tx, actor, tap, off, now))
                confirmed += [tap.publication_id] if answers[-1].new else []
                continue
            answer, event = desk.judge(tap, off)
            if event is not None and tx.append_event(event):
                answer = replace(answer, new=True)
                kept.append(event.id)
                flag_place(tx, event)
            answers.append(answer)
        if kept:
            # The watch folds the taps in a transaction of its own, so that no tap waits for it.
            visit_ids = {tap.visit_id for tap in taps if isinstance(tap, Tap)}
            tx.stir_watches(actor.branch_id, visit_ids=visit_ids, therapist_id=actor.therapist_id)
            moved = any(answer.new and answer.moved for answer in answers)
            record(tx, services, actor, "report.moved" if moved else "report.kept", *kept, *confirmed)
        elif confirmed:
            record(tx, services, actor, "phone.acknowledged", *confirmed)
    return tuple(answers)


def clock_off(now: datetime, sent_at: datetime | None) -> timedelta:
    """Give by how much a phone's clock is to be set right; nothing where it is right enough, or was not told."""
    off = now - sent_at if sent_at is not None else timedelta()
    return off if abs(off) > timedelta(seconds=WRONG_CLOCK_S) else timedelta()


def take_back(services: Services, actor: Actor, event_id: str) -> bool:
    """Take a therapist's report back for her, where she tapped by mistake; False where it was taken back already."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        event = tx.find(Event, event_id)
        if event is None or event.branch_id != actor.branch_id or event.kind is EventKind.RETRACTED:
            raise BadInput("report.no_report")
        told = tx.events(actor.branch_id, (event.visit_id,))
        if any(one.retracts == event.id and one.therapist_id == event.therapist_id for one in told):
            return False
        now = services.now()
        tx.append_event(
            replace(
                event,
                id=services.new_id(),
                kind=EventKind.RETRACTED,
                device_at=now,
                server_at=now,
                actor=actor.id,
                payload="",
                retracts=event.id,
                place=None,
            )
        )
        tx.stir_watches(actor.branch_id, visit_ids=(event.visit_id,), therapist_id=event.therapist_id)
        record(tx, services, actor, "report.taken_back", event.id, event.visit_id)
    return True


def _read(tx: "Writing", actor: Actor, ok: PlanOk, off: timedelta, now: datetime) -> TapAnswer:
    """Keep her OK to a version, and say what became of it."""
    try:
        _check_tapped(ok.id, ok.device_at)
        return TapAnswer(id=ok.id, new=acknowledge(tx, actor, ok, off=off, now=now))
    except LaluanError as error:
        return TapAnswer(id=ok.id, refused=error)


class _Desk:
    """Judges the taps of one batch; what was published is read once for each day."""

    def __init__(self, tx: "Reading", branch: Branch, actor: Actor, now: datetime) -> None:
        self._tx, self._branch, self._actor, self._now = tx, branch, actor, now
        self._hers: dict[date, tuple[set[str], set[str]]] = {}

    def judge(self, tap: Tap, off: timedelta) -> tuple[TapAnswer, Event | None]:
        """Give the answer to a tap and the event to keep; None where it is refused or kept already."""
        try:
            known = self._known(tap)
            booking = self._booking(tap)
            at = _told_at(tap, off, self._now)
            at_s = seconds_of(at, booking.day, self._branch.time_zone)
            now_hers, once_hers = self._published(booking.day)
            if tap.visit_id not in once_hers | self._published(service_day_of(at, self._branch.time_zone))[1]:
                raise BadInput("report.not_hers", visit=tap.visit_id)
            other_day = not 0 <= at_s <= HORIZON_S
            moved = tap.visit_id not in now_hers or booking.status in _GONE or other_day
            if known:
                return TapAnswer(id=tap.id, moved=moved), None
        except LaluanError as error:
            return TapAnswer(id=tap.id, refused=error), None
        event = Event(
            id=tap.id,
            branch_id=self._branch.id,
            visit_id=tap.visit_id,
            therapist_id=self._actor.therapist_id,
            kind=tap.kind,
            at_s=at_s,
            device_at=tap.device_at.astimezone(UTC),
            server_at=self._now,
            actor=self._actor.id,
            payload=tap.payload,
            retracts=tap.retracts,
            place=tap.place,
        )
        return TapAnswer(id=tap.id, moved=moved), event

    def _known(self, tap: Tap) -> bool:
        """Tell whether this very tap is kept; `BadInput` where it cannot be right, or its id is another report's."""
        _check_form(tap)
        if tap.retracts is not None:
            target = self._tx.find(Event, tap.retracts)
            if target is not None and (target.visit_id, target.therapist_id) != (
                tap.visit_id,
                self._actor.therapist_id,
            ):
                raise BadInput("report.no_report")
        event = self._tx.find(Event, tap.id)
        if event is None:
            return False
        same = (event.visit_id, event.kind, event.therapist_id) == (tap.visit_id, tap.kind, self._actor.therapist_id)
        if not same or event.branch_id != self._branch.id:
            raise BadInput("report.id_taken", id=tap.id)
        return True

    def _booking(self, tap: Tap) -> Booking:
        booking = self._tx.find(Booking, booking_of(tap.visit_id)[0])
        if booking is None or booking.branch_id != self._branch.id:
            raise BadInput("report.unknown_visit", visit=tap.visit_id)
        return booking

    def _published(self, day: date) -> tuple[set[str], set[str]]:
        if day not in self._hers:
            tx, branch_id = self._tx, self._branch.id
            shown_id = tx.pointers(branch_id, day).published_id
            revisions = {one.revision_id for one in tx.list(Publication, branch_id, day=day) if one.revision_id}
            visits = {
                key: {*tx.revision(key).plan.route_of(self._actor.therapist_id).visit_ids()}
                for key in revisions | ({shown_id} if shown_id else set())
            }
            self._hers[day] = visits.get(shown_id or "", set()), set().union(*visits.values())
        return self._hers[day]


def _check_form(tap: Tap) -> None:
    """Refuse what no phone of ours sends."""
    _check_tapped(tap.id, tap.device_at)
    if not _VISIT.fullmatch(tap.visit_id):
        raise BadInput("report.unknown_visit", visit=tap.visit_id[:80])
    if tap.kind not in TAPPED:
        raise BadInput("report.no_kind")
    allowed: tuple[str, ...] = ("",)
    if tap.kind is EventKind.RUNNING_LATE:
        allowed = tuple(str(minutes) for minutes in LATE_MINUTES)
    elif tap.kind is EventKind.PROBLEM:
        allowed = tuple(Trouble)
    if tap.payload not in allowed:
        raise BadInput("report.no_payload")
    if (tap.kind is EventKind.RETRACTED) != (tap.retracts is not None) or not _ID.fullmatch(tap.retracts or tap.id):
        raise BadInput("report.no_report")


def _check_tapped(tap_id: str, device_at: datetime) -> None:
    """Refuse what has no id of its own, or no time that a clock shows."""
    if not _ID.fullmatch(tap_id):
        raise BadInput("report.no_id")
    if device_at.tzinfo is None or not 2000 <= device_at.year <= 2100:
        raise BadInput("report.no_time")


def _told_at(tap: Tap, off: timedelta, now: datetime) -> datetime:
    """Give when a tap was really made: by the phone's clock set right, and never later than it arrived."""
    return min(tap.device_at + off, now)
