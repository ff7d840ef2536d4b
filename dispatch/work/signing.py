"""Signs what goes into links with the installation's secret, so that a made-up one is refused before the database is asked."""

import base64
import hashlib
import hmac

from dispatch.work.services import Services


def signature(services: Services, purpose: bytes, text: str) -> str:
    """Give the signature of a text; each purpose has a key of its own, so that what is signed for one serves no other."""
    key = hashlib.sha256(purpose + b"\0" + services.secret.encode()).digest()
    return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()[:18]).decode()


def is_signed(services: Services, purpose: bytes, text: str, given: str) -> bool:
    """Tell whether this is the signature of a text, in a time that tells nothing of it."""
    return hmac.compare_digest(signature(services, purpose, text).encode(), given.encode())
