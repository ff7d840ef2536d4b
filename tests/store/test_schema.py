"""Migrations lead exactly to the declared tables, both ways, and nothing runs on a schema it does not know."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from dispatch.errors import Conflict, LaluanError, Unavailable
from dispatch.model.people import Client
from dispatch.store import Store, migrate, open_store
from dispatch.store.convert import METADATA
from dispatch.store.engine import make_engine
from dispatch.words import sentence
from tests.store.samples import company
from tests.store.test_concurrency import at_once


@pytest.mark.parametrize("way", ["up", "down and up again"])
def test_the_migrations_make_what_is_declared(database_url: str, way: str) -> None:
    """After all migrations the database has the declared tables, columns, indexes and constraints, and no others."""
    engine = make_engine(database_url)
    migrate.upgrade(engine)
    if way != "up":
        migrate.downgrade(engine, "base")
        with engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
        migrate.upgrade(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert set(inspect(connection).get_table_names()) == {*METADATA.tables, "alembic_version"}
    engine.dispose()


def test_every_step_can_be_taken_back_and_forth(database_url: str) -> None:
    """Each migration alone goes up and down again, on both databases."""
    engine = make_engine(database_url)
    for step in reversed(migrate.known_revisions()):
        migrate.upgrade(engine, step)
        migrate.downgrade(engine, "-1")
        migrate.upgrade(engine, step)
        assert migrate.revision_of(engine) == step
    engine.dispose()


def test_an_upgrade_keeps_the_data(filled: Store) -> None:
    """Upgrading a database that is up to date changes nothing in it."""
    filled.upgrade()
    filled.check_schema()
    with filled.reading() as tx:
        assert len(tx.list(Client, "kl")) == len([noun for noun in company() if isinstance(noun, Client)])


def test_an_old_schema_is_said_and_upgraded(database_url: str) -> None:
    """An empty or an older database is refused with the command that mends it, which then does."""
    engine = make_engine(database_url)
    store = open_store(database_url)
    assert store.is_empty()
    for found in ("none", "0001"):
        with pytest.raises(Conflict) as caught:
            store.check_schema()
        assert (caught.value.code, caught.value.values["found"]) == ("store.schema_old", found)
        assert "laluan db upgrade" in sentence(caught.value.code, caught.value.values)
        migrate.upgrade(engine, "0001")
    store.upgrade()
    store.check_schema()
    assert not store.is_empty()
    store.close()
    engine.dispose()


def test_a_newer_schema_is_refused(filled: Store, prepared_url: str) -> None:
    """A database that a newer release made is neither used nor upgraded, and stays as it is."""
    engine = make_engine(prepared_url)
    newest = migrate.known_revisions()[0]
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        for refused in (filled.check_schema, filled.upgrade):
            with pytest.raises(Conflict) as caught:
                refused()
            assert caught.value.code == "store.schema_unknown"
            assert caught.value.values == {"found": "9999", "newest": newest}
        assert migrate.revision_of(engine) == "9999"
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")
        engine.dispose()


def test_a_migration_that_fails_leaves_the_schema_as_it_was(database_url: str) -> None:
    """Half a migration is no migration: where a step cannot be taken, no table of the others stays either."""
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE job (taken TEXT)")
    with pytest.raises(Exception, match="job"):
        migrate.upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["job"]
    engine.dispose()


def test_two_that_start_together_upgrade_once(database_url: str) -> None:
    """A server and a worker that find an empty database at the same moment both end with the whole schema."""
    stores = [open_store(database_url) for _ in range(3)]

    def upgrade(number: int) -> None:
        stores[number].upgrade()
        stores[number].check_schema()
        stores[number].close()

    at_once(3, upgrade)


def test_references_are_checked_again_after_a_migration(filled: Store) -> None:
    """The connection that migrated guards its references as before."""
    filled.upgrade()
    with pytest.raises(Conflict, match=r"store\.still_used"), filled.writing() as tx:
        tx.delete(tx.list(Client, "kl")[0])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("not a url", "store.bad_url"),
        ("mysql://root@localhost/laluan", "store.unknown_database"),
        ("sqlite://", "store.no_file_named"),
        ("sqlite:///:memory:", "store.no_file_named"),
        ("sqlite:///file?mode=ro", "store.no_file_named"),
    ],
)
def test_a_url_that_names_no_database_is_refused(url: str, code: str) -> None:
    """What DATABASE_URL cannot mean is said in a sentence, without opening anything."""
    with pytest.raises(LaluanError) as caught:
        open_store(url)
    assert caught.value.code == code
    assert "DATABASE_URL" in sentence(caught.value.code, caught.value.values)


def test_a_password_is_never_shown() -> None:
    """The store's own name for its database leaves the password out."""
    store = open_store("postgres://laluan:geheim@127.0.0.1:1/laluan")
    assert "geheim" not in store.url
    with pytest.raises(Unavailable, match=r"store\.unreachable"):
        store.check_schema()
    store.close()
