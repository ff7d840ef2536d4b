"""The columns of the tables that can be imported: which heading means what, and the templates to fill in."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache

from dispatch.errors import BadInput
from dispatch.formats.table import Sheet, Table
from dispatch.model.said import Said, said
from dispatch.shipped import data_path

KINDS = ("bookings", "therapists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key in our words, the heading of the template, and what else may stand there."""

    key: str
    title: str
    aliases: tuple[str, ...]
    needed: bool
    example: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One thing wrong with a table: the row's number as a spreadsheet shows it, the column's heading, and what."""

    row: int
    column: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that is not blank: its number, and its cells by column key (empty where the table has no such column)."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A table whose headings are understood; `headings` gives a column's heading by its key, `ignored` the others."""

    rows: tuple[Row, ...]
    headings: dict[str, str]
    ignored: tuple[str, ...]
    errors: tuple[RowError, ...]


@cache
def columns_of(kind: str) -> tuple[Column, ...]:
    """Give the columns of a kind of table; `BadInput` for a kind that cannot be imported."""
    if kind not in KINDS:
        raise BadInput("import.unknown_kind", kind=kind, kinds=", ".join(KINDS))
    raw = tomllib.loads(data_path(f"templates/{kind}.toml").read_text(encoding="utf-8"))
    return tuple(
        Column(
            key=key,
            title=entry["title"],
            aliases=tuple(entry["aliases"]),
            needed=entry.get("needed", False),
            example=entry["example"],
            help=entry["help"],
        )
        for key, entry in raw.items()
    )


def map_table(kind: str, table: Table) -> Mapped:
    """Understand a table's headings, whatever their case, blanks and signs; the errors say what is missing or twice."""
    columns = columns_of(kind)
    known = {_plain(name): column.key for column in columns for name in (column.title, column.key, *column.aliases)}
    # A heading of the template always means its own column, also where another column has it among its aliases.
    known.update({_plain(column.title): column.key for column in columns})
    at: dict[str, int] = {}
    ignored: list[str] = []
    errors: list[RowError] = []
    header_row = table.first_row - 1
    for index, heading in enumerate(table.header):
        key = known.get(_plain(heading))
        if key is None:
            ignored.append(heading)
        elif key in at:
            twice = said("import.column_twice", first=table.header[at[key]], second=heading)
            errors.append(RowError(row=header_row, column=heading, said=twice))
        else:
            at[key] = index
    for column in columns:
        if column.needed and column.key not in at:
            missing = said("import.column_missing", column=column.title)
            errors.append(RowError(row=header_row, column=column.title, said=missing))
    return Mapped(
        rows=tuple(
            Row(
                number=table.first_row + number,
                cells={column.key: cells[at[column.key]] if column.key in at else "" for column in columns},
            )
            for number, cells in enumerate(table.rows)
            if any(cells)
        ),
        headings={column.key: table.header[at[column.key]] if column.key in at else column.title for column in columns},
        ignored=tuple(heading for heading in ignored if heading),
        errors=tuple(errors),
    )


def template_sheets(kind: str) -> tuple[Sheet, Sheet]:
    """Give the table to fill in, with one example row, and the sheet that says what to write in each column."""
    columns = columns_of(kind)
    table = Sheet(
        title=kind.capitalize(),
        header=tuple(column.title for column in columns),
        rows=(tuple(column.example for column in columns),),
    )
    helping = Sheet(
        title="Help",
        header=("Column", "Needed", "What to write", "Example"),
        rows=tuple((column.title, "yes" if column.needed else "no", column.help, column.example) for column in columns),
    )
    return table, helping


def _plain(heading: str) -> str:
    """Give a heading without case, blanks and signs: "Client-Name *" and "client name" are the same."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
