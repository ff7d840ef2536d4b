"""Reads a table from a file a person uploaded: CSV or XLSX, with limits, and never running anything in it."""

from dispatch.errors import BadInput
from dispatch.formats.limits import check_bytes
from dispatch.formats.table import Table

XLSX_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"


def read_table(filename: str, data: bytes) -> Table:
    """Read a CSV or XLSX file into a table of text; formulas stay the text they are.

    What the bytes are decides, not the name alone. Raises `BadInput` with a `formats.*` code for anything that is too
    large, damaged or no table.
    """
    check_bytes(filename, len(data))
    if not data.strip():
        raise BadInput("formats.empty", file=filename)
    if data.startswith(OLD_EXCEL_MARK):
        raise BadInput("formats.old_excel", file=filename)
    if data.startswith(XLSX_MARK):
        from dispatch.formats.read_xlsx import xlsx_rows

        rows = xlsx_rows(filename, data)
    elif filename.casefold().endswith((".xlsx", ".xlsm", ".xls", ".ods", ".numbers")):
        raise BadInput("formats.damaged", file=filename)
    else:
        from dispatch.formats.read_csv import csv_rows

        rows = csv_rows(filename, data)
    return _table(filename, rows)


def _table(filename: str, rows: list[list[str]]) -> Table:
    """Take the first row that is not blank as the header, and the rows below it to the same length."""
    header_at = next((index for index, row in enumerate(rows) if any(row)), None)
    if header_at is None:
        raise BadInput("formats.empty", file=filename)
    header = _without_blank_end(rows[header_at])
    body = [_without_blank_end(row) for row in rows[header_at + 1 :]]
    while body and not body[-1]:
        body.pop()
    for index, row in enumerate(body):
        if len(row) > len(header):
            raise BadInput("formats.row_too_long", file=filename, row=header_at + 2 + index, columns=len(header))
    width = len(header)
    return Table(
        header=tuple(header),
        rows=tuple(tuple(row + [""] * (width - len(row))) for row in body),
        first_row=header_at + 2,
    )


def _without_blank_end(row: list[str]) -> list[str]:
    """Give the row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
