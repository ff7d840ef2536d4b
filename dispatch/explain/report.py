"""Reports over a span of service days: totals, each therapist's share, and how evenly the work is shared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.explain.report_day import DayRecord, Punctuality, Work, percent
from dispatch.explain.report_demand import Demand, demand_of
from dispatch.model.booking import Booking
from dispatch.model.kinds import BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """How evenly treatment is shared among the therapists, by each one's utilisation.

    `even_percent` is Jain's index: 100 where all are used alike, 100 divided by their number where one does everything.
    `mean_percent` is the company's utilisation. None of it is known where nobody had a shift.
    """

    therapists: int
    even_percent: int
    mean_percent: int
    most_id: str
    most_percent: int
    least_id: str
    least_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A span of service days, first to last, in figures.

    `days` has one record for every day of the span, in order. `work` is by therapist id. `reasons` are the reasons written
    down for cancelled bookings, each with how often, the most frequent first; an empty one was not written down.
    """

    days: tuple[DayRecord, ...]
    work: Mapping[str, Work]
    demand: Demand
    reasons: tuple[tuple[str, int], ...]
    fairness: Fairness | None

    @property
    def published(self) -> tuple[DayRecord, ...]:
        """Give the days that had a published plan."""
        return tuple(day for day in self.days if day.published)

    @property
    def missing(self) -> tuple[date, ...]:
        """Give the days without a published plan, of which work, value and punctuality are not known."""
        return tuple(day.day for day in self.days if not day.published)

    @property
    def total(self) -> Work:
        """Give all work of the span."""
        return sum((day.total for day in self.days), Work())

    @property
    def punctuality(self) -> Punctuality:
        """Give the punctuality of the span."""
        return sum((day.punctuality for day in self.days), Punctuality())

    @property
    def booked(self) -> int:
        """Give all bookings taken for the span."""
        return sum(day.booked for day in self.days)

    @property
    def booked_published(self) -> int:
        """Give the bookings taken for the days that were published."""
        return sum(day.booked for day in self.published)

    @property
    def cancelled(self) -> int:
        """Give those that were cancelled."""
        return sum(day.cancelled for day in self.days)

    @property
    def no_shows(self) -> int:
        """Give those where nobody was there."""
        return sum(day.no_shows for day in self.days)

    @property
    def served(self) -> int:
        """Give the bookings served on the days that were published."""
        return sum(day.served for day in self.days)

    @property
    def left_out(self) -> int:
        """Give the bookings left out on the days that were published."""
        return sum(day.left_out for day in self.days)

    @property
    def cancelled_percent(self) -> int | None:
        """Give the share of bookings that were cancelled."""
        return percent(self.cancelled, self.booked)

    @property
    def no_show_percent(self) -> int | None:
        """Give the share of bookings where nobody was there."""
        return percent(self.no_shows, self.booked)


def report_of(days: tuple[DayRecord, ...], bookings: Iterable[Booking], areas: Mapping[str, str]) -> Report:
    """Give the report of days in order, of all their bookings, and the areas of these by booking id."""
    taken = tuple(bookings)
    work: dict[str, Work] = {}
    for day in days:
        for therapist_id, done in day.work.items():
            work[therapist_id] = work.get(therapist_id, Work()) + done
    return Report(
        days=days,
        work=work,
        demand=demand_of(tuple(day.day for day in days), taken, areas),
        reasons=_reasons(taken),
        fairness=fairness_of(work),
    )


def fairness_of(work: Mapping[str, Work]) -> Fairness | None:
    """Give how evenly treatment is shared among those who had a shift; None where nobody had."""
    on_shift = {one: done for one, done in work.items() if done.shift_s > 0}
    if not on_shift:
        return None
    shares = {one: done.treatment_s / done.shift_s for one, done in on_shift.items()}
    squares = sum(share * share for share in shares.values())
    total = sum(shares.values())
    by_share = sorted(on_shift, key=lambda one: (shares[one], one))
    least, most = by_share[0], by_share[-1]
    return Fairness(
        therapists=len(on_shift),
        # Nobody treating anybody is as even as it gets.
        even_percent=round(100 * total * total / (len(shares) * squares)) if squares else 100,
        mean_percent=sum(on_shift.values(), Work()).utilisation_percent or 0,
        most_id=most,
        most_percent=on_shift[most].utilisation_percent or 0,
        least_id=least,
        least_percent=on_shift[least].utilisation_percent or 0,
    )


def _reasons(bookings: Iterable[Booking]) -> tuple[tuple[str, int], ...]:
    """Count the reasons of cancelled bookings; the same words in other letters are the same reason."""
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for booking in bookings:
        if booking.status is BookingStatus.CANCELLED:
            reason = " ".join(booking.cancelled_reason.split())
            key = reason.casefold()
            spelled.setdefault(key, reason)
            counts[key] = counts.get(key, 0) + 1
    return tuple((spelled[key], counts[key]) for key in sorted(counts, key=lambda one: (-counts[one], one)))
