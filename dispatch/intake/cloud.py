"""Reads what WhatsApp's Cloud API posts: batches of messages and statuses, in any order, with anything missing.

Whatever in a batch cannot be read is counted and left out; the rest of it counts all the same.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatch.errors import BadInput
from dispatch.model.chat import ChatKind, Delivery

LONGEST = 4_096
"""Letters of one message; WhatsApp itself allows no more."""

_PHONE = re.compile(r"[1-9][0-9]{6,14}")
_USER = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
_ID = re.compile(r"[!-~]{1,300}")
_MEDIA = frozenset({"image", "audio", "video", "document", "sticker", "voice"})
_TOLD = {
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.READ,
    "played": Delivery.READ,
    "failed": Delivery.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message of a client: `wamid` is WhatsApp's id of it, `phone` is E.164; it or `user_id` may be empty, not both."""

    wamid: str
    phone: str
    user_id: str
    name: str
    kind: ChatKind
    text: str
    at: datetime
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTold:
    """What became of a message of ours, by the id that we gave it; `error` is WhatsApp's number of what went wrong."""

    message_id: str
    delivery: Delivery
    error: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one post holds; `left_out` counts what could not be read, or was for another number."""

    messages: tuple[Incoming, ...] = ()
    statuses: tuple[StatusTold, ...] = ()
    left_out: int = 0


def read_batch(raw: bytes, *, number_id: str, now: datetime) -> Batch:
    """Give what a post holds for our number; `BadInput` where it is no JSON object at all."""
    try:
        whole = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput("whatsapp.no_json") from None
    if not isinstance(whole, dict):
        raise BadInput("whatsapp.no_json")
    messages: list[Incoming] = []
    statuses: list[StatusTold] = []
    left_out = 0
    for value in _values(whole):
        if _text(value, "metadata", "phone_number_id") != number_id:
            left_out += 1
            continue
        names = _contacts(value)
        for one in _list(value.get("messages")):
            message = _message(one, names, now)
            left_out += message is None
            messages += [message] if message else []
        for one in _list(value.get("statuses")):
            status = _status(one)
            left_out += status is None
            statuses += [status] if status else []
    return Batch(messages=tuple(messages), statuses=tuple(statuses), left_out=left_out)


def _values(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _list(whole.get("entry")):
        for change in _list(entry.get("changes") if isinstance(entry, dict) else None):
            if isinstance(change, dict) and change.get("field") == "messages" and isinstance(change.get("value"), dict):
                yield change["value"]


def _contacts(value: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Give the contacts of a change: number, user id and name, each may be empty."""
    return [
        (_text(one, "wa_id"), _text(one, "user_id"), _text(one, "profile", "name")[:80])
        for one in _list(value.get("contacts"))
        if isinstance(one, dict)
    ]


def _message(one: Any, contacts: list[tuple[str, str, str]], now: datetime) -> Incoming | None:
    """Read one message; None where nobody can tell who wrote it, or which it is."""
    if not isinstance(one, dict):
        return None
    wamid, sender, user_id = _text(one, "id"), _text(one, "from"), _text(one, "from_user_id")
    if _USER.fullmatch(sender):
        sender, user_id = "", user_id or sender
    mine = [contact for contact in contacts if sender in contact[:1] or user_id in contact[1:2]]
    contact = next((one for one in mine if any(one[:2])), contacts[0] if len(contacts) == 1 else ("", "", ""))
    sender, user_id = sender or contact[0], user_id or contact[1]
    phone = f"+{sender}" if _PHONE.fullmatch(sender) else ""
    user_id = user_id if _USER.fullmatch(user_id) else ""
    if not _ID.fullmatch(wamid) or not (phone or user_id):
        return None
    kind, text, lat, lon = _content(one)
    return Incoming(
        wamid=wamid,
        phone=phone,
        user_id=user_id,
        name=contact[2],
        kind=kind,
        text=text[:LONGEST],
        at=_moment(_text(one, "timestamp"), now),
        lat=lat,
        lon=lon,
    )


def _content(one: dict[str, Any]) -> tuple[ChatKind, str, float | None, float | None]:
    """Give what a message says, as far as a text can hold it."""
    kind = _text(one, "type")
    if kind == "text":
        return ChatKind.TEXT, _text(one, "text", "body"), None, None
    if kind == "location":
        lat, lon = _degrees(one, "latitude", 90), _degrees(one, "longitude", 180)
        words = ", ".join(filter(None, (_text(one, "location", "name"), _text(one, "location", "address"))))
        if lat is not None and lon is not None:
            return ChatKind.LOCATION, words, lat, lon
    if kind == "button":
        return ChatKind.CHOICE, _text(one, "button", "text"), None, None
    if kind == "interactive":
        for reply in ("button_reply", "list_reply"):
            if title := _text(one, "interactive", reply, "title"):
                return ChatKind.CHOICE, title, None, None
    if kind in _MEDIA:
        return ChatKind.MEDIA, _text(one, kind, "caption"), None, None
    return ChatKind.OTHER, "", None, None


def _status(one: Any) -> StatusTold | None:
    """Read one status; None for what is not told of a message of ours."""
    told = _TOLD.get(_text(one, "status"))
    message_id = _text(one, "biz_opaque_callback_data")
    if told is None or not _ID.fullmatch(message_id):
        return None
    errors = _list(one.get("errors"))
    code = errors[0].get("code") if errors and isinstance(errors[0], dict) else 0
    error = code if isinstance(code, int) and not isinstance(code, bool) and 0 <= code < 10**9 else 0
    return StatusTold(message_id=message_id, delivery=told, error=error)


def _moment(text: str, now: datetime) -> datetime:
    """Give when a message was sent; what cannot be, or lies ahead, is now."""
    if not re.fullmatch(r"[0-9]{9,11}", text):
        return now
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text))
    return min(at, now)


def _degrees(one: dict[str, Any], name: str, most: int) -> float | None:
    where = one.get("location")
    value = where.get(name) if isinstance(where, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        return None
    return float(value)


def _text(value: Any, *names: str) -> str:
    """Give the text at a path of names, or nothing; halves of characters are left away."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
