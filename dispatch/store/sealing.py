"""Seals texts before they are kept, so that whoever copies the database or a backup cannot read them.

The key is made from the installation's secret, which is not in the database. What is sealed belongs to one id (its
`about`): put beside another id it does not open.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from secrets import token_bytes
from typing import TYPE_CHECKING

from dispatch.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM = "s1."
"""What a sealed text begins with: the first form of sealing, AES-256 in GCM with a random nonce of 12 bytes."""
_NONCE = 12


def seal(secret: str, text: str, *, about: str) -> str:
    """Give the text sealed, a different one each time; it opens only with the same secret and for the same id."""
    nonce = token_bytes(_NONCE)
    return FORM + urlsafe_b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), about.encode())).decode()


def unseal(secret: str, sealed: str, *, about: str) -> str:
    """Give the text back; `Unavailable` where the secret is another one, or somebody changed or moved what is sealed."""
    from cryptography.exceptions import InvalidTag

    if not sealed.startswith(FORM):
        raise Unavailable("store.sealed")
    try:
        raw = urlsafe_b64decode(sealed[len(FORM) :])
        return _cipher(secret).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Unavailable("store.sealed") from error


@cache
def _cipher(secret: str) -> "AESGCM":
    """Give the cipher of a secret; the key serves this purpose alone, whatever else the secret is for."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"laluan health 1").derive(secret.encode()))
