"""Doubles among the clients at the desk, and what a client may ask by law: her data, and that it is erased."""

from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from dispatch.work.duplicates import find_duplicates, merge_clients, set_apart
from dispatch.work.permissions import Permission
from dispatch.work.privacy import client_file, erase_client
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.clients import client_answer
from web.desk.pages import page
from web.desk.reading import DeskFields
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.translate import sentence

Page = tuple[str, int]


@bp.get("/clients/duplicates")
@needs(Permission.CLIENTS)
def duplicates() -> Page:
    """Show the clients who may be the same person, with the reasons; of one client alone, where the address names her."""
    return _answer(NO_TROUBLE)


@bp.post("/clients/duplicates/apart")
@needs(Permission.CLIENTS)
def set_these_apart() -> Page | Response:
    """Note that two clients who look like one are two people."""
    first, second, first_version, second_version = _pair()
    services, actor = current_services(), current_actor()
    try:
        set_apart(services, actor, first, second, first_version=first_version, second_version=second_version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error))
    flash(sentence("duplicate.set_apart"), "good")
    return redirect(url_for("desk.duplicates"))


@bp.post("/clients/duplicates/merge")
@needs(Permission.PRIVACY)
def merge_these() -> Page | Response:
    """Make two clients one: the one whose button was pressed is kept."""
    first, second, first_version, second_version = _pair()
    versions = {first: first_version, second: second_version}
    keep = second if request.form.get("keep") == second else first
    drop = first if keep == second else second
    services, actor = current_services(), current_actor()
    try:
        kept = merge_clients(services, actor, keep, drop, keep_version=versions[keep], drop_version=versions[drop])
    except FORM_ERRORS as error:
        return _answer(trouble_of(error))
    flash(sentence("duplicate.merged", {"name": kept.name}), "good")
    return redirect(url_for("desk.client", client_id=kept.id))


@bp.get("/clients/<client_id>/file")
@needs(Permission.PRIVACY)
def client_data(client_id: str) -> Response:
    """Give all that is kept of a client as a file."""
    made = client_file(current_services(), current_actor(), client_id)
    return send_file(
        BytesIO(made.data), mimetype=made.media_type, as_attachment=True, download_name=made.filename, max_age=0
    )


@bp.post("/clients/<client_id>/erase")
@needs(Permission.PRIVACY)
def erase_this_client(client_id: str) -> Page | Response:
    """Erase who a client is, or say on her page why that cannot be yet."""
    fields = DeskFields(request.form, current_services(), current_actor())
    version = fields.version()
    try:
        fields.finish()
        erase_client(fields.services, fields.actor, client_id, version=version)
    except FORM_ERRORS as error:
        return client_answer(client_id, trouble_of(error))
    flash(sentence("client.erased"), "good")
    return redirect(url_for("desk.clients"))


def _pair() -> tuple[str, str, int, int]:
    """Give the two clients a form is about, with the versions it was made for."""
    first, second = request.form.get("first", "")[:64], request.form.get("second", "")[:64]
    return first, second, _number("first_version"), _number("second_version")


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _answer(trouble: Trouble) -> Page:
    found = find_duplicates(current_services(), current_actor(), client_id=request.args.get("client", "")[:64])
    return page("desk/duplicates.html", trouble=trouble, found=found)
