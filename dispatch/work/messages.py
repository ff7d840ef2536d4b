"""Texts for clients: the company's own templates, and a ready message for a booking as a link that a person sends.

    message = message_for(services, actor, booking_id, MessageKind.REMINDER)   # message.text, message.link, message.trouble

Inside a transaction of another use case: `write_for(tx, branch, MessageKind.LATE, facts)` with `facts_of(tx, booking, ...)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Complaint, Contraindication, PriceRule, Treatment
from dispatch.model.day import DAY_S
from dispatch.model.kinds import BookingStatus
from dispatch.model.message import MessageDraft, MessageKind, MessageTemplate
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.plan import booking_of
from dispatch.model.said import Said, said
from dispatch.model.therapist import Therapist
from dispatch.notify.messages import VALUES, default_text, plain_value, template_errors, whatsapp_link, write_message
from dispatch.words import LANGUAGES, clock, date_text, money, sentence
from dispatch.work.doing import branch_of, fetch, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

ARRIVAL_S = 1_800
"""How long after the start told the window ends, where no narrower one was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """The text of a kind in a language as it is used; `version` is 0 where it is still the one the company began with."""

    kind: MessageKind
    language: str
    text: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedStart:
    """One start of an offer: when, with whom (names), at what price; None where there is none, or the facts' own day."""

    start_s: int
    therapist: str
    price_sen: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What a message may speak of, of one booking; times are seconds of its service day."""

    client: str
    company: str
    language: str
    phone: str
    day: date
    start_s: int
    until_s: int
    place: str = ""
    therapist: str = ""
    price_sen: int = 0
    late_minutes: int = 0
    slots: tuple[OfferedStart, ...] = ()
    held_until_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMessage:
    """A text to send; `link` opens it in WhatsApp, and where there is none `trouble` says why (the text can be copied)."""

    kind: MessageKind | None
    language: str
    text: str
    phone: str
    link: str = ""
    trouble: Said | None = None


def message_texts(services: Services, actor: Actor) -> tuple[MessageText, ...]:
    """Give the text of every kind in every language, those of the company's own where it has written them."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        own = {(one.kind, one.language): one for one in tx.list(MessageTemplate, actor.branch_id)}
    return tuple(
        MessageText(
            kind=kind,
            language=language,
            text=own[kind, language].text if (kind, language) in own else default_text(kind, language),
            version=own[kind, language].version if (kind, language) in own else 0,
        )
        for kind in MessageKind
        for language in LANGUAGES
    )


def change_message_text(
    services: Services, actor: Actor, kind: MessageKind, language: str, text: str, version: int
) -> None:
    """Keep the company's own text for a kind and a language; an empty one brings back the text it began with.

    `version` is the one that was shown, 0 for the text it began with; `Conflict` where a colleague was faster.
    """
    allow(actor, Permission.CATALOGUE)
    if language not in LANGUAGES:
        raise BadInput("message.language", field="language", language=language[:20])
    text = tidy(text)
    with services.store.writing() as tx:
        if text:
            refuse(template_errors(kind, text, words=health_words(tx, actor.branch_id)))
        found = tx.list(MessageTemplate, actor.branch_id, kind=kind, language=language)
        if version != (found[0].version if found else 0):
            raise Conflict("store.changed_meanwhile", kind="message_template", id=found[0].id if found else "")
        if not text:
            for one in found:
                tx.delete(one)
        elif found:
            tx.update(replace(found[0], text=text))
        else:
            key = services.new_id()
            tx.insert(
                MessageTemplate(id=key, branch_id=actor.branch_id, kind=kind, language=language, text=text),
            )
        record(tx, services, actor, "message.text_changed", kind.value, language)


def values_of(kind: MessageKind) -> tuple[str, ...]:
    """Give the values a text of a kind may name."""
    return tuple(sorted(VALUES[kind]))


def message_for(
    services: Services, actor: Actor, booking_id: str, kind: MessageKind, *, late_minutes: int = 0
) -> ReadyMessage:
    """Give a ready message of a kind for a booking, in its client's language, about the plan that is worked on."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        booking = fetch(tx, actor, Booking, booking_id)
        return write_for(tx, branch, kind, replace(facts_of(tx, branch, booking), late_minutes=late_minutes))


def messages_for(services: Services, actor: Actor, booking: Booking) -> tuple[ReadyMessage, ...]:
    """Give the messages that a booking is ready for: before it those about a start that was told, after it the thanks."""
    allow(actor, Permission.BOOKINGS)
    kinds: tuple[MessageKind, ...] = ()
    if booking.status is BookingStatus.CONFIRMED and booking.promise:
        kinds = (MessageKind.CONFIRMATION, MessageKind.REMINDER)
    elif booking.status is BookingStatus.DONE:
        kinds = (MessageKind.THANK_YOU, MessageKind.REBOOK)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        facts = facts_of(tx, branch, booking) if kinds else None
        return tuple(write_for(tx, branch, kind, facts) for kind in kinds if facts)


def write_for(tx: "Reading", branch: Branch, kind: MessageKind, facts: MessageFacts) -> ReadyMessage:
    """Give a ready message of a kind about these facts, by the company's own text where it has one."""
    own = tx.list(MessageTemplate, branch.id, kind=kind, language=facts.language)
    template = own[0].text if own else default_text(kind, facts.language)
    text = write_message(template, _values(facts))
    return ready(text, facts.phone, facts.language, kind=kind, words=health_words(tx, branch.id))


def ready(
    text: str, phone: str, language: str, *, kind: MessageKind | None = None, words: Sequence[str] = ()
) -> ReadyMessage:
    """Give any text as a message to a phone; without a link where it has no WhatsApp or the text speaks of health."""
    try:
        link, trouble = whatsapp_link(whatsapp_digits(phone), text, words=words), None
    except BadInput as error:
        link, trouble = "", said(error.code, **error.values)
    return ReadyMessage(kind=kind, language=language, text=text, phone=phone, link=link, trouble=trouble)


def facts_of(
    tx: "Reading", branch: Branch, booking: Booking, *, therapist_ids: Sequence[str] = (), start_s: int | None = None
) -> MessageFacts:
    """Give what a message about a booking may speak of.

    Who comes is read from the plan worked on unless told; the start is the one told, else the one promised to the client,
    else the beginning of her first window.
    """
    client = tx.get(Client, booking.client_id)
    contact = tx.find(Contact, booking.contact_id) if booking.contact_id else None
    phone = client.phone or (contact.phone if contact else "")
    building = tx.get(Building, tx.get(Address, booking.address_id).building_id)
    who = [tx.get(Therapist, one).name for one in (therapist_ids or _planned(tx, booking))]
    promise = booking.promise
    if start_s is None:
        start_s = promise.start_s if promise else min((one.start_s for one in booking.windows), default=0)
    told_until_s = promise.until_s if promise and promise.start_s == start_s else None
    return MessageFacts(
        client=client.first_name or client.name,
        company=branch.name,
        language=language_of(client),
        phone=phone,
        day=booking.day,
        start_s=start_s,
        until_s=told_until_s or start_s + ARRIVAL_S,
        place=building.name,
        therapist=", ".join(who),
        price_sen=booking.value_sen or _price_sen(tx, booking),
    )


def language_of(client: Client) -> str:
    """Give the language a client is written in: hers, or English where there is no text in it."""
    return client.language if client.language in LANGUAGES else "en"


def whatsapp_digits(phone: str) -> str:
    """Give the digits of a kept number as WhatsApp wants them, nothing for a fixed line or none."""
    if not phone:
        return ""
    from dispatch.intake.phones import parse_phone

    try:
        return parse_phone(phone).whatsapp
    except BadInput:
        return ""


def health_words(tx: "Reading", branch_id: str) -> tuple[str, ...]:
    """Give the company's own words about health: the names of its treatments, complaints and what to ask about."""
    return (
        *(one.name for one in tx.list(Treatment, branch_id)),
        *(one.name for one in tx.list(Complaint, "")),
        *(one.name for one in tx.list(Contraindication, "")),
    )


def draft_of(booking: Booking, message: ReadyMessage, *, by: str, at: datetime) -> MessageDraft:
    """Give a ready message as the booking's draft of its kind; the same kind has the same id, so it is kept once."""
    assert message.kind is not None
    return MessageDraft(
        id=f"{booking.id}:{message.kind}",
        branch_id=booking.branch_id,
        booking_id=booking.id,
        kind=message.kind,
        language=message.language,
        phone=message.phone,
        text=message.text,
        made_by=by,
        made_at=at,
    )


def _values(facts: MessageFacts) -> dict[str, str]:
    """Give the values of a template by name; a start after midnight is told with the date the calendar shows."""
    told_s = facts.start_s + facts.late_minutes * 60
    lines = [_line(number, one, facts) for number, one in enumerate(facts.slots, 1)]
    return {
        "client": facts.client,
        "company": facts.company,
        "day": _date(facts.day, facts.start_s, facts.language),
        "time": _clock(told_s),
        "from": _clock(facts.start_s),
        "to": _clock(facts.until_s),
        "place": facts.place,
        "therapist": facts.therapist or facts.company,
        "price": money(facts.price_sen),
        "minutes": str(facts.late_minutes),
        "slots": "\n".join(lines),
        "until": "–" if facts.held_until_s is None else _clock(facts.held_until_s),
    }


def _line(number: int, one: OfferedStart, facts: MessageFacts) -> str:
    """Give one start of an offer as a line."""
    values: dict[str, str | int] = {
        "number": number,
        "day": _date(one.day or facts.day, one.start_s, facts.language),
        "time": _clock(one.start_s),
        "therapist": plain_value(one.therapist),
        "price": money(one.price_sen or 0),
    }
    code = "message.slot_line" if one.price_sen else "message.slot_line_free"
    return sentence(code, values, language=facts.language)


def _date(day: date, start_s: int, language: str) -> str:
    return date_text(day + timedelta(days=start_s // DAY_S), "day_month", language)


def _clock(seconds: int) -> str:
    return clock(seconds % DAY_S)


def _planned(tx: "Reading", booking: Booking) -> list[str]:
    """Give who serves a booking in the plan worked on, seat by seat."""
    head_id = tx.pointers(booking.branch_id, booking.day).head_id
    routes = tx.revision(head_id).plan.routes if head_id else ()
    found = {
        booking_of(visit)[1]: route.therapist_id
        for route in routes
        for visit in route.visit_ids()
        if booking_of(visit)[0] == booking.id
    }
    return [found[seat] for seat in sorted(found)]


def _price_sen(tx: "Reading", booking: Booking) -> int:
    from dispatch.rules.prices import booking_price_sen

    return booking_price_sen(tx.list(PriceRule, booking.branch_id), booking) or 0
