"""A twin of a Nominatim server behind geopy's own adapter, which answers from a script and keeps every question."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderTimedOut, GeocoderUnavailable

HOUSE = {
    "lat": "3.1512",
    "lon": "101.6270",
    "place_rank": 30,
    "type": "house",
    "display_name": "8, Jalan Burhanuddin Helmi, Taman Tun Dr Ismail, Kuala Lumpur",
    "address": {"house_number": "8", "suburb": "Taman Tun Dr Ismail", "postcode": "60000"},
}
STREET = {
    "lat": "3.1301",
    "lon": "101.6710",
    "place_rank": 26,
    "type": "residential",
    "display_name": "Jalan Telawi 3, Bangsar",
    "address": {"suburb": "Bangsar", "postcode": "59100"},
}
ELSEWHERE = {"lat": "5.4141", "lon": "100.3288", "place_rank": 30, "display_name": "George Town", "address": {}}


class NominatimTwin:
    """Hands geopy an adapter; each question takes the next answer of the script."""

    def __init__(self, *script: Any) -> None:
        """Keep the script: a list of rows, a status code, or an error of geopy's."""
        self.script = list(script)
        self.questions: list[dict[str, str]] = []
        self.agents: list[str] = []

    def adapter(self, *, proxies: Any, ssl_context: Any) -> BaseSyncAdapter:
        """Give the adapter geopy asks for."""
        return _Adapter(self, proxies=proxies, ssl_context=ssl_context)


class _Adapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    def __init__(self, twin: NominatimTwin, *, proxies: Any, ssl_context: Any) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.twin = twin

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Answer one question from the script."""
        self.twin.questions.append({name: values[0] for name, values in parse_qs(urlsplit(url).query).items()})
        self.twin.agents.append(headers["User-Agent"])
        answer = self.twin.script.pop(0)
        if isinstance(answer, int):
            raise AdapterHTTPError(str(answer), status_code=answer, headers={"retry-after": "7"}, text="")
        if answer is TimeoutError:
            raise GeocoderTimedOut("too late")
        if answer is ConnectionError:
            raise GeocoderUnavailable("nobody there")
        return answer

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """Nominatim is asked for JSON only."""
        raise AssertionError(url)
