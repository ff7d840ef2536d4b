"""What the board's script fetches."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from dispatch.work.days import day_board
from dispatch.work.permissions import Permission
from web.access import needs
from web.board.routes import map_routes
from web.board.timeline import rows
from web.board.views import read_day
from web.current import current_actor, current_services
from web.maps import features

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/day/<day>/map")
@needs(Permission.READ_DAY)
def day_map(day: str) -> Response:
    """Give the routes as GeoJSON, by row and therapist, with strings as safe as on the page's own map."""
    board = day_board(current_services(), current_actor(), read_day(day))
    all_rows = rows(board)
    routes = [
        {"key": row.key, "therapist": row.therapist_id, "features": features(route)}
        for row, route in zip(all_rows, map_routes(board, all_rows), strict=True)
    ]
    return jsonify(routes=routes)
