"""The end of held starts: by the day's job when their time is over, or on the way of whoever needs the place."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.decisions import Hold
from dispatch.model.job import Job, JobKind, JobState
from dispatch.model.kinds import BookingStatus, Role
from dispatch.words import sentence
from dispatch.work.bookings import forget_day, step_booking
from dispatch.work.doing import record
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing


class _LeaseLostError(Exception):
    """The job was given to another worker meanwhile; what this one did must be rolled back."""


def end_holds(services: Services, job: Job) -> int:
    """End every held start of the job's day whose time is over, and see to the next; give how many ended.

    Nothing of it is kept where the job belongs to another worker by now.
    """
    author = Actor(id=job.asked_by, branch_id=job.branch_id, name="", role=Role.BOOKING_TAKER)
    now = services.now()
    try:
        with services.store.writing() as tx:
            holds = tx.list(Hold, job.branch_id, day=job.day)
            over = [one for one in holds if one.expires_at <= now]
            for hold in over:
                end_hold(tx, author, tx.get(Booking, hold.booking_id), hold, reason=sentence("hold.ended_reason"))
                by = replace(author, id=hold.held_by)
                record(tx, services, by, "hold.ended", hold.id, hold.booking_id)
            _finish(tx, job, now)
            for hold in holds:
                if hold not in over:
                    end_in_time(tx, services, hold)
    except _LeaseLostError:
        return 0
    return len(over)


def _finish(tx: "Writing", job: Job, now: datetime) -> None:
    """End the job, or leave the transaction so that nothing of it is kept."""
    if not tx.finish(job.id, job.token, JobState.DONE, now=now):
        raise _LeaseLostError


def end_in_time(tx: "Writing", services: Services, hold: Hold) -> None:
    """Write down that a hold has to be ended when its time is over."""
    tx.enqueue_by(
        Job(
            id=services.new_id(),
            branch_id=hold.branch_id,
            kind=JobKind.HOLDS,
            day=hold.day,
            asked_by=hold.held_by,
            asked_at=services.now(),
            due_at=hold.expires_at,
            seconds=0.0,
        )
    )


def end_over(tx: "Writing", services: Services, actor: Actor, day: date) -> None:
    """End holds whose time is over, so that nobody waits for the job that would."""
    now: datetime = services.now()
    for hold in _over(tx.list(Hold, actor.branch_id, day=day), now):
        end_hold(tx, actor, tx.get(Booking, hold.booking_id), hold, reason=sentence("hold.ended_reason"))
        record(tx, services, actor, "hold.ended", hold.id, hold.booking_id)


def _over(holds: Iterable[Hold], now: datetime) -> list[Hold]:
    return [one for one in holds if one.expires_at <= now]


def end_hold(tx: "Writing", actor: Actor, booking: Booking, hold: Hold, *, reason: str) -> None:
    """Let a hold go, and cancel the booking that was taken for it alone."""
    if hold.takes_booking and booking.status is BookingStatus.REQUESTED:
        step_booking(tx, booking, BookingStatus.CANCELLED, booking.version, cancelled_reason=reason)
        forget_day(tx, actor, booking)
    else:
        tx.delete(hold)
