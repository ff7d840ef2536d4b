"""Brings a database's schema up to date with the migrations inside the package."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dispatch.errors import Conflict
from dispatch.store.engine import writers
from dispatch.store.faults import said_plainly

PATIENCE_S = 60
"""So long whoever starts second waits for the migrations of whoever started first."""


def config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration, made in code; migrations run on the connection handed in."""
    made = Config()
    made.set_main_option("script_location", "dispatch.store:migrations")
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def revision_of(engine: Engine) -> str | None:
    """Give the schema revision a database has; None for an empty one."""
    with said_plainly(), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> tuple[str, ...]:
    """Give the revisions this release knows, newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def check(engine: Engine) -> None:
    """Raise `Conflict` where the schema is older than this release's, or unknown to it."""
    found, known = revision_of(engine), known_revisions()
    refuse_unknown(found, known)
    if found != known[0]:
        raise Conflict("store.schema_old", found=found or "none", needed=known[0])


def refuse_unknown(found: str | None, known: tuple[str, ...]) -> None:
    """Raise `Conflict` for a revision that only a newer release can have made."""
    if found is not None and found not in known:
        raise Conflict("store.schema_unknown", found=found, newest=known[0])


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run the missing migrations in one transaction; two processes that start together run them once."""
    _move(engine, command.upgrade, target)


def downgrade(engine: Engine, target: str) -> None:
    """Take migrations back in one transaction, down to a revision (`base` is before the first)."""
    _move(engine, command.downgrade, target)


def _move(engine: Engine, run: Callable[[Config, str], None], target: str) -> None:
    """Bring the schema to a revision in one transaction that is kept as a whole or not at all."""
    is_sqlite = engine.dialect.name == "sqlite"
    with said_plainly(), writers(engine).connect() as connection:
        connection.detach()  # what is set here is for the migrations alone: nobody else gets this connection
        _set(
            connection, f"PRAGMA busy_timeout={PATIENCE_S * 1000}" if is_sqlite else f"SET lock_timeout='{PATIENCE_S}s'"
        )
        # SQLite changes a table by copying it, which must not touch the rows that refer to it; the switch is ignored
        # inside a transaction, so it comes first, and the references are checked before the commit.
        if is_sqlite:
            _set(connection, "PRAGMA foreign_keys=OFF")
        with connection.begin():
            refuse_unknown(MigrationContext.configure(connection).get_current_revision(), known_revisions())
            run(config(connection), target)
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise Conflict("store.references_broken")


def _set(connection: Connection, setting: str) -> None:
    """Set something of the connection before its transaction begins."""
    cursor = connection.connection.cursor()
    cursor.execute(setting)
    cursor.close()
