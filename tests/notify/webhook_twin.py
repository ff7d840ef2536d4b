"""A twin of an operator's webhook: it checks the signature as docs/how-to/safety.md says, and answers as its script says."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a secret that only the two of us know"


class _Server(ThreadingHTTPServer):
    """Keeps what came; each request takes the next answer of the script: a status, `silent`, `lost` or `drip`."""

    daemon_threads = False
    script: list[Any]
    taken: list[dict[str, Any]]
    keys: list[str]
    refused: int
    ended: threading.Event


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""

    def do_GET(self) -> None:
        """Nobody may come here: redirects are not followed."""
        raise AssertionError(self.path)

    def do_POST(self) -> None:
        """Take one message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.headers["Laluan-Timestamp"].encode()
        right = "v1=" + hmac.new(SECRET.encode(), stamp + b"." + body, hashlib.sha256).hexdigest()
        answer = self.server.script.pop(0) if self.server.script else 200
        if not hmac.compare_digest(right, self.headers["Laluan-Signature"]):
            self.server.refused += 1
            answer = 401
        if answer == "silent":
            self.server.ended.wait(5)
            return
        if answer == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.server.ended.wait(0.05):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
            return
        if answer in {200, "lost"}:
            self.server.keys.append(self.headers["Idempotency-Key"])
            self.server.taken.append(json.loads(body))
        if answer == "lost":
            return
        self.send_response(answer)
        if answer == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def webhook(*script: Any) -> Iterator[_Server]:
    """Give a twin on a free port that is ended afterwards."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.script, server.taken, server.keys, server.refused = list(script), [], [], 0
    server.ended = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
