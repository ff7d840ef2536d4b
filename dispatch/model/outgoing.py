"""What leaves the house: one message to one person by one channel, a row with a due time until it is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model.said import Said


class Channel(StrEnum):
    """A way to reach somebody without anybody at the desk."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    PUSH = "push"
    WHATSAPP = "whatsapp"


class OutgoingState(StrEnum):
    """Where a message stands; only `QUEUED` and `SENDING` ones can still change anything."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way; `id` names it to whoever receives it too, so that a repeat can be told from a second one.

    `to` is the address as the channel writes it; `to_name` and `to_phone` say who is meant, for a webhook that passes it
    on. `purpose` is a word such as `alarm`, `about_id` the id of what it is about, `link` an address to answer at.
    `token` fences off a sender that lost its lease, `attempt` counts the claims so far, `failure` is the last reason why
    it was not sent.
    """

    id: str
    branch_id: str
    channel: Channel
    to: str
    subject: str
    text: str
    purpose: str
    asked_at: datetime
    due_at: datetime
    to_name: str = ""
    to_phone: str = ""
    about_id: str = ""
    link: str = ""
    urgent: bool = False
    state: OutgoingState = OutgoingState.QUEUED
    attempt: int = 0
    token: str = ""
    lease_until: datetime | None = None
    failure: Said | None = None
    finished_at: datetime | None = None
