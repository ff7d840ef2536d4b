"""Solving for programs: a problem in VROOM's JSON or in ours comes in, its answer goes out."""

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from dispatch.errors import BadInput, LaluanError, Several
from dispatch.work.permissions import Permission
from dispatch.work.solving import LEAST_ASKED_S, MOST_ASKED_S, error_told, solve_asked
from web.access import needs
from web.current import current_actor, current_services
from web.errors import status_of

bp = Blueprint("solve", __name__, url_prefix="/api/v1")

USUAL_SECONDS = 10.0


@bp.post("/solve")
@needs(Permission.PLANNING)
def solve() -> Response:
    """Answer a problem; what cannot be solved is told in VROOM's envelope, with the status that says the same."""
    try:
        answer = solve_asked(
            current_services(),
            current_actor(),
            request.get_data(),
            seconds=_seconds(),
            seed=_seed(),
        )
    except LaluanError as error:
        response = jsonify(error_told(error.errors[0] if isinstance(error, Several) else error))
        response.status_code = status_of(error)
        return response
    return jsonify(answer)


def _seconds() -> float:
    """Give the seconds asked for in the address."""
    try:
        return float(request.args.get("seconds", USUAL_SECONDS))
    except ValueError:
        raise BadInput("vroom.seconds", least=str(LEAST_ASKED_S), most=str(MOST_ASKED_S)) from None


def _seed() -> int:
    """Give the seed asked for in the address."""
    try:
        return int(request.args.get("seed", "0"))
    except ValueError:
        raise BadInput("vroom.seed") from None
