"""Reports over past service days, from what was published, reported and booked."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.facts import VisitFact, fold
from dispatch.model.places import Address, Building
from dispatch.model.publication import Publication
from dispatch.model.therapist import Therapist
from dispatch.work.doing import branch_of, by_id, today
from dispatch.work.history import visits_of
from dispatch.work.keeping import Remembered
from dispatch.work.noting import Noted, noted_by
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.report import Report
    from dispatch.explain.report_day import DayRecord
    from dispatch.store import Reading

USUAL_DAYS = 28
"""A report is of so many days where no span is chosen: four weeks, the last of them today."""
MOST_DAYS = 120

_AT_ONCE = 5_000
"""How many ids a query names at most; databases have a limit."""

_RECORDS: "Remembered[DayRecord]" = Remembered(4 * MOST_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchReport:
    """A branch's report over a span, the day it was made on, who noted cancellations, and the therapists' names by id."""

    branch: Branch
    today: date
    first: date
    last: date
    report: "Report"
    noted: tuple[Noted, ...]
    names: dict[str, str]

    def name_of(self, therapist_id: str) -> str:
        """Give a therapist's name; the id of one who is not there any more."""
        return self.names.get(therapist_id, therapist_id)


def span_of(today_: date, first: date | None, last: date | None) -> tuple[date, date]:
    """Give the first and the last day of a report; what is left open makes it four weeks, up to today.

    Raises `BadInput` where the span runs backwards, is longer than 120 days, or reaches into the future.
    """
    last = last or (min(today_, first + timedelta(days=USUAL_DAYS - 1)) if first else today_)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise BadInput("report.backwards", first=first.isoformat(), last=last.isoformat())
    if last > today_:
        raise BadInput("report.future", last=last.isoformat(), today=today_.isoformat())
    if (last - first).days >= MOST_DAYS:
        raise BadInput("report.too_long", days=(last - first).days + 1, most=MOST_DAYS)
    return first, last


def branch_report(
    services: Services, actor: Actor, first: date | None = None, last: date | None = None
) -> BranchReport:
    """Give the report over a span of service days, both ends included; see `span_of` for what may be left open.

    What is known of a day's work comes from its published plan and what was reported of it since; a day without one is
    among the report's `missing`, and nothing is guessed for it.
    """
    allow(actor, Permission.REPORTS)
    from dispatch.explain.report import report_of

    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        now = today(services, branch)
        first, last = span_of(now, first, last)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        bookings = tx.list(Booking, branch.id, day=days)
        areas = _areas(tx, branch, bookings)
        by_day: dict[date, list[Booking]] = {}
        for booking in bookings:
            by_day.setdefault(booking.day, []).append(booking)
        versions = _versions(tx, branch, days)
        facts = {day: _facts(tx, branch, by_day.get(day, ())) for day in days}
        records = tuple(
            _record(tx, branch, day, tuple(by_day.get(day, ())), facts[day], versions.get(day, ())) for day in days
        )
        noted = noted_by(tx, branch, bookings, [fact for of_day in facts.values() for fact in of_day])
        names = {one.id: one.name for one in tx.list(Therapist, branch.id)}
    return BranchReport(
        branch=branch,
        today=now,
        first=first,
        last=last,
        report=report_of(records, bookings, areas),
        noted=noted,
        names=names,
    )


def _facts(tx: "Reading", branch: Branch, bookings: Iterable[Booking]) -> tuple[VisitFact, ...]:
    return fold(tx.events(branch.id, [visit for booking in bookings for visit in visits_of(booking)]))


def _versions(tx: "Reading", branch: Branch, days: list[date]) -> dict[date, tuple[str, ...]]:
    """Give the ids of the revisions therapists were ever shown of each day, in that order."""
    found: dict[date, tuple[str, ...]] = {}
    for one in sorted(tx.list(Publication, branch.id, day=days), key=lambda one: one.number):
        if one.revision_id:
            found[one.day] = (*found.get(one.day, ()), one.revision_id)
    return found


def _record(
    tx: "Reading",
    branch: Branch,
    day: date,
    bookings: tuple[Booking, ...],
    facts: tuple[VisitFact, ...],
    versions: tuple[str, ...],
) -> "DayRecord":
    """Give a day's record; days that are over hardly change, and reading their problems is what takes long."""
    from dispatch.explain.report_day import day_record

    published_id = tx.pointers(branch.id, day).published_id
    if published_id is None:
        return day_record(day, bookings, facts, None)
    shown = [
        tx.revision(one) for one in dict.fromkeys((*(one for one in versions if one != published_id), published_id))
    ]
    plans = [(revision.problem_hash, revision.plan) for revision in shown]

    def read() -> "DayRecord":
        *earlier, published = [(tx.problem(problem_hash), plan) for problem_hash, plan in plans]
        return day_record(day, bookings, facts, published, tuple(earlier))

    return _RECORDS.get(hashlib.sha256(repr((day, plans, bookings, facts)).encode()).digest(), read)


def _areas(tx: "Reading", branch: Branch, bookings: Iterable[Booking]) -> dict[str, str]:
    """Give the area each booking is in, by its id."""
    address_ids = {booking.id: booking.address_id for booking in bookings}
    addresses: dict[str, Address] = {}
    for some in _parts(set(address_ids.values())):
        addresses |= by_id(tx.list(Address, branch.id, id=some))
    buildings: dict[str, Building] = {}
    for some in _parts({address.building_id for address in addresses.values()}):
        buildings |= by_id(tx.list(Building, branch.id, id=some))
    return {one: buildings[addresses[address_id].building_id].area for one, address_id in address_ids.items()}


def _parts(ids: set[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
