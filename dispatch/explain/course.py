"""How far a care plan has come: what was kept, what is coming, what was missed, and when the next visit is due.

What is missed does not count: the next visit is due so many days after the last one that was kept or is coming.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dispatch.model.booking import Booking
from dispatch.model.care import CarePlan, CareStatus, CourseState
from dispatch.model.kinds import BookingStatus

MOST_SPREAD = 3
"""A visit may lie so many days before or after the day it is due on; less where visits follow each other closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a plan has come: visits kept, coming and proposed, those missed, those still to be found a day for.

    `next_day` is when the next one without a day is due, None where all have one or the plan is not going on.
    """

    kept: int = 0
    coming: int = 0
    proposed: int = 0
    missed: int = 0
    left: int = 0
    next_day: date | None = None


def state_of(booking: Booking, today: date) -> CourseState:
    """Tell what became of a visit; one that was confirmed and whose day is over counts as kept until somebody says otherwise."""
    if booking.status is BookingStatus.DONE or (booking.status is BookingStatus.CONFIRMED and booking.day < today):
        return CourseState.KEPT
    if booking.status is BookingStatus.CONFIRMED:
        return CourseState.COMING
    if booking.status is BookingStatus.REQUESTED and booking.day >= today:
        return CourseState.PROPOSED
    return CourseState.MISSED


def course(plan: CarePlan, bookings: Iterable[Booking], today: date) -> Course:
    """Give how far a care plan has come with the bookings made for it."""
    states = [(state_of(one, today), one.day) for one in bookings]
    count = {state: sum(one is state for one, _ in states) for state in CourseState}
    left = max(0, plan.visits - count[CourseState.KEPT] - count[CourseState.COMING] - count[CourseState.PROPOSED])
    standing = [day for state, day in states if state is not CourseState.MISSED]
    goes_on = plan.status is CareStatus.ACTIVE and left > 0
    return Course(
        kept=count[CourseState.KEPT],
        coming=count[CourseState.COMING],
        proposed=count[CourseState.PROPOSED],
        missed=count[CourseState.MISSED],
        left=left,
        next_day=_after(plan, max(standing, default=None)) if goes_on else None,
    )


def due_days(plan: CarePlan, fixed: Sequence[date], today: date, *, visits: int, until: date) -> Iterator[date]:
    """Give the days on which a plan's next visits are due, from tomorrow on: after the last fixed one, so many at most.

    A visit that is due already is due tomorrow, and the ones behind it move with it.
    """
    due = _after(plan, max(fixed, default=None))
    for _ in range(visits):
        due = max(due, today + timedelta(days=1))
        if due > until:
            return
        yield due
        due += timedelta(days=plan.every_days)


def spread_of(plan: CarePlan) -> int:
    """Give how many days before or after its due day a visit may lie."""
    return min(MOST_SPREAD, (plan.every_days - 1) // 2)


def days_around(due: date, spread: int, *, earliest: date) -> Iterator[date]:
    """Give the due day and those around it, nearest first, later before earlier, none before the earliest."""
    for distance in range(spread + 1):
        for days in (distance, -distance) if distance else (0,):
            day = due + timedelta(days=days)
            if day >= earliest:
                yield day


def _after(plan: CarePlan, last: date | None) -> date:
    return plan.first_day if last is None else max(plan.first_day, last + timedelta(days=plan.every_days))
