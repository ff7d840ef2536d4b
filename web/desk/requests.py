"""What therapists ask for, answered at the desk: with what the rules say of each before it may be accepted."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.work.permissions import Permission
from dispatch.work.requests import answer, requests
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.forms import Fields
from web.translate import sentence


@bp.get("/team/requests")
@needs(Permission.TEAM)
def team_requests() -> tuple[str, int]:
    """Show what therapists ask for."""
    return page("desk/requests.html", found=requests(current_services(), current_actor()))


@bp.post("/team/requests/<request_id>")
@needs(Permission.TEAM)
def answer_request(request_id: str) -> Response:
    """Answer a request; what is accepted happens in the same step."""
    fields = Fields(request.form)
    version, words = fields.version(), fields.text("answer", label="Answer", limit=500)
    fields.finish()
    accept = request.form.get("accept") == "1"
    answer(
        current_services(),
        current_actor(),
        request_id,
        version,
        accept=accept,
        words=words,
        head_id=request.form.get("head_id", ""),
    )
    flash(sentence("request.accepted" if accept else "request.refused"), "good")
    return redirect(url_for("desk.team_requests"), code=303)
