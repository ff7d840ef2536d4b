"""The plan to take away: tables, calendars, and run sheets to print."""

from datetime import date
from http import HTTPStatus

from flask import Response as FlaskResponse

from dispatch.errors import NotFound
from dispatch.work.days import day_board
from dispatch.work.exports import calendar_file, plan_file, run_sheets
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.imports import as_download
from web.desk.pages import page
from web.errors import sentences_of
from web.forms import parse_day
from web.language import reader_language

Page = tuple[str, int]


@bp.get("/export/<day>")
@needs(Permission.READ_DAY)
def export_day(day: str) -> Page:
    """Show what of a day's plan can be taken away."""
    on = _day(day)
    board = day_board(current_services(), current_actor(), on)
    plan = board.published.plan if board.published else None
    people = [
        one
        for one in sorted(board.therapists.values(), key=lambda one: one.name.casefold())
        if plan and plan.route_of(one.id).visit_ids()
    ]
    return page("desk/export.html", day=on, board=board, people=people)


@bp.get("/export/<day>/plan.<any(csv, xlsx):form>")
@needs(Permission.READ_DAY)
def plan_table(day: str, form: str) -> FlaskResponse:
    """Give the plan being worked on as a table."""
    return as_download(plan_file(current_services(), current_actor(), _day(day), form, language=reader_language()))


@bp.get("/export/<day>/<therapist_id>.ics")
@needs(Permission.READ_DAY)
def plan_calendar(day: str, therapist_id: str) -> FlaskResponse:
    """Give a therapist's published day as a calendar."""
    return as_download(
        calendar_file(current_services(), current_actor(), _day(day), therapist_id, language=reader_language())
    )


@bp.get("/export/<day>/run-sheet")
@needs(Permission.READ_DAY)
def run_sheet(day: str) -> Page:
    """Show the published day of every therapist, a page of paper each; before it is published, say so."""
    on = _day(day)
    try:
        sheets = run_sheets(current_services(), current_actor(), on)
    except NotFound as error:
        body, _ = page("desk/run_sheet.html", day=on, sheets=(), said=sentences_of(error))
        return body, HTTPStatus.NOT_FOUND
    return page("desk/run_sheet.html", day=on, sheets=sheets, said=[])


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise NotFound("web.no_day", day=text[:40])
    return day
