"""A store with its schema, on each kind of database, and a small company to put into it.

The schema is made once for all tests of a worker; each test begins with empty tables all the same.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from dispatch.store import Store, open_store
from dispatch.store.convert import METADATA
from tests.store.samples import company


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file that has the schema and nothing else."""
    path = tmp_path_factory.mktemp("template") / "laluan.sqlite3"
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_url: str) -> str:
    """Give the worker's own PostgreSQL database, with the schema."""
    store = open_store(postgres_url)
    store.upgrade()
    store.close()
    return postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database with the schema and empty tables, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "laluan.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("upgraded_postgres")
    engine = create_engine(url)
    with engine.begin() as connection:
        # Deleting a few rows is quicker than TRUNCATE, which makes every table's files anew.
        connection.exec_driver_sql(
            ";".join(f'DELETE FROM "{table.name}"' for table in reversed(METADATA.sorted_tables))
        )
    engine.dispose()
    return url


@pytest.fixture
def store(prepared_url: str) -> Iterator[Store]:
    """Give an upgraded, empty store."""
    opened = open_store(prepared_url)
    yield opened
    opened.close()


@pytest.fixture
def filled(store: Store) -> Store:
    """Give a store with the sample company."""
    with store.writing() as tx:
        for noun in company():
            tx.insert(noun)
    return store
