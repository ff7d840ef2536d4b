"""Files made to hurt: JSON, tables and workbooks of every wrong kind are told in one sentence and leave nothing behind."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dispatch.errors import LaluanError
from dispatch.formats.files import read_problem
from dispatch.formats.limits import LIMIT_ROWS
from dispatch.formats.read import read_table
from dispatch.model.codec import to_json
from dispatch.rules.sound import problem_errors
from dispatch.work.doing import refuse
from tests.faults.doors import Doors, command, is_plain, table, written
from tests.faults.test_bad_input import BOOKINGS, GOOD
from tests.strategies import day_booking, day_problem, day_therapist, pause

HUGE = 10**30
DAY = day_problem([day_booking(), day_booking("b2", seats=2)], [day_therapist(breaks=(pause(),)), day_therapist("t2")])


def changed(path: str, value: Any) -> Any:
    """Give the good day as JSON with the value at a path (`bookings.0.id`) put in."""
    day = to_json(DAY)
    node = day
    *steps, last = path.split(".")
    for step in steps:
        node = node[int(step) if step.isdigit() else step]
    node[int(last) if last.isdigit() else last] = value
    return day


def refused(path: Path, value: Any) -> str:
    """Give what `laluan solve` says of a day that cannot be right: one sentence, exit code 2."""
    code, told = command("solve", written(path / "day.json", value), "--rounds", "1")
    assert code == 2, told
    assert len(told.splitlines()) == 1, told
    assert len(told) < 500, told
    return told


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("bookings", {}, ("bookings", "a list", "an object")),
        ("bookings.0", "b1", ("bookings[0]", "text")),
        ("bookings.0.duration_s", "3600", ("bookings[0].duration_s", "a whole number", "text")),
        ("bookings.0.duration_s", 3600.5, ("bookings[0].duration_s", "a number with a fraction")),
        ("bookings.0.duration_s", True, ("true or false",)),
        ("bookings.0.duration_s", None, ("nothing",)),
        ("bookings.0.duration_s", -3600, ("b1", "less than nought")),
        ("bookings.0.id", "\ud800", ("bookings[0].id", "half of a character")),
        ("bookings.0.id", "\x1b[31m", ("[31m",)),
        ("day", "2026-02-31", ("day", "2026-02-31")),
        ("day", 20260223, ("day", "a whole number")),
        ("therapists.0.gender", None, ("therapists[0].gender", "nothing")),
        ("therapists.0.gender", ["female"], ("therapists[0].gender", "a list")),
        ("therapists.0.gender", "F" * 9_000, ("therapists[0].gender", "female, male")),
        ("k" * 9_000, 1, ("kkk", "not known")),
        ("locations.0.lat", float("nan"), ("locations[0].lat", "without bounds")),
        ("locations.0.lat", 10**400, ("locations[0].lat", "without bounds")),
        ("locations.0.lat", 91, ("place-0", "no place on the earth")),
        ("locations.1.id", "place-0", ("location place-0", "2 times")),
        ("bookings.0.windows.0.end_s", HUGE, ("b1", "outside the service day", "172800")),
        ("bookings.0.windows.0.start_s", -HUGE, ("b1", "outside the service day")),
        ("facts", [{"visit_id": "b9/0", "therapist_id": "t1", "state": "started"}], ("b9/0",)),
        ("locks", [{"visit_id": "b1/0", "therapist_id": "nobody"}], ("b1/0", "nobody")),
        ("matrices", [], ("t1", "car")),
    ],
)
def test_a_wrong_value_in_a_problem_is_named_by_its_path(
    tmp_path: Path, path: str, value: Any, named: tuple[str, ...]
) -> None:
    """A value of the wrong kind is told with its path, what belongs there and what stands there instead."""
    if path in {"matrices", "bookings.0.id"}:
        value_day = changed(path, value)
        code, told = command("solve", written(tmp_path / "day.json", value_day), "--rounds", "1")
        assert code == (0 if "\x1b" in str(value) else 2)
        assert "\x1b" not in told
    else:
        told = refused(tmp_path, changed(path, value))
    for name in named:
        assert name in told


FIGURES = (
    "bookings.0.duration_s",
    "bookings.0.set_up_s",
    "bookings.0.pack_up_s",
    "bookings.0.late_tolerance_s",
    "bookings.0.access_s.0",
    "bookings.0.promise_s",
    "bookings.0.priority",
    "bookings.0.value_sen",
    "therapists.0.overtime_s",
    "therapists.0.rested_from_s",
    "therapists.0.carried_s",
    "therapists.0.limits.work_s",
    "therapists.0.limits.travel_s",
    "therapists.0.limits.consecutive_s",
    "therapists.0.limits.rest_s",
    "therapists.0.limits.visits",
    "therapists.0.breaks.0.duration_s",
    "therapists.0.breaks.0.latest_s",
    "matrices.0.reference_s.1",
    "matrices.0.distance_m.1",
    "matrices.0.fixed_s",
    "matrices.0.profile.rate_per_mille.0",
    "weights.travel_sen_per_h",
    "weights.familiar_visits_counted",
    "fair_share_s",
    "now_s",
)


@pytest.mark.parametrize("path", FIGURES)
@pytest.mark.parametrize("figure", [2**31 * 100, 2**62, HUGE])
def test_a_figure_no_day_could_hold_is_refused(tmp_path: Path, path: str, figure: int) -> None:
    """A figure that would outgrow the planner's arithmetic is one error, named by its path and bounds."""
    file = tmp_path / "day.json"
    written(file, changed(path, figure))
    [error] = problem_errors(read_problem(file))
    assert error.code == "problem.figure"
    assert path.rpartition(".")[2].strip("0123456789") in str(error.values["path"])
    assert len(str(error.values["number"])) < 30


def test_every_figure_is_told_by_the_command_too(tmp_path: Path) -> None:
    """A number of thirty digits is said in one short sentence with the bounds it must keep."""
    told = refused(tmp_path, changed("bookings.0.duration_s", HUGE))
    is_plain(told, "bookings[b1].duration_s", "must be from 1 to 172800")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"", "no JSON document"),
        (b"null", "an object is needed"),
        (b"[]", "an object is needed"),
        (bytes(range(256)), "UTF-8"),
        ("{}".encode("utf-16"), "UTF-8"),
        (b'{"id": "caf\xe9"}', "UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "more digits"),
        (b'{"id": "a", "id": "b"}', "key id stands twice"),
        (b'{"bookings": []', "no JSON document"),
    ],
)
def test_a_file_that_is_no_problem_is_told(tmp_path: Path, text: bytes, named: str) -> None:
    """Rubbish, other encodings, deep nesting, endless numbers and doubled keys are one sentence with the file's name."""
    path = tmp_path / "odd.json"
    path.write_bytes(text)
    for words in (("solve", str(path)), ("check", str(path), str(path))):
        code, told = command(*words)
        assert code == 2
        assert len(told.splitlines()) == 1
        is_plain(told, "odd.json", named)


@pytest.mark.parametrize(
    ("route", "named"),
    [
        ({"therapist_id": "nobody", "stops": [{"kind": "visit", "id": "b1/0"}]}, "nobody is not on this day's team"),
        ({"therapist_id": "t1", "stops": [{"kind": "visit", "id": "b9/0"}]}, "b9/0"),
        ({"therapist_id": "t1", "stops": [{"kind": "visit", "id": "b1"}]}, "b1 in t1's route"),
        ({"therapist_id": "t1", "stops": [{"kind": "visit", "id": "b1/-1"}]}, "b1/-1"),
        ({"therapist_id": "t1", "stops": [{"kind": "visit", "id": "b1/" + "9" * 5_000}]}, "t1's route"),
        ({"therapist_id": "t1", "stops": [{"kind": "break", "id": "tea"}]}, "break tea"),
    ],
)
def test_a_plan_that_names_what_is_not_there_breaks_rules(tmp_path: Path, route: Any, named: str) -> None:
    """A plan with an unknown therapist, visit or break is judged in sentences that name it, with exit code 1."""
    day, plan = written(tmp_path / "day.json", to_json(DAY)), written(tmp_path / "plan.json", {"routes": [route]})
    code, told = command("check", day, plan)
    assert code == 1
    is_plain(told, named, "The plan breaks rules")


@pytest.mark.parametrize("plan", [None, [], "x", {"routes": None}, {"routes": [{"stops": 1}]}, {"plan": {}}])
def test_a_file_that_is_no_plan_is_told(tmp_path: Path, plan: Any) -> None:
    """What is no plan is one sentence with the file's name and the path, with exit code 2."""
    day, file = written(tmp_path / "day.json", to_json(DAY)), written(tmp_path / "plan.json", plan)
    code, told = command("check", day, file)
    assert code == 2
    is_plain(told, "plan.json")
    assert len(told.splitlines()) == 1


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    """A result that cannot be written is told with the place, and no unfinished file stays behind."""
    day = written(tmp_path / "day.json", to_json(DAY))
    (tmp_path / "file").write_text("kept")
    for target in ("nowhere/result.json", "file/result.json", ""):
        code, told = command("solve", day, "--rounds", "0", "-o", str(tmp_path / target) if target else "")
        assert code == 2
        is_plain(told)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["day.json", "file"]


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    """Give rows as an XLSX workbook."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


GOOD_WORKBOOK = workbook([BOOKINGS, GOOD])


def archive(**parts: str) -> bytes:
    """Give a zip archive of other things."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


TABLES: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("table.csv", b"", "empty"),
    "blank rows": ("table.csv", b",,\n , \n", "empty"),
    "only a header": ("table.csv", table(BOOKINGS), "no row below"),
    "no header": ("table.csv", table(GOOD), "The column Date is missing"),
    "a heading twice": ("table.csv", table((*BOOKINGS, "Date"), (*GOOD, GOOD[0])), "Date and Date mean the same"),
    "a column missing": ("table.csv", table(BOOKINGS[1:], GOOD[1:]), "The column Date is missing"),
    "a row too long": ("table.csv", table(BOOKINGS, (*GOOD, "more")), "Row 2"),
    "too many rows": ("table.csv", b"Date\n" + b"x\n" * (LIMIT_ROWS + 1), "more than 20000 rows"),
    "too many columns": ("table.csv", table([f"c{number}" for number in range(60)]), "more than 50 columns"),
    "an open quotation": ("table.csv", b'Date,Client\n"2026,x\n', "quotation mark"),
    "a NUL": ("table.csv", b"Date\x00,Client\n", "letters"),
    "UTF-16 without its mark": ("table.csv", table(BOOKINGS, GOOD).decode().encode("utf-16-le"), "letters"),
    "Chinese in its own code page": ("table.csv", table(BOOKINGS, GOOD).decode().encode("gbk"), "letters"),
    "rubbish called a workbook": ("year.xlsx", bytes(range(256)) * 40, "spreadsheet"),
    "a broken archive": ("year.xlsx", b"PK\x03\x04" + bytes(range(256)) * 40, "spreadsheet"),
    "half a workbook": ("year.xlsx", GOOD_WORKBOOK[:2_000], "spreadsheet"),
    "another archive": ("year.xlsx", archive(readme="hello"), "spreadsheet"),
    "an archive of nothing but parts": ("year.xlsx", archive(**{f"p{n}": "" for n in range(1_001)}), "1000 parts"),
    "an archive that swells": ("year.xlsx", archive(big="0" * (65 * 2**20)), "64 MiB"),
    "an old workbook": ("year.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
}


@pytest.mark.parametrize("wrong", TABLES)
def test_a_table_made_to_hurt_is_told(shut: Doors, wrong: str) -> None:
    """A file that is no usable table is told by the command and on the import page, and nothing of it is kept."""
    name, data, named = TABLES[wrong]
    with shut.nothing_kept():
        code, told = shut.load("bookings", data, name)
        status, page = shut.upload("bookings", data, name)
    assert code == 2
    is_plain(told, named)
    assert status == 400
    assert 'name="key"' not in page


def test_letters_of_other_encodings_come_through() -> None:
    """UTF-16 with its mark and Western letters in Windows' code page are read as they were written."""
    for encoding, client in (("utf-16", "陈丽娜"), ("cp1252", "Zoë Müller’s")):
        row = (GOOD[0], client, *GOOD[2:])
        assert read_table("t.csv", table(BOOKINGS, row).decode().encode(encoding)).rows == (row,)


def refusal(read: Callable[[], object]) -> str:
    """Give the code of the sentence that something is refused with; one that is read counts as `formats.read`."""
    try:
        read()
    except LaluanError as error:
        return error.code
    return "formats.read"


@settings(max_examples=40)
@given(at=st.integers(30, 4_000), mask=st.integers(1, 255), length=st.integers(1, 40))
def test_a_workbook_with_wrong_bytes_is_read_or_refused(at: int, mask: int, length: int) -> None:
    """Whatever bytes of a workbook are wrong, it is read as a table or refused with a sentence, never a traceback."""
    data = bytearray(GOOD_WORKBOOK)
    for place in range(at, min(at + length, len(data))):
        data[place] ^= mask
    assert refusal(lambda: read_table("year.xlsx", bytes(data))).startswith("formats.")


@settings(max_examples=40)
@given(data=st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(data: bytes) -> None:
    """Whatever a file called a table holds, it is read as a table or refused with a sentence, never a traceback."""
    assert refusal(lambda: read_table("table.csv", data)).startswith("formats.")
    assert refusal(lambda: read_table("table.xlsx", data)).startswith("formats.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = ("id", "day", "locations", "matrices", "bookings", "bookings.0", "bookings.0.windows", "therapists.0.shifts")


@settings(max_examples=60)
@given(path=st.sampled_from((*PATHS, *FIGURES)), value=JSON)
def test_any_value_anywhere_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, path: str, value: Any) -> None:
    """Whatever JSON stands anywhere in a problem, it is sound, or refused in sentences before anything is planned."""
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_text(json.dumps(changed(path, value)), encoding="utf-8")
    assert refusal(lambda: refuse(problem_errors(read_problem(file)))).startswith(("formats.", "problem.", "errors."))
