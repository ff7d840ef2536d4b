"""Steps of the plan: taken back and made again, visits fixed where they are, remedies applied."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.model.day import HORIZON_S
from dispatch.model.plan import visit_id
from dispatch.work.fixing import fix_here
from dispatch.work.permissions import Permission
from dispatch.work.remedying import apply_remedy
from dispatch.work.undoing import redo as redo_step
from dispatch.work.undoing import undo as undo_step
from web.access import needs
from web.board.views import bp, read_day
from web.current import current_actor, current_services
from web.forms import Fields
from web.translate import sentence

_FIXED = {"nothing": (False, False), "therapist": (True, False), "start": (False, True), "both": (True, True)}
"""What a button of the card fixes: the therapist, the start."""


@bp.post("/day/<day>/undo")
@needs(Permission.PLANNING)
def undo(day: str) -> Response:
    """Take one's own newest step back."""
    made = undo_step(current_services(), current_actor(), read_day(day), head_id=request.form.get("head_id", ""))
    flash(sentence("web.undone", {"number": made.number}), "good")
    return _to_board(day)


@bp.post("/day/<day>/redo")
@needs(Permission.PLANNING)
def redo(day: str) -> Response:
    """Make the step again that was taken back last."""
    made = redo_step(current_services(), current_actor(), read_day(day), head_id=request.form.get("head_id", ""))
    flash(sentence("web.redone", {"number": made.number}), "good")
    return _to_board(day)


@bp.post("/day/<day>/visit/<booking_id>/<int:seat>/lock")
@needs(Permission.PLANNING)
def lock(day: str, booking_id: str, seat: int) -> Response:
    """Fix a visit's therapist, its start, both or neither, as the plan has them."""
    what = request.form.get("fix", "")
    if what not in _FIXED:
        raise BadInput("web.unknown_lock", field="fix", what=what[:40])
    therapist, start = _FIXED[what]
    fix_here(
        current_services(),
        current_actor(),
        read_day(day),
        visit_id(booking_id, seat),
        head_id=request.form.get("head_id", ""),
        therapist=therapist,
        start=start,
    )
    flash(sentence("web.set_free" if what == "nothing" else f"web.fixed_{what}"), "good")
    return _to_board(day)


@bp.post("/day/<day>/booking/<booking_id>/remedy")
@needs(Permission.PLANNING)
def remedy(day: str, booking_id: str) -> Response:
    """Do what a remedy says, and keep the plan that serves the booking then."""
    fields = Fields(request.form)
    start_s = fields.integer("start_s", label="Start", least=0, most=HORIZON_S, default=-1)
    fields.finish()
    made = apply_remedy(
        current_services(),
        current_actor(),
        read_day(day),
        booking_id,
        kind=request.form.get("kind", "")[:40],
        start_s=start_s,
        head_id=request.form.get("head_id", ""),
    )
    flash(sentence("web.remedied", {"number": made.number}), "good")
    return _to_board(day)


def _to_board(day: str) -> Response:
    return redirect(url_for("board.day_page", day=day), code=303)
