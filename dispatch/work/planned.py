"""Who is planned to come to a booking and when, by the plan being worked on."""

from dataclasses import dataclass

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.timetable import Timetable, VisitTime
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisits:
    """What the head of a booking's day says of it: the visits by seat; none where it is left out.

    `revision_number` is nought where the day has no plan yet.
    """

    revision_number: int = 0
    visits: tuple[VisitTime, ...] = ()


def planned_visits(services: Services, actor: Actor, booking: Booking) -> PlannedVisits:
    """Give the visits of a booking as the head revision of its day planned them."""
    allow(actor, Permission.READ_DAY)
    from dispatch.rules.retime import retime

    with services.store.reading() as tx:
        head_id = tx.pointers(actor.branch_id, booking.day).head_id
        if head_id is None:
            return PlannedVisits()
        head = tx.revision(head_id)
        if booking.id not in head.plan.served():
            return PlannedVisits(revision_number=head.number)
        problem = tx.problem(head.problem_hash)
    return PlannedVisits(revision_number=head.number, visits=_visits(retime(problem, head.plan), booking.id))


def _visits(timetable: Timetable, booking_id: str) -> tuple[VisitTime, ...]:
    """Give the times of a booking's visits by seat."""
    found = (
        stop
        for route in timetable.routes
        for stop in route.stops
        if isinstance(stop, VisitTime) and stop.booking_id == booking_id
    )
    return tuple(sorted(found, key=lambda visit: visit.visit_id))
