"""Settings, databases, accounts and options that cannot be right: one sentence, exit code 2, nothing made or changed."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.doors import Doors, command, is_plain, soon

PASSWORD = "correct horse battery"
COMMANDS = (("plan", "today"), ("db", "upgrade"), ("user", "add", "a@b.example", "--name", "A", "--password-stdin"))


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("PORT", "abc", "PORT must be a whole number"),
        ("PORT", "65536", "PORT must be a whole number"),
        ("LALUAN_THREADS", "0", "LALUAN_THREADS must be"),
        ("LALUAN_PUBLIC_URL", "plan.example.com", "LALUAN_PUBLIC_URL must be"),
        ("SECRET_KEY", "short", "SECRET_KEY must have"),
        ("LALUAN_SMTP_HOST", "mail.example.com", "LALUAN_SMTP_FROM must be"),
        ("LALUAN_WEBHOOK_URL", "https://me:hush@hooks.example.com/", "LALUAN_WEBHOOK_URL must be"),
        ("LALUAN_WEBHOOK_URL", "https://hooks.example.com/in", "LALUAN_WEBHOOK_SECRET must have"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is no database URL"),
        ("DATABASE_URL", "postgresql://clerk:hush@127.0.0.1:port/laluan", "DATABASE_URL is no database URL"),
        ("DATABASE_URL", "postgresql://clerk:hush@127.0.0.1:1/laluan", "does not answer"),
        ("DATABASE_URL", "mysql://clerk:hush@127.0.0.1/laluan", "mysql"),
        ("DATABASE_URL", "sqlite://", "names no file"),
    ],
)
def test_a_wrong_setting_is_told_by_its_name(tmp_path: Path, name: str, value: str, named: str) -> None:
    """Every command says which setting is wrong and what it may be, shows no password, and makes no folder."""
    folder = tmp_path / "data"
    for words in COMMANDS:
        code, told = command(*words, typed=f"{PASSWORD}\n", DATA_DIR=str(folder), **{name: value})
        assert code == 2
        is_plain(told, named)
        assert "hush" not in told
    assert not folder.exists()


def test_a_server_says_so_before_it_takes_the_port(tmp_path: Path) -> None:
    """`laluan serve` with a wrong port or host ends with the sentence that says what they may be."""
    for name, value, named in (("PORT", "abc", "1 to 65535"), ("HOST", "192.0.2.1", "192.0.2.1")):
        code, told = command("serve", DATA_DIR=str(tmp_path), **{name: value})
        assert code == 2
        is_plain(told, named)


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    """A DATA_DIR that is a file, or lies below one, is named with what to do, and the file stays as it is."""
    file = tmp_path / "notes"
    file.write_text("keep me")
    for folder in (file, file / "data"):
        for words in COMMANDS[1:]:
            code, told = command(*words, typed=f"{PASSWORD}\n", DATA_DIR=str(folder))
            assert code == 2
            is_plain(told, str(folder), "DATA_DIR")
    assert file.read_text() == "keep me"


def damaged(doors: Doors, how: str) -> Path:
    """Spoil a copy of the company's database in one way, and give its folder."""
    folder = doors.folder / "spoilt"
    folder.mkdir()
    path = folder / "laluan.sqlite3"
    shutil.copy(doors.folder / "laluan.sqlite3", path)
    if how == "text":
        path.write_text("this is no database, only a text that somebody put in its place")
    elif how == "cut off":
        path.write_bytes(path.read_bytes()[:10_000])
    elif how == "newer":
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
    return folder


@pytest.mark.parametrize(
    ("how", "named"),
    [("text", "restore a backup"), ("cut off", "restore a backup"), ("newer", "a newer Laluan made it")],
)
def test_a_database_that_is_none_is_told_and_left_alone(doors: Doors, how: str, named: str) -> None:
    """A file that is no database, half of one or a newer release's is told with what to do, and no byte of it changes."""
    folder = damaged(doors, how)
    before = (folder / "laluan.sqlite3").read_bytes()
    for words in (*COMMANDS, ("db", "backup", str(folder / "copy.db"))):
        code, told = command(*words, typed=f"{PASSWORD}\n", DATA_DIR=str(folder))
        assert code == 2
        is_plain(told, named)
    assert (folder / "laluan.sqlite3").read_bytes() == before
    assert not (folder / "copy.db").exists()


@pytest.mark.parametrize("how", ["text", "cut off"])
def test_a_damaged_database_is_replaced_by_a_backup(doors: Doors, how: str) -> None:
    """What the sentence about a damaged database advises works: the backup is restored, the damaged file kept beside it."""
    kept = doors.folder / "kept.db"
    assert doors.run("db", "backup", str(kept))[0] == 0
    folder = damaged(doors, how)
    spoilt = (folder / "laluan.sqlite3").read_bytes()
    assert command("db", "restore", str(kept), "--yes", DATA_DIR=str(folder))[0] == 0
    assert command("plan", soon().isoformat(), "--rounds", "0", DATA_DIR=str(folder))[0] == 0
    assert [one.read_bytes() for one in folder.glob("laluan.sqlite3.damaged-*")] == [spoilt]


@pytest.mark.parametrize("rubbish", [b"", b"la la la" * 100, b"SQLite format 3\x00" + bytes(5_000)])
def test_rubbish_is_not_restored(doors: Doors, rubbish: bytes) -> None:
    """A restore from what is no backup says so by the file's name and changes nothing."""
    file = doors.folder / "rubbish.db"
    file.write_bytes(rubbish)
    with doors.nothing_kept():
        code, told = doors.run("db", "restore", str(file), "--yes")
    assert code == 2
    is_plain(told, "rubbish.db")


@pytest.mark.parametrize(
    ("email", "name", "password", "named"),
    [
        ("OWNER@test.example", "O", PASSWORD, "owner@test.example has an account already"),
        ("nobody", "N", PASSWORD, "nobody is no email address"),
        ("", "x" * 300, PASSWORD, "300"),
        ("n@b.example", "N", "short", "10 to 200"),
        ("n@b.example", "N", "", "10 to 200"),
        ("n@b.example", "N", "x" * 10_000, "10 to 200"),
    ],
)
def test_an_account_that_cannot_be_is_not_made(shut: Doors, email: str, name: str, password: str, named: str) -> None:
    """A taken or misspelled address, a missing name and a password too short or too long are each told in a sentence."""
    with shut.nothing_kept():
        code, told = shut.run("user", "add", email, "--name", name, "--password-stdin", typed=f"{password}\n")
    assert code == 2
    is_plain(told, named)


def test_a_refused_first_password_makes_no_database(tmp_path: Path) -> None:
    """Where the first owner's password is refused there is no database afterwards that nobody owns."""
    folder = tmp_path / "data"
    assert command(*COMMANDS[2], typed="short\n", DATA_DIR=str(folder))[0] == 2
    assert not folder.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "31/02/2026"),
        ("plan", "2026-02-31"),
        ("plan", "yesterday"),
        ("plan", ""),
        ("plan", "1999-01-01"),
        ("plan", "9999-12-31"),
        ("plan", "tomorrow", "--seconds", "-1"),
        ("plan", "tomorrow", "--seconds", "nan"),
        ("plan", "tomorrow", "--seconds", "inf"),
        ("plan", "tomorrow", "--rounds", "-1"),
        ("plan", "tomorrow", "--seed", "x"),
        ("import", "nowhere.csv"),
        ("db", "restore", "nowhere.db", "--yes"),
        ("db", "backup", "nowhere/copy.db"),
        ("solve", "nowhere.json"),
        ("check", "nowhere.json", "nowhere.json"),
        ("frobnicate",),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_told(shut: Doors, words: tuple[str, ...]) -> None:
    """A day, budget, seed, file or command that does not exist is told with exit code 2, and nothing is planned."""
    with shut.nothing_kept():
        code, told = shut.run(*words)
    assert code == 2
    is_plain(told)
