"""The week's page: parse the day, one use case, render."""

from datetime import timedelta

from flask import Blueprint, render_template, request

from dispatch.errors import NotFound
from dispatch.work.permissions import Permission
from dispatch.work.weeks import DAYS, week_of
from web.access import needs
from web.current import current_actor, current_services, today
from web.forms import parse_day
from web.week.strips import strip_scale, strips

bp = Blueprint("week", __name__)


@bp.get("/week")
@bp.get("/week/<day>")
@needs(Permission.READ_DAY)
def week_page(day: str = "") -> str:
    """Show the week a day lies in; without a day, the one of today, or of the day chosen in the picker."""
    text = day or request.args.get("day", "")
    on = parse_day(text) if text else today()
    if on is None:
        raise NotFound("web.no_day", day=text[:40])
    week = week_of(current_services(), current_actor(), on)
    scale = strip_scale(week)
    return render_template(
        "week/week.html",
        week=week,
        rows=strips(week, scale),
        scale=scale,
        before=week.first - timedelta(days=DAYS),
        after=week.first + timedelta(days=DAYS),
    )
