"""One post to a server over HTTP: redirects are not followed, and whoever drips an answer is cut off."""

import http.client
import ssl
from urllib.parse import urlsplit

from dispatch.notify.deadline import within

DEADLINES = 2
"""A whole exchange may take so many times the time-out of one answer."""

SILENT = (http.client.HTTPException, OSError, ValueError, AttributeError)
"""What `post` raises where no answer came; a connection cut off in the midst of one shows as one of the last two."""


def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    timeout_s: float,
    context: ssl.SSLContext | None = None,
    most: int = 0,
) -> tuple[int, bytes]:
    """Post bytes and give the answer's status with at most so many bytes of it; raises one of `SILENT` where none came.

    `ssl.SSLError`, an `OSError`, says that the server is not who it should be; `context` is for a certificate of one's own.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=timeout_s, context=context or ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout_s)
    path = parts.path or "/"
    try:
        with within(timeout_s * DEADLINES, lambda: connection.sock):
            connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
            with connection.getresponse() as answer:
                return answer.status, answer.read(most) if most else b""
    finally:
        connection.close()
