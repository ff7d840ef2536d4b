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
    """Give the mark of the newest versions, and our clock in milliseconds; a page that shows another mark loads again.

    Nothing else is told.
    """
    services = current_services()
    mark = phone_mark(services, phone_actor(services, token))
    response = jsonify(mark=mark, now=round(services.now().timestamp() * 1000))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
