"""Wakes a phone through its browser's push service (RFC 8030) under our own key (VAPID, RFC 8292), without any content.

Nothing travels with the call, so nothing of a client passes through somebody else's servers: the phone says that there is
news in words it keeps itself, and looks them up at ours.
"""

import base64
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dispatch.errors import BadInput, Unavailable
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.said import Said, said
from dispatch.notify.posting import SILENT, post

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""The push services of the browsers. A phone names its own, and a name outside this list would be an order to call anywhere."""

LONGEST_ENDPOINT = 1_000
KEPT_S = 6 * 3_600
"""So long the service keeps a call for a phone that is off."""

SIGNED_S = 12 * 3_600
"""So long a signature holds; the services take no more than a day."""

GONE = frozenset({404, 410})
LATER = frozenset({408, 425, 429})
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many keys there are on the curve P-256."""


@dataclass(frozen=True, kw_only=True)
class PushChannel:
    """Our key, made from the installation's secret, and `contact`, whom a push service asks when something is wrong.

    `services` are the hosts that are called, a full stop at the front meaning any below it; `safe` False lets a twin in
    tests do without TLS.
    """

    secret: str = field(repr=False)
    contact: str
    timeout_s: float
    services: tuple[str, ...] = SERVICES
    safe: bool = True
    context: ssl.SSLContext | None = None

    @property
    def channel(self) -> Channel:
        """Give which channel this is."""
        return Channel.PUSH

    @cached_property
    def _key(self) -> "EllipticCurvePrivateKey":
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        drawn = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"laluan push").derive(self.secret.encode())
        return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def public_key(self) -> str:
        """Give the key that a browser subscribes with: the point, uncompressed, in base64url."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return _base64(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def refuses(self, to: str) -> Said | None:
        """Say why an endpoint is never called: it is no https address of a browser's push service."""
        try:
            parts = urlsplit(to)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return said("notify.push_foreign", host="?")
        scheme = "https" if self.safe else "http"
        plain = to.isascii() and to.isprintable() and " " not in to and len(to) <= LONGEST_ENDPOINT
        known = any(host.endswith(one) if one.startswith(".") else host == one for one in self.services)
        fits = plain and known and parts.scheme == scheme and "@" not in parts.netloc
        if not fits or (self.safe and port not in {None, 443}):
            return said("notify.push_foreign", host=host[:80] or "?")
        return None

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Call a phone and return when its service has taken the call; calls about the same thing replace each other."""
        if (why := self.refuses(message.to)) is not None:
            raise BadInput(why.code, **why.named())
        parts = urlsplit(message.to)
        host = parts.hostname or ""
        headers = {
            "TTL": str(KEPT_S),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": _base64(message.purpose.encode())[:32],
            "Content-Length": "0",
            "Authorization": f"vapid t={self._signed(f'{parts.scheme}://{parts.netloc}', now)}, k={self.public_key}",
        }
        try:
            status, _ = post(message.to, b"", headers, timeout_s=self.timeout_s, context=self.context)
        except SILENT as error:
            raise Unavailable("notify.push_silent", host=host) from error
        if 200 <= status < 300:
            return
        if status in GONE:
            raise BadInput("notify.push_gone", host=host)
        if 300 <= status < 500 and status not in LATER:
            raise BadInput("notify.push_refused", host=host, status=status)
        raise Unavailable("notify.push_later", host=host, status=status)

    def _signed(self, audience: str, now: datetime) -> str:
        """Give the token that says who calls: for this service only, and for half a day."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        claims = {"aud": audience, "exp": int(now.timestamp()) + SIGNED_S, "sub": self.contact}
        parts = [{"typ": "JWT", "alg": "ES256"}, claims]
        text = ".".join(_base64(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{_base64(r.to_bytes(32) + s.to_bytes(32))}"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
