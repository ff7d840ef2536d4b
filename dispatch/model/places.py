"""Where things are: points, buildings with their way in, and the addresses of clients inside them."""

from dataclasses import dataclass

from dispatch.model.kinds import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the earth in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A building or gated street that visits go to: what everybody who goes there should know.

    `access_s` is the time from the gate to the unit's door: one figure for the whole day, or 24 by hour of the clock.
    """

    id: str
    branch_id: str
    name: str
    area: str
    point: Point
    precision: Precision = Precision.BUILDING
    street: str = ""
    postcode: str = ""
    city: str = ""
    gate_note: str = ""
    parking_note: str = ""
    lift_note: str = ""
    guard_words: str = ""
    access_s: tuple[int, ...] = (480,)
    source: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A client's place inside a building; a client may have several, and one of them is her `usual` one."""

    id: str
    branch_id: str
    client_id: str
    building_id: str
    label: str = ""
    tower: str = ""
    floor: str = ""
    unit: str = ""
    note: str = ""
    active: bool = True
    usual: bool = False
    version: int = 1
