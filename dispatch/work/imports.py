"""Takes in tables of bookings and therapists: first what would happen, then all of it or nothing."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatch.formats.read import read_table
from dispatch.formats.table import Table
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.work.doing import record
from dispatch.work.exports import ExportedFile
from dispatch.work.import_bookings import read_bookings
from dispatch.work.import_columns import Mapped, RowError, columns_of, map_table, template_sheets
from dispatch.work.import_rows import resolve_places
from dispatch.work.import_therapists import read_therapists
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.errors import LaluanError
    from dispatch.intake.address import Resolution
    from dispatch.store import Reading
    from dispatch.work.import_rows import Errors

PERMISSIONS = {
    "bookings": (Permission.BOOKINGS, Permission.CLIENTS),
    "therapists": (Permission.TEAM,),
}
PLACE_COLUMNS = {"bookings": ("place",), "therapists": ("start_place", "end_place")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or in a dry run would do.

    `added` counts bookings or therapists, `clients_added` the clients that came with them; both are nought where
    anything is wrong, because then nothing is kept. `ignored` are headings nobody knows, `more_errors` how many errors
    there are beyond those told. `notes` are worth a look, and no errors. `first_day` is the day of the first booking.
    """

    kind: str
    rows: int
    added: int = 0
    clients_added: int = 0
    ignored: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    more_errors: int = 0
    notes: tuple[RowError, ...] = ()
    first_day: date | None = None
    dry_run: bool = True


def read_upload(filename: str, data: bytes) -> Table:
    """Read an uploaded CSV or XLSX file; `BadInput` with a `formats.*` code for what is too large or no table."""
    return read_table(filename, data)


def import_table(services: Services, actor: Actor, kind: str, table: Table, *, dry_run: bool) -> ImportReport:
    """Import a table of `bookings` or `therapists`: every row, or none where anything in any row is wrong.

    A dry run reads and checks everything the same way, and keeps nothing.
    """
    columns_of(kind)
    for permission in PERMISSIONS[kind]:
        allow(actor, permission)
    mapped = map_table(kind, table)
    if mapped.errors or not mapped.rows:
        return ImportReport(
            kind=kind, rows=len(mapped.rows), ignored=mapped.ignored, errors=mapped.errors, dry_run=dry_run
        )
    # Looked up before the transaction: a geocoder may take seconds, and nobody else could write meanwhile.
    places = resolve_places(services, (row.cells[key] for row in mapped.rows for key in PLACE_COLUMNS[kind]))
    if dry_run:
        with services.store.reading() as tx:
            nouns, errors = _read(tx, services, actor, kind, mapped, places)
        return _report(kind, mapped, nouns, errors, dry_run=True)
    with services.store.writing() as tx:
        nouns, errors = _read(tx, services, actor, kind, mapped, places)
        if not errors.any():
            for noun in nouns:
                tx.insert(noun)
            added = [noun.id for noun in nouns if isinstance(noun, Booking | Therapist)]
            record(tx, services, actor, f"import.{kind}", *added)
    return _report(kind, mapped, nouns, errors, dry_run=False)


def import_template(kind: str, form: str) -> ExportedFile:
    """Give the table to fill in, as `csv` or `xlsx`."""
    from dispatch.formats.write import csv_bytes, xlsx_bytes
    from dispatch.work.exports import CSV_TYPE, TEMPLATE_MADE_AT, XLSX_TYPE

    table, helping = template_sheets(kind)
    if form == "csv":
        return ExportedFile(filename=f"{kind}-template.csv", media_type=CSV_TYPE, data=csv_bytes(table))
    data = xlsx_bytes((table, helping), made_at=TEMPLATE_MADE_AT)
    return ExportedFile(filename=f"{kind}-template.xlsx", media_type=XLSX_TYPE, data=data)


Nouns = list[Client | Building | Address | Booking | Therapist]


def _read(
    tx: "Reading",
    services: Services,
    actor: Actor,
    kind: str,
    mapped: Mapped,
    places: "dict[str, Resolution | LaluanError]",
) -> "tuple[Nouns, Errors]":
    if kind == "bookings":
        bookings, errors = read_bookings(tx, services, actor, mapped, places)
        return [*bookings], errors
    therapists, errors = read_therapists(tx, services, actor, mapped, places)
    return [*therapists], errors


def _report(kind: str, mapped: Mapped, nouns: Nouns, errors: "Errors", *, dry_run: bool) -> ImportReport:
    fine = not errors.any()
    days = [noun.day for noun in nouns if isinstance(noun, Booking)] if fine else []
    return ImportReport(
        kind=kind,
        rows=len(mapped.rows),
        added=sum(isinstance(noun, Booking | Therapist) for noun in nouns) if fine else 0,
        clients_added=sum(isinstance(noun, Client) for noun in nouns) if fine else 0,
        ignored=mapped.ignored,
        errors=tuple(errors.found),
        more_errors=errors.more,
        notes=tuple(errors.notes),
        first_day=days[0] if days else None,
        dry_run=dry_run,
    )
