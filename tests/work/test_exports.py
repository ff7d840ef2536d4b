"""The plan to take away: every visit once, nothing run by a spreadsheet, nothing about health in a calendar."""

import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import icalendar
import pytest

from dispatch.errors import Forbidden, NotFound
from dispatch.formats.read import read_table
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.model.people import Client
from dispatch.model.timetable import VisitTime
from dispatch.work.days import DayBoard, day_board
from dispatch.work.demo import create_demo
from dispatch.work.exports import calendar_file, plan_file, plan_sheet, run_sheets
from dispatch.work.planning import plan_now, publish
from tests.work.demo_office import MONDAY, DemoOffice, hashed, open_demo_office

HOSTILE = '=HYPERLINK("http://evil.example")'


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the demo planned and published, one client's name being a formula."""
    path = tmp_path_factory.mktemp("exports") / "demo.sqlite3"
    office = open_demo_office(path)
    create_demo(office.services, hash_password=hashed)
    with office.services.store.writing() as tx:
        tx.update(replace(tx.get(Client, "c01"), name=HOSTILE, first_name=HOSTILE))
    actor = office.actor(Role.DISPATCHER)
    revision = plan_now(office.services, actor, MONDAY, budget=Budget(rounds=0))
    publish(office.services, actor, MONDAY, head_id=revision.id)
    office.services.store.close()
    return path


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Iterator[DemoOffice]:
    """Give an office with the published demo, fresh for each test."""
    path = tmp_path / "demo.sqlite3"
    shutil.copy(founded, path)
    opened = open_demo_office(path, first_id=50_000)
    yield opened
    opened.services.store.close()


def board_of(office: DemoOffice) -> DayBoard:
    """Give the board as the dispatcher sees it."""
    return day_board(office.services, office.actor(Role.DISPATCHER), MONDAY)


def test_every_visit_and_every_booking_left_out_is_a_row(office: DemoOffice) -> None:
    """The table has each visit with its number, each break, and each booking left out with its reason, once."""
    board = board_of(office)
    sheet = plan_sheet(office.services, office.actor(Role.BOOKING_TAKER), MONDAY).sheet
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    visits = sum(len(route.visits()) for route in board.timetable.routes)
    stops = sum(len(route.stops) for route in board.timetable.routes)
    assert sum(row["What"] == "Visit" for row in rows) == visits
    assert sum(row["What"] == "Left out" for row in rows) == len(board.left_out) >= 3
    assert len(rows) == stops + len(board.left_out)
    zulkifli = next(row for row in rows if "Zulkifli" in str(row["Left out because"]))
    assert zulkifli["Client"] == "Hazwan Idris"


def test_figures_are_rounded_as_on_the_pages(office: DemoOffice) -> None:
    """Kilometres have one decimal, minutes of driving and waiting are whole ones rounded up, as the board shows them."""
    board = board_of(office)
    sheet = plan_sheet(office.services, office.actor(Role.DISPATCHER), MONDAY).sheet
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]
    told = sorted((row["Distance (km)"], row["Travel (min)"], row["Waiting (min)"]) for row in rows if row["No."])
    stops = [stop for route in board.timetable.routes for stop in route.stops if isinstance(stop, VisitTime)]
    assert told == sorted(
        (float(f"{stop.distance_m / 1000:.1f}"), math.ceil(stop.travel_s / 60), math.ceil(stop.wait_s / 60))
        for stop in stops
    )
    assert any(stop.wait_s % 60 for stop in stops) or any(stop.distance_m % 1000 for stop in stops)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_files_hold_the_table_and_run_nothing(office: DemoOffice, form: str) -> None:
    """CSV and XLSX hold the same rows; a name that is a formula is text in both, and Chinese names survive."""
    actor = office.actor(Role.DISPATCHER)
    sheet = plan_sheet(office.services, actor, MONDAY).sheet
    file = plan_file(office.services, actor, MONDAY, form)
    assert file.filename == f"plan-2026-11-23.{form}"
    table = read_table(file.filename, file.data)
    assert table.header == sheet.header
    # A workbook keeps 3.0 as the number 3.
    shown = [[str(cell).removesuffix(".0") if form == "xlsx" else str(cell) for cell in row] for row in sheet.rows]
    assert [list(row) for row in table.rows] == shown
    assert f"'{HOSTILE}".replace('"', '""' if form == "csv" else '"').encode() in file.data or form == "xlsx"
    assert any("王美玲" in cell for row in table.rows for cell in row)


def test_a_calendar_names_areas_and_initials_only(office: DemoOffice) -> None:
    """A therapist's calendar has her visits with stable identities, and no name, treatment or address in it."""
    actor = office.actor(Role.DISPATCHER)
    board = board_of(office)
    calendar = calendar_file(office.services, actor, MONDAY, "aina")
    events = list(icalendar.Calendar.from_ical(calendar.data).walk("VEVENT"))
    visits = board.timetable.route_of("aina").visits()
    assert [str(event["uid"]) for event in events] == [
        f"{visit.booking_id}-{visit.visit_id[-1]}.aina@laluan" for visit in visits
    ]
    assert {str(event["sequence"]) for event in events} == {"1"}
    text = calendar.data.decode().casefold()
    treatments = [treatment.name for treatment in board.treatments.values()]
    for word in (*treatments, "james", "whitfield", "hilton", "2108", "pain"):
        assert word.casefold() not in text


def test_an_unpublished_plan_leaves_the_house_only_as_a_table(office: DemoOffice) -> None:
    """Calendars and run sheets show what is published; a later revision changes them when it is published."""
    actor = office.actor(Role.DISPATCHER)
    before = calendar_file(office.services, actor, MONDAY, "aina").data
    revision = plan_now(office.services, actor, MONDAY, budget=Budget(rounds=2))
    assert calendar_file(office.services, actor, MONDAY, "aina").data == before
    publish(office.services, actor, MONDAY, head_id=revision.id)
    after = icalendar.Calendar.from_ical(calendar_file(office.services, actor, MONDAY, "aina").data)
    assert {str(event["sequence"]) for event in after.walk("VEVENT")} == {"2"}


def test_run_sheets_are_for_everybody_with_visits(office: DemoOffice) -> None:
    """There is one run sheet for each therapist with visits, by name, with her stops in order."""
    board = board_of(office)
    sheets = run_sheets(office.services, office.actor(Role.DISPATCHER), MONDAY)
    working = {route.therapist_id for route in board.timetable.routes if route.visits()}
    assert {sheet.therapist.id for sheet in sheets} == working
    names = [sheet.therapist.name.casefold() for sheet in sheets]
    assert names == sorted(names)
    for sheet in sheets:
        starts = [stop.start_s for stop in sheet.day.stops]
        assert starts == sorted(starts)


def test_a_day_without_a_plan_has_nothing_to_take_away(office: DemoOffice) -> None:
    """Exporting a day nobody has planned or published is a sentence, not an empty file."""
    actor = office.actor(Role.DISPATCHER)
    other = MONDAY.replace(day=30)
    for code, export in (
        ("export.no_plan", lambda: plan_file(office.services, actor, other, "csv")),
        ("export.not_published", lambda: calendar_file(office.services, actor, other, "aina")),
        ("export.not_published", lambda: run_sheets(office.services, actor, other)),
    ):
        with pytest.raises(NotFound) as refused:
            export()
        assert refused.value.code == code


def test_a_therapist_exports_nothing(office: DemoOffice) -> None:
    """The whole day's plan, and colleagues' calendars, are not for a therapist."""
    therapist = replace(office.actor(Role.THERAPIST), therapist_id="aina")
    with pytest.raises(Forbidden):
        plan_file(office.services, therapist, MONDAY, "csv")
    with pytest.raises(Forbidden):
        calendar_file(office.services, therapist, MONDAY, "meiling")
