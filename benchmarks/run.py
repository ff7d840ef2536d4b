"""Measures the planner against its peers on the same days in the same wall time, and writes a table.

    python -m benchmarks.run --size 80x16 --seconds 10 --seeds 1 2 3 -o benchmarks/RESULTS.md

Each solver runs alone, one after the other, in this process, after a short warm-up of ours (compiling is no solving).
Every plan is judged alike by VROOM's own rules; one that breaks them is an error, not a result. The ranking is
VROOM's: priority lost, then bookings left out, then seconds of travel. Days may also be read from files, VROOM's JSON,
plain or gzipped.
"""

import argparse
import gzip
import json
import platform
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.generate import vroom_day
from benchmarks.peers import PEERS, Routes, laluan
from dispatch.formats.vroom import HUNDREDTHS, VroomStep
from dispatch.formats.vroom_plan import VroomPlan, is_allowed, key_of
from dispatch.formats.vroom_read import read_vroom

Key = tuple[int, int, int]

OURS = "Laluan"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"


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


def median_key(keys: list[Key]) -> Key:
    """Give the middle one of the results by their order; of an even number the worse of the two in the middle."""
    return statistics.median_high(keys)


def measured(name: str, document: dict[str, Any], seconds: float, seeds: list[int], threads: int) -> list[str]:
    """Give one row of the table: each solver's median, and what ours proved in the run that is its median."""
    cells = []
    for solver in PEERS.values():
        keys, took = [], []
        for seed in seeds:
            began = time.monotonic()
            keys.append(judged(document, solver(document, seconds, seed, threads)))
            took.append(time.monotonic() - began)
        lost, left_out, travel = median_key(keys)
        cells.append(f"{lost} / {left_out} / {travel} ({statistics.median(took):.1f} s)")
    runs = []
    for seed in seeds:
        began = time.monotonic()
        routes, certificate = laluan(document, seconds, seed, threads)
        runs.append((judged(document, routes), time.monotonic() - began, certificate))
    middle = median_key([run[0] for run in runs])
    certificate = next(run[2] for run in runs if run[0] == middle)
    lost, left_out, travel = middle
    total = len(document["jobs"])
    least = total - certificate["served_at_most"]
    cells.append(f"{lost} / {left_out} / {travel} ({statistics.median(run[1] for run in runs):.1f} s)")
    cells.append("best" if certificate["proven_best"] else f"at least {least} left out")
    return [name, *cells]


def report(rows: list[list[str]], given: argparse.Namespace) -> str:
    """Give the section of RESULTS.md: what was run, on what, and the table."""
    heads = ["day", *PEERS, OURS, "proven by ours"]
    versions = ", ".join(f"{name} {version(name)}" for name in ("laluan", "pyvroom", "pyvrp", "ortools", "numba"))
    machine = (
        f"Machine: {_processor()}, {_cores()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. Versions: {versions}."
    )
    cells = (
        f"Each cell: priority lost / bookings left out / travel seconds (wall time), the median of {len(given.seeds)} "
        f"seed(s), {given.seconds:g} s a solve, threads for VROOM and ours: {given.threads}; PyVRP and OR-Tools' "
        "routing search use one thread."
    )
    lines = [
        BEGIN,
        f"Command: `{' '.join(['python -m benchmarks.run', *sys.argv[1:]])}`",
        "",
        machine,
        "",
        cells,
        "",
        "| " + " | ".join(heads) + " |",
        "|" + " --- |" * len(heads),
        *("| " + " | ".join(row) + " |" for row in rows),
        END,
    ]
    return "\n".join(lines)


def put_into(path: Path, section: str) -> None:
    """Write the section into the file in the place of the one that was there, or after all else."""
    text = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    if BEGIN in text and END in text:
        before, rest = text.split(BEGIN, 1)
        text = before + section + rest.split(END, 1)[1]
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    path.write_text(text, encoding="utf-8")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _cores() -> int:
    import os

    return os.cpu_count() or 1


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure the planner against its peers on the same days.")
    parser.add_argument("days", nargs="*", type=Path, help="days in VROOM's JSON; generated ones besides by --size")
    parser.add_argument("--size", action="append", default=[], help="bookings x therapists, as 80x16; may be repeated")
    parser.add_argument("--day-seed", type=int, default=1, help="the seed the days are drawn from")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, help="the file whose section is replaced")
    given = parser.parse_args()
    days = [(path.name.split(".")[0], read_day(path)) for path in given.days]
    for size in given.size:
        bookings, _, therapists = size.partition("x")
        day = vroom_day(given.day_seed, bookings=int(bookings), therapists=int(therapists))
        days.append((f"generated {size}, seed {given.day_seed}", day))
    laluan(vroom_day(0, bookings=4, therapists=2), 0.5, 0, 1)
    rows = []
    for name, document in days:
        rows.append(measured(name, document, given.seconds, given.seeds, given.threads))
        print(" | ".join(rows[-1]), flush=True)
    if given.output is not None:
        put_into(given.output, report(rows, given))


if __name__ == "__main__":
    main()
