"""The owner's page of programs' tokens: a new one is shown once, in the answer that made it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import LaluanError
from dispatch.model.api import ApiToken, Scope
from dispatch.work.permissions import Permission
from dispatch.work.tokens import make_token, revoke_token
from dispatch.work.tokens import tokens as list_tokens
from web.access import needs
from web.account.views import bp
from web.current import current_actor, current_branch, current_services
from web.errors import sentences_of, status_of
from web.labels import choices
from web.translate import sentence, show_date

SCOPE_LABELS: Mapping[StrEnum, str] = {
    Scope.BOOKINGS_READ: "Read bookings",
    Scope.BOOKINGS_WRITE: "Take, change and cancel bookings",
    Scope.SLOTS_READ: "Look for free starts",
    Scope.PLANS_READ: "Read plans",
    Scope.PLANS_WRITE: "Have days planned, and publish",
    Scope.EVENTS_READ: "Follow what therapists report",
    Scope.SOLVE: "Send problems to be solved",
}


@bp.get("/tokens")
@needs(Permission.ACCOUNTS)
def tokens() -> str:
    """Show the tokens."""
    return _page()


@bp.post("/tokens")
@needs(Permission.ACCOUNTS)
def new_token() -> tuple[str, int]:
    """Make a token and show it, this once."""
    name = request.form.get("name", "")[:200]
    known = {scope.value: scope for scope in Scope}
    scopes = [known[one] for one in request.form.getlist("scopes") if one in known]
    try:
        made, text = make_token(current_services(), current_actor(), name, scopes)
    except LaluanError as error:
        return _page(problems=sentences_of(error), typed_name=name, ticked=scopes), status_of(error)
    return _page(made=made, text=text), 201


@bp.post("/tokens/<token_id>/revoke")
@needs(Permission.ACCOUNTS)
def end_token(token_id: str) -> Response:
    """Let a token open nothing any more."""
    revoked = revoke_token(current_services(), current_actor(), token_id)
    flash(sentence("api.token_revoked", {"name": revoked.name}), "good")
    return redirect(url_for("account.tokens"))


def _page(
    *,
    made: ApiToken | None = None,
    text: str = "",
    problems: Sequence[str] = (),
    typed_name: str = "",
    ticked: Sequence[Scope] = (),
) -> str:
    return render_template(
        "account/tokens.html",
        rows=list_tokens(current_services(), current_actor()),
        scopes=choices(SCOPE_LABELS),
        ticked=[scope.value for scope in ticked],
        made=made,
        text=text,
        problems=problems,
        typed_name=typed_name,
        when=_when,
    )


def _when(at: datetime) -> str:
    """Write a moment as the branch's calendar and clock show it."""
    local = at.astimezone(ZoneInfo(current_branch().time_zone))
    return f"{show_date(local.date(), 'short')} {local:%H:%M}"
