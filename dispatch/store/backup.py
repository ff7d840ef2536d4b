"""Backs a database up into one file and restores it, checking the file before anything is touched."""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from dispatch.errors import BadInput, Conflict, Unavailable
from dispatch.store.convert import METADATA
from dispatch.store.engine import BUSY_S
from dispatch.store.migrate import known_revisions, refuse_unknown

TOOL_S = 3_600
"""How long PostgreSQL's own tools may take, in seconds."""


def backup(url: URL, path: Path) -> None:
    """Write a database into a new file, which appears only once it is whole and checked."""
    with _new_file(path) as unfinished:
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(str(url.database)), unfinished)
        else:
            _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}")


def restore(url: URL, path: Path, *, busy_s: float = BUSY_S) -> None:
    """Replace a database's content by a backup's, as one transaction, so that a failure leaves what was there."""
    if not path.is_file():
        raise BadInput("store.backup_missing", path=str(path))
    if url.get_backend_name() == "sqlite":
        check_sqlite(path)
        _restore_sqlite(Path(str(url.database)), path, busy_s)
    else:
        _restore_postgresql(url, path)


def _restore_sqlite(database: Path, path: Path, busy_s: float) -> None:
    """Copy a backup into the database as one transaction of it, or into its place where it is none any more."""
    try:
        with closing(_open(path)) as source, closing(sqlite3.connect(database, timeout=busy_s)) as target:
            source.backup(target, progress=_never_wait)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            raise
        _replace_damaged(database, path)


def _replace_damaged(database: Path, path: Path) -> None:
    """Put a backup where a damaged file was; the damaged one stays beside it, for whoever can still read from it."""
    token = secrets.token_hex(4)
    unfinished = database.with_name(f".{database.name}.{token}")
    damaged = database.with_name(f"{database.name}.damaged-{token}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy_sqlite(path, unfinished)
        os.link(database, damaged)
        for log in ("-wal", "-shm"):
            beside = Path(f"{database}{log}")
            if beside.exists():
                # Left where it is, the old log would be played into the restored database.
                beside.replace(f"{damaged}{log}")
        unfinished.replace(database)
    except OSError as error:
        raise Unavailable("store.restore_failed", path=str(database), why=error.strerror or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _restore_postgresql(url: URL, path: Path) -> None:
    """Read the whole backup into a script first; then drop this release's tables and run it, in one transaction."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _run("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(path), unreadable=path)
        if "alembic_version" not in _run("pg_restore", None, "--list", str(path), unreadable=path):
            raise BadInput("store.backup_foreign", path=str(path))
        # A newer schema may have tables that an older backup does not know; they would be in the way of its upgrade.
        tables = ", ".join(f'"{name}"' for name in (*METADATA.tables, "alembic_version"))
        drop = f"--command=DROP TABLE IF EXISTS {tables} CASCADE"
        arguments = (
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            drop,
            f"--file={script}",
        )
        _run("psql", url, *arguments)


def _never_wait(status: int, _remaining: int, _total: int) -> None:
    """Give up when the database stays in use: the copy itself would wait for ever."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise Unavailable("store.busy")


def check_sqlite(path: Path) -> None:
    """Raise an error unless the file is a whole database that some release made, and none newer than this one."""
    try:
        with closing(_open(path)) as database:
            sound = [row[0] for row in database.execute("PRAGMA integrity_check")]
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if sound != ["ok"]:
                raise BadInput("store.backup_damaged", path=str(path), found=str(sound[0])[:200])
            if "alembic_version" not in tables:
                raise BadInput("store.backup_foreign", path=str(path))
            revision = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadInput("store.backup_unreadable", path=str(path)) from error
    if revision is None:
        raise BadInput("store.backup_foreign", path=str(path))
    refuse_unknown(revision[0], known_revisions())


def _open(path: Path) -> sqlite3.Connection:
    """Open a database file for reading only, so that looking at it leaves nothing beside it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _copy_sqlite(source_path: Path, target_path: Path) -> None:
    """Copy a database that may be in use, as it is at one moment."""
    if not source_path.is_file():
        raise Unavailable("store.cannot_open")
    with closing(_open(source_path)) as source, closing(sqlite3.connect(target_path)) as target:
        source.backup(target)
        # Without this the copy would want its own write-ahead log beside it, and be more than one file.
        target.execute("PRAGMA journal_mode=DELETE")
    try:
        check_sqlite(target_path)
    except BadInput as error:
        # The copy is as it was made: what is wrong with it is wrong with the database itself.
        raise Unavailable("store.damaged") from error


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written appears under its own name at the end, never over another file."""
    if path.exists():
        raise Conflict("store.backup_exists", path=str(path))
    if not path.parent.is_dir():
        raise BadInput("store.backup_no_folder", path=str(path.parent))
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        # Created here, for nobody else's eyes: it will hold clients' names and notes.
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        raise Conflict("store.backup_exists", path=str(path)) from None
    except OSError as error:
        raise Unavailable("store.backup_unwritable", path=str(path), why=error.strerror or str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _run(tool: str, url: URL | None, *arguments: str, unreadable: Path | None = None) -> str:
    """Run one of PostgreSQL's programs and give its output.

    The password travels by the environment, where other users cannot see it. A failure is `Unavailable` with the
    program's own first line, or says that the backup is `unreadable` where that is all the program was asked.
    """
    program = shutil.which(tool)
    if program is None:
        raise Unavailable("store.tool_missing", tool=tool)
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={BUSY_S * 1000}"}
    target: list[str] = []
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        target = [f"--dbname={plain.render_as_string(hide_password=False)}"]
        if url.password is not None:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
        [program, *target, *arguments], env=environment, capture_output=True, text=True, timeout=TOOL_S, check=False
    )
    if done.returncode == 0:
        return done.stdout
    if unreadable is not None:
        raise BadInput("store.backup_unreadable", path=str(unreadable))
    why = done.stderr.strip().splitlines()
    raise Unavailable("store.tool_failed", tool=tool, why=why[0][:300] if why else str(done.returncode))
