"""A branch: a place the company works from; everything belongs to one."""

from dataclasses import dataclass, field

from dispatch.model.places import Point
from dispatch.model.safety import SafetyRules
from dispatch.model.weights import Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceArea:
    """Where the branch goes: a box in degrees, and polygons inside it (any of them) where the box is too coarse."""

    south: float = 2.7
    west: float = 101.2
    north: float = 3.45
    east: float = 102.0
    polygons: tuple[tuple[Point, ...], ...] = ()

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies in the service area."""
        if not (self.south <= point.lat <= self.north and self.west <= point.lon <= self.east):
            return False
        return not self.polygons or any(_inside(polygon, point) for polygon in self.polygons)


def _inside(polygon: tuple[Point, ...], point: Point) -> bool:
    """Tell whether a ray from the point to the east crosses the polygon's edges an odd number of times."""
    inside = False
    for a, b in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (a.lat > point.lat) != (b.lat > point.lat):
            crossing = a.lon + (point.lat - a.lat) * (b.lon - a.lon) / (b.lat - a.lat)
            inside ^= point.lon < crossing
    return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A place the company works from, its clock, its hours and the prices of its plan's aims.

    `opens_s` and `closes_s` bound the treatment starts that may be booked, in seconds of the service day.
    """

    id: str
    name: str
    time_zone: str = "Asia/Kuala_Lumpur"
    service_area: ServiceArea = field(default_factory=ServiceArea)
    opens_s: int = 8 * 3600
    closes_s: int = 26 * 3600
    phone: str = ""
    weights: Weights = field(default_factory=Weights)
    safety: SafetyRules = field(default_factory=SafetyRules)
    version: int = 1
