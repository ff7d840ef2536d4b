"""Twins of the map servers on this machine: each speaks its own protocol over HTTP and answers from a script."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

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

PHOTON_HOUSE = {
    "geometry": {"coordinates": [101.6270, 3.1512], "type": "Point"},
    "properties": {
        "type": "house",
        "housenumber": "8",
        "street": "Jalan Burhanuddin Helmi",
        "district": "Taman Tun Dr Ismail",
        "postcode": "60000",
        "countrycode": "MY",
        "name": "8",
    },
}
GOOGLE_STREET = {
    "formatted_address": "Jalan Telawi 3, Bangsar, 59100 Kuala Lumpur, Malaysia",
    "geometry": {"location": {"lat": 3.1301, "lng": 101.6710}, "location_type": "GEOMETRIC_CENTER"},
    "types": ["route"],
    "address_components": [
        {"long_name": "Bangsar", "types": ["sublocality", "political"]},
        {"long_name": "59100", "types": ["postal_code"]},
    ],
}

SILENCE = "silence"
AWAY = "away"
ENDLESS = "endless"
BROKEN = "broken"


class MapTwin:
    """A server on 127.0.0.1; each question takes the next answer of the script.

    An answer is what the server would send: the list of Nominatim's rows, of Photon's features or of Google's results; a
    status code (429 with "retry after 7 seconds"); SILENCE, where it never answers; AWAY, a redirect to another host; ENDLESS, more
    than anybody may send; BROKEN, no JSON. Google's own words for a failure ("OVER_QUERY_LIMIT") stand for themselves.
    """

    def __init__(self, *script: Any) -> None:
        """Keep the script."""
        self.script = list(script)
        self.questions: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.agents: list[str] = []
        self.told = threading.Event()
        self.domain = ""

    @contextmanager
    def serving(self) -> Iterator["MapTwin"]:
        """Serve until the block ends."""
        twin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                twin.answer(self)

            def log_message(self, *_args: Any) -> None:
                """Keep quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.domain = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.told.set()
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one question from the script."""
        asked = urlsplit(handler.path)
        self.paths.append(asked.path)
        self.questions.append({name: values[0] for name, values in parse_qs(asked.query).items()})
        self.agents.append(handler.headers["User-Agent"])
        said = self.script.pop(0)
        if said == SILENCE:
            self.told.wait(20)
            return
        if said == AWAY:
            _send(handler, 302, "", {"Location": "http://localhost:9/search"})
        elif isinstance(said, int):
            _send(handler, said, "", {"Retry-After": "7"})
        elif said == ENDLESS:
            _send(handler, 200, "[" + " " * 1_100_000 + "]")
        elif said == BROKEN:
            _send(handler, 200, "<html>")
        else:
            _send(handler, 200, json.dumps(_wrapped(asked.path, said)))


def _wrapped(path: str, said: Any) -> Any:
    """Give the envelope that the server of this path puts around its answers."""
    if path.startswith("/maps/api/geocode"):
        if isinstance(said, str):
            return {"status": said, "results": []}
        return {"status": "OK" if said else "ZERO_RESULTS", "results": said}
    return {"type": "FeatureCollection", "features": said} if path.startswith("/api") else said


def _send(handler: BaseHTTPRequestHandler, status: int, body: str, headers: dict[str, str] | None = None) -> None:
    data = body.encode()
    handler.send_response(status)
    for name, value in ({"Content-Length": str(len(data))} | (headers or {})).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)
