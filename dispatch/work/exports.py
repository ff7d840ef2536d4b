"""Gives a day's plan to take away: as a table, as a therapist's calendar, as run sheets to print."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dispatch.errors import NotFound
from dispatch.formats.table import Sheet
from dispatch.model.account import Actor
from dispatch.model.day import moment_of
from dispatch.model.kinds import Role
from dispatch.model.plan import booking_of
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import BreakTime, VisitTime
from dispatch.words import clock, kilometres, minutes, sentence
from dispatch.work.days import DayBoard, day_board
from dispatch.work.doing import branch_of, by_name, fetch
from dispatch.work.permissions import Permission, allow
from dispatch.work.phones import PhoneDay, PhoneVisit, phone_day
from dispatch.work.services import Services

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ICS_TYPE = "text/calendar; charset=utf-8"
TEMPLATE_MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Templates carry one date of their own, so that the same template is the same file."""

COLUMNS = (
    "therapist",
    "number",
    "what",
    "leave",
    "travel",
    "start",
    "end",
    "client",
    "treatment",
    "minutes",
    "building",
    "unit",
    "area",
    "distance",
    "waiting",
    "left_out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file to download: its name, its media type, its bytes."""

    filename: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A day's plan as a table: a row for each visit and break in order, then one for each booking left out."""

    day: date
    revision_number: int
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheet:
    """One therapist's published day, to be printed on A4."""

    therapist: Therapist
    day: PhoneDay


def plan_sheet(services: Services, actor: Actor, day: date, *, language: str = "en") -> PlanSheet:
    """Give the plan being worked on as a table; `NotFound` where the day has no plan yet."""
    board = day_board(services, actor, day)
    if board.head is None:
        raise NotFound("export.no_plan", day=day.isoformat())
    rows = (*_route_rows(board, language), *_left_out_rows(board, language))
    return PlanSheet(
        day=day,
        revision_number=board.head.number,
        sheet=Sheet(
            title=sentence("export.sheet", {"day": day.isoformat()}, language=language),
            header=tuple(sentence(f"export.column.{key}", language=language) for key in COLUMNS),
            rows=rows,
        ),
    )


def plan_file(services: Services, actor: Actor, day: date, form: str, *, language: str = "en") -> ExportedFile:
    """Give the plan being worked on as a file, `csv` or `xlsx`; no cell of it is run by a spreadsheet program."""
    from dispatch.formats.write import csv_bytes, xlsx_bytes

    sheet = plan_sheet(services, actor, day, language=language).sheet
    name = f"plan-{day.isoformat()}.{'csv' if form == 'csv' else 'xlsx'}"
    if form == "csv":
        return ExportedFile(filename=name, media_type=CSV_TYPE, data=csv_bytes(sheet))
    return ExportedFile(filename=name, media_type=XLSX_TYPE, data=xlsx_bytes((sheet,), made_at=services.now()))


def calendar_file(
    services: Services, actor: Actor, day: date, therapist_id: str, *, language: str = "en"
) -> ExportedFile:
    """Give a therapist's published day as an iCalendar file: areas and initials only, nothing about anybody's health.

    An entry keeps its identity through every revision, and a later revision's entries replace an earlier one's.
    """
    from dispatch.formats.calendar import CalendarEntry, calendar_bytes

    sheet = _published(services, actor, day, therapist_id)
    with services.store.reading() as tx:
        zone = branch_of(tx, actor).time_zone
    entries = tuple(
        CalendarEntry(
            uid=f"{visit.visit_id.replace('/', '-')}.{therapist_id}@laluan",
            # Whole minutes, as everybody is told them.
            start=moment_of(visit.start_s // 60 * 60, day, zone),
            end=moment_of(visit.end_s // 60 * 60, day, zone),
            summary=sentence(
                "export.calendar_entry", {"initial": visit.client_first_name[:1], "area": visit.area}, language=language
            ),
            location=visit.area,
        )
        for visit in sheet.day.stops
        if isinstance(visit, PhoneVisit)
    )
    data = calendar_bytes(
        sentence("export.calendar", {"name": sheet.therapist.name, "day": day.isoformat()}, language=language),
        entries,
        sequence=sheet.day.revision_number,
        made_at=services.now(),
    )
    return ExportedFile(filename=f"{therapist_id}-{day.isoformat()}.ics", media_type=ICS_TYPE, data=data)


def run_sheets(services: Services, actor: Actor, day: date) -> tuple[RunSheet, ...]:
    """Give the published day of every therapist who has visits, by name; `NotFound` where nothing is published."""
    board = day_board(services, actor, day)
    if board.published is None:
        raise NotFound("export.not_published", day=day.isoformat())
    on_plan = {route.therapist_id for route in board.published.plan.routes if route.visit_ids()}
    with services.store.reading() as tx:
        team = by_name(one for one in tx.list(Therapist, actor.branch_id) if one.id in on_plan)
    sheets = (_published(services, actor, day, therapist.id) for therapist in team)
    return tuple(sheet for sheet in sheets if sheet.day.stops)


def _published(services: Services, actor: Actor, day: date, therapist_id: str) -> RunSheet:
    """Give a therapist's published day as her phone shows it; `NotFound` where nothing is published."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        therapist = fetch(tx, actor, Therapist, therapist_id)
    herself = Actor(
        id=actor.id,
        branch_id=actor.branch_id,
        name=therapist.name,
        role=Role.THERAPIST,
        therapist_id=therapist.id,
    )
    shown = phone_day(services, herself, day)
    if not shown.published:
        raise NotFound("export.not_published", day=day.isoformat())
    return RunSheet(therapist=therapist, day=shown)


def _route_rows(board: DayBoard, language: str) -> Iterator[tuple[str | float, ...]]:
    """Give a row for each visit and break, therapists by name, stops in order."""
    for therapist in by_name(board.therapists.values()):
        number = 0
        for stop in board.timetable.route_of(therapist.id).stops:
            if isinstance(stop, BreakTime):
                yield _break_row(board, therapist, stop, language)
            else:
                number += 1
                yield _visit_row(board, therapist, stop, number, language)


def _break_row(board: DayBoard, therapist: Therapist, stop: BreakTime, language: str) -> tuple[str | float, ...]:
    kinds = {pause.id: pause.kind for pause in board.problem.therapist(therapist.id).breaks}
    cells: dict[str, str | float] = {
        "therapist": therapist.name,
        "what": sentence(f"export.break.{kinds[stop.break_id]}", language=language),
        "start": clock(stop.start_s),
        "end": clock(stop.end_s),
        "area": board.problem.locations[stop.location].area,
    }
    return tuple(cells.get(key, "") for key in COLUMNS)


def _visit_row(
    board: DayBoard, therapist: Therapist, stop: VisitTime, number: int, language: str
) -> tuple[str | float, ...]:
    cells: dict[str, str | float] = {
        "therapist": therapist.name,
        "number": number,
        "what": sentence("export.visit", language=language),
        "leave": clock(stop.depart_s),
        "travel": int(minutes(stop.travel_s)),
        "start": clock(stop.start_s),
        "end": clock(stop.end_s),
        "distance": float(kilometres(stop.distance_m)),
        "waiting": int(minutes(stop.wait_s)),
        **_booking_cells(board, stop.booking_id, booking_of(stop.visit_id)[1]),
    }
    return tuple(cells.get(key, "") for key in COLUMNS)


def _left_out_rows(board: DayBoard, language: str) -> Iterator[tuple[str | float, ...]]:
    """Give a row for each booking left out, with the first window and the reason."""
    for left_out in board.left_out:
        window = board.bookings[left_out.booking_id].windows[0]
        reason = left_out.reason
        cells: dict[str, str | float] = {
            "what": sentence("export.left_out", language=language),
            "start": clock(window.start_s),
            "left_out": sentence(reason.code, reason.named(), names=board.names, language=language),
            **_booking_cells(board, left_out.booking_id, 0),
        }
        yield tuple(cells.get(key, "") for key in COLUMNS)


def _booking_cells(board: DayBoard, booking_id: str, seat: int) -> dict[str, str | float]:
    """Give the cells that say whom, what and where."""
    booking = board.bookings[booking_id]
    address, building = board.addresses[booking.address_id], board.building_of(booking_id)
    treatment = board.treatments[booking.seats[seat].treatment_id or booking.treatment_id]
    return {
        "client": board.clients[booking.client_id].name,
        "treatment": treatment.name,
        "minutes": booking.minutes,
        "building": building.name,
        "unit": address.unit,
        "area": building.area,
    }
