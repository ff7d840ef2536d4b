"""For how many bookings left out something helps: seeded full days; `python -m benchmarks.remedies` from the checkout.

Each day is planned first; then remedies are looked for, for every booking the plan leaves out. Each one told has passed
the referee.
"""

import argparse
import time
from collections import Counter

from benchmarks.full_days import full_day
from benchmarks.report import add_output, percentile, table, write
from dispatch.explain.remedies import remedies
from dispatch.model.outcome import Budget
from dispatch.solve import solve

NAME = "remedies"
HEADS = ("remedy", "bookings it helps", "share")


def main() -> None:
    """Plan the days, look for remedies, and tell how many bookings have none."""
    parser = argparse.ArgumentParser(description="Measures for how many bookings left out something helps.")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--bookings", type=int, default=160)
    parser.add_argument("--therapists", type=int, default=32)
    parser.add_argument("--plan-seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=2, help="for planning the days")
    add_output(parser)
    asked = parser.parse_args()
    kinds: Counter[str] = Counter()
    looked, helped, wall_ms = 0, 0, []
    for seed in range(1, asked.days + 1):
        problem = full_day(seed, bookings=asked.bookings, therapists=asked.therapists)
        plan = solve(problem, budget=Budget(seconds=asked.plan_seconds, threads=asked.threads), seed=seed).plan
        for left in plan.left_out:
            began = time.perf_counter()
            found = remedies(problem, plan, left.booking_id)
            wall_ms.append(1_000 * (time.perf_counter() - began))
            looked += 1
            helped += bool(found)
            kinds.update(one.kind for one in found)
    without = looked - helped
    told = (
        f"{asked.days} days of {asked.bookings} bookings and {asked.therapists} therapists, planned for "
        f"{asked.plan_seconds:.0f} s each; {looked} bookings left out, no remedy found for {without} of them "
        f"({100 * without / max(1, looked):.1f} %); {percentile(wall_ms, 50):.0f} ms for one booking in the median, "
        f"{percentile(wall_ms, 95):.0f} ms at the 95th of 100."
    )
    rows = [[kind, str(count), f"{100 * count / max(1, looked):.0f} %"] for kind, count in kinds.most_common()]
    lines = [told, "", *table(HEADS, rows)]
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


if __name__ == "__main__":
    main()
