"""The versions of a day that therapists were shown: what each changed for whom, and who has seen it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking
from dispatch.model.people import Client
from dispatch.model.plan import Plan, Revision
from dispatch.model.problem import DayProblem
from dispatch.model.publication import Publication, Seen
from dispatch.model.said import Said
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import Timetable
from dispatch.work.doing import branch_of, by_id, by_name, today
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class HerNews:
    """What one therapist would see changed, and whether she has seen it: `seen_at` is None where she has not.

    `acknowledged_at` is when she tapped OK to this version or to a later one of the day, None where she has not yet.
    """

    therapist_id: str
    name: str
    sentences: tuple[Said, ...]
    phone: str = ""
    languages: tuple[str, ...] = ()
    seen_at: datetime | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version with its plan's number, what it changed for each therapist, and who of those in it has seen it."""

    publication: Publication
    by: str
    plan_number: int
    news: tuple[HerNews, ...]
    seen: tuple[HerNews, ...]
    """Every therapist who has visits in it or lost some by it, with what changed for her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsOfDay:
    """A day's versions, newest first, and what publishing the head would tell whom (`pending`).

    `published_id` is the revision therapists see now; `pointers_version` is what a recall has to name.
    """

    day: date
    today: date
    versions: tuple[Version, ...]
    pending: tuple[HerNews, ...]
    head: Revision | None
    published: Revision | None
    pointers_version: int
    names: dict[str, str] = field(default_factory=dict)


def versions_of_day(services: Services, actor: Actor, day: date) -> VersionsOfDay:
    """Give a day's versions, newest first, with who has seen which, and what publishing the head would change."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        pointers = tx.pointers(branch.id, day)
        publications = sorted(tx.list(Publication, branch.id, day=day), key=lambda one: one.number)
        therapists = by_id(tx.list(Therapist, branch.id))
        accounts = by_id(tx.list(Account, branch.id))
        times = RevisionTimes(tx)
        seen: dict[str, dict[str, Seen]] = {}
        for one in tx.seen(publication.id for publication in publications):
            seen.setdefault(one.publication_id, {})[one.therapist_id] = one
        versions = []
        before = Timetable()
        for place, publication in enumerate(publications):
            after = times.of(publication.revision_id)
            had = _confirmed(seen.get(publication.id, {}), [seen.get(one.id, {}) for one in publications[place:]])
            news = news_of(before, after, therapists, had)
            versions.append(
                Version(
                    publication=publication,
                    by=accounts[publication.by].name if publication.by in accounts else "Laluan",
                    plan_number=times.number(publication.revision_id),
                    news=tuple(one for one in news if one.sentences),
                    seen=news,
                )
            )
            before = after
        now = _now_times(tx, services, actor, day, pointers.head_id) if pointers.head_id else Timetable()
        pending = news_of(times.of(pointers.published_id or ""), now, therapists, {})
        return VersionsOfDay(
            day=day,
            today=today(services, branch),
            versions=tuple(reversed(versions)),
            pending=tuple(one for one in pending if one.sentences),
            head=tx.revision(pointers.head_id) if pointers.head_id else None,
            published=tx.revision(pointers.published_id) if pointers.published_id else None,
            pointers_version=pointers.version,
            names=names_for(tx, actor, day, therapists.values(), times.visits() | visits_in(now)),
        )


def fitted(tx: "Reading", services: Services, actor: Actor, day: date, revision: Revision) -> tuple[DayProblem, Plan]:
    """Give the day as it is now and a revision's plan fitted to it."""
    problem = build_problem(tx, services, branch_of(tx, actor), day)
    return problem, reconcile(problem, revision.plan)


def _now_times(tx: "Reading", services: Services, actor: Actor, day: date, revision_id: str) -> Timetable:
    from dispatch.rules.retime import retime

    problem, plan = fitted(tx, services, actor, day, tx.revision(revision_id))
    return retime(problem, plan)


class RevisionTimes:
    """The timetables of revisions as they were made, each read and timed once."""

    def __init__(self, tx: "Reading") -> None:
        self._tx = tx
        self._known: dict[str, tuple[Revision, Timetable]] = {}

    def of(self, revision_id: str) -> Timetable:
        """Give a revision's timetable; an empty one for no revision."""
        return self._read(revision_id)[1] if revision_id else Timetable()

    def number(self, revision_id: str) -> int:
        """Give a revision's number; 0 for no revision."""
        return self._read(revision_id)[0].number if revision_id else 0

    def visits(self) -> set[str]:
        """Give every visit of every timetable given so far."""
        return {visit for _, times in self._known.values() for visit in visits_in(times)}

    def _read(self, revision_id: str) -> tuple[Revision, Timetable]:
        from dispatch.rules.retime import retime
        from dispatch.work.remembered import same_problem

        if revision_id not in self._known:
            revision = self._tx.revision(revision_id)
            problem = same_problem(self._tx.problem(revision.problem_hash))
            self._known[revision_id] = (revision, retime(problem, revision.plan))
        return self._known[revision_id]


def news_of(
    before: Timetable, after: Timetable, therapists: dict[str, Therapist], seen: dict[str, Seen]
) -> tuple[HerNews, ...]:
    """Give what changed for every therapist who had or has visits, by name."""
    from dispatch.explain.since import differences, hers

    found = differences(before, after)
    concerned = {route.therapist_id for times in (before, after) for route in times.routes if route.visits()}
    return tuple(
        HerNews(
            therapist_id=one.id,
            name=one.name,
            sentences=hers(found, one.id),
            phone=one.phone,
            languages=one.languages,
            seen_at=seen[one.id].at if one.id in seen else None,
            acknowledged_at=seen[one.id].acknowledged_at if one.id in seen else None,
        )
        for one in by_name(therapists[key] for key in concerned if key in therapists)
    )


def _confirmed(seen: dict[str, Seen], since: list[dict[str, Seen]]) -> dict[str, Seen]:
    """Give who has seen a version; an OK to a later one (`since` begins with this one) is an OK to it as well."""
    told: dict[str, Seen] = dict(seen)
    for later in since:
        for key, one in later.items():
            if one.acknowledged_at is not None and (key not in told or told[key].acknowledged_at is None):
                told[key] = replace(told.get(key, one), acknowledged_at=one.acknowledged_at)
    return told


def visits_in(times: Timetable) -> set[str]:
    """Give the visits of a timetable."""
    return {visit.visit_id for route in times.routes for visit in route.visits()}


def names_for(
    tx: "Reading", actor: Actor, day: date, therapists: Iterable[Therapist], visits: set[str]
) -> dict[str, str]:
    """Give what sentences call therapists, the day's bookings, and visits, those of bookings that left the day too."""
    ids = {visit.rpartition("/")[0] for visit in visits}
    bookings = {one.id: one for one in (*tx.list(Booking, actor.branch_id, day=day), *_bookings(tx, actor, ids))}
    clients = by_id(tx.list(Client, actor.branch_id, id=[one.client_id for one in bookings.values()]))
    names = {one.id: one.name for one in therapists}
    for booking in bookings.values():
        name = clients[booking.client_id].name
        names |= dict.fromkeys((booking.id, booking.client_id, *visits_of(booking)), name)
        names |= dict.fromkeys((visit for visit in visits if visit.rpartition("/")[0] == booking.id), name)
    return names


def _bookings(tx: "Reading", actor: Actor, ids: set[str]) -> tuple[Booking, ...]:
    return tx.list(Booking, actor.branch_id, id=ids) if ids else ()
