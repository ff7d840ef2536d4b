"""Finds where an address is: a pasted pin first, then the gazetteer, then a geocoder where one is set."""

from dataclasses import dataclass

from dispatch.errors import BadInput, NotFound, Unavailable
from dispatch.intake.gazetteer import Gazetteer, PlaceMatch, metres_between, worse_than
from dispatch.intake.geocode import Geocoded, Geocoder
from dispatch.intake.normalise import clean, normalise
from dispatch.intake.outside import is_outside
from dispatch.intake.pins import MAX_LINK_LETTERS, parse_pin, pin_precision, without_links, without_pins
from dispatch.model.kinds import Precision
from dispatch.model.places import Point

SURE_SCORE = 80
"""A match below this score is looked at by a person, whatever its precision."""
CLOSE_SCORE = 3
APART_M = 1_500
"""Two matches within `CLOSE_SCORE` and farther apart than `APART_M` are two answers, not one."""
AGREE_M = 5_000
"""A geocoder's answer farther than this from the gazetteer's is a contradiction."""
PIN_SOURCE = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Where an address is and how far that can be relied on.

    `must_confirm` is true for anything known worse than the street, unsure or contradicted: a dispatcher looks at the
    map before a therapist is sent. `candidates` are the other places that may be meant, best first. `warning` is the code
    of a sentence about a helper that failed (a short link, a geocoder), or empty.
    """

    point: Point
    precision: Precision
    label: str
    area: str
    postcode: str
    source: str
    candidates: tuple[PlaceMatch, ...]
    must_confirm: bool
    warning: str = ""


def resolve(text: str, *, gazetteer: Gazetteer, geocoder: Geocoder | None = None) -> Resolution:
    """Give the best known place of an address.

    Raises `BadInput` for an empty text ("intake.address_empty") and for a short link with nothing else
    ("intake.short_link"), `NotFound` where nobody knows the place ("intake.address_unknown") or it is said to be far from the Klang Valley
    ("intake.address_outside"), and `Unavailable` where only
    the geocoder could know and it does not answer.
    """
    written = clean(text, limit=MAX_LINK_LETTERS)
    if not written:
        raise BadInput("intake.address_empty")
    warning = ""
    try:
        pin = parse_pin(written)
    except BadInput as error:
        if not normalise(without_links(written)):
            raise
        pin, warning = None, error.code
    if pin is not None:
        return _of_pin(pin, written, gazetteer)
    name = without_links(written)
    if is_outside(name):
        raise NotFound("intake.address_outside", text=written[:120])
    matches = gazetteer.search(name)
    failed: Unavailable | None = None
    if geocoder is not None and (not matches or _doubtful(matches)):
        try:
            found = geocoder.find(name)
        except Unavailable as error:
            failed, warning = error, error.code
        else:
            if found is not None and (not matches or not worse_than(found.precision, matches[0].precision)):
                return _of_geocoder(found, matches, gazetteer, warning)
    if matches:
        return _of_gazetteer(matches, warning)
    if failed is not None:
        raise failed
    raise NotFound("intake.address_unknown", text=written[:120])


def _of_pin(pin: Point, written: str, gazetteer: Gazetteer) -> Resolution:
    """Take a pin at its word; its area is that of the nearest place known, and one far from all of them is looked at."""
    near = gazetteer.nearest(pin)
    return Resolution(
        point=pin,
        precision=pin_precision(written),
        label=without_pins(written)[:120],
        area=near.area if near else "",
        postcode="",
        source=PIN_SOURCE,
        candidates=(),
        must_confirm=near is None,
    )


def _of_gazetteer(matches: tuple[PlaceMatch, ...], warning: str) -> Resolution:
    best = matches[0]
    return Resolution(
        point=best.place.point,
        precision=best.precision,
        label=best.place.name,
        area=best.place.area,
        postcode=best.place.postcode,
        source=best.place.source,
        candidates=matches[1:],
        must_confirm=_doubtful(matches) or warning == "intake.short_link",
        warning=warning,
    )


def _of_geocoder(found: Geocoded, matches: tuple[PlaceMatch, ...], gazetteer: Gazetteer, warning: str) -> Resolution:
    near = gazetteer.nearest(found.point)
    contradicted = bool(matches) and metres_between(found.point, matches[0].place.point) > AGREE_M
    return Resolution(
        point=found.point,
        precision=found.precision,
        label=found.label,
        area=near.area if near else found.area,
        postcode=found.postcode,
        source=found.source,
        candidates=matches,
        must_confirm=contradicted or bool(warning) or worse_than(found.precision, Precision.STREET),
        warning=warning,
    )


def _doubtful(matches: tuple[PlaceMatch, ...]) -> bool:
    """Say whether a person should look: not exact, not sure, or two answers as good as each other."""
    best = matches[0]
    if worse_than(best.precision, Precision.STREET) or best.score < SURE_SCORE:
        return True
    return any(
        best.score - other.score <= CLOSE_SCORE and metres_between(best.place.point, other.place.point) > APART_M
        for other in matches[1:]
    )
