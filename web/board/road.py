"""What is done about reports from the road: a therapist's mistaken tap is taken back for her."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.work.permissions import Permission
from dispatch.work.reporting import take_back
from web.access import needs
from web.board.views import bp
from web.current import current_actor, current_services
from web.translate import sentence


@bp.post("/day/<day>/report/take-back")
@needs(Permission.PLANNING)
def take_report_back(day: str) -> Response:
    """Take a report back that was tapped by mistake; taking it back twice is taking it back."""
    take_back(current_services(), current_actor(), request.form.get("report", "")[:64])
    flash(sentence("report.taken_back"), "good")
    return redirect(url_for("board.day_page", day=day), code=303)
