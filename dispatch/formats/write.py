"""Writes tables as CSV and XLSX that no spreadsheet program runs anything from."""

import csv
import io
from datetime import datetime

from dispatch.formats.table import Sheet, disarm


def csv_bytes(sheet: Sheet) -> bytes:
    """Write a sheet as CSV: UTF-8 with the mark Excel needs to show Chinese names, formulas disarmed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_safe(cell) for cell in sheet.header])
    writer.writerows([_safe(cell) for cell in row] for row in sheet.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_bytes(sheets: tuple[Sheet, ...], *, made_at: datetime) -> bytes:
    """Write sheets as one XLSX workbook: header row bold and frozen, numbers as numbers, all else as plain text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Laluan"
    workbook.properties.created = workbook.properties.modified = made_at.replace(tzinfo=None)
    for sheet in sheets:
        page = workbook.create_sheet(title=_title(sheet.title))
        page.freeze_panes = "A2"
        for column, name in enumerate(sheet.header):
            longest = max((len(str(row[column])) for row in sheet.rows), default=0)
            page.column_dimensions[get_column_letter(column + 1)].width = min(60, max(10, len(name), longest) + 2)
        head = []
        for name in sheet.header:
            cell = WriteOnlyCell(page, value=_safe(name))
            cell.font = Font(bold=True)
            head.append(cell)
        page.append(head)
        for row in sheet.rows:
            cells = []
            for value in row:
                cell = WriteOnlyCell(page, value=_safe(value))
                if isinstance(value, str):
                    # Said outright, so that the text is never read as a formula or an error value.
                    cell.data_type = "s"
                elif isinstance(value, float):
                    cell.number_format = "0.0"
                cells.append(cell)
            page.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _safe(value: str | float) -> str | float:
    """Disarm a text, and take out what neither format may hold."""
    if isinstance(value, int | float):
        return value
    return disarm("".join(letter for letter in value if letter >= " " or letter in "\t\n"))


def _title(text: str) -> str:
    """Give a sheet's name as Excel allows it: up to 31 letters, none of its own signs."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in text)[:31].strip() or "Sheet"
