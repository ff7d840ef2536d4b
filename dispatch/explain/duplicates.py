"""Finds clients who may be the same person, and says why: the same phone, or nearly the same name at the same place."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from dispatch.model.people import Client
from dispatch.model.places import Address
from dispatch.model.said import Said, said

NEAR = 0.84
"""Two names of one place are nearly the same from this ratio of equal letters on."""
MOST_AT_A_PLACE = 60
"""At a place where more clients live than this (a hotel's desk), only equal names are compared."""

_LINKS = frozenset(
    {"bin", "binti", "bt", "bte", "b", "al", "ap", "a", "l", "p", "mr", "mrs", "ms", "dr", "encik", "puan", "cik"}
)
"""Words of a name that people leave out as they like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two clients who may be one, the one taken up first in front, and why it looks so."""

    first_id: str
    second_id: str
    why: tuple[Said, ...]


def duplicates(clients: Iterable[Client], addresses: Iterable[Address]) -> list[Duplicate]:
    """Give the pairs of clients who may be the same person, those with the most reasons first.

    Clients who are no longer active, and pairs that somebody has said are two people, are left out. Ids made later sort later.
    """
    known = {one.id: one for one in clients if one.active}
    found: dict[tuple[str, str], list[Said]] = {}
    for pair, why in (*_same_phone(known.values()), *_near_names(known, addresses)):
        first, second = known[pair[0]], known[pair[1]]
        if second.id not in first.not_same_as and first.id not in second.not_same_as:
            found.setdefault(pair, []).append(why)
    pairs = [Duplicate(first_id=a, second_id=b, why=tuple(dict.fromkeys(why))) for (a, b), why in found.items()]
    return sorted(pairs, key=lambda one: (-len(one.why), one.first_id, one.second_id))


def _same_phone(clients: Iterable[Client]) -> Iterator[tuple[tuple[str, str], Said]]:
    by_phone: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for client in clients:
        if client.phone:
            names[client.id] = client.name
            by_phone.setdefault(client.phone, []).append(client.id)
    for phone, ids in by_phone.items():
        for pair in combinations(sorted(ids), 2):
            yield (pair[0], pair[1]), said("duplicate.phone", phone=phone)
            if _alike(names[pair[0]], names[pair[1]], exactly=False):
                yield (pair[0], pair[1]), said("duplicate.name")


def _near_names(clients: Mapping[str, Client], addresses: Iterable[Address]) -> Iterator[tuple[tuple[str, str], Said]]:
    at_place: dict[tuple[str, str], set[str]] = {}
    for one in addresses:
        if one.client_id in clients:
            at_place.setdefault((one.building_id, _plain(f"{one.tower} {one.unit}")), set()).add(one.client_id)
    for (building_id, unit), ids in at_place.items():
        for first, second in combinations(sorted(ids), 2):
            alike = _alike(clients[first].name, clients[second].name, exactly=len(ids) > MOST_AT_A_PLACE)
            if alike:
                code = "duplicate.name_unit" if unit else "duplicate.name_building"
                yield (first, second), said(code, building_id=building_id)


def _alike(one: str, other: str, *, exactly: bool) -> bool:
    """Tell whether two names are nearly the same: the same words in any order, all of one in the other, or a slip apart."""
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if set(words) == set(others) or exactly:
        return set(words) == set(others)
    fewer, more = sorted((set(words), set(others)), key=len)
    if len(fewer) >= 2 and fewer <= more:
        return True
    matcher = SequenceMatcher(None, " ".join(sorted(words)), " ".join(sorted(others)), autojunk=False)
    return matcher.quick_ratio() >= NEAR and matcher.ratio() >= NEAR


@lru_cache(maxsize=65_536)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in re.findall(r"\w+", _plain(name)) if word not in _LINKS)


def _plain(text: str) -> str:
    """Give a text without what people write differently: case, accents, width, outer and double blanks."""
    open_text = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in open_text if not unicodedata.combining(c)).split())
