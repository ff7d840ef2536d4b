"""Start times to offer to a caller, in the plan that the board shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.day import seconds_of
from dispatch.model.people import Client
from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.slot import Draft, Slot
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import booking_errors
from dispatch.work.bookings import booking_context
from dispatch.work.doing import branch_of, by_id, find, refuse, tidy, today
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

SLOTS_OFFERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The starts to offer, cheapest first, and the names of the therapists, and of the clients by their visits."""

    branch: Branch
    slots: tuple[Slot, ...]
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedDay:
    """A wish in the day it is for: the booking as the planner sees it, with the starts that are still to come."""

    branch: Branch
    booking: Booking
    problem: DayProblem
    plan: Plan
    head_id: str | None
    wish: DayBooking
    names: Mapping[str, str] = field(default_factory=dict)
    therapists: Mapping[str, Therapist] = field(default_factory=dict)


def suggest_slots(services: Services, actor: Actor, booking: Booking, *, limit: int = SLOTS_OFFERED) -> Offers:
    """Give the best starts for a booking that is being taken (or is to be moved), inside its windows; nothing is kept.

    The plan is the one worked on, fitted to the day. What is past is not offered; once phones have reported on the day,
    nobody is sent anywhere before now either. A booking that could not be taken as it stands is refused with all that
    is wrong.
    """
    allow(actor, Permission.BOOKINGS)
    from dispatch.explain.slots import suggest

    with services.store.reading() as tx:
        seen = wished_day(tx, services, actor, booking)
    slots = suggest(seen.problem, seen.plan, Draft(booking=seen.wish), limit=limit)
    return Offers(branch=seen.branch, slots=tuple(slots), names=seen.names)


def wished_day(tx: "Reading", services: Services, actor: Actor, booking: Booking) -> WishedDay:
    """Give a wish in its day; refused with all that is wrong where it could not be taken, or where all of it is past."""
    booking = replace(tidy(booking), id=booking.id or services.new_id(), branch_id=actor.branch_id)
    branch = branch_of(tx, actor)
    before = find(tx, actor, Booking, booking.id)
    refuse(booking_errors(booking, booking_context(tx, services, actor, booking, before=before)))
    problem = build_problem(tx, services, branch, booking.day, draft=booking)
    head_id = tx.pointers(branch.id, booking.day).head_id
    plan = reconcile(problem, tx.revision(head_id).plan if head_id else Plan())
    bookings = tx.list(Booking, branch.id, day=booking.day)
    clients = by_id(tx.list(Client, branch.id, id=[one.client_id for one in (*bookings, booking)]))
    therapists = by_id(tx.list(Therapist, branch.id))
    names = {one.id: one.name for one in therapists.values()}
    names |= {name: clients[one.client_id].name for one in (*bookings, booking) for name in (one.id, *visits_of(one))}
    now_s = seconds_of(services.now(), booking.day, branch.time_zone) if booking.day == today(services, branch) else 0
    wish = problem.booking(booking.id)
    windows = to_come(wish.windows, now_s)
    if not windows:
        raise BadInput("slot.all_past", field="windows", latest_s=max(window.end_s for window in wish.windows))
    if problem.facts and now_s > 0:
        problem = replace(problem, now_s=now_s)
    return WishedDay(
        branch=branch,
        booking=booking,
        problem=problem,
        plan=plan,
        head_id=head_id,
        wish=replace(wish, windows=windows, is_hold=False),
        names=names,
        therapists=therapists,
    )


def to_come(windows: Sequence[TimeWindow], now_s: int) -> tuple[TimeWindow, ...]:
    """Give what of the windows is not past."""
    return tuple(
        TimeWindow(start_s=max(window.start_s, now_s), end_s=window.end_s)
        for window in windows
        if window.end_s >= now_s
    )
