"""The store: a database with its schema, and transactions on it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.errors import Unavailable
from dispatch.store import backup, migrate
from dispatch.store.engine import BUSY_S, make_engine, parse_url, readers, writers
from dispatch.store.faults import said_plainly
from dispatch.store.transaction import Reading, Writing


class Store:
    """An open database; safe to use from many threads, one transaction each."""

    def __init__(self, url: str, *, busy_s: float = BUSY_S) -> None:
        """Prepare to use the database of the URL; nothing is opened before the first transaction."""
        self.url = parse_url(url).render_as_string(hide_password=True)
        self._url = parse_url(url)
        self._engine = make_engine(url, busy_s=busy_s)
        self._readers = readers(self._engine)
        self._writers = writers(self._engine)
        self._busy_s = busy_s
        # SQLite lets waiting writers poll, and an unlucky one may wait for seconds; threads that queue here do not.
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Open a transaction that reads one unchanging state of everything."""
        with said_plainly(), self._readers.begin() as connection:
            yield Reading(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Open a transaction that writes: kept as a whole at its end, or not at all where an exception leaves it.

        `Unavailable` with `store.busy` where another writer does not end in time.
        """
        if not self._turn.acquire(timeout=self._busy_s):
            raise Unavailable("store.busy")
        try:
            with said_plainly(), self._writers.begin() as connection:
                yield Writing(connection)
        finally:
            self._turn.release()

    def is_empty(self) -> bool:
        """Tell whether the database has no schema yet."""
        return migrate.revision_of(self._engine) is None

    def upgrade(self) -> None:
        """Bring the schema up to date, all of it or nothing; `Conflict` where a newer release made the database."""
        migrate.upgrade(self._engine)

    def check_schema(self) -> None:
        """Raise `Conflict` where the schema is not exactly this release's, saying what to do."""
        migrate.check(self._engine)

    def backup(self, path: Path) -> None:
        """Write everything into a new file, checked before it appears; `Conflict` where the file exists already."""
        with said_plainly():
            backup.backup(self._url, path)

    def restore(self, path: Path) -> None:
        """Replace everything by a backup's content, all of it or nothing; `BadInput` where the file is no backup.

        A backup of an older release is restored as it is; `upgrade` comes after.
        """
        with said_plainly():
            backup.restore(self._url, path, busy_s=self._busy_s)

    def close(self) -> None:
        """Close all connections; the store opens new ones if it is used again."""
        self._engine.dispose()


def open_store(url: str, *, busy_s: float = BUSY_S) -> Store:
    """Give the store of a database URL; `BadInput` where the URL names none."""
    return Store(url, busy_s=busy_s)
