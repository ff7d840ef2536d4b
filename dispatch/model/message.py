"""What clients are written: the kinds of messages, the company's own texts for them, and drafts that wait to be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is for, in the order in which a booking needs them."""

    OFFER = "offer"
    CONFIRMATION = "confirmation"
    REMINDER = "reminder"
    ON_THE_WAY = "on_the_way"
    LATE = "late"
    THANK_YOU = "thank_you"
    REBOOK = "rebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """The company's own text for a kind of message in a language; values stand in braces, such as `{client}`."""

    id: str
    branch_id: str
    kind: MessageKind
    language: str
    text: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDraft:
    """A text for a client that somebody has yet to send; `phone` is E.164, empty where there is none to write to."""

    id: str
    branch_id: str
    booking_id: str
    kind: MessageKind
    language: str
    phone: str
    text: str
    made_by: str
    made_at: datetime
    version: int = 1
