"""Choosing the language one reads: kept with the account where somebody is signed in, and on the device."""

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.words import LANGUAGES
from dispatch.work.accounts import set_language
from web.access import Door, needs
from web.account.views import bp, safe_next
from web.current import current_services, signed_in_actor
from web.language import keep_on_device


@bp.post("/language")
@needs(Door.PUBLIC)
def language() -> Response:
    """Go back to the page it was chosen on, in the language chosen."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadInput("account.language", field="language", language=chosen[:20])
    actor = signed_in_actor()
    if actor is not None:
        set_language(current_services(), actor, chosen)
    answer = redirect(safe_next(), code=303)
    keep_on_device(answer, chosen, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))
    return answer
