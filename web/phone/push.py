"""A phone asks to be woken by new versions."""

from flask import jsonify
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.work.phones import phone_actor
from dispatch.work.pushing import want_push
from web.access import Door, needs
from web.current import current_services
from web.phone.taps import bp, check_origin, read_body


@bp.post("/<token>/push")
@needs(Door.BY_LINK)
def push(token: str) -> Response:
    """Keep where this phone's push service is called; asked for again it changes nothing."""
    services = current_services()
    actor = phone_actor(services, token)
    check_origin()
    endpoints = read_body("endpoints")["endpoints"]
    if len(endpoints) != 1 or not isinstance(endpoints[0], str):
        raise BadInput("report.no_json")
    response = jsonify(new=want_push(services, actor, endpoints[0]))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
