"""Sends messages as signed JSON to one address that the operator has set; what people type never chooses where."""

import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from dispatch.errors import BadInput, Unavailable
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.said import Said
from dispatch.notify.posting import SILENT, post

LATER = frozenset({408, 409, 425, 429})
"""Refusals that may pass; every other one from 400 to 499 stays."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Give the signature of a body: HMAC-SHA256 over the time in seconds, a full stop and the bytes, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel:
    """The operator's address; redirects are not followed, and of the answer only the status is read."""

    url: str
    secret: str = field(repr=False)
    timeout_s: float
    context: ssl.SSLContext | None = None

    @property
    def channel(self) -> Channel:
        """Give which channel this is."""
        return Channel.WEBHOOK

    def refuses(self, to: str) -> Said | None:
        """Refuse nobody: whom the message is for stands in it, where it goes is the operator's setting."""
        del to
        return None

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Post a message and return when the address has taken it."""
        body = body_of(message)
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Laluan",
            "Idempotency-Key": message.id,
            "Laluan-Timestamp": timestamp,
            "Laluan-Signature": f"v1={signature(self.secret, timestamp, body)}",
        }
        host = urlsplit(self.url).hostname or ""
        try:
            status, _ = post(self.url, body, headers, timeout_s=self.timeout_s, context=self.context)
        except ssl.SSLError as error:
            raise Unavailable("notify.webhook_tls", host=host) from error
        except SILENT as error:
            raise Unavailable("notify.webhook_silent", host=host) from error
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise BadInput("notify.webhook_moved", host=host, status=status)
        if 400 <= status < 500 and status not in LATER:
            raise BadInput("notify.webhook_refused", host=host, status=status)
        raise Unavailable("notify.webhook_later", host=host, status=status)


def body_of(message: Outgoing) -> bytes:
    """Give the JSON of a message, the same bytes each time it is sent."""
    told = {
        "id": message.id,
        "purpose": message.purpose,
        "urgent": message.urgent,
        "about": message.about_id,
        "to": {"address": message.to, "name": message.to_name, "phone": message.to_phone},
        "subject": message.subject,
        "text": message.text,
        "link": message.link,
        "asked_at": message.asked_at.isoformat(),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
