"""A therapist's own side: what her day and month come to, why her route is as it is, and how work is spread."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.catalogue import PayRule
from dispatch.model.facts import fold
from dispatch.model.plan import Revision
from dispatch.model.said import Said
from dispatch.model.timetable import Timetable
from dispatch.work.doing import branch_of, by_id, today
from dispatch.work.history import visits_of
from dispatch.work.keeping import Remembered
from dispatch.work.permissions import Permission, allow
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.hers import HerRoute
    from dispatch.explain.ledger import Range, Tally
    from dispatch.store import Reading

_TIMETABLES: Remembered[Timetable] = Remembered(64)
_ROUTES: "Remembered[HerRoute]" = Remembered(256)


@dataclass(frozen=True, slots=True, kw_only=True)
class HerSide:
    """What her page shows: the day's and the month's tally, how work is spread this month, and why her route is hers.

    `why` are (start, area, sentence) of the day's visits; `order` is why they stand in this order.
    """

    day: date
    today: date
    name: str
    languages: tuple[str, ...]
    of_day: "Tally"
    of_month: "Tally"
    ranges: "tuple[Range, ...]" = ()
    order: Said | None = None
    why: tuple[tuple[int, str, Said], ...] = ()


def her_side(services: Services, actor: Actor, day: date | None = None) -> HerSide:
    """Give a therapist what is hers of a day and its month, from published plans and reports; nobody else is named."""
    allow(actor, Permission.OWN_DAY)
    from dispatch.explain.ledger import Tally, ranges
    from dispatch.model.therapist import Therapist

    with services.store.reading() as tx:
        now_day = today(services, branch_of(tx, actor))
        day = day or now_day
        therapist = tx.get(Therapist, actor.therapist_id)
        rules = tx.list(PayRule, actor.branch_id)
        team: dict[str, Tally] = {}
        of_day, order = Tally(), None
        lines: tuple[tuple[int, str, Said], ...] = ()
        first = day.replace(day=1)
        while first.month == day.month:
            revision = _published(tx, actor, first)
            if revision is not None:
                for name, one in _tallies(tx, actor, revision, rules).items():
                    team[name] = team.get(name, Tally()).plus(one)
                    if first == day and name == therapist.id:
                        of_day = one
                if first == day:
                    order, lines = _why(tx, actor, revision)
            first += timedelta(days=1)
    hers = team.get(therapist.id, Tally())
    return HerSide(
        day=day,
        today=now_day,
        name=therapist.name,
        languages=therapist.languages,
        of_day=of_day,
        of_month=hers,
        ranges=ranges(hers, team.values()),
        order=order,
        why=lines,
    )


def _published(tx: "Reading", actor: Actor, day: date) -> Revision | None:
    published_id = tx.pointers(actor.branch_id, day).published_id
    return tx.revision(published_id) if published_id else None


def _tallies(tx: "Reading", actor: Actor, revision: Revision, rules: tuple[PayRule, ...]) -> "dict[str, Tally]":
    """Give what a published day comes to for everybody in it."""
    from dispatch.explain.ledger import tally

    bookings = by_id(tx.list(Booking, actor.branch_id, day=revision.day))
    events = tx.events(actor.branch_id, [visit for booking in bookings.values() for visit in visits_of(booking)])
    facts = {fact.visit_id: fact for fact in fold(events)}
    times = _TIMETABLES.get((revision.problem_hash, revision.plan), lambda: _times(tx, revision))
    return {route.therapist_id: tally(route, bookings, facts, rules) for route in times.routes}


def _times(tx: "Reading", revision: Revision) -> Timetable:
    from dispatch.rules.retime import retime

    return retime(tx.problem(revision.problem_hash), revision.plan)


def _why(tx: "Reading", actor: Actor, revision: Revision) -> tuple[Said | None, tuple[tuple[int, str, Said], ...]]:
    """Give why her route of a published day is hers, with the start and the area of each visit."""
    from dispatch.explain.hers import why_hers

    def asked() -> "HerRoute":
        problem = tx.problem(revision.problem_hash)
        return why_hers(problem, reconcile(problem, revision.plan), actor.therapist_id)

    found = _ROUTES.get((revision.problem_hash, revision.plan, actor.therapist_id), asked)
    times = _TIMETABLES.get((revision.problem_hash, revision.plan), lambda: _times(tx, revision))
    route = times.route_of(actor.therapist_id)
    starts = {visit.visit_id: visit for visit in route.visits()}
    problem_areas = _areas(tx, revision)
    return found.order, tuple(
        (starts[visit].start_s, problem_areas[starts[visit].location], why)
        for visit, why in found.visits
        if visit in starts
    )


_AREAS: Remembered[tuple[str, ...]] = Remembered(64)


def _areas(tx: "Reading", revision: Revision) -> tuple[str, ...]:
    return _AREAS.get(
        revision.problem_hash, lambda: tuple(one.area for one in tx.problem(revision.problem_hash).locations)
    )
