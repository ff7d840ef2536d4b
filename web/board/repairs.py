"""When something happens: a dialog for each kind, which shows the damage and proposes the smallest repair."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput, NotFound
from dispatch.model.account import Actor
from dispatch.model.codec import dumps, loads
from dispatch.model.condition import ConditionKind, DayCondition
from dispatch.model.day import SERVICE_DAY_END_S, SERVICE_DAY_START_S, seconds_of
from dispatch.model.trouble import Mended, Trouble, TroubleKind
from dispatch.work.conditions import conditions_of_day, end_condition, usual_percent
from dispatch.work.days import DayBoard, day_board
from dispatch.work.permissions import Permission
from dispatch.work.repairs import look_at, mend, to_tell
from dispatch.work.services import Services
from web.access import needs
from web.board.views import bp, read_day
from web.current import current_actor, current_branch, current_services
from web.forms import Fields, clock_value
from web.translate import sentence

LONGEST_PLAN = 400_000
"""No day's plan takes more letters than this; beyond it nothing is read."""

QUARTER_S = 900
TWO_HOURS_S = 7_200


@bp.context_processor
def conditions() -> dict[str, Callable[[date], tuple[DayCondition, ...]]]:
    """Let the board's bar list what slows the day down."""
    return {"conditions_of": lambda day: conditions_of_day(current_services(), current_actor(), day)}


@bp.get("/day/<day>/trouble/<kind>")
@needs(Permission.PLANNING)
def trouble(day: str, kind: str) -> str:
    """Show the dialog of a kind of trouble: its form, and once that is sent what happens and how to mend it."""
    when, what = read_day(day), _kind(kind)
    asked = {"day": when, "kind": what.value}
    if "look" not in request.args:
        return render_template("board/repair.html", **asked, **_form(day_board(*_who(), when), what))
    fields = Fields(request.args)
    happening = _trouble(fields, what)
    fields.finish()
    repair = look_at(*_who(), when, happening)
    shown = {
        "repair": repair,
        "weighing": repair.weighing,
        "names": repair.weighing.names,
        "plans": [dumps(option.mended) for option in repair.weighing.options],
        "sent": {name: value for name, value in request.args.items() if name != "look"},
    }
    if request.headers.get("HX-Request") == "true":
        return render_template("board/_repair.html", **asked, **shown)
    return render_template("board/repair.html", **asked, **_form(day_board(*_who(), when), what), **shown)


@bp.post("/day/<day>/trouble/<kind>")
@needs(Permission.PLANNING)
def repair(day: str, kind: str) -> Response:
    """Let it happen and keep the plan that was chosen, or note it alone."""
    fields, when = Fields(request.form), read_day(day)
    happening = _trouble(fields, _kind(kind))
    fields.finish()
    text = request.form.get("plan", "")
    if len(text) > LONGEST_PLAN:
        raise BadInput("repair.not_a_plan")
    mended = loads(Mended, text) if text else None
    made = mend(*_who(), when, happening, mended, head_id=request.form.get("head_id", ""))
    if made is None:
        flash(sentence("web.noted"), "warn")
        return _to_board(day)
    flash(sentence("web.mended", {"number": made.number}), "good")
    if to_tell(*_who(), when, made.id).changes:
        return redirect(url_for("board.repaired", day=day, revision_id=made.id), code=303)
    return _to_board(day)


@bp.get("/day/<day>/repaired/<revision_id>")
@needs(Permission.READ_DAY)
def repaired(day: str, revision_id: str) -> str:
    """Show whom to tell what, after a repair."""
    when = read_day(day)
    told = to_tell(*_who(), when, revision_id)
    return render_template("board/repair_told.html", day=when, told=told, names=told.names)


@bp.post("/day/<day>/condition/<condition_id>/end")
@needs(Permission.PLANNING)
def end(day: str, condition_id: str) -> Response:
    """End what slows the day down."""
    end_condition(*_who(), read_day(day), condition_id)
    flash(sentence("web.condition_ended"), "good")
    return _to_board(day)


def _kind(text: str) -> TroubleKind:
    for kind in TroubleKind:
        if kind.value == text:
            return kind
    raise NotFound("web.no_page")


def _trouble(fields: Fields, kind: TroubleKind) -> Trouble:
    """Read what happened; what a kind does not need is not asked for."""
    times = kind in {TroubleKind.TRAFFIC, TroubleKind.RAIN}
    percent = fields.integer("percent", label="Slower by", least=1, most=400) if times else 0
    over = kind is TroubleKind.RUNNING_OVER
    from_needed = times or kind in {TroubleKind.ILL, TroubleKind.NO_SHOW}
    all_day = kind is TroubleKind.ILL and fields.ticked("all_day")
    return Trouble(
        kind=kind,
        booking_id=fields.text("booking", label="Booking", required=kind in _OF_BOOKINGS),
        version=fields.version(),
        therapist_id=fields.text("therapist", label="Therapist", required=kind is TroubleKind.ILL),
        area=fields.text("area", label="Area", required=kind is TroubleKind.TRAFFIC),
        from_s=SERVICE_DAY_START_S if all_day else fields.clock("from", label="From") if from_needed else 0,
        to_s=fields.clock("to", label="Until") if times else 0,
        factor_per_mille=1_000 + 10 * percent,
        extra_s=fields.minutes_s("minutes", label="Minutes more") if over else 0,
        reason=fields.text("reason", label="Reason", limit=500),
    )


_OF_BOOKINGS = frozenset({TroubleKind.CANCEL, TroubleKind.NO_SHOW, TroubleKind.RUNNING_OVER})


def _form(board: DayBoard, kind: TroubleKind) -> dict[str, object]:
    """Give what the dialog's form shows: who and where can be chosen, and what was chosen already."""
    booking_id = request.args.get("booking", "")
    booking = board.bookings.get(booking_id)
    if kind in _OF_BOOKINGS and booking is None:
        raise NotFound("store.not_found", kind="booking", id=booking_id[:80])
    team = sorted((board.names.get(one.id, one.id), one.id) for one in board.problem.therapists if one.shifts)
    areas = sorted({board.problem.locations[one.location].area for one in board.problem.bookings})
    visits = [one for route in board.timetable.routes for one in route.visits() if one.booking_id == booking_id]
    return {
        "board": board,
        "booking": booking,
        "client": board.clients[booking.client_id] if booking else None,
        "visits": visits,
        "team": team,
        "areas": [area for area in areas if area],
        "typed": {**_usual(board, kind), **request.args.to_dict()},
    }


def _usual(board: DayBoard, kind: TroubleKind) -> Mapping[str, str]:
    """Give what the form holds before anybody has typed: from now (or the morning) for two hours, as slow as usual."""
    now_s = seconds_of(current_services().now(), board.day, current_branch().time_zone)
    open_s = current_branch().opens_s
    is_today = board.day == board.today and SERVICE_DAY_START_S <= now_s < SERVICE_DAY_END_S
    from_s = (now_s if kind in {TroubleKind.ILL, TroubleKind.NO_SHOW} else now_s // QUARTER_S * QUARTER_S) // 60 * 60
    from_s = from_s if is_today else open_s
    usual = {
        "from": clock_value(from_s),
        "to": clock_value(min(SERVICE_DAY_END_S, from_s + TWO_HOURS_S)),
        "minutes": "20",
    }
    if kind in {TroubleKind.TRAFFIC, TroubleKind.RAIN}:
        usual["percent"] = str(usual_percent(ConditionKind(kind.value)))
    return usual


def _who() -> tuple[Services, Actor]:
    return current_services(), current_actor()


def _to_board(day: str) -> Response:
    return redirect(url_for("board.day_page", day=day), code=303)
