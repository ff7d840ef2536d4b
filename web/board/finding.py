"""Looking up on the server what the board's page does not hold: telephone numbers."""

from flask import jsonify, request
from werkzeug.wrappers import Response

from dispatch.work.finding import bookings_with_digits
from dispatch.work.permissions import Permission
from web.access import needs
from web.board.views import bp, read_day
from web.current import current_actor, current_services


@bp.get("/day/<day>/phones")
@needs(Permission.READ_DAY)
def phones(day: str) -> Response:
    """Name the day's bookings whose client or contact has these digits in the telephone number."""
    digits = request.args.get("digits", "")
    return jsonify(bookings=bookings_with_digits(current_services(), current_actor(), read_day(day), digits))
