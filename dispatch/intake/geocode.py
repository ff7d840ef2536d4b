"""Asks a Nominatim server for addresses the gazetteer does not know; geopy's only home.

Off until a server and a name for ourselves are set. The rules of the public server (one question a second, a name that
identifies the program, answers kept, no bulk) are kept for every server.
Source: operations.osmfoundation.org/policies/nominatim.
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from dispatch.errors import BadInput, Unavailable
from dispatch.intake.gazetteer import LAT_MAX, LAT_MIN, LON_MAX, LON_MIN
from dispatch.intake.normalise import normalise
from dispatch.model.kinds import Precision
from dispatch.model.places import Point

BOX = ((LAT_MIN, LON_MIN), (LAT_MAX, LON_MAX))
"""South-west and north-east corner of the Klang Valley, the only part of the world that is asked about."""
KEEP_FOUND_S = 90 * 86_400
KEEP_MISSING_S = 86_400
"""Seconds an answer is kept; that an address is unknown only for a day, because people correct the map."""
SOURCE = "OpenStreetMap Nominatim (ODbL 1.0)"

_ROOFTOP_RANK, _STREET_RANK, _AREA_RANK = 30, 26, 17
_AREA_FIELDS = ("neighbourhood", "quarter", "suburb", "residential", "village", "city_district", "town", "city")


@dataclass(frozen=True, slots=True, kw_only=True)
class Geocoded:
    """What a geocoder says of an address."""

    point: Point
    precision: Precision
    label: str
    area: str
    postcode: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocodeCache:
    """Where answers are kept: `get(question)` gives the text kept or None, `put(question, text, keep_s)` keeps one."""

    get: Callable[[str], str | None]
    put: Callable[[str, str, int], None]


class Geocoder(Protocol):
    """Finds the place of an address somewhere outside."""

    def find(self, text: str) -> Geocoded | None:
        """Give the place, or None where the service knows none; raises `Unavailable` where it does not answer."""
        ...


class NominatimGeocoder:
    """Finds addresses of the Klang Valley on one Nominatim server, at most one question a second for the whole process."""

    def __init__(
        self,
        *,
        domain: str,
        user_agent: str,
        cache: GeocodeCache,
        scheme: str = "https",
        timeout_s: int = 5,
        least_gap_s: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        adapter_factory: Any = None,
    ) -> None:
        """Prepare the server; nothing is asked yet. Raises `BadInput` where the name for ourselves would be refused."""
        from geopy.exc import ConfigurationError
        from geopy.geocoders import Nominatim

        if not domain or not user_agent:
            raise BadInput("intake.geocoder_not_set")
        try:
            self._server = Nominatim(
                domain=domain, scheme=scheme, user_agent=user_agent, timeout=timeout_s, adapter_factory=adapter_factory
            )
        except ConfigurationError as error:
            raise BadInput("intake.geocoder_user_agent", user_agent=user_agent) from error
        self._domain = domain
        self._cache = cache
        self._least_gap_s = least_gap_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._turn = threading.Lock()
        self._last: float | None = None

    def find(self, text: str) -> Geocoded | None:
        """Give the place of an address without its unit, from the cache where it was asked before.

        Unit and floor never leave the house: they identify a client, and no map knows them.
        """
        address = normalise(text)
        if not address:
            return None
        question = f"nominatim:{self._domain}:my:{address}"
        kept = self._cache.get(question)
        if kept is not None:
            return _read(json.loads(kept))
        raw = self._ask(address)
        found = _read(raw)
        self._cache.put(
            question, json.dumps(raw, ensure_ascii=False), KEEP_MISSING_S if found is None else KEEP_FOUND_S
        )
        return found

    def _ask(self, address: str) -> dict[str, Any] | None:
        from geopy.exc import GeocoderRateLimited, GeocoderServiceError, GeocoderTimedOut

        with self._turn:
            if self._last is not None and (wait_s := self._last + self._least_gap_s - self._monotonic()) > 0:
                self._sleep(wait_s)
            try:
                location = self._server.geocode(
                    address, country_codes="my", viewbox=BOX, bounded=True, addressdetails=True, exactly_one=True
                )
            except GeocoderRateLimited as error:
                raise Unavailable(
                    "intake.geocoder_rate_limited", server=self._domain, wait_s=int(error.retry_after or 60)
                ) from error
            except GeocoderTimedOut as error:
                raise Unavailable("intake.geocoder_timed_out", server=self._domain) from error
            except (GeocoderServiceError, AttributeError, KeyError, TypeError, ValueError) as error:
                # The last four come out of geopy when an answer is not what Nominatim says it sends.
                raise Unavailable("intake.geocoder_failed", server=self._domain) from error
            finally:
                self._last = self._monotonic()
        return None if location is None else dict(location.raw)


def _read(raw: dict[str, Any] | None) -> Geocoded | None:
    """Read one answer of Nominatim; a broken one or one outside the box counts as not found."""
    if raw is None:
        return None
    try:
        point = Point(lat=float(raw["lat"]), lon=float(raw["lon"]))
        rank = int(raw.get("place_rank", _AREA_RANK))
    except (KeyError, TypeError, ValueError):
        return None
    (south, west), (north, east) = BOX
    if not (south <= point.lat <= north and west <= point.lon <= east):
        return None
    address = raw.get("address")
    details: dict[str, Any] = address if isinstance(address, dict) else {}
    return Geocoded(
        point=point,
        precision=_precision(raw, rank, details),
        label=str(raw.get("display_name", "")),
        area=next((str(details[name]) for name in _AREA_FIELDS if details.get(name)), ""),
        postcode=str(details.get("postcode", "")),
        source=SOURCE,
    )


def _precision(raw: dict[str, Any], rank: int, details: dict[str, Any]) -> Precision:
    """Say how exact an answer is from Nominatim's place rank: 30 a house, 26 a street, 17 and more a part of a town."""
    if raw.get("type") == "postcode" or raw.get("addresstype") == "postcode":
        return Precision.POSTCODE
    if rank >= _ROOFTOP_RANK:
        return Precision.ROOFTOP if details.get("house_number") else Precision.BUILDING
    if rank >= _STREET_RANK:
        return Precision.STREET
    return Precision.AREA if rank >= _AREA_RANK else Precision.CITY
