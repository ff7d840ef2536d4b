"""What the days before say about a day: who knows which client, and who must still rest."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.model.booking import Booking
from dispatch.model.day import DAY_S
from dispatch.model.facts import fold
from dispatch.model.kinds import BookingStatus, VisitState
from dispatch.model.plan import Plan, booking_of, visit_id
from dispatch.model.problem import Familiar
from dispatch.model.therapist import Therapist

if TYPE_CHECKING:
    from dispatch.store import Reading

FAMILIAR_DAYS = 90
"""How far back visits count for a client and a therapist knowing each other."""

_NOT_MADE = frozenset({BookingStatus.CANCELLED, BookingStatus.NO_SHOW})


def visits_of(booking: Booking) -> tuple[str, ...]:
    """Give the visit ids of a booking, one a seat."""
    return tuple(visit_id(booking.id, seat) for seat in range(len(booking.seats)))


def familiar_by_client(
    tx: "Reading", branch_id: str, day: date, client_ids: Iterable[str]
) -> dict[str, tuple[Familiar, ...]]:
    """Count, for each client, the visits each therapist has made to her in the last 90 days.

    A visit was made where its therapist reported it finished, or else where the published plan had it and the booking
    was neither cancelled nor a no-show.
    """
    days = [day - timedelta(days=number) for number in range(1, FAMILIAR_DAYS + 1)]
    past = [
        booking
        for booking in tx.list(Booking, branch_id, client_id=set(client_ids), day=days)
        if booking.status not in _NOT_MADE
    ]
    made = made_by(tx, branch_id, past)
    counts: dict[str, Counter[str]] = {}
    for booking in past:
        known = counts.setdefault(booking.client_id, Counter())
        known.update(made[visit] for visit in visits_of(booking) if visit in made)
    return {
        client_id: tuple(Familiar(therapist_id=one, visits=number) for one, number in sorted(count.items()))
        for client_id, count in counts.items()
        if count
    }


def made_by(tx: "Reading", branch_id: str, past: Collection[Booking]) -> dict[str, str]:
    """Give who made each visit of past bookings: who reported it finished, or else whom the published plan sent."""
    made: dict[str, str] = {}
    for past_day in sorted({booking.day for booking in past}):
        plan = published_plan(tx, branch_id, past_day)
        for route in plan.routes if plan else ():
            made.update(dict.fromkeys(route.visit_ids(), route.therapist_id))
    reported = fold(tx.events(branch_id, [visit for booking in past for visit in visits_of(booking)]))
    made.update({fact.visit_id: fact.therapist_id for fact in reported if fact.state is VisitState.FINISHED})
    return made


def last_visit(tx: "Reading", branch_id: str, bookings: Iterable[Booking], before: date) -> tuple[Booking, str] | None:
    """Give the newest booking before a day that somebody came to, and who; None where nobody ever did.

    As many of the newest bookings are looked at as can matter: ten.
    """
    past = sorted(
        (one for one in bookings if one.day < before and one.status not in _NOT_MADE),
        key=lambda one: (one.day, one.id),
        reverse=True,
    )[:10]
    made = made_by(tx, branch_id, past)
    for booking in past:
        for visit in visits_of(booking):
            if visit in made:
                return booking, made[visit]
    return None


def published_plan(tx: "Reading", branch_id: str, day: date) -> Plan | None:
    """Give the plan therapists see of a day, as it was published, or None."""
    pointers = tx.pointers(branch_id, day)
    return tx.revision(pointers.published_id).plan if pointers.published_id else None


def rested_from(tx: "Reading", branch_id: str, day: date, therapists: Collection[Therapist]) -> dict[str, int]:
    """Give when each therapist has had her rest since the day before, in seconds of `day`; nought where long ago.

    The day before ends as its published plan says, with what was reported of it since.
    """
    before = day - timedelta(days=1)
    pointers = tx.pointers(branch_id, before)
    if not pointers.published_id or not therapists:
        return {}
    from dispatch.rules.retime import retime

    revision = tx.revision(pointers.published_id)
    problem = tx.problem(revision.problem_hash)
    known = {booking.id for booking in problem.bookings}
    visits = [visit for route in revision.plan.routes for visit in route.visit_ids()]
    facts = tuple(fact for fact in fold(tx.events(branch_id, visits)) if booking_of(fact.visit_id)[0] in known)
    ends = {
        route.therapist_id: route.home_s
        for route in retime(replace(problem, facts=facts), revision.plan).routes
        if route.visits()
    }
    return {
        therapist.id: max(0, ends[therapist.id] + therapist.min_rest_s - DAY_S)
        for therapist in therapists
        if therapist.id in ends
    }


def real_lengths(tx: "Reading", branch_id: str, bookings: Iterable[Booking]) -> dict[str, int]:
    """Give how many seconds treatments really took by booking, of a couple's the longer one; what nobody reported is left out."""
    from dispatch.explain.observed import treated_s

    found: dict[str, int] = {}
    for fact in fold(tx.events(branch_id, [visit for booking in bookings for visit in visits_of(booking)])):
        took_s, booking_id = treated_s(fact), booking_of(fact.visit_id)[0]
        if took_s is not None:
            found[booking_id] = max(took_s, found.get(booking_id, 0))
    return found
