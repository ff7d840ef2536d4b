"""What a board asks while it is open: has anything changed, what was it, who else is here; and saying that one is."""

import hashlib

from flask import jsonify, make_response, request
from werkzeug.wrappers import Response

from dispatch.model.said import Said
from dispatch.work.permissions import Permission
from dispatch.work.presence import leave, note_presence
from dispatch.work.presence import news as news_since
from dispatch.work.presence import pulse as pulse_of
from web.access import needs
from web.board.timeline import initials
from web.board.views import bp, read_day
from web.current import current_actor, current_services
from web.translate import sentence


@bp.get("/day/<day>/pulse")
@needs(Permission.READ_DAY)
def pulse(day: str) -> Response:
    """Say which change is the newest and who else is here; 304 with nothing where the asker knows both."""
    found = pulse_of(current_services(), current_actor(), read_day(day))
    answer = jsonify(
        number=found.number,
        colleagues=[{"name": one.name, "initials": initials(one.name), "card": one.card} for one in found.colleagues],
    )
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:20])
    return answer.make_conditional(request)


@bp.get("/day/<day>/news")
@needs(Permission.READ_DAY)
def news(day: str) -> Response:
    """Say what changed of the day after a number, in sentences, and which visits are elsewhere than in the plan shown."""
    since = request.args.get("since", 0, type=int)
    found = news_since(
        current_services(), current_actor(), read_day(day), since=since, head_id=request.args.get("head", "")
    )

    def written(said: Said) -> str:
        return sentence(said.code, said.named(), names=found.names)

    return jsonify(
        number=found.number,
        concerns=found.concerns,
        mine=found.mine,
        done=[written(one) for one in found.done],
        changes=[written(one) for one in found.changes],
        visits=found.visits,
    )


@bp.post("/day/<day>/presence")
@needs(Permission.READ_DAY)
def presence(day: str) -> Response:
    """Note that the asker has the day open, and which card; or that she has closed it."""
    services, actor, when = current_services(), current_actor(), read_day(day)
    if request.form.get("gone"):
        leave(services, actor, when)
    else:
        note_presence(services, actor, when, request.form.get("card", ""))
    return make_response("", 204)
