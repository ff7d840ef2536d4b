"""The fixtures that other tests stand on."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
from hypothesis import strategies

# Kept alive past its test on purpose: what a forgetful test would do.
FORGOTTEN: list[psycopg.Connection] = []


def connect(url: str) -> psycopg.Connection:
    """A connection to the database that a URL for SQLAlchemy names."""
    return psycopg.connect(url.replace("+psycopg", "", 1))


def tables(url: str) -> int:
    """How many tables a database has; leaves one more behind."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        found = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("CREATE TABLE left_behind (id integer)")
        connection.close()
    else:
        with connect(url) as postgres:
            found = postgres.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            postgres.execute("CREATE TABLE left_behind (id integer)")
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(database_url: str, turn: int) -> None:
    """A database handed to a test never holds what the test before put there."""
    assert tables(database_url) == 0


def test_a_transaction_left_open_holds_its_table(empty_postgres_url: str) -> None:
    """A forgotten connection keeps the table it has written to, until the next test wipes the database."""
    connection = connect(empty_postgres_url)
    FORGOTTEN.append(connection)
    connection.execute("CREATE TABLE held (id integer)")
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS


def test_a_transaction_left_open_does_not_block_the_next_test(empty_postgres_url: str) -> None:
    """The wiped database is empty and free even when the test before left a transaction open."""
    assert tables(empty_postgres_url) == 0
    while FORGOTTEN:
        FORGOTTEN.pop().close()


def test_shared_and_wiped_databases_are_two(postgres_url: str, empty_postgres_url: str) -> None:
    """Wiping the database of one test leaves the shared one alone."""
    assert urlsplit(postgres_url).path != urlsplit(empty_postgres_url).path


@hypothesis.given(strategies.integers())
def test_examples_are_the_same_in_every_run(number: int) -> None:
    """Hypothesis draws its examples from the test itself unless patience is asked for."""
    assert hypothesis.settings().derandomize or hypothesis.settings().max_examples == 2000
