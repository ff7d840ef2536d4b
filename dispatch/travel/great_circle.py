"""The engine that needs no map: roads estimated from great-circle distances, speeds from the travel table.

The formula and where its figures come from: docs/reference/travel.md.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dispatch.model.kinds import TravelMode
from dispatch.model.places import Point
from dispatch.model.travel import TravelMatrix
from dispatch.travel import TravelEngine
from dispatch.travel.table import TravelTable

Floats: TypeAlias = npt.NDArray[np.float64]
EARTH_RADIUS_KM = 6_371.0088
SAME_BUILDING_DEGREES = 1e-5
"""Points nearer than this in both directions (about a metre) are the same building: between them is no leg."""
REMEMBERED = 8
"""So many matrices are remembered; one of 450 places takes about 15 MB."""


def great_circle_km(origin: Point, destination: Point) -> float:
    """Give the length of the shortest way over a round earth, in kilometres."""
    return float(_great_circles_km((origin, destination))[0, 1])


def engine(table: TravelTable) -> TravelEngine:
    """Give the travel engine that works by this table; the same points asked again soon are not measured twice."""

    @lru_cache(maxsize=REMEMBERED)
    def remembered(points: tuple[Point, ...], day: date, mode: TravelMode) -> TravelMatrix:
        speeds = table.modes[mode]
        reference_s, distance_m = _legs(table, speeds.reference_kmh, points)
        return TravelMatrix(
            mode=mode,
            size=len(points),
            reference_s=reference_s,
            distance_m=distance_m,
            fixed_s=speeds.fixed_s,
            profile=table.profile(day, mode),
            engine="great_circle",
        )

    def matrix(points: Sequence[Point], day: date, mode: TravelMode) -> TravelMatrix:
        """Give the reference seconds and road metres of all legs; the same there as back."""
        return remembered(tuple(points), day, mode)

    return matrix


def _legs(
    table: TravelTable, reference_kmh: float, points: tuple[Point, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the reference seconds and the metres of every leg, row by row."""
    lat, lon = _degrees(points)
    apart = (np.abs(lat[:, None] - lat) > SAME_BUILDING_DEGREES) | (np.abs(lon[:, None] - lon) > SAME_BUILDING_DEGREES)
    road_km = table.road_km(_great_circles_km(points))
    # A leg of nought seconds would count as the same building, so the shortest leg is one second.
    seconds = np.where(apart, np.maximum(1, np.rint(road_km * 3_600 / reference_kmh)), 0)
    metres = np.where(apart, np.rint(road_km * 1_000), 0)
    return tuple(seconds.astype(np.int64).ravel().tolist()), tuple(metres.astype(np.int64).ravel().tolist())


def _great_circles_km(points: tuple[Point, ...]) -> Floats:
    """Give the length of the shortest way between all of the points (haversine formula)."""
    lat, lon = _degrees(points)
    parallel = np.cos(np.radians(lat))
    half_lat, half_lon = np.radians(lat[:, None] - lat) / 2, np.radians(lon[:, None] - lon) / 2
    chord = np.sin(half_lat) ** 2 + np.outer(parallel, parallel) * np.sin(half_lon) ** 2
    crow: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return crow


def _degrees(points: tuple[Point, ...]) -> tuple[Floats, Floats]:
    return np.array([one.lat for one in points], np.float64), np.array([one.lon for one in points], np.float64)
