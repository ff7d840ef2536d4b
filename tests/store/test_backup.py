"""A backup holds everything and is whole or absent; a restore replaces everything or nothing."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dispatch.errors import BadInput, Conflict, LaluanError, Unavailable
from dispatch.model.booking import Booking
from dispatch.model.message import MessageDraft
from dispatch.model.people import Client
from dispatch.store import Store, migrate, open_store
from tests.store.samples import DAY, booking, company, problem, revision


def need_tools(url: str) -> None:
    """Skip where a PostgreSQL answers but its client programs are not installed here."""
    missing = [tool for tool in ("pg_dump", "pg_restore", "psql") if shutil.which(tool) is None]
    if url.startswith("postgresql") and missing:
        pytest.skip(f"PostgreSQL's client programs are needed, and these are not installed: {', '.join(missing)}")


@pytest.fixture
def filled(prepared_url: str, filled: Store) -> Store:
    """Give the filled store, where it can be backed up."""
    need_tools(prepared_url)
    return filled


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a filled SQLite store, for what only concerns its files."""
    path = tmp_path / "live.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    store = open_store(f"sqlite:///{path}", busy_s=0.1)
    with store.writing() as tx:
        for noun in company():
            tx.insert(noun)
    yield store
    store.close()


def test_what_was_backed_up_comes_back(filled: Store, tmp_path: Path) -> None:
    """After a restore everything is as it was at the backup: what came later is gone, what went is back."""
    with filled.writing() as tx:
        key = tx.keep_problem(problem())
        tx.append_revision(revision("r1", 1, key))
    file = tmp_path / "backup.laluan"
    filled.backup(file)
    with filled.writing() as tx:
        tx.insert(booking("later"))
        tx.delete(tx.get(MessageDraft, "d1"))
        tx.append_revision(revision("r2", 2, key))
    filled.restore(file)
    filled.check_schema()
    with filled.reading() as tx:
        for noun in company():
            assert tx.get(type(noun), noun.id) == noun
        assert tx.find(Booking, "later") is None
        assert [found.id for found in tx.revisions("kl", DAY)] == ["r1"]
        assert tx.problem(key) == problem()
    with filled.writing() as tx:
        tx.insert(booking("after the restore"))


def test_a_backup_restores_into_an_empty_place(sqlite_store: Store, tmp_path: Path) -> None:
    """On a new machine a backup makes the database it was made from."""
    file, elsewhere = tmp_path / "backup.laluan", tmp_path / "new.sqlite3"
    sqlite_store.backup(file)
    fresh = open_store(f"sqlite:///{elsewhere}")
    fresh.restore(file)
    fresh.check_schema()
    with fresh.reading() as tx, sqlite_store.reading() as source:
        assert tx.list(Client, "") == source.list(Client, "")
    fresh.close()


def test_a_backup_can_be_made_while_others_work(sqlite_store: Store, tmp_path: Path) -> None:
    """A backup made in the middle of a transaction holds what was committed, and disturbs nobody."""
    with sqlite_store.writing() as tx:
        tx.insert(booking("unfinished"))
        sqlite_store.backup(tmp_path / "backup.laluan")
    with closing(sqlite3.connect(tmp_path / "backup.laluan")) as copy:
        assert copy.execute("SELECT count(*) FROM booking").fetchone()[0] == 2
    with sqlite_store.reading() as tx:
        assert tx.find(Booking, "unfinished") is not None


def test_a_backup_is_one_file_for_its_owner_alone(filled: Store, tmp_path: Path) -> None:
    """A backup leaves one file and nothing beside it, and only its owner may read the clients in it."""
    folder = tmp_path / "backups"
    folder.mkdir()
    filled.backup(folder / "one")
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert stat.S_IMODE((folder / "one").stat().st_mode) == 0o600


def test_a_backup_never_replaces_a_file(filled: Store, tmp_path: Path) -> None:
    """A name that is taken is refused, and the file there stays as it is; a missing folder is named."""
    taken = tmp_path / "backup.laluan"
    taken.write_text("older")
    with pytest.raises(Conflict, match=r"store\.backup_exists"):
        filled.backup(taken)
    assert taken.read_text() == "older"
    with pytest.raises(BadInput, match=r"store\.backup_no_folder"):
        filled.backup(tmp_path / "nowhere" / "backup")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1_000, b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_what_is_no_backup_changes_nothing(filled: Store, tmp_path: Path, content: bytes) -> None:
    """A file that is no backup is refused by name, and the database stays as it was."""
    file = tmp_path / "file"
    file.write_bytes(content)
    for path in (file, tmp_path / "missing", tmp_path):
        with pytest.raises(BadInput) as caught:
            filled.restore(path)
        assert caught.value.values["path"] == str(path)
    with filled.reading() as tx:
        assert len(tx.list(Booking, "kl")) == 2


def test_a_damaged_backup_changes_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    """A backup with bytes overwritten in the middle is found out before anything is touched."""
    file = tmp_path / "backup.laluan"
    sqlite_store.backup(file)
    content = bytearray(file.read_bytes())
    content[8_192:-4_096] = b"\x7f" * (len(content) - 12_288)
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"store\.backup_(damaged|unreadable)"):
        sqlite_store.restore(file)
    with sqlite_store.reading() as tx:
        assert len(tx.list(Booking, "kl")) == 2


def test_the_backup_of_something_else_is_refused(sqlite_store: Store, tmp_path: Path) -> None:
    """A sound database of another program, or of a newer release, is not restored."""
    foreign, newer = tmp_path / "foreign.sqlite3", tmp_path / "newer"
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    sqlite_store.backup(newer)
    with closing(sqlite3.connect(newer)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    for file, code in ((foreign, "store.backup_foreign"), (newer, "store.schema_unknown")):
        with pytest.raises(LaluanError) as caught:
            sqlite_store.restore(file)
        assert caught.value.code == code
    with sqlite_store.reading() as tx:
        assert len(tx.list(Booking, "kl")) == 2


def test_an_older_backup_is_restored_and_upgraded(database_url: str, tmp_path: Path) -> None:
    """A backup that an older release made comes back as it is, and the upgrade brings it up to date."""
    need_tools(database_url)
    old = open_store(database_url)
    migrate.upgrade(old._engine, "0001")
    old.backup(tmp_path / "backup")
    old.upgrade()
    old.restore(tmp_path / "backup")
    with pytest.raises(Conflict, match=r"store\.schema_old"):
        old.check_schema()
    old.upgrade()
    old.check_schema()
    old.close()


def test_a_database_in_use_is_not_restored_over(sqlite_store: Store, tmp_path: Path) -> None:
    """While somebody is writing, a restore gives up with a sentence instead of waiting, and changes nothing."""
    sqlite_store.backup(tmp_path / "backup")
    with sqlite_store.writing() as tx:
        tx.insert(booking("unfinished"))
        with pytest.raises(Unavailable, match=r"store\.busy"):
            sqlite_store.restore(tmp_path / "backup")
    with sqlite_store.reading() as tx:
        assert tx.find(Booking, "unfinished") is not None


def test_a_missing_tool_is_named(upgraded_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PostgreSQL's programs are not installed, the sentence names the one that is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    store = open_store(upgraded_postgres)
    with pytest.raises(Unavailable) as caught:
        store.backup(tmp_path / "backup")
    assert (caught.value.code, caught.value.values["tool"]) == ("store.tool_missing", "pg_dump")
    assert list(tmp_path.iterdir()) == []


def test_a_tool_that_fails_says_why(tmp_path: Path) -> None:
    """When pg_dump cannot do its work, its own words are handed on, and no file is left."""
    need_tools("postgresql")
    store = open_store("postgresql://laluan@127.0.0.1:1/laluan")
    with pytest.raises(Unavailable) as caught:
        store.backup(tmp_path / "backup")
    assert caught.value.code == "store.tool_failed"
    assert "127.0.0.1" in str(caught.value.values["why"])
    assert list(tmp_path.iterdir()) == []
