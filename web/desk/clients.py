"""Clients and their contacts at the desk."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.errors import NotFound
from dispatch.model.health import Health
from dispatch.model.kinds import Gender
from dispatch.model.people import Client, Contact
from dispatch.work.care import care_plans_of
from dispatch.work.catalogue import catalogue
from dispatch.work.clients import add_client, add_contact, change_client, change_contact, client_page, find_clients
from dispatch.work.duplicates import find_duplicates
from dispatch.work.health import agrees
from dispatch.work.numbers import show_phone
from dispatch.work.permissions import Permission
from dispatch.work.team import list_therapists
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.pages import named, page
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.translate import sentence

Page = tuple[str, int]

SHOWN = 100
"""As many clients as the list shows; the search narrows it."""
WISHES = (("prefer", "Likes"), ("never", "Never"))
LABELS = {
    "name": "Name",
    "first_name": "First name",
    "phone": "Phone",
    "language": "Language",
    "gender": "Gender",
    "note": "Note",
    "active": "Active",
}


@bp.get("/clients")
@needs(Permission.CLIENTS)
def clients() -> Page:
    """Show the clients, those whose name or phone holds what is searched."""
    search = request.args.get("search", "").strip()[:80]
    found = find_clients(current_services(), current_actor(), search=search, limit=SHOWN)
    return page("desk/clients.html", clients=found.clients, count=found.count, search=search, show_phone=show_phone)


@bp.get("/clients/new")
@needs(Permission.CLIENTS)
def new_client() -> Page:
    """Show the empty form of a client."""
    return _form_answer(None, MultiDict({"language": "en", "active": "1"}), NO_TROUBLE)


@bp.post("/clients/new")
@needs(Permission.CLIENTS)
def take_client() -> Page | Response:
    """Take up a client, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    try:
        fields = DeskFields(request.form, services, actor)
        client = _read_client(fields, None)
        health = Health(complaints=fields.many("complaints"), contraindications=fields.many("contraindications"))
        agrees_in = client.language if fields.ticked("consent") else ""
        added = add_client(services, actor, client, health=health, agrees_in=agrees_in)
    except FORM_ERRORS as error:
        return _form_answer(None, request.form, trouble_of(error, _names()))
    flash(sentence("desk.client_added", {"name": added.name}), "good")
    return redirect(url_for("desk.client", client_id=added.id))


@bp.get("/clients/<client_id>")
@needs(Permission.CLIENTS)
def client(client_id: str) -> Page:
    """Show a client with her addresses, contacts and bookings."""
    shown = client_page(current_services(), current_actor(), client_id)
    return _form_answer(client_id, client_form(shown.client), NO_TROUBLE)


@bp.post("/clients/<client_id>")
@needs(Permission.CLIENTS)
def change_this_client(client_id: str) -> Page | Response:
    """Change a client, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    before = client_page(services, actor, client_id).client
    try:
        kept = change_client(services, actor, _read_client(DeskFields(request.form, services, actor), before))
    except FORM_ERRORS as error:
        newest = client_form(client_page(services, actor, client_id).client)
        names = _names()
        trouble = beside_newest(trouble_of(error, names), request.form, newest, labels=LABELS, names=names)
        return _form_answer(client_id, _renewed(request.form, newest), trouble)
    flash(sentence("desk.client_changed", {"name": kept.name}), "good")
    return redirect(url_for("desk.client", client_id=client_id))


@bp.post("/clients/<client_id>/contacts")
@needs(Permission.CLIENTS)
def keep_contact(client_id: str) -> Page | Response:
    """Take up or change a person who books or opens the door for a client."""
    services, actor = current_services(), current_actor()
    shown = client_page(services, actor, client_id)
    fields = DeskFields(request.form, services, actor)
    contact_id = request.form.get("contact_id", "")
    try:
        contact = Contact(
            id=contact_id,
            branch_id=actor.branch_id,
            client_id=client_id,
            name=fields.text("contact_name", label="Name", required=True),
            phone=fields.phone("contact_phone"),
            relation=fields.text("contact_relation", label="Relation"),
            language=fields.text("contact_language", label="Language", limit=35) or "en",
            version=fields.version() or 1,
        )
        fields.finish()
        if contact_id and contact_id not in {one.id for one in shown.contacts}:
            raise NotFound("store.not_found", kind="contact", id=contact_id[:64])
        kept = (change_contact if contact_id else add_contact)(services, actor, contact)
    except FORM_ERRORS as error:
        return _form_answer(client_id, client_form(shown.client), trouble_of(error), contact=request.form)
    flash(sentence("desk.contact_kept", {"name": kept.name}), "good")
    return redirect(url_for("desk.client", client_id=client_id))


def client_form(client: Client) -> Form:
    """Give a client as the values of her form."""
    form: Form = MultiDict(
        {
            "version": str(client.version),
            "name": client.name,
            "first_name": client.first_name,
            "phone": show_phone(client.phone),
            "language": client.language,
            "gender": client.gender or "",
            "note": client.note,
            "active": "1" if client.active else "",
        }
    )
    for wish, therapist_ids in (("prefer", client.preferred_therapists), ("never", client.never_therapists)):
        for therapist_id in therapist_ids:
            form[f"wish_{therapist_id}"] = wish
    return form


def _read_client(fields: DeskFields, before: Client | None) -> Client:
    """Read a client from her form; raises every error found."""
    therapist_ids = [one.id for one in list_therapists(fields.services, fields.actor)]
    wishes = {one: fields.form.get(f"wish_{one}", "") for one in therapist_ids}
    client = Client(
        id=before.id if before else "",
        branch_id=fields.actor.branch_id,
        name=fields.text("name", label="Name", required=True),
        first_name=fields.text("first_name", label="First name"),
        phone=fields.phone("phone"),
        language=fields.text("language", label="Language", limit=35) or "en",
        gender=fields.maybe("gender", Gender, label="Gender"),
        preferred_therapists=tuple(one for one, wish in wishes.items() if wish == "prefer"),
        never_therapists=tuple(one for one, wish in wishes.items() if wish == "never"),
        note=fields.text("note", label="Note", limit=2_000),
        active=fields.ticked("active") if before else True,
        version=fields.version() if before else 1,
    )
    if not client.first_name and client.name:
        client = replace(client, first_name=client.name.split()[0])
    fields.finish()
    return client


def _renewed(typed: Form, newest: Form) -> Form:
    form = typed.copy()
    form["version"] = newest["version"]
    return form


def client_answer(client_id: str, trouble: Trouble) -> Page:
    """Show a client's page as she is kept, with what is wrong."""
    newest = client_page(current_services(), current_actor(), client_id).client
    return _form_answer(client_id, client_form(newest), trouble)


def _names() -> dict[str, str]:
    services, actor = current_services(), current_actor()
    known = catalogue(services, actor)
    return {
        one.id: one.name
        for group in (list_therapists(services, actor), known.complaints, known.contraindications)
        for one in group
    }


def _form_answer(client_id: str | None, form: Form, trouble: Trouble, *, contact: Form | None = None) -> Page:
    services, actor = current_services(), current_actor()
    known = catalogue(services, actor)
    return page(
        "desk/client.html",
        trouble=trouble,
        shown=client_page(services, actor, client_id) if client_id else None,
        v=form,
        contact=contact if contact is not None else MultiDict(),
        wishes=WISHES,
        complaints=named(known.complaints),
        contraindications=named(known.contraindications),
        treatments={one.id: one for one in known.treatments},
        therapists=[one for one in list_therapists(services, actor) if one.active],
        agrees=agrees,
        doubles=find_duplicates(services, actor, client_id=client_id, limit=3) if client_id else None,
        care_plans=care_plans_of(services, actor, client_id) if client_id else (),
        show_phone=show_phone,
        today=today(),
    )
