"""What a phone asks every few seconds: whether another version of her days is out."""

from flask import jsonify
from werkzeug.wrappers import Response

from dispatch.work.phone_news import phone_mark
from dispatch.work.phones import phone_actor
from web.access import Door, needs
from web.current import current_services
from web.phone.taps import bp


@bp.get("/<token>/news")
@needs(Door.BY_LINK)
def news(token: str) -> Response:
    """Give the mark of the newest versions; a page that shows another one loads again. Nothing else is told."""
    services = current_services()
    response = jsonify(mark=phone_mark(services, phone_actor(services, token)))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
