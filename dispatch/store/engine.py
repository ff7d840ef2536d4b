"""Opens databases so that a transaction means the same on SQLite and on PostgreSQL: one writer at a time.

On SQLite a writing transaction begins with BEGIN IMMEDIATE: with the driver's own late BEGIN, two transactions that
read and then write lose one of the two updates without an error. On PostgreSQL a writing transaction takes one advisory
lock for the same effect, so that a rule checked at the start of a transaction still holds at its end.
"""

from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from dispatch.errors import BadInput

BUSY_S = 5
"""How long a transaction waits for the one before it, in seconds."""

CONNECT_S = 5
"""How long PostgreSQL may take to answer a new connection, in seconds."""

WRITER_LOCK = 7_262_519_386
"""The key of the advisory lock that writing transactions take on PostgreSQL; any number, always the same."""


class _DriverConnection(Protocol):
    """The part of a driver's connection that is used here."""

    def cursor(self) -> Any: ...


def parse_url(url: str) -> URL:
    """Read a database URL; `BadInput` names what is wrong with it, never showing its password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # A port that is no number is told by a plain ValueError.
        raise BadInput("store.bad_url") from None
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:" or parsed.query:
                raise BadInput("store.no_file_named")
            return parsed.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise BadInput("store.unknown_database", name=other)


def make_engine(url: str, *, busy_s: float = BUSY_S) -> Engine:
    """Give an engine whose transactions say by the execution option `writing` what they are."""
    parsed = parse_url(url)
    return (
        _sqlite_engine(parsed, busy_s) if parsed.get_backend_name() == "sqlite" else _postgresql_engine(parsed, busy_s)
    )


def readers(engine: Engine) -> Engine:
    """Give the same engine for reading: each transaction sees one unchanging state and waits for nobody."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def writers(engine: Engine) -> Engine:
    """Give the same engine for writing: each transaction begins once the writer before it has ended."""
    return engine.execution_options(writing=True)


def _sqlite_engine(url: URL, busy_s: float) -> Engine:
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": busy_s},
        pool_size=8,
        max_overflow=56,
        pool_timeout=busy_s,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: _DriverConnection, _record: object) -> None:
    """Set what SQLite forgets with each connection; FULL makes a commit outlive a power cut."""
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _postgresql_engine(url: URL, busy_s: float) -> Engine:
    options = f"-c lock_timeout={round(busy_s * 1000)} -c timezone=UTC"
    given = url.query.get("options", ())
    before = given if isinstance(given, str) else " ".join(given)
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args={"connect_timeout": CONNECT_S, "options": f"{before} {options}".strip()},
        pool_size=8,
        max_overflow=56,
        pool_timeout=busy_s,
        pool_pre_ping=True,
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
