"""A twin of a browser's push service: it checks our signature as RFC 8292 says, and answers as its script says."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


class _Server(ThreadingHTTPServer):
    """Keeps the calls; each request takes the next status of the script, 0 for no answer at all."""

    daemon_threads = False
    script: list[int]
    calls: list[dict[str, str]]

    def endpoint(self, name: str) -> str:
        """Give where a phone is called."""
        return f"http://127.0.0.1:{self.server_port}/send/{name}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""

    def do_POST(self) -> None:
        """Take one call."""
        claims = claims_of(self.headers["Authorization"])
        assert claims["aud"] == f"http://127.0.0.1:{self.server.server_port}"
        assert not self.rfile.read(int(self.headers["Content-Length"])), "a call carries nothing"
        status = self.server.script.pop(0) if self.server.script else 201
        if status:
            if status == 201:
                self.server.calls.append({"path": self.path, **dict(self.headers.items())})
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()


def claims_of(header: str) -> dict[str, object]:
    """Give what a token says; an error where it was not signed by the key beside it."""
    assert header.startswith("vapid t=")
    token, key = header.removeprefix("vapid t=").split(", k=")
    head, body, signed = token.split(".")
    raw = _plain(signed)
    assert len(raw) == 64
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _plain(key))
    public.verify(signature, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(_plain(head)) == {"typ": "JWT", "alg": "ES256"}
    claims: dict[str, object] = json.loads(_plain(body))
    return claims


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def push_service(*script: int) -> Iterator[_Server]:
    """Give a twin on a free port that is ended afterwards."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.script, server.calls = list(script), []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
