"""A day's routes as a Folium map on our own basemap; Folium's only home.

Folium runs what it is given through a template engine on the server and into scripts and HTML in the browser, so every
string that may come from people passes `text()`, and every number `float()` or `int()`. Nothing of Folium's page head
is used: it names other hosts and restyles the whole page; the template loads Leaflet from our own files instead.

    drawn = draw(routes, name="board")
    {{ drawn.body }}  ...  <script nonce="...">{{ drawn.script }}</script>       after leaflet.js and map.js
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup

from dispatch.shipped import data_path
from web.palette import colour_class, colour_of
from web.tiles import Tiles

_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "{": "&#123;",
    "}": "&#125;",
    "`": "&#96;",
    "$": "&#36;",
    "\\": "&#92;",
    "%": "&#37;",
    "#": "&#35;",
}
_SAFE = str.maketrans({**{chr(c): None for c in range(32) if c != 10}, **_ENTITIES})
_ADDED = re.compile(r"(geo_json_\w+_add\()(\{.*\})(\);)")
"""The line by which Folium fills a layer."""
_KLANG_VALLEY = ((3.02, 101.56), (3.21, 101.76))
_BASE_WEIGHT = {"park": 0, "river": 4, "street": 1, "road": 2, "rail": 2}


def text(value: object) -> str:
    """Give text that shows as itself in HTML, in a JavaScript template literal, in JSON, and inside Jinja."""
    return str(value).translate(_SAFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapStop:
    """A numbered stop; `label` is plain text, shown and read out as it is."""

    number: str
    lat: float
    lon: float
    id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRoute:
    """One therapist's line and stops; `key` is her row on the page, the same on the timeline.

    An `old` one is how it was before a change: grey, dashed, and under the others where it is drawn first.
    """

    key: int
    colour: int
    label: str
    line: tuple[tuple[float, float], ...]
    stops: tuple[MapStop, ...]
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMap:
    """A map ready for a template: the element, and the script that fills it (inside an element with the nonce)."""

    body: Markup
    script: Markup


def features(route: MapRoute) -> dict[str, Any]:
    """Give a route as GeoJSON whose every string is safe for Folium, for innerHTML and for JSON alike."""
    colour = "route-old" if route.old else colour_class(int(route.colour))
    label, row = text(route.label), int(route.key)
    found: list[dict[str, Any]] = []
    if len(route.line) > 1:
        line = [_degrees(lat, lon) for lat, lon in route.line]
        found.append(
            _feature({"type": "LineString", "coordinates": line}, kind="route", colour=colour, label=label, row=row)
        )
    for stop in route.stops:
        point = {"type": "Point", "coordinates": _degrees(stop.lat, stop.lon)}
        properties = {"number": text(stop.number), "stop": text(stop.id), "label": text(stop.label)}
        found.append(_feature(point, kind="stop", colour=colour, row=row, **properties))
    return {"type": "FeatureCollection", "features": found}


def draw(
    routes: Sequence[MapRoute], *, name: str = "board", zoom_control: bool = True, tiles: Tiles | None = None
) -> DrawnMap:
    """Draw the basemap and one layer per route, seen whole; `name` becomes the script's `map_<name>`.

    With a tile server its pictures stand in the place of our schematic; who made them is the page's to say.
    """
    if not name.isidentifier():
        raise ValueError("A map's name is part of its script; use letters only.")
    return _drawn(tuple(routes), name, zoom_control, tiles)


@lru_cache(maxsize=8)
def _drawn(routes: tuple[MapRoute, ...], name: str, zoom_control: bool, tiles: Tiles | None) -> DrawnMap:
    """Draw a map; the same routes asked again soon are not drawn twice, since Folium takes a while for fifty."""
    import folium
    from folium.utilities import JsCode

    each = JsCode("window.laluanMap.each")
    south_west, north_east = _bounds(routes)
    # Fractions of zoom levels let the routes fill the frame; the limits keep the schematic readable.
    chart = folium.Map(
        location=[(south_west[0] + north_east[0]) / 2, (south_west[1] + north_east[1]) / 2],
        tiles=None,
        zoom_start=11,
        zoom_control=zoom_control,
        attributionControl=False,
        minZoom=9,
        maxZoom=17,
        zoomSnap=0.25,
        zoomDelta=0.5,
    )
    chart._id = name  # noqa: SLF001 - Folium makes ids up at random; scripts of ours must find this one
    base: Any
    if tiles is None:
        base = folium.GeoJson(
            basemap(), style_function=_base_style, on_each_feature=each, control=False, smooth_factor=0.5
        )
    else:
        # Public servers ask to be told which site shows their pictures; it is told our host and no page of ours.
        base = folium.TileLayer(tiles=tiles.url, attr=text(tiles.attribution), control=False, referrer_policy="origin")
    base._id = f"{name}_base"  # noqa: SLF001
    base.add_to(chart)
    for route in routes:
        layer = folium.GeoJson(features(route), style_function=_route_style(route), on_each_feature=each, control=False)
        layer._id = f"{name}_{int(route.key)}"  # noqa: SLF001
        layer.add_to(chart)
    chart.fit_bounds([list(south_west), list(north_east)], padding=(28, 28))
    root: Any = chart.get_root()  # a Figure, which its type does not say
    root.render()
    return DrawnMap(body=Markup(root.html.render()), script=Markup(_tight(root.script.render())))  # noqa: S704 - our own text


def _tight(script: str) -> str:
    """Give the script without its lines' leading white space, and its GeoJSON as short as it can be written."""
    lines = re.sub(r"\n\s+", "\n", script).split("\n")  # no string of ours holds a bare newline
    return "\n".join(_tight_line(line) for line in lines)


def _tight_line(line: str) -> str:
    found = _ADDED.fullmatch(line)
    if not found:
        return line
    shorter = json.dumps(json.loads(found[2]), ensure_ascii=False, separators=(",", ":"))
    # `text` leaves no such sign in any string; what ends a script element is written out all the same.
    return found[1] + shorter.replace("<", "\\u003c") + found[3]


def _degrees(lat: float, lon: float) -> list[float]:
    """Give a point as GeoJSON has it, to a tenth of a metre."""
    return [round(float(lon), 6), round(float(lat), 6)]


def _feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _base_style(feature: dict[str, Any]) -> dict[str, Any]:
    kind = feature["properties"]["kind"]
    return {"className": f"base-{kind}", "weight": _BASE_WEIGHT.get(kind, 0), "interactive": False}


def _route_style(route: MapRoute) -> Any:
    number = int(route.colour)
    shown, fill = ("route-old", "#77817e") if route.old else (colour_class(number), colour_of(number).fill)
    style = {"className": f"route-line {shown}", "color": fill, "weight": 4}
    return lambda _feature: style


def _bounds(routes: Sequence[MapRoute]) -> tuple[tuple[float, float], tuple[float, float]]:
    points = [point for route in routes for point in route.line]
    points += [(stop.lat, stop.lon) for route in routes for stop in route.stops]
    if not points:
        return _KLANG_VALLEY
    lats, lons = [float(lat) for lat, _ in points], [float(lon) for _, lon in points]
    return (min(lats), min(lons)), (max(lats), max(lons))


@cache
def basemap() -> dict[str, Any]:
    """Give the schematic with every string made safe; the same for every map, so it is read once."""
    drawn = json.loads(data_path("basemap.json").read_text(encoding="utf-8"))
    for feature in drawn["features"]:
        feature["properties"] = {
            key: value if isinstance(value, int) else text(value)
            for key, value in feature["properties"].items()
            if key != "name" or feature["properties"]["kind"] == "label"  # other names are not shown
        }
    return {"type": "FeatureCollection", "features": drawn["features"]}
