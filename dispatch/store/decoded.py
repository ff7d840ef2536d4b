"""Reads nouns from their kept text, the same text only once.

Nouns are frozen and a text says all there is of one, so what was read from a text before is what would be read again: a
page that shows four hundred visits reads a thousand nouns, nearly all of which it has read for the page before.
"""

import zlib
from functools import lru_cache
from typing import Any, TypeVar, cast

from dispatch.model.codec import loads
from dispatch.model.plan import Revision

N = TypeVar("N")

NOUNS = 20_000
"""So many small nouns are remembered: some busy days with everybody in them, about 20 MB."""
REVISIONS = 128
PACKED = 8
"""So many problems and matrices are remembered; a matrix of 450 places takes about 15 MB."""


def noun_of(cls: type[N], body: str) -> N:
    """Give the noun a text says; `BadInput` where it says none."""
    return cast("N", (_large if cls is Revision else _small)(cast("Any", cls), body))


def unpacked(cls: type[N], packed: bytes) -> N:
    """Give the noun a compressed text says; `BadInput` where it says none."""
    return cast("N", _packed(cast("Any", cls), packed))


@lru_cache(maxsize=NOUNS)
def _small(cls: type[Any], body: str) -> object:
    return loads(cls, body)


@lru_cache(maxsize=REVISIONS)
def _large(cls: type[Any], body: str) -> object:
    return loads(cls, body)


@lru_cache(maxsize=PACKED)
def _packed(cls: type[Any], packed: bytes) -> object:
    return loads(cls, zlib.decompress(packed))
