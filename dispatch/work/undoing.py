"""Undo and redo: one's own newest step of a day taken back, or made again, as a revision of its own.

Nothing is ever forgotten: an undo appends the inverse of a step, whoever made the plan then, person or planner. It is
refused by name where a colleague has changed the same visits since.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from dispatch.errors import Conflict
from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking
from dispatch.model.kinds import Cause
from dispatch.model.people import Client
from dispatch.model.plan import DayPointers, Plan, Revision, booking_of
from dispatch.work.decided import decided_in, make, stands
from dispatch.work.doing import branch_of, find, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

MOST_REVISIONS = 500
"""So far back a step of one's own is looked for: 50 steps of each of ten people."""


def undo(services: Services, actor: Actor, day: date, *, head_id: str) -> Revision:
    """Take back the actor's newest step of a day's plan; `head_id` is the plan that was shown.

    `Conflict` where there is none, where a colleague has changed the plan shown, or the same visits since, and where
    the day has changed so that the plan would break rules.
    """
    allow(actor, Permission.PLANNING)
    return _invert(services, actor, day, head_id, Cause.UNDO)


def redo(services: Services, actor: Actor, day: date, *, head_id: str) -> Revision:
    """Make again the step that the actor took back last; refused as an undo is."""
    allow(actor, Permission.PLANNING)
    return _invert(services, actor, day, head_id, Cause.REDO)


def undoable(tx: "Reading", actor: Actor, pointers: DayPointers) -> Revision | None:
    """Give the step an undo would take back: the actor's newest that is not taken back already."""
    seen: set[str] = set()
    for revision in _own(tx, actor, pointers):
        step = revision.inverts or revision.id
        if step not in seen and revision.cause is not Cause.UNDO:
            return tx.revision(step)
        seen.add(step)
    return None


def redoable(tx: "Reading", actor: Actor, pointers: DayPointers) -> Revision | None:
    """Give the step a redo would make again: the last taken back, if the actor made no other step since."""
    seen: set[str] = set()
    for revision in _own(tx, actor, pointers):
        if revision.inverts is None:
            return None
        if revision.inverts not in seen and revision.cause is Cause.UNDO:
            return tx.revision(revision.inverts)
        seen.add(revision.inverts)
    return None


def _invert(services: Services, actor: Actor, day: date, head_id: str, cause: Cause) -> Revision:
    from dispatch.explain.steps import without_step
    from dispatch.rules.referee import check

    back = cause is Cause.UNDO
    with services.store.writing() as tx:
        pointers = tx.pointers(actor.branch_id, day)
        if not head_id or pointers.head_id != head_id:
            raise Conflict("undo.head_moved", day=day.isoformat())
        step = undoable(tx, actor, pointers) if back else redoable(tx, actor, pointers)
        if step is None:
            raise Conflict("undo.nothing" if back else "redo.nothing")
        old, new = _plan(tx, step.parent_id), step.plan
        before, after = (old, new) if back else (new, old)
        _refuse_colleagues(tx, actor, pointers, step)
        decided = decided_in(step).inverse() if back else decided_in(step)
        if not stands(tx, actor.branch_id, day, decided.inverse()):
            raise Conflict("undo.locks_changed", number=step.number)
        make(tx, actor.branch_id, day, decided)
        problem = build_problem(tx, services, branch_of(tx, actor), day)
        plan = reconcile(problem, without_step(tx.revision(head_id).plan, before=before, after=after))
        broken = check(problem, plan)
        if broken:
            raise Conflict("undo.breaks_rules" if back else "redo.breaks_rules", number=step.number, count=len(broken))
        revision = append_plan(
            tx,
            services,
            actor,
            problem,
            plan,
            cause=cause,
            parent_id=head_id,
            decided=decided,
            inverts=step.id,
        )
        record(tx, services, actor, "plan.undone" if back else "plan.redone", revision.id, step.id)
    return revision


def _own(tx: "Reading", actor: Actor, pointers: DayPointers) -> Iterator[Revision]:
    """Give the actor's revisions of the plan worked on, newest first."""
    return (one for one in _line(tx, pointers) if one.author == actor.id)


def _line(tx: "Reading", pointers: DayPointers) -> Iterator[Revision]:
    """Give the revisions the plan worked on came from, newest first."""

    def walk() -> Iterator[Revision]:
        revision_id = pointers.head_id
        while revision_id:
            revision = tx.revision(revision_id)
            yield revision
            revision_id = revision.parent_id

    return islice(walk(), MOST_REVISIONS)


def _refuse_colleagues(tx: "Reading", actor: Actor, pointers: DayPointers, step: Revision) -> None:
    """Refuse to invert a step whose visits somebody else has changed since."""
    from dispatch.explain.steps import touched

    mine = touched(_plan(tx, step.parent_id), step.plan) | decided_in(step).subjects()
    taken_back: set[str] = set()
    for later in _line(tx, pointers):
        if later.id == step.id:
            return
        # What a colleague has taken back herself stands in nobody's way, nor does her taking it back.
        if later.author == actor.id or later.id in taken_back:
            continue
        if later.cause is Cause.UNDO and later.inverts and _is_later(tx, later.inverts, step):
            taken_back.add(later.inverts)
            continue
        theirs = touched(_plan(tx, later.parent_id), later.plan) | decided_in(later).subjects()
        if mine & theirs:
            raise Conflict(
                "undo.colleague",
                colleague=_name(tx, actor, later.author),
                number=later.number,
                client=_client(tx, actor, min(mine & theirs)),
            )


def _is_later(tx: "Reading", revision_id: str, step: Revision) -> bool:
    return tx.revision(revision_id).number > step.number


def _plan(tx: "Reading", revision_id: str | None) -> Plan:
    return tx.revision(revision_id).plan if revision_id else Plan()


def _name(tx: "Reading", actor: Actor, account_id: str) -> str:
    account = find(tx, actor, Account, account_id)
    return account.name if account else account_id


def _client(tx: "Reading", actor: Actor, subject: str) -> str:
    """Give the name of the client a visit is for; of another subject, its id."""
    booking = find(tx, actor, Booking, booking_of(subject)[0]) if "/" in subject else None
    return tx.get(Client, booking.client_id).name if booking else subject
