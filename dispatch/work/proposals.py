"""Deciding on a proposal: what it would change, and taking over all of it, some of it, or nothing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Actor
from dispatch.model.kinds import Cause
from dispatch.model.plan import Plan, Revision
from dispatch.model.said import Said
from dispatch.model.timetable import Timetable
from dispatch.work.days import DayBoard, day_board, wishes
from dispatch.work.doing import record
from dispatch.work.fitted import fit_day
from dispatch.work.permissions import Permission, allow
from dispatch.work.reconcile import reconcile
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.changes import Change
    from dispatch.explain.choice import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """A proposal as it is decided on, judged against the day as it is now.

    `plan` is the proposed plan fitted to the day. `head_moved` and `day_changed` say that the plan or the day is another than the planner saw. `certificate` is what was
    proven of the whole proposal.
    """

    board: DayBoard
    proposal: Revision
    plan: Plan
    timetable: Timetable
    changes: tuple["Change", ...]
    choice: "Choice"
    certificate: tuple[Said, ...] = ()
    head_moved: bool = False
    day_changed: bool = False


def proposal_page(
    services: Services, actor: Actor, day: date, *, chosen: Collection[str] | None = None
) -> ProposalPage:
    """Give the day's proposal with what a choice of its changes comes to; all of them where none was made.

    `NotFound` where the day has no proposal (any more).
    """
    allow(actor, Permission.READ_DAY)
    from dispatch.explain.changes import Difference
    from dispatch.explain.choice import choice_of
    from dispatch.rules.retime import retime

    board = day_board(services, actor, day)
    proposal = board.proposal
    if proposal is None:
        raise NotFound("proposal.none")
    with services.store.reading() as tx:
        seen = tx.problem(proposal.problem_hash)
    plan = reconcile(board.problem, proposal.plan)
    difference = Difference(board.problem, board.plan, plan)
    picked = {change.id for change in difference.changes} if chosen is None else chosen
    return ProposalPage(
        board=board,
        proposal=proposal,
        plan=plan,
        timetable=retime(board.problem, plan),
        changes=difference.changes,
        choice=choice_of(difference, picked),
        certificate=certificate_of(proposal),
        head_moved=proposal.parent_id != (board.head.id if board.head else None),
        day_changed=wishes(board.problem, board.over) != wishes(seen, board.over),
    )


def accept_proposal(
    services: Services,
    actor: Actor,
    day: date,
    *,
    proposal_id: str,
    head_id: str,
    chosen: Collection[str] | None = None,
) -> Revision:
    """Make the chosen changes of the proposal (all, where none are named) to the head, as the new head.

    The changes are those between both plans as they fit the day now. `Conflict` where the proposal or the head is not the
    one that was shown (`proposal_id`, `head_id`), where a chosen change is gone, or where the referee refuses the plan.
    """
    allow(actor, Permission.PLANNING)
    from dispatch.explain.changes import Difference
    from dispatch.rules.referee import check

    with services.store.writing() as tx:
        pointers = tx.pointers(actor.branch_id, day)
        if not proposal_id or pointers.proposal_id != proposal_id:
            raise Conflict("plan.proposal_moved", day=day.isoformat())
        fitted = fit_day(tx, services, actor, day).shown(head_id, "proposal.changed_meanwhile")
        problem, before = fitted.problem, fitted.plan
        proposal = tx.revision(proposal_id)
        after = reconcile(problem, proposal.plan)
        difference = Difference(problem, before, after)
        every = {change.id for change in difference.changes}
        picked = every if chosen is None else set(chosen)
        if not picked and chosen is not None:
            raise BadInput("proposal.nothing_chosen", field="change")
        if not picked <= every:
            raise Conflict("proposal.changed_meanwhile")
        plan = difference.plan(picked)
        if broken := len(check(problem, plan)):
            raise Conflict("plan.accept_breaks_rules" if picked == every else "proposal.breaks_rules", count=broken)
        revision = append_plan(
            tx,
            services,
            actor,
            problem,
            plan,
            cause=Cause.ACCEPT,
            parent_id=fitted.head_id,
            told=certificate_of(proposal) if plan == proposal.plan else (),
        )
        record(tx, services, actor, "plan.accepted", revision.id, proposal_id)
    return revision


def drop_proposal(services: Services, actor: Actor, day: date, *, proposal_id: str) -> None:
    """Put the proposal away; it stays among the day's revisions."""
    allow(actor, Permission.PLANNING)
    with services.store.writing() as tx:
        pointers = tx.pointers(actor.branch_id, day)
        if not proposal_id or pointers.proposal_id != proposal_id:
            raise Conflict("plan.proposal_moved", day=day.isoformat())
        tx.move_pointers(replace(pointers, proposal_id=None))
        record(tx, services, actor, "plan.proposal_dropped", proposal_id)


def certificate_of(revision: Revision | None) -> tuple[Said, ...]:
    """Give what the planner proved of a revision's plan, in words; nothing where it was not the planner's."""
    return () if revision is None else tuple(one for one in revision.summary if one.code.startswith("proposal."))
