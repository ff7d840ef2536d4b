"""The page behind a message's link: one alarm, for the person it was sent to, answered by a button."""

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from dispatch.work.alarms import answer_by_link, linked_alarm
from web.access import Door, needs
from web.current import current_services
from web.desk import bp


@bp.get("/alarm/<token>")
@needs(Door.BY_LINK)
def linked(token: str) -> Response:
    """Show an alarm; opening the link answers nothing, for mail programs open links by themselves."""
    shown = linked_alarm(current_services(), token)
    response = make_response(render_template("desk/alarm_link.html", shown=shown, token=token))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/alarm/<token>")
@needs(Door.BY_LINK)
def answer_linked(token: str) -> Response:
    """Answer an alarm as the person the link was sent to."""
    answer_by_link(current_services(), token)
    return redirect(url_for("desk.linked", token=token))
