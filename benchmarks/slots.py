"""How long a caller waits for slots: seeded drafts on a planned full day; `python -m benchmarks.slots` from the checkout.

Every fifth draft is for two; windows are six hours wide. The day is planned once, which is not measured.
"""

import argparse
import time

from benchmarks.full_days import drafts, full_day
from benchmarks.report import add_output, percentile, table, write
from dispatch.explain.slots import suggest
from dispatch.model.outcome import Budget
from dispatch.model.slot import Draft
from dispatch.rules.compiled import compile_problem
from dispatch.rules.route import prepare
from dispatch.solve import solve

NAME = "slots"
SPARE_PLACES = 40
HEADS = ("milliseconds", "p50", "p95", "longest")


def main() -> None:
    """Plan the day, ask for slots for each draft, and tell the milliseconds."""
    parser = argparse.ArgumentParser(description="Measures how long a caller waits for slots.")
    parser.add_argument("--bookings", type=int, default=160)
    parser.add_argument("--therapists", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drafts", type=int, default=200)
    parser.add_argument("--plan-seconds", type=float, default=15.0)
    parser.add_argument("--threads", type=int, default=2, help="for planning the day; slots use one")
    add_output(parser)
    asked = parser.parse_args()
    problem = full_day(asked.seed, bookings=asked.bookings, therapists=asked.therapists, spare_places=SPARE_PLACES)
    planned = solve(problem, budget=Budget(seconds=asked.plan_seconds, threads=asked.threads), seed=asked.seed)
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
    for_two = sum(len(wish.seats) > 1 for wish in wishes)
    told = (
        f"{asked.bookings} bookings ({planned.cost.left_out} left out, {len(pairs)} couples served), {asked.therapists} "
        f"therapists; {len(wishes)} drafts, {for_two} of them for two; {sum(map(bool, offered))} could be offered a "
        f"start, {sum(count >= 3 for count in offered)} three."
    )
    rows = [
        [name, *(f"{figure:.0f}" for figure in (percentile(figures, 50), percentile(figures, 95), max(figures)))]
        for name, figures in (("wall", wall_ms), ("CPU", cpu_ms))
    ]
    lines = [told, "", *table(HEADS, rows)]
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


if __name__ == "__main__":
    main()
