"""Her side of the phone: what her day and month come to, why her route is hers, what she asks for, her calendar's link."""

from datetime import date

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.model.account import Actor
from dispatch.model.request import RequestKind
from dispatch.work.calendar_feed import calendar_feed, has_calendar_link, make_calendar_link, revoke_calendar_link
from dispatch.work.hers import her_side
from dispatch.work.phones import PhoneVisit, phone_actor, phone_day
from dispatch.work.requests import ask_for_day_off, ask_for_swap, colleagues, her_requests, withdraw
from web.access import Door, needs
from web.current import current_services
from web.forms import parse_day
from web.language import fall_back_on, reader_language
from web.phone import bp
from web.translate import sentence


@bp.get("/p/<token>/mine")
@needs(Door.BY_LINK)
def mine(token: str) -> Response:
    """Show a therapist her own side of a day and its month."""
    return _page(token, phone_actor(current_services(), token), parse_day(request.args.get("day", "")))


@bp.post("/p/<token>/requests")
@needs(Door.BY_LINK)
def ask(token: str) -> Response:
    """Take what she asks for, once for the id her page was opened with."""
    services, form = current_services(), request.form
    actor = phone_actor(services, token)
    day = parse_day(form.get("day", "")) or date.min
    key, note = form.get("request", ""), form.get("note", "")[:2_000]
    if form.get("kind") == RequestKind.SWAP:
        ask_for_swap(services, actor, key, day, form.get("visit", "")[:80], form.get("other", "")[:80], note)
    else:
        ask_for_day_off(services, actor, key, day, note)
    return _back(token, "request.asked")


@bp.post("/p/<token>/requests/withdraw")
@needs(Door.BY_LINK)
def take_back_request(token: str) -> Response:
    """Take back what she asked for and nobody has answered."""
    services = current_services()
    withdraw(services, phone_actor(services, token), request.form.get("request", "")[:64])
    return _back(token, "request.withdrawn")


@bp.post("/p/<token>/calendar")
@needs(Door.BY_LINK)
def make_calendar(token: str) -> Response:
    """Make her calendar's link and show it this once."""
    services = current_services()
    actor = phone_actor(services, token)
    feed = url_for("phone.calendar", token=make_calendar_link(services, actor), _external=True)
    return _page(token, actor, None, feed=feed)


@bp.post("/p/<token>/calendar/revoke")
@needs(Door.BY_LINK)
def revoke_calendar(token: str) -> Response:
    """Let her calendar read nothing more."""
    services = current_services()
    revoke_calendar_link(services, phone_actor(services, token))
    return _back(token, "hers.calendar_ended")


@bp.get("/calendar/<token>.ics")
@needs(Door.BY_LINK)
def calendar(token: str) -> Response:
    """Give a calendar the days its link shows."""
    file = calendar_feed(current_services(), token, language=reader_language())
    response = make_response(file.data)
    response.headers["Content-Type"] = file.media_type
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(token: str, actor: Actor, day: date | None, *, feed: str = "") -> Response:
    services = current_services()
    hers = her_side(services, actor, day)
    fall_back_on(hers.languages)
    shown = phone_day(services, actor, hers.day)
    visits = [stop for stop in shown.stops if isinstance(stop, PhoneVisit)]
    asked = her_requests(services, actor)
    response = make_response(
        render_template(
            "phone/mine.html",
            token=token,
            hers=hers,
            day=shown,
            visits=[one for one in visits if not one.done and not one.under_way and hers.day >= hers.today],
            asked=asked,
            colleagues=colleagues(services, actor),
            names=dict(colleagues(services, actor)),
            request_id=services.new_id(),
            feed=feed,
            has_calendar=bool(feed) or has_calendar_link(services, actor),
        )
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


def _back(token: str, code: str) -> Response:
    flash(sentence(code), "good")
    response = redirect(url_for("phone.mine", token=token), code=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
