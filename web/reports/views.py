"""The report page and its files: parse the span, one use case, render."""

from calendar import monthrange
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from dispatch.errors import BadInput
from dispatch.work.permissions import Permission
from dispatch.work.report_sheets import report_table, report_workbook
from dispatch.work.reports import BranchReport, branch_report
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk.imports import as_download
from web.errors import sentences_of
from web.forms import parse_day
from web.language import reader_language
from web.reports.days import day_charts
from web.reports.heat import area_map, weekday_map
from web.reports.people import therapist_rows

bp = Blueprint("reports", __name__)

Span = tuple[date | None, date | None]


@bp.get("/reports")
@needs(Permission.REPORTS)
def report_page() -> tuple[str, int]:
    """Show the report over the span asked for; a span that cannot be is said, and four weeks are shown instead."""
    trouble: list[str] = []
    try:
        given = branch_report(current_services(), current_actor(), *_span())
    except BadInput as error:
        trouble = sentences_of(error)
        given = branch_report(current_services(), current_actor())
    page = render_template(
        "reports/report.html",
        given=given,
        report=given.report,
        span={"from": given.first.isoformat(), "to": given.last.isoformat()},
        trouble=trouble,
        presets=_presets(given),
        charts=day_charts(given.report),
        people=therapist_rows(given),
        weekdays=weekday_map(given.report.demand),
        areas=area_map(given.report.demand),
    )
    return page, 400 if trouble else 200


@bp.get("/reports/report.xlsx")
@needs(Permission.REPORTS)
def report_xlsx() -> Response:
    """Give all tables of the report as one workbook."""
    return as_download(report_workbook(current_services(), current_actor(), *_span(), language=reader_language()))


@bp.get("/reports/<any(days, therapists, hours, areas, reasons, noted):table>.csv")
@needs(Permission.REPORTS)
def report_csv(table: str) -> Response:
    """Give one table of the report as CSV."""
    return as_download(report_table(current_services(), current_actor(), table, *_span(), language=reader_language()))


def _span() -> Span:
    """Read the span's ends from the address; one that is left open is None."""
    return _day("from"), _day("to")


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    day = parse_day(text) if text else None
    if text and day is None:
        raise BadInput("web.no_day", day=text[:40])
    return day


def _presets(given: BranchReport) -> tuple[tuple[str, date, date, bool], ...]:
    """Give the spans offered by name: label, first day, last day, and whether it is the one shown."""
    now = today()
    month = now.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    spans = (
        ("7 days", now - timedelta(days=6), now),
        ("4 weeks", now - timedelta(days=27), now),
        ("12 weeks", now - timedelta(days=83), now),
        ("This month", month, now),
        ("Last month", before, before.replace(day=monthrange(before.year, before.month)[1])),
    )
    return tuple((label, first, last, (first, last) == (given.first, given.last)) for label, first, last in spans)
