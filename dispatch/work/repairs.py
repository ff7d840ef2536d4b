"""When something happens: first what it does to the day and how it can be mended, then mending it in one step."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.day import HORIZON_S
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.kinds import Cause
from dispatch.model.outcome import Budget
from dispatch.model.people import Client
from dispatch.model.plan import LeftOut, Plan, Revision
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Timetable
from dispatch.model.trouble import Mended, Trouble
from dispatch.work.behind import as_it_runs
from dispatch.work.decided import Decided, decide
from dispatch.work.doing import by_id, fetch, record, tidy, today
from dispatch.work.permissions import Permission, allow
from dispatch.work.reconcile import reconcile
from dispatch.work.repairing import Weighing, weighed
from dispatch.work.revisions import append_plan
from dispatch.work.seen import SeenDay, see_day
from dispatch.work.services import Services
from dispatch.work.troubles import Happened, let_happen

if TYPE_CHECKING:
    from dispatch.explain.damage import Change

BUDGET = Budget(seconds=2.0)
"""How long the planner may look for a repair: a dispatcher has a client on the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What something does to the day seen (`head_id`) and the ways to mend it; `bookings` are the day's by id."""

    trouble: Trouble
    head_id: str | None
    weighing: Weighing
    bookings: Mapping[str, Booking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A plan that was made, what it changed for clients who are to be told, and how to reach them (by booking id)."""

    revision: Revision
    changes: tuple["Change", ...] = ()
    clients: Mapping[str, Client] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class _TakenBackError(Exception):
    """What was only imagined is taken back: nothing of the transaction is kept."""


def look_at(services: Services, actor: Actor, day: date, trouble: Trouble, *, budget: Budget = BUDGET) -> Repair:
    """Say what something does to a day and how it can be mended; nothing is changed.

    The change is made by the very steps that `mend` takes, in a transaction that is taken back.
    """
    allow(actor, Permission.PLANNING)
    imagined: tuple[SeenDay, Happened, SeenDay] | None = None
    with suppress(_TakenBackError), services.store.writing() as tx:
        before = _seen(services, see_day(tx, services, actor, day))
        happened = let_happen(tx, services, actor, before, trouble)
        imagined = before, happened, see_day(tx, services, actor, day)
        if happened.held_up:
            planned, running = as_it_runs(tx, before)
            imagined = planned, happened, running
        raise _TakenBackError
    assert imagined is not None
    before, happened, after = imagined
    return Repair(
        trouble=trouble,
        head_id=before.head_id,
        weighing=weighed(before, after, happened, budget),
        bookings={**before.bookings, **after.bookings},
    )


def mend(
    services: Services, actor: Actor, day: date, trouble: Trouble, mended: Mended | None, *, head_id: str | None
) -> Revision | None:
    """Let something happen to the day that was seen (`head_id`), and keep the plan that mends it as the head.

    Without a plan only the day is changed; the head stays, whatever it breaks. `Conflict` where a colleague has changed
    the plan since, or where the day has changed so that the plan does not fit it or breaks rules; nothing is kept then.
    """
    allow(actor, Permission.PLANNING)

    with services.store.writing() as tx:
        before = _seen(services, see_day(tx, services, actor, day)).shown(head_id, "repair.head_moved")
        happened = let_happen(tx, services, actor, before, trouble)
        revision: Revision | None = None
        if mended is not None:
            locks = _locks(see_day(tx, services, actor, day).problem, mended)
            decided = decide(tx, actor.branch_id, day, locks=locks)
            after = see_day(tx, services, actor, day)
            plan, waivers = _fitting(actor, trouble, before, after, mended)
            if waivers:
                more = decide(tx, actor.branch_id, day, waivers=waivers)
                decided = replace(decided, waivers=more.waivers)
                after = see_day(tx, services, actor, day)
            revision = append_plan(
                tx,
                services,
                actor,
                after.problem,
                plan,
                cause=Cause.REPAIR,
                parent_id=before.head_id,
                decided=_together(happened.decided, decided),
            )
        ids = (*((revision.id,) if revision else ()), *happened.subject_ids)
        record(tx, services, actor, f"trouble.{trouble.kind.value}", *ids)
    return revision


def to_tell(services: Services, actor: Actor, day: date, revision_id: str) -> Told:
    """Give whom to tell what, since a plan took the place of the one before it; `NotFound` where the day has none such."""
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.damage import changes
    from dispatch.rules.retime import retime

    with services.store.reading() as tx:
        revision = fetch(tx, actor, Revision, revision_id)
        if revision.day != day:
            raise NotFound("store.not_found", kind="revision", id=revision_id)
        seen = see_day(tx, services, actor, day)
        before = tx.revision(revision.parent_id) if revision.parent_id else None
        times = retime(tx.problem(before.problem_hash), before.plan) if before else Timetable()
        found = changes(times, retime(tx.problem(revision.problem_hash), revision.plan))
        clients = by_id(tx.list(Client, actor.branch_id, id=[one.client_id for one in seen.bookings.values()]))
    over = {name for name, one in seen.bookings.items() if one.status not in PLANNED_STATUSES}
    return Told(
        revision=revision,
        changes=tuple(one for one in found if one.tell and one.booking_id in seen.bookings.keys() - over),
        clients={name: clients[one.client_id] for name, one in seen.bookings.items()},
        names=seen.names,
    )


def _together(first: Decided, then: Decided) -> Decided:
    """Give what two parts of one step changed as one change; the second never touches bookings or therapists."""
    locks = {one.visit_id: one for one in first.locks}
    for lock in then.locks:
        had = locks.get(lock.visit_id)
        locks[lock.visit_id] = replace(lock, before=had.before) if had else lock
    return replace(first, locks=tuple(locks.values()), waivers=then.waivers)


def _seen(services: Services, seen: SeenDay) -> SeenDay:
    """Give the day, as long as it is not over."""
    if seen.day < today(services, seen.branch):
        raise BadInput("trouble.day_over", day=seen.day.isoformat())
    return seen


def _locks(problem: DayProblem, mended: Mended) -> tuple[Lock, ...]:
    """Give the locks to set: starts of the day's visits, who is locked to a visit stays locked."""
    known = {lock.visit_id: lock for lock in problem.locks}
    visits = {f"{booking.id}/{seat}" for booking in problem.bookings for seat in range(len(booking.seats))}
    for lock in mended.locks:
        if lock.visit_id not in visits or lock.start_s is None or not 0 <= lock.start_s <= HORIZON_S:
            raise BadInput("repair.not_a_plan")
    return tuple(
        replace(known.get(lock.visit_id) or Lock(visit_id=lock.visit_id), start_s=lock.start_s) for lock in mended.locks
    )


def _fitting(
    actor: Actor, trouble: Trouble, before: SeenDay, after: SeenDay, mended: Mended
) -> tuple[Plan, tuple[Waiver, ...]]:
    """Give the plan with its bookings left out and why, and what is set aside for it.

    `Conflict` where it does not fit the day, or breaks a rule that was not shown or may not be set aside.
    """
    from dispatch.explain.why import why
    from dispatch.rules.referee import check

    plan = reconcile(after.problem, Plan(routes=mended.routes, left_out=before.plan.left_out))
    if plan.routes != tuple(route for route in mended.routes if route.visit_ids()):
        raise Conflict("repair.day_changed")
    shown = {(one.rule, one.subject_id) for one in mended.set_aside}
    broken = check(after.problem, plan)
    never = [one for one in broken if not one.waivable or (one.rule, one.subject_id) not in shown]
    if never:
        raise Conflict("repair.breaks_rules", count=len(never))
    reason = tidy(trouble.reason) or trouble.kind.value.replace("_", " ")
    waivers = tuple(
        Waiver(rule=one.rule, subject_id=one.subject_id, by=actor.id, reason=reason)
        for one in {(one.rule, one.subject_id): one for one in broken}.values()
    )
    lost = before.plan.served()
    told = replace(
        plan,
        left_out=tuple(
            LeftOut(booking_id=one.booking_id, reason=why(after.problem, plan, one.booking_id).reason)
            if one.booking_id in lost
            else one
            for one in plan.left_out
        ),
    )
    return told, waivers
