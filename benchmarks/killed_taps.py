"""Kill -9 of the server at random moments of 500 taps: exactly 500 facts, each as it was tapped.

    python -m benchmarks.killed_taps -o benchmarks/RESULTS.md

The real server runs on a throw-away folder and is killed by a process of its own at moments drawn by lot: while it reads a
request, before, during and after its commit, between commit and answer, or while nothing is asked of it. The phone sends a
batch until it is answered, as the outbox does. At the end the database is sound and holds every tap exactly once.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.report import add_output, write
from dispatch.work.phones import make_phone_link
from tests.faults.server import clock
from tests.faults.test_killed import integrity
from tests.faults.test_killed_taps import STEPS, free_port, send
from tests.work.company import found_company, open_office, take_bookings
from tests.work.plans import keep_and_publish

NAME = "killed-taps"
SERVER = Path(__file__).resolve().parent.parent / "tests" / "faults" / "taps_server.py"
BATCH = 3


def main() -> None:
    """Tap, kill, tap again, count, and tell."""
    parser = argparse.ArgumentParser(description="Kills the server at random moments of many taps, and counts facts.")
    parser.add_argument("--taps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.6, help="seconds a server lives at most once it is asked")
    add_output(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, is_right = _run(Path(folder), asked.taps, asked.seed, asked.longest)
    print(told, flush=True)
    write(asked.output, NAME, [told])
    if not is_right:
        raise SystemExit(1)


def _run(folder: Path, count: int, seed: int, longest_s: float) -> tuple[str, bool]:
    began = time.time()
    (folder / "data").mkdir()
    office = open_office(folder / "data" / "laluan.sqlite3")
    found_company(office)
    take_bookings(office)
    office = replace(office, services=replace(office.services, now=lambda: clock(began), secret=str(began)))
    keep_and_publish(office)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    rng, taps = Random(seed), _taps(count)
    waiting, deaths, unanswered, repeated = list(taps), 0, 0, 0
    while waiting:
        port = free_port()
        command = [sys.executable, str(SERVER), str(folder / "data"), str(port), str(began), "0"]
        server = subprocess.Popen(
            command, env=os.environ | {"PYTHONPATH": str(SERVER.parents[2])}, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        if server.stdout.readline() != "ready\n":
            raise SystemExit("The server did not start.")
        killer = threading.Timer(rng.uniform(0, longest_s), server.send_signal, (signal.SIGKILL,))
        killer.start()
        while waiting:
            answers = send(port, token, waiting[:BATCH])
            if answers is None:
                unanswered += 1
                break
            if not all(answer["kept"] for answer in answers):
                raise SystemExit(f"A tap was refused: {answers}")
            repeated += sum(not answer["new"] for answer in answers)
            waiting = waiting[BATCH:]
        killer.cancel()
        killer.join()
        server.kill()
        deaths += server.wait() == -signal.SIGKILL
        server.stdout.close()
    with office.services.store.reading() as tx:
        events = tx.events("main", ("b1/0", "b3/0"))
        rows = [key for row in tx.audit("main", limit=10_000) if row.code == "report.kept" for key in row.subject_ids]
    office.services.store.close()
    same = [(one.id, one.visit_id, one.kind.value) for one in events] == [
        (tap["id"], tap["visit"], tap["kind"]) for tap in taps
    ]
    once = sorted(rows) == sorted(tap["id"] for tap in taps)
    sound = integrity(folder / "data" / "laluan.sqlite3") == "ok"
    with closing(sqlite3.connect(folder / "data" / "laluan.sqlite3")) as database:
        kept = database.execute("SELECT count(*) FROM event").fetchone()[0]
    told = (
        f"{count} taps in batches of {BATCH}, seed {seed}; the server died {deaths} times by kill -9, {unanswered} of them with"
        f" a batch unanswered, and {repeated} taps were sent again although they had been kept. Facts kept: {kept}. Each"
        f" as it was tapped and in order: {'yes' if same else 'NO'}; in the audit exactly once: {'yes' if once else 'NO'};"
        f" database sound: {'yes' if sound else 'NO'}."
    )
    return told, same and once and sound and kept == count


def _taps(count: int) -> list[dict[str, str]]:
    """Give taps in the order they were made, by a clock that runs on."""
    return [
        {
            "id": f"tap-{number:06}",
            "visit": ("b1/0", "b3/0")[number // 5 % 2],
            "kind": STEPS[number % 5],
            "at": f"2026-11-25T01:{number // 60 % 60:02}:{number % 60:02}+00:00",
        }
        for number in range(count)
    ]


if __name__ == "__main__":
    main()
