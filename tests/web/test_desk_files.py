"""What comes in and goes out at the desk: imports in two steps, exports, run sheets, over the real use cases."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.bookings import list_bookings
from dispatch.work.planning import plan_now, publish
from dispatch.work.team import list_therapists
from tests.web.desk_house import open_desk, text_of
from tests.web.house import House
from tests.work.company import DAY, Office, take_bookings
from web.desk.uploads import KEPT_FOR, MOST_KEPT, Upload, Uploads


@pytest.fixture
def desk(office: Office) -> House:
    """Give the pages over an office that knows the shipped places."""
    return open_desk(office)


def template_rows(desk: House, kind: str) -> list[list[str]]:
    """Give the rows of a template as it is downloaded, header first."""
    answer = desk.signed_in(Role.DISPATCHER).get(f"/import/template/{kind}.csv")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def bookings_table(desk: House, **cells: str) -> bytes:
    """Give a table of one booking as CSV: the template's header, with cells by their heading."""
    header = template_rows(desk, "bookings")[0]
    fields = {
        "Date": DAY.isoformat(),
        "Client name": "Nurul 林",
        "Phone": "012-345 6780",
        "Address or building": "Pavilion Kuala Lumpur",
        "Treatment": "Relax",
        "Minutes": "60",
        "From": "14:00",
        "To": "16:00",
        **cells,
    }
    unknown = [name for name in fields if name not in header]
    assert unknown == [], (unknown, header)
    out = io.StringIO()
    csv.writer(out).writerows([header, [fields.get(name, "") for name in header]])
    return out.getvalue().encode()


def check(desk: House, data: bytes, kind: str = "bookings", name: str = "table.csv") -> tuple[int, str]:
    """Send a file to be checked, and give the answer's status and page."""
    sent = {"kind": kind, "file": (io.BytesIO(data), name)}
    answer = desk.signed_in(Role.DISPATCHER).post("/import/check", data=sent)
    page = text_of(answer)
    # The test client leaves the file open that it keeps a large body in.
    answer.request.environ["wsgi.input"].close()
    return answer.status_code, page


def test_table_is_checked_first_and_taken_in_after_the_yes(desk: House) -> None:
    """A checked table changes nothing until it is confirmed, by the person who sent it, and only once."""
    services, owner = desk.office.services, desk.office.owner
    status, page = check(desk, bookings_table(desk))
    assert (status, list_bookings(services, owner, DAY).bookings) == (200, ())
    assert "Rows that can be taken in: 1; new clients among them: 1" in page
    key = {"key": page.split('name="key" value="')[1].split('"')[0]}
    assert desk.signed_in(Role.BOOKING_TAKER).post("/import/confirm", data=key).status_code == 400
    answer = desk.signed_in(Role.DISPATCHER).post("/import/confirm", data=key)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/bookings?day={DAY.isoformat()}")
    assert desk.signed_in(Role.DISPATCHER).post("/import/confirm", data=key).status_code == 400
    day = list_bookings(services, owner, DAY)
    assert [day.clients[one.client_id].name for one in day.bookings] == ["Nurul 林"]


def test_table_without_rows_is_refused(desk: House) -> None:
    """A header alone is told as a table with nothing to take in, and is no success."""
    header = ",".join(template_rows(desk, "bookings")[0]).encode() + b"\n"
    status, page = check(desk, header)
    assert status == 400
    assert "there is nothing to take in" in page


def test_phone_of_somebody_else_is_shown_before_the_yes(desk: House) -> None:
    """A row whose phone is known under another name may be taken in, after a look at whom it belongs to."""
    status, page = check(desk, bookings_table(desk, **{"Client name": "Rosnah", "Phone": "012-345 6789"}))
    assert status == 200
    assert "The phone number belongs to " in page
    assert 'name="key"' in page


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Minutes": "75"}, "Minutes"),
        ({"From": "17:00"}, "From"),
        ({"Treatment": "=1+1"}, "Treatment"),
        ({"Address or building": "Qwxzy Nowhere"}, "Address or building"),
        ({"Phone": "012"}, "Phone"),
    ],
)
def test_wrong_row_names_its_row_and_column(desk: House, cells: dict[str, str], column: str) -> None:
    """A wrong cell is told with the row's number and the column's heading, there is no yes, and nothing is kept."""
    status, page = check(desk, bookings_table(desk, **cells))
    assert status == 400
    assert "<td>2</td>" in page
    assert f"<td>{column}</td>" in page
    assert 'name="key"' not in page
    assert list_bookings(desk.office.services, desk.office.owner, DAY).bookings == ()


def test_file_that_cannot_be_read_gets_a_sentence(desk: House) -> None:
    """No file, an empty one, a damaged workbook, six mebibytes and an unknown kind are each told in a sentence."""
    assert check(desk, b"", name="")[0] == 400
    assert "empty.csv" in check(desk, b"", name="empty.csv")[1]
    assert "damaged.xlsx" in check(desk, b"nothing", name="damaged.xlsx")[1]
    status, page = check(desk, b"x" * (5 * 2**20 + 1), name="large.csv")
    assert (status, "large.csv" in page) == (400, True)
    assert check(desk, b"x" * 6 * 2**20, name="huge.csv")[0] == 413
    assert check(desk, b"a,b\n1,2\n", kind="clients")[0] == 400


def test_therapists_are_imported_by_who_keeps_the_team(desk: House) -> None:
    """The template's own example imports, by the dispatcher; the booking taker may not."""
    rows = template_rows(desk, "therapists")
    assert len(rows) >= 1
    sent = {"kind": "therapists", "file": (io.BytesIO(",".join(rows[0]).encode()), "team.csv")}
    assert desk.signed_in(Role.BOOKING_TAKER).post("/import/check", data=sent).status_code == 403
    assert "there is nothing to take in" in check(desk, ",".join(rows[0]).encode() + b"\n", kind="therapists")[1]
    assert len(list_therapists(desk.office.services, desk.office.owner)) == 4


def test_uploads_forget_the_oldest_and_what_is_too_old() -> None:
    """Only the newest few files are kept, for half an hour, each for who sent it."""
    office = [
        Upload(actor_id="a", kind="bookings", filename="f", data=b"", at=_moment(n)) for n in range(MOST_KEPT + 1)
    ]
    uploads = Uploads()
    keys = [uploads.keep(one) for one in office]
    assert uploads.take(keys[0], "a", _moment(0)) is None
    assert uploads.take(keys[1], "b", _moment(1)) is None
    assert uploads.take(keys[1], "a", _moment(1)) is office[1]
    assert uploads.take(keys[1], "a", _moment(1)) is None
    assert uploads.take(keys[2], "a", _moment(2) + KEPT_FOR) is None


def _moment(minutes: int) -> datetime:
    return datetime(2026, 11, 25, 1, 0, tzinfo=UTC) + timedelta(minutes=minutes)


def test_plan_is_taken_away_as_tables_calendars_and_run_sheets(desk: House) -> None:
    """Without a plan the pages say so; with one it downloads as CSV, XLSX and ICS and prints a sheet a therapist."""
    office, browser = desk.office, desk.signed_in(Role.BOOKING_TAKER)
    url = f"/export/{DAY.isoformat()}"
    assert browser.get(f"{url}/plan.csv").status_code == 404
    assert browser.get(f"{url}/run-sheet").status_code == 404
    assert "no plan yet" in text_of(browser.get(url))
    take_bookings(office)
    revision = plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=2))
    publish(office.services, office.dispatcher, DAY, head_id=revision.id)
    table = browser.get(f"{url}/plan.csv").data.decode("utf-8-sig")
    assert "Lim Mei Ling" in table
    assert browser.get(f"{url}/plan.xlsx").data.startswith(b"PK")
    sheet = text_of(browser.get(f"{url}/run-sheet"))
    assert sheet.count('class="run-sheet"') == sum(bool(route.visit_ids()) for route in revision.plan.routes)
    assert "Saya datang untuk unit B-12-3" in sheet
    busy = next(route.therapist_id for route in revision.plan.routes if route.visit_ids())
    calendar = browser.get(f"{url}/{busy}.ics")
    assert calendar.mimetype == "text/calendar"
    assert b"Relax" not in calendar.data
    assert browser.get("/export/soon").status_code == 404
