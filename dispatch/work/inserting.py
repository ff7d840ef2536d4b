"""Putting a left-out booking into the plan: the ways there are, and taking one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.kinds import Cause
from dispatch.model.move import Placing
from dispatch.model.plan import Revision, booking_of
from dispatch.work.decided import NOTHING, decide
from dispatch.work.doing import record, refuse
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.revisions import append_plan
from dispatch.work.seen import see_day
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.candidates import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertions:
    """The ways to put a booking in, in the plan that was seen (`head_id`); `over` says its time has passed.

    `bookings` are the day's by id, `names` what sentences call therapists, bookings and visits.
    """

    booking: Booking
    head_id: str | None
    candidates: tuple["Candidate", ...] = ()
    over: bool = False
    bookings: Mapping[str, Booking] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def insertions(services: Services, actor: Actor, day: date, booking_id: str) -> Insertions:
    """Give the ways to put a booking of the day into the plan; `NotFound` where the plan does not leave it out."""
    allow(actor, Permission.PLANNING)
    from dispatch.explain.candidates import candidates

    with services.store.reading() as tx:
        seen = see_day(tx, services, actor, day)
    if all(left.booking_id != booking_id for left in seen.plan.left_out):
        raise NotFound("board.not_left_out", booking_id=booking_id)
    latest_s = max(window.end_s for window in seen.problem.booking(booking_id).windows)
    over = seen.now_s is not None and latest_s < seen.now_s
    return Insertions(
        booking=seen.bookings[booking_id],
        head_id=seen.head_id,
        candidates=() if over else candidates(seen.problem, seen.plan, booking_id, now_s=seen.now_s),
        over=over,
        bookings=seen.bookings,
        names=seen.names,
    )


def insert_booking(
    services: Services, actor: Actor, day: date, placing: Placing, *, start_s: int, head_id: str | None
) -> Revision:
    """Put a booking in as it was shown: in the plan that was seen (`head_id`), at `start_s`; whom it bumps is left out.

    `Conflict` where a colleague has changed the plan since, where the booking is in it already, or where the day has
    changed so that it would start at another time or break a rule. `BadInput` for whom nobody may bump out.
    """
    allow(actor, Permission.PLANNING)
    from dispatch.explain.candidates import may_be_bumped, placed
    from dispatch.explain.moves import locks_at
    from dispatch.rules.referee import check

    with services.store.writing() as tx:
        seen = see_day(tx, services, actor, day).shown(head_id)
        if not placing.move.places:
            raise BadInput("move.one_booking")
        booking_id = booking_of(placing.move.places[0][0])[0]
        if all(left.booking_id != booking_id for left in seen.plan.left_out):
            raise Conflict("insert.served_already", booking_id=booking_id)
        served = seen.plan.served()
        booking = seen.problem.booking(booking_id)
        refuse(
            [
                BadInput("insert.not_to_bump", booking_id=one)
                for one in placing.bumped
                if one not in served or not may_be_bumped(seen.problem, one, booking, among_equals=True)
            ]
        )
        found = placed(seen.problem, seen.plan, placing)
        refuse([BadInput(breach.said.code, **breach.said.named()) for breach in found.breaches])
        if found.start_s != start_s:
            raise Conflict("insert.other_start", start_s=found.start_s, shown_s=start_s)
        decided = NOTHING
        if placing.move.start_s is not None:
            locks = locks_at(seen.problem, booking_id, placing.move.start_s)
            decided = decide(tx, actor.branch_id, day, locks=locks)
        problem = build_problem(tx, services, seen.branch, day)
        broken = check(problem, found.plan)
        if broken:
            raise Conflict("move.breaks_rules", count=len(broken))
        revision = append_plan(
            tx,
            services,
            actor,
            problem,
            found.plan,
            cause=Cause.DRAG,
            parent_id=seen.head_id,
            decided=decided,
        )
        record(tx, services, actor, "plan.inserted", revision.id, booking_id, *placing.bumped)
    return revision
