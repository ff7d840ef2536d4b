"""Fixing a visit where the plan has it, and setting it free again: steps of the plan, so that they can be undone."""

from dataclasses import replace
from datetime import date

from dispatch.errors import NotFound
from dispatch.model.account import Actor
from dispatch.model.decisions import Lock
from dispatch.model.kinds import Cause
from dispatch.model.plan import Plan, booking_of
from dispatch.work.decided import Decided, decide
from dispatch.work.doing import record
from dispatch.work.fitted import fit_day
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services


def fix_here(
    services: Services, actor: Actor, day: date, visit_id: str, *, head_id: str, therapist: bool, start: bool
) -> Decided:
    """Fix a visit's therapist, its start, both or neither, as the plan has them; give what that changed.

    All seats of a booking start together, so a start is fixed or set free for all of them. The change is a revision of
    its own, unless the plan breaks rules as the day is now: then only the locks change. `Conflict` where a colleague
    has changed the plan shown (`head_id`), `NotFound` where it does not have the visit.
    """
    allow(actor, Permission.PLANNING)
    from dispatch.rules.referee import check
    from dispatch.rules.retime import retime

    with services.store.writing() as tx:
        fitted = fit_day(tx, services, actor, day).shown(head_id)
        problem, plan = fitted.problem, fitted.plan
        served_by = {visit: route.therapist_id for route in plan.routes for visit in route.visit_ids()}
        if visit_id not in served_by:
            raise NotFound("lock.unknown_visit", id=visit_id[:80], day=day.isoformat())
        start_s = retime(problem, plan).visit(visit_id).start_s if start else None
        had = {lock.visit_id: lock for lock in tx.locks(actor.branch_id, day)}
        locks = []
        for visit in _seats(plan, visit_id):
            lock = replace(had.get(visit) or Lock(visit_id=visit), start_s=start_s)
            locks.append(
                replace(lock, therapist_id=served_by[visit] if therapist else None) if visit == visit_id else lock
            )
        fixed = [lock for lock in locks if lock.therapist_id or lock.start_s is not None]
        freed = [lock.visit_id for lock in locks if lock not in fixed]
        decided = decide(tx, actor.branch_id, day, locks=fixed, freed=freed)
        if not decided.locks:
            return decided
        problem = build_problem(tx, services, fitted.branch, day)
        record(tx, services, actor, "lock.set" if fixed else "lock.dropped", visit_id)
        if not check(problem, plan):
            append_plan(
                tx,
                services,
                actor,
                problem,
                plan,
                cause=Cause.EDIT,
                parent_id=head_id,
                decided=decided,
            )
    return decided


def _seats(plan: Plan, visit_id: str) -> list[str]:
    """Give all visits of a visit's booking that the plan has."""
    booking = booking_of(visit_id)[0]
    return sorted(visit for route in plan.routes for visit in route.visit_ids() if booking_of(visit)[0] == booking)
