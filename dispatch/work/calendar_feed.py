"""A therapist's days for the calendar on her phone: a link of its own that she makes and revokes, and no client's name in it.

The link's token is signed and kept only as a hash, as that of her phone page; the two open nothing of each other's.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import Forbidden
from dispatch.model.account import Actor
from dispatch.model.day import moment_of
from dispatch.model.kinds import Role
from dispatch.model.request import CalendarLink
from dispatch.model.therapist import Therapist
from dispatch.words import sentence
from dispatch.work.doing import branch_of, fetch, record, today
from dispatch.work.exports import ICS_TYPE, ExportedFile
from dispatch.work.permissions import Permission, allow
from dispatch.work.phones import PhoneDay, PhoneVisit, phone_day
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.formats.calendar import CalendarEntry
    from dispatch.store import Writing

BEFORE, AFTER = 7, 28
"""Days before and after today that the calendar shows."""

REFRESH_S = 3_600


def make_calendar_link(services: Services, actor: Actor) -> str:
    """Give the token of a new link for the therapist's own calendar, shown this once; the one before it opens nothing more."""
    allow(actor, Permission.OWN_DAY)
    link_id = services.new_id()
    unsigned = f"{link_id}.{secrets.token_urlsafe(16)}"
    token = f"{unsigned}.{_signature(services, unsigned)}"
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, actor.therapist_id)
        _revoke(tx, services, actor)
        tx.insert(
            CalendarLink(
                id=link_id,
                branch_id=actor.branch_id,
                therapist_id=therapist.id,
                token_hash=_hash(token),
                created_at=services.now(),
                created_by=actor.id,
            )
        )
        record(tx, services, actor, "calendar_link.made", link_id, therapist.id)
    return token


def revoke_calendar_link(services: Services, actor: Actor) -> bool:
    """Let the therapist's calendar read nothing from now on; False where it could read nothing already."""
    allow(actor, Permission.OWN_DAY)
    with services.store.writing() as tx:
        revoked = _revoke(tx, services, actor)
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

    actor = _reader(services, token)
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


def _reader(services: Services, token: str) -> Actor:
    """Give the therapist whose calendar reads."""
    unsigned, _, signature = token.rpartition(".")
    if not hmac.compare_digest(_signature(services, unsigned).encode(), signature.encode()):
        raise Forbidden("hers.calendar_invalid")
    with services.store.reading() as tx:
        link = tx.find(CalendarLink, unsigned.rpartition(".")[0])
        if link is None or not hmac.compare_digest(link.token_hash, _hash(token)):
            raise Forbidden("hers.calendar_invalid")
        therapist = tx.get(Therapist, link.therapist_id)
        if link.revoked_at is not None or not therapist.active:
            raise Forbidden("hers.calendar_revoked")
    return Actor(
        id=therapist.id,
        branch_id=therapist.branch_id,
        name=therapist.name,
        role=Role.THERAPIST,
        therapist_id=therapist.id,
    )


def _revoke(tx: "Writing", services: Services, actor: Actor) -> tuple[str, ...]:
    links = tx.list(CalendarLink, actor.branch_id, therapist_id=actor.therapist_id)
    open_still = [one for one in links if one.revoked_at is None]
    for link in open_still:
        tx.update(replace(link, revoked_at=services.now()))
    return tuple(one.id for one in open_still)


def _signature(services: Services, unsigned: str) -> str:
    """Sign a token's first part with a key of its own, so that a phone's token is no calendar's."""
    key = hashlib.sha256(b"laluan calendar link\0" + services.secret.encode()).digest()
    digest = hmac.new(key, unsigned.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
