"""Chats with clients over WhatsApp: who writes, what was written both ways, and what became of what we wrote."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model.said import Said


class ChatKind(StrEnum):
    """What a message is; `media` and `other` are known to have come, and are looked at in the app itself."""

    TEXT = "text"
    BUTTONS = "buttons"
    LIST = "list"
    LOCATION_REQUEST = "location_request"
    LOCATION = "location"
    CHOICE = "choice"
    MEDIA = "media"
    OTHER = "other"


class Delivery(StrEnum):
    """How far a message of ours has come, as its receiver's side told; in this order, the furthest one told counts.

    A message that was delivered after all was not lost, so `FAILED` stands before `DELIVERED`.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    RECEIVED = "received"


_FURTHER = tuple(Delivery)


def furthest(known: Delivery, told: Delivery) -> Delivery:
    """Give what is known of a message after something was told of it, in whatever order and however often."""
    return max(known, told, key=_FURTHER.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer a client can tap."""

    id: str
    title: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatContent:
    """What a message of ours says; `button` opens a list."""

    kind: ChatKind
    text: str
    choices: tuple[Choice, ...] = ()
    button: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A client's chat: known by her phone (E.164), by the id WhatsApp gives her with us, or by both; one may be missing.

    `last_in_at` is when she wrote last, and `last_at` when anybody did; `waits` that her message was the last.
    """

    id: str
    branch_id: str
    name: str
    last_at: datetime
    phone: str = ""
    user_id: str = ""
    last_in_at: datetime | None = None
    waits: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a chat; `by` is empty for the client's, `at` is when she sent it or we asked for it to be sent.

    Her messages have an id made from WhatsApp's own, so that one that comes twice is one.
    """

    id: str
    branch_id: str
    chat_id: str
    kind: ChatKind
    text: str
    at: datetime
    kept_at: datetime
    by: str = ""
    delivery: Delivery = Delivery.RECEIVED
    choices: tuple[Choice, ...] = ()
    lat: float | None = None
    lon: float | None = None
    failure: Said | None = None
