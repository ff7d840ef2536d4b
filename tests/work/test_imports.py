"""Importing tables: headings in two languages, errors by row and column, all rows or none, nothing added twice."""

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import BadInput, Forbidden
from dispatch.formats.table import Table
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.kinds import BookingStatus, Gender, Role, TravelMode
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.words import sentence
from dispatch.work.demo import create_demo
from dispatch.work.import_cells import read_date, read_days, read_gender, read_mode, read_time
from dispatch.work.import_columns import columns_of
from dispatch.work.imports import ImportReport, import_table, import_template, read_upload
from tests.work.demo_office import DemoOffice, hashed, open_demo_office

BOOKINGS = ("Date", "Client name", "Phone", "Address or building", "Unit", "Treatment", "Minutes", "From", "To")
GOOD = (
    "2026-12-01",
    "Chan Li Na 陈丽娜",
    "012-777 6655",
    "1 Mont Kiara",
    "B-3-1",
    "Deep tissue massage",
    "90",
    "14:00",
    "16:00",
)
THERAPISTS = ("Name", "Gender", "Techniques", "Start place", "Days", "Shift from", "Shift to")
NEW = ("Rani Kaur", "female", "Swedish; Deep tissue", "Bangsar", "Mon-Fri", "10:00", "20:00")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the demo company."""
    path = tmp_path_factory.mktemp("imports") / "demo.sqlite3"
    office = open_demo_office(path)
    create_demo(office.services, hash_password=hashed)
    office.services.store.close()
    return path


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Iterator[DemoOffice]:
    """Give an office with the demo company, fresh for each test."""
    path = tmp_path / "demo.sqlite3"
    shutil.copy(founded, path)
    opened = open_demo_office(path, first_id=50_000)
    yield opened
    opened.services.store.close()


def take_in(
    office: DemoOffice,
    *rows: tuple[str, ...],
    header: tuple[str, ...] = BOOKINGS,
    kind: str = "bookings",
    dry_run: bool = False,
    role: Role = Role.DISPATCHER,
) -> ImportReport:
    """Import rows below a header."""
    table = Table(header=header, rows=rows)
    return import_table(office.services, office.actor(role), kind, table, dry_run=dry_run)


def everything(office: DemoOffice) -> list[int]:
    """Count everything an import could add."""
    with office.services.store.reading() as tx:
        return [len(tx.list(kind, "kl")) for kind in (Client, Building, Address, Booking, Therapist)]


def lines(report: ImportReport) -> list[str]:
    """Give the errors as a person reads them."""
    return [f"{one.row} {one.column}: {sentence(one.said.code, one.said.named())}" for one in report.errors]


def with_cell(
    heading: str, text: str, row: tuple[str, ...] = GOOD, header: tuple[str, ...] = BOOKINGS
) -> tuple[str, ...]:
    """Give a good row with one cell changed."""
    at = header.index(heading)
    return (*row[:at], text, *row[at + 1 :])


def test_a_good_row_becomes_client_address_and_booking(office: DemoOffice) -> None:
    """One row makes a client with her phone, a building found by its name, an address and a requested booking."""
    report = take_in(office, GOOD)
    assert (report.rows, report.added, report.clients_added, report.errors) == (1, 1, 1, ())
    with office.services.store.reading() as tx:
        booking = tx.list(Booking, "kl", day=date(2026, 12, 1))[0]
        client = tx.get(Client, booking.client_id)
        address = tx.get(Address, booking.address_id)
        building = tx.get(Building, address.building_id)
    assert (client.name, client.phone) == ("Chan Li Na 陈丽娜", "+60127776655")
    assert (building.name, building.area, address.unit) == ("1 Mont Kiara", "Mont Kiara", "B-3-1")
    assert booking.treatment_id == "kl-deep_tissue"
    assert booking.windows == (TimeWindow(start_s=14 * 3_600, end_s=16 * 3_600),)
    assert booking.status is BookingStatus.REQUESTED


def test_a_unit_is_read_out_of_the_address(office: DemoOffice) -> None:
    """A unit written beside the building is the address's unit where the unit's own cell is empty."""
    row = with_cell("Unit", "", with_cell("Address or building", "B-12-3, 1 Mont Kiara"))
    assert take_in(office, row).errors == ()
    with office.services.store.reading() as tx:
        (booking,) = tx.list(Booking, "kl", day=date(2026, 12, 1))
        assert tx.get(Address, booking.address_id).unit == "B-12-3"


def test_a_phone_known_under_another_name_is_noted(office: DemoOffice) -> None:
    """A number that belongs to somebody else is told before the yes, and keeps nothing out."""
    assert take_in(office, GOOD).notes == ()
    other = with_cell("Client name", "Rosnah", with_cell("Date", "2026-12-02"))
    report = take_in(office, other, dry_run=True)
    assert (report.added, report.clients_added, report.errors) == (1, 0, ())
    (note,) = report.notes
    assert (note.row, note.column) == (2, "Client name")
    assert "belongs to Chan Li Na 陈丽娜, not to Rosnah" in sentence(note.said.code, note.said.named())


def test_a_place_outside_the_valley_gets_no_suggestions(office: DemoOffice) -> None:
    """An address in another state is told as outside, without names of places here."""
    report = take_in(office, with_cell("Address or building", "Penang, Georgetown"), dry_run=True)
    assert [error.said.code for error in report.errors] == ["intake.address_outside"]


def test_a_dry_run_keeps_nothing_and_says_the_same(office: DemoOffice) -> None:
    """A dry run reports what the import then does, and writes nothing."""
    before = everything(office)
    dry = take_in(office, GOOD, dry_run=True)
    assert everything(office) == before
    real = take_in(office, GOOD)
    assert (dry.added, dry.clients_added) == (real.added, real.clients_added) == (1, 1)
    assert dry.dry_run
    assert not real.dry_run


def test_one_wrong_row_keeps_all_rows_out(office: DemoOffice) -> None:
    """Where any row is wrong nothing of the file is kept, not even its good rows."""
    before = everything(office)
    report = take_in(office, GOOD, with_cell("Minutes", "soon", with_cell("Client name", "Other")))
    assert report.added == 0
    assert lines(report) == ["3 Minutes: soon is no whole number."]
    assert everything(office) == before


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("Date", "tomorrow", "tomorrow is no date"),
        ("Date", "2026-02-30", "There is no day 2026-02-30"),
        ("Date", "", "must not be empty"),
        ("Date", "2036-01-01", "2036"),
        ("Client name", "", "must not be empty"),
        ("Phone", "12", "12"),
        ("Address or building", "Atlantis Towers Xyzzy", "Atlantis Towers Xyzzy"),
        ("Address or building", "1.3000, 103.8000", "service area"),
        ("Treatment", "Deep tisue masage", "the closest are: Deep tissue massage"),
        ("Minutes", "75", "75"),
        ("From", "soonish", "soonish is no time"),
        ("From", "17:00", "17:00"),
        ("To", "99:00", "99:00 is no time"),
    ],
)
def test_each_wrong_cell_is_told_by_row_and_column(office: DemoOffice, heading: str, text: str, said: str) -> None:
    """A wrong cell is told with its row, its heading, what stands there and what to write instead."""
    report = take_in(office, with_cell(heading, text))
    told = lines(report)
    assert len(told) == 1, told
    assert said in told[0]
    assert told[0].startswith(f"2 {heading}:") or heading in {"Date", "Phone", "From", "Address or building"}


def test_an_unsure_place_gets_suggestions(office: DemoOffice) -> None:
    """A place that may be several is refused with the names it may be; exactly such a name, or a pin, is taken."""
    report = take_in(office, with_cell("Address or building", "Damansara"))
    told = lines(report)
    assert len(told) == 1
    assert "2 Address or building: It is not sure where Damansara is" in told[0]
    assert told[0].count("Damansara") > 2
    assert take_in(office, with_cell("Address or building", "Taman Desa")).added == 1
    pin = with_cell("Address or building", "3.1579, 101.7116")
    assert take_in(office, with_cell("Date", "2026-12-02", pin)).added == 1


def test_a_known_client_is_used_again(office: DemoOffice) -> None:
    """The same phone, however it is written, is the same client and address; a name alone finds its only client."""
    first = take_in(office, GOOD, with_cell("Date", "2/12/2026", with_cell("Phone", "+60 12-777 6655")))
    assert (first.added, first.clients_added) == (2, 1)
    by_name = with_cell("Date", "2026-12-03", with_cell("Phone", ""))
    assert take_in(office, by_name).clients_added == 0
    demo = with_cell("Phone", "+60120000301", with_cell("Client name", "whoever answers"))
    assert take_in(office, with_cell("Date", "2026-12-04", demo)).clients_added == 0
    with office.services.store.reading() as tx:
        client = next(one for one in tx.list(Client, "kl") if one.phone == "+60127776655")
        assert len(tx.list(Address, "kl", client_id=client.id)) == 1


def test_the_same_file_twice_is_refused(office: DemoOffice) -> None:
    """A booking that is there already is told instead of being taken a second time, also within one file."""
    assert "has the same booking on 2026-12-01 already" in lines(take_in(office, GOOD, GOOD))[0]
    assert take_in(office, GOOD).added == 1
    assert take_in(office, GOOD).added == 0


def test_wishes_are_understood(office: DemoOffice) -> None:
    """Couples, gender, therapists liked and refused, lateness, priority and note come through."""
    header = (
        *BOOKINGS,
        "Therapists",
        "Therapist gender",
        "Preferred therapist",
        "Never therapist",
        "Late minutes",
        "Priority",
        "Note",
    )
    row = (*GOOD, "2", "perempuan", "Aina Rahman; Tan Mei Ling", "Azlan Ismail", "15", "20", "Ring twice")
    assert take_in(office, row, header=header).errors == ()
    with office.services.store.reading() as tx:
        booking = tx.list(Booking, "kl", day=date(2026, 12, 1))[0]
    assert [seat.only_gender for seat in booking.seats] == [Gender.FEMALE, Gender.FEMALE]
    assert booking.preferred_therapists == ("aina", "meiling")
    assert booking.never_therapists == ("azlan",)
    assert (booking.late_tolerance_s, booking.priority, booking.note) == (900, 20, "Ring twice")


def test_a_therapist_nobody_knows_is_told_with_the_closest_names(office: DemoOffice) -> None:
    """A misspelled therapist gets the closest names there are."""
    report = take_in(office, (*GOOD, "Aina Rahmann"), header=(*BOOKINGS, "Only therapist"))
    assert lines(report)[0].startswith(
        "2 Only therapist: There is no therapist Aina Rahmann; the closest are: Aina Rahman"
    )


def test_headings_in_malay_and_in_any_order_are_understood(office: DemoOffice) -> None:
    """Malay headings, other cases and signs, and another order give the same booking; unknown columns are told."""
    header = ("MASA", "hingga", "Tarikh*", "nama_pelanggan", "Alamat", "rawatan", "Minit", "Colour")
    row = ("2pm", "4.00 pm", "1/12/2026", "Zainab", "1 Mont Kiara", "deep tissue massage", "60", "blue")
    report = take_in(office, row, header=header)
    assert (report.added, report.ignored, report.errors) == (1, ("Colour",), ())


def test_missing_and_doubled_headings_are_told(office: DemoOffice) -> None:
    """A table without a needed column, or with one twice, is refused with the columns' names."""
    told = lines(take_in(office, ("a", "b", "c"), header=("Client", "Customer name", "Phone")))
    assert "1 Customer name: The columns Client and Customer name mean the same; keep one of them." in told
    assert "1 Date: The column Date is missing; add it, or name the column that holds it so." in told


def test_a_window_that_ends_before_it_starts_is_told(office: DemoOffice) -> None:
    """A start window whose end lies before its beginning is an error of its row, under the column From."""
    report = take_in(office, with_cell("To", "13:00"))
    assert [(one.row, one.column, one.said.code) for one in report.errors] == [
        (2, "From", "booking.window_ends_before_start")
    ]


def test_formulas_are_only_text(office: DemoOffice) -> None:
    """A formula in a workbook is the client's odd name, kept as text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(BOOKINGS))
    sheet.append(list(with_cell("Client name", '=HYPERLINK("http://evil.example")')))
    out = io.BytesIO()
    book.save(out)
    table = read_upload("bookings.xlsx", out.getvalue())
    report = import_table(office.services, office.actor(Role.DISPATCHER), "bookings", table, dry_run=False)
    assert report.errors == ()
    with office.services.store.reading() as tx:
        names = [client.name for client in tx.list(Client, "kl")]
    assert '=HYPERLINK("http://evil.example")' in names


def test_two_hundred_errors_are_enough(office: DemoOffice) -> None:
    """A table with nothing right in it tells two hundred errors and counts the rest."""
    report = take_in(office, *[with_cell("Minutes", "x")] * 350)
    assert len(report.errors) == 200
    assert report.more_errors == 150


def test_a_new_therapist_comes_with_her_week(office: DemoOffice) -> None:
    """One row makes a therapist with techniques, place, weekly shifts, a meal break and overtime."""
    header = (
        *THERAPISTS,
        "Second shift from",
        "Second shift to",
        "Travel mode",
        "Meal break minutes",
        "Overtime minutes",
        "End place",
    )
    row = (*with_cell("Shift to", "13:00", NEW, THERAPISTS), "17:00", "23:00", "motosikal", "30", "45", "Cheras")
    report = take_in(office, row, header=header, kind="therapists")
    assert (report.added, report.errors) == (1, ())
    with office.services.store.reading() as tx:
        rani = next(one for one in tx.list(Therapist, "kl") if one.name == "Rani Kaur")
    assert rani.techniques == ("swedish", "deep_tissue")
    assert rani.travel_mode is TravelMode.MOTORBIKE
    assert rani.start_place is not None
    assert rani.end_place is not None
    assert (rani.start_place.area, rani.end_place.name) == ("Bangsar", "Cheras")
    shifts, breaks = rani.roster.on(date(2026, 12, 1))
    assert [(one.start_s // 3_600, one.end_s // 3_600) for one in shifts] == [(10, 13), (17, 23)]
    assert breaks[0].duration_s == 1_800
    assert rani.roster.on(date(2026, 12, 5)) == ((), ())
    assert rani.overtime_s == 2_700
    assert rani.colour == 17


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("Name", "", "must not be empty"),
        ("Name", "Aina Rahman", "There is a therapist called Aina Rahman already"),
        ("Gender", "?", "? is no gender"),
        ("Techniques", "Thai", "There is no technique Thai"),
        ("Start place", "", "must not be empty"),
        ("Days", "Blursday", "Blursday names no weekdays"),
        ("Shift to", "10:00", "Rani Kaur"),
    ],
)
def test_each_wrong_cell_of_a_therapist_is_told(office: DemoOffice, heading: str, text: str, said: str) -> None:
    """A therapist without a start place, with an unknown technique or a shift of no length is told by row and column."""
    before = everything(office)
    told = lines(take_in(office, with_cell(heading, text, NEW, THERAPISTS), header=THERAPISTS, kind="therapists"))
    assert len(told) == 1, told
    assert said in told[0]
    assert everything(office) == before


def test_roles_are_asked_first(office: DemoOffice) -> None:
    """A booking taker imports bookings and no therapists; a therapist imports nothing."""
    assert take_in(office, GOOD, role=Role.BOOKING_TAKER).added == 1
    for kind, header, row, role in (
        ("therapists", THERAPISTS, NEW, Role.BOOKING_TAKER),
        ("bookings", BOOKINGS, GOOD, Role.THERAPIST),
    ):
        with pytest.raises(Forbidden):
            take_in(office, row, header=header, kind=kind, role=role)


def test_an_unknown_kind_is_refused(office: DemoOffice) -> None:
    """Only bookings and therapists can be imported."""
    with pytest.raises(BadInput) as refused:
        take_in(office, GOOD, kind="spaceships")
    assert refused.value.code == "import.unknown_kind"


@pytest.mark.parametrize("kind", ["bookings", "therapists"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_filled_in_as_it_is_can_be_imported(office: DemoOffice, kind: str, form: str) -> None:
    """The template's own example row is a good row, in CSV and XLSX, and every column says what to write."""
    template = import_template(kind, form)
    table = read_upload(template.filename, template.data)
    assert table.header == tuple(column.title for column in columns_of(kind))
    report = import_table(office.services, office.actor(Role.OWNER), kind, table, dry_run=True)
    expected = [] if kind == "bookings" else ["There is a therapist called Aina Rahman already"]
    assert [text for text, line in zip(expected, lines(report), strict=True) if text not in line] == []
    assert all(column.help for column in columns_of(kind))


def test_no_two_columns_share_a_heading() -> None:
    """Every heading means one column: no alias stands twice in a template."""
    for kind in ("bookings", "therapists"):
        names = [name.casefold() for one in columns_of(kind) for name in (one.title, *one.aliases)]
        assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("14:30", 52_200),
        ("2.30 pm", 52_200),
        ("2:30PM", 52_200),
        ("1430", 52_200),
        ("14:30:00", 52_200),
        ("9", 32_400),
        ("12 pm", 43_200),
        ("12am", 86_400),
        ("00:30", 88_200),
        ("24:30", 88_200),
        ("05:59", 107_940),
        ("06:00", 21_600),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: int) -> None:
    """Times with points, colons, halves of the day or nothing; before six it is the night after."""
    assert read_time(text) == seconds


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("isnin – jumaat", (0, 1, 2, 3, 4)),
        ("Sat; Mon", (0, 5)),
        ("Sun-Tue", (0, 1, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("Wed", (2,)),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    """Single days, lists and ranges, in English and Malay, also round the weekend."""
    assert read_days(text) == days


@given(text=st.text(max_size=12))
def test_no_cell_can_crash_its_reader(text: str) -> None:
    """Whatever stands in a cell, its reader answers with a value or a sentence."""
    for reader in (read_date, read_time, read_days, read_gender, read_mode):
        try:
            reader(text)
        except BadInput as error:
            wrong = error
            assert sentence(wrong.code, wrong.values)
