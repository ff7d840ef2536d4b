"""Asks map servers for addresses the gazetteer does not know: politely, never twice, and not while they are ill.

Off until a server is set. The rules of the public servers (one question a second, a name that identifies the program,
answers kept, no bulk) are kept for every server. The servers themselves are in `dispatch.intake.servers`.
Source: operations.osmfoundation.org/policies/nominatim.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dispatch.errors import Unavailable
from dispatch.intake.gazetteer import LAT_MAX, LAT_MIN, LON_MAX, LON_MIN
from dispatch.intake.normalise import normalise
from dispatch.model.kinds import Precision
from dispatch.model.places import Point

BOX = ((LAT_MIN, LON_MIN), (LAT_MAX, LON_MAX))
"""South-west and north-east corner of the Klang Valley, the only part of the world that is asked about."""
KEEP_FOUND_S = 90 * 86_400
KEEP_MISSING_S = 86_400
"""Seconds an answer is kept; that an address is unknown only for a day, because people correct the map."""
FAILURES = 3
"""So many failures in a row, and a server is left alone for a while."""
REST_S, LONGEST_REST_S = 60.0, 900.0
MOST_WAITING_S = 4.0
"""Nobody waits longer than this for the questions of others."""


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


class MapServer(Protocol):
    """One server as its adapter sees it: `ask` raises `Unavailable`, `read` gives None for what is no answer."""

    name: str
    domain: str
    keep_found_s: int

    def ask(self, address: str) -> dict[str, Any] | None:
        """Give the raw answer to an address without its unit, None where the server knows none."""
        ...

    def read(self, raw: dict[str, Any]) -> Geocoded | None:
        """Read a raw answer; a broken one counts as not found."""
        ...


class PoliteGeocoder:
    """Asks one server: from the cache first, at most once a second, and not at all for a while after three failures."""

    def __init__(
        self,
        server: MapServer,
        *,
        cache: GeocodeCache,
        least_gap_s: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare the server; nothing is asked yet."""
        self._server = server
        self._cache = cache
        self._least_gap_s = least_gap_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._turn = threading.Lock()
        self._last: float | None = None
        self._failures = 0
        self._rests_until = float("-inf")

    def find(self, text: str) -> Geocoded | None:
        """Give the place of an address without its unit, from the cache where it was asked before.

        Unit and floor never leave the house: they identify a client, and no map knows them.
        """
        address = normalise(text)
        if not address:
            return None
        question = f"{self._server.name}:{self._server.domain}:my:{address}"
        kept = self._cache.get(question)
        if kept is not None:
            return self._read(json.loads(kept))
        raw = self._ask(address)
        found = self._read(raw)
        keep_s = KEEP_MISSING_S if found is None else self._server.keep_found_s
        self._cache.put(question, json.dumps(raw, ensure_ascii=False), keep_s)
        return found

    def _read(self, raw: dict[str, Any] | None) -> Geocoded | None:
        """Read an answer; one outside the Klang Valley counts as not found."""
        found = self._server.read(raw) if raw is not None else None
        if found is None:
            return None
        (south, west), (north, east) = BOX
        inside = south <= found.point.lat <= north and west <= found.point.lon <= east
        return found if inside else None

    def _ask(self, address: str) -> dict[str, Any] | None:
        if not self._turn.acquire(timeout=MOST_WAITING_S):
            raise Unavailable("intake.geocoder_rate_limited", server=self._server.domain, wait_s=1)
        try:
            self._stay_away_while_ill()
            if self._last is not None and (wait_s := self._last + self._least_gap_s - self._monotonic()) > 0:
                self._sleep(wait_s)
            try:
                answer = self._server.ask(address)
            except Unavailable as error:
                self._failed(error)
                raise
            finally:
                self._last = self._monotonic()
            self._failures = 0
            return answer
        finally:
            self._turn.release()

    def _stay_away_while_ill(self) -> None:
        left_s = self._rests_until - self._monotonic()
        if left_s > 0:
            raise Unavailable("intake.geocoder_resting", server=self._server.domain, wait_s=max(1, round(left_s)))

    def _failed(self, error: Unavailable) -> None:
        """Count a failure; after three, or when the server names a time itself, it is left alone for that long."""
        self._failures += 1
        asked_s = error.values.get("wait_s")
        if isinstance(asked_s, int):
            self._rests_until = self._monotonic() + min(float(asked_s), LONGEST_REST_S)
        elif self._failures >= FAILURES:
            rest_s = REST_S * 2 ** (self._failures - FAILURES)
            self._rests_until = self._monotonic() + min(rest_s, LONGEST_REST_S)


class Geocoders:
    """Asks several geocoders in order: the next one where one does not know the place or does not answer."""

    def __init__(self, geocoders: Sequence[Geocoder]) -> None:
        """Keep the order."""
        self._geocoders = tuple(geocoders)

    def find(self, text: str) -> Geocoded | None:
        """Give the first answer; raises `Unavailable` only where nobody knew and somebody did not answer."""
        failed: Unavailable | None = None
        best: Geocoded | None = None
        for geocoder in self._geocoders:
            try:
                found = geocoder.find(text)
            except Unavailable as error:
                failed = failed or error
                continue
            if found is not None and found.precision in _EXACT_ENOUGH:
                return found
            best = best or found
        if best is None and failed is not None:
            raise failed
        return best


_EXACT_ENOUGH = frozenset({Precision.ROOFTOP, Precision.BUILDING, Precision.STREET})
