"""A therapist's days for the calendar on her phone: a link of its own that she makes and revokes, and no client's name in it.

The link is as that of her phone page (`her_links`); the two open nothing of each other's.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.day import moment_of
from dispatch.model.request import CalendarLink
from dispatch.model.therapist import Therapist
from dispatch.words import sentence
from dispatch.work.doing import branch_of, fetch, record, today
from dispatch.work.exports import ICS_TYPE, ExportedFile
from dispatch.work.her_links import CALENDAR, new_link, reader_of, revoke_links
from dispatch.work.permissions import Permission, allow
from dispatch.work.phones import PhoneDay, PhoneVisit, phone_day
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.formats.calendar import CalendarEntry

BEFORE, AFTER = 7, 28
"""Days before and after today that the calendar shows."""

REFRESH_S = 3_600


def make_calendar_link(services: Services, actor: Actor) -> str:
    """Give the token of a new link for the therapist's own calendar, shown this once; the one before it opens nothing more."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, actor.therapist_id)
        revoke_links(tx, services, actor, CALENDAR, therapist.id)
        link, token = new_link(tx, services, actor, CALENDAR, therapist.id)
        record(tx, services, actor, "calendar_link.made", link.id, therapist.id)
    return token


def revoke_calendar_link(services: Services, actor: Actor) -> bool:
    """Let the therapist's calendar read nothing from now on; False where it could read nothing already."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        revoked = revoke_links(tx, services, actor, CALENDAR, actor.therapist_id)
        if revoked:
            record(tx, services, actor, "calendar_link.revoked", *revoked)
    return bool(revoked)


def has_calendar_link(services: Services, actor: Actor) -> bool:
    """Tell whether a calendar may read the therapist's days."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        return any(
            one.revoked_at is None for one in tx.list(CalendarLink, actor.branch_id, therapist_id=actor.therapist_id)
        )


def calendar_feed(services: Services, token: str, *, language: str = "en") -> ExportedFile:
    """Give the days a link's calendar shows, published ones only: area and time, no name, treatment or number.

    `Forbidden` where the link is none of ours, revoked, or she has left. A visit keeps its identity through every version,
    and a later version's entry replaces an earlier one's; what is no longer hers is gone at the next reading.
    """
    from dispatch.formats.calendar import calendar_bytes

    actor = reader_of(services, CALENDAR, token)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
    now_day = today(services, branch)
    entries: list[CalendarEntry] = []
    for number in range(-BEFORE, AFTER + 1):
        day = now_day + timedelta(days=number)
        shown = phone_day(services, actor, day)
        if shown.published:
            entries += _entries(shown, day, branch.time_zone, language)
    data = calendar_bytes(
        sentence("hers.calendar", {"name": branch.name}, language=language),
        tuple(entries),
        sequence=0,
        made_at=services.now(),
        refresh_s=REFRESH_S,
    )
    return ExportedFile(filename="laluan.ics", media_type=ICS_TYPE, data=data)


def _entries(shown: PhoneDay, day: date, zone: str, language: str) -> "list[CalendarEntry]":
    from dispatch.formats.calendar import CalendarEntry

    return [
        CalendarEntry(
            uid=f"{visit.visit_id.replace('/', '-')}.{shown.therapist_id}@laluan",
            # Whole minutes, as everybody is told them.
            start=moment_of(visit.start_s // 60 * 60, day, zone),
            end=moment_of(visit.end_s // 60 * 60, day, zone),
            summary=sentence("hers.calendar_entry", {"area": visit.area}, language=language),
            location=visit.area,
            sequence=shown.revision_number,
        )
        for visit in shown.stops
        if isinstance(visit, PhoneVisit)
    ]
