"""The webhook of WhatsApp's Cloud API: signed posts of a server, never of a browser.

No CSRF token and no session are asked for, because the signature over the raw bytes stands for both. It answers at once;
what was not kept is posted again by WhatsApp, and what was kept may come again.
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.work.whatsapp import answer_challenge, receive
from web.access import Door, needs
from web.current import current_services

bp = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 1024 * 1024
"""Bytes of one post."""


@bp.get("/whatsapp")
@needs(Door.PUBLIC)
def verify() -> Response:
    """Prove to WhatsApp that this webhook is ours."""
    word = answer_challenge(
        current_services(),
        mode=request.args.get("hub.mode", ""),
        token=request.args.get("hub.verify_token", ""),
        challenge=request.args.get("hub.challenge", "")[:200],
    )
    return Response(word, content_type="text/plain; charset=utf-8")


@bp.post("/whatsapp")
@needs(Door.PUBLIC)
def take() -> Response:
    """Keep what WhatsApp tells."""
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    raw = request.get_data(cache=False)
    if len(raw) > LARGEST:
        raise RequestEntityTooLarge
    receive(current_services(), raw, request.headers.get("X-Hub-Signature-256", ""))
    return Response("ok", content_type="text/plain; charset=utf-8")
