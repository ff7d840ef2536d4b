"""Where a phone's taps arrive: JSON by her link, each tap kept once, however often the phone sends it.

No CSRF token is asked for, because a page kept offline has an old one. What stands for it: the link's own key in the
address, a body that only a script of our origin can send as JSON (no form can, and there is no CORS), and the browser's
own word where the request comes from.
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from dispatch.errors import BadInput, Forbidden, LaluanError
from dispatch.model.facts import EventPlace
from dispatch.model.kinds import EventKind
from dispatch.work.acknowledging import PlanOk
from dispatch.work.phones import phone_actor
from dispatch.work.reporting import MOST_TAPS, Tap, TapAnswer, report
from web.access import Door, needs
from web.current import current_services
from web.phone.pace import Pace
from web.translate import sentence

bp = Blueprint("taps", __name__, url_prefix="/api/v1/phone")

LARGEST = 32 * 1024
"""Bytes of one request."""

PLAN_OK = "plan_ok"
"""The kind of tap that says OK to a version, named by `publication`; it is about no visit."""

LEAST_ACCURATE_M = 100_000
"""A phone that knows its place no better than this does not know it."""

_pace = Pace()


@bp.post("/<token>/taps")
@needs(Door.BY_LINK)
def taps(token: str) -> Response:
    """Keep the taps of a therapist's phone, and say of each what became of it."""
    services = current_services()
    actor = phone_actor(services, token)
    check_origin()
    if _pace.too_fast(actor.id, services.now()):
        response = jsonify(error={"code": "report.too_fast", "sentences": [sentence("report.too_fast")]})
        response.status_code = 429
        response.headers["Retry-After"] = "20"
        return response
    body = read_body("taps")
    answers = report(services, actor, [_tap(one) for one in body["taps"]], sent_at=read_moment(body.get("sent_at")))
    response = jsonify(taps=[_answer(one) for one in answers])
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def check_origin() -> None:
    """Refuse what another site's page sends; a request without an origin is no browser's form."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("web.foreign_request")
    if request.mimetype != "application/json":
        raise BadInput("report.no_json")


def read_body(name: str) -> dict[str, Any]:
    """Give the JSON a phone's script sent, with a list of this name in it; `BadInput` for anything else."""
    if (request.content_length or 0) > LARGEST:
        raise BadInput("report.too_many", count=f"> {MOST_TAPS}", most=MOST_TAPS)
    try:
        body = json.loads(request.get_data(cache=False)[: LARGEST + 1])
    except (ValueError, RecursionError):
        raise BadInput("report.no_json") from None
    if not isinstance(body, dict) or not isinstance(body.get(name), list):
        raise BadInput("report.no_json")
    return body


def _tap(one: Any) -> Tap | PlanOk:
    """Read one tap, or an OK to a version; what is no text where a text belongs is neither."""
    if not isinstance(one, dict):
        raise BadInput("report.no_json")
    texts = {name: one.get(name, "") for name in ("id", "visit", "kind", "payload", "publication")}
    retracts = one.get("retracts")
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(retracts, str | None):
        raise BadInput("report.no_json")
    at = read_moment(one.get("at"))
    if at is None:
        raise BadInput("report.no_time")
    if texts["kind"] == PLAN_OK:
        return PlanOk(id=texts["id"], publication_id=texts["publication"], device_at=at)
    kinds = {kind.value: kind for kind in EventKind}
    if texts["kind"] not in kinds:
        raise BadInput("report.no_kind")
    return Tap(
        id=texts["id"],
        visit_id=texts["visit"],
        kind=kinds[texts["kind"]],
        device_at=at,
        payload=texts["payload"],
        retracts=retracts,
        place=_place(one.get("place")),
    )


def _place(one: Any) -> EventPlace | None:
    """Read where a phone was; what is no place on the earth is none, for no tap is lost over it."""
    if not isinstance(one, dict):
        return None
    numbers = [number for name in ("lat", "lon", "accuracy_m") if isinstance(number := one.get(name), int | float)]
    if len(numbers) < 3:
        return None
    lat, lon, accuracy_m = numbers
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= accuracy_m <= LEAST_ACCURATE_M):
        return None
    return EventPlace(lat=float(lat), lon=float(lon), accuracy_m=round(accuracy_m))


def read_moment(text: Any) -> datetime | None:
    """Read a moment as a phone's script writes it; None where it is none of any zone."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and 2000 <= moment.year <= 2100 else None


def _answer(answer: TapAnswer) -> dict[str, Any]:
    if answer.refused is not None:
        said: LaluanError = answer.refused
        return {"id": answer.id, "kept": False, "code": said.code, "sentence": sentence(said.code, said.values)}
    return {"id": answer.id, "kept": True, "new": answer.new, "moved": answer.moved}
