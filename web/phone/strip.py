"""A therapist's day as a small still picture: drawn here, part of the page, so that it is there without a signal too.

It uses the same schematic as the board's map; nothing of it comes from people but numbers, so nothing in it can be hostile.
"""

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup

from dispatch.shipped import data_path
from dispatch.work.phones import PhoneDay, PhoneVisit
from web.palette import colour_class

WIDTH, HEIGHT = 360.0, 200.0
MARGIN = 26.0
LEAST_DEGREES = 0.016
"""A day at one place is not drawn closer than this, about 1.8 km."""

APART = 20.0
"""Numbers closer together than this would cover each other, and are moved side by side."""

Point = tuple[float, float]


def strip(day: PhoneDay) -> Markup | None:
    """Give the picture of a day's way with its numbered stops; None where there is nothing to draw."""
    visits = [stop for stop in day.stops if isinstance(stop, PhoneVisit)]
    if not visits:
        return None
    line = [(visit.lat, visit.lon) for visit in visits]
    ends = []
    if day.start_lat is not None and day.start_lon is not None:
        line.insert(0, (day.start_lat, day.start_lon))
        ends.append(line[0])
    if day.home_lat is not None and day.home_lon is not None:
        line.append((day.home_lat, day.home_lon))
        ends.append(line[-1])
    view = _View(line)
    parts = [*_base(view), f'<path class="strip-way" d="{_path([view.place(point) for point in line])}"/>']
    for x, y in dict.fromkeys(view.place(end) for end in ends):
        parts.append(f'<path class="strip-home" d="M{x - 8:.1f} {y + 1:.1f}l8-8 8 8v8h-16z"/>')
    spots = _apart([view.place((visit.lat, visit.lon)) for visit in visits])
    for number, (visit, (x, y)) in enumerate(zip(visits, spots, strict=True), start=1):
        done = " strip-done" if visit.done else ""
        parts.append(
            f'<g class="strip-stop{done}"><circle cx="{x:.1f}" cy="{y:.1f}" r="10.5"/>'
            f'<text x="{x:.1f}" y="{y + 4.2:.1f}">{number}</text></g>'
        )
    colour = colour_class(int(day.colour))
    return Markup(  # noqa: S704 - numbers and our own schematic's names
        f'<svg class="strip {colour}" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" aria-hidden="true" focusable="false">'
        + "".join(parts)
        + "</svg>"
    )


class _View:
    """Where points of the earth lie on the picture."""

    def __init__(self, points: Sequence[Point]) -> None:
        """Show these points, with room around them."""
        lats, lons = [point[0] for point in points], [point[1] for point in points]
        self._lat, self._lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        self._narrow = max(0.05, math.cos(math.radians(self._lat)))
        high = max(max(lats) - min(lats), LEAST_DEGREES)
        wide = max((max(lons) - min(lons)) * self._narrow, LEAST_DEGREES)
        self._scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def place(self, point: Point) -> Point:
        """Give the place of a point of the earth."""
        lat, lon = point
        x = WIDTH / 2 + (lon - self._lon) * self._narrow * self._scale
        y = HEIGHT / 2 - (lat - self._lat) * self._scale
        return round(x, 1), round(y, 1)

    def shows(self, points: Sequence[Point]) -> bool:
        """Tell whether the box around some places reaches into the picture."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return max(xs) > 0 and min(xs) < WIDTH and max(ys) > 0 and min(ys) < HEIGHT


def _base(view: _View) -> Iterator[str]:
    """Give the schematic under the way: parks first, names last."""
    for kind, rings in _schematic():
        places = [view.place(point) for point in rings]
        if view.shows(places):
            closed = "z" if kind == "park" else ""
            yield f'<path class="strip-{kind}" d="{_path(places)}{closed}"/>'
    taken: list[Point] = []
    for name, point in _names():
        x, y = view.place(point)
        clear = all(abs(x - other) > 74 or abs(y - height) > 15 for other, height in taken)
        if clear and 34 < x < WIDTH - 34 and 12 < y < HEIGHT - 6 and len(taken) < 9:
            taken.append((x, y))
            yield f'<text class="strip-name" x="{x:.1f}" y="{y:.1f}">{Markup.escape(name)}</text>'


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _apart(points: Sequence[Point]) -> list[Point]:
    """Move what would cover an earlier number to its side."""
    spots: list[Point] = []
    for x, y in points:
        step = 0
        while any(math.hypot(x + step * APART - other, y - height) < APART for other, height in spots):
            # To the right, then to the left, then further: there are as many places as numbers.
            step = 1 - step if step <= 0 else -step
        spots.append((x + step * APART, y))
    return spots


@cache
def _features() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data_path("basemap.json").read_text(encoding="utf-8"))["features"]
    return found


@cache
def _schematic() -> tuple[tuple[str, tuple[Point, ...]], ...]:
    """Give the lines and parks by kind as points (latitude, longitude)."""
    order = ["park", "river", "street", "road", "rail"]
    drawn = [one for one in _features() if one["properties"]["kind"] in order]
    drawn.sort(key=lambda one: order.index(one["properties"]["kind"]))
    return tuple((one["properties"]["kind"], _points(one["geometry"])) for one in drawn)


def _points(geometry: dict[str, Any]) -> tuple[Point, ...]:
    ring = geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple((lat, lon) for lon, lat in ring)


@cache
def _names() -> tuple[tuple[str, Point], ...]:
    """Give the names of areas with their places, the best known first."""
    labels = [one for one in _features() if one["properties"]["kind"] == "label"]
    labels.sort(key=lambda one: int(one["properties"]["rank"]))
    return tuple(
        (one["properties"]["name"], (one["geometry"]["coordinates"][1], one["geometry"]["coordinates"][0]))
        for one in labels
    )
