"""The pages: server-rendered, one blueprint per audience, everything through `dispatch.work`."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask

    from dispatch.work.services import Services

UPLOAD_LIMIT = 6 * 1024 * 1024
"""No request is read beyond this; the import itself refuses files over 5 MiB with its own sentence."""


def create_app(
    services: "Services",
    *,
    secret_key: str,
    testing: bool = False,
    public_url: str = "http://127.0.0.1:8000",
    tiles_url: str = "",
    tiles_attribution: str = "",
    api_per_minute: int = 600,
) -> "Flask":
    """Make the web app over the services; nothing is read from the environment.

    `secret_key` signs sessions; `public_url` is what people type, and makes the cookies HTTPS-only where it is https;
    `tiles_url` is a tile server's template (with who made its map), without which maps show the schematic.
    A program's token may ask `api_per_minute` times a minute.
    """
    from flask import Flask
    from flask_wtf import CSRFProtect

    from web import (
        access,
        account,
        api,
        board,
        compress,
        deep,
        desk,
        errors,
        intake,
        phone,
        reports,
        security,
        templating,
        tiles,
        week,
    )
    from web.api import v1

    app = Flask(__name__)
    secure = urlsplit(public_url).scheme == "https"
    app.config.update(
        SECRET_KEY=secret_key,
        TESTING=testing,
        PUBLIC_URL=public_url.rstrip("/"),
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="laluan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=14),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["laluan"] = services
    tiles.install(app, url=tiles_url, attribution=tiles_attribution)
    compress.install(app)  # first in, so last to touch an answer
    security.install(app)
    csrf = CSRFProtect(app)
    csrf.exempt(phone.taps_bp)  # why: see web/phone/taps.py
    csrf.exempt(intake.hooks_bp)  # why: see web/intake/hooks.py
    csrf.exempt(v1.bp)  # no cookie opens anything there
    csrf.exempt(api.solve_bp)  # asks for it itself, where a session and not a token opens it
    account.install(app)
    deep.install(app)
    access.install(app)
    errors.install(app)
    templating.install(app)
    for blueprint in (board.bp, api.bp, api.solve_bp, account.bp, desk.bp, phone.bp, week.bp, reports.bp):
        app.register_blueprint(blueprint)
    app.register_blueprint(phone.taps_bp)
    app.register_blueprint(intake.bp)
    app.register_blueprint(intake.hooks_bp)
    v1.install(app, per_minute=api_per_minute)
    return app
