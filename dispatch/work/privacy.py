"""What a client may ask of the company by law: all that is kept of her, and that it is erased."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatch.errors import Conflict
from dispatch.model.account import Actor
from dispatch.model.again import ReturnWish
from dispatch.model.audit import AuditRow
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.care import CarePlan, CareVisit
from dispatch.model.chat import Chat, ChatMessage
from dispatch.model.codec import to_json
from dispatch.model.message import MessageDraft
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.work.doing import branch_of, fetch, record, today
from dispatch.work.exports import ExportedFile
from dispatch.work.health import forget_health, read_health
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

JSON_TYPE = "application/json; charset=utf-8"
ERASED = "–"
"""The name of a client who was erased: bookings of the past still count, and name nobody."""


def client_file(services: Services, actor: Actor, client_id: str) -> ExportedFile:
    """Give all that is kept of a client as one JSON file, her health and her consents too; that it was given is noted."""
    allow(actor, Permission.PRIVACY)
    with services.store.writing() as tx:
        client = fetch(tx, actor, Client, client_id)
        health = read_health(tx, services, client)
        addresses = tx.list(Address, actor.branch_id, client_id=client.id)
        bookings = tx.list(Booking, actor.branch_id, client_id=client.id)
        plans = tx.list(CarePlan, actor.branch_id, client_id=client.id)
        kept: dict[str, Any] = {
            "made_at": services.now().isoformat(),
            "client": to_json(client),
            "contacts": _all(tx.list(Contact, actor.branch_id, client_id=client.id)),
            "addresses": _all(addresses),
            "buildings": _all(tx.list(Building, actor.branch_id, id=sorted({one.building_id for one in addresses}))),
            "bookings": [to_json(one) for one in sorted(bookings, key=lambda one: (one.day, one.id))],
            "health": to_json(health.health),
            "felt": [
                {"booking_id": one.booking.id, "day": one.booking.day.isoformat(), **to_json(one.feeling)}
                for one in health.visits
                if one.feeling
            ],
            "wishes_to_return": _all(tx.list(ReturnWish, actor.branch_id, client_id=client.id)),
            "care_plans": _all(plans),
            "care_visits": _all(tx.list(CareVisit, actor.branch_id, care_plan_id=[one.id for one in plans])),
            "messages": _all(tx.list(MessageDraft, actor.branch_id, booking_id=[one.id for one in bookings])),
            "chats": _chats(tx, client),
            "done_with_it": _all(_audited(tx, actor.branch_id, client.id)),
        }
        record(tx, services, actor, "client.exported", client.id)
    text = json.dumps(kept, ensure_ascii=False, indent=2, sort_keys=False)
    return ExportedFile(filename=f"client-{client.id}.json", media_type=JSON_TYPE, data=text.encode())


def erase_client(services: Services, actor: Actor, client_id: str, *, version: int) -> Client:
    """Erase who a client is and all of her health; past bookings stay for the accounts and name nobody.

    Contacts, care plans, messages and chats go, and so do units, notes and phone numbers. A client who has bookings to come is
    refused: they are cancelled first. Erasing twice does nothing; `version` is the one that was shown.
    """
    allow(actor, Permission.PRIVACY)
    with services.store.writing() as tx:
        client = fetch(tx, actor, Client, client_id)
        if is_erased(client):
            return client
        bookings = tx.list(Booking, actor.branch_id, client_id=client.id)
        day = today(services, branch_of(tx, actor))
        coming = [one for one in bookings if one.status in PLANNED_STATUSES and one.day >= day]
        if coming:
            raise Conflict("client.still_booked", name=client.name, count=len(coming))
        nobody = Client(
            id=client.id,
            branch_id=client.branch_id,
            name=ERASED,
            first_name=ERASED,
            language=client.language,
            active=False,
            merged_into=client.merged_into,
            version=version,
        )
        _forget_chats(tx, client)
        erased = tx.update(nobody)
        forget_health(tx, client)
        _forget_care(tx, client)
        for wish in tx.list(ReturnWish, client.branch_id, client_id=client.id):
            tx.delete(wish)
        for booking in bookings:
            _forget_booking(tx, booking)
        for contact in tx.list(Contact, actor.branch_id, client_id=client.id):
            # A concierge may have booked for others too; their bookings go on without her.
            for other in tx.list(Booking, actor.branch_id, contact_id=contact.id):
                tx.update(replace(other, contact_id=""))
            tx.delete(contact)
        for address in tx.list(Address, actor.branch_id, client_id=client.id):
            plain = replace(address, label="", tower="", floor="", unit="", note="", active=False, usual=False)
            tx.update(plain)
        record(tx, services, actor, "client.erased", client.id)
    return erased


def is_erased(client: Client) -> bool:
    """Tell whether a client was erased."""
    return client.name == ERASED and not client.active


def _forget_booking(tx: "Writing", booking: Booking) -> None:
    for message in tx.list(MessageDraft, booking.branch_id, booking_id=booking.id):
        tx.delete(message)
    if booking.note or booking.cancelled_reason or booking.contact_id:
        tx.update(replace(booking, note="", cancelled_reason=ERASED if booking.cancelled_reason else "", contact_id=""))


def _forget_care(tx: "Writing", client: Client) -> None:
    plans = tx.list(CarePlan, client.branch_id, client_id=client.id)
    for visit in tx.list(CareVisit, client.branch_id, care_plan_id=[one.id for one in plans]):
        tx.delete(visit)
    for plan in plans:
        tx.delete(plan)


def _chats(tx: "Reading", client: Client) -> list[Any]:
    """Give what was written with a client over WhatsApp, found by her number."""
    return [
        {**to_json(chat), "messages": _all(tx.list(ChatMessage, client.branch_id, chat_id=chat.id))}
        for chat in _chats_of(tx, client)
    ]


def _forget_chats(tx: "Writing", client: Client) -> None:
    for chat in _chats_of(tx, client):
        tx.forget_outgoing(chat.branch_id, chat.id)
        for message in tx.list(ChatMessage, client.branch_id, chat_id=chat.id):
            tx.delete(message)
        tx.delete(chat)


def _chats_of(tx: "Reading", client: Client) -> tuple[Chat, ...]:
    """Give the chats of a client's number; none where somebody else uses that number as well."""
    if not client.phone:
        return ()
    shared = [
        one for one in tx.list(Client, client.branch_id, phone=client.phone) if one.active and one.id != client.id
    ]
    return () if shared else tx.list(Chat, client.branch_id, phone=client.phone)


def _audited(tx: "Reading", branch_id: str, client_id: str) -> list[AuditRow]:
    """Give what was done with a client, oldest first, as far back as the newest rows of the audit go."""
    return [one for one in reversed(tx.audit(branch_id, limit=10_000)) if client_id in one.subject_ids]


def _all(nouns: Iterable[object]) -> list[Any]:
    return [to_json(one) for one in nouns]
