"""How much is proven, and how soon: generated days, each solved once by ours; `python -m benchmarks.certificates`.

    python -m benchmarks.certificates --size 80x16:5 --size 160x32:20 -o benchmarks/RESULTS.md

A size is bookings x therapists : seconds a solve. Proven or at most one short means: no plan loses less priority, and at
this priority none serves more than one booking more. The gap in travel is to the least among plans that serve as much.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.generate import sized, vroom_day
from benchmarks.ours import Proof, ours, warm_up
from benchmarks.peer_table import Key
from benchmarks.report import NOTHING, add_output, percent_of, table, write
from benchmarks.run import judged
from dispatch.model.outcome import Budget

NAME = "certificates"
SIZES = ("80x16:5", "160x32:20")
HEADS = ("day", "s", "priority lost", "at least", "left out", "at least", "bookings short", "travel gap %", "proven")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One day's plan and what is proven of it."""

    size: str
    seed: int
    key: Key
    proof: Proof
    wall_s: float

    @property
    def gap(self) -> int | None:
        """Give how many bookings the plan may be short; None where priority is not proven."""
        return self.proof.gap(*self.key[:2])

    @property
    def gap_percent(self) -> float | None:
        """Give how much longer than the least the plan travels, at most; None where no least is known."""
        least_s = self.proof.travel_at_least_s
        return None if least_s is None else percent_of(self.key[2] - least_s, least_s)

    def cells(self) -> list[str]:
        """Give the row of the table."""
        lost, left_out, _ = self.key
        gap, gap_percent = self.gap, self.gap_percent
        return [
            f"{self.size}, seed {self.seed}",
            f"{self.wall_s:.1f}",
            str(lost),
            str(self.proof.lost_at_least),
            str(left_out),
            str(self.proof.left_out_at_least),
            NOTHING if gap is None else str(gap),
            NOTHING if gap_percent is None else f"{gap_percent:.2f}",
            self.proof.says(lost, left_out) if gap == 0 else "priority" if gap is not None else NOTHING,
        ]


def summary_of(size: str, found: Sequence[Found]) -> str:
    """Give the sentence about one size."""
    best = sum(one.proof.is_best for one in found)
    count = sum(one.gap == 0 for one in found)
    near = sum(one.gap is not None and one.gap <= 1 for one in found)
    priority = sum(one.gap is not None for one in found)
    return (
        f"* {size}: best count proven or at most one short on {near} of {len(found)} days "
        f"({percent_of(near, len(found)):.0f} %): proven on {count}, best in travel as well on {best}; "
        f"priority proven on {priority}."
    )


def main() -> None:
    """Solve every day of every size once and tell what is proven."""
    parser = argparse.ArgumentParser(description="Measures what the planner proves of generated days.")
    parser.add_argument("--size", action="append", default=[], help=f"may be repeated; else {' and '.join(SIZES)}")
    parser.add_argument("--days", type=int, default=10, help="so many days of each size, drawn from the seeds 1, 2, …")
    parser.add_argument("--threads", type=int, default=2)
    add_output(parser)
    given = parser.parse_args()
    warm_up(given.threads)
    found: dict[str, list[Found]] = {}
    for asked in given.size or SIZES:
        size, _, seconds = asked.partition(":")
        bookings, therapists = sized(size)
        budget = Budget(seconds=float(seconds), threads=given.threads)
        of_size = found.setdefault(f"{size} in {seconds} s", [])
        for seed in range(1, given.days + 1):
            document = vroom_day(seed, bookings=bookings, therapists=therapists)
            answer = ours(document, budget, 1)
            key = judged(document, answer.routes)
            one = Found(size=size, seed=seed, key=key, proof=answer.proof, wall_s=answer.wall_s)
            of_size.append(one)
            print(" | ".join(one.cells()), flush=True)
            rows = [day.cells() for days in found.values() for day in days]
            told = [summary_of(name, days) for name, days in found.items()]
            write(given.output, NAME, [f"Threads: {given.threads}.", "", *table(HEADS, rows), "", *told])
    print("\n".join(summary_of(name, days) for name, days in found.items()), flush=True)


if __name__ == "__main__":
    main()
