"""A table of text: what a spreadsheet is once it has been read, and before one is written."""

import unicodedata
from dataclasses import dataclass

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these may be run by a spreadsheet program as a formula."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and rows of cells, all text; every row is as long as the header.

    `first_row` is the number a spreadsheet program shows beside the first of `rows`.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_row: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to be written, under a title of its own; fractions are shown with one decimal."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


def disarm(text: str) -> str:
    """Give a text that no spreadsheet program takes for a formula: a leading quote mark where it could."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def rearm(text: str) -> str:
    """Give back the text that `disarm` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def clean_cell(text: str) -> str:
    """Give a cell's text as it is kept: composed characters (NFC), no blanks around it, no leading guard mark."""
    return rearm(unicodedata.normalize("NFC", text).replace("\xa0", " ").strip())
