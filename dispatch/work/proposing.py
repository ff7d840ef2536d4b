"""Proposing a care plan's coming visits: each on a day and at a time that fits the plan of that day, held until answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import Conflict, LaluanError
from dispatch.explain.course import days_around, due_days, spread_of
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.care import CarePlan, CareStatus, CareVisit, CourseState
from dispatch.model.day import moment_of
from dispatch.model.people import Client
from dispatch.model.said import Said, said
from dispatch.model.slot import Draft, Slot
from dispatch.model.therapist import Therapist
from dispatch.work.care import CourseVisit, drop_proposals, visits_of_plan
from dispatch.work.doing import branch_of, fetch, record, today
from dispatch.work.holding import ChosenStart, Wanted, hold_in
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services
from dispatch.work.slots import WishedDay, wished_day

if TYPE_CHECKING:
    from dispatch.store import Reading

MOST_WEEKS = 12
HELD_DAYS = 7
"""A proposed visit keeps its time so long, and not beyond the beginning of its own day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A visit that can be proposed: the booking, when and by whom, the day it was due, and what could not be kept."""

    booking: Booking
    due_day: date
    slot: Slot
    told: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What proposing did: the visits proposed now, those that stay as they were, how many were let go, what had no room."""

    visits: tuple[CareVisit, ...] = ()
    kept: int = 0
    let_go: int = 0
    no_room: tuple[Said, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def propose_visits(services: Services, actor: Actor, care_plan_id: str, *, version: int, weeks: int = 4) -> Proposed:
    """Propose a care plan's visits of the coming weeks, as requested bookings that stand in the plans of their days.

    Each is looked for on the day it is due and the days around it: first with the plan's own therapist in the client's
    part of the day, then at another time with her, then with somebody else; what could not be kept is said with it. What
    was missed does not count, and proposals that nobody confirmed and that no longer lie where a visit is due are let go.
    `version` is the plan's that was shown; `Conflict` where a day changed while this looked at it.
    """
    allow(actor, Permission.BOOKINGS)
    weeks = max(1, min(weeks, MOST_WEEKS))
    with services.store.reading() as tx:
        plan, branch = fetch(tx, actor, CarePlan, care_plan_id), branch_of(tx, actor)
        day = today(services, branch)
        _check(plan, version)
        keep, dues = _wanted(plan, visits_of_plan(tx, plan, day), day, until=day + timedelta(weeks=weeks))
        client = tx.get(Client, plan.client_id)
        taken = {one.booking.day for one in visits_of_plan(tx, plan, day) if one.booking.id in keep}
        found = [_look(tx, services, actor, plan, client, due, day, taken) for due in dues]
        names = {one.id: one.name for one in tx.list(Therapist, branch.id)}
    with services.store.writing() as tx:
        plan = fetch(tx, actor, CarePlan, care_plan_id)
        _check(plan, version)
        # Somebody may have proposed or confirmed meanwhile: only what is still wanted is booked.
        keep, wanted = _wanted(plan, visits_of_plan(tx, plan, day), day, until=day + timedelta(weeks=weeks))
        gone = drop_proposals(tx, services, actor, plan, keep=keep)
        visits = []
        for one in found:
            if isinstance(one, Said) or one.due_day not in wanted:
                continue
            chosen = ChosenStart(start_s=one.slot.start_s, therapist_ids=one.slot.therapist_ids)
            until = _held_until(services.now(), one.booking.day, branch)
            hold = hold_in(tx, services, actor, Wanted(booking=one.booking), chosen, until=until)
            visit = CareVisit(
                id=hold.booking_id,
                branch_id=branch.id,
                care_plan_id=plan.id,
                due_day=one.due_day,
                start_s=hold.start_s,
                therapist_id=hold.therapist_ids[0],
                told=one.told,
            )
            visits.append(tx.insert(visit))
        record(tx, services, actor, "care.proposed", plan.id, *(one.id for one in visits), *gone)
    return Proposed(
        visits=tuple(visits),
        kept=len(keep),
        let_go=len(gone),
        no_room=tuple(one for one in found if isinstance(one, Said)),
        names=names,
    )


def _check(plan: CarePlan, version: int) -> None:
    if plan.version != version:
        raise Conflict("store.changed_meanwhile", kind="care_plan", id=plan.id)
    if plan.status is not CareStatus.ACTIVE:
        raise Conflict("care.not_active", status=plan.status.value)


def _wanted(plan: CarePlan, visits: tuple[CourseVisit, ...], day: date, *, until: date) -> tuple[set[str], list[date]]:
    """Give which proposals still lie where a visit is due, and the due days that have none."""
    fixed = [one.booking.day for one in visits if one.state in {CourseState.KEPT, CourseState.COMING}]
    open_ones = [one for one in visits if one.state is CourseState.PROPOSED]
    keep: set[str] = set()
    dues = []
    for due in due_days(plan, fixed, day, visits=plan.visits - len(fixed), until=until):
        near = [
            one
            for one in open_ones
            if one.booking.id not in keep and abs((one.booking.day - due).days) <= spread_of(plan)
        ]
        if near:
            keep.add(min(near, key=lambda one: (abs((one.booking.day - due).days), one.booking.id)).booking.id)
        else:
            dues.append(due)
    return keep, dues


def _look(
    tx: "Reading",
    services: Services,
    actor: Actor,
    plan: CarePlan,
    client: Client,
    due: date,
    day: date,
    taken: set[date],
) -> Proposal | Said:
    """Find the best day and time for a visit that is due, or say that there is none; its day is taken from then on."""
    days: dict[date, WishedDay | None] = {}
    for window, therapist_id in _wishes(plan):
        for tried in days_around(due, spread_of(plan), earliest=day + timedelta(days=1)):
            if tried in taken:
                continue
            if tried not in days:
                days[tried] = _seen(tx, services, actor, plan, tried)
            seen = days[tried]
            slot = _fitting(seen, window, therapist_id, client) if seen else None
            if seen and slot:
                taken.add(tried)
                return Proposal(
                    booking=replace(seen.booking, windows=(_window(plan, slot),)),
                    due_day=due,
                    slot=slot,
                    told=tuple(_told(plan, seen, slot, due)),
                )
    return said("care.no_room", day=due.isoformat(), days=spread_of(plan))


def _wishes(plan: CarePlan) -> Iterator[tuple[TimeWindow | None, str]]:
    """Give what is tried one after another: the part of the day (None: any) and the therapist (empty: anybody)."""
    for therapist_id in dict.fromkeys((plan.therapist_id, "")):
        yield plan.window, therapist_id
        yield None, therapist_id


def _seen(tx: "Reading", services: Services, actor: Actor, plan: CarePlan, day: date) -> WishedDay | None:
    """Give a day as the planner sees it with one more visit at any time; None where none could be booked at all."""
    branch = branch_of(tx, actor)
    wish = Booking(
        id="",
        branch_id=branch.id,
        day=day,
        client_id=plan.client_id,
        address_id=plan.address_id,
        treatment_id=plan.treatment_id,
        minutes=plan.minutes,
        windows=(TimeWindow(start_s=branch.opens_s, end_s=branch.closes_s),),
        preferred_therapists=(plan.therapist_id,) if plan.therapist_id else (),
    )
    try:
        return wished_day(tx, services, actor, wish)
    except LaluanError:
        return None


def _fitting(seen: WishedDay, window: TimeWindow | None, therapist_id: str, client: Client) -> Slot | None:
    from dispatch.explain.slots import suggest

    wish = seen.wish
    if window:
        wish = replace(wish, windows=(window,))
    if therapist_id:
        if therapist_id not in {one.id for one in seen.problem.therapists} or therapist_id in client.never_therapists:
            return None
        wish = replace(wish, only_therapists=(therapist_id,))
    return next(iter(suggest(seen.problem, seen.plan, Draft(booking=wish), limit=1)), None)


def _window(plan: CarePlan, slot: Slot) -> TimeWindow:
    """Give the window of the booking: the client's part of the day, or the one start that was found outside it."""
    if plan.window.start_s <= slot.start_s <= plan.window.end_s:
        return plan.window
    return TimeWindow(start_s=slot.start_s, end_s=slot.start_s)


def _told(plan: CarePlan, seen: WishedDay, slot: Slot, due: date) -> Iterator[Said]:
    """Say what of the plan could not be kept, and that a day is not planned yet."""
    moved = (seen.booking.day - due).days
    if moved:
        yield said("care.later_day" if moved > 0 else "care.earlier_day", day=due.isoformat(), days=abs(moved))
    if not plan.window.start_s <= slot.start_s <= plan.window.end_s:
        yield said("care.other_time", start_s=plan.window.start_s, end_s=plan.window.end_s)
    if plan.therapist_id and plan.therapist_id not in slot.therapist_ids:
        yield said("care.other_therapist", therapist_id=plan.therapist_id)
    waiting = len(seen.plan.left_out) - 1
    if waiting > 0:
        yield said("care.not_all_planned", count=waiting)


def _held_until(now: datetime, day: date, branch: Branch) -> datetime:
    return min(now + timedelta(days=HELD_DAYS), moment_of(branch.opens_s, day, branch.time_zone))
