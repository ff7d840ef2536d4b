"""The travel table: road lengths, speeds by hour and the ways to travel, read from `travel.toml` and checked."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dispatch.errors import BadInput
from dispatch.model.kinds import TravelMode
from dispatch.model.travel import RATE_ONE, HourProfile
from dispatch.shipped import data_path

Km = TypeVar("Km", float, npt.NDArray[np.float64])
PROFILE_HOURS = 54
"""Hours a profile tells: the service day, the night after it and the horizon of a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSpeeds:
    """How one mode travels: the speed its reference seconds are counted at, and how far it feels the hours and rain."""

    reference_kmh: float
    fixed_s: int
    congestion_felt_percent: int = 100
    night_gain_percent: int = 100
    rain_felt_percent: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelTable:
    """Everything the default engine knows; speeds are a car's, in km/h by clock hour 0 to 23.

    `rain_per_mille` and `area_traffic_per_mille` are how much slower a car usually is then; traffic in an area slows the
    last `area_stretch_km` of the road to a door there.
    """

    base_km: float
    near_factor: float
    near_km: float
    far_factor: float
    weekday_kmh: tuple[float, ...]
    weekend_kmh: tuple[float, ...]
    weekend_days: frozenset[int]
    holidays: frozenset[date]
    modes: dict[TravelMode, ModeSpeeds]
    rain_per_mille: int = 1_250
    area_traffic_per_mille: int = 1_800
    area_stretch_km: float = 3.0

    def road_km(self, great_circle_km: Km) -> Km:
        """Give the length of the road between two different places that lie so far apart, for many at once as well."""
        near = np.minimum(great_circle_km, self.near_km)
        road_km: Km = self.base_km + self.near_factor * near + self.far_factor * (great_circle_km - near)
        return road_km

    def drives_like_weekend(self, day: date) -> bool:
        """Tell whether a calendar day has a weekend's traffic: by its weekday, or because it is a public holiday."""
        return day.weekday() in self.weekend_days or day in self.holidays

    def profile(self, day: date, mode: TravelMode) -> HourProfile:
        """Give the rates of a mode by hour from the service day's midnight on; each calendar day by its own kind."""
        speeds = self.modes[mode]
        rates: list[int] = []
        for hour in range(PROFILE_HOURS):
            calendar_day = day + timedelta(days=hour // 24)
            table = self.weekend_kmh if self.drives_like_weekend(calendar_day) else self.weekday_kmh
            rates.append(_rate(table[hour % 24], speeds))
        return HourProfile(rate_per_mille=tuple(rates))


def _rate(car_kmh: float, speeds: ModeSpeeds) -> int:
    """Give the thousandths of a reference second driven in a second at an hour when a car does `car_kmh`."""
    against_reference = car_kmh / speeds.reference_kmh - 1.0
    felt = speeds.congestion_felt_percent if against_reference < 0 else speeds.night_gain_percent
    return max(1, round(RATE_ONE * (1.0 + against_reference * felt / 100.0)))


def load_table(path: Path | None = None) -> TravelTable:
    """Read a travel table, the shipped one unless told otherwise.

    Raises `BadInput("travel.table_broken")` with the file and the entry at fault.
    """
    source = path or data_path("travel.toml")
    try:
        raw = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput("travel.table_unreadable", file=source.name, detail=str(error)) from error
    try:
        table = _table(raw)
    except KeyError as error:
        raise BadInput("travel.table_broken", file=source.name, entry=str(error.args[0])) from error
    except (TypeError, ValueError) as error:
        raise BadInput("travel.table_broken", file=source.name, entry=str(error)) from error
    _check(table, source.name)
    return table


def _table(raw: dict[str, Any]) -> TravelTable:
    """Turn the file's tables into the noun."""
    road, speeds, calendar = raw["road"], raw["speeds_kmh"], raw["calendar"]
    return TravelTable(
        base_km=float(road["base_km"]),
        near_factor=float(road["near_factor"]),
        near_km=float(road["near_km"]),
        far_factor=float(road["far_factor"]),
        weekday_kmh=tuple(float(speed) for speed in speeds["weekday"]),
        weekend_kmh=tuple(float(speed) for speed in speeds["weekend"]),
        weekend_days=frozenset(int(day) for day in calendar["weekend_days"]),
        holidays=frozenset(calendar["holidays"]),
        modes={
            TravelMode(name): ModeSpeeds(
                reference_kmh=float(mode["reference_kmh"]),
                fixed_s=int(mode["fixed_s"]),
                congestion_felt_percent=int(mode["congestion_felt_percent"]),
                night_gain_percent=int(mode["night_gain_percent"]),
                rain_felt_percent=int(mode["rain_felt_percent"]),
            )
            for name, mode in raw["modes"].items()
        },
        rain_per_mille=int(raw["rain"]["usual_per_mille"]),
        area_traffic_per_mille=int(raw["area_traffic"]["usual_per_mille"]),
        area_stretch_km=float(raw["area_traffic"]["stretch_km"]),
    )


def _check(table: TravelTable, file: str) -> None:
    """Refuse figures with which nobody could travel."""
    speeds = (("weekday", table.weekday_kmh), ("weekend", table.weekend_kmh))
    for entry, hours in speeds:
        if len(hours) != 24 or min(hours) <= 0:
            raise BadInput("travel.speeds_broken", file=file, entry=entry)
    lengths = (table.base_km, table.near_factor, table.near_km, table.far_factor)
    slower = (table.rain_per_mille, table.area_traffic_per_mille)
    if min(slower) < RATE_ONE or table.area_stretch_km < 0:
        raise BadInput("travel.table_broken", file=file, entry="rain")
    if min(lengths) < 0 or table.near_factor <= 0 or table.far_factor <= 0:
        raise BadInput("travel.table_broken", file=file, entry="road")
    for mode in TravelMode:
        known = table.modes.get(mode)
        if (
            known is None
            or known.reference_kmh <= 0
            or known.fixed_s < 0
            or known.congestion_felt_percent not in range(101)
            or known.rain_felt_percent not in range(401)
        ):
            raise BadInput("travel.table_broken", file=file, entry=f"modes.{mode}")
