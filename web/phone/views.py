"""The therapist's phone: her published day behind her own link."""

from datetime import date, timedelta

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from dispatch.words import clock
from dispatch.work.phones import PhoneDay, PhoneVisit, phone_actor, phone_day
from web.access import Door, needs
from web.current import current_services
from web.forms import parse_day
from web.language import fall_back_on
from web.maps import draw
from web.phone import bp
from web.phone.links import dialler, google_maps, waze, whatsapp
from web.phone.route import route_of
from web.translate import sentence


@bp.get("/p/<token>")
@needs(Door.BY_LINK)
def my_day(token: str) -> Response:
    """Show the therapist who holds the link her published day; opening it changes nothing, so it may be opened often."""
    services = current_services()
    actor = phone_actor(services, token)
    asked = parse_day(request.args.get("day", ""))
    day = phone_day(services, actor, asked)
    fall_back_on(day.languages)
    chart = draw((route_of(day),), name="phone", zoom_control=False) if day.published and day.stops else None
    page = render_template(
        "phone/day.html",
        day=day,
        token=token,
        visits={visit.visit_id: buttons(day, visit) for visit in day.stops if isinstance(visit, PhoneVisit)},
        numbers=_numbers(day),
        days=_days(day),
        chart=chart,
    )
    response = make_response(page)
    # The address holds the key to the day: no other site may learn it, no machine may list it.
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


def _numbers(day: PhoneDay) -> dict[str, int]:
    """Number the visits in the order of the day, as the map does."""
    visits = [stop.visit_id for stop in day.stops if isinstance(stop, PhoneVisit)]
    return {visit_id: number for number, visit_id in enumerate(visits, start=1)}


def _days(day: PhoneDay) -> list[tuple[date, str, bool]]:
    """Give the days to switch between: date, label code, whether it is the one shown."""
    known = [(day.today, "phone.today"), (day.today + timedelta(days=1), "phone.tomorrow")]
    return [(each, sentence(code), each == day.day) for each, code in known]
