"""Reads CSV as spreadsheet programs write it: several encodings, three separators, quoted cells."""

import codecs
import csv
import io
import re

from dispatch.errors import BadInput
from dispatch.formats.limits import check_size
from dispatch.formats.table import clean_cell

SEPARATORS = (",", ";", "\t")
LIMIT_CELL = 10_000
_FOREIGN = re.compile(r"[^\x00-\x7f]{3}|[¡¢¤¥¦§©¬±²³¶·¸¹¼½¾¿×÷]")
"""What Western words never hold: three accented letters together, or signs between letters.

Chinese in a code page of its own reads so, and would be taken in as names nobody has.
"""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def csv_rows(filename: str, data: bytes) -> list[list[str]]:
    """Give the rows of a CSV file as cleaned text."""
    text = _decode(filename, data)
    separator, text = _separator(text)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            row = [clean_cell(cell) for cell in cells]
            filled = max((index + 1 for index, cell in enumerate(row) if cell), default=0)
            check_size(filename, len(rows) + 1, filled)
            if any(len(cell) > LIMIT_CELL for cell in row):
                raise BadInput("formats.cell_too_long", file=filename, row=len(rows) + 1, limit=LIMIT_CELL)
            rows.append(row)
    except csv.Error as error:
        raise BadInput("formats.bad_csv", file=filename, row=len(rows) + 1) from error
    return rows


def _decode(filename: str, data: bytes) -> str:
    """Turn the bytes into text: by a byte order mark, else as UTF-8, else as Windows' Western code page."""
    encodings: tuple[str, ...] = ("utf-8", "cp1252")
    for mark, marked in _MARKS:
        if data.startswith(mark):
            data, encodings = data[len(mark) :], (marked,)
            break
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or (encoding == "cp1252" and _FOREIGN.search(text)):
            break
        return text
    raise BadInput("formats.unknown_encoding", file=filename)


def _separator(text: str) -> tuple[str, str]:
    """Find the separator: Excel's own `sep=` line, else the one most frequent in the first line outside quotes."""
    first, _, rest = text.partition("\n")
    hint = first.strip().casefold()
    if hint.startswith("sep=") and hint[4:5] in SEPARATORS:
        return hint[4], f"\n{rest}"
    line = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(part for index, part in enumerate(line.split('"')) if index % 2 == 0)
    return max(SEPARATORS, key=outside.count), text
