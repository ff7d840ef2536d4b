"""Kill -9 at any moment: nothing that was acknowledged is lost, nothing is done twice, and work goes on by itself."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.model.branch import Branch
from dispatch.model.job import Job, JobState
from dispatch.model.people import Client
from dispatch.store import open_store
from dispatch.work.planning import ask_for_plan, plan_job, stop_plan
from tests.faults.server import clock
from tests.work.company import DAY, Office, found_company, open_office, take_full_day

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LONG = 600
"""Seconds no test waits for: the solve that asks for them is killed, then stopped."""


@contextmanager
def process(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a script of this folder in a process group of its own, and leave nothing of it behind."""
    command = [sys.executable, str(HERE / script), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as started:
        try:
            yield started
        finally:
            kill(started)


def kill(started: "subprocess.Popen[str]") -> None:
    """Kill the whole process group at once, as a power cut would."""
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give the busy office over the data folder that the killed servers use, with their clock."""
    (tmp_path / "data").mkdir()
    began = time.time()
    opened = open_office(tmp_path / "data" / "laluan.sqlite3")
    found_company(opened)
    take_full_day(opened)
    yield replace(opened, services=replace(opened.services, now=lambda: clock(began), secret=str(began)))
    opened.services.store.close()


def until(office: Office, job: Job, wanted: Callable[[Job], bool]) -> Job:
    """Wait until a job is as wanted, and give it."""
    seen = job
    for _ in range(2400):
        seen = plan_job(office.services, office.dispatcher, job.id)
        if wanted(seen):
            return seen
        time.sleep(0.025)
    pytest.fail(f"The job stayed as it was: {seen}")


def test_a_server_killed_in_the_middle_of_a_solve_finishes_it_after_the_restart(office: Office, tmp_path: Path) -> None:
    """Killed while solving, and again while it may be storing: the job ends done and its revision is there once."""
    server = ("server.py", str(tmp_path / "data"), office.services.secret)
    job = ask_for_plan(office.services, office.dispatcher, DAY, seconds=LONG)
    with process(*server) as first:
        until(office, job, lambda seen: seen.progress is not None)
        kill(first)
    left = plan_job(office.services, office.dispatcher, job.id)
    assert (left.state, left.attempt) == (JobState.RUNNING, 1)
    with process(*server) as second:
        until(office, job, lambda seen: seen.attempt == 2)
        stop_plan(office.services, office.dispatcher, job.id)
        kill(second)
    with process(*server):
        done = until(office, job, lambda seen: seen.state not in {JobState.QUEUED, JobState.RUNNING})
    assert (done.state, done.failure) == (JobState.DONE, None)
    assert done.attempt >= 2
    with office.services.store.reading() as tx:
        assert [revision.id for revision in tx.revisions("main", DAY)] == [done.result_id]
        assert tx.pointers("main", DAY).head_id == done.result_id
        assert tx.problem(tx.revision(done.result_id).problem_hash).day == DAY
        assert [row.code for row in tx.audit("main") if row.code == "plan.made"] == ["plan.made"]
    assert integrity(tmp_path / "data" / "laluan.sqlite3") == "ok"


@pytest.mark.parametrize("acknowledged", [1, 20, 77])
def test_what_was_acknowledged_is_kept(tmp_path: Path, acknowledged: int) -> None:
    """A writer killed in the middle has kept every transaction it told of, and no half of any."""
    path = tmp_path / "laluan.sqlite3"
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    with store.writing() as tx:
        tx.insert(Branch(id="kl", name="Kuala Lumpur"))
    with process("writer.py", f"sqlite:///{path}") as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().strip() for _ in range(acknowledged)]
        kill(writer)
        told += [line.strip() for line in writer.stdout if line.endswith("\n")]
    with store.reading() as tx:
        kept = {client.id for client in tx.list(Client, "kl")}
    store.close()
    assert set(told) <= kept
    assert {f"{key} twin" for key in told} <= kept
    assert len(kept) % 2 == 0
    assert len(kept) // 2 - len(told) in {0, 1}
    assert integrity(path) == "ok"


def integrity(path: Path) -> str:
    """Give SQLite's own judgement of a database file."""
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])
