"""A client's addresses at the desk."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.errors import NotFound
from dispatch.model.places import Address
from dispatch.work.clients import change_address, client_page
from dispatch.work.permissions import Permission
from dispatch.work.taking import take_address
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.booking_form import read_new_address
from web.desk.pages import page
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, beside_newest, trouble_of
from web.translate import sentence

Page = tuple[str, int]

LABELS = {
    "label": "Called",
    "tower": "Tower or block",
    "floor": "Floor",
    "unit": "Unit",
    "address_note": "Way in",
    "active": "Active",
    "usual": "The usual place",
}


@bp.get("/clients/<client_id>/addresses/new")
@needs(Permission.CLIENTS)
def new_address(client_id: str) -> Page:
    """Show the empty form of one more address."""
    shown = client_page(current_services(), current_actor(), client_id)
    return page("desk/address.html", client=shown.client, address=None, building=None, v=MultiDict())


@bp.post("/clients/<client_id>/addresses/new")
@needs(Permission.CLIENTS)
def take_new_address(client_id: str) -> Page | Response:
    """Give the client one more address, in a building known or new; or ask back which place is meant."""
    services, actor = current_services(), current_actor()
    shown = client_page(services, actor, client_id)
    fields = DeskFields(request.form, services, actor)
    try:
        fields.text("place", label="Address", limit=300, required=True)
        address, building = read_new_address(fields, client_id=client_id)
        fields.finish()
        kept = take_address(services, actor, address, building=building)
    except FORM_ERRORS as error:
        return page(
            "desk/address.html",
            trouble=trouble_of(error),
            places=fields.places,
            client=shown.client,
            address=None,
            building=None,
            v=request.form,
        )
    name = client_page(services, actor, client_id).buildings[kept.building_id].name
    flash(sentence("desk.address_kept", {"name": name}), "good")
    return redirect(url_for("desk.client", client_id=client_id))


@bp.get("/clients/<client_id>/addresses/<address_id>")
@needs(Permission.CLIENTS)
def address(client_id: str, address_id: str) -> Page:
    """Show a client's address."""
    shown = client_page(current_services(), current_actor(), client_id)
    known = _address(shown.addresses, address_id)
    building = shown.buildings[known.building_id]
    return page("desk/address.html", client=shown.client, address=known, building=building, v=address_form(known))


@bp.post("/clients/<client_id>/addresses/<address_id>")
@needs(Permission.CLIENTS)
def change_this_address(client_id: str, address_id: str) -> Page | Response:
    """Change an address, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    shown = client_page(services, actor, client_id)
    before = _address(shown.addresses, address_id)
    building = shown.buildings[before.building_id]
    fields = DeskFields(request.form, services, actor)
    try:
        changed = replace(
            before,
            label=fields.text("label", label="Called"),
            tower=fields.text("tower", label="Tower or block"),
            floor=fields.text("floor", label="Floor"),
            unit=fields.text("unit", label="Unit"),
            note=fields.text("address_note", label="Way in", limit=2_000),
            active=fields.ticked("active"),
            usual=fields.ticked("usual"),
            version=fields.version(),
        )
        fields.finish()
        change_address(services, actor, changed)
    except FORM_ERRORS as error:
        newest = address_form(_address(client_page(services, actor, client_id).addresses, address_id))
        form = request.form.copy()
        form["version"] = newest["version"]
        trouble = beside_newest(trouble_of(error), form, newest, labels=LABELS)
        return page(
            "desk/address.html", trouble=trouble, client=shown.client, address=before, building=building, v=form
        )
    flash(sentence("desk.address_kept", {"name": building.name}), "good")
    return redirect(url_for("desk.client", client_id=client_id))


def address_form(address: Address) -> Form:
    """Give an address as the values of its form."""
    return MultiDict(
        {
            "version": str(address.version),
            "label": address.label,
            "tower": address.tower,
            "floor": address.floor,
            "unit": address.unit,
            "address_note": address.note,
            "active": "1" if address.active else "",
            "usual": "1" if address.usual else "",
        }
    )


def _address(addresses: tuple[Address, ...], address_id: str) -> Address:
    for one in addresses:
        if one.id == address_id:
            return one
    raise NotFound("store.not_found", kind="address", id=address_id[:64])
