"""Reads where a client is: a pasted pin, a name of the gazetteer, a postcode, or a building nobody knows yet."""

import re
from functools import cache, lru_cache
from itertools import pairwise

from dispatch.errors import BadInput
from dispatch.intake.chat.contacts import never_names
from dispatch.intake.chat.names import Spot, spots
from dispatch.intake.chat.nouns import DraftField, DraftPlace
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import either, table
from dispatch.intake.gazetteer import Gazetteer, PlaceKind, PlaceMatch, metres_between, worse_than
from dispatch.intake.outside import is_outside
from dispatch.intake.pins import links, parse_pin, pin_precision
from dispatch.model.kinds import Precision

_CLOSE_SCORE = 3
_APART_M = 1_500
_BESIDE_M = 2_000
_FUZZY_SCORE = 84
_SURE_SCORE, _BEHIND = 60, 25
"""A building named in full is meant, though its street beside it fits as much better as this."""
_PIN = re.compile(
    r"-?\d{1,3}\.\d{3,}\s*°?\s*[ns]?\s*[,; ]\s*-?\d{1,3}\.\d{3,}|\b[23456789cfghjmpqrvwx]{4,8}\+[23456789cfghjmpqrvwx]{2,3}\b|\d{1,3}°[^\n]{3,40}"
)
_POSTCODE = re.compile(r"(?<![\d.,/+-])\d{5}(?![\d/-])")
_MOST_FUZZY = 12
"""So many phrases of a chat are searched with spelling forgiven; more would take long and bring nothing."""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table("places")
    return {
        "phrase": re.compile(rf"{either(words['markers'])}\s{{0,2}}:?\s{{0,2}}(?P<phrase>[^\n,.!?;()\x00]{{3,60}})"),
        "building": re.compile(either(words["buildings"])),
        "not": re.compile(rf"(?:the\s)?{either(words['not_after'])}(?:\s|$)"),
        "unknown": re.compile(
            rf"(?:(?:the\s)?(?:[a-z0-9'&-]{{2,16}}\s){{1,3}}{either(words['towers'])}|{either(words['towers'])}(?:\s[a-z0-9'&-]{{3,16}}){{1,3}})"
        ),
        "room": re.compile(r"[\s,]{0,3}(?P<door>[1-9]\d{2,3})(?![\d:/a-z-]|\s?(?:am|pm|hrs?|min)|\.\d)"),
        "door": re.compile(
            r"[\s,]{1,3}(?:(?:tower|block|blok|blk)\s[a-z0-9]{1,12}[\s,]{1,2})?(?P<door>[a-z]{0,2}\d{0,3}[a-z]?-\d{1,3}[a-z]?(?:-\d{1,3}[a-z]?)?)(?![\w/:-]|\s?(?:am|pm)|\.\d)"
        ),
        "join": re.compile(
            r"[\s,.()@-]{0,4}(?:\d{5}[\s,]{1,2})?(?:(?:in|near|at|kat|di|dekat|area|hotel|condo|condominium|the|by|of|在|\d{1,3}[a-z]?(?:/\d{1,3})?(?=\s?,|\s))[\s,]{0,2}){0,2}"
        ),
    }


def read_pins(sheet: Sheet) -> list[Found]:
    """Give the pasted pins: links, coordinates, plus codes; a link that tells no coordinates is taken and gives nothing."""
    found: list[Found] = []
    for link in links(sheet.text):
        start = sheet.text.find(link)
        while start >= 0 and sheet.live[start : start + 1] == "\x00":
            start = sheet.text.find(link, start + 1)
        if start < 0:
            continue
        found.extend(_pin(sheet, start, start + len(link)))
        sheet.take(start, start + len(link))
    for match in _PIN.finditer(sheet.live):
        pins = _pin(sheet, match.start(), match.end())
        found.extend(pins)
        if pins:
            sheet.take(match.start(), match.end())
    return found


def _pin(sheet: Sheet, start: int, end: int) -> list[Found]:
    text = sheet.text[start:end]
    try:
        point = parse_pin(text)
    except BadInput:
        return []
    if point is None:
        return []
    place = DraftPlace(text=text[:200], name="", point=point, precision=pin_precision(text))
    return [Found(field=DraftField.PLACE, value=place, start=start, end=end, confidence=0.97)]


def number_names(sheet: Sheet, gazetteer: Gazetteer) -> list[tuple[int, int]]:
    """Give the pieces where a place's own name holds a number (3 Towers, USJ 9), so that none is read as a time."""
    numbers = either(table("numbers")["words"])
    return [
        (spot.start, spot.end)
        for spot in spots(sheet, gazetteer)
        if re.search(rf"\d|{numbers}", sheet.plain[spot.start : spot.end])
    ]


def read_places(sheet: Sheet, gazetteer: Gazetteer) -> list[Found]:
    """Give the places named, in order; a name that several places bear is unclear, one that nobody knows keeps its text."""
    found = [_named(sheet, group, gazetteer) for group in _groups(sheet, spots(sheet, gazetteer))]
    for one in found:
        sheet.take(one.start, one.end)
    for match in _POSTCODE.finditer(sheet.live):
        matches = gazetteer.search(match.group(), limit=1)
        if matches and not any(one.end <= match.start() <= one.end + 4 for one in found):
            found.append(_found(sheet, match.start(), match.end(), matches[0], 0.7))
            sheet.take(match.start(), match.end())
    if not found:
        found = _phrases(sheet, gazetteer) or _unknown(sheet)
    return sorted(found, key=lambda one: one.start)


def _groups(sheet: Sheet, found: list[Spot]) -> list[list[Spot]]:
    """Put names together that stand beside each other: a building and its area are one address."""
    groups: list[list[Spot]] = []
    parts = {PlaceKind.SECTION, PlaceKind.NEIGHBOURHOOD}
    named = any(spot.places[0].kind in parts for spot in found if not spot.street)
    for spot in found:
        if spot.street and named:
            continue  # "USJ 9 jalan 5/1" is of no section 5
        between = sheet.live[groups[-1][-1].end : spot.start] if groups else ""
        if groups and "\n" not in between.strip(" ") and _patterns()["join"].fullmatch(between):
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return groups


def _named(sheet: Sheet, group: list[Spot], gazetteer: Gazetteer) -> Found:
    """Give the place that neighbouring names mean together."""
    start, end = group[0].start, group[-1].end
    for spot in group:
        if spot.shortened:
            known = PlaceMatch(place=spot.places[0], score=_FUZZY_SCORE, precision=spot.places[0].precision)
            return _found(sheet, start, end, known, 0.8)
    matches = _search(gazetteer, ", ".join(sheet.text[spot.start : spot.end] for spot in group))
    own = {place.name for spot in group for place in spot.places}
    matches = tuple(match for match in matches if match.place.name in own) or matches
    if not matches:
        place = group[0].places[0]
        matches = (PlaceMatch(place=place, score=60, precision=place.precision),)
    best = _building(matches, own) or matches[0]
    rivals = [
        match
        for match in matches[1:]
        if best.score - match.score <= _CLOSE_SCORE and metres_between(best.place.point, match.place.point) > _APART_M
    ]
    if rivals and len(group) == 1 and best.place.kind == rivals[0].place.kind:
        return Found(field=DraftField.PLACE, value=None, start=start, end=end)
    return _found(sheet, start, end, best, 0.95 if best.score >= 85 else 0.8)


_BUILDINGS = frozenset({PlaceKind.CONDOMINIUM, PlaceKind.HOTEL, PlaceKind.MALL, PlaceKind.HOSPITAL})


def _building(matches: tuple[PlaceMatch, ...], own: set[str]) -> PlaceMatch | None:
    """Give the building whose own name stands in the text, before the street or area that is written with it."""
    named = [match for match in matches if match.place.kind in _BUILDINGS and match.place.name in own]
    sure = [match for match in named if match.score >= _SURE_SCORE]
    return sure[0] if sure and sure[0].score >= matches[0].score - _BEHIND else None


@lru_cache(maxsize=512)
def _search(gazetteer: Gazetteer, text: str) -> tuple[PlaceMatch, ...]:
    return gazetteer.search(text)


def _found(sheet: Sheet, start: int, end: int, match: PlaceMatch, confidence: float) -> Found:
    place = DraftPlace(
        text=sheet.text[start:end], name=match.place.name, point=match.place.point, precision=match.precision
    )
    return Found(field=DraftField.PLACE, value=place, start=start, end=end, confidence=confidence)


def _phrases(sheet: Sheet, gazetteer: Gazetteer) -> list[Found]:
    """Give what stands after "at" and its like: a misspelt name, or a building that nobody knows."""
    for match in list(_patterns()["phrase"].finditer(sheet.live))[:_MOST_FUZZY]:
        start = match.start("phrase")
        phrase = " ".join(sheet.text[start : match.end()].split()[:6])
        if _says_nothing(phrase.lower()) or is_outside(phrase) or not re.search(r"[^\W\d_]{3}", phrase):
            continue
        end = start + len(sheet.text[start : match.end()].rstrip())
        matches = gazetteer.search(phrase, limit=1)
        if matches and matches[0].score >= _FUZZY_SCORE:
            return [_found(sheet, start, end, matches[0], 0.65)]
        if _patterns()["building"].search(phrase.lower()):
            place = DraftPlace(text=sheet.text[start:end], name="", point=None, precision=None)
            return [Found(field=DraftField.PLACE, value=place, start=start, end=end, confidence=0.4)]
    return []


def _says_nothing(phrase: str) -> bool:
    """Say whether a phrase only says "my hotel" or "rumah", without a name behind it."""
    match = _patterns()["not"].match(phrase)
    if match is None:
        return False
    rest = phrase[match.end() :].split()
    return not (rest and match.group().split()[-1] == "hotel" and len(rest[0]) >= 4 and not _is_filler(rest[0]))


def _is_filler(word: str) -> bool:
    return word in never_names() or word in table("places")["no_name"] or word in table("places")["markers"]


def _unknown(sheet: Sheet) -> list[Found]:
    """Give a building that nobody knows by what is written around its word: "condo Rimbun Sanctuary", "Seri Bayu Residence"."""
    for match in _patterns()["unknown"].finditer(sheet.live):
        start, end = match.span()
        words = sheet.live[start:end].split()
        said = [
            word
            for word in words
            if not _patterns()["building"].fullmatch(word)
            and word not in never_names()
            and word not in table("places")["no_name"]
        ]
        if not said or len("".join(said)) < 4:
            continue
        place = DraftPlace(text=sheet.text[start:end], name="", point=None, precision=None)
        return [Found(field=DraftField.PLACE, value=place, start=start, end=end, confidence=0.4)]
    return []


def rooms(sheet: Sheet, places: list[Found], gazetteer: Gazetteer) -> list[Found]:
    """Give the room or door that stands right behind a building's name: "Four Seasons 1908", "Setia Sky tower B 25-3"."""
    kinds = {place.name: place.kind for place in gazetteer.places}
    found = []
    for one in places:
        kind = kinds.get(one.value.name) if one.value is not None else None
        pattern = {PlaceKind.HOTEL: "room", PlaceKind.CONDOMINIUM: "door"}.get(kind) if kind is not None else None
        if pattern is None:
            continue
        if match := _patterns()[pattern].match(sheet.live, one.end):
            start, end = match.span("door")
            found.append(
                Found(field=DraftField.UNIT, value=match["door"].upper(), start=start, end=end, confidence=0.85)
            )
            sheet.take(start, end)
    return found


def is_coarse(place: DraftPlace) -> bool:
    """Say whether a place is known worse than the street, so that the client is asked."""
    return place.precision is None or worse_than(place.precision, Precision.STREET)


def _beside_each_other(found: list[Found]) -> bool:
    """Say whether parts of the town lie so close together that they are one address."""
    first = found[0].value.point
    return all(metres_between(first, one.value.point) <= _BESIDE_M for one in found)


def one_place(found: list[Found], plain: str) -> Found | None:
    """Give the place that several names in one booking mean; None where they are two places."""
    pins = [one for one in found if one.value is not None and one.value.point is not None and not one.value.name]
    if pins:
        return pins[-1] if len({one.value.point for one in pins}) == 1 else None
    known = [one for one in found if one.value is not None and one.value.point is not None]
    if not known:
        return found[-1] if len(found) == 1 and found[0].value is not None else None
    words = table("places")
    for one in known[1:]:
        if re.search(rf"{either(words['precise'])}[\s:,]{{0,3}}$", plain[max(0, one.start - 24) : one.start]):
            return one
    for before, after in pairwise(known):
        if re.search(rf"{either(words['or'])}", plain[before.end : after.start]) and after.start - before.end <= 24:
            return None
    fine = [one for one in known if not is_coarse(one.value)]
    choice = fine or known
    if not fine and _beside_each_other(choice):
        return choice[0]  # Jalan Telawi and Bangsar: asked for in any case
    if len({one.value.name for one in choice}) > 1:
        cities = [one for one in choice if one.value.precision is Precision.CITY]
        small = [one for one in choice if one.value.precision is not Precision.CITY]
        if not (cities and len({one.value.name for one in small}) == 1):
            return None
        choice = small
    return choice[0]
