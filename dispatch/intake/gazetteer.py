"""The places of the Klang Valley that are known without asking anybody, read from `data/places.csv`."""

import csv
import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from dispatch.errors import BadInput
from dispatch.intake.search import Hit, Index, Question
from dispatch.model.kinds import Precision
from dispatch.model.places import Point
from dispatch.shipped import data_path

LAT_MIN, LAT_MAX = 2.7, 3.45
LON_MIN, LON_MAX = 101.2, 102.0

COLUMNS = ("name", "kind", "lat", "lon", "precision", "area", "postcode", "aliases", "source")

NEAR_M = 3_000
"""A pin farther than this from every known place gets no area name."""


class PlaceKind(StrEnum):
    """What a place of the gazetteer is."""

    NEIGHBOURHOOD = "neighbourhood"
    SECTION = "section"
    CONDOMINIUM = "condominium"
    HOTEL = "hotel"
    MALL = "mall"
    HOSPITAL = "hospital"
    STATION = "station"
    LANDMARK = "landmark"
    CITY = "city"
    UNIVERSITY = "university"
    STREET = "street"


# Points added to a match of this kind: people live in neighbourhoods and condominiums, not in stations; a city is
# the answer only when nothing smaller is named.
_KIND_POINTS = {
    PlaceKind.CONDOMINIUM: 8.0,
    PlaceKind.HOTEL: 8.0,
    PlaceKind.HOSPITAL: 8.0,
    PlaceKind.MALL: 8.0,
    PlaceKind.LANDMARK: 1.0,
    PlaceKind.UNIVERSITY: 1.0,
    PlaceKind.STREET: 1.0,
    PlaceKind.SECTION: 2.5,
    PlaceKind.NEIGHBOURHOOD: 1.5,
    PlaceKind.STATION: -3.0,
    PlaceKind.CITY: -8.0,
}
# Words that ask for a kind of place, and the points they give it.
_ASKED_KIND = {
    PlaceKind.CONDOMINIUM: (frozenset({"apartment", "condominium", "pangsapuri", "residence", "suites"}), 2.0),
    PlaceKind.HOTEL: (frozenset({"hotel", "resort", "suites"}), 2.0),
    PlaceKind.HOSPITAL: (frozenset({"hospital"}), 2.0),
    PlaceKind.MALL: (frozenset({"mall", "plaza", "shopping"}), 2.0),
    PlaceKind.STATION: (frozenset({"ktm", "lrt", "monorail", "mrt", "station"}), 6.0),
}
_LEAST_COVER = 0.78
"""A place matches when at least this share of one of its names was written."""
_VAGUE_COVER = 0.45
"""Where nothing matches, places with this share are given to choose from ("Damansara")."""
_VAGUE_SHARE = 0.75
"""Such a choice is only offered where it covers this share of the question ("Johor Bahru" is not in the valley)."""
_LEAST_SHARE = 0.6
"""A name that is only partly met has to cover this share of the question."""
_SURE_COVER = 0.93
"""A building whose name is met less than this is a guess, not worth a door."""
_WHOLE_COVER = 0.95
_STREET_COVER = 0.97
_ELSEWHERE_POINTS = 20.0
"""Taken from a place where another part of the valley is written beside its name."""
_MANY_OF_A_NAME = frozenset(PlaceKind) - {PlaceKind.CITY, PlaceKind.NEIGHBOURHOOD, PlaceKind.STATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with a name, the area a dispatcher says for it, and where its coordinates come from."""

    name: str
    kind: PlaceKind
    point: Point
    precision: Precision
    area: str
    postcode: str
    aliases: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMatch:
    """A place that may be meant; `score` goes to 100, and `precision` is what this match is worth, not the place."""

    place: Place
    score: int
    precision: Precision


def metres_between(a: Point, b: Point) -> int:
    """Give the distance of two points in metres, flat, which is right to a few metres inside one city."""
    north = (a.lat - b.lat) * 111_195
    east = (a.lon - b.lon) * 111_195 * math.cos(math.radians((a.lat + b.lat) / 2))
    return round(math.hypot(north, east))


class Gazetteer:
    """Finds places by name in a few milliseconds, without a network."""

    __slots__ = ("_index", "places")

    def __init__(self, places: tuple[Place, ...]) -> None:
        """Index every name and alias of the places."""
        self.places = places
        self._index = Index([(place.name, *place.aliases) for place in places], [place.area for place in places])

    def search(self, text: str, *, limit: int = 5) -> tuple[PlaceMatch, ...]:
        """Give the places a text may mean, best first; none where nothing fits.

        What is wholly written and covers most of the text comes first; then the kind decides, the area and the
        postcode where they are written too. A text with a postcode and no known name gives the places of that postcode.
        """
        question = self._index.question(text)
        if not question.words and not question.postcode:
            return ()
        hits = self._index.hits(question)
        found = self._weighed(question, hits, _LEAST_COVER)
        if not found:
            if question.postcode:
                return self._of_postcode(question.postcode, limit)
            found = self._weighed(question, hits, _VAGUE_COVER)
        return tuple(_match(self.places[number], points, hits[number], question) for points, number in found[:limit])

    def _weighed(self, question: Question, hits: dict[int, Hit], least: float) -> list[tuple[float, int]]:
        """Give the points and numbers of the places met at least so far, best first."""
        found: list[tuple[float, int]] = []
        for number, hit in hits.items():
            if hit.name_cover < least or (least == _VAGUE_COVER and hit.question_cover < hit.name_cover * _VAGUE_SHARE):
                continue
            place = self.places[number]
            if hit.name_cover < _SURE_COVER and hit.question_cover < hit.name_cover * _LEAST_SHARE:
                continue  # "Putra" of Taman Putra Budiman is not Putra Mall
            if place.kind is PlaceKind.STREET and hit.name_cover < _STREET_COVER:
                continue  # "Desa" alone is not Jalan Desa
            points = 72 * hit.name_cover + 18 * hit.question_cover + 4 * hit.area_cover
            kind_points = _KIND_POINTS[place.kind]
            points += kind_points if kind_points < 0 or hit.name_cover >= _SURE_COVER else 0.0
            asked, more = _ASKED_KIND.get(place.kind, (frozenset(), 0.0))
            if asked & question.kind_words:
                points += more
            points += _postcode_points(question.postcode, place.postcode)
            if self._elsewhere(place, hit, hits):
                points -= _ELSEWHERE_POINTS
            found.append((points, number))
        found.sort(key=lambda one: (-one[0], one[1]))
        return found

    def _elsewhere(self, place: Place, hit: Hit, hits: dict[int, Hit]) -> bool:
        """Say whether other words of the question name only parts of the valley far from this place.

        Every town has a section 7, and there are Verve Suites in Mont Kiara that the list does not know.
        """
        if place.kind not in _MANY_OF_A_NAME:
            return False
        if place.kind is PlaceKind.SECTION:
            kinds, far_m = {PlaceKind.CITY, PlaceKind.NEIGHBOURHOOD}, 6_000
        else:
            kinds, far_m = {PlaceKind.SECTION, PlaceKind.NEIGHBOURHOOD}, 3_000
        named = [
            self.places[number].point
            for number, other in hits.items()
            if other.name_cover >= _WHOLE_COVER and self.places[number].kind in kinds and not other.places <= hit.places
        ]
        return bool(named) and all(metres_between(place.point, point) > far_m for point in named)

    def nearest(self, point: Point) -> Place | None:
        """Give the known place nearest to a point, cities left aside; None when all are farther than `NEAR_M`."""
        near = [
            (metres_between(point, place.point), number) for number, place in enumerate(self.places) if _small(place)
        ]
        if not near:
            return None
        distance_m, number = min(near)
        return self.places[number] if distance_m <= NEAR_M else None

    def _of_postcode(self, postcode: str, limit: int) -> tuple[PlaceMatch, ...]:
        """Give the neighbourhoods and sections of a postcode first, then the rest of it, all of them a guess."""
        if not postcode:
            return ()
        named = [place for place in self.places if place.postcode == postcode and place.kind is not PlaceKind.STATION]
        named.sort(key=lambda place: place.kind not in {PlaceKind.NEIGHBOURHOOD, PlaceKind.SECTION})
        return tuple(PlaceMatch(place=place, score=50, precision=Precision.POSTCODE) for place in named[:limit])


def _small(place: Place) -> bool:
    return place.kind is not PlaceKind.CITY


def _postcode_points(asked: str, known: str) -> float:
    """Weigh a written postcode: a tie-breaker, because the same number is used over several kilometres."""
    if not asked or not known:
        return 0.0
    if asked == known:
        return 4.0
    if asked[:3] == known[:3]:
        return 1.0
    return 0.0 if asked[:2] == known[:2] else -5.0


def _match(place: Place, points: float, hit: Hit, question: Question) -> PlaceMatch:
    precision = place.precision
    guessed = hit.name_cover < _SURE_COVER
    if place.kind is PlaceKind.STATION:
        # Who writes "Taman Jaya" lives around that station; only who writes "LRT Taman Jaya" means the station.
        guessed = guessed or not _ASKED_KIND[PlaceKind.STATION][0] & question.kind_words
    if guessed and not worse_than(precision, Precision.STREET):
        precision = Precision.AREA
    return PlaceMatch(place=place, score=max(0, min(100, round(points))), precision=precision)


def worse_than(precision: Precision, limit: Precision) -> bool:
    """Say whether coordinates are known less exactly than the limit."""
    order = list(Precision)
    return order.index(precision) > order.index(limit)


def load(path: Path) -> Gazetteer:
    """Read a gazetteer from a CSV file with the columns `COLUMNS`; a row that cannot be right is refused by its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise BadInput("intake.places_header", file=path.name, columns=", ".join(COLUMNS))
        places = []
        seen: set[tuple[str, str]] = set()
        for row in reader:
            place = _place(row, file=path.name, line=reader.line_num)
            if (key := (place.name.casefold(), place.kind.value)) in seen:
                raise BadInput("intake.places_twice", file=path.name, line=reader.line_num, name=place.name)
            seen.add(key)
            places.append(place)
    return Gazetteer(tuple(places))


def _place(row: dict[str, str], *, file: str, line: int) -> Place:
    if None in row or None in row.values():  # the csv module's word for cells too many or too few
        raise BadInput("intake.places_row", file=file, line=line)
    try:
        kind = PlaceKind(row["kind"])
        precision = Precision(row["precision"])
        point = Point(lat=float(row["lat"]), lon=float(row["lon"]))
    except ValueError as error:
        raise BadInput("intake.places_row", file=file, line=line) from error
    if not (row["name"].strip() and row["area"].strip() and row["source"].strip()):
        raise BadInput("intake.places_row", file=file, line=line)
    if not (LAT_MIN <= point.lat <= LAT_MAX and LON_MIN <= point.lon <= LON_MAX):
        raise BadInput("intake.places_outside", file=file, line=line, name=row["name"])
    return Place(
        name=row["name"],
        kind=kind,
        point=point,
        precision=precision,
        area=row["area"],
        postcode=row["postcode"],
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        source=row["source"],
    )


@cache
def shipped() -> Gazetteer:
    """Give the gazetteer that comes with Laluan, read once."""
    return load(data_path("places.csv"))
