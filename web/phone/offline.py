"""What makes the phone page an app that opens without a signal: its service worker and its manifest."""

from flask import current_app, jsonify, url_for
from werkzeug.wrappers import Response

from dispatch.work.phones import phone_actor
from web.access import Door, needs
from web.current import current_services
from web.phone import bp


@bp.get("/p/worker.js")
@needs(Door.PUBLIC)
def worker() -> Response:
    """Give the service worker from the phone pages' own folder, so that it serves them and nothing else of the house."""
    response = current_app.send_static_file("phone-worker.js")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return response


@bp.get("/p/<token>/app.webmanifest")
@needs(Door.BY_LINK)
def manifest(token: str) -> Response:
    """Give what a phone needs to keep the page on its home screen, opening at her own link."""
    phone_actor(current_services(), token)
    response = jsonify(
        id="/p/",
        name="Laluan",
        short_name="Laluan",
        start_url=url_for("phone.my_day", token=token),
        scope="/p/",
        display="standalone",
        orientation="portrait",
        background_color="#10171a",
        theme_color="#10171a",
        icons=[
            {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {
                "src": url_for("static", filename="icon-maskable.svg"),
                "sizes": "any",
                "type": "image/svg+xml",
                "purpose": "maskable",
            },
        ],
    )
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
