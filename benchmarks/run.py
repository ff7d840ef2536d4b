"""Measures the planner against its peers on the same days in the same wall time, and writes a table.

    python -m benchmarks.run --size 80x16 --seconds 10 --seeds 1 2 3 -o benchmarks/RESULTS.md

Each solver runs alone, one after the other, after a short warm-up (importing and compiling is no solving); from 1,000
bookings on each of our solves has a process of its own, so that its peak memory can be told. Every plan is judged alike
by VROOM's own rules; one that breaks them is an error, not a result. The ranking is VROOM's: priority lost, then
bookings left out, then seconds of travel. Days may also be read from files, VROOM's JSON, plain or gzipped. The section
is written after every day, so that an interrupted run keeps what it has.
"""

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.generate import sized, vroom_day
from benchmarks.ours import ours, ours_apart, warm_up
from benchmarks.peer_table import OURS, Cell, Key, Row, lines_of, rows_of, summary_of
from benchmarks.peers import PEERS, SEEDLESS, Routes
from benchmarks.report import add_output, section_lines, write
from dispatch.formats.vroom import HUNDREDTHS, VroomStep
from dispatch.formats.vroom_plan import VroomPlan, is_allowed, key_of
from dispatch.formats.vroom_read import read_vroom
from dispatch.model.outcome import Budget

NAME = "peers"
LARGE, HUGE = 400, 1_000
"""Bookings from which on a day gets more time."""


def judged(document: dict[str, Any], routes: Routes) -> Key:
    """Give (priority lost, bookings left out, travel seconds) of a plan; `ValueError` for one VROOM's rules forbid."""
    problem = read_vroom(document)
    plan = VroomPlan(
        routes=tuple(tuple(VroomStep(is_break=False, number=number) for number in route) for route in routes)
    )
    if len(plan.served()) < sum(len(route) for route in routes):
        raise ValueError("A booking is served twice.")
    for vehicle, steps in zip(problem.vehicles, plan.routes, strict=True):
        if not is_allowed(problem, vehicle, steps):
            raise ValueError(f"Vehicle {vehicle.id} cannot drive its route.")
    lost, left_out, drive = key_of(problem, plan)
    return lost, left_out, drive // HUNDREDTHS


def read_day(path: Path) -> dict[str, Any]:
    """Read a day from a file, gzipped or not."""
    raw = path.read_bytes()
    day: dict[str, Any] = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    return day


def median_key(keys: Sequence[Key]) -> Key:
    """Give the middle one of the results by their order; of an even number the worse of the two in the middle."""
    return statistics.median_high(keys)


def by_peer(name: str, document: dict[str, Any], seconds: float, seeds: list[int], threads: int) -> Cell:
    """Give a peer's median on a day."""
    keys, took_s = [], []
    for seed in seeds[:1] if name in SEEDLESS else seeds:
        began = time.monotonic()
        routes = PEERS[name](document, seconds, seed, threads)
        took_s.append(time.monotonic() - began)
        keys.append(judged(document, routes))
    return Cell(key=median_key(keys), wall_s=statistics.median(took_s))


def by_ours(document: dict[str, Any], seconds: float, seeds: list[int], threads: int) -> tuple[Cell, str, int | None]:
    """Give our median on a day, what the run that is the median proved, and the highest peak where it is measured."""
    solver = ours_apart if len(document["jobs"]) >= HUGE else ours
    answers = [solver(document, Budget(seconds=seconds, threads=threads), seed) for seed in seeds]
    keys = [judged(document, answer.routes) for answer in answers]
    middle = median_key(keys)
    proof = answers[keys.index(middle)].proof
    cell = Cell(key=middle, wall_s=statistics.median(answer.wall_s for answer in answers))
    peaks = [answer.peak_mib for answer in answers if answer.peak_mib is not None]
    return cell, proof.says(*middle[:2]), max(peaks, default=None)


def measured(name: str, document: dict[str, Any], peers: Sequence[str], given: argparse.Namespace) -> Row:
    """Give one day's row, telling each figure as it is there."""
    bookings = len(document["jobs"])
    seconds = given.huge_seconds if bookings >= HUGE else given.large_seconds if bookings >= LARGE else given.seconds
    cells = {}
    for peer in peers:
        cells[peer] = by_peer(peer, document, seconds, given.seeds, given.threads)
        print(f"{name}: {peer} {cells[peer]}", flush=True)
    cells[OURS], proven, peak_mib = by_ours(document, seconds, given.seeds, given.threads)
    peak = "" if peak_mib is None else f", peak {peak_mib} MiB"
    print(f"{name}: {OURS} {cells[OURS]}, proven: {proven}{peak}", flush=True)
    return Row(
        day=name,
        bookings=bookings,
        budget_s=seconds,
        seeds=len(given.seeds),
        cells=cells,
        proven=proven,
        peak_mib=peak_mib,
    )


def days_of(given: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the days asked for, one at a time, each with its name."""
    for path in given.days:
        yield path.name.split(".")[0], read_day(path)
    for size in given.size:
        bookings, therapists = sized(size)
        day = vroom_day(given.day_seed, bookings=bookings, therapists=therapists)
        yield f"generated {size}, seed {given.day_seed}", day


def chosen(words: str) -> list[str]:
    """Give the names of the peers asked for, by what they are called in `benchmarks.peers`; `KeyError` for others."""
    names = {solver.__name__: name for name, solver in PEERS.items()}
    asked = [names[word] for word in words.split(",") if word]
    return [name for name in PEERS if name in asked]


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the planner against its peers on the same days.")
    parser.add_argument("days", nargs="*", type=Path, help="days in VROOM's JSON; generated ones besides by --size")
    parser.add_argument("--size", action="append", default=[], help="bookings x therapists, as 80x16; may be repeated")
    parser.add_argument("--day-seed", type=int, default=1, help="the seed the days are drawn from")
    parser.add_argument("--seconds", type=float, default=10.0, help=f"for each solve, below {LARGE} bookings")
    parser.add_argument("--large-seconds", type=float, default=60.0, help=f"from {LARGE} bookings on")
    parser.add_argument("--huge-seconds", type=float, default=120.0, help=f"from {HUGE:,} bookings on")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=2, help="VROOM's and ours; the other peers use one")
    everyone = ",".join(solver.__name__ for solver in PEERS.values())
    parser.add_argument("--peers", default=everyone, help=f"only these, by comma: {everyone}")
    parser.add_argument("--append", action="store_true", help="keep the rows of other days in the section")
    add_output(parser)
    given = parser.parse_args()
    peers = chosen(given.peers)
    if given.append and given.output is None:
        parser.error("--append needs the file to add to: -o")
    before = section_lines(given.output, NAME) if given.append else []
    rows = {row.day: row for row in rows_of(before)}
    cells = (
        "Each cell: priority lost / bookings left out / travel seconds (wall time), the median over the seeds. Threads "
        f"for VROOM and ours: {given.threads}; PyVRP and OR-Tools' routing search use one thread. VROOM and OR-Tools' "
        "search take no seed and are run once; VROOM ends when it is done. “count”: no plan loses less priority, nor leaves out fewer at this priority; “best”: nor travels less."
    )
    warm_up(given.threads)
    for peer in peers:
        PEERS[peer](vroom_day(0, bookings=4, therapists=2), 0.1, 0, 1)
    for name, document in days_of(given):
        rows[name] = measured(name, document, peers, given)
        write(given.output, NAME, [cells, "", *lines_of(list(rows.values()))], before=before)
    print("\n".join(summary_of(list(rows.values()))), flush=True)


if __name__ == "__main__":
    main()
