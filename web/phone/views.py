"""The therapist's phone: her published day, and the week it lies in, behind her own link."""

from collections.abc import Callable
from datetime import timedelta

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from dispatch.model.day import moment_of
from dispatch.words import clock
from dispatch.work.phone_news import phone_page, phone_week
from dispatch.work.phones import PhoneDay, PhoneVisit, phone_actor
from web.access import Door, needs
from web.current import current_services
from web.forms import parse_day
from web.language import fall_back_on
from web.phone import bp
from web.phone.links import dialler, google_maps, waze, whatsapp
from web.phone.strip import strip
from web.translate import sentence


@bp.get("/p/<token>")
@needs(Door.BY_LINK)
def my_day(token: str) -> Response:
    """Show the therapist who holds the link her published day; opening it changes nothing, so it may be opened often."""
    services = current_services()
    page = phone_page(services, phone_actor(services, token), parse_day(request.args.get("day", "")))
    day = page.day
    fall_back_on(day.languages)
    visits = [stop for stop in day.stops if isinstance(stop, PhoneVisit)]
    return _private(
        render_template(
            "phone/day.html",
            page=page,
            day=day,
            token=token,
            visits={visit.visit_id: buttons(day, visit) for visit in visits},
            guard={visit.visit_id: guard_sentence(day, visit, "ms") for visit in visits},
            guard_meaning={visit.visit_id: guard_sentence(day, visit) for visit in visits},
            numbers={visit.visit_id: number for number, visit in enumerate(visits, start=1)},
            at_ms=_moments(day),
            tomorrow=day.today + timedelta(days=1),
            map_strip=strip(day),
        )
    )


@bp.get("/p/<token>/week")
@needs(Door.BY_LINK)
def my_week(token: str) -> Response:
    """Show the therapist who holds the link her next seven days."""
    services = current_services()
    week = phone_week(services, phone_actor(services, token))
    fall_back_on(week.languages)
    tomorrow = week.today + timedelta(days=1)
    return _private(render_template("phone/week.html", week=week, token=token, tomorrow=tomorrow))


def _private(page: str) -> Response:
    """Give a page whose address holds the key to the day: no other site may learn it, no machine may list it."""
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def buttons(day: PhoneDay, visit: PhoneVisit) -> dict[str, str]:
    """Give the links of one visit; a link that cannot work is empty.

    Where a contact opens the door, she is the one to reach. The WhatsApp draft is in her language and names no treatment.
    """
    who, number = (
        (visit.contact_name, visit.contact_phone) if visit.contact_phone else (visit.client_first_name, visit.phone)
    )
    draft = sentence(
        "phone.draft",
        {"client": who, "therapist": day.name, "start": clock(visit.start_s)},
        language=visit.language,
    )
    return {
        "waze": waze(visit.lat, visit.lon),
        "google": google_maps(visit.lat, visit.lon, day.travel_mode),
        "whatsapp": whatsapp(number, draft),
        "call": dialler(number),
    }


def guard_sentence(day: PhoneDay, visit: PhoneVisit, language: str | None = None) -> str:
    """Give the whole sentence for the guard, to show or to read out; it names no treatment."""
    inside = [
        sentence("web.tower", {"tower": visit.tower}, language=language) if 0 < len(visit.tower) < 3 else visit.tower,
        sentence("web.floor", {"floor": visit.floor}, language=language) if 0 < len(visit.floor) < 4 else visit.floor,
        visit.unit,
    ]
    place = ", ".join(part for part in inside if part) or visit.building
    values = {"therapist": day.name, "client": visit.contact_name or visit.client_first_name, "place": place}
    return sentence("guard.say", values, language=language)


def _moments(day: PhoneDay) -> Callable[[int], int]:
    """Give what turns a time of the day into the moment a phone's clock knows: a page kept offline is read hours later."""

    def at_ms(seconds: int) -> int:
        return round(moment_of(seconds, day.day, day.time_zone).timestamp() * 1000)

    return at_ms
