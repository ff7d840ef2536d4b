"""Appends revisions of a day's plan and moves its pointers; every plan kept has passed the referee."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.kinds import Cause
from dispatch.model.plan import Plan, Revision
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.work.decided import NOTHING, Decided
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing

_DECIDING = frozenset({Cause.PLANNER, Cause.ACCEPT})
"""A plan of the planner's that becomes the head, and a proposal that was taken over, leave no older proposal behind."""


def append_plan(
    tx: "Writing",
    services: Services,
    actor: Actor,
    problem: DayProblem,
    plan: Plan,
    *,
    cause: Cause,
    parent_id: str | None,
    decided: Decided = NOTHING,
    inverts: str | None = None,
    proposed: bool = False,
    told: tuple[Said, ...] = (),
) -> Revision:
    """Append a plan to its day: as the new head, or as the proposal where the head is no longer the plan's parent.

    `decided` is what the same step changed of locks and waivers, `inverts` the revision it takes back or makes again. With
    `proposed` it becomes the proposal whatever the head is; `told` is said of it besides the difference.
    """
    from dispatch.rules.cost import plan_cost

    branch_id, day = actor.branch_id, problem.day
    pointers = tx.pointers(branch_id, day)
    parent = tx.revision(parent_id) if parent_id else None
    # A hold is a start kept free, not yet a booking served or lost.
    holds = {booking.id for booking in problem.bookings if booking.is_hold}
    revision = tx.append_revision(
        Revision(
            id=services.new_id(),
            branch_id=branch_id,
            day=day,
            number=tx.next_revision_number(branch_id, day),
            parent_id=parent_id,
            author=actor.id,
            cause=cause,
            plan=plan,
            problem_hash=tx.keep_problem(problem),
            created_at=services.now(),
            served=len(plan.served() - holds),
            left_out=len({one.booking_id for one in plan.left_out} - holds),
            cost_points=plan_cost(problem, plan).points,
            summary=(*difference(parent.plan if parent else Plan(), plan), *told),
            locks=decided.locks,
            waivers=decided.waivers,
            bookings=decided.bookings,
            therapists=decided.therapists,
            inverts=inverts,
        )
    )
    if pointers.head_id == parent_id and not proposed:
        # What people do by hand meanwhile does not decide on a proposal; it is judged against the day as it then is.
        waiting_id = None if cause in _DECIDING else pointers.proposal_id
        tx.move_pointers(replace(pointers, head_id=revision.id, proposal_id=waiting_id))
    else:
        tx.move_pointers(replace(pointers, proposal_id=revision.id))
    return revision


def difference(before: Plan, after: Plan) -> tuple[Said, ...]:
    """Say in one sentence how many bookings came in, fell out, or changed their therapists between two plans."""
    was, now = _therapists(before), _therapists(after)
    return (
        said(
            "revision.difference",
            served=len(now),
            came_in=len(now.keys() - was.keys()),
            fell_out=len(was.keys() - now.keys()),
            changed=sum(was[booking] != now[booking] for booking in was.keys() & now.keys()),
        ),
    )


def _therapists(plan: Plan) -> dict[str, frozenset[tuple[str, str]]]:
    """Give who serves which seat of each booking."""
    served: dict[str, set[tuple[str, str]]] = {}
    for route in plan.routes:
        for visit in route.visit_ids():
            served.setdefault(visit.rpartition("/")[0], set()).add((visit, route.therapist_id))
    return {booking: frozenset(seats) for booking, seats in served.items()}
