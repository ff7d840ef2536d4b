"""What is kept of a client's health, at the desk: her consent, her complaints, and how she felt at each visit."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.health import Feeling, Health
from dispatch.work.catalogue import catalogue
from dispatch.work.health import (
    CONSENT_LANGUAGES,
    CONSENT_TEXT,
    agrees,
    give_consent,
    keep_health,
    note_feeling,
    open_health,
    withdraw_consent,
)
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.pages import LANGUAGES, named, page
from web.desk.pain_chart import HEIGHT, LEFT, RIGHT, WIDTH, pain_chart
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.translate import sentence

Page = tuple[str, int]


@bp.get("/clients/<client_id>/health")
@needs(Permission.HEALTH)
def health(client_id: str) -> Page:
    """Show what is kept of a client's health; the page notes that it was read."""
    return _answer(client_id)


@bp.post("/clients/<client_id>/health")
@needs(Permission.HEALTH)
def keep_this_health(client_id: str) -> Page | Response:
    """Keep what a client says of her health, or show the form again with what is wrong."""
    fields = _fields()
    kept = Health(
        complaints=fields.many("complaints"),
        contraindications=fields.many("contraindications"),
        note=fields.text("health_note", label="Note", limit=2_000),
    )
    version = fields.integer("version", label="Version", least=0, most=2**31, default=0)

    def keep() -> str:
        fields.finish()
        keep_health(fields.services, fields.actor, client_id, kept, version=version)
        return sentence("health.kept")

    return _after(client_id, keep, typed=request.form)


@bp.post("/clients/<client_id>/felt/<booking_id>")
@needs(Permission.HEALTH)
def note_this_feeling(client_id: str, booking_id: str) -> Page | Response:
    """Note how a client felt at a visit."""
    fields = _fields()
    feeling = Feeling(
        pain=fields.integer("pain", label="Pain", least=0, most=10),
        note=fields.text("note", label="Note", limit=2_000),
    )
    version = fields.integer("version", label="Version", least=0, most=2**31, default=0)

    def keep() -> str:
        fields.finish()
        note_feeling(fields.services, fields.actor, booking_id, feeling, version=version)
        return sentence("health.felt_kept")

    return _after(client_id, keep)


@bp.post("/clients/<client_id>/consent")
@needs(Permission.CLIENTS)
def change_consent(client_id: str) -> Page | Response:
    """Note that a client agrees to what is kept of her health, or takes that back."""
    fields = _fields()
    version, gives = fields.version(), fields.form.get("step") == "give"

    def keep() -> str:
        fields.finish()
        if gives:
            language = fields.form.get("language", "")
            give_consent(fields.services, fields.actor, client_id, version=version, language=language)
            return sentence("health.consent_kept")
        withdraw_consent(fields.services, fields.actor, client_id, version=version)
        return sentence("health.consent_taken_back")

    return _after(client_id, keep)


def _fields() -> DeskFields:
    return DeskFields(request.form, current_services(), current_actor())


def _after(client_id: str, step: Callable[[], str], *, typed: Form | None = None) -> Page | Response:
    """Do a step and show the page anew, or show it with what is wrong."""
    try:
        said = step()
    except FORM_ERRORS as error:
        return _answer(client_id, trouble_of(error), typed=typed)
    flash(said, "good")
    return redirect(url_for("desk.health", client_id=client_id))


def _answer(client_id: str, trouble: Trouble = NO_TROUBLE, *, typed: Form | None = None) -> Page:
    services, actor = current_services(), current_actor()
    shown = open_health(services, actor, client_id)
    form: Form = typed.copy() if typed else MultiDict({"health_note": shown.health.note})
    if typed is None:
        form.setlist("complaints", list(shown.health.complaints))
        form.setlist("contraindications", list(shown.health.contraindications))
    form["version"] = str(shown.version)
    known = catalogue(services, actor)
    day = today()
    return page(
        "desk/health.html",
        trouble=trouble,
        shown=shown,
        v=form,
        agrees=agrees(shown.client),
        chart=pain_chart(shown.visits),
        box={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT},
        visits=[one for one in reversed(shown.visits) if one.booking.day <= day][:30],
        treatments={one.id: one.name for one in known.treatments},
        complaints=named(known.complaints),
        contraindications=named(known.contraindications),
        consent_order=sorted(CONSENT_LANGUAGES, key=lambda one: one != shown.client.language),
        consent_text={language: sentence("health.consent_text", language=language) for language in CONSENT_LANGUAGES},
        consent_languages=[(key, name) for key, name in LANGUAGES if key in CONSENT_LANGUAGES],
        text_version=CONSENT_TEXT,
    )
