"""WhatsApp's Cloud API as a way out: texts, buttons, lists and location requests; off until it is set."""

import hashlib
import hmac
import json
import re
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from dispatch.errors import BadInput, Unavailable
from dispatch.model.chat import ChatContent, ChatKind
from dispatch.model.codec import loads
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.said import Said, said
from dispatch.notify.posting import SILENT, post

PURPOSE = "chat"
"""The purpose of messages whose text is a `ChatContent`; others are plain text."""

LARGEST_ANSWER = 64 * 1024
TOO_FAST = frozenset({4, 80007, 130429, 131048, 131056})
LATER = frozenset({1, 2, 131000, 131016, 133004})
SIGN_IN = frozenset({0, 3, 10, 190, *range(200, 300)})
WINDOW_OVER = 131047
UNREACHABLE = 131026
_TO = re.compile(r"\+[1-9][0-9]{6,14}|[A-Z]{2}\.[A-Za-z0-9.]{1,140}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppChannel:
    """A number of the company's at the Cloud API: `url` with its version, the number's id, and the three secrets."""

    url: str
    number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    timeout_s: float
    context: ssl.SSLContext | None = None

    @property
    def channel(self) -> Channel:
        """Give which channel this is."""
        return Channel.WHATSAPP

    def is_signed(self, raw: bytes, header: str) -> bool:
        """Tell whether a post was signed with the app's secret, over exactly these bytes."""
        expected = "sha256=" + hmac.new(self.app_secret.encode(), raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), header.encode("utf-8", "replace"))

    def is_verified(self, token: str) -> bool:
        """Tell whether whoever sets the webhook up knows our word for it."""
        return hmac.compare_digest(self.verify_token.encode(), token.encode("utf-8", "replace"))

    def refuses(self, to: str) -> Said | None:
        """Say why nothing can be sent to somebody: it is neither a number nor an id of WhatsApp's."""
        return None if _TO.fullmatch(to) else said("whatsapp.no_address", to=to[:40] or "-")

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Hand a message over and return when it was accepted; whether it arrives is told by statuses alone."""
        del now
        if (why := self.refuses(message.to)) is not None:
            raise BadInput(why.code, **why.named())
        status, answer = self._post(json.dumps(body_of(message), ensure_ascii=False).encode())
        if 200 <= status < 300:
            return
        error = answer.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        number = code if isinstance(code, int) and not isinstance(code, bool) else 0
        if status == HTTPStatus.TOO_MANY_REQUESTS or number in TOO_FAST:
            raise Unavailable("whatsapp.busy", number=number)
        if status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT or number in LATER:
            raise Unavailable("whatsapp.later", number=number)
        if status == HTTPStatus.UNAUTHORIZED or (number in SIGN_IN and isinstance(error, dict) and "code" in error):
            raise Unavailable("whatsapp.sign_in", number=number)
        raise BadInput(refusal(number), number=number)

    def _post(self, body: bytes) -> tuple[int, dict[str, Any]]:
        url = f"{self.url.rstrip('/')}/{self.number_id}/messages"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            status, text = post(url, body, headers, timeout_s=self.timeout_s, context=self.context, most=LARGEST_ANSWER)
        except SILENT as error:
            raise Unavailable("whatsapp.silent", host=urlsplit(self.url).hostname or "") from error
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = {}
        return status, answer if isinstance(answer, dict) else {}


def refusal(number: int) -> str:
    """Give the code of the sentence for what WhatsApp refuses for good."""
    return {WINDOW_OVER: "whatsapp.window_over", UNREACHABLE: "whatsapp.unreachable"}.get(number, "whatsapp.refused")


def body_of(message: Outgoing) -> dict[str, Any]:
    """Give a message as the Cloud API takes it; our own id comes back with every status of it."""
    content = loads(ChatContent, message.text) if message.purpose == PURPOSE else _plain(message)
    to = {"to": message.to.removeprefix("+")} if message.to.startswith("+") else {"recipient": message.to}
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **to,
        **_said_as(content),
        "biz_opaque_callback_data": message.id,
    }


def _plain(message: Outgoing) -> ChatContent:
    text = f"{message.text}\n\n{message.link}" if message.link else message.text
    return ChatContent(kind=ChatKind.TEXT, text=text)


def _said_as(content: ChatContent) -> dict[str, Any]:
    body = {"text": content.text}
    if content.kind is ChatKind.BUTTONS:
        buttons = [{"type": "reply", "reply": {"id": one.id, "title": one.title}} for one in content.choices]
        return _interactive({"type": "button", "body": body, "action": {"buttons": buttons}})
    if content.kind is ChatKind.LIST:
        rows = [
            {"id": one.id, "title": one.title, **({"description": one.about} if one.about else {})}
            for one in content.choices
        ]
        action = {"button": content.button, "sections": [{"rows": rows}]}
        return _interactive({"type": "list", "body": body, "action": action})
    if content.kind is ChatKind.LOCATION_REQUEST:
        return _interactive({"type": "location_request_message", "body": body, "action": {"name": "send_location"}})
    return {"type": "text", "text": {"body": content.text}}


def _interactive(interactive: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": interactive}
