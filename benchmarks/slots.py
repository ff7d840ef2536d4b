"""How long a caller waits for slots: seeded drafts on a planned full day; `python -m benchmarks.slots` from the checkout.

Every fifth draft is for two; windows are six hours wide. The day is planned once, which is not measured.
"""

import argparse
import time
from collections.abc import Sequence

from benchmarks.full_days import drafts, full_day
from dispatch.explain.slots import suggest
from dispatch.model.outcome import Budget
from dispatch.model.slot import Draft
from dispatch.rules.compiled import compile_problem
from dispatch.rules.route import prepare
from dispatch.solve import solve

SPARE_PLACES = 40


def percentile(figures: Sequence[float], percent: int) -> float:
    """Give the figure that so many percent lie at or below."""
    return sorted(figures)[max(0, -(-len(figures) * percent // 100) - 1)]


def main() -> None:
    """Plan the day, ask for slots for each draft, and print the milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=160)
    parser.add_argument("--therapists", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drafts", type=int, default=200)
    parser.add_argument("--plan-seconds", type=float, default=15.0)
    asked = parser.parse_args()
    problem = full_day(asked.seed, bookings=asked.bookings, therapists=asked.therapists, spare_places=SPARE_PLACES)
    planned = solve(problem, budget=Budget(seconds=asked.plan_seconds), seed=asked.seed)
    prepare(compile_problem(problem))
    wishes = list(drafts(asked.seed, problem, count=asked.drafts, spare_places=SPARE_PLACES))
    suggest(problem, planned.plan, Draft(booking=wishes[0]))
    wall_ms, cpu_ms, offered = [], [], []
    for wish in wishes:
        began, worked = time.perf_counter(), time.process_time()
        offered.append(len(suggest(problem, planned.plan, Draft(booking=wish))))
        wall_ms.append(1_000 * (time.perf_counter() - began))
        cpu_ms.append(1_000 * (time.process_time() - worked))
    pairs = {one.id for one in problem.bookings if len(one.seats) > 1} & planned.plan.served()
    print(f"{asked.bookings} bookings ({planned.cost.left_out} left out, {len(pairs)} couples served),", end=" ")
    print(
        f"{asked.therapists} therapists, {len(wishes)} drafts, {sum(map(bool, offered))} of them could be offered a start"
    )
    for name, figures in (("wall", wall_ms), ("CPU", cpu_ms)):
        p50, p95 = percentile(figures, 50), percentile(figures, 95)
        print(f"{name}: median {p50:.0f} ms, p95 {p95:.0f} ms, longest {max(figures):.0f} ms")


if __name__ == "__main__":
    main()
