"""What every answer carries and every request must show: the headers, the nonce, and where a change comes from.

The policy and its reasons: `docs/reference/web-security.md`.
"""

import secrets

from flask import Flask, Response, g, request

from dispatch.errors import Forbidden
from web.tiles import current_tiles

_POLICY = (
    "default-src 'none'; "
    "script-src 'self' 'nonce-{nonce}'; "
    "style-src-elem 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:{pictures}; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
_YEAR_S = 31_536_000


def csp_nonce() -> str:
    """Give this request's nonce: the same for all of its script and style elements, new for every request."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def refuse_foreign_changes() -> None:
    """Refuse a change that another site's page asked the browser for; the CSRF token is asked for as well.

    Browsers say where a request comes from (`Sec-Fetch-Site`); what is no browser sends nothing and has no session of
    ours to borrow.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden("web.foreign_request")


def add_headers(response: Response) -> Response:
    """Put the security headers on an answer; one that set its own referrer policy keeps it."""
    headers = response.headers
    headers["Content-Security-Policy"] = _POLICY.format(nonce=csp_nonce(), pictures=_pictures())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint == "static" and response.status_code < 400:
        # The path of a vendor file holds its version, the address of our own files the hash of their content.
        versioned = request.path.startswith("/static/vendor/") or "v" in request.args
        headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if versioned else "no-cache"
    else:
        headers["Cache-Control"] = "no-store"
    return response


def _pictures() -> str:
    """Give the origin of the company's tile server as the policy lists it; nothing where there is none."""
    tiles = current_tiles()
    return f" {tiles.origin}" if tiles else ""


def install(app: Flask) -> None:
    """Put the check before, and the headers behind, every request of the app."""
    app.before_request(refuse_foreign_changes)
    app.after_request(add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
