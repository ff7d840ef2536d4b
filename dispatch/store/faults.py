"""Turns what a database answers when it cannot serve into errors a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from dispatch.errors import Conflict, LaluanError, Unavailable

_SQLITE: dict[int, str] = {
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_PERM: "store.cannot_open",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
    sqlite3.SQLITE_IOERR: "store.disk_failed",
}

_POSTGRESQL: dict[str, str] = {
    "55P03": "store.busy",
    "53100": "store.disk_full",
    "53300": "store.busy",
    "25006": "store.read_only",
    "57P01": "store.unreachable",
    "57P02": "store.unreachable",
    "57P03": "store.unreachable",
}

_LOST_THE_RACE = {"40001", "40P01"}
"""PostgreSQL's codes for a transaction that another one made impossible."""


@contextmanager
def said_plainly() -> Iterator[None]:
    """Run a transaction; what the database cannot do becomes `Unavailable`, a lost race `Conflict`."""
    try:
        yield
    except NoConnectionFree as error:
        raise Unavailable("store.busy") from error
    except DBAPIError as error:
        # A full disk ends SQLite's transaction by itself, and then undoing a part of it fails too: the first error counts.
        for cause in _chain(error):
            plain = _plain(cause)
            if plain is not None:
                raise plain from error
        raise
    except sqlite3.Error as error:
        if (plain := _plain_sqlite(error)) is None:
            raise
        raise plain from error


def _chain(error: BaseException | None) -> Iterator[DBAPIError]:
    """Give an error of the database and those during whose handling it came up."""
    while error is not None:
        if isinstance(error, DBAPIError):
            yield error
        error = error.__context__


def _plain_sqlite(error: sqlite3.Error) -> LaluanError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of the bits only say more exactly what it was
    return Unavailable(_SQLITE[code]) if code in _SQLITE else None


def _plain(error: DBAPIError) -> LaluanError | None:
    """Give the error a person can act on; None for what only a programmer can mend."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _plain_sqlite(cause)
    state = getattr(cause, "sqlstate", None)
    if state in _LOST_THE_RACE:
        return Conflict("store.overtaken")
    if state in _POSTGRESQL:
        return Unavailable(_POSTGRESQL[state])
    # Without a state the server never answered: no such host, nothing listens there, or the line was cut.
    if error.connection_invalidated or (state is None and type(cause).__name__ == "OperationalError"):
        return Unavailable("store.unreachable")
    return None
