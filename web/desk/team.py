"""The team at the desk: therapists, and the links to their phones."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.kinds import Gender, TravelMode
from dispatch.model.therapist import Limits, Place, Therapist
from dispatch.work.catalogue import catalogue
from dispatch.work.numbers import show_phone
from dispatch.work.permissions import Permission, may
from dispatch.work.phones import make_phone_link, revoke_phone_links
from dispatch.work.requests import open_requests
from dispatch.work.team import add_therapist, change_therapist, get_therapist, list_therapists
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.pages import LANGUAGES, named, page
from web.desk.reading import DeskFields, Form, place_name
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.labels import MODES, choices
from web.palette import PALETTE
from web.translate import sentence

Page = tuple[str, int]

FIRST_REST_MIN = 30
FIRST_NIGHT_H = 11
LABELS = {
    "name": "Name",
    "gender": "Gender",
    "phone": "Phone",
    "languages": "Languages",
    "techniques": "Techniques",
    "travel_mode": "Travels by",
    "start_place": "Starts from",
    "end_place": "Goes home to",
    "work": "Work a day",
    "travel": "Travel a day",
    "consecutive": "Work without a rest",
    "rest": "A rest lasts at least",
    "visits": "Visits a day",
    "overtime": "Overtime",
    "min_rest": "Rest since the day before",
    "fairness": "Carried over",
    "colour": "Colour",
    "active": "Active",
}


@bp.get("/team")
@needs(Permission.TEAM)
def team() -> Page:
    """Show the therapists with their week."""
    people = list_therapists(current_services(), current_actor())
    monday = today() - timedelta(days=today().weekday())
    return page(
        "desk/team.html",
        people=people,
        asked=open_requests(current_services(), current_actor()) if may(current_actor(), Permission.TEAM) else 0,
        week=[monday + timedelta(days=number) for number in range(7)],
        today=today(),
        techniques={one.id: one.name for one in catalogue(current_services(), current_actor()).techniques},
    )


@bp.get("/team/new")
@needs(Permission.TEAM)
def new_therapist() -> Page:
    """Show the empty form of a therapist."""
    form: Form = MultiDict(
        {"travel_mode": "car", "rest": str(FIRST_REST_MIN), "min_rest": str(FIRST_NIGHT_H), "languages": "en"}
    )
    return _answer(None, form, NO_TROUBLE, None)


@bp.post("/team/new")
@needs(Permission.TEAM)
def take_therapist() -> Page | Response:
    """Take up a therapist, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    fields = DeskFields(request.form, services, actor)
    try:
        added = add_therapist(services, actor, _read_therapist(fields, None))
    except FORM_ERRORS as error:
        return _answer(None, request.form, trouble_of(error, _names()), fields)
    flash(sentence("desk.therapist_added", {"name": added.name}), "good")
    return redirect(url_for("desk.roster", therapist_id=added.id))


@bp.get("/team/<therapist_id>")
@needs(Permission.TEAM)
def therapist(therapist_id: str) -> Page:
    """Show a therapist."""
    known = get_therapist(current_services(), current_actor(), therapist_id)
    return _answer(known, therapist_form(known), NO_TROUBLE, None)


@bp.post("/team/<therapist_id>")
@needs(Permission.TEAM)
def change_this_therapist(therapist_id: str) -> Page | Response:
    """Change a therapist, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    before = get_therapist(services, actor, therapist_id)
    fields = DeskFields(request.form, services, actor)
    try:
        kept = change_therapist(services, actor, _read_therapist(fields, before))
    except FORM_ERRORS as error:
        newest = therapist_form(get_therapist(services, actor, therapist_id))
        names = _names()
        trouble = beside_newest(trouble_of(error, names), request.form, newest, labels=LABELS, names=names)
        form = request.form.copy()
        form["version"] = newest["version"]
        return _answer(before, form, trouble, fields)
    flash(sentence("desk.therapist_changed", {"name": kept.name}), "good")
    return redirect(url_for("desk.therapist", therapist_id=therapist_id))


@bp.post("/team/<therapist_id>/phone-link")
@needs(Permission.PHONE_LINKS)
def phone_link(therapist_id: str) -> Page:
    """Make a link to the therapist's day and show it this once: only its hash is kept."""
    services, actor = current_services(), current_actor()
    known = get_therapist(services, actor, therapist_id)
    token = make_phone_link(services, actor, therapist_id)
    link = f"{current_app.config['PUBLIC_URL']}{url_for('phone.my_day', token=token)}"
    return _answer(known, therapist_form(known), NO_TROUBLE, None, link=link)


@bp.post("/team/<therapist_id>/phone-link/revoke")
@needs(Permission.PHONE_LINKS)
def revoke_links(therapist_id: str) -> Response:
    """Let every link of the therapist open nothing from now on."""
    services, actor = current_services(), current_actor()
    known = get_therapist(services, actor, therapist_id)
    count = revoke_phone_links(services, actor, therapist_id)
    flash(sentence("desk.links_revoked", {"count": count, "name": known.name}), "good")
    return redirect(url_for("desk.therapist", therapist_id=therapist_id))


def therapist_form(known: Therapist) -> Form:
    """Give a therapist as the values of her form."""
    form: Form = MultiDict(
        {
            "version": str(known.version),
            "name": known.name,
            "gender": known.gender.value,
            "phone": show_phone(known.phone),
            "travel_mode": known.travel_mode.value,
            "start_place": known.start_place.name if known.start_place else "",
            "end_place": known.end_place.name if known.end_place else "",
            "work": _or_blank(known.limits.work_s // 60),
            "travel": _or_blank(known.limits.travel_s // 60),
            "consecutive": _or_blank(known.limits.consecutive_s // 60),
            "rest": str(known.limits.rest_s // 60),
            "visits": _or_blank(known.limits.visits),
            "overtime": str(known.overtime_s // 60),
            "min_rest": str(known.min_rest_s // 3600),
            "fairness": str(known.fairness_carried_s // 60),
            "colour": str(known.colour),
            "active": "1" if known.active else "",
        }
    )
    form.setlist("techniques", list(known.techniques))
    form.setlist("languages", list(known.languages))
    return form


def _or_blank(number: int) -> str:
    return str(number) if number else ""


def _read_therapist(fields: DeskFields, before: Therapist | None) -> Therapist:
    """Read a therapist from her form, all but her roster; raises every error found."""
    night_h = fields.integer("min_rest", label=LABELS["min_rest"], least=0, most=24, default=0)
    # Whole hours are what the form shows; minutes that stand there already stay unless the hours change.
    min_rest_s = before.min_rest_s if before and before.min_rest_s // 3600 == night_h else night_h * 3600
    limits = Limits(
        work_s=fields.minutes_s("work", label=LABELS["work"], default=0),
        travel_s=fields.minutes_s("travel", label=LABELS["travel"], default=0),
        consecutive_s=fields.minutes_s("consecutive", label=LABELS["consecutive"], default=0),
        rest_s=fields.minutes_s("rest", label=LABELS["rest"], default=FIRST_REST_MIN),
        visits=fields.integer("visits", label=LABELS["visits"], least=0, most=50, default=0),
    )
    common = {"roster": before.roster, "id": before.id} if before else {"id": ""}
    read = Therapist(
        **common,
        branch_id=fields.actor.branch_id,
        name=fields.text("name", label="Name", required=True),
        techniques=fields.many("techniques"),
        gender=fields.choice("gender", Gender, label="Gender"),
        start_place=_read_place(fields, "start_place", before.start_place if before else None),
        end_place=_read_place(fields, "end_place", before.end_place if before else None),
        languages=fields.many("languages"),
        travel_mode=fields.choice("travel_mode", TravelMode, label="Travels by"),
        phone=fields.phone("phone"),
        limits=limits,
        overtime_s=fields.minutes_s("overtime", label=LABELS["overtime"], most=480, default=0),
        min_rest_s=min_rest_s,
        fairness_carried_s=fields.minutes_s("fairness", label=LABELS["fairness"], most=60_000, default=0),
        colour=fields.integer("colour", label="Colour", least=0, most=999, default=0),
        active=fields.ticked("active") if before else True,
        version=fields.version() if before else 1,
    )
    fields.finish()
    return read


def _read_place(fields: DeskFields, name: str, before: Place | None) -> Place | None:
    """Read a place; the words that stand there already mean the place that is known."""
    if before and fields.form.get(name, "").strip() == before.name:
        return before
    option = fields.place(name, label=LABELS[name])
    return Place(name=place_name(option), area=option.area, point=option.point) if option else None


def _names() -> dict[str, str]:
    return {one.id: one.name for one in catalogue(current_services(), current_actor()).techniques}


def _answer(
    known: Therapist | None, form: Form, trouble: Trouble, fields: DeskFields | None, *, link: str = ""
) -> Page:
    taken: Mapping[int, str] = {
        one.colour % len(PALETTE): one.name
        for one in list_therapists(current_services(), current_actor())
        if one.active and (known is None or one.id != known.id)
    }
    return page(
        "desk/therapist.html",
        trouble=trouble,
        places=fields.places if fields else {},
        therapist=known,
        v=form,
        techniques=named(catalogue(current_services(), current_actor()).techniques),
        spoken=[*LANGUAGES, *((one, one) for one in form.getlist("languages") if one not in dict(LANGUAGES))],
        modes=choices(MODES),
        colours=[(number, taken.get(number, "")) for number in range(len(PALETTE))],
        link=link,
    )
