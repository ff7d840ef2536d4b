"""`laluan demo`, `serve` and `plan`: what is printed, what is kept, and how the server begins and ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispatch.cli import laluan
from dispatch.model.codec import from_json
from dispatch.model.plan import Revision
from tests.cli.conftest import Run

HEAVY = ("alembic", "flask", "folium", "numba", "numpy", "openpyxl", "ortools", "pydantic", "rich", "sqlalchemy", "web")
ROOT = Path(__file__).parent.parent.parent


@contextmanager
def taken_port() -> Iterator[int]:
    """Give a port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_help_needs_nothing_heavy() -> None:
    """`laluan --help` answers without importing the database, the pages, the solver or the terminal library."""
    code = f"import sys, dispatch.cli; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "[]\n"


def test_every_command_says_what_it_does(run: Run) -> None:
    """Every command and option has a help text, and the list of commands is whole."""
    assert sorted(laluan.commands) == [
        "check",
        "db",
        "demo",
        "import",
        "plan",
        "read",
        "serve",
        "solve",
        "token",
        "user",
    ]
    for name, command in laluan.commands.items():
        shown = run(name, "--help")
        assert shown.exit_code == 0
        assert command.help
        for option in command.params:
            assert option.param_type_name == "argument" or getattr(option, "help", None), f"{name} {option.name}"


def test_an_unknown_setting_value_is_one_sentence(run: Run) -> None:
    """A port that is no port is refused in one sentence that names the setting."""
    refused = run("serve", PORT="99999999")
    assert refused.exit_code == 2
    assert "PORT" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_told_before_anything_is_made(run: Run, data_dir: Path, command: str) -> None:
    """Where another program has the port, one sentence says so at once, and nothing is written."""
    with taken_port() as port:
        refused = run(command, PORT=str(port))
    assert refused.exit_code == 2
    assert refused.stderr == (
        f"Port {port} on 127.0.0.1 is taken by another program; stop that one, or choose another with PORT=8001.\n"
    )
    assert not data_dir.exists()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give the data folder of a demo, and what making it printed."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    made = CliRunner().invoke(laluan, ["demo", "--no-serve", "--rounds", "10"], env={"DATA_DIR": str(folder)})
    assert made.exit_code == 0, made.output
    return folder, made.stdout


def test_the_demo_is_planned_printed_and_kept(run: Run, demo: tuple[Path, str]) -> None:
    """The demo prints every therapist's visits, what is left out and why, and sign-ins; a second run keeps it all."""
    folder, printed = demo
    for text in (
        "Aina Rahman",
        "陈美玲",
        "Bangsar",
        "Meal break",
        "Left out:",
        "of 60 bookings served",
        "owner@demo.example",
    ):
        assert text in printed
    assert "Zulkifli bin Omar only" in printed
    assert "\x1b[" not in printed
    assert run("demo", "--no-serve", "--rounds", "10", DATA_DIR=str(folder)).stdout == printed


def test_a_day_is_planned_again_and_read_by_a_program(run: Run, demo: tuple[Path, str], data_dir: Path) -> None:
    """`plan` makes the next revision of a stored day, no worse than the one before, as JSON and as a table."""
    shutil.copytree(demo[0], data_dir)
    planned = run("plan", "today", "--rounds", "3", "--json")
    revision = from_json(Revision, json.loads(planned.stdout))
    assert revision.number == 2
    assert revision.parent_id
    shown = run("plan", "today", "--rounds", "0", "--publish")
    assert shown.stdout.rstrip().endswith(f"Kept and published as revision 3 of {revision.day.isoformat()}.")
    assert int(re.findall(r"(\d+) of 60 bookings served", shown.stdout)[0]) >= revision.served


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "23.11.2026", "20261123", "2026-W48-1"])
def test_a_word_that_is_no_date_is_one_sentence(run: Run, day: str) -> None:
    """A date that is none is refused in one sentence with exit code 2."""
    assert run("db", "upgrade").exit_code == 0
    refused = run("plan", day)
    assert refused.exit_code == 2
    assert refused.stderr == f"{day} is no date; write it as 2026-11-23, or write today or tomorrow.\n"


def test_the_server_answers_and_ends_when_told(run: Run, data_dir: Path) -> None:
    """`serve` answers requests with its runner beside it, and Ctrl-C ends it with exit code 0 and its last sentence."""
    assert run("db", "upgrade").exit_code == 0
    with taken_port() as port:
        pass
    environment = {**os.environ, "DATA_DIR": str(data_dir), "PORT": str(port)}
    command = [sys.executable, "-m", "dispatch", "serve"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        try:
            assert server.stdout.readline() == f"Laluan is on http://127.0.0.1:{port} (Ctrl-C ends it).\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                assert answer.status == 200
                assert "Content-Security-Policy" in answer.headers
            # As a terminal does it: the planner's process, which is warming up or waiting, gets the signal too.
            os.killpg(server.pid, signal.SIGINT)
            assert server.stdout.read() == "Laluan has ended.\n"
            assert server.stderr.read() == ""
            assert server.wait() == 0
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
