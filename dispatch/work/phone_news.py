"""What the phone tells a therapist of new versions: what changed for her since the one she tapped OK to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.plan import booking_of
from dispatch.model.publication import Publication, Seen
from dispatch.model.said import Said, said
from dispatch.model.therapist import Therapist
from dispatch.work.doing import branch_of, by_id, today
from dispatch.work.permissions import Permission, allow
from dispatch.work.phones import PhoneDay, phone_day
from dispatch.work.pushing import push_key
from dispatch.work.services import Services
from dispatch.work.versions import RevisionTimes

if TYPE_CHECKING:
    from dispatch.store import Reading

DAYS_AHEAD = 7
"""The phone tells of today and the days after it, a week in all."""


_HOLDS = ("phone.one_visit_line", "phone.day_line")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNotice:
    """What a new version of a day changed for her, until she taps OK; `names` are first names with areas, nothing more.

    `first` says that she has tapped OK to none of this day yet: it tells what the day holds.
    """

    day: date
    publication_id: str
    version_number: int
    sentences: tuple[Said, ...]
    first: bool = False
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePage:
    """A therapist's day with what she has to confirm; `mark` differs as soon as another version of any of her days is out.

    `push_key` is what its browser subscribes with to be woken, empty where that is off.
    """

    day: PhoneDay
    notices: tuple[PhoneNotice, ...]
    mark: str
    push_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeekDay:
    """One day of her week: her shifts by the roster and, once it is published, how many visits from when to when."""

    day: date
    shifts: tuple[tuple[int, int], ...]
    published: bool
    visits: int = 0
    first_s: int = 0
    last_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeek:
    """A therapist's next seven service days, today first."""

    today: date
    name: str
    languages: tuple[str, ...]
    days: tuple[PhoneWeekDay, ...]


def phone_page(services: Services, actor: Actor, day: date | None = None) -> PhonePage:
    """Give a therapist her day as `phone_day` does, and what changed for her in any version she has not tapped OK to."""
    # Read before the day: a version that comes out in between makes the page load again, never miss it.
    mark = phone_mark(services, actor)
    shown = phone_day(services, actor, day)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        notices = _notices(tx, actor, branch, shown.today)
    return PhonePage(day=shown, notices=notices, mark=mark, push_key=push_key(services))


def phone_mark(services: Services, actor: Actor) -> str:
    """Give a short text that changes whenever another version of the therapist's next days is published, or the day ends."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        first = today(services, branch_of(tx, actor))
        newest = _versions(tx, actor.branch_id, first)
    return " ".join([first.isoformat(), *(f"{day.day}:{versions[-1].number}" for day, versions in newest.items())])


def phone_week(services: Services, actor: Actor) -> PhoneWeek:
    """Give a therapist her next seven days: when she works and, where the day is published, what it holds."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        therapist = tx.get(Therapist, actor.therapist_id)
        first = today(services, branch)
        times = RevisionTimes(tx)
        days = []
        for day in _days(first):
            published_id = tx.pointers(branch.id, day).published_id
            route = times.of(published_id or "").route_of(therapist.id)
            visits = route.visits()
            days.append(
                PhoneWeekDay(
                    day=day,
                    shifts=tuple((one.start_s, one.end_s) for one in therapist.roster.on(day)[0]),
                    published=published_id is not None,
                    visits=len(visits),
                    first_s=visits[0].start_s if visits else 0,
                    last_s=visits[-1].end_s if visits else 0,
                )
            )
    return PhoneWeek(today=first, name=therapist.name, languages=therapist.languages, days=tuple(days))


def _notices(tx: "Reading", actor: Actor, branch: Branch, first: date) -> tuple[PhoneNotice, ...]:
    """Give what she has to confirm, today first."""
    versions = _versions(tx, branch.id, first)
    hers = {
        one.publication_id: one
        for one in tx.seen(version.id for day in versions.values() for version in day)
        if one.therapist_id == actor.therapist_id
    }
    times = RevisionTimes(tx)
    found = []
    for day, published in versions.items():
        sentences = _sentences(published, hers, times, actor.therapist_id)
        if sentences:
            newest = published[-1]
            found.append(
                PhoneNotice(
                    day=day,
                    publication_id=newest.id,
                    version_number=newest.number,
                    sentences=sentences,
                    first=sentences[0].code in _HOLDS,
                    names=_names(tx, branch, sentences),
                )
            )
    return tuple(found)


def _sentences(
    published: tuple[Publication, ...], hers: dict[str, Seen], times: RevisionTimes, therapist_id: str
) -> tuple[Said, ...]:
    """Say what changed for her between the version she last tapped OK to and the newest; nothing where she knows it all.

    Who has tapped OK to none is told what her day holds; if it holds nothing, what it has lost since she last saw it.
    """
    from dispatch.explain.since import differences
    from dispatch.explain.since import hers as told_to

    newest = published[-1]
    after = times.of(newest.revision_id)
    known = [one for one in published if one.id in hers]
    confirmed = [one for one in known if hers[one.id].acknowledged_at is not None]
    if newest in confirmed:
        return ()
    visits = after.route_of(therapist_id).visits()
    if not confirmed and visits:
        code = "phone.one_visit_line" if len(visits) == 1 else "phone.day_line"
        return (said(code, visits=len(visits), first_s=visits[0].start_s),)
    if not known:
        return ()
    base = (confirmed or known)[-1]
    before = times.of(base.revision_id)
    if changed := told_to(differences(before, after), therapist_id):
        return changed
    # A version in between showed her something else, and that is off again.
    between = [one for one in known if one.number > base.number and one is not newest]
    strayed = any(told_to(differences(before, times.of(one.revision_id)), therapist_id) for one in between)
    return (said("notice.as_before"),) if strayed else ()


def _names(tx: "Reading", branch: Branch, sentences: Iterable[Said]) -> dict[str, str]:
    """Give what she calls the visits of some sentences: the client's first name and the area."""
    visits = {str(one.named()["visit_id"]) for one in sentences if "visit_id" in one.named()}
    bookings = by_id(tx.list(Booking, branch.id, id={booking_of(visit)[0] for visit in visits}) if visits else ())
    names = {}
    for visit in visits:
        booking = bookings.get(booking_of(visit)[0])
        if booking is not None:
            area = tx.get(Building, tx.get(Address, booking.address_id).building_id).area
            names[visit] = f"{tx.get(Client, booking.client_id).first_name}, {area}"
    return names


def _versions(tx: "Reading", branch_id: str, first: date) -> dict[date, tuple[Publication, ...]]:
    """Give the versions of each of the next days that has any, oldest first."""
    found: dict[date, list[Publication]] = {}
    for one in tx.list(Publication, branch_id, day=_days(first)):
        found.setdefault(one.day, []).append(one)
    return {day: tuple(sorted(found[day], key=lambda one: one.number)) for day in sorted(found)}


def _days(first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(DAYS_AHEAD)]
