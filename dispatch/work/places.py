"""The places that the words of an address may mean: buildings the company knows already come first."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.errors import NotFound
from dispatch.model.account import Actor
from dispatch.model.kinds import Precision
from dispatch.model.places import Building, Point
from dispatch.work.doing import by_name
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution

SAME_M = 60
"""A known building this near to an exact answer is most likely the same one."""
MOST_OPTIONS = 8
SHORTEST_PART = 4
"""A part of a building's name shorter than this says too little to offer the building."""
_EXACT = frozenset({Precision.ROOFTOP, Precision.BUILDING})
_SURE = _EXACT | {Precision.STREET}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOption:
    """One place that may be meant; `building_id` names the known building it is, if it is one."""

    key: str
    name: str
    area: str
    point: Point
    precision: Precision
    postcode: str = ""
    source: str = ""
    building_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOptions:
    """The places a text may mean, best first; with `must_confirm` a person has to choose, even where there is one.

    `warning` is the code of a sentence about a helper that failed, or empty.
    """

    options: tuple[PlaceOption, ...]
    must_confirm: bool
    warning: str = ""


def place_options(services: Services, actor: Actor, text: str) -> PlaceOptions:
    """Give the places the words of an address may mean; `NotFound` or `BadInput` where there is none."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        buildings = by_name(tx.list(Building, actor.branch_id))
    wanted = _plain(text)
    named = [one for one in buildings if _plain(one.name) == wanted]
    alike = [one for one in buildings if len(wanted) >= SHORTEST_PART and wanted in _plain(one.name)]
    try:
        resolution = services.resolve_address(text)
    except NotFound:
        if not alike:
            raise
        return PlaceOptions(options=_distinct([_of_building(one) for one in alike]), must_confirm=len(alike) > 1)
    found = _of_resolution(resolution)
    near = [one for one in buildings if _is_same(one, found[0])]
    options = _distinct([*map(_of_building, [*named, *near, *alike]), *found])
    # A building known no better than its area is a stand-in, and its name no answer.
    sure = not resolution.must_confirm or (len(named) == 1 and named[0].precision in _SURE)
    return PlaceOptions(options=options, must_confirm=not sure, warning=resolution.warning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A place of the list by its name, for finding one's way on a map."""

    name: str
    kind: str
    point: Point


def landmarks(services: Services, actor: Actor) -> tuple[Landmark, ...]:
    """Give what a map shows to find one's way by: the company's buildings and every place of the list but cities and streets."""
    from dispatch.intake.gazetteer import PlaceKind, shipped

    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        buildings = by_name(tx.list(Building, actor.branch_id))
    own = [Landmark(name=one.name, kind="building", point=one.point) for one in buildings if one.precision in _SURE]
    names = {_plain(one.name) for one in own}
    known = [
        one
        for one in shipped().places
        if one.kind not in {PlaceKind.CITY, PlaceKind.STREET} and _plain(one.name) not in names
    ]
    return (*own, *(Landmark(name=one.name, kind=one.kind.value, point=one.point) for one in known))


def said_unit(text: str) -> str:
    """Give the unit that the words of an address name, as it was written, or nothing."""
    from dispatch.intake.normalise import unit_of

    return unit_of(text)


def is_vague(option: PlaceOption) -> bool:
    """Tell whether a place is known no better than its area, so that the client's own words must not be lost."""
    return option.precision not in _SURE


def _of_building(building: Building) -> PlaceOption:
    return PlaceOption(
        key=f"building:{building.id}",
        name=building.name,
        area=building.area,
        point=building.point,
        precision=building.precision,
        postcode=building.postcode,
        source=building.source,
        building_id=building.id,
    )


def _of_resolution(resolution: "Resolution") -> list[PlaceOption]:
    best = PlaceOption(
        key=_key(resolution.point),
        name=resolution.label,
        area=resolution.area,
        point=resolution.point,
        precision=resolution.precision,
        postcode=resolution.postcode,
        source=resolution.source,
    )
    others = [
        PlaceOption(
            key=_key(match.place.point),
            name=match.place.name,
            area=match.place.area,
            point=match.place.point,
            precision=match.precision,
            postcode=match.place.postcode,
            source=match.place.source,
        )
        for match in resolution.candidates
    ]
    return [best, *others]


def _key(point: Point) -> str:
    return f"point:{point.lat:.6f},{point.lon:.6f}"


def _distinct(options: list[PlaceOption]) -> tuple[PlaceOption, ...]:
    """Give each place once: what a known building is is not offered again as a place of the gazetteer."""
    kept: dict[str, PlaceOption] = {}
    names: set[tuple[str, str]] = set()
    for option in options:
        name = (_plain(option.name), _plain(option.area))
        if option.key not in kept and (option.building_id or name not in names):
            kept[option.key] = option
            names.add(name)
    return tuple(kept.values())[:MOST_OPTIONS]


def _is_same(building: Building, option: PlaceOption) -> bool:
    """Tell whether a known building stands where an exact answer points."""
    from dispatch.intake.gazetteer import metres_between

    if building.precision not in _EXACT or option.precision not in _EXACT:
        return False
    return metres_between(building.point, option.point) <= SAME_M


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
