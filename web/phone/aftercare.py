"""A therapist's page of one visit: health while it is needed, her note, and the wish to come again.

It lies outside the addresses that her phone keeps for times without a signal: nothing of it stays on the phone.
"""

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import LaluanError
from dispatch.model.health import Feeling
from dispatch.work.aftercare import LONGEST_WEEKS, note_visit, visit_sheet, wish_again
from dispatch.work.phones import phone_actor
from web.access import Door, needs
from web.current import current_services
from web.errors import sentences_of, status_of
from web.forms import Fields
from web.language import fall_back_on
from web.phone import bp
from web.translate import sentence, show_date

WEEKS = (1, 2, 3, 4, 6, 8)


@bp.get("/visit/<token>/<booking_id>/<int:seat>")
@needs(Door.BY_LINK)
def visit(token: str, booking_id: str, seat: int) -> Response:
    """Show her own visit; what it shows of the client's health is noted as read."""
    return _answer(token, booking_id, seat)


@bp.post("/visit/<token>/<booking_id>/<int:seat>/note")
@needs(Door.BY_LINK)
def keep_note(token: str, booking_id: str, seat: int) -> Response:
    """Keep her note of the visit, sealed; `version` is the one that was shown."""
    services, fields = current_services(), Fields(request.form)
    actor = phone_actor(services, token)
    try:
        feeling = Feeling(
            pain=fields.integer("pain", label="Pain", least=0, most=10),
            note=fields.text("note", label="Note", limit=2_000),
        )
        version = fields.integer("version", label="Version", least=0, most=2**31, default=0)
        fields.finish()
        note_visit(services, actor, f"{booking_id}/{seat}", feeling, version=version)
    except LaluanError as error:
        return _answer(token, booking_id, seat, error)
    flash(sentence("aftercare.noted"), "good")
    return _back(token, booking_id, seat)


@bp.post("/visit/<token>/<booking_id>/<int:seat>/again")
@needs(Door.BY_LINK)
def keep_wish(token: str, booking_id: str, seat: int) -> Response:
    """Note that the client wants to come again in so many weeks; sent twice it is one wish."""
    services, fields = current_services(), Fields(request.form)
    actor = phone_actor(services, token)
    try:
        weeks = fields.integer("weeks", label="Weeks", least=1, most=LONGEST_WEEKS)
        fields.finish()
        wish = wish_again(services, actor, f"{booking_id}/{seat}", weeks)
    except LaluanError as error:
        return _answer(token, booking_id, seat, error)
    flash(sentence("aftercare.wished", {"day": show_date(wish.due_day, "weekday_short")}), "good")
    return _back(token, booking_id, seat)


def _answer(token: str, booking_id: str, seat: int, error: LaluanError | None = None) -> Response:
    services = current_services()
    actor = phone_actor(services, token)
    sheet = visit_sheet(services, actor, f"{booking_id}/{seat}")
    fall_back_on(())
    page = render_template(
        "phone/visit.html",
        sheet=sheet,
        token=token,
        booking_id=booking_id,
        seat=seat,
        typed=request.form,
        weeks=WEEKS,
        wrong=sentences_of(error) if error else [],
    )
    return _private(make_response(page, status_of(error) if error else 200))


def _back(token: str, booking_id: str, seat: int) -> Response:
    return _private(redirect(url_for("phone.visit", token=token, booking_id=booking_id, seat=seat), code=303))


def _private(response: Response) -> Response:
    """No other site may learn the address, and no machine may list it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
