"""Buildings at the desk: what everybody who goes there should know."""

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.kinds import Precision
from dispatch.model.places import Building, Point
from dispatch.work.clients import add_building, change_building, get_building, list_buildings
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.reading import DeskFields, Form, place_name
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.labels import PRECISIONS, choices
from web.translate import sentence

Page = tuple[str, int]

FIRST_ACCESS_MIN = 8
LABELS = {
    "name": "Name",
    "area": "Area",
    "street": "Street",
    "postcode": "Postcode",
    "city": "City",
    "lat": "Latitude",
    "lon": "Longitude",
    "precision": "How exact",
    "access": "Gate to door",
    "access_hour": "Gate to door at hour",
    "gate_note": "Gate",
    "parking_note": "Parking",
    "lift_note": "Lift",
    "guard_words": "Words for the guard",
}


@bp.get("/buildings")
@needs(Permission.CLIENTS)
def buildings() -> Page:
    """Show the buildings, those whose name, street or area holds what is searched."""
    search = request.args.get("search", "").strip()[:80]
    found = list_buildings(current_services(), current_actor(), search=search)
    return page("desk/buildings.html", buildings=found, search=search)


@bp.get("/buildings/new")
@needs(Permission.CLIENTS)
def new_building() -> Page:
    """Show the empty form of a building."""
    form: Form = MultiDict({"access": str(FIRST_ACCESS_MIN), "precision": Precision.BUILDING.value})
    return _answer(None, form, NO_TROUBLE, None)


@bp.post("/buildings/new")
@needs(Permission.CLIENTS)
def take_building() -> Page | Response:
    """Take up a building, or fill the form with the place that was searched for."""
    services, actor = current_services(), current_actor()
    fields = DeskFields(request.form, services, actor)
    try:
        if request.form.get("step") == "find":
            return _answer(None, _filled(fields), NO_TROUBLE, fields)
        kept = add_building(services, actor, _read_building(fields, None))
    except FORM_ERRORS as error:
        return _answer(None, request.form, trouble_of(error), fields)
    flash(sentence("desk.building_kept", {"name": kept.name}), "good")
    return redirect(url_for("desk.building", building_id=kept.id))


@bp.get("/buildings/<building_id>")
@needs(Permission.CLIENTS)
def building(building_id: str) -> Page:
    """Show a building."""
    known = get_building(current_services(), current_actor(), building_id)
    return _answer(known, building_form(known), NO_TROUBLE, None)


@bp.post("/buildings/<building_id>")
@needs(Permission.CLIENTS)
def change_this_building(building_id: str) -> Page | Response:
    """Change a building, or fill the form with the place that was searched for."""
    services, actor = current_services(), current_actor()
    before = get_building(services, actor, building_id)
    fields = DeskFields(request.form, services, actor)
    try:
        if request.form.get("step") == "find":
            return _answer(before, _filled(fields), NO_TROUBLE, fields)
        kept = change_building(services, actor, _read_building(fields, before))
    except FORM_ERRORS as error:
        newest = building_form(get_building(services, actor, building_id))
        form = request.form.copy()
        if request.form.get("step") != "find":
            form["version"] = newest["version"]
        return _answer(before, form, beside_newest(trouble_of(error), form, newest, labels=LABELS), fields)
    flash(sentence("desk.building_kept", {"name": kept.name}), "good")
    return redirect(url_for("desk.building", building_id=building_id))


def building_form(building: Building) -> Form:
    """Give a building as the values of its form; access by hour only where it differs over the day."""
    form: Form = MultiDict(
        {
            "version": str(building.version),
            "name": building.name,
            "area": building.area,
            "street": building.street,
            "postcode": building.postcode,
            "city": building.city,
            "lat": f"{building.point.lat:.6f}",
            "lon": f"{building.point.lon:.6f}",
            "precision": building.precision.value,
            "gate_note": building.gate_note,
            "parking_note": building.parking_note,
            "lift_note": building.lift_note,
            "guard_words": building.guard_words,
            "access": str(building.access_s[0] // 60),
            "source": building.source,
        }
    )
    if len(building.access_s) > 1:
        for hour, access_s in enumerate(building.access_s):
            form[f"access_hour_{hour}"] = str(access_s // 60)
    return form


def _read_building(fields: DeskFields, before: Building | None) -> Building:
    """Read a building from its form; raises every error found."""
    lat, lon = fields.degrees("lat", label="Latitude"), fields.degrees("lon", label="Longitude")
    usual_s = fields.minutes_s("access", label="Gate to door", most=120)
    hours = [
        fields.minutes_s(
            f"access_hour_{hour}",
            label=sentence("desk.access_at", {"start_s": hour * 3600}),
            most=120,
            default=usual_s // 60,
        )
        for hour in range(24)
    ]
    texts = {name: fields.text(name, label=LABELS[name], limit=160) for name in ("street", "postcode", "city")}
    notes = {
        name: fields.text(name, label=LABELS[name], limit=2_000)
        for name in ("gate_note", "parking_note", "lift_note", "guard_words")
    }
    building = Building(
        id=before.id if before else "",
        branch_id=fields.actor.branch_id,
        name=fields.text("name", label="Name", required=True),
        area=fields.text("area", label="Area", required=True),
        point=Point(lat=lat, lon=lon),
        precision=fields.choice("precision", Precision, label="How exact"),
        access_s=(usual_s,) if all(one == usual_s for one in hours) else tuple(hours),
        source=fields.text("source", label="Source", limit=160),
        version=fields.version() if before else 1,
        **texts,
        **notes,
    )
    fields.finish()
    return building


def _filled(fields: DeskFields) -> Form:
    """Give the form with the fields of the place that was searched for; nothing is kept yet."""
    option = fields.place("place", label="Search")
    fields.finish()
    form = fields.form.copy()
    if option:
        form["name"] = form.get("name", "").strip() or place_name(option)
        form["area"] = option.area
        form["postcode"] = option.postcode or form.get("postcode", "")
        form["lat"], form["lon"] = f"{option.point.lat:.6f}", f"{option.point.lon:.6f}"
        form["precision"] = option.precision.value
        form["source"] = option.source
        flash(sentence("desk.building_found", {"name": place_name(option)}), "good")
    return form


def _answer(known: Building | None, form: Form, trouble: Trouble, fields: DeskFields | None) -> Page:
    return page(
        "desk/building.html",
        trouble=trouble,
        places=fields.places if fields else {},
        building=known,
        v=form,
        precisions=choices(PRECISIONS),
    )
