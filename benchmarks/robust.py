"""How many visits start on time on days that stray from the plan, and what it costs in bookings.

`python -m benchmarks.robust --help`, from the repository's root, tells what may be chosen.

For each generated day the planner works once for each policy, as long for each; each plan then lives through
the same simulated days, drawn from another seed than the one `chances` uses.
"""

import argparse
import sys
import time
from dataclasses import dataclass, replace

from benchmarks.robust_days import generated_day
from dispatch.model.chance import Spread
from dispatch.model.outcome import Budget
from dispatch.model.problem import DayProblem
from dispatch.rules.chance import simulate
from dispatch.rules.referee import check
from dispatch.solve import solve

POLICIES = {
    "off": {},
    "price 3 RM/min in 30 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800},
    "price 3, least 5 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 300},
    "price 3, least 10 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 600},
    "price 3, least 15 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 900},
    "least 15 min alone": {"least_margin_s": 900},
}
OTHER_SEED = 77


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One plan's figures: bookings served, priority lost, travel, visits, and how many start on time (or nearly)."""

    served: int
    priority_lost: int
    reference_s: int
    visits: int
    on_time: float
    within_ten: float
    cpu_s: float


def measure(problem: DayProblem, policy: dict[str, int], *, seconds: float, days: int) -> Row:
    """Plan a day by a policy and live through the plan on many days."""
    asked = replace(problem, weights=replace(problem.weights, **policy))
    began = time.process_time()
    result = solve(asked, budget=Budget(seconds=seconds), seed=1)
    cpu_s = time.process_time() - began
    refused = check(problem, result.plan)
    if refused:
        raise SystemExit(f"{problem.id}: the referee refuses the plan: {refused[0]}")
    drawn = simulate(problem, result.plan, spread=Spread(scenarios=days, seed=OTHER_SEED))
    late_s = drawn.starts_s - drawn.deadlines_s[:, None]
    return Row(
        served=len(result.plan.served()),
        priority_lost=result.cost.priority_lost,
        reference_s=next(term.quantity for term in result.cost.terms if term.code == "travel"),
        visits=len(drawn.visit_ids),
        on_time=float((late_s <= 0).sum(axis=0).mean()),
        within_ten=float((late_s <= 600).sum(axis=0).mean()),
        cpu_s=cpu_s,
    )


def main() -> None:
    """Measure every policy on every day and print the sums."""
    parser = argparse.ArgumentParser(description="Simulates days that stray from their plan, by policy.")
    parser.add_argument("--bookings", type=int, default=80)
    parser.add_argument("--therapists", type=int, default=16)
    parser.add_argument("--seeds", default="1,2,3,4,5", help="which generated days")
    parser.add_argument("--seconds", type=float, default=15, help="wall clock for each plan")
    parser.add_argument("--days", type=int, default=1_000, help="simulated days for each plan")
    parser.add_argument("--policies", default="", help="only policies that contain one of these words, by comma")
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    words = [word for word in asked.policies.split(",") if word]
    policies = {name: one for name, one in POLICIES.items() if not words or any(word in name for word in words)}
    solve(generated_day(6, 2, 1), budget=Budget(rounds=1), seed=1)  # compile, so that no figure pays for it
    rows: dict[str, list[Row]] = {name: [] for name in policies}
    for seed in seeds:
        problem = generated_day(asked.bookings, asked.therapists, seed)
        for name, policy in policies.items():
            row = measure(problem, policy, seconds=asked.seconds, days=asked.days)
            rows[name].append(row)
            print(f"{problem.id}  {name:26} {row}", file=sys.stderr, flush=True)
    print("| policy | served | priority lost | travel h | on time % | within 10 min % | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, found in rows.items():
        visits = sum(row.visits for row in found)
        print(
            f"| {name} | {sum(row.served for row in found)} | {sum(row.priority_lost for row in found)} "
            f"| {sum(row.reference_s for row in found) / 3_600:.0f} "
            f"| {100 * sum(row.on_time for row in found) / visits:.1f} "
            f"| {100 * sum(row.within_ten for row in found) / visits:.1f} "
            f"| {sum(row.cpu_s for row in found) / len(found):.1f} |"
        )


if __name__ == "__main__":
    main()
