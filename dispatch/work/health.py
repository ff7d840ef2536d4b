"""What is kept of clients' health: only with their consent, sealed in the database, every reading of it noted."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.catalogue import Complaint, Contraindication
from dispatch.model.codec import dumps, loads
from dispatch.model.health import Feeling, Health, HealthRecord, ProgressNote
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client, Consent
from dispatch.rules.care_nouns import feeling_errors, health_errors
from dispatch.work.doing import fetch, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

CONSENT_TEXT = "2026-11"
"""The version of the text that is read out (`health.consent_text` in every language); it is kept with each consent."""
CONSENT_LANGUAGES = ("en", "ms", "zh")
_OPEN = "open:"
"""What a record carried over from before health was sealed begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeltVisit:
    """How a client felt at one visit; `version` is nought where nothing was noted yet."""

    booking: Booking
    feeling: Feeling | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    """What is kept of a client's health; `version` is nought where nothing is. Visits are oldest first."""

    client: Client
    health: Health = field(default_factory=Health)
    version: int = 0
    visits: tuple[FeltVisit, ...] = ()


def agrees(client: Client) -> bool:
    """Tell whether a client agrees, at this moment, to her health details being kept."""
    return client.consent is not None and client.consent.withdrawn_at is None


def open_health(services: Services, actor: Actor, client_id: str) -> HealthPage:
    """Give what is kept of a client's health, with how she felt at each visit; that it was read is noted."""
    allow(actor, Permission.HEALTH)
    with services.store.writing() as tx:
        client = fetch(tx, actor, Client, client_id)
        shown = read_health(tx, services, client)
        record(tx, services, actor, "health.read", client.id)
    return shown


def keep_health(services: Services, actor: Actor, client_id: str, health: Health, *, version: int) -> int:
    """Keep what a client says of her health, sealed, and give its next version; she must agree to it being kept.

    `version` is the one that was shown (nought where nothing was kept); `Conflict` where a colleague was faster.
    """
    allow(actor, Permission.HEALTH)
    health = tidy(health)
    with services.store.writing() as tx:
        client = fetch(tx, actor, Client, client_id)
        kept = tx.find(HealthRecord, client.id)
        if (kept.version if kept else 0) != version:
            raise Conflict("store.changed_meanwhile", kind="health_record", id=client.id)
        refuse(unasked_errors(tx, client, health))
        number = keep_sealed(tx, services, client, health)
        record(tx, services, actor, "health.changed", client.id)
    return number


def note_feeling(services: Services, actor: Actor, booking_id: str, feeling: Feeling, *, version: int) -> ProgressNote:
    """Note how a client felt at a visit that has begun, pain from 0 to 10; she must agree to it being kept.

    `version` is the one that was shown, nought where nothing was noted yet.
    """
    allow(actor, Permission.HEALTH)
    with services.store.writing() as tx:
        return keep_feeling(tx, services, actor, fetch(tx, actor, Booking, booking_id), feeling, version=version)


def keep_feeling(
    tx: "Writing", services: Services, actor: Actor, booking: Booking, feeling: Feeling, *, version: int
) -> ProgressNote:
    """Keep how a client felt at a visit, sealed and audited, whoever noted it; `version` is the one that was shown."""
    feeling = tidy(feeling)
    client = fetch(tx, actor, Client, booking.client_id)
    before = tx.find(ProgressNote, booking.id)
    if (before.version if before else 0) != version:
        raise Conflict("store.changed_meanwhile", kind="progress_note", id=booking.id)
    errors: list[LaluanError] = feeling_errors(feeling)
    if not agrees(client):
        errors.append(BadInput("health.no_consent", field="pain", client=client.name))
    if booking.status in {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}:
        errors.append(Conflict("booking.over", status=booking.status.value))
    refuse(errors)
    note = progress_note(services, booking, feeling, by=actor.id, at=services.now())
    note = tx.update(replace(note, version=version)) if before else tx.insert(note)
    record(tx, services, actor, "health.felt", booking.id, client.id)
    return note


def give_consent(services: Services, actor: Actor, client_id: str, *, version: int, language: str) -> Client:
    """Note that a client agrees to the text as it is read out in a language; one who agrees already stays as she is."""
    allow(actor, Permission.CLIENTS)
    if language not in CONSENT_LANGUAGES:
        raise BadInput("health.consent_language", field="language", language=language[:40])
    with services.store.writing() as tx:
        before = fetch(tx, actor, Client, client_id)
        given = before.consent
        if agrees(before) and given and (given.text_version, given.language) == (CONSENT_TEXT, language):
            return before
        past = (*before.past_consents, given) if given else before.past_consents
        kept = tx.update(
            replace(before, consent=new_consent(actor, language, services.now()), past_consents=past, version=version)
        )
        record(tx, services, actor, "consent.given", client_id)
    return kept


def withdraw_consent(services: Services, actor: Actor, client_id: str, *, version: int) -> Client:
    """Note that a client takes her consent back; all that is kept of her health is erased in the same step."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Client, client_id)
        if before.consent is None or not agrees(before):
            return before
        ended = replace(before.consent, withdrawn_at=services.now(), withdrawn_by=actor.id)
        kept = tx.update(replace(before, consent=ended, version=version))
        forget_health(tx, before)
        record(tx, services, actor, "consent.withdrawn", client_id)
    return kept


def new_consent(actor: Actor, language: str, now: datetime) -> Consent:
    """Give the consent of somebody who agrees now; a language the text is not written in has heard the English one."""
    heard = language if language in CONSENT_LANGUAGES else CONSENT_LANGUAGES[0]
    return Consent(given_at=now, text_version=CONSENT_TEXT, recorded_by=actor.id, language=heard)


def read_health(tx: "Reading", services: Services, client: Client) -> HealthPage:
    """Give what is kept of a client's health; whoever calls this notes that it was read."""
    kept = tx.find(HealthRecord, client.id)
    notes = {one.id: one for one in tx.list(ProgressNote, client.branch_id, client_id=client.id)}
    bookings = tx.list(Booking, client.branch_id, client_id=client.id)
    visits = (
        FeltVisit(
            booking=one,
            feeling=_opened_feeling(services, notes[one.id]) if one.id in notes else None,
            version=notes[one.id].version if one.id in notes else 0,
        )
        for one in sorted(bookings, key=lambda one: (one.day, one.id))
        if one.id in notes or one.status not in {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    )
    return HealthPage(
        client=client,
        health=_opened(services, kept) if kept else Health(),
        version=kept.version if kept else 0,
        visits=tuple(visits),
    )


def unasked_errors(tx: "Reading", client: Client, health: Health) -> list[LaluanError]:
    """Find what is wrong with a client's health details; that there are any without her consent comes first."""
    errors: list[LaluanError] = []
    if health != Health() and not agrees(client):
        errors.append(BadInput("health.no_consent", field="consent", client=client.name))
    return errors + health_errors(
        health,
        complaints={one.id for one in tx.list(Complaint, "")},
        contraindications={one.id for one in tx.list(Contraindication, "")},
    )


def keep_sealed(tx: "Writing", services: Services, client: Client, health: Health) -> int:
    """Keep a client's health details sealed, whatever was kept before; gives the new version."""
    before = tx.find(HealthRecord, client.id)
    sealed = _seal(services, health, client.id)
    if before:
        return tx.update(replace(before, sealed=sealed)).version
    return tx.insert(HealthRecord(id=client.id, branch_id=client.branch_id, sealed=sealed)).version


def progress_note(services: Services, booking: Booking, feeling: Feeling, *, by: str, at: datetime) -> ProgressNote:
    """Give how a client felt at a visit as it is kept, sealed."""
    return ProgressNote(
        id=booking.id,
        branch_id=booking.branch_id,
        client_id=booking.client_id,
        day=booking.day,
        sealed=_seal(services, feeling, booking.id),
        noted_by=by,
        noted_at=at,
    )


def forget_health(tx: "Writing", client: Client) -> None:
    """Erase all that is kept of a client's health."""
    kept = tx.find(HealthRecord, client.id)
    for one in (*((kept,) if kept else ()), *tx.list(ProgressNote, client.branch_id, client_id=client.id)):
        tx.delete(one)


def move_health(tx: "Writing", services: Services, source: Client, target: Client) -> None:
    """Give one client's health details to another, beside her own; the notes of visits go with their visits."""
    kept, own = tx.find(HealthRecord, source.id), tx.find(HealthRecord, target.id)
    if kept:
        more = _opened(services, kept)
        known = _opened(services, own) if own else Health()
        both = Health(
            complaints=tuple(dict.fromkeys((*known.complaints, *more.complaints))),
            contraindications=tuple(dict.fromkeys((*known.contraindications, *more.contraindications))),
            note="\n".join(dict.fromkeys(note for note in (known.note, more.note) if note)),
        )
        keep_sealed(tx, services, target, both)
        tx.delete(kept)
    for note in tx.list(ProgressNote, source.branch_id, client_id=source.id):
        tx.update(replace(note, client_id=target.id))


def seal_carried_over(services: Services) -> int:
    """Seal what a release before this one kept open; tells how many records that were."""
    with services.store.reading() as tx:
        if not any(one.sealed.startswith(_OPEN) for one in tx.list(HealthRecord, "")):
            return 0
    with services.store.writing() as tx:
        left = [one for one in tx.list(HealthRecord, "") if one.sealed.startswith(_OPEN)]
        for one in left:
            tx.update(replace(one, sealed=_seal(services, _opened(services, one), one.id)))
    return len(left)


def _seal(services: Services, value: Health | Feeling, about: str) -> str:
    from dispatch.store.sealing import seal

    return seal(services.secret, dumps(value), about=about)


def _opened(services: Services, kept: HealthRecord) -> Health:
    if kept.sealed.startswith(_OPEN):
        return loads(Health, kept.sealed.removeprefix(_OPEN))
    from dispatch.store.sealing import unseal

    return loads(Health, unseal(services.secret, kept.sealed, about=kept.id))


def _opened_feeling(services: Services, kept: ProgressNote) -> Feeling:
    from dispatch.store.sealing import unseal

    return loads(Feeling, unseal(services.secret, kept.sealed, about=kept.id))
