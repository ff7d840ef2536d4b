"""Reads the place out of a pasted map link or a pair of numbers, without asking the network."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from dispatch.errors import BadInput
from dispatch.intake.normalise import clean
from dispatch.intake.plus_codes import read_plus_code
from dispatch.model.kinds import Precision
from dispatch.model.places import Point

MAX_LINK_LETTERS = 2_048
"""Links of Google Maps run to many hundred letters, with the place near the end."""
_ROUGH_DECIMALS = 3
"""A thousandth of a degree is 111 metres."""

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"(?P<lat>{_NUMBER})\s*[,;+ ]\s*(?P<lon>{_NUMBER})")
# In running text both numbers need three decimals, or "5, 12" in an address would become a place in the sea.
_EXACT = r"[-+]?\d{1,3}\.\d{3,}"
_EXACT_PAIR = re.compile(
    rf"(?<![\d.])(?P<lat>{_EXACT})\s*°?\s*(?P<north>[NS])?\s*[,; ]\s*(?P<lon>{_EXACT})\s*°?\s*(?P<east>[EW])?(?![\d.])",
    re.IGNORECASE,
)
_WHOLE_PAIR = re.compile(r"\(?\s*(?P<lat>[-+]?\d{1,3}\.\d+)\s*[,; ]\s*(?P<lon>[-+]?\d{1,3}\.\d+)\s*\)?")
_DEGREES = re.compile(
    r"(?P<d>\d{1,3})°\s*(?P<m>\d{1,2})['′’]\s*(?P<s>\d{1,2}(?:\.\d+)?)(?:\"|″|”|'')\s*(?P<side>[NSEW])", re.IGNORECASE
)
_LINK = re.compile(
    r"(?:https?://|waze://|geo:|comgooglemaps://)\S+|\b(?:www\.|maps\.|goo\.gl/|waze\.com/)\S+", re.IGNORECASE
)

_PLACE_IN_DATA = re.compile(r"!3d(-?\d{1,3}\.\d+)!4d(-?\d{1,3}\.\d+)")
_VIEW = re.compile(r"/@(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)")
_IN_PATH = re.compile(r"(?<=/)(-?\d{1,3}\.\d+), ?\+?(-?\d{1,3}\.\d+)(?=/|$)")

# The place itself first; `center` and `sll` only say where the map looked.
_FIELDS = ("q", "query", "destination", "daddr", "to", "ll", "latlng", "coordinate", "center", "sll")
_SHORT_HOSTS = frozenset(
    {"goo.gl", "maps.app.goo.gl", "g.co", "share.google", "waze.to", "w.app", "bit.ly", "tinyurl.com"}
)


def links(text: str) -> tuple[str, ...]:
    """Give the map links of a text in the order they stand."""
    return tuple(match.group().rstrip(").,;>\"'") for match in _LINK.finditer(text))


def without_links(text: str) -> str:
    """Give a text without its links: the name that WhatsApp and the map programs write above them."""
    return " ".join(_LINK.sub(" ", text).split())


def without_pins(text: str) -> str:
    """Give a text without its links and coordinates: the words beside a pin."""
    rest = _DEGREES.sub(" ", _EXACT_PAIR.sub(" ", without_links(text)))
    return " ".join(rest.split()).strip(" ,;@")


def pin_precision(text: str) -> Precision:
    """Give what a pin is worth: to the door, but only to the street where it is written in thousandths of a degree."""
    pair = _WHOLE_PAIR.fullmatch(without_links(text).strip()) or _EXACT_PAIR.search(without_links(text))
    if pair is None or links(text):
        return Precision.ROOFTOP
    decimals = min(len(pair[name].partition(".")[2]) for name in ("lat", "lon"))
    return Precision.STREET if decimals <= _ROUGH_DECIMALS else Precision.ROOFTOP


def parse_pin(text: str) -> Point | None:
    """Give the place a pasted pin means, or None where the text holds no pin.

    Reads links of Google Maps, Apple Maps and Waze, `geo:`, decimal pairs, degrees with minutes and seconds, and plus
    codes. A short link holds no place until the network is asked, so it raises `BadInput` ("intake.short_link"), which
    asks for a pin instead; so does any other link of a map that tells no coordinates.
    """
    text = clean(text, limit=MAX_LINK_LETTERS)
    found = links(text)
    for link in found:
        if (point := _of_link(link)) is not None:
            return point
    rest = without_links(text)
    point = _of_degrees(rest) or _of_numbers(rest) or read_plus_code(rest)
    if point is None:
        for link in found:
            if _hides_place(link):
                raise BadInput("intake.short_link", link=link[:120])
    return point


def _of_numbers(text: str) -> Point | None:
    match = _WHOLE_PAIR.fullmatch(text) or _EXACT_PAIR.search(text)
    if match is None:
        return None
    sides = match.groupdict()
    south = (sides.get("north") or "").upper() == "S"
    west = (sides.get("east") or "").upper() == "W"
    return _point(float(match["lat"]) * (-1 if south else 1), float(match["lon"]) * (-1 if west else 1))


def _of_degrees(text: str) -> Point | None:
    values: dict[str, float] = {}
    for match in _DEGREES.finditer(text):
        side = match["side"].upper()
        degrees = int(match["d"]) + int(match["m"]) / 60 + float(match["s"]) / 3600
        values.setdefault("lat" if side in "NS" else "lon", -degrees if side in "SW" else degrees)
    return _point(values["lat"], values["lon"]) if len(values) == 2 else None


def _of_link(link: str) -> Point | None:
    try:
        parts = urlsplit(link if "://" in link or link.lower().startswith("geo:") else f"https://{link}")
    except ValueError:  # a bracket in the host: no link of any map
        return None
    fields = {name.lower(): value for name, value in reversed(parse_qsl(parts.query))}
    for name in _FIELDS:
        if name in fields and (point := _of_field(fields[name])) is not None:
            return point
    if parts.scheme.lower() == "geo":
        return _of_field(parts.path.split(";")[0])
    path = unquote(parts.path)
    for pattern in (_PLACE_IN_DATA, _IN_PATH, _VIEW):
        # The last of several is where a route ends.
        if (pairs := pattern.findall(f"{path}?{parts.query}" if pattern is _PLACE_IN_DATA else path)) and (
            point := _point(float(pairs[-1][0]), float(pairs[-1][1]))
        ) is not None:
            return point
    return None


def _of_field(value: str) -> Point | None:
    """Read `3.15,101.71`, `loc:3.15,101.71`, `ll.3.15,101.71` and `3.15,101.71(Name)`."""
    value = re.sub(r"^(?:loc:|ll\.)", "", value.strip())
    match = _PAIR.match(value)
    if match is None or not re.fullmatch(r"(?:\s*\(.*)?", value[match.end() :]):
        return None
    return _point(float(match["lat"]), float(match["lon"]))


def _hides_place(link: str) -> bool:
    """Say whether a link is one of a map, though it tells no coordinates: a redirect, or a place by its name only."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    if host in _SHORT_HOSTS or host in {"maps.apple.com", "waze.com", "ul.waze.com"} or parts.scheme == "waze":
        return True
    return host.startswith("maps.google.") or (host.startswith("google.") and parts.path.startswith("/maps"))


def _point(lat: float, lon: float) -> Point | None:
    """Give the point of two numbers, turned round where only that makes sense; None for what is nowhere."""
    if abs(lat) > 90 and abs(lon) <= 90:
        lat, lon = lon, lat
    if abs(lat) > 90 or abs(lon) > 180 or (lat == 0 and lon == 0):
        return None
    return Point(lat=round(lat, 6), lon=round(lon, 6))
