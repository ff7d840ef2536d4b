"""Care plans at the desk: who is due, a plan's page, and proposing its visits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.booking import TimeWindow
from dispatch.model.care import CarePlan, CareStatus
from dispatch.work.care import (
    CareChoices,
    add_care_plan,
    care_choices,
    care_page,
    change_care_plan,
    due_list,
    set_care_status,
)
from dispatch.work.holding import confirm_held, let_go
from dispatch.work.permissions import Permission
from dispatch.work.proposing import MOST_WEEKS, Proposed, propose_visits
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.forms import clock_value
from web.labels import CARE_STATUS_LABELS, label_of
from web.translate import sentence, show_date, translate

Page = tuple[str, int]

LABELS = {
    "address_id": "Address",
    "treatment_id": "Treatment",
    "minutes": "Minutes",
    "every_days": "Every so many days",
    "visits": "Visits altogether",
    "first_day": "First day",
    "from": "Part of the day from",
    "to": "Part of the day to",
    "therapist_id": "Therapist",
}
WEEKS = (2, 4, 8, MOST_WEEKS)


@bp.get("/due")
@needs(Permission.BOOKINGS)
def due() -> Page:
    """Show whose next visit is due, whose proposals wait, and whose plans rest."""
    return page("desk/due.html", listed=due_list(current_services(), current_actor()))


@bp.get("/clients/<client_id>/care/new")
@needs(Permission.BOOKINGS)
def new_care_plan(client_id: str) -> Page:
    """Show the empty form of a client's care plan."""
    choices = care_choices(current_services(), current_actor(), client_id)
    form: Form = MultiDict(
        {
            "address_id": choices.addresses[0].id if choices.addresses else "",
            "every_days": "7",
            "visits": "6",
            "first_day": choices.today.isoformat(),
            "from": "14:00",
            "to": "17:00",
        }
    )
    return _form_page(choices, form, NO_TROUBLE)


@bp.post("/clients/<client_id>/care/new")
@needs(Permission.BOOKINGS)
def take_care_plan(client_id: str) -> Page | Response:
    """Take up a client's care plan, or show the form again with all that is wrong."""
    fields = _fields()
    try:
        kept = add_care_plan(fields.services, fields.actor, _read(fields, client_id))
    except FORM_ERRORS as error:
        choices = care_choices(fields.services, fields.actor, client_id)
        return _form_page(choices, request.form, trouble_of(error, _names(choices)))
    flash(sentence("care.added"), "good")
    return redirect(url_for("desk.care_plan", care_plan_id=kept.id))


@bp.get("/care/<care_plan_id>")
@needs(Permission.BOOKINGS)
def care_plan(care_plan_id: str) -> Page:
    """Show a care plan with its visits."""
    return _answer(care_plan_id)


@bp.post("/care/<care_plan_id>")
@needs(Permission.BOOKINGS)
def change_this_care_plan(care_plan_id: str) -> Page | Response:
    """Change a care plan, or show the form again with all that is wrong."""
    fields = _fields()
    before = care_page(fields.services, fields.actor, care_plan_id).plan
    try:
        read = replace(_read(fields, before.client_id), id=before.id, version=fields.version())
        fields.finish()
        change_care_plan(fields.services, fields.actor, read)
    except FORM_ERRORS as error:
        return _answer(care_plan_id, trouble_of(error), typed=request.form)
    flash(sentence("care.changed"), "good")
    return redirect(url_for("desk.care_plan", care_plan_id=care_plan_id))


@bp.post("/care/<care_plan_id>/propose")
@needs(Permission.BOOKINGS)
def propose_care_visits(care_plan_id: str) -> Page | Response:
    """Propose the plan's visits of the coming weeks."""
    fields = _fields()
    version = fields.version()
    weeks = fields.integer("weeks", label="Weeks ahead", least=1, most=MOST_WEEKS, default=4)

    def propose() -> None:
        fields.finish()
        _tell(propose_visits(fields.services, fields.actor, care_plan_id, version=version, weeks=weeks))

    return _step(care_plan_id, propose)


@bp.post("/care/<care_plan_id>/status")
@needs(Permission.BOOKINGS)
def set_this_care_status(care_plan_id: str) -> Page | Response:
    """Pause a care plan, let it go on, or end it."""
    fields = _fields()
    version = fields.version()
    status = fields.choice("status", CareStatus, label="State")

    def change() -> None:
        fields.finish()
        kept = set_care_status(fields.services, fields.actor, care_plan_id, status, version=version)
        flash(sentence("care.status_kept", {"status": label_of(kept.status)}), "good")

    return _step(care_plan_id, change)


@bp.post("/care/<care_plan_id>/visits/<booking_id>")
@needs(Permission.BOOKINGS)
def answer_care_visit(care_plan_id: str, booking_id: str) -> Page | Response:
    """Confirm a proposed visit at the time that is kept for it, or let it go."""
    fields = _fields()

    def answer() -> None:
        if fields.form.get("step") == "confirm":
            kept = confirm_held(fields.services, fields.actor, booking_id)
            flash(sentence("care.confirmed", {"day": show_date(kept.day, "short")}), "good")
        else:
            let_go(fields.services, fields.actor, booking_id)
            flash(sentence("care.dropped"), "good")

    return _step(care_plan_id, answer)


def _fields() -> DeskFields:
    return DeskFields(request.form, current_services(), current_actor())


def _step(care_plan_id: str, step: Callable[[], None]) -> Page | Response:
    """Do a step and show the plan anew, or show it with what is wrong."""
    try:
        step()
    except FORM_ERRORS as error:
        return _answer(care_plan_id, trouble_of(error))
    return redirect(url_for("desk.care_plan", care_plan_id=care_plan_id))


def _tell(proposed: Proposed) -> None:
    """Say what was proposed, and for which day nothing was found."""
    said = {"count": len(proposed.visits), "kept": proposed.kept, "let_go": proposed.let_go}
    flash(sentence("care.proposed", said), "good" if proposed.visits or proposed.kept else "warn")
    for one in proposed.no_room:
        flash(sentence(one.code, one.named(), names=proposed.names), "warn")


def _read(fields: DeskFields, client_id: str) -> CarePlan:
    """Read a care plan from its form; raises every error found."""
    read = CarePlan(
        id="",
        branch_id=fields.actor.branch_id,
        client_id=client_id,
        address_id=fields.text("address_id", label="Address", required=True),
        treatment_id=fields.text("treatment_id", label="Treatment", required=True),
        minutes=fields.integer("minutes", label="Minutes", least=1, most=600),
        every_days=fields.integer("every_days", label="Every so many days", least=1, most=90),
        visits=fields.integer("visits", label="Visits altogether", least=1, most=60),
        first_day=fields.day("first_day", label="First day"),
        window=TimeWindow(
            start_s=fields.clock("from", label=translate("Part of the day from")),
            end_s=fields.clock("to", label=translate("Part of the day to")),
        ),
        therapist_id=fields.form.get("therapist_id", "")[:80],
    )
    fields.finish()
    return read


def _form(plan: CarePlan) -> Form:
    """Give a care plan as the values of its form."""
    return MultiDict(
        {
            "version": str(plan.version),
            "address_id": plan.address_id,
            "treatment_id": plan.treatment_id,
            "minutes": str(plan.minutes),
            "every_days": str(plan.every_days),
            "visits": str(plan.visits),
            "first_day": plan.first_day.isoformat(),
            "from": clock_value(plan.window.start_s),
            "to": clock_value(plan.window.end_s),
            "therapist_id": plan.therapist_id,
        }
    )


def _names(choices: CareChoices) -> dict[str, str]:
    return {one.id: one.name for group in (choices.therapists, choices.treatments) for one in group}


def _form_page(choices: CareChoices, form: Form, trouble: Trouble) -> Page:
    return page("desk/care_new.html", trouble=trouble, v=form, **_lists(choices))


def _lists(choices: CareChoices) -> dict[str, Any]:
    """Give what the form's lists offer."""
    return {
        "choices": choices,
        "addresses": [
            (
                one.id,
                " · ".join(part for part in (one.label, choices.buildings[one.building_id].name, one.unit) if part),
            )
            for one in choices.addresses
        ],
        "treatments": [(one.id, one.name) for one in choices.treatments],
        "lengths": sorted({minutes for one in choices.treatments for minutes in one.minutes}),
        "therapists": [(one.id, one.name) for one in choices.therapists],
    }


def _answer(care_plan_id: str, trouble: Trouble = NO_TROUBLE, *, typed: Form | None = None) -> Page:
    shown = care_page(current_services(), current_actor(), care_plan_id)
    newest = _form(shown.plan)
    form = newest if typed is None else typed.copy()
    form["version"] = newest["version"]
    names = _names(shown.choices)
    if typed is not None:
        trouble = beside_newest(trouble, form, newest, labels=LABELS, names=names)
    return page(
        "desk/care.html",
        trouble=trouble,
        shown=shown,
        v=form,
        names=names,
        weeks=WEEKS,
        statuses=CARE_STATUS_LABELS,
        **_lists(shown.choices),
    )
