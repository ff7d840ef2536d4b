"""Bad input through every door (use case, form, table, problem file): a sentence that names it, and nothing kept."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook

from dispatch.errors import LaluanError
from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.catalogue import Technique
from dispatch.model.kinds import Role
from dispatch.model.people import Client
from dispatch.model.places import Point
from dispatch.model.therapist import DayPattern, Place, Roster, Shift
from dispatch.work.bookings import add_booking, list_bookings
from dispatch.work.catalogue import add_technique, add_treatment
from dispatch.work.clients import add_building, add_client
from dispatch.work.planning import ask_for_plan
from dispatch.work.services import Services
from dispatch.work.team import add_therapist
from tests.faults.doors import Doors, is_plain, said, soon, table
from tests.web.desk_house import booking_fields, new_client_fields
from tests.work.company import DAY, H, booking, building, therapist, treatment

PENANG = Point(lat=5.4141, lon=100.3288)
BOOKINGS = ("Date", "Client name", "Phone", "Address or building", "Treatment", "Minutes", "From", "To")
GOOD = (soon().isoformat(), "Chan Li Na 陈丽娜", "012-777 6655", "1 Mont Kiara", "Relax", "60", "14:00", "16:00")
THERAPISTS = ("Name", "Gender", "Techniques", "Start place", "Days", "Shift from", "Shift to")
NEW = ("Rani Kaur", "female", "Swedish", "Bangsar", "Mon-Fri", "10:00", "20:00")


def with_cell(heading: str, text: str, header: tuple[str, ...] = BOOKINGS, row: tuple[str, ...] = GOOD) -> bytes:
    """Give a table of one good row with one cell changed."""
    at = header.index(heading)
    return table(header, (*row[:at], text, *row[at + 1 :]))


def working(first_s: int, last_s: int) -> Roster:
    """Give a roster with one shift on Mondays."""
    return Roster(pattern=(DayPattern(weekday=0, shifts=(Shift(start_s=first_s, end_s=last_s),)),))


USE_CASES: dict[str, tuple[Callable[[Services, Any], object], tuple[str, ...]]] = {
    "a building outside the service area": (
        lambda services, owner: add_building(services, owner, replace(building("far", "klcc"), point=PENANG)),
        ("Klcc Residence", "5.41410, 100.32880", "outside the service area"),
    ),
    "a therapist's home outside the service area": (
        lambda services, owner: add_therapist(
            services,
            owner,
            replace(therapist("new", "Zarina", "klcc"), end_place=Place(name="Home", area="Penang", point=PENANG)),
        ),
        ("Home", "outside the service area"),
    ),
    "coordinates that are no number": (
        lambda services, owner: add_building(
            services, owner, replace(building("nan", "klcc"), point=Point(lat=float("nan"), lon=101.7))
        ),
        ("Klcc Residence",),
    ),
    "a window that ends before it starts": (
        lambda services, owner: add_booking(services, owner, booking("odd", start=16, end=14)),
        ("16:00", "14:00", "swap"),
    ),
    "a shift of no minutes": (
        lambda services, owner: add_therapist(
            services, owner, replace(therapist("new", "Zarina", "klcc"), roster=working(10 * H, 10 * H))
        ),
        ("Zarina", "10:00", "no length"),
    ),
    "a therapist without a start place": (
        lambda services, owner: add_therapist(
            services, owner, replace(therapist("new", "Zarina", "klcc"), start_place=None)
        ),
        ("Zarina", "start"),
    ),
    "a therapist with an unknown technique": (
        lambda services, owner: add_therapist(
            services, owner, replace(therapist("new", "Zarina", "klcc"), techniques=("voodoo",))
        ),
        ("voodoo",),
    ),
    "a treatment with an unknown technique": (
        lambda services, owner: add_treatment(services, owner, treatment("new", "voodoo")),
        ("voodoo",),
    ),
    "a seat with an unknown technique": (
        lambda services, owner: add_booking(services, owner, booking("odd", seats=(Seat(techniques=("voodoo",)),))),
        ("voodoo",),
    ),
    "a technique's id twice": (
        lambda services, owner: add_technique(services, owner, Technique(id="swedish", name="Swedish")),
        ("swedish",),
    ),
    "a client's id twice": (
        lambda services, owner: add_client(services, owner, Client(id="c-lim", branch_id="", name="L", first_name="")),
        ("c-lim",),
    ),
    "more therapists than one booking may have": (
        lambda services, owner: add_booking(services, owner, booking("odd", seats=(Seat(),) * 7)),
        ("7", "6"),
    ),
    "a window beyond the hours": (
        lambda services, owner: add_booking(
            services, owner, booking("odd", windows=(TimeWindow(start_s=10 * H, end_s=10**30),))
        ),
        ("10:00",),
    ),
    "a day that cannot be meant": (
        lambda services, owner: ask_for_plan(services, owner, DAY.replace(year=2999)),
        ("2999",),
    ),
    "a plan without end": (
        lambda services, owner: ask_for_plan(services, owner, DAY, seconds=float("nan")),
        ("600",),
    ),
}


@pytest.mark.parametrize("wrong", USE_CASES)
def test_a_use_case_refuses(shut: Doors, wrong: str) -> None:
    """A use case refuses what cannot be right in sentences that name it, and the database stays as it was."""
    call, named = USE_CASES[wrong]
    with shut.nothing_kept(), pytest.raises(LaluanError) as caught:
        call(shut.office.services, shut.office.owner)
    is_plain(said(caught.value), *named)


BUILDING = {
    "name": "Far House",
    "area": "Penang",
    "lat": "5.4141",
    "lon": "100.3288",
    "precision": "building",
    "access": "8",
}
TREATMENT = {"name": "Back relief", "minutes": "60", "set_up": "10", "pack_up": "8"}
TEAM = {
    "name": "Zarina",
    "gender": "female",
    "techniques": "swedish",
    "travel_mode": "car",
    "start_place": "Pavilion Kuala Lumpur",
    "min_rest": "11",
    "colour": "3",
}
ROSTER = {"version": "1", "from_0_1": "09:00", "to_0_1": "09:00"}
FORMS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "a building outside the service area": ("/buildings/new", BUILDING, ("Far House", "outside the service area")),
    "a new client's place outside the service area": (
        "/bookings/new",
        new_client_fields(
            place="5.4141, 100.3288", place_for="5.4141, 100.3288", place_choice="point:5.414100,100.328800"
        ),
        ("outside the service area",),
    ),
    "coordinates that are no number": ("/buildings/new", {**BUILDING, "lat": "nan"}, ("must be degrees",)),
    "a window that ends before it starts": (
        "/bookings/new",
        booking_fields(from_1="16:00", to_1="14:00"),
        ("16:00", "14:00", "swap"),
    ),
    "a day that does not exist": ("/bookings/new", booking_fields(day="2026-02-31"), ("must be a date",)),
    "an hour that does not exist": ("/bookings/new", booking_fields(from_1="25:00"), ("must be a time",)),
    "a phone number without digits": ("/clients/new", {"name": "Lim", "phone": "abc"}, ("“abc” is no phone number",)),
    "a name of ten thousand letters": ("/clients/new", {"name": "x" * 10_000}, ("10000", "80")),
    "a name nobody can see": ("/clients/new", {"name": "\u202e\u200b\x1b"}, ("missing",)),
    "a shift of no minutes": ("/team/t-aina/roster", ROSTER, ("Aina", "09:00", "no length")),
    "a therapist without a start place": ("/team/new", {**TEAM, "start_place": ""}, ("Zarina", "start")),
    "a therapist with an unknown technique": ("/team/new", {**TEAM, "techniques": "voodoo"}, ("voodoo",)),
    "a treatment with an unknown technique": (
        "/catalogue/treatments/new",
        {**TREATMENT, "techniques": "voodoo"},
        ("voodoo",),
    ),
    "an account's address twice": (
        "/accounts",
        {"name": "Owner", "email": "OWNER@test.example", "role": "owner", "new_password": "correct horse battery"},
        ("owner@test.example", "already"),
    ),
    "a day too far away": ("/day/9999-12-31/plan", {}, ("9999-12-31",)),
}


@pytest.mark.parametrize("wrong", FORMS)
def test_a_form_refuses(shut: Doors, wrong: str) -> None:
    """A form with a mistake is answered by 400 or 409 and a page with the sentence; nothing of it is kept."""
    url, fields, named = FORMS[wrong]
    with shut.nothing_kept():
        status, page = shut.post(url, fields)
    assert status in {400, 409}, page
    for name in named:
        assert name in page


@pytest.mark.parametrize("url", ["/bookings?day=0001-01-01", "/bookings?day=9999-12-31", "/export/0001-01-01"])
def test_the_ends_of_the_calendar_are_no_fault_of_ours(shut: Doors, url: str) -> None:
    """A day at the end of all dates, before or after which there is none, is answered like any day nobody plans."""
    assert shut.house.signed_in(Role.OWNER).get(url).status_code in {200, 404}


TABLES: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "a place outside the service area": (
        "bookings",
        with_cell("Address or building", "5.4141, 100.3288"),
        ("Row 2, Address or building", "5.41410, 100.32880", "outside the service area"),
    ),
    "a window that ends before it starts": ("bookings", with_cell("To", "13:00"), ("Row 2, From", "14:00", "13:00")),
    "an unknown treatment": ("bookings", with_cell("Treatment", "Voodoo"), ("Row 2, Treatment", "Voodoo", "Relax")),
    "the same booking twice": ("bookings", table(BOOKINGS, GOOD, GOOD), ("Row 3, Client name", "same booking")),
    "a day that does not exist": ("bookings", with_cell("Date", "31/02/2026"), ("Row 2, Date", "31/02/2026")),
    "an hour that does not exist": ("bookings", with_cell("From", "31:00"), ("Row 2, From", "31:00 is no time")),
    "minutes below nought": ("bookings", with_cell("Minutes", "-60"), ("Row 2, Minutes", "-60")),
    "a phone number without digits": ("bookings", with_cell("Phone", "abc"), ("Row 2, Phone", "“abc”")),
    "a name of ten thousand letters": ("bookings", with_cell("Client name", "x" * 10_000), ("Row 2", "10000", "80")),
    "a name nobody can see": ("bookings", with_cell("Client name", "\u202e\u200b\x07"), ("Row 2, Client name",)),
    "a shift of no minutes": (
        "therapists",
        with_cell("Shift to", "10:00", THERAPISTS, NEW),
        ("Row 2, Shift from", "Rani Kaur", "10:00", "no length"),
    ),
    "a therapist without a start place": (
        "therapists",
        with_cell("Start place", "", THERAPISTS, NEW),
        ("Row 2, Start place",),
    ),
    "a therapist's home outside the service area": (
        "therapists",
        with_cell("Start place", "5.4141, 100.3288", THERAPISTS, NEW),
        ("Row 2, Start place", "outside the service area"),
    ),
    "an unknown technique": (
        "therapists",
        with_cell("Techniques", "Voodoo", THERAPISTS, NEW),
        ("Row 2, Techniques", "Voodoo", "Swedish"),
    ),
    "the same therapist twice": ("therapists", table(THERAPISTS, NEW, NEW), ("Row 3, Name", "Rani Kaur")),
}


@pytest.mark.parametrize("wrong", TABLES)
def test_a_table_is_refused(shut: Doors, wrong: str) -> None:
    """A table with one mistake is told by row and column, at the import page and by the command, and none of it is kept."""
    kind, data, named = TABLES[wrong]
    with shut.nothing_kept():
        status, page = shut.upload(kind, data)
        code, told = shut.load(kind, data)
    assert (status, code) == (400, 2)
    is_plain(told, *named, "Nothing was imported")
    for part in named[1:]:
        assert part in page


def test_the_same_id_is_not_taken_twice(doors: Doors) -> None:
    """A booking with an id that is there already is refused by its id, and the first stays as it is."""
    services, taker = doors.office.services, doors.office.taker
    add_booking(services, taker, booking("b1"))
    with doors.nothing_kept(), pytest.raises(LaluanError) as caught:
        add_booking(services, taker, booking("b1", "c-tan"))
    is_plain(said(caught.value), "b1")


def workbook(*rows: tuple[str, ...]) -> bytes:
    """Give rows as an XLSX workbook; what begins with an equals sign is a formula."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_of_six_mebibytes_is_refused(shut: Doors) -> None:
    """A spreadsheet over the limit is refused with its true size and the limit, by the command and on the page."""
    data = workbook(BOOKINGS, GOOD) + bytes(6 * 2**20)
    with shut.nothing_kept():
        code, told = shut.load("bookings", data, "year.xlsx")
        status, page = shut.upload("bookings", data, "year.xlsx")
    assert code == 2
    is_plain(told, "year.xlsx", "6.1 MiB", "5 MiB", "Split it")
    assert (status, "5 MiB" in page) == (413, True)


def test_formulas_are_read_as_the_text_they_are(doors: Doors) -> None:
    """A formula where a date belongs is told as it was typed; as a name it is kept as text, never run."""
    formula = '=HYPERLINK("http://example.com","Click")'
    wrong = workbook(BOOKINGS, ("=TODAY()", *GOOD[1:]))
    with doors.nothing_kept():
        code, told = doors.load("bookings", wrong, "sums.xlsx")
        status, page = doors.upload("bookings", wrong, "sums.xlsx")
    assert (code, status) == (2, 400)
    is_plain(told, "Row 2, Date", "=TODAY()")
    assert "=TODAY()" in page
    assert doors.load("bookings", workbook(BOOKINGS, (GOOD[0], formula, *GOOD[2:])), "names.xlsx")[0] == 0
    kept = list_bookings(doors.office.services, doors.office.owner, soon())
    assert [client.name for client in kept.clients.values()] == [formula]
