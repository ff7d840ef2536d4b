"""Rosters at the desk: the weekly pattern, and the dates that differ from it."""

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.therapist import Roster
from dispatch.work.permissions import Permission
from dispatch.work.team import change_roster, drop_exception, get_therapist, set_exception
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.pages import page
from web.desk.reading import DeskFields, Form
from web.desk.roster_form import SHIFTS, WEEKDAYS, break_rows, read_exception, read_pattern, roster_form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.forms import Fields
from web.labels import BREAKS, choices
from web.translate import sentence

Page = tuple[str, int]


@bp.get("/team/<therapist_id>/roster")
@needs(Permission.TEAM)
def roster(therapist_id: str) -> Page:
    """Show a therapist's roster."""
    return _answer(therapist_id)


@bp.post("/team/<therapist_id>/roster")
@needs(Permission.TEAM)
def keep_roster(therapist_id: str) -> Page | Response:
    """Keep the weekly pattern, or show it again with all that is wrong."""
    services, actor = current_services(), current_actor()
    known = get_therapist(services, actor, therapist_id)
    fields = DeskFields(request.form, services, actor)
    try:
        changed = Roster(pattern=read_pattern(fields), exceptions=known.roster.exceptions)
        change_roster(services, actor, therapist_id, fields.version(), changed)
    except FORM_ERRORS as error:
        return _answer(therapist_id, typed=request.form, trouble=trouble_of(error))
    flash(sentence("desk.roster_kept", {"name": known.name}), "good")
    return redirect(url_for("desk.roster", therapist_id=therapist_id))


@bp.post("/team/<therapist_id>/roster/exception")
@needs(Permission.TEAM)
def keep_exception(therapist_id: str) -> Page | Response:
    """Let one date differ from the weekly pattern."""
    services, actor = current_services(), current_actor()
    known = get_therapist(services, actor, therapist_id)
    fields = DeskFields(request.form, services, actor)
    try:
        exception = read_exception(fields, known.roster)
        set_exception(services, actor, therapist_id, fields.version(), exception)
    except FORM_ERRORS as error:
        return _answer(therapist_id, typed_exception=request.form, trouble=trouble_of(error))
    flash(sentence("desk.exception_kept", {"name": known.name, "day": exception.day.isoformat()}), "good")
    return redirect(url_for("desk.roster", therapist_id=therapist_id))


@bp.post("/team/<therapist_id>/roster/exception/drop")
@needs(Permission.TEAM)
def drop_this_exception(therapist_id: str) -> Page | Response:
    """Let the weekly pattern hold again on a date."""
    services, actor = current_services(), current_actor()
    known = get_therapist(services, actor, therapist_id)
    fields = Fields(request.form)
    try:
        day, version = fields.day("exception_day", label="Date"), fields.version()
        fields.finish()
        drop_exception(services, actor, therapist_id, version, day)
    except FORM_ERRORS as error:
        return _answer(therapist_id, trouble=trouble_of(error))
    flash(sentence("desk.exception_dropped", {"name": known.name, "day": day.isoformat()}), "good")
    return redirect(url_for("desk.roster", therapist_id=therapist_id))


def _answer(
    therapist_id: str,
    *,
    typed: Form | None = None,
    typed_exception: Form | None = None,
    trouble: Trouble = NO_TROUBLE,
) -> Page:
    known = get_therapist(current_services(), current_actor(), therapist_id)
    newest = roster_form(known.roster, known.version)
    form = newest if typed is None else typed.copy()
    form["version"] = newest["version"]
    if typed is not None:
        trouble = beside_newest(trouble, form, newest, labels=_labels())
    return page(
        "desk/roster.html",
        trouble=trouble,
        therapist=known,
        v=form,
        x=typed_exception if typed_exception is not None else MultiDict(),
        weekdays=WEEKDAYS,
        shift_rows=range(1, SHIFTS + 1),
        break_rows=break_rows(form),
        break_kinds=choices(BREAKS),
        exceptions=[one for one in known.roster.exceptions if one.day >= today()],
        past_exceptions=len([one for one in known.roster.exceptions if one.day < today()]),
    )


def _labels() -> dict[str, str]:
    """Give the labels of the fields, for the page that puts two states beside each other."""
    labels = {
        "break_kind": "Break",
        "break_minutes": "Break minutes",
        "break_from": "Break earliest",
        "break_to": "Break latest",
        "break_days": "Break days",
        "break_id": "Break name",
    }
    for weekday, name in enumerate(WEEKDAYS):
        labels[f"from_{weekday}"], labels[f"to_{weekday}"] = f"{name} from", f"{name} to"
    return labels
