"""Reads the first sheet of an XLSX workbook as text, guarded against archives and XML made to hurt.

openpyxl uses defusedxml wherever that is installed, which it is here: entities in the workbook's XML are refused.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from dispatch.errors import BadInput
from dispatch.formats.limits import check_size
from dispatch.formats.table import clean_cell

LIMIT_UNPACKED_BYTES = 64 * 1024 * 1024
LIMIT_PARTS = 1_000


def xlsx_rows(filename: str, data: bytes) -> list[list[str]]:
    """Give the rows of the first sheet as cleaned text; a formula is the text of the formula."""
    _check_archive(filename, data)
    import openpyxl
    from defusedxml.common import DefusedXmlException
    from openpyxl.utils.exceptions import InvalidFileException

    if not openpyxl.DEFUSEDXML:
        raise BadInput("formats.unguarded_xml", file=filename)
    try:
        with warnings.catch_warnings():
            # Parts openpyxl does not know (styles, validation) are of no interest to a table of text.
            warnings.simplefilter("ignore")
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                if not workbook.worksheets:
                    raise BadInput("formats.empty", file=filename)
                sheet = workbook.worksheets[0]
                # The size a workbook claims to have is not trusted; the rows are counted as they come.
                sheet.reset_dimensions()
                return _rows(filename, sheet.iter_rows(values_only=True))
            finally:
                workbook.close()
    except BadInput:
        raise
    except (
        DefusedXmlException,
        InvalidFileException,
        zipfile.BadZipFile,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        OSError,
        SyntaxError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        # A damaged workbook fails anywhere inside openpyxl's parser; to the person it is one thing.
        raise BadInput("formats.damaged", file=filename) from error


def _check_archive(filename: str, data: bytes) -> None:
    """Refuse an archive that unpacks to far more than a table could need (`zipfile` unpacks no more than declared)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise BadInput("formats.damaged", file=filename) from error
    if len(parts) > LIMIT_PARTS:
        raise BadInput("formats.many_parts", file=filename, limit=LIMIT_PARTS)
    if sum(part.file_size for part in parts) > LIMIT_UNPACKED_BYTES:
        raise BadInput("formats.bomb", file=filename, limit_mib=LIMIT_UNPACKED_BYTES // 2**20)


def _rows(filename: str, cells: Iterable[tuple[object, ...]]) -> list[list[str]]:
    """Turn the sheet's values into text, within the limits."""
    rows: list[list[str]] = []
    for values in cells:
        filled = max((index + 1 for index, value in enumerate(values) if value not in {None, ""}), default=0)
        check_size(filename, len(rows) + 1, filled)
        rows.append([_text(value) for value in values[:filled]])
    return rows


def _text(value: object) -> str:
    """Write a cell's value as a person would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case _:
            return clean_cell(str(value))
