"""How quick the pages stay when everybody is out: 200 phones that ask every 15 seconds, 20 taps a second, a day being optimised.

    python -m benchmarks.phones -o benchmarks/RESULTS.md

`laluan serve` runs as anybody runs it, on a throw-away folder with a planned and published day of 200 therapists. Another
process plays the phones: each asks for news every 15 seconds and opens its day now and then, taps arrive in turns, a
dispatcher's board is opened every ten seconds; meanwhile the day is optimised. Measured is what a phone waits, from sending
to the last byte; every tap that was answered is looked for in the database afterwards.
"""

import argparse
import heapq
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.board_company import DISPATCHER, busy_day, found
from benchmarks.full_days import full_day
from benchmarks.report import add_output, percentile, table, write
from dispatch.model.outcome import Budget
from dispatch.wiring import build_services, load_settings, now
from dispatch.work.days import today_of
from dispatch.work.phones import make_phone_link
from dispatch.work.planning import ask_for_plan, plan_now, publish
from dispatch.work.services import Services

NAME = "phones"
HEADS = ("what a phone waits for", "requests", "p50 ms", "p95 ms", "longest ms")
POLL_S = 15.0
NOBODY = "no password opens it"
HANDS = 16
"""Threads that play the phones; more requests than these at once would wait in the player, which is told."""


@dataclass(slots=True)
class Heard:
    """What was measured, by kind; `late_s` is the longest that the player itself sent something after its turn."""

    waits_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    late_s: float = 0.0
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """One therapist on the road: her link's token and the visits she may tap for."""

    token: str
    visits: tuple[str, ...]


def main() -> None:
    """Set the company up, let everybody out, measure, and tell."""
    parser = argparse.ArgumentParser(description="Measures the pages under the load of a team on the road.")
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--visits-each", type=int, default=4)
    parser.add_argument("--taps", type=float, default=20.0, help="taps a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--no-optimising", action="store_true", help="leave the planner out, to compare")
    add_output(parser)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        services = build_services(load_settings(data_dir=Path(folder)))
        day, team = company(services, asked.phones, asked.visits_each)
        if not asked.no_optimising:
            ask_for_plan(services, DISPATCHER, day, seconds=asked.seconds + 60)
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "dispatch", "serve"],
            env=os.environ | {"DATA_DIR": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(port)
            time.sleep(10)  # until the planner's process has compiled and is at work
            heard = play(port, team, seconds=asked.seconds, taps=asked.taps)
            planning = _is_planning(services, day)
        finally:
            server.terminate()
            server.wait()
        missing = _missing(services, heard)
        services.store.close()
    told = _told(asked, heard, missing=missing, planning=planning)
    print("\n".join(told), flush=True)
    write(asked.output, NAME, told)


def company(services: Services, phones: int, visits_each: int) -> tuple[date, list[Out]]:
    """Found a company whose day is today, with a published plan, and give everybody's link."""
    drawn = busy_day(full_day(1, bookings=phones * visits_each, therapists=phones), visits_each=visits_each)
    drawn = replace(drawn, day=now().astimezone().date())
    found(services, drawn, hash_of_password=NOBODY)
    day = today_of(services, DISPATCHER)
    if day != drawn.day:
        raise SystemExit("The service day has changed meanwhile; run this again after six in the morning.")
    head = plan_now(services, DISPATCHER, day, budget=Budget(rounds=1), seed=1)
    publish(services, DISPATCHER, day, head_id=head.id)
    return day, [
        Out(token=make_phone_link(services, DISPATCHER, route.therapist_id), visits=route.visit_ids())
        for route in head.plan.routes
        if route.visit_ids()
    ]


def play(port: int, team: list[Out], *, seconds: float, taps: float) -> Heard:
    """Let the phones ask, tap and open their day for so long, each request at its own moment."""
    rng = Random(1)
    turns: list[tuple[float, int, str, Out]] = []
    for number, one in enumerate(team):
        at = rng.uniform(0, POLL_S)
        rounds = 0
        while at < seconds:
            turns.append((at, len(turns), "news", one))
            # Every phone opens its day at its first turn or one a minute later: a day read again after news.
            if rounds % 4 == number % 4:
                turns.append((at + 0.5, len(turns), "page", one))
            at, rounds = at + POLL_S, rounds + 1
    for number in range(int(seconds * taps)):
        turns.append((number / taps, len(turns), "tap", team[number % len(team)]))
    heapq.heapify(turns)
    heard, began = Heard(), time.perf_counter()
    hands = [threading.Thread(target=_hand, args=(port, turns, heard, began)) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return heard


def _hand(port: int, turns: list[tuple[float, int, str, Out]], heard: Heard, began: float) -> None:
    """Take one turn after the other, waiting for its moment."""
    while True:
        with heard.turn:
            if not turns:
                return
            at, number, kind, one = heapq.heappop(turns)
        time.sleep(max(0.0, began + at - time.perf_counter()))
        late_s = time.perf_counter() - began - at
        wait_ms, wrong, kept = _ask(port, kind, number, one)
        with heard.turn:
            heard.late_s = max(heard.late_s, late_s)
            heard.waits_ms[kind].append(wait_ms)
            heard.wrong += wrong
            heard.kept += kept


def _ask(port: int, kind: str, number: int, one: Out) -> tuple[float, list[str], list[str]]:
    """Send one request as a phone does, and give how long it took, what was wrong, and the tap that was kept."""
    path = {
        "news": f"/api/v1/phone/{one.token}/news",
        "page": f"/p/{one.token}",
        "tap": f"/api/v1/phone/{one.token}/taps",
    }
    key = f"load-{number:08}"
    tap = {
        "id": key,
        "visit": one.visits[number // 200 % len(one.visits)],
        "kind": "acknowledged",
        "at": now().isoformat(),
    }
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        if kind == "tap":
            connection.request("POST", path[kind], json.dumps({"taps": [tap]}), {"Content-Type": "application/json"})
        else:
            connection.request("GET", path[kind], headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
    except OSError as error:
        return 1_000 * (time.perf_counter() - began), [f"{kind}: {type(error).__name__}"], []
    finally:
        connection.close()
    wait_ms = 1_000 * (time.perf_counter() - began)
    if answer.status != 200:
        return wait_ms, [f"{kind}: {answer.status}"], []
    if kind == "tap" and not json.loads(body)["taps"][0]["kept"]:
        return wait_ms, ["tap: not kept"], []
    return wait_ms, [], [key] if kind == "tap" else []


def _missing(services: Services, heard: Heard) -> int:
    """Count the taps that were answered as kept and are not in the database exactly once."""
    from dispatch.model.facts import Event

    with services.store.reading() as tx:
        kept = {one.id for one in tx.list(Event, DISPATCHER.branch_id)}
    return len(set(heard.kept) ^ kept)


def _is_planning(services: Services, day: date) -> bool:
    with services.store.reading() as tx:
        return tx.running_job(DISPATCHER.branch_id, day) is not None


def _told(asked: argparse.Namespace, heard: Heard, *, missing: int, planning: bool) -> list[str]:
    labels = {"page": "her day, opened", "news": "asking for news", "tap": "a tap, until it is kept"}
    rows = [
        [
            labels[kind],
            str(len(waits)),
            f"{percentile(waits, 50):.0f}",
            f"{percentile(waits, 95):.0f}",
            f"{max(waits):.0f}",
        ]
        for kind, waits in ((kind, heard.waits_ms[kind]) for kind in labels)
        if waits
    ]
    state = "while the planner ran to the end" if planning else "without the planner running at the end"
    line = (
        f"{asked.phones} phones, {asked.taps:.0f} taps a second, {asked.seconds:.0f} s {state}. Answers that were not"
        f" right: {len(heard.wrong)}. Taps answered as kept and not kept exactly once: {missing}. The player sent"
        f" nothing later than {1_000 * heard.late_s:.0f} ms after its turn. Load of the machine at the end"
        f" (one minute): {os.getloadavg()[0]:.1f}."
    )
    return [line, "", *table(HEADS, rows)]


def _await(port: int) -> None:
    """Wait until the server listens."""
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start within a minute.")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    main()
