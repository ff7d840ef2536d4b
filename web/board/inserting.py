"""Putting a left-out booking in: the ways there are, each with what it does, and the button that takes one."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.model.day import HORIZON_S
from dispatch.model.move import Placing
from dispatch.work.inserting import insert_booking, insertions
from dispatch.work.permissions import Permission
from web.access import needs
from web.board.views import bp, read_day, read_move
from web.current import current_actor, current_services
from web.forms import Fields
from web.translate import sentence


@bp.get("/day/<day>/booking/<booking_id>/insert")
@needs(Permission.PLANNING)
def ways(day: str, booking_id: str) -> str:
    """Show the ways to put a booking in: a part of its card, or a page of its own."""
    when = read_day(day)
    found = insertions(current_services(), current_actor(), when, booking_id)
    template = "board/_ways.html" if request.headers.get("HX-Request") == "true" else "board/repair_ways.html"
    return render_template(template, day=when, ways=found, names=found.names)


@bp.post("/day/<day>/booking/<booking_id>/insert")
@needs(Permission.PLANNING)
def insert(day: str, booking_id: str) -> Response:
    """Put a booking in as it was shown."""
    fields, when = Fields(request.form), read_day(day)
    start_s = fields.integer("shown_s", label="Start", least=0, most=HORIZON_S)
    fixed_s = fields.integer("fixed_s", label="Fixed start", least=0, most=HORIZON_S, default=-1)
    move = replace(read_move(fields, booking_id), start_s=None if fixed_s < 0 else fixed_s)
    made = insert_booking(
        current_services(),
        current_actor(),
        when,
        Placing(move=move, bumped=fields.many("bumped")),
        start_s=start_s,
        head_id=request.form.get("head_id", ""),
    )
    flash(sentence("web.inserted", {"number": made.number}), "good")
    return redirect(url_for("board.day_page", day=day), code=303)
