"""A report's files, opened again, hold the figures of the page, and no spreadsheet program runs anything of them."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from dispatch.model.account import Actor
from dispatch.model.therapist import Therapist
from dispatch.work.report_sheets import TABLES, report_sheets, report_table, report_workbook
from dispatch.work.reports import branch_report
from tests.work.company import DAY, Office
from tests.work.past import AFTER, live_three_days

HOSTILE = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def worked(busy: Office) -> Office:
    """The office after three days, one therapist's name being a formula."""
    live_three_days(busy)
    with busy.services.store.writing() as tx:
        tx.update(replace(tx.get(Therapist, "t-bee"), name=HOSTILE))
    return busy


def rows_of(office: Office, actor: Actor, table: str) -> list[list[str]]:
    """Open a table's CSV file again."""
    file = report_table(office.services, actor, table, DAY, AFTER)
    assert file.filename == f"report-{DAY}-{AFTER}-{table}.csv"
    return list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("table", TABLES)
def test_csv_and_workbook_hold_the_same_figures(worked: Office, table: str) -> None:
    """Each table is a CSV file and a sheet of the workbook, with the same rows in both."""
    actor = worked.dispatcher
    sheet = report_sheets(branch_report(worked.services, actor, DAY, AFTER))[table]
    rows = rows_of(worked, actor, table)
    assert rows[0] == list(sheet.header)
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(worked.services, actor, DAY, AFTER).data))
    page = book.worksheets[TABLES.index(table)]
    opened = [["" if cell is None else cell for cell in row] for row in page.iter_rows(values_only=True)]
    assert len(rows) == len(opened) == len(sheet.rows) + 1
    for written, cells in zip(rows[1:], opened[1:], strict=True):
        assert [_number(cell) for cell in written] == [_number(str(cell)) for cell in cells]


def test_a_day_without_a_plan_has_empty_cells(worked: Office) -> None:
    """A figure nobody knows is an empty cell and never a nought."""
    header, *days = rows_of(worked, worked.dispatcher, "days")
    first, _, third = (dict(zip(header, row, strict=True)) for row in days)
    assert (first["Day"], first["Published"], first["Served"], first["Value (RM)"]) == (str(DAY), "yes", "4", "810.0")
    assert (first["On time"], first["Over 15 min late"], first["Start not reported"]) == ("1", "1", "3")
    assert (third["Published"], third["Bookings taken"], third["Served"], third["Utilisation (%)"]) == (
        "no",
        "1",
        "",
        "",
    )


def test_therapists_are_told_by_name_and_never_as_a_formula(worked: Office) -> None:
    """Hours and values are each therapist's, and a name that is a formula is plain text in both files."""
    header, *rows = rows_of(worked, worked.owner, "therapists")
    told = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert set(told) == {"Aina", f"'{HOSTILE}", "Chandra"}
    assert (told["Aina"]["Visits"], told["Aina"]["Treatment (h)"], told["Aina"]["Days on shift"]) == ("2", "2.0", "2")
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(worked.services, worked.owner, DAY, AFTER).data))
    cells = [cell for row in book.worksheets[1].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)


def test_sums_of_the_tables_agree(worked: Office) -> None:
    """Visits by day and by therapist, and bookings by weekday and by area, are the same in total."""
    actor = worked.dispatcher

    def total(table: str, column: str) -> float:
        header, *rows = rows_of(worked, actor, table)
        return sum(float(row[header.index(column)] or 0) for row in rows)

    assert total("days", "Visits") == total("therapists", "Visits") == 6
    assert total("days", "Value (RM)") == total("therapists", "Value (RM)")
    assert total("hours", "Total") == total("areas", "Total") == 4 + 2 + 1
    assert total("reasons", "Cancelled") == total("days", "Cancelled") == 1


def _number(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell
