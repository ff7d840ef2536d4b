"""What reading the rows of a table needs: errors gathered by row and column, and places looked up once each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dispatch.errors import BadInput, LaluanError, Several
from dispatch.model.kinds import Precision
from dispatch.model.said import Said
from dispatch.work.import_columns import Mapped, Row, RowError
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution

T = TypeVar("T")

MOST_ERRORS = 200
"""More errors than this are counted, not told: whoever mends two hundred rows imports again anyway."""


def said_of(error: LaluanError) -> Said:
    """Give an error as something said."""
    return Said(code=error.code, values=tuple(sorted(error.values.items())))


def _under(heading: str, told: Said) -> Said:
    """Let a sentence that names its field name it as the table does."""
    named = told.named()
    if not heading or "field" not in named:
        return told
    return Said(code=told.code, values=tuple(sorted({**named, "field": heading}.items())))


def _same(one: RowError, other: RowError) -> bool:
    """Tell whether two errors are the same to a person: the field of a form that found it makes no difference."""
    if (one.row, one.column, one.said.code) != (other.row, other.column, other.said.code):
        return False
    return {**one.said.named(), "field": ""} == {**other.said.named(), "field": ""}


@dataclass(slots=True)
class Errors:
    """Gathers what is wrong with a table, by row and column."""

    mapped: Mapped
    found: list[RowError] = field(default_factory=list)
    more: int = 0
    notes: list[RowError] = field(default_factory=list)

    def add(self, row: Row, key: str, error: LaluanError) -> None:
        """Keep an error (or each of several) under the heading of a column."""
        if isinstance(error, Several):
            for one in error.errors:
                self.add(row, key, one)
            return
        heading = self.mapped.headings.get(key, "")
        told = RowError(row=row.number, column=heading, said=_under(heading, said_of(error)))
        if len(self.found) >= MOST_ERRORS:
            self.more += 1
        elif not any(_same(told, other) for other in self.found[-10:]):
            # A new building outside the area is told by its own rules and by its booking's: once is enough.
            self.found.append(told)

    def note(self, row: Row, key: str, told: Said) -> None:
        """Keep what a person should know before the yes, though nothing is wrong; told for the first rows only."""
        if len(self.notes) < MOST_ERRORS:
            self.notes.append(RowError(row=row.number, column=self.mapped.headings.get(key, ""), said=told))

    def read(self, row: Row, key: str, reader: Callable[[str], T], *, needed: bool = False) -> T | None:
        """Read one cell; None where it is wrong, or empty though it is needed, which is kept as an error."""
        text = row.cells[key]
        try:
            if needed and not text:
                raise BadInput("import.empty_cell")
            return reader(text)
        except LaluanError as error:
            self.add(row, key, error)
            return None

    def any(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.found)


def resolve_places(services: Services, texts: Iterable[str]) -> "dict[str, Resolution | LaluanError]":
    """Find each place once, before any transaction: an answer that is sure, or the error that says why it is not."""
    found: dict[str, Resolution | LaluanError] = {}
    for text in sorted({text for text in texts if text}):
        try:
            found[text] = _sure(services.resolve_address(text), text)
        except LaluanError as error:
            found[text] = error
    return found


def _sure(place: "Resolution", text: str) -> "Resolution":
    """Take a place nobody needs to look at: a sure answer, a pin, or exactly the name that was written.

    An import has nobody who looks at the map, so a guess is refused with the names that may have been meant.
    """
    exact = place.precision is Precision.ROOFTOP or _plain(text) == _plain(place.label)
    if exact or not place.must_confirm:
        return place
    names = list(dict.fromkeys([place.label, *(candidate.place.name for candidate in place.candidates)]))[:3]
    raise BadInput("import.place_unsure", value=text[:80], nearest=", ".join(name for name in names if name))


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
