"""Spots names of the gazetteer in running text, word by word and exactly; spelling mistakes are for the search."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dispatch.intake.chat.sheet import TAKEN, Pieces, Sheet
from dispatch.intake.chat.words import CJK, either, table
from dispatch.intake.gazetteer import Gazetteer, Place, PlaceKind
from dispatch.intake.normalise import SPOKEN_NUMBERS
from dispatch.intake.search import without_letter, words_of

_TOKEN = re.compile(r"[a-z0-9]+(?:[/'&.-]+[a-z0-9]+)*")
_JOINS = frozenset(
    {"section", "seksyen", "seksyn", "sec", "sek", "precinct", "presint", "ss", "usj", "pjs", "pju", "au", "bu", "bk"}
)
_STREETS = frozenset({"jalan", "jln", "jl", "lorong", "lrg", "persiaran", "psn", "seksyen", "section", "sec"})
_SLASHED = re.compile(r"[\d.-]+/[\d./-]+")
_LONGEST = 6
_LEAST_LETTERS = 5
_BUILDINGS = frozenset({PlaceKind.CONDOMINIUM, PlaceKind.HOTEL, PlaceKind.MALL})
_SAYS_LITTLE = frozenset(
    [
        "residence",
        "residences",
        "condominium",
        "apartment",
        "suites",
        "hotel",
        "tower",
        "mall",
        "shopping",
        "centre",
        "gallery",
        "kuala",
        "lumpur",
        "residen",
        "condo",
    ]
)
_ALWAYS = frozenset({"kl", "pj"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A name of the gazetteer in the text, and the places that bear it.

    `shortened` tells that its last word was left out, `street` that it is only the number of a street, as 17/1 is.
    """

    start: int
    end: int
    places: tuple[Place, ...]
    shortened: bool = False
    street: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """The names of a gazetteer by their words, and those in Chinese as one pattern."""

    names: dict[tuple[str, ...], tuple[Place, ...]]
    firsts: frozenset[str]
    shortened: dict[tuple[str, ...], Place]
    chinese: dict[str, tuple[Place, ...]]
    pattern: re.Pattern[str]


@lru_cache(maxsize=4)
def index_of(gazetteer: Gazetteer) -> NameIndex:
    """Give the index of a gazetteer, made once."""
    names: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    chinese: defaultdict[str, list[Place]] = defaultdict(list)
    for place in gazetteer.places:
        for name in (place.name, *place.aliases):
            if re.search(f"[{CJK}]", name):
                chinese[name].append(place)
            elif words := words_of(name):
                turned = _hotel_first(words) if place.kind is PlaceKind.HOTEL else words
                keys = {words, ("".join(words),)} if 1 < len(words) < 5 and len("".join(words)) > 5 else {words}
                for key in keys | {turned}:
                    if place not in names[key]:
                        names[key].append(place)
    shortened = _shortened(gazetteer, names)
    longest_first = sorted(chinese, key=lambda name: (-len(name), name))
    return NameIndex(
        names={key: tuple(places) for key, places in names.items()},
        firsts=frozenset(key[0] for key in (*names, *shortened)),
        shortened=shortened,
        chinese={key: tuple(places) for key, places in chinese.items()},
        pattern=re.compile("|".join(re.escape(name) for name in longest_first) or r"(?!)"),
    )


def _shortened(gazetteer: Gazetteer, names: Mapping[tuple[str, ...], Sequence[Place]]) -> dict[tuple[str, ...], Place]:
    """Give names without the words for what it is ("Skypod" of Skypod Residences), where only one building is left."""
    found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    taken = {words_of(name) for name in table("places")["not_short"]}
    owners: dict[str, Place] = {place.name: place for place in gazetteer.places}
    for place in gazetteer.places:
        if place.kind not in _BUILDINGS:
            continue
        for name in (place.name, *place.aliases):
            words = words_of(name) if not re.search(f"[{CJK}]", name) else ()
            while words and words[-1] in _SAYS_LITTLE:
                words = words[:-1]
            for key in {words, words[1:] if words[:1] == ("the",) else words}:
                if key and key not in names and key not in taken and (len(key) > 1 or len(key[0]) >= _LEAST_LETTERS):
                    found[key].add(place.name)
    begun = {key for key, holders in found.items() if _begins_others(key, holders, names)}
    return {
        key: owners[next(iter(holders))] for key, holders in found.items() if len(holders) == 1 and key not in begun
    }


def _begins_others(key: tuple[str, ...], holders: set[str], names: Mapping[tuple[str, ...], Sequence[Place]]) -> bool:
    """Say whether names of other places begin with these words too: "Hilton" is several hotels."""
    return any(
        words[: len(key)] == key and any(place.name not in holders for place in places)
        for words, places in names.items()
    )


def _hotel_first(words: tuple[str, ...]) -> tuple[str, ...]:
    """Give "Impiana Hotel" as people say it as well: Hotel Impiana."""
    return ("hotel", *words[:-1]) if words[-1] == "hotel" and len(words) > 1 else words


@lru_cache(maxsize=4096)
def _spelled(token: str) -> tuple[str, ...]:
    return words_of(token)


@lru_cache(maxsize=1)
def _marker() -> re.Pattern[str]:
    return re.compile(either(table("places")["markers"]) + r"\s{1,2}$")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(table("places")["common"])


def spots(sheet: Sheet, gazetteer: Gazetteer) -> list[Spot]:
    """Give the names of places in the text, the longest where several begin or overlap, in order."""
    index = index_of(gazetteer)
    found = [
        Spot(start=match.start(), end=match.end(), places=index.chinese[match.group()])
        for match in index.pattern.finditer(sheet.live)
    ]
    tokens = _tokens(sheet.live)
    for number, (start, _, words) in enumerate(tokens):
        if not words or not {words[0], without_letter(words[0])} & index.firsts:
            continue
        together: tuple[str, ...] = ()
        for follow in range(number, min(number + _LONGEST, len(tokens))):
            if not tokens[follow][2] or (
                follow > number and not _close(sheet.live, tokens[follow - 1][1], tokens[follow][0])
            ):
                break
            together += tokens[follow][2]
            if len(together) > _LONGEST:
                break
            end = tokens[follow][1]
            places = index.names.get(together)
            if places is None and len(together) == 1:
                places = index.names.get((without_letter(together[0]),))
            if places and _meant(sheet, start, end, together):
                street = _SLASHED.fullmatch(sheet.plain[start:end]) is not None
                found.append(Spot(start=start, end=end, places=places, street=street))
            elif (short := index.shortened.get(together)) and _written_as_name(sheet, start, end, len(together)):
                found.append(Spot(start=start, end=end, places=(short,), shortened=True))
    found.sort(key=lambda spot: (spot.start - spot.end, spot.start))
    taken = Pieces(len(sheet.live))
    kept = []
    for spot in found:
        if taken.is_free(spot.start, spot.end):
            taken.cover(spot.start, spot.end)
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


def _tokens(live: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Give the words with their places; "section" and "SS" take the number behind them along."""
    raw = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(live)]
    tokens: list[tuple[int, int, tuple[str, ...]]] = []
    number = 0
    while number < len(raw):
        start, end, word = raw[number]
        after = raw[number + 1] if number + 1 < len(raw) else None
        numbered = after is not None and (after[2][:2].lstrip("u")[:1].isdigit() or after[2] in SPOKEN_NUMBERS)
        if word in _JOINS and after is not None and numbered and after[0] - end <= 2:
            tokens.append((start, after[1], _spelled(f"{word} {after[2]}")))
            number += 2
            continue
        street = number > 0 and raw[number - 1][2] in _STREETS
        # 25/11 is a day; only after a street's word is it a street of section 25.
        tokens.append((start, end, _spelled(word) if street or not _SLASHED.fullmatch(word) else ()))
        number += 1
    return tokens


def _close(live: str, end: int, start: int) -> bool:
    between = live[end:start]
    return len(between) <= 3 and "\n" not in between and "," not in between and TAKEN not in between


def _written_as_name(sheet: Sheet, start: int, end: int, count: int) -> bool:
    """Say whether a shortened name is written as one: with a capital or after "at"; of several words it always is."""
    return (
        count > 1
        or sheet.text[start:end][:1].isupper()
        or _marker().search(sheet.plain[max(0, start - 16) : start]) is not None
    )


def _meant(sheet: Sheet, start: int, end: int, words: tuple[str, ...]) -> bool:
    """Say whether a short or common word is written as a place: in capitals, or after "at", "kat", 在."""
    written = sheet.text[start:end]
    short = len(words) == 1 and len(written) <= 3 and written.isalpha() and written.lower() not in _ALWAYS
    if " ".join(written.lower().split()) in _common() or short:
        if written.isupper() and short:
            return True
        return _marker().search(sheet.plain[max(0, start - 16) : start]) is not None or (
            not short and written[:1].isupper()
        )
    return True
