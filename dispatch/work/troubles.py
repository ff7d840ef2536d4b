"""What something that happened changes of a day itself: a booking's state, a therapist's shifts, how slow it is.

These are the parts of a use case (`dispatch.work.repairs`); they run inside its transaction and write no audit row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.condition import ConditionKind, DayCondition
from dispatch.model.day import SERVICE_DAY_START_S, moment_of
from dispatch.model.decisions import BookingChange, Lock, LockChange
from dispatch.model.facts import Event
from dispatch.model.kinds import BookingStatus, EventKind
from dispatch.model.places import Building
from dispatch.model.plan import Plan, Route
from dispatch.model.therapist import RosterException, Shift, Therapist
from dispatch.model.timetable import BreakTime, RouteTimes, VisitTime
from dispatch.model.trouble import Trouble, TroubleKind
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.bookings import forget_day, step_booking
from dispatch.work.conditions import condition_errors
from dispatch.work.decided import NOTHING, Decided, decide
from dispatch.work.doing import fetch, refuse, tidy
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.seen import SeenDay
from dispatch.work.services import Services
from dispatch.work.team import refuse_therapist

if TYPE_CHECKING:
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was changed: the ids the audit row names, the visits nobody makes any more, the bookings nobody expects.

    `stopped` are therapists who work no more from a time on; `decided` is what an undo of the repair takes back. `held_up`
    says that the day is to be mended as it runs by the reports, not as it was planned.
    """

    subject_ids: tuple[str, ...]
    lost_visits: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    stopped: tuple[tuple[str, int], ...] = ()
    decided: Decided = NOTHING
    held_up: bool = False


def let_happen(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """Change the day as the trouble does; refused where it names what the day has not, or what cannot have happened."""
    allow(actor, Permission.PLANNING)
    return _HAPPENINGS[trouble.kind](tx, services, actor, seen, trouble)


def _cancelled(tx: "Writing", _services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """A booking is cancelled: its state, its locks and its holds."""
    allow(actor, Permission.BOOKINGS)
    before = _booking(tx, actor, seen, trouble)
    reason = tidy(trouble.reason)
    refuse(list(text_errors("cancelled_reason", reason, limit=NOTE_LENGTH, needed=True)))
    locks = [lock for lock in tx.locks(actor.branch_id, seen.day) if lock.visit_id in visits_of(before)]
    after = step_booking(tx, before, BookingStatus.CANCELLED, trouble.version, cancelled_reason=reason)
    forget_day(tx, actor, before)
    decided = Decided(
        bookings=(BookingChange(before=before, after=after),),
        locks=tuple(LockChange(visit_id=lock.visit_id, before=lock) for lock in locks),
    )
    return Happened(subject_ids=(before.id,), gone=frozenset({before.id}), decided=decided)


def _not_there(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """Nobody was there: the booking is a no-show, and its therapists are free from a time on.

    What they did before it and nobody reported is noted as done as planned, for events must tell a day in its order.
    """
    from dispatch.rules.retime import retime

    allow(actor, Permission.BOOKINGS)
    before = _booking(tx, actor, seen, trouble)
    visits = visits_of(before)
    reported = {fact.visit_id for fact in seen.problem.facts}
    told: list[tuple[VisitTime, EventKind, int]] = []
    for route in retime(seen.problem, seen.plan).routes:
        mine = route.visits()
        at = next((number for number, visit in enumerate(mine) if visit.visit_id in visits), None)
        if at is None:
            continue
        if trouble.from_s < mine[at].arrive_s:
            raise BadInput("trouble.not_there_yet", field="from", arrive_s=mine[at].arrive_s)
        for visit in mine[:at]:
            if visit.visit_id not in reported:
                told += [(visit, EventKind.STARTED, visit.start_s), (visit, EventKind.FINISHED, visit.end_s)]
        told.append((mine[at], EventKind.NO_SHOW, trouble.from_s))
    if not told:
        raise BadInput("trouble.not_served", booking_id=before.id)
    step_booking(tx, before, BookingStatus.NO_SHOW, trouble.version, cancelled_reason="")
    for visit, kind, at_s in told:
        tx.append_event(
            Event(
                id=services.new_id(),
                branch_id=actor.branch_id,
                visit_id=visit.visit_id,
                therapist_id=visit.therapist_id,
                kind=kind,
                at_s=at_s,
                device_at=moment_of(at_s, seen.day, seen.branch.time_zone),
                server_at=services.now(),
                actor=actor.id,
            )
        )
    return Happened(subject_ids=(before.id,), gone=frozenset({before.id}))


def _ill(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """A therapist works no more from a time on: the day's shifts end then, or when she is home from what is under way."""
    allow(actor, Permission.TEAM)
    therapist = fetch(tx, actor, Therapist, trouble.therapist_id)
    shifts, breaks = therapist.roster.on(seen.day)
    if not therapist.active or not shifts:
        raise BadInput("trouble.not_on_duty", field="therapist", therapist_id=therapist.id)
    if not SERVICE_DAY_START_S <= trouble.from_s < shifts[-1].end_s:
        raise BadInput("trouble.ill_from", field="from", until_s=shifts[-1].end_s)
    kept, until_s = _kept_of(seen, trouble)
    cut = tuple(
        Shift(start_s=shift.start_s, end_s=min(shift.end_s, until_s)) for shift in shifts if shift.start_s < until_s
    )
    exception = RosterException(
        day=seen.day,
        shifts=cut,
        # A break she has not had by then is no longer due.
        breaks=tuple(pause for pause in breaks if pause.id in kept and any(pause.fits(shift) for shift in cut)),
        reason=tidy(trouble.reason) or "ill",
    )
    changed = replace(therapist, roster=therapist.roster.with_exception(exception))
    refuse_therapist(tx, services, actor, changed)
    locks = tx.locks(actor.branch_id, seen.day)
    freed = [lock for lock in locks if lock.therapist_id == therapist.id and lock.visit_id not in kept]
    decided = decide(
        tx,
        actor.branch_id,
        seen.day,
        therapists=(changed,),
        locks=[Lock(visit_id=lock.visit_id, start_s=lock.start_s) for lock in freed if lock.start_s is not None],
        freed=[lock.visit_id for lock in freed if lock.start_s is None],
    )
    mine = frozenset(seen.plan.route_of(therapist.id).visit_ids())
    return Happened(
        subject_ids=(therapist.id,),
        lost_visits=mine - kept,
        stopped=((therapist.id, trouble.from_s),),
        decided=decided,
    )


def _kept_of(seen: SeenDay, trouble: Trouble) -> tuple[frozenset[str], int]:
    """Give the visits and breaks an ill therapist still makes, and when she is home from the last of them."""
    from dispatch.rules.retime import retime

    route = retime(seen.problem, seen.plan).route_of(trouble.therapist_id)
    last = 0
    for at, stop in enumerate(route.stops, start=1):
        if _is_made(seen, trouble, stop):
            last = at
    if not last:
        return frozenset(), trouble.from_s
    stops = seen.plan.route_of(trouble.therapist_id).stops[:last]
    (short,) = retime(seen.problem, Plan(routes=(Route(therapist_id=trouble.therapist_id, stops=stops),))).routes or (
        RouteTimes(therapist_id=trouble.therapist_id),
    )
    return frozenset(stop.id for stop in stops), max(trouble.from_s, short.home_s)


def _is_made(seen: SeenDay, trouble: Trouble, stop: VisitTime | BreakTime) -> bool:
    """Tell whether an ill therapist has made a stop by the time she goes, or is in the midst of it."""
    if isinstance(stop, BreakTime):
        return stop.end_s <= trouble.from_s
    if any(fact.visit_id == stop.visit_id and fact.started_s is not None for fact in seen.problem.facts):
        return True
    is_under_way = seen.now_s is not None and stop.start_s <= min(seen.now_s, trouble.from_s)
    return is_under_way or stop.free_s <= trouble.from_s


def _running_over(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """A visit takes longer: its booking lasts so much longer today; what was noted of it before gives way."""
    before = _booking(tx, actor, seen, trouble)
    if before.id not in seen.plan.served():
        raise BadInput("trouble.not_served", booking_id=before.id)
    for earlier in tx.list(DayCondition, actor.branch_id, day=seen.day):
        if earlier.kind is ConditionKind.RUNNING_OVER and earlier.booking_id == before.id:
            tx.delete(earlier)
    return _slower(tx, services, actor, seen, trouble, ConditionKind.RUNNING_OVER)


def _traffic(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """The ways to an area are slower for some hours."""
    return _slower(tx, services, actor, seen, trouble, ConditionKind.TRAFFIC)


def _rain(tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble) -> Happened:
    """Every way is slower for some hours."""
    return _slower(tx, services, actor, seen, trouble, ConditionKind.RAIN)


def _behind(_tx: "Writing", _services: Services, _actor: Actor, seen: SeenDay, _trouble: Trouble) -> Happened:
    """The day runs late by what is reported of it: nothing of the day itself changes, for the reports are kept already."""
    if seen.now_s is None:
        raise BadInput("trouble.not_today", day=seen.day.isoformat())
    return Happened(subject_ids=(), held_up=True)


def _slower(
    tx: "Writing", services: Services, actor: Actor, seen: SeenDay, trouble: Trouble, kind: ConditionKind
) -> Happened:
    condition = DayCondition(
        id=services.new_id(),
        branch_id=actor.branch_id,
        day=seen.day,
        kind=kind,
        noted_by=actor.id,
        noted_at=services.now(),
        from_s=trouble.from_s,
        to_s=trouble.to_s,
        factor_per_mille=trouble.factor_per_mille,
        area=trouble.area if kind is ConditionKind.TRAFFIC else "",
        booking_id=trouble.booking_id,
        extra_s=trouble.extra_s,
    )
    areas = {one.area for one in tx.list(Building, actor.branch_id)} if kind is ConditionKind.TRAFFIC else set[str]()
    errors: list[LaluanError] = list(condition_errors(condition, areas))
    refuse(errors)
    tx.insert(condition)
    return Happened(subject_ids=tuple(one for one in (condition.id, condition.booking_id) if one))


def _booking(tx: "Writing", actor: Actor, seen: SeenDay, trouble: Trouble) -> Booking:
    """Give the booking a trouble names, as long as it is one of the day."""
    booking = fetch(tx, actor, Booking, trouble.booking_id)
    if booking.day != seen.day:
        raise BadInput("trouble.other_day", booking_id=booking.id, day=booking.day.isoformat())
    return booking


_HAPPENINGS: Mapping[TroubleKind, Callable[["Writing", Services, Actor, SeenDay, Trouble], Happened]] = {
    TroubleKind.CANCEL: _cancelled,
    TroubleKind.NO_SHOW: _not_there,
    TroubleKind.ILL: _ill,
    TroubleKind.RUNNING_OVER: _running_over,
    TroubleKind.TRAFFIC: _traffic,
    TroubleKind.RAIN: _rain,
    TroubleKind.BEHIND: _behind,
}
