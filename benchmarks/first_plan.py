"""How soon there is a plan, and how good it is: our first plan in a warm process beside VROOM's last one.

    python -m benchmarks.first_plan -o benchmarks/RESULTS.md

Measured is the wall time of a whole `solve` with no round of improvement, the median of some repeats; the plan is the
same each time. The day is read beforehand, as a planner's process has it. Days may also be read from files.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generate import sized, vroom_day
from benchmarks.ours import plain_day, warm_up
from benchmarks.peers import vroom
from benchmarks.report import NOTHING, add_output, percent_of, table, write
from benchmarks.run import judged, read_day
from dispatch.formats.vroom_read import read_vroom
from dispatch.model.outcome import Budget
from dispatch.solve import solve

NAME = "first-plan"
SIZES = ("80x16", "400x80")
HEADS = ("day", "first plan ms", "priority lost / left out", "VROOM -x5", "VROOM s", "left out against VROOM's")


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Our first plan of a day, and VROOM's plan of it: (priority lost, bookings left out)."""

    kind: str
    day: str
    wall_ms: float
    ours: tuple[int, int]
    theirs: tuple[int, int]
    their_s: float

    def cells(self) -> list[str]:
        """Give the row of the table."""
        ratio = f"{self.ours[1] / self.theirs[1]:.2f}" if self.theirs[1] else NOTHING
        return [
            self.day,
            f"{self.wall_ms:.0f}",
            f"{self.ours[0]} / {self.ours[1]}",
            f"{self.theirs[0]} / {self.theirs[1]}",
            f"{self.their_s:.1f}",
            ratio,
        ]


def measured(kind: str, name: str, document: dict[str, Any], given: argparse.Namespace) -> First:
    """Measure one day."""
    day = plain_day(read_vroom(document))
    if day is None:
        raise SystemExit(f"{name}: our rules cannot say the same as VROOM's about this day.")
    budget = Budget(rounds=0, threads=given.threads)
    runs = []
    for _ in range(given.repeats):
        began = time.perf_counter()
        plan = solve(day, budget=budget, seed=1).plan
        runs.append((1_000 * (time.perf_counter() - began), plan))
    served = runs[0][1].served()
    left_out = [job for job in document["jobs"] if str(job["id"]) not in served]
    began = time.perf_counter()
    routes = vroom(document, given.vroom_seconds, 0, given.threads)
    their_s = time.perf_counter() - began
    return First(
        kind=kind,
        day=name,
        wall_ms=statistics.median(wall_ms for wall_ms, _ in runs),
        ours=(sum(job.get("priority", 0) for job in left_out), len(left_out)),
        theirs=judged(document, routes)[:2],
        their_s=their_s,
    )


def days_of(given: argparse.Namespace) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give the days asked for, each with its size and its name."""
    for path in given.days:
        document = read_day(path)
        yield f"{len(document['jobs'])}x{len(document['vehicles'])}", path.name.split(".")[0], document
    for size in given.size or (() if given.days else SIZES):
        bookings, therapists = sized(size)
        for seed in range(1, given.count + 1):
            yield size, f"{size}, seed {seed}", vroom_day(seed, bookings=bookings, therapists=therapists)


def summary_of(found: Sequence[First]) -> list[str]:
    """Give a sentence for each size."""
    lines = []
    for kind in dict.fromkeys(one.kind for one in found):
        days = [one for one in found if one.kind == kind]
        walls_ms = [one.wall_ms for one in days]
        ours, theirs = sum(one.ours[1] for one in days), sum(one.theirs[1] for one in days)
        lines.append(
            f"* {kind}, {len(days)} days: first plan after {statistics.median(walls_ms):.0f} ms in the median, "
            f"{max(walls_ms):.0f} ms at most; left out {ours}, by VROOM -x5 {theirs}: "
            f"{percent_of(ours - theirs, theirs):+.1f} %."
        )
    return lines


def main() -> None:
    """Measure every day and tell how soon and how good."""
    parser = argparse.ArgumentParser(description="Measures the first plan against VROOM's.")
    parser.add_argument("days", nargs="*", type=Path, help="days in VROOM's JSON, plain or gzipped")
    parser.add_argument("--size", action="append", default=[], help=f"may be repeated; else {' and '.join(SIZES)}")
    parser.add_argument("--count", type=int, default=5, help="so many generated days of each size")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="ours and VROOM's")
    parser.add_argument("--vroom-seconds", type=float, default=60.0, help="VROOM ends when it is done, or then")
    add_output(parser)
    given = parser.parse_args()
    warm_up(given.threads)
    found: list[First] = []
    for kind, name, document in days_of(given):
        found.append(measured(kind, name, document, given))
        print(" | ".join(found[-1].cells()), flush=True)
        note = f"Threads for both: {given.threads}; the median of {given.repeats} repeats."
        write(given.output, NAME, [note, "", *table(HEADS, [one.cells() for one in found]), "", *summary_of(found)])
    print("\n".join(summary_of(found)), flush=True)


if __name__ == "__main__":
    main()
