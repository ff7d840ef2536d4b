"""Applying a remedy: the day changed as it says, and the plan that then serves the booking, in one step."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.kinds import Cause
from dispatch.model.plan import Revision
from dispatch.model.therapist import RosterException, Therapist
from dispatch.work.decided import decide
from dispatch.work.doing import fetch, record
from dispatch.work.fitted import fit_day
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.revisions import append_plan
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.remedies import Remedy
    from dispatch.store import Reading


def apply_remedy(
    services: Services, actor: Actor, day: date, booking_id: str, *, kind: str, start_s: int, head_id: str
) -> Revision:
    """Do what a remedy says and keep the plan that serves the booking then; `kind` and `start_s` name the one shown.

    Another time becomes one the client wishes for, and is fixed; a longer day becomes the therapist's shift of this
    day. `Conflict` where the plan shown (`head_id`) is not the newest, or where the remedy no longer helps.
    """
    allow(actor, Permission.PLANNING)
    allow(actor, Permission.BOOKINGS)
    from dispatch.explain.moves import locks_at
    from dispatch.explain.remedies import remedies
    from dispatch.rules.referee import check

    with services.store.writing() as tx:
        fitted = fit_day(tx, services, actor, day).shown(head_id)
        problem, plan = fitted.problem, fitted.plan
        booking = fetch(tx, actor, Booking, booking_id)
        if booking.day != day:
            raise BadInput("remedy.other_day", day=day.isoformat())
        known = any(one.booking_id == booking_id for one in plan.left_out)
        found = remedies(problem, plan, booking_id) if known else ()
        remedy = next((one for one in found if one.kind == kind and one.slot.start_s == start_s), None)
        if remedy is None:
            raise Conflict("remedy.gone", day=day.isoformat())
        decided = decide(
            tx,
            actor.branch_id,
            day,
            locks=() if kind == "swap" else locks_at(problem, booking_id, start_s),
            bookings=_changed(booking, remedy),
            therapists=_longer(tx, actor, remedy, day),
        )
        problem = build_problem(tx, services, fitted.branch, day)
        new = reconcile(problem, remedy.plan)
        broken = check(problem, new)
        if broken or booking_id not in new.served():
            raise Conflict("remedy.breaks_rules", count=len(broken))
        revision = append_plan(
            tx,
            services,
            actor,
            problem,
            new,
            cause=Cause.EDIT,
            parent_id=fitted.head_id,
            decided=decided,
        )
        record(tx, services, actor, "remedy.applied", revision.id, booking_id)
    return revision


def _changed(booking: Booking, remedy: "Remedy") -> Iterable[Booking]:
    """Give the booking as the remedy changes it; nothing where it stays as it is."""
    if remedy.kind == "time":
        windows = tuple(_with_start(booking.windows, remedy.slot.start_s))
        if windows != booking.windows:
            yield replace(booking, windows=windows)
    elif remedy.kind == "gender":
        yield replace(booking, seats=tuple(replace(seat, only_gender=None) for seat in booking.seats))
    elif remedy.kind == "anybody":
        yield replace(booking, only_therapists=())


def _longer(tx: "Reading", actor: Actor, remedy: "Remedy", day: date) -> Iterable[Therapist]:
    """Give the therapists whose shift of the day the remedy makes longer."""
    if remedy.kind == "overtime":
        longer_s = 60 * int(remedy.said.named()["minutes"])
        for therapist_id in remedy.slot.therapist_ids:
            yield _lengthened(fetch(tx, actor, Therapist, therapist_id), day, longer_s)


def _with_start(windows: tuple[TimeWindow, ...], start_s: int) -> Iterable[TimeWindow]:
    """Give windows in order, one of them at a start that the others do not hold."""
    if any(window.start_s <= start_s <= window.end_s for window in windows):
        return windows
    return sorted((*windows, TimeWindow(start_s=start_s, end_s=start_s)), key=lambda window: window.start_s)


def _lengthened(therapist: Therapist, day: date, longer_s: int) -> Therapist:
    """Give a therapist whose last shift of a day ends later."""
    shifts, breaks = therapist.roster.on(day)
    last = replace(shifts[-1], end_s=shifts[-1].end_s + longer_s)
    had = [one for one in therapist.roster.exceptions if one.day == day]
    longer = RosterException(day=day, shifts=(*shifts[:-1], last), breaks=breaks, reason=had[0].reason if had else "")
    return replace(therapist, roster=therapist.roster.with_exception(longer))
