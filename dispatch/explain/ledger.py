"""What a therapist's days come to: money, kilometres, late evenings; of her, and of the team as a range without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.model.booking import Booking
from dispatch.model.catalogue import PayRule
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BookingStatus, VisitState
from dispatch.model.plan import booking_of
from dispatch.model.timetable import RouteTimes
from dispatch.rules.prices import first_start_s, rule_for

LATE_EVENING_S = 22 * 3_600
"""A visit that ends after this makes a late evening of its day."""

FEWEST = 4
"""A range of fewer people than this would tell her what a colleague earns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One therapist's days: visits, pay and way, planned (all that is published and not called off) and of these done.

    `unpriced` are visits the catalogue has no pay rule for. The way is the plan's roads: to each visit, and home once.
    """

    days: int = 0
    visits: int = 0
    visits_done: int = 0
    pay_sen: int = 0
    pay_done_sen: int = 0
    unpriced: int = 0
    distance_m: int = 0
    distance_done_m: int = 0
    treatment_s: int = 0
    late_evenings: int = 0

    def plus(self, other: Tally) -> Tally:
        """Give both together."""
        names = type(self).__slots__
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """One figure of hers beside the team's lowest, middle and highest."""

    name: str
    hers: int
    lowest: int
    middle: int
    highest: int


def tally(
    route: RouteTimes, bookings: Mapping[str, Booking], facts: Mapping[str, VisitFact], rules: Iterable[PayRule]
) -> Tally:
    """Give what one published route of one day comes to; visits called off since count for nothing.

    A visit is done where she reported it finished, or its booking is done and nobody else reported it.
    """
    rules = tuple(rules)
    gone = {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    found = Tally()
    mine = [
        visit
        for visit in route.visits()
        if visit.booking_id in bookings and bookings[visit.booking_id].status not in gone
    ]
    for visit in mine:
        booking = bookings[visit.booking_id]
        done = _done(booking, facts.get(visit.visit_id), route.therapist_id)
        pay_sen = seat_pay_sen(rules, booking, booking_of(visit.visit_id)[1])
        found = found.plus(
            Tally(
                visits=1,
                visits_done=int(done),
                pay_sen=pay_sen or 0,
                pay_done_sen=(pay_sen or 0) * done,
                unpriced=int(pay_sen is None),
                distance_m=visit.distance_m,
                distance_done_m=visit.distance_m * done,
                treatment_s=visit.end_s - visit.start_s,
            )
        )
    if not mine:
        return found
    over = found.visits_done == len(mine)
    return found.plus(
        Tally(
            days=1,
            distance_m=route.home_distance_m,
            distance_done_m=route.home_distance_m * over,
            late_evenings=int(max(visit.end_s for visit in mine) > LATE_EVENING_S),
        )
    )


def seat_pay_sen(rules: Iterable[PayRule], booking: Booking, seat: int) -> int | None:
    """Give what one seat of a booking pays, chosen as its price is; None where no rule holds."""
    treatment_id = booking.seats[seat].treatment_id or booking.treatment_id
    rule = rule_for(rules, treatment_id, booking.minutes, booking.day, first_start_s(booking))
    return None if rule is None else rule.pay_sen


def ranges(hers: Tally, everybody: Iterable[Tally]) -> tuple[Range, ...]:
    """Give her figures beside the team's, her own among them; nothing where the team is too small to stay unnamed."""
    team = [one for one in everybody if one.days]
    if not hers.days or len(team) < FEWEST:
        return ()
    return tuple(
        Range(
            name=name,
            hers=getattr(hers, name),
            lowest=(values := sorted(getattr(one, name) for one in team))[0],
            middle=values[(len(values) - 1) // 2],
            highest=values[-1],
        )
        for name in ("pay_sen", "treatment_s", "distance_m", "late_evenings")
    )


def _done(booking: Booking, fact: VisitFact | None, therapist_id: str) -> bool:
    if fact is not None:
        return fact.therapist_id == therapist_id and fact.state is VisitState.FINISHED
    return booking.status is BookingStatus.DONE
