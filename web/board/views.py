"""The board's pages and what its buttons do: parse, one use case, render."""

from datetime import date, timedelta
from itertools import count

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput, NotFound
from dispatch.model.booking import Booking
from dispatch.model.job import Job, JobState
from dispatch.model.move import Move
from dispatch.model.plan import visit_id
from dispatch.work.days import DayBoard, day_board
from dispatch.work.explaining import why_left_out
from dispatch.work.moving import make_move, weigh_move
from dispatch.work.optimising import certified_so_far
from dispatch.work.permissions import Permission
from dispatch.work.planning import plan_job, plan_so_far, stop_plan
from dispatch.work.planning import publish as publish_plan
from dispatch.work.proposals import certificate_of
from dispatch.work.road import road_day
from web.access import needs
from web.board.routes import map_routes
from web.board.timeline import VisitBar, rows, scale
from web.current import current_actor, current_branch, current_services, today
from web.forms import Fields, parse_day
from web.maps import draw
from web.tiles import current_tiles
from web.translate import sentence

bp = Blueprint("board", __name__)

SECONDS = (5, 10, 20, 60, 120)
"""How long the planner may be asked to think."""

_OVER = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@bp.get("/")
@needs(Permission.READ_DAY)
def today_board() -> Response:
    """Go to the service day of this moment."""
    return redirect(url_for("board.day_page", day=today().isoformat()))


@bp.get("/day")
@needs(Permission.READ_DAY)
def choose_day() -> Response:
    """Go to the day chosen in the date picker."""
    return redirect(url_for("board.day_page", day=read_day(request.args.get("day", "")).isoformat()))


@bp.get("/day/<day>")
@needs(Permission.READ_DAY)
def day_page(day: str) -> str:
    """Show a service day: timeline, map, bookings left out, figures."""
    board = _board(day)
    all_rows, tiles = rows(board), current_tiles()
    return render_template(
        "board/day.html", map=draw(map_routes(board, all_rows), tiles=tiles), tiles=tiles, **_shown(board)
    )


@bp.get("/day/<day>/now")
@needs(Permission.READ_DAY)
def day_now(day: str) -> str:
    """Show the part of the board that a new plan changes."""
    return render_template("board/_now.html", fragment=True, **_shown(_board(day)))


@bp.get("/day/<day>/visit/<booking_id>/<int:seat>")
@needs(Permission.READ_DAY)
def visit(day: str, booking_id: str, seat: int) -> str:
    """Show one visit's card."""
    board, wanted = _board(day), visit_id(booking_id, seat)
    for row in rows(board):
        for item in row.items:
            if isinstance(item, VisitBar) and item.visit_id == wanted:
                locks = {lock.visit_id: lock for lock in board.problem.locks}
                return render_template(
                    "board/_visit.html",
                    item=item,
                    row=row,
                    times=board.timetable.visit(wanted),
                    lock=locks.get(wanted),
                    told=booking_id in board.told,
                    **_of(board, booking_id),
                )
    return render_template("board/_booking.html", **_of(board, booking_id))


@bp.get("/day/<day>/booking/<booking_id>")
@needs(Permission.READ_DAY)
def booking(day: str, booking_id: str) -> str:
    """Show one booking's card."""
    return render_template("board/_booking.html", **_of(_board(day), booking_id))


@bp.get("/day/<day>/booking/<booking_id>/why")
@needs(Permission.READ_DAY)
def why(day: str, booking_id: str) -> str:
    """Say why a booking is left out, therapist by therapist, and what would help."""
    explained = why_left_out(current_services(), current_actor(), read_day(day), booking_id)
    return render_template(
        "board/_why.html",
        explanation=explained.explanation,
        remedies=explained.remedies,
        names=explained.names,
        head_id=explained.head_id,
        day=read_day(day),
        booking_id=booking_id,
    )


@bp.get("/day/<day>/booking/<booking_id>/move")
@needs(Permission.PLANNING)
def weigh(day: str, booking_id: str) -> str:
    """Say what would come of a move by hand."""
    move = read_move(Fields(request.args), booking_id)
    weighed = weigh_move(current_services(), current_actor(), read_day(day), move)
    return render_template("board/_verdict.html", verdict=weighed.verdict, names=weighed.names)


@bp.post("/day/<day>/booking/<booking_id>/move")
@needs(Permission.PLANNING)
def move(day: str, booking_id: str) -> Response:
    """Move a booking by hand; refused where the plan seen here is no longer the newest."""
    fields, when = Fields(request.form), read_day(day)
    made = make_move(
        current_services(),
        current_actor(),
        when,
        read_move(fields, booking_id),
        head_id=request.form.get("head_id", ""),
        reason=request.form.get("reason", ""),
    )
    flash(sentence("web.moved", {"number": made.number}), "good")
    return _back(day)


@bp.get("/day/<day>/progress/<job_id>")
@needs(Permission.READ_DAY)
def progress(day: str, job_id: str) -> str:
    """Show how far the planner is; when it is done, the fragment fetches the new board."""
    job, proven = plan_so_far(current_services(), current_actor(), job_id)
    if job.day != read_day(day):
        raise NotFound("store.not_found", kind="Job", id=job_id)
    over = job.state in _OVER
    return render_template("board/_progress.html", job=job, over=over, polled=True, day=read_day(day), proven=proven)


@bp.post("/day/<day>/stop/<job_id>")
@needs(Permission.PLANNING)
def stop(day: str, job_id: str) -> Response:
    """Ask the planner to stop with the best plan it has."""
    stop_plan(current_services(), current_actor(), _job(day, job_id).id)
    return _back(day)


@bp.post("/day/<day>/publish")
@needs(Permission.PUBLISHING)
def publish(day: str) -> Response:
    """Make the plan seen here the one therapists see; refused where it is no longer the newest."""
    published = publish_plan(
        current_services(), current_actor(), read_day(day), head_id=request.form.get("head_id", "")
    )
    flash(sentence("web.published", {"number": published.number}), "good")
    return _back(day)


def read_move(fields: Fields, booking_id: str) -> Move:
    """Read a move: a therapist for each seat, and a start where one is given."""
    places: list[tuple[str, str]] = []
    for seat in count():
        if f"therapist-{seat}" not in fields.form:
            break
        name = fields.text(f"therapist-{seat}", label="Therapist")
        if name:
            places.append((visit_id(booking_id, seat), name))
    start_s = fields.clock("start", label="Fixed start", default=-1)
    fields.finish()
    return Move(places=tuple(places), start_s=None if start_s < 0 else start_s)


def read_day(text: str) -> date:
    """Read the date of an address; `BadInput` where it is none, or too far from any day that is planned."""
    day = parse_day(text)
    if day is None or text != day.isoformat() or not 2000 <= day.year <= 2100:
        raise BadInput("web.no_day", day=text[:40])
    return day


def _board(day: str) -> DayBoard:
    return day_board(current_services(), current_actor(), read_day(day))


def _job(day: str, job_id: str) -> Job:
    job = plan_job(current_services(), current_actor(), job_id)
    if job.day != read_day(day):
        raise NotFound("store.not_found", kind="Job", id=job_id)
    return job


def _back(day: str) -> Response:
    return redirect(url_for("board.day_page", day=day), code=303)


def _shown(board: DayBoard) -> dict[str, object]:
    """Give what the board's templates show."""
    from dispatch.model.day import seconds_of

    all_rows = rows(board)
    shown_scale = scale(all_rows)
    now_s = seconds_of(current_services().now(), board.day, current_branch().time_zone)
    return {
        "board": board,
        "day": board.day,
        "yesterday": board.day - timedelta(days=1),
        "tomorrow": board.day + timedelta(days=1),
        "rows": all_rows,
        "scale": shown_scale,
        "now_s": now_s if shown_scale.start_s <= now_s < shown_scale.end_s else None,
        "job": board.job,
        "proven": certified_so_far(board.job, published=board.published is not None) if board.job else (),
        "over": board.job is None or board.job.state in _OVER,
        "seconds_choices": SECONDS,
        "names": board.names,
        "road": road_day(current_services(), current_actor(), board),
        "certificate": certificate_of(board.proposal or board.head),
    }


def _of(board: DayBoard, booking_id: str) -> dict[str, object]:
    """Give what a card says of one booking."""
    wanted: Booking | None = board.bookings.get(booking_id)
    if wanted is None:
        raise NotFound("store.not_found", kind="Booking", id=booking_id)
    serving = {visit: route.therapist_id for route in board.plan.routes for visit in route.visit_ids()}
    reasons = [left.reason for left in board.left_out if left.booking_id == booking_id]
    return {
        "board": board,
        "day": board.day,
        "booking": wanted,
        "client": board.clients[wanted.client_id],
        "address": board.addresses[wanted.address_id],
        "building": board.building_of(booking_id),
        "treatment": board.treatments[wanted.treatment_id],
        "reason": reasons[0] if reasons else None,
        "serving": [serving.get(visit_id(booking_id, seat), "") for seat in range(len(wanted.seats))],
        "team": sorted((board.names.get(one.id, one.id), one.id) for one in board.problem.therapists),
        "violations": [broken for broken in board.violations if broken.booking_id == booking_id],
        "names": board.names,
        "road": road_day(current_services(), current_actor(), board),
    }
