"""Telling people of an alarm: who they are, by which ways they can be reached, and what each is told in her language."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch.errors import Forbidden
from dispatch.model.account import Account
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.kinds import Role
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.plan import booking_of
from dispatch.model.push import PushSubscription
from dispatch.model.safety import Alarm, AlarmLine, LineKind, Whom
from dispatch.model.therapist import Therapist
from dispatch.work.sending import post
from dispatch.work.services import Services
from dispatch.work.signing import is_signed, signature

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing

PAGE, BOARD, LINK = "page", "board", "link"
"""The ways to somebody that are no channel: the therapist's own page, the dispatcher's board, a message's link."""


_LINK = b"laluan alarm link"
"""What the links of alarms are signed for."""

REACHES_THE_OFFICE = frozenset({Channel.EMAIL, Channel.WEBHOOK})
"""The channels that reach accounts; the others reach a therapist by her phone."""


def reaches_the_office(services: Services) -> bool:
    """Tell whether responder and owner can be told without anybody looking at the board."""
    return any(channel in REACHES_THE_OFFICE for channel in services.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be told: an account, or a therapist by her phone."""

    id: str
    name: str
    language: str
    email: str = ""
    phone: str = ""


def people_of(tx: "Reading", branch: Branch, alarm: Alarm, whom: Whom) -> tuple[Person, ...]:
    """Give who is meant: the therapist, the responder on duty (every dispatcher where none is set), the owners."""
    accounts = [one for one in tx.list(Account, branch.id) if one.active]
    if whom is Whom.THERAPIST:
        therapist = tx.get(Therapist, alarm.therapist_id)
        email = next((one.email for one in accounts if one.therapist_id == therapist.id), "")
        language = (therapist.languages or ("en",))[0]
        return (Person(id=therapist.id, name=therapist.name, language=language, email=email, phone=therapist.phone),)
    owners = [one for one in accounts if one.role is Role.OWNER]
    if whom is Whom.OWNER:
        return tuple(map(_person, owners))
    duty = _on_duty(branch, alarm.day, accounts)
    dispatchers = [one for one in accounts if one.role is Role.DISPATCHER]
    return tuple(map(_person, [duty] if duty else dispatchers or owners))


def _on_duty(branch: Branch, day: date, accounts: list[Account]) -> Account | None:
    named = branch.safety.responders
    wanted = named[day.weekday()] if len(named) == 7 else ""
    return next((one for one in accounts if one.id == wanted and one.role is not Role.THERAPIST), None)


def _person(account: Account) -> Person:
    return Person(id=account.id, name=account.name, language=account.language or "en", email=account.email)


def tell(tx: "Writing", services: Services, branch: Branch, alarm: Alarm, whom: Whom) -> Alarm:
    """Tell people of an alarm by every way there is, in the caller's transaction, and give the alarm with its record.

    The therapist's own page and the board show it in any case; a message's id is made of the alarm's, the step and the
    person, so a repeated transaction sends nothing twice.
    """
    now = services.now()
    lines = list(alarm.lines)
    for person in people_of(tx, branch, alarm, whom):
        own = AlarmLine(at=now, what=LineKind.TOLD, who_id=person.id, who_name=person.name, whom=whom)
        lines.append(replace(own, by_way=PAGE if whom is Whom.THERAPIST else BOARD))
        for channel, to in _ways(tx, services, person, whom):
            message = _message(tx, services, branch, alarm, person, whom, channel, to)
            post(tx, services, message)
            lines.append(replace(own, by_way=channel.value, message_id=message.id))
    return replace(alarm, lines=tuple(lines), step=alarm.step + 1)


def _ways(tx: "Reading", services: Services, person: Person, whom: Whom) -> Iterator[tuple[Channel, str]]:
    for channel in services.channels:
        if channel is Channel.EMAIL and person.email:
            yield channel, person.email
        elif channel is Channel.WEBHOOK:
            yield channel, person.email or person.phone
        elif channel is Channel.PUSH and whom is Whom.THERAPIST:
            # A call wakes each of her phones; what it is about stands on her page.
            for phone in tx.list(PushSubscription, "", therapist_id=person.id):
                yield channel, phone.endpoint
        elif channel is Channel.WHATSAPP and person.phone:
            yield channel, person.phone


def _message(
    tx: "Reading",
    services: Services,
    branch: Branch,
    alarm: Alarm,
    person: Person,
    whom: Whom,
    channel: Channel,
    to: str,
) -> Outgoing:
    from dispatch.words import sentence

    values = alarm_values(tx, branch, alarm)
    told = "reminder" if whom is Whom.THERAPIST else alarm.kind.value
    code = f"safety.message.{told}.{alarm.kind.value}" if whom is Whom.THERAPIST else f"safety.message.{told}"
    subject = sentence(f"safety.subject.{told}", values, language=person.language)
    now = services.now()
    digest = hashlib.sha256(f"{alarm.id}\0{alarm.raised_at.isoformat()}\0{alarm.step}\0{person.id}\0{channel}".encode())
    if channel is Channel.PUSH:
        digest.update(f"\0{to}".encode())
    token = "" if whom is Whom.THERAPIST else answer_token(services, alarm.id, person.id)
    return Outgoing(
        id=f"alarm-{digest.hexdigest()[:32]}",
        branch_id=branch.id,
        channel=channel,
        to=to,
        to_name=person.name,
        to_phone=person.phone,
        subject=subject,
        text=sentence(code, values, language=person.language),
        purpose="reminder" if whom is Whom.THERAPIST else "alarm",
        about_id=alarm.id,
        link=f"{services.public_url}/alarm/{token}" if token else "",
        urgent=True,
        asked_at=now,
        due_at=now,
    )


def alarm_values(tx: "Reading", branch: Branch, alarm: Alarm) -> dict[str, str | int]:
    """Give what an alarm's sentences name: who, where, when."""
    therapist = tx.get(Therapist, alarm.therapist_id)
    place, client = place_of(tx, alarm.visit_id)
    local = alarm.planned_at.astimezone(ZoneInfo(branch.time_zone))
    return {
        "therapist": therapist.name,
        "phone": therapist.phone or "-",
        "place": place or "-",
        "client": client or "-",
        "time": f"{local:%H:%M}",
    }


def place_of(tx: "Reading", visit_id: str) -> tuple[str, str]:
    """Give a visit's place in one line, and its client's name; both empty where no visit is known."""
    booking = tx.find(Booking, booking_of(visit_id)[0]) if visit_id else None
    if booking is None:
        return "", ""
    address = tx.get(Address, booking.address_id)
    building = tx.get(Building, address.building_id)
    parts = (address.unit, address.floor and f"{address.floor}/F", address.tower, building.name, building.area)
    return ", ".join(part for part in parts if part), tx.get(Client, booking.client_id).name


def answer_token(services: Services, alarm_id: str, person_id: str) -> str:
    """Give the key of the page where this person can answer this alarm."""
    plain = base64.urlsafe_b64encode(f"{alarm_id}\0{person_id}".encode()).decode().rstrip("=")
    return f"{plain}.{signature(services, _LINK, plain)}"


def read_answer_token(services: Services, token: str) -> tuple[str, str]:
    """Give the alarm and the person of a key; `Forbidden` where it is none of ours."""
    plain, _, given = token.rpartition(".")
    if not plain or not is_signed(services, _LINK, plain, given):
        raise Forbidden("safety.link_invalid")
    alarm_id, _, person_id = base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)).decode().partition("\0")
    return alarm_id, person_id
