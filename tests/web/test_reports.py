"""The report's pages: what they show of a small history, how they refuse, and the files they give."""

import csv
import io
import re
from dataclasses import replace
from html import unescape

import openpyxl
import pytest

from dispatch.model.kinds import Role
from dispatch.model.therapist import Therapist
from dispatch.work.report_sheets import TABLES
from tests.web.house import House
from tests.work.company import DAY
from tests.work.past import AFTER, live_three_days

SPAN = f"from={DAY}&to={AFTER}"
HOSTILE = "{{7*7}} </script><b>`${alert(1)}`"


@pytest.fixture
def worked(busy_house: House) -> House:
    """The pages over an office with three days behind it."""
    live_three_days(busy_house.office)
    return busy_house


def page_of(house: House, address: str, *, status: int = 200) -> str:
    """Get a page as a dispatcher, with its character references as letters."""
    answer = house.signed_in(Role.DISPATCHER).get(address)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def test_the_page_tells_the_figures_of_the_span(worked: House) -> None:
    """Key figures, charts with their tables, therapists, heat maps and reasons are on one page, and what is missing is said."""
    page = page_of(worked, f"/reports?{SPAN}")
    assert "1 of 3 days have no published plan" in page
    assert re.search(r"<dt>Served</dt><dd><strong>5</strong> <span class=\"of\">of 7</span>", page)
    assert re.search(r"<dt>On time</dt><dd><strong>50 %</strong> <span class=\"of\">of 2 known", page)
    for heading in (
        "Bookings by day",
        "Punctuality by day",
        "Therapists",
        "Demand",
        "Cancelled because",
        "Noted by",
        "Client ill",
    ):
        assert heading in page
    assert page.count('role="img"') == 4
    assert "Wed 25 Nov: Served 4" in page
    assert len(re.findall(r'class="gap"[^>]*><title>', page)) == 3


def test_every_chart_has_its_table(worked: House) -> None:
    """The numbers a chart draws stand in a table behind it, a dash where nobody knows."""
    page = page_of(worked, f"/reports?{SPAN}")
    tables = re.findall(r'<details class="chart-table">.*?</details>', page, re.DOTALL)
    assert len(tables) == 4
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", tables[1], re.DOTALL)
    assert [re.findall(r'<td class="number">(.*?)</td>', row) for row in rows][2] == ["–", "–"]


def test_names_are_text(worked: House) -> None:
    """A name that is a template or a tag is shown as it was typed and nothing of it runs."""
    with worked.office.services.store.writing() as tx:
        tx.update(replace(tx.get(Therapist, "t-aina"), name=HOSTILE))
    source = worked.signed_in(Role.DISPATCHER).get(f"/reports?{SPAN}").get_data(as_text=True)
    assert "<b>`" not in source
    assert HOSTILE in unescape(source)
    assert HOSTILE in page_of(worked, f"/week/{DAY}")


def test_a_new_company_is_told_how_reports_fill(house: House) -> None:
    """Without any history the page says what to do instead of showing empty charts."""
    page = page_of(house, "/reports")
    assert "Nothing to report yet" in page
    assert 'role="img"' not in page


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (f"from={AFTER}&to={DAY}", "runs backwards"),
        ("from=2026-01-01&to=2026-11-25", "at most 120 days"),
        ("to=2027-01-01", "there is nothing to report"),
        ("from=yesterday", "yesterday is no date"),
    ],
)
def test_a_span_that_cannot_be_is_explained(worked: House, span: str, words: str) -> None:
    """A span that cannot be is answered with its sentence and the last four weeks, and gives no file."""
    assert words in page_of(worked, f"/reports?{span}", status=400)
    assert words in page_of(worked, f"/reports/report.xlsx?{span}", status=400)
    assert words in page_of(worked, f"/reports/days.csv?{span}", status=400)


def test_files_are_the_tables_of_the_span(worked: House) -> None:
    """The workbook has a sheet for each table, and each table is a CSV file of the same span."""
    client = worked.signed_in(Role.DISPATCHER)
    answer = client.get(f"/reports/report.xlsx?{SPAN}")
    assert f"report-{DAY}-{AFTER}.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.worksheets) == len(TABLES)
    for table, page in zip(TABLES, book.worksheets, strict=True):
        rows = list(csv.reader(io.StringIO(client.get(f"/reports/{table}.csv?{SPAN}").data.decode("utf-8-sig"))))
        assert len(rows) == page.max_row
        assert rows[0] == [cell.value for cell in page[1]]
    assert client.get("/reports/salaries.csv").status_code == 404


def test_the_booking_desk_sees_the_week_and_no_report(worked: House) -> None:
    """Reports are neither in the booking desk's menu nor open to it; the week is both."""
    client = worked.signed_in(Role.BOOKING_TAKER)
    menu = client.get("/week").get_data(as_text=True)
    assert 'href="/week"' in menu
    assert 'href="/reports"' not in menu
    assert client.get("/reports").status_code == 403
    assert client.get("/reports/days.csv").status_code == 403
