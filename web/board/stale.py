"""What somebody is shown whose change came too late: what she wanted, what the plan is now, by whom, and the way back."""

from datetime import date

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from dispatch.errors import Conflict
from dispatch.work.days import DayBoard, day_board
from dispatch.work.presence import last_change, plan_differences
from web import errors
from web.board.views import bp, read_day
from web.current import current_actor, current_services, local_time
from web.translate import translate as _

MOST_LINES = 12
"""A plan made anew moves nearly everything; more lines than this tell nobody more."""

_HIDDEN = frozenset(
    {"csrf_token", "head_id", "proposal_id", "version", "answer", "fix", "plan", "look", "shown_s", "fixed_s"}
    | {"some", "change"}
)
_LABELS = {
    "start": "Fixed start",
    "reason": "Reason",
    "seconds": "Seconds",
    "from": "From",
    "to": "Until",
    "percent": "Slower by",
    "minutes": "Minutes more than planned",
    "bumped": "Instead of somebody else",
}


@bp.errorhandler(Conflict)
def stale(error: Conflict) -> Response:
    """Answer a change that came too late with the newer state; nothing of it was kept."""
    if request.method != "POST" or "day" not in (request.view_args or {}):
        return errors.answer(error)
    when = read_day((request.view_args or {})["day"])
    board = day_board(current_services(), current_actor(), when)
    template = "board/_stale.html" if request.headers.get("HX-Request") == "true" else "board/stale.html"
    page = render_template(
        template,
        sentences=errors.sentences_of(error),
        day=when,
        board=board,
        late=_is_late(error, board),
        subject=_subject(board),
        wanted=_wanted(board),
        again=_again(board),
        **_newer(board, when),
    )
    return make_response(page, errors.status_of(error))


def _is_late(error: Conflict, board: DayBoard) -> bool:
    """Tell whether the change was refused because somebody was faster, and not by a rule."""
    shown = request.form.get("head_id", "")
    return error.code.endswith("moved") or bool(shown and board.head and shown != board.head.id)


def _newer(board: DayBoard, when: date) -> dict[str, object]:
    """Give who made the newest plan, when, and what became of the one that was shown."""
    services, actor, shown = current_services(), current_actor(), request.form.get("head_id", "")
    if board.head is None:
        return {"by": "", "made_at": "", "changes": (), "more": 0, "names": board.names}
    made = last_change(services, actor, board.head.id)
    changes, names = plan_differences(services, actor, when, shown) if shown else ((), {})
    return {
        "by": made.name if made else "",
        "made_at": local_time(board.head.created_at),
        "changes": changes[:MOST_LINES],
        "more": max(0, len(changes) - MOST_LINES),
        "names": board.names | names,
    }


def _subject(board: DayBoard) -> str:
    """Give the name of the booking a change was about, if it was about one."""
    return board.names.get(str((request.view_args or {}).get("booking_id", "")), "")


def _wanted(board: DayBoard) -> list[tuple[str, str]]:
    """Give what was filled in, with names for ids and labels for fields."""
    found = []
    for name, value in request.form.items(multi=True):
        if name in _HIDDEN or not value:
            continue
        label = "Therapist" if name.startswith("therapist-") else _LABELS.get(name, name.replace("_", " ").capitalize())
        found.append((_(label), board.names.get(value, value)))
    return found


def _again(board: DayBoard) -> list[tuple[str, str]]:
    """Give the fields of the same move for the newer plan, where it is a move of a booking that is still there."""
    booking = board.bookings.get(str((request.view_args or {}).get("booking_id", "")))
    if request.endpoint != "board.move" or booking is None or board.head is None:
        return []
    if request.form.get("head_id", "") == board.head.id:
        return []  # it was refused for another reason than its age
    known = {f"therapist-{seat}" for seat in range(len(booking.seats))} | {"start", "reason"}
    return [(name, value) for name, value in request.form.items() if name in known]
