"""What every test may ask for: empty databases of both kinds, and hypothesis set so that a run can be repeated.

Nothing a developer has set for her own Laluan (HOST, DATA_DIR, ...) reaches a test.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest
from psycopg import sql

from tests.work.company import Office, found_company, open_office, take_bookings

LOCAL_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

for name in list(os.environ):
    own = name.startswith("LALUAN_") and name != "LALUAN_PATIENCE"
    if own or name in {"DATA_DIR", "DATABASE_URL", "HOST", "PORT"}:
        del os.environ[name]

# The same examples in every run: a red test is red for everybody. LALUAN_PATIENCE=1 looks for new ones, for longer.
hypothesis.settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, max_examples=40, print_blob=True
)
hypothesis.settings.register_profile(
    "patient", derandomize=False, database=None, deadline=None, max_examples=2000, print_blob=True
)
hypothesis.settings.load_profile("patient" if os.environ.get("LALUAN_PATIENCE") == "1" else "steady")


def without_driver(url: str) -> str:
    """The URL as PostgreSQL itself writes it: `postgresql+psycopg://` is SQLAlchemy's way."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql"))


def with_database(url: str, database: str) -> str:
    """The same server, another database, with the driver named for SQLAlchemy."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql+psycopg", path=f"/{database}"))


def no_postgres(reason: str) -> None:
    """Skips the test with the reason; with CI=true a missing PostgreSQL is a failure."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI=true asks for PostgreSQL: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a PostgreSQL that answers: TEST_POSTGRES_URL, else the one on 127.0.0.1:5432."""
    named = os.environ.get("TEST_POSTGRES_URL")
    url = named or LOCAL_POSTGRES
    try:
        psycopg.connect(without_driver(url), connect_timeout=3).close()
    except psycopg.OperationalError as problem:
        where = "TEST_POSTGRES_URL names one that" if named else "TEST_POSTGRES_URL is not set, and 127.0.0.1:5432"
        said = " ".join(str(problem).split())
        no_postgres(f"This test needs PostgreSQL; {where} does not let us in: {said}")
    return url


def throwaway(server: str) -> Iterator[str]:
    """A database of this run and this xdist worker alone, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = f"laluan_test_{worker}_{secrets.token_hex(6)}"
    with psycopg.connect(without_driver(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield with_database(server, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a throwaway PostgreSQL database that the tests of one worker share; skips where no server answers."""
    yield from throwaway(postgres_server)


@pytest.fixture(scope="session")
def _wiped_postgres(postgres_server: str) -> Iterator[str]:
    """The database that `empty_postgres_url` wipes for each test."""
    yield from throwaway(postgres_server)


@pytest.fixture
def empty_postgres_url(_wiped_postgres: str) -> str:
    """The URL of a PostgreSQL database with nothing in it: whatever the test before left, connections too, is gone."""
    with psycopg.connect(without_driver(_wiped_postgres), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        left = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'"
        ).fetchall()
        for (schema,) in left:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        connection.execute("CREATE SCHEMA public")
    return _wiped_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, once SQLite and once PostgreSQL: what is promised holds on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'laluan.sqlite3'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with a small company in it, founded once; tests work on copies."""
    path = tmp_path_factory.mktemp("company") / "laluan.sqlite3"
    office = open_office(path)
    found_company(office)
    office.services.store.close()
    return path


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Iterator[Office]:
    """The company's office without any bookings."""
    path = tmp_path / "laluan.sqlite3"
    shutil.copy(founded, path)
    opened = open_office(path, first_id=50_000)
    yield opened
    opened.services.store.close()


@pytest.fixture
def busy(office: Office) -> Office:
    """The office with four bookings taken."""
    take_bookings(office)
    return office
