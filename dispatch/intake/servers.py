"""The map servers that can be asked for an address: Nominatim, Photon and Google; geopy's only home.

Each is asked at the one host that is set: answers are taken from nowhere else, redirects are not followed.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from dispatch.errors import BadInput, Unavailable
from dispatch.intake.geocode import BOX, KEEP_FOUND_S, Geocoded
from dispatch.model.kinds import Precision
from dispatch.model.places import Point

GOOGLE_HOST = "maps.googleapis.com"
GOOGLE_KEEPS_S = 30 * 86_400
"""Google allows coordinates to be kept for 30 days. Source: Google Maps Platform service specific terms, geocoding."""
MOST_BYTES = 1_048_576
_KUALA_LUMPUR = (3.139, 101.6869)
_ROOFTOP_RANK, _STREET_RANK, _AREA_RANK = 30, 26, 17
_AREA_FIELDS = ("neighbourhood", "quarter", "suburb", "residential", "village", "city_district", "town", "city")


class _Server:
    """What all servers share: the timeout, the one host, and every failure as a sentence."""

    name = ""
    keep_found_s = KEEP_FOUND_S

    def __init__(self, domain: str) -> None:
        """Keep the host; raises `BadInput` where there is none."""
        if not domain:
            raise BadInput("intake.geocoder_not_set")
        self.domain = domain

    def ask(self, address: str) -> dict[str, Any] | None:
        """Give the raw answer to an address, None where the server knows none; raises `Unavailable` for every failure."""
        from geopy.exc import GeocoderQuotaExceeded, GeocoderServiceError, GeocoderTimedOut

        try:
            location = self._geocode(address)
        except GeocoderQuotaExceeded as error:
            wait_s = int(getattr(error, "retry_after", None) or 60)
            raise Unavailable("intake.geocoder_rate_limited", server=self.domain, wait_s=wait_s) from None
        except GeocoderTimedOut:
            raise Unavailable("intake.geocoder_timed_out", server=self.domain) from None
        except (GeocoderServiceError, AttributeError, IndexError, KeyError, TypeError, ValueError):
            # The last five come out of geopy when an answer is not what the server says it sends. Nothing is chained:
            # the address and a key stand in what geopy says.
            raise Unavailable("intake.geocoder_failed", server=self.domain) from None
        return None if location is None else dict(location.raw)

    def read(self, raw: dict[str, Any]) -> Geocoded | None:
        """Read a raw answer; a broken one counts as not found."""
        try:
            return self._read(raw)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None

    def _geocode(self, address: str) -> Any:
        raise NotImplementedError

    def _read(self, raw: dict[str, Any]) -> Geocoded | None:
        raise NotImplementedError


class Nominatim(_Server):
    """A Nominatim server."""

    name = "nominatim"

    def __init__(
        self,
        *,
        domain: str,
        user_agent: str,
        scheme: str = "https",
        timeout_s: float = 5,
        adapter_factory: Any = None,
    ) -> None:
        """Prepare the server. Raises `BadInput` where the name for ourselves would be refused."""
        from geopy.exc import ConfigurationError
        from geopy.geocoders import Nominatim as Client

        super().__init__(domain)
        if not user_agent:
            raise BadInput("intake.geocoder_not_set")
        try:
            self._client = Client(
                domain=domain,
                scheme=scheme,
                user_agent=user_agent,
                timeout=timeout_s,
                adapter_factory=adapter_factory or one_host(domain),
            )
        except ConfigurationError as error:
            raise BadInput("intake.geocoder_user_agent", user_agent=user_agent) from error

    def _geocode(self, address: str) -> Any:
        return self._client.geocode(
            address, country_codes="my", viewbox=BOX, bounded=True, addressdetails=True, exactly_one=True
        )

    def _read(self, raw: dict[str, Any]) -> Geocoded | None:
        address = raw.get("address")
        details: dict[str, Any] = address if isinstance(address, dict) else {}
        return Geocoded(
            point=Point(lat=float(raw["lat"]), lon=float(raw["lon"])),
            precision=_rank_precision(raw, int(raw.get("place_rank", _AREA_RANK)), details),
            label=str(raw.get("display_name", "")),
            area=next((str(details[name]) for name in _AREA_FIELDS if details.get(name)), ""),
            postcode=str(details.get("postcode", "")),
            source="OpenStreetMap Nominatim (ODbL 1.0)",
        )


class Photon(_Server):
    """A Photon server."""

    name = "photon"

    def __init__(
        self,
        *,
        domain: str,
        user_agent: str,
        scheme: str = "https",
        timeout_s: float = 5,
        adapter_factory: Any = None,
    ) -> None:
        """Prepare the server."""
        from geopy.geocoders import Photon as Client

        super().__init__(domain)
        self._client = Client(
            domain=domain,
            scheme=scheme,
            user_agent=user_agent or "laluan",
            timeout=timeout_s,
            adapter_factory=adapter_factory or one_host(domain),
        )

    def _geocode(self, address: str) -> Any:
        return self._client.geocode(address, exactly_one=True, location_bias=_KUALA_LUMPUR, bbox=BOX, limit=1)

    def _read(self, raw: dict[str, Any]) -> Geocoded | None:
        lon, lat = raw["geometry"]["coordinates"][:2]
        said = raw["properties"]
        if str(said.get("countrycode", "MY")).upper() != "MY":
            return None
        names = [said.get(field) for field in ("name", "housenumber", "street", "district", "city")]
        return Geocoded(
            point=Point(lat=float(lat), lon=float(lon)),
            precision=_photon_precision(said),
            label=", ".join(str(name) for name in names if name),
            area=str(said.get("district") or said.get("locality") or said.get("city") or ""),
            postcode=str(said.get("postcode", "")),
            source="OpenStreetMap Photon (ODbL 1.0)",
        )


class Google(_Server):
    """Google's geocoding service."""

    name = "google"
    keep_found_s = GOOGLE_KEEPS_S

    def __init__(
        self,
        *,
        key: str,
        domain: str = GOOGLE_HOST,
        scheme: str = "https",
        timeout_s: float = 5,
        adapter_factory: Any = None,
    ) -> None:
        """Prepare the service."""
        from geopy.geocoders import GoogleV3 as Client

        super().__init__(domain)
        if not key:
            raise BadInput("intake.geocoder_not_set")
        self._client = Client(
            api_key=key,
            domain=domain,
            scheme=scheme,
            timeout=timeout_s,
            adapter_factory=adapter_factory or one_host(domain),
        )

    def _geocode(self, address: str) -> Any:
        return self._client.geocode(
            address, exactly_one=True, region="my", components={"country": "MY"}, bounds=list(BOX)
        )

    def _read(self, raw: dict[str, Any]) -> Geocoded | None:
        place = raw["geometry"]["location"]
        parts = {kind: str(part["long_name"]) for part in raw["address_components"] for kind in part["types"]}
        return Geocoded(
            point=Point(lat=float(place["lat"]), lon=float(place["lng"])),
            precision=_google_precision(raw),
            label=str(raw.get("formatted_address", "")),
            area=parts.get("sublocality") or parts.get("neighborhood") or parts.get("locality") or "",
            postcode=parts.get("postal_code", ""),
            source="Google Geocoding",
        )


def _rank_precision(raw: dict[str, Any], rank: int, details: dict[str, Any]) -> Precision:
    """Say how exact an answer is from Nominatim's place rank: 30 a house, 26 a street, 17 and more a part of a town."""
    if raw.get("type") == "postcode" or raw.get("addresstype") == "postcode":
        return Precision.POSTCODE
    if rank >= _ROOFTOP_RANK:
        return Precision.ROOFTOP if details.get("house_number") else Precision.BUILDING
    if rank >= _STREET_RANK:
        return Precision.STREET
    return Precision.AREA if rank >= _AREA_RANK else Precision.CITY


def _photon_precision(said: dict[str, Any]) -> Precision:
    if said.get("osm_value") == "postcode":
        return Precision.POSTCODE
    kind = said.get("type")
    if kind == "house":
        return Precision.ROOFTOP if said.get("housenumber") else Precision.BUILDING
    return {"street": Precision.STREET, "locality": Precision.AREA, "district": Precision.AREA}.get(
        str(kind), Precision.CITY
    )


def _google_precision(raw: dict[str, Any]) -> Precision:
    """Say how exact an answer is; one that fits only a part of the question is worth no more than its area."""
    kinds = set(raw.get("types", ()))
    where = raw["geometry"].get("location_type")
    if "postal_code" in kinds:
        return Precision.POSTCODE
    if kinds & {"neighborhood", "sublocality"}:
        return Precision.AREA
    if kinds & {"locality", "administrative_area_level_1", "administrative_area_level_2", "country"}:
        return Precision.CITY
    if raw.get("partial_match"):
        return Precision.AREA
    if "route" in kinds or where == "RANGE_INTERPOLATED":
        return Precision.STREET
    if where == "ROOFTOP":
        return Precision.ROOFTOP if "street_address" in kinds else Precision.BUILDING
    return Precision.BUILDING if kinds & {"premise", "establishment", "point_of_interest"} else Precision.AREA


def one_host(domain: str) -> Callable[..., Any]:
    """Give an adapter for geopy that asks this host alone: no redirect is followed, and no answer is endless."""
    from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

    from geopy.adapters import URLLibAdapter
    from geopy.exc import GeocoderServiceError

    class Stays(HTTPRedirectHandler):
        def redirect_request(self, *_args: Any) -> None:
            """Follow nothing: the redirect itself is the answer, and a failure."""

    class OneHost(URLLibAdapter):  # type: ignore[misc]  # geopy has no types
        def __init__(self, *, proxies: Any, ssl_context: Any) -> None:
            super().__init__(proxies=proxies, ssl_context=ssl_context)
            known = [ProxyHandler(proxies)] if proxies else []
            self.urlopen = build_opener(HTTPSHandler(context=ssl_context), *known, Stays).open

        def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
            if urlsplit(url).netloc.lower() != domain.lower():
                raise GeocoderServiceError("another host")
            return super().get_text(url, timeout=timeout, headers=headers)

        def _decode_page(self, page: Any) -> str:
            with page:
                body: bytes = page.read(MOST_BYTES + 1)
            if len(body) > MOST_BYTES:
                raise GeocoderServiceError("too long")
            return body.decode("utf-8")

    return OneHost
