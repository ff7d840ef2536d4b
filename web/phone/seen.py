"""A therapist's phone says that it has shown her a version; opening the page alone says nothing, for machines open links too."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.work.phones import phone_actor
from dispatch.work.publishing import note_seen
from web.access import Door, needs
from web.current import current_services
from web.phone import bp


@bp.post("/p/<token>/seen")
@needs(Door.BY_LINK)
def seen(token: str) -> Response:
    """Note that her device has shown her a version, once; the page that follows is her day."""
    services = current_services()
    note_seen(services, phone_actor(services, token), request.form.get("publication", ""))
    response = redirect(url_for("phone.my_day", token=token, day=request.form.get("day", "")), code=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
