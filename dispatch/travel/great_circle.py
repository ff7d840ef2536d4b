"""The engine that needs no map: roads estimated from great-circle distances, speeds from the travel table.

The formula and where its figures come from: docs/reference/travel.md.
"""

from collections.abc import Sequence
from datetime import date
from math import asin, cos, radians, sin, sqrt

from dispatch.model.kinds import TravelMode
from dispatch.model.places import Point
from dispatch.model.travel import TravelMatrix
from dispatch.travel import TravelEngine
from dispatch.travel.table import TravelTable

EARTH_RADIUS_KM = 6_371.0088
SAME_BUILDING_DEGREES = 1e-5
"""Points nearer than this in both directions (about a metre) are the same building: between them is no leg."""


def great_circle_km(origin: Point, destination: Point) -> float:
    """Give the length of the shortest way over a round earth, in kilometres (haversine formula)."""
    south, north = radians(origin.lat), radians(destination.lat)
    half_lat, half_lon = (north - south) / 2, radians(destination.lon - origin.lon) / 2
    chord = sin(half_lat) ** 2 + cos(south) * cos(north) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def engine(table: TravelTable) -> TravelEngine:
    """Give the travel engine that works by this table."""

    def matrix(points: Sequence[Point], day: date, mode: TravelMode) -> TravelMatrix:
        """Give the reference seconds and road metres of all legs; the same there as back."""
        size = len(points)
        speeds = table.modes[mode]
        reference_s, distance_m = [0] * (size * size), [0] * (size * size)
        for origin in range(size):
            for destination in range(origin):
                here, there = points[origin], points[destination]
                if _same_building(here, there):
                    continue
                road_km = table.road_km(great_circle_km(here, there))
                # A leg of nought seconds would count as the same building, so the shortest leg is one second.
                leg_s, leg_m = max(1, round(road_km * 3_600 / speeds.reference_kmh)), round(road_km * 1_000)
                for cell in (origin * size + destination, destination * size + origin):
                    reference_s[cell], distance_m[cell] = leg_s, leg_m
        return TravelMatrix(
            mode=mode,
            size=size,
            reference_s=tuple(reference_s),
            distance_m=tuple(distance_m),
            fixed_s=speeds.fixed_s,
            profile=table.profile(day, mode),
            engine="great_circle",
        )

    return matrix


def _same_building(here: Point, there: Point) -> bool:
    """Tell whether two points are so near that nobody travels between them."""
    return abs(here.lat - there.lat) <= SAME_BUILDING_DEGREES and abs(here.lon - there.lon) <= SAME_BUILDING_DEGREES
