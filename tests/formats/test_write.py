"""Files going out: spreadsheets run nothing from them, names survive, calendars know a newer revision."""

import csv
import io
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.formats.calendar import CalendarEntry, calendar_bytes
from dispatch.formats.files import read_plan, read_problem, write_noun
from dispatch.formats.read import read_table
from dispatch.formats.table import FORMULA_STARTS, Sheet
from dispatch.formats.write import csv_bytes, xlsx_bytes
from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Certificate, Result
from dispatch.model.plan import Plan, Route
from dispatch.model.timetable import Cost
from tests.strategies import day_booking, day_problem, day_therapist

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    "+60123",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "=cmd|' /C calc'!A0",
    "陈美玲",
    "{{7*7}}",
    "</script>",
    "a\nb",
    "'x",
)


def sheet(*texts: str) -> Sheet:
    """Give a sheet with these texts in one row."""
    return Sheet(title="Plan: 1/2", header=tuple(f"h{i}" for i in range(len(texts))), rows=(texts,))


def test_no_cell_of_a_csv_is_a_formula() -> None:
    """Every text a spreadsheet could run gets a guard mark, and the file begins with the mark Excel needs."""
    data = csv_bytes(sheet(*HOSTILE))
    assert data.startswith(b"\xef\xbb\xbf")
    row = next(iter(csv.reader(io.StringIO(data.decode("utf-8-sig")))))
    assert row == [f"h{i}" for i in range(len(HOSTILE))]
    cells = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1]
    assert not any(cell.startswith(FORMULA_STARTS) for cell in cells)
    assert "陈美玲" in cells


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    """Texts in a workbook are stored as texts, guarded too; numbers stay numbers."""
    data = xlsx_bytes((Sheet(title="a[b]", header=("x", "n"), rows=(("=1+1", 5), ("陈", 6))),), made_at=NOW)
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert page.title == "a b"
    assert [[cell.data_type for cell in row] for row in page.iter_rows(min_row=2)] == [["s", "n"], ["s", "n"]]
    assert page["A2"].value == "'=1+1"
    assert page["B3"].value == 6


@given(texts=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=1, max_size=4))
def test_what_we_write_we_read_back(texts: list[str]) -> None:
    """A table written as CSV or XLSX and imported again has the same words in it."""
    wanted = tuple(" ".join(text.split()) for text in texts)
    if not any(wanted):
        return
    out = Sheet(title="t", header=tuple(f"h{i}" for i in range(len(wanted))), rows=(wanted,))
    for filename, data in (("a.csv", csv_bytes(out)), ("a.xlsx", xlsx_bytes((out,), made_at=NOW))):
        table = read_table(filename, data)
        assert table.rows == (tuple(unicodedata.normalize("NFC", text) for text in wanted),)


def entry(start: datetime) -> CalendarEntry:
    """Give one entry of an hour."""
    return CalendarEntry(
        uid="b1-0.aina@laluan",
        start=start,
        end=start + timedelta(hours=1),
        summary="Visit F., Bangsar",
        location="Bangsar",
    )


def test_a_calendar_is_one_that_others_read() -> None:
    """The calendar parses, keeps its identity, and a later revision has a higher sequence."""
    first = icalendar.Calendar.from_ical(calendar_bytes("Aina", (entry(NOW),), sequence=1, made_at=NOW))
    later = NOW + timedelta(minutes=30)
    second = icalendar.Calendar.from_ical(calendar_bytes("Aina", (entry(later),), sequence=4, made_at=NOW))
    one, two = (next(iter(calendar.walk("VEVENT"))) for calendar in (first, second))
    assert one["uid"] == two["uid"] == "b1-0.aina@laluan"
    assert (one["sequence"], two["sequence"]) == (1, 4)
    assert two.decoded("dtstart") == later
    assert one["summary"] == "Visit F., Bangsar"


def test_a_problem_survives_its_file(tmp_path: Path) -> None:
    """A day's problem written to a file and read again is the same problem."""
    problem = day_problem([day_booking()], [day_therapist()])
    write_noun(problem, tmp_path / "day.json")
    assert read_problem(tmp_path / "day.json") == problem
    assert [path.name for path in tmp_path.iterdir()] == ["day.json"]


def test_a_plan_is_read_from_its_own_file_or_from_a_result(tmp_path: Path) -> None:
    """The referee takes a plan alone, and the result a solve wrote."""
    plan = Plan(routes=(Route(therapist_id="t1"),))
    result = Result(plan=plan, cost=Cost(), certificate=Certificate(), stopped=StopReason.BUDGET, rounds=3, seed=1)
    for noun in (plan, result):
        write_noun(noun, tmp_path / "plan.json")
        assert read_plan(tmp_path / "plan.json") == plan


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "formats.no_json"),
        ("[]", "formats.codec.wrong_type"),
        ('{"id": "x"}', "formats.codec.missing_key"),
        ('{"id": 1, "day": "2026-01-01", "locations": [], "matrices": []}', "formats.codec.wrong_type"),
        ('{"spoon": 1}', "formats.codec.unknown_key"),
    ],
)
def test_a_broken_problem_file_is_refused_by_name(tmp_path: Path, text: str, code: str) -> None:
    """A file that is no problem gets a sentence with its name and the path to what is wrong."""
    path = tmp_path / "day.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_problem(path)
    assert refused.value.code == code
    assert "day.json" in str(refused.value.values["file"])


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Writing into a folder that is not there is a sentence, and no half file is left."""
    with pytest.raises(BadInput) as refused:
        write_noun(Plan(), tmp_path / "nowhere" / "plan.json")
    assert refused.value.code == "formats.cannot_write"
