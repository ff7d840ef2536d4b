"""The commands about the company's data: accounts, imports, backups, each with its sentence where it cannot."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dispatch.cli import laluan
from tests.cli.conftest import Run

PASSWORD = "correct horse battery"
HEADER = "Date,Client name,Address or building,Treatment,Minutes,From,To\n"
GOOD = "2026-12-01,陈美玲,1 Mont Kiara,Swedish massage,60,14:00,16:00\n"


OWNER = ("user", "add", "Owner@Mine.example", "--name", "Rosmah", "--password-stdin")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a data folder with the first owner and the starting catalogue, and what making it printed."""
    folder = tmp_path_factory.mktemp("founded") / "data"
    made = CliRunner().invoke(laluan, OWNER, input=f"{PASSWORD}\n", env={"DATA_DIR": str(folder)})
    assert made.exit_code == 0, made.output
    return folder, made.stdout


@pytest.fixture
def company(run: Run, founded: tuple[Path, str], data_dir: Path) -> Run:
    """Give the commands over a company of a test's own."""
    shutil.copytree(founded[0], data_dir)
    return run


def refused(result: Result) -> str:
    """Give the one sentence of a command that could not do what it was asked."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def test_the_first_owner_makes_the_company(company: Run, founded: tuple[Path, str]) -> None:
    """The first account makes the database, its owner and the starting catalogue; a second one changes no catalogue."""
    assert founded[1].splitlines()[0] == "owner@mine.example can sign in."
    assert len(founded[1].splitlines()) == 2
    words = ("user", "add", "b@mine.example", "--name", "Ben", "--role", "dispatcher")
    # Without --password-stdin the password is asked for twice, and never shown.
    added = company(*words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert added.stdout.splitlines()[-1] == "b@mine.example can sign in."
    assert PASSWORD not in added.output


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("owner@mine.example", PASSWORD, "owner@mine.example"),
        ("no-address", PASSWORD, "no-address"),
        ("b@mine.example", "short", "10"),
    ],
)
def test_an_account_that_cannot_be_is_one_sentence(company: Run, email: str, password: str, said: str) -> None:
    """An email taken already or misspelled and a short password are each refused in one sentence."""
    result = company("user", "add", email, "--name", "B", "--password-stdin", typed=f"{password}\n")
    assert said in refused(result)


def test_a_table_is_imported_after_a_dry_run(company: Run, tmp_path: Path) -> None:
    """The dry run says what the import does; then it does it, and a second time says that it is done."""
    path = tmp_path / "bookings.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    dry = company("import", str(path), "--dry-run")
    assert dry.stdout == "Nothing is wrong: 1 of 1 rows would be imported, with 1 new clients.\n"
    done = company("import", str(path), "--json")
    assert (done.exit_code, json.loads(done.stdout)["added"]) == (0, 1)
    again = company("import", str(path))
    assert again.exit_code == 2
    assert "has the same booking on 2026-12-01 already" in again.stdout


def test_wrong_rows_are_told_line_by_line(company: Run, tmp_path: Path) -> None:
    """Every wrong cell is a line with row and column, and the last line says that nothing was kept."""
    path = tmp_path / "bookings.csv"
    path.write_text(HEADER + GOOD + GOOD.replace("60", "soon").replace("14:00", "noon"), encoding="utf-8")
    told = company("import", str(path))
    assert told.exit_code == 2
    assert told.stdout.splitlines() == [
        "Row 3, Minutes: soon is no whole number.",
        "Row 3, From: noon is no time; write it as 14:30.",
        "Nothing was imported. Things to mend: 2.",
    ]


def test_a_file_over_five_mebibytes_is_refused(company: Run, tmp_path: Path) -> None:
    """A file of six mebibytes is one sentence with exit code 2."""
    path = tmp_path / "huge.csv"
    path.write_bytes(b"x" * (6 * 2**20))
    assert "at most 5 MiB" in refused(company("import", str(path)))


def test_a_backup_comes_back(company: Run, tmp_path: Path) -> None:
    """A backup restored after a change brings everything back as it was; an existing file is never overwritten."""
    kept = tmp_path / "kept.db"
    assert company("db", "backup", str(kept)).stdout == f"Everything is in {kept}.\n"
    assert kept.name in refused(company("db", "backup", str(kept)))
    words = ("user", "add", "b@mine.example", "--name", "Ben", "--password-stdin")
    assert company(*words, typed=f"{PASSWORD}\n").exit_code == 0
    assert company("db", "restore", str(kept), typed="n\n").exit_code == 1
    assert company("db", "restore", str(kept), "--yes").exit_code == 0
    assert company(*words, typed=f"{PASSWORD}\n").exit_code == 0


def test_something_else_is_no_backup(company: Run, tmp_path: Path) -> None:
    """A file that is no backup is refused in one sentence, and the database stays as it is."""
    path = tmp_path / "song.mp3"
    path.write_bytes(b"la la la" * 100)
    assert path.name in refused(company("db", "restore", str(path), "--yes"))
    assert company("plan", "tomorrow", "--rounds", "0").exit_code == 0


def test_upgrade_makes_the_database(run: Run, data_dir: Path) -> None:
    """`db upgrade` makes a missing database and is content with one that is up to date."""
    for _ in range(2):
        assert run("db", "upgrade").stdout == "The database is up to date.\n"
    assert any(data_dir.iterdir())


@pytest.mark.parametrize("words", [("plan", "today"), ("serve",), ("import", __file__), ("db", "backup", "x.db")])
def test_without_a_database_one_sentence_says_how_to_make_one(run: Run, data_dir: Path, words: tuple[str, ...]) -> None:
    """Commands that need a database say how to make one, and make none themselves."""
    result = run(*words, PORT=str(free_port()))
    if words[0] == "import":
        assert result.exit_code == 2
        return
    assert refused(result).startswith("There is no database yet.")
    assert not data_dir.exists()


def free_port() -> int:
    """Give a port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
