"""Answers are sent compressed where the reader's program unpacks them; a page's length tells nobody what is in it."""

import gzip
import io
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

LEAST = 600
"""Bytes below which packing costs more than it saves."""

MOST = 4 * 1024 * 1024
"""Bytes above which an answer is sent as it is: it would take the page's thread for too long."""

_KINDS = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/geo+json",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
_STATIC_LEVEL, _PAGE_LEVEL = 9, 5


def install(app: Flask) -> None:
    """Let the app's answers be compressed, behind everything else that is done to them."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Give the answer compressed where that is asked for, helps, and its whole content is there."""
    if response.mimetype not in _KINDS or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    file = response.direct_passthrough
    if response.status_code != 200 or request.method == "HEAD" or (response.is_streamed and not file):
        return response
    if request.accept_encodings["gzip"] <= 0:
        return response
    packed = _packed_file(response) if file else _packed(response.get_data(), _PAGE_LEVEL, hidden=True)
    if packed is None:
        return response
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


def _packed_file(response: Response) -> bytes | None:
    """Give one of our own files compressed, packed once for each content it had; None for any other file."""
    file = getattr(response.response, "file", None)
    name = getattr(file, "name", None)
    if not isinstance(name, str):
        return None
    path = Path(name)
    if not path.is_relative_to(current_app.static_folder or ""):
        return None
    packed = _packed_path(path, path.stat().st_mtime_ns)
    if packed is not None:
        response.response.close()  # type: ignore[union-attr]  # the file that would have been sent
    return packed


@lru_cache(maxsize=256)
def _packed_path(path: Path, _changed_ns: int) -> bytes | None:
    return _packed(path.read_bytes(), _STATIC_LEVEL)


def _packed(plain: bytes, level: int, *, hidden: bool = False) -> bytes | None:
    """Give the bytes compressed; None where it is not worth it.

    `hidden` hides the length: a page that holds a secret beside what a stranger chose would tell it by how well the two
    compress together (BREACH), so up to a hundred letters that mean nothing go into the header.
    """
    if not LEAST <= len(plain) <= MOST:
        return None
    target = io.BytesIO()
    padding = secrets.token_urlsafe(75)[: secrets.randbelow(100)] if hidden else ""
    with gzip.GzipFile(filename=padding, mode="wb", compresslevel=level, fileobj=target, mtime=0) as file:
        file.write(plain)
    packed = target.getvalue()
    return packed if len(packed) < len(plain) else None
