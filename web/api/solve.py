"""Solving for programs: a problem in VROOM's JSON or in ours comes in, its answer goes out."""

from flask import Blueprint, current_app, jsonify, request
from werkzeug.wrappers import Response

from dispatch.errors import BadInput, LaluanError, Several
from dispatch.model.account import Actor
from dispatch.model.api import Scope
from dispatch.work.permissions import Permission
from dispatch.work.solving import LEAST_ASKED_S, MOST_ASKED_S, error_told, solve_asked
from web.access import needs
from web.api.v1.serve import actor_for
from web.current import current_actor, current_services
from web.errors import status_of

bp = Blueprint("solve", __name__, url_prefix="/api/v1")

USUAL_SECONDS = 10.0


@bp.post("/solve")
@needs(Permission.PLANNING, or_token=True)
def solve() -> Response:
    """Answer a problem; what cannot be solved is told in VROOM's envelope, with the status that says the same."""
    actor = _actor()
    try:
        answer = solve_asked(
            current_services(),
            actor,
            request.get_data(),
            seconds=_seconds(),
            seed=_seed(),
        )
    except LaluanError as error:
        response = jsonify(error_told(error.errors[0] if isinstance(error, Several) else error))
        response.status_code = status_of(error)
        return response
    return jsonify(answer)


def _actor() -> Actor:
    """Give who asks: a program by its token, or a signed-in person, whose browser then needs the CSRF token too."""
    if "Authorization" in request.headers:
        return actor_for(current_services(), Scope.SOLVE)
    if current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()
    return current_actor()


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
