"""Optimising as a proposal: what the planner is asked for, and its answer taken over whole, in part, or not at all."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import NotFound
from dispatch.model.options import Freedom, PlanOptions, Scope, Stability
from dispatch.model.timetable import Timetable
from dispatch.words import clock
from dispatch.work.days import DayBoard, day_board
from dispatch.work.permissions import Permission
from dispatch.work.planning import ask_for_plan
from dispatch.work.proposals import ProposalPage, accept_proposal, drop_proposal, proposal_page
from web.access import needs
from web.board.routes import line_of
from web.board.views import bp, read_day
from web.current import current_actor, current_services
from web.forms import Fields
from web.maps import MapRoute, MapStop, draw
from web.translate import sentence, translate

_FIRST_OLD_KEY = 1_000
"""The keys of old routes on the map begin here, beyond any row of the timeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """Something of the day that the planner may be told to work on."""

    id: str
    name: str
    detail: str


@bp.post("/day/<day>/plan")
@needs(Permission.PLANNING)
def plan(day: str) -> Response:
    """Ask the planner for a better plan of the day, or of the part of it that was chosen."""
    fields, when = Fields(request.form), read_day(day)
    seconds = fields.integer("seconds", label="Seconds", least=1, most=600, default=20)
    options = PlanOptions(
        scope=fields.maybe("scope", Scope, label="What may change") or Scope.DAY,
        freedom=fields.maybe("freedom", Freedom, label="How much may change") or Freedom.FREE,
        stability=fields.maybe("stability", Stability, label="Price of a change") or Stability.SOME,
        therapist_ids=fields.many("therapist"),
        booking_ids=fields.many("booking"),
        keep_told=request.form.get("told") != "free",
    )
    fields.finish()
    ask_for_plan(current_services(), current_actor(), when, seconds=seconds, options=options)
    return _to_board(day)


@bp.get("/day/<day>/plan/options")
@needs(Permission.PLANNING)
def plan_options(day: str) -> str:
    """Show what the planner can be told: where it may work, how freely, and what a change costs."""
    board = day_board(current_services(), current_actor(), read_day(day))
    return render_template(
        "board/proposal_options.html",
        therapists=_therapists(board),
        bookings=_bookings(board),
        weights=board.branch.weights,
    )


@bp.get("/day/<day>/proposal")
@needs(Permission.READ_DAY)
def proposal(day: str) -> str | Response:
    """Show the proposal: figures before and after, every change, and the old and the new routes on the map.

    Where a choice is in the address, that one is shown; else all changes are taken.
    """
    try:
        page = _page(day)
    except NotFound as missing:
        if missing.code != "proposal.none":
            raise
        flash(sentence(missing.code), "warn")
        return _to_board(day)
    return render_template("board/proposal.html", map=draw(_routes(page), name="proposal"), **_shown(page))


@bp.get("/day/<day>/proposal/choice")
@needs(Permission.READ_DAY)
def proposal_choice(day: str) -> str:
    """Show what a choice of changes comes to."""
    return render_template("board/proposal_choice.html", **_shown(_page(day)))


@bp.post("/day/<day>/proposal")
@needs(Permission.PLANNING)
def decide(day: str) -> Response:
    """Take the proposal over, whole or the changes chosen, or put it away."""
    services, actor, when = current_services(), current_actor(), read_day(day)
    proposal_id = request.form.get("proposal_id", "")
    if request.form.get("answer") == "drop":
        drop_proposal(services, actor, when, proposal_id=proposal_id)
        flash(sentence("proposal.dropped"), "good")
        return _to_board(day)
    chosen = request.form.getlist("change") if "some" in request.form else None
    head_id = request.form.get("head_id", "")
    taken = accept_proposal(services, actor, when, proposal_id=proposal_id, head_id=head_id, chosen=chosen)
    flash(sentence("proposal.taken", {"number": taken.number, "served": taken.served}), "good")
    return _to_board(day)


def _page(day: str) -> ProposalPage:
    chosen = request.args.getlist("change") if "some" in request.args else None
    return proposal_page(current_services(), current_actor(), read_day(day), chosen=chosen)


def _to_board(day: str) -> Response:
    return redirect(url_for("board.day_page", day=day), code=303)


def _shown(page: ProposalPage) -> dict[str, object]:
    """Give what the templates of a proposal show."""
    return {
        "page": page,
        "day": page.board.day,
        "board": page.board,
        "choice": page.choice,
        "names": page.board.names,
        "proposal": page.proposal,
    }


def _therapists(board: DayBoard) -> list[Choosable]:
    """Give the therapists on duty by name, with how many visits each has."""
    found = [
        Choosable(
            id=one.id,
            name=board.names.get(one.id, one.id),
            detail=sentence("proposal.visits", {"count": len(board.plan.route_of(one.id).visit_ids())}),
        )
        for one in board.problem.therapists
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def _bookings(board: DayBoard) -> list[Choosable]:
    """Give the day's bookings, those left out first and then by their start."""
    starts = {visit.booking_id: visit.start_s for route in board.timetable.routes for visit in route.visits()}
    late = max(starts.values(), default=0)
    ordered = sorted(board.problem.bookings, key=lambda one: (one.id in starts, starts.get(one.id, late), one.id))
    return [
        Choosable(
            id=one.id,
            name=board.names.get(one.id, one.id),
            detail=clock(starts[one.id]) if one.id in starts else translate("left out"),
        )
        for one in ordered
    ]


def _routes(page: ProposalPage) -> tuple[MapRoute, ...]:
    """Give the routes that differ: as they were, grey, and above them the proposed ones in their colours."""
    board = page.board
    team = [one.id for one in board.problem.therapists]
    changed = [name for name in team if _places(board.timetable, name) != _places(page.timetable, name)]
    old = [
        _route(board, board.timetable, name, key=_FIRST_OLD_KEY + number, old=True)
        for number, name in enumerate(changed)
    ]
    new = [_route(board, page.timetable, name, key=number) for number, name in enumerate(changed)]
    return (*old, *new)


def _places(timetable: Timetable, therapist_id: str) -> list[str]:
    return [visit.visit_id for visit in timetable.route_of(therapist_id).visits()]


def _route(board: DayBoard, timetable: Timetable, therapist_id: str, *, key: int, old: bool = False) -> MapRoute:
    """Give one route as the map draws it; an old one has no stops of its own."""
    times, name = timetable.route_of(therapist_id), board.names.get(therapist_id, therapist_id)
    stops = []
    for number, visit in enumerate(() if old else times.visits(), start=1):
        place = board.problem.locations[visit.location]
        label = f"{clock(visit.start_s)} · {board.names.get(visit.booking_id, '')} · {name}"
        stops.append(MapStop(number=str(number), lat=place.lat, lon=place.lon, id=visit.visit_id, label=label))
    return MapRoute(
        key=key,
        colour=board.therapists[therapist_id].colour,
        label=sentence("proposal.route_before", {"therapist": name}) if old else name,
        line=line_of(board, times),
        stops=tuple(stops),
        old=old,
    )
