"""Alarms at the desk: the bar on top of every page, their own page, flagged places, and what a branch sets about them."""

import hashlib

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.model.safety import AlarmLine, LineKind, SafetyRules, SafetyStep, Whom
from dispatch.work.alarms import (
    ShownAlarm,
    alarm_panel,
    alarms_page,
    answer_alarm,
    close_alarm,
    safety_page,
    set_safety,
)
from dispatch.work.flags import lift_flag
from dispatch.work.permissions import Permission
from dispatch.work.pins import Pins, drop_pins, make_pins
from web.access import needs
from web.current import current_actor, current_services, local_time
from web.desk import bp
from web.desk.pages import page
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.translate import sentence

Page = tuple[str, int]
STEPS = 4
"""So many steps the form offers; an empty one is none."""


@bp.get("/alarms/bar")
@needs(Permission.READ_DAY)
def alarm_bar() -> Response:
    """Show the open alarms as they stand on top of every page; nothing where there are none, 304 where none changed."""
    panel = alarm_panel(current_services(), current_actor())
    state = ",".join(f"{one.alarm.id}@{one.alarm.version}" for one in panel.alarms)
    answer = make_response(render_template("desk/_alarm_bar.html", alarms=panel.alarms) if panel.alarms else "")
    answer.set_etag(hashlib.sha256(state.encode()).hexdigest()[:20])
    return answer.make_conditional(request)


@bp.get("/alarms")
@needs(Permission.READ_DAY)
def alarms() -> Page:
    """Show what stands, what is flagged, and what was."""
    return _alarms(NO_TROUBLE)


@bp.post("/alarms/answer")
@needs(Permission.READ_DAY)
def answer_this_alarm() -> Response:
    """Answer an alarm: whoever does is noted, and nobody else is told."""
    answer_alarm(current_services(), current_actor(), request.form.get("alarm_id", ""))
    return redirect(url_for("desk.alarms"))


@bp.post("/alarms/close")
@needs(Permission.READ_DAY)
def close_this_alarm() -> Page | Response:
    """Close an alarm with a word, or say what is missing."""
    form = request.form
    try:
        close_alarm(
            current_services(),
            current_actor(),
            form.get("alarm_id", ""),
            version=form.get("version", 0, type=int),
            word=form.get("word", ""),
        )
    except FORM_ERRORS as error:
        return _alarms(trouble_of(error))
    return redirect(url_for("desk.alarms"))


@bp.post("/alarms/place")
@needs(Permission.PLANNING)
def lift_place_flag() -> Page | Response:
    """Set a flagged place free with a word, or say what is missing."""
    form = request.form
    try:
        lift_flag(
            current_services(),
            current_actor(),
            form.get("flag_id", ""),
            version=form.get("version", 0, type=int),
            word=form.get("word", ""),
        )
    except FORM_ERRORS as error:
        return _alarms(trouble_of(error))
    return redirect(url_for("desk.alarms"))


def _alarms(trouble: Trouble) -> Page:
    found = alarms_page(current_services(), current_actor())
    told = {one.alarm.id: lines_of(one, found.names) for one in (*found.panel.alarms, *found.past)}
    return page("desk/alarms.html", trouble=trouble, found=found, told=told)


def lines_of(shown: ShownAlarm, names: dict[str, str]) -> list[tuple[str, str]]:
    """Give an alarm's record as people read it: the time, and what happened."""
    return [(local_time(line.at), _line(line, shown, names)) for line in shown.alarm.lines]


def _line(line: AlarmLine, shown: ShownAlarm, names: dict[str, str]) -> str:
    values = {
        "who": line.who_name or names.get(line.who_id, line.who_id) or "Laluan",
        "by_way": line.by_way,
        "whom": line.whom.value if line.whom else "",
        "told": local_time(line.told_at) if line.told_at else "",
        "word": line.word,
        "why": "",
    }
    code = f"safety.line.{line.what.value}"
    message = shown.messages.get(line.message_id)
    if message is not None:
        state = message.state.value
        code = f"safety.line.{state if state in {'sent', 'failed'} else 'queued'}"
        if message.failure is not None:
            values["why"] = sentence(message.failure.code, message.failure.named())
    elif line.what is LineKind.RAISED and line.told_at:
        code = "safety.line.raised_told"
    elif line.what is LineKind.CLEARED and not line.told_at:
        code = "safety.line.cleared_later"
    return sentence(code, values)


@bp.get("/alarms/settings")
@needs(Permission.PHONE_LINKS)
def safety_settings() -> Page:
    """Show what the branch sets about alarms, who is on duty, and whose phone asks for a PIN."""
    return _settings(NO_TROUBLE)


@bp.post("/alarms/settings")
@needs(Permission.BRANCH)
def change_safety_settings() -> Page | Response:
    """Change what the branch sets about alarms, or say all that is wrong."""
    try:
        rules = _rules()
        set_safety(current_services(), current_actor(), rules, version=request.form.get("version", 0, type=int))
    except FORM_ERRORS as error:
        return _settings(trouble_of(error))
    flash(sentence("safety.saved"), "good")
    return redirect(url_for("desk.safety_settings"))


@bp.post("/alarms/pins/<therapist_id>")
@needs(Permission.PHONE_LINKS)
def therapist_pins(therapist_id: str) -> Page | Response:
    """Give a therapist new PINs, shown this once, or let her phone ask for none any more."""
    services, actor = current_services(), current_actor()
    if request.form.get("step") == "drop":
        drop_pins(services, actor, therapist_id)
        return redirect(url_for("desk.safety_settings"))
    return _settings(NO_TROUBLE, made=make_pins(services, actor, therapist_id))


def _settings(trouble: Trouble, *, made: Pins | None = None) -> Page:
    found = safety_page(current_services(), current_actor())
    rules = found.branch.safety
    steps = [(step.whom.value, step.after_s // 60) for step in rules.steps][:STEPS]
    return page(
        "desk/safety.html",
        trouble=trouble,
        found=found,
        rules=rules,
        steps=[*steps, *[("", "")] * (STEPS - len(steps))],
        made=made,
    )


def _rules() -> SafetyRules:
    """Read the form; a number that is none is named like one that cannot be."""
    form = request.form

    def minutes(name: str, wrong: str) -> int:
        text = form.get(name, "").strip()
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            raise BadInput(f"safety.wrong_{wrong}", field=wrong)
        return int(text)

    known = {one.value: one for one in Whom}
    steps = tuple(
        SafetyStep(whom=known[form[f"whom_{number}"]], after_s=60 * minutes(f"after_{number}", "steps"))
        for number in range(STEPS)
        if form.get(f"whom_{number}") in known
    )
    return SafetyRules(
        start_grace_s=60 * minutes("start_grace", "start_grace_s"),
        finish_grace_s=60 * minutes("finish_grace", "finish_grace_s"),
        steps=steps,
        again_s=60 * minutes("again", "again_s"),
        again_times=minutes("again_times", "again_s"),
        responders=tuple(form.get(f"responder_{number}", "") for number in range(7)),
    )
