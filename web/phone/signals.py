"""Where a phone's signals arrive: SOS, that all is well, the PIN at a finish; and what its page is to ask her."""

from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.model.safety import SignalKind
from dispatch.work.phones import phone_actor
from dispatch.work.signals import PhoneSignal, reminders, signal
from web.access import Door, needs
from web.current import current_services
from web.phone.taps import bp, check_origin, read_body, read_moment
from web.translate import sentence


@bp.post("/<token>/signals")
@needs(Door.BY_LINK)
def signals(token: str) -> Response:
    """Keep a phone's signals; the answer says only that they need not be sent again. SOS is never told to come slower."""
    services = current_services()
    actor = phone_actor(services, token)
    check_origin()
    body = read_body("signals")
    given = [_signal(one) for one in body["signals"]]
    answer = jsonify(signals=signal(services, actor, given, sent_at=read_moment(body.get("sent_at"))))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/<token>/reminders")
@needs(Door.BY_LINK)
def asked(token: str) -> Response:
    """Say what the page is to ask her: whether all is well with a visit that is missed."""
    services = current_services()
    actor = phone_actor(services, token)
    answer = jsonify(
        reminders=[
            {
                "visit": one.visit_id,
                "asks_pin": one.asks_pin,
                "sentence": sentence(f"safety.remind.{one.kind.value}", {"place": one.place}),
            }
            for one in reminders(services, actor)
        ]
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _signal(one: Any) -> PhoneSignal:
    kinds = {kind.value: kind for kind in SignalKind}
    texts = {name: one.get(name, "") for name in ("id", "kind", "visit", "pin")} if isinstance(one, dict) else {}
    if not texts or not all(isinstance(text, str) for text in texts.values()) or texts["kind"] not in kinds:
        raise BadInput("report.no_json")
    at = read_moment(one.get("at"))
    if at is None:
        raise BadInput("report.no_time")
    return PhoneSignal(
        id=texts["id"], kind=kinds[texts["kind"]], device_at=at, visit_id=texts["visit"], pin=texts["pin"]
    )
