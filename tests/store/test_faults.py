"""A database that cannot serve says so in a sentence, and keeps nothing half."""

import re
from pathlib import Path

import psycopg
import pytest

from dispatch.errors import Conflict, Unavailable
from dispatch.model.branch import Branch
from dispatch.model.people import Client
from dispatch.store import Store, open_store
from dispatch.words import catalogue
from tests.conftest import without_driver

SOURCES = Path(__file__).resolve().parents[2] / "dispatch"


def test_every_code_of_the_store_has_its_sentence() -> None:
    """Whatever the store, the jobs and the settings raise is written down in words."""
    files = [*SOURCES.glob("store/*.py"), *SOURCES.glob("jobs/*.py"), SOURCES / "settings.py", SOURCES / "wiring.py"]
    codes = {code for path in files for code in re.findall(r'"((?:store|job|settings)\.[a-z_]+)"', path.read_text())}
    assert len(codes) > 30
    assert codes - set(catalogue("en")) == set()


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    """Something else under the database's name is named as damaged, and stays as it is."""
    path = tmp_path / "laluan.sqlite3"
    path.write_bytes(b"This is a letter, not a database. " * 100)
    store = open_store(f"sqlite:///{path}")
    for attempt in (store.upgrade, store.check_schema):
        with pytest.raises(Unavailable, match=r"store\.damaged"):
            attempt()
    store.close()
    assert path.read_bytes().startswith(b"This is a letter")


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    """A database in a folder that does not exist cannot be opened, and no folder is made for it."""
    store = open_store(f"sqlite:///{tmp_path / 'nowhere' / 'laluan.sqlite3'}")
    with pytest.raises(Unavailable, match=r"store\.cannot_open"):
        store.upgrade()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_a_full_database_keeps_nothing_half(sqlite_template: Path) -> None:
    """When the room runs out in the middle of a transaction, the sentence says so and all of it is undone."""
    store = open_store(f"sqlite:///{sqlite_template}")
    with pytest.raises(Unavailable, match=r"store\.disk_full"), store.writing() as tx:  # noqa: PT012 - all is undone
        pages = tx._connection.exec_driver_sql("PRAGMA page_count").scalar()
        tx._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        tx.insert(Branch(id="kl", name="Kuala Lumpur"))
        for number in range(100):
            tx.insert(Client(id=str(number), branch_id="kl", name="N", first_name="N", note="x" * 2_000))
    store.close()
    with store.reading() as tx:
        assert tx.list(Client, "") == ()
    store.close()


def test_a_read_only_database_is_said(sqlite_template: Path) -> None:
    """A database that cannot be written to is said to be so."""
    store = open_store(f"sqlite:///{sqlite_template}")
    with pytest.raises(Unavailable, match=r"store\.read_only"), store.writing() as tx:  # noqa: PT012 - one step
        tx._connection.exec_driver_sql("PRAGMA query_only = ON")
        tx.insert(Branch(id="kl", name="Kuala Lumpur"))
    store.close()


def test_a_connection_cut_by_the_server_is_said_once(upgraded_postgres: str) -> None:
    """When PostgreSQL ends a connection, the transaction on it ends with a sentence and the next one works."""
    store: Store = open_store(upgraded_postgres)
    with (  # noqa: PT012 - the cut comes in the middle
        pytest.raises(Unavailable, match=r"store\.unreachable"),
        store.reading() as tx,
        psycopg.connect(without_driver(upgraded_postgres), autocommit=True) as other,
    ):
        backend = tx._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        other.execute("SELECT pg_terminate_backend(%s)", (backend,))
        tx.list(Branch, "")
    with store.reading() as tx:
        assert isinstance(tx.list(Branch, ""), tuple)
    store.close()


def test_a_lost_race_is_a_conflict(upgraded_postgres: str) -> None:
    """A transaction that PostgreSQL ends because another one was first is told to try again."""
    store = open_store(upgraded_postgres)
    with pytest.raises(Conflict, match=r"store\.overtaken"), store.writing() as tx:
        tx._connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
    store.close()
