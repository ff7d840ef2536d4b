"""How many visits start on time on days that stray from the plan, and what it costs in bookings.

`python -m benchmarks.robust --help`, from the repository's root, tells what may be chosen.

For each generated day the planner works once for each policy, as long for each; each plan then lives through
the same simulated days, drawn from another seed than the one `chances` uses.
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.report import NOTHING, add_output, percent_of, table, write
from benchmarks.robust_days import generated_day
from dispatch.model.chance import Spread
from dispatch.model.outcome import Budget
from dispatch.model.problem import DayProblem
from dispatch.rules.chance import simulate
from dispatch.rules.referee import check
from dispatch.solve import solve

NAME = "robust"
OFF = "off"
POLICIES: dict[str, dict[str, int]] = {
    OFF: {},
    "price 3 RM/min in 30 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800},
    "price 3, least 5 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 300},
    "price 3, least 10 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 600},
    "price 3, least 15 min": {"tight_sen_per_min": 300, "tight_margin_s": 1_800, "least_margin_s": 900},
    "least 15 min alone": {"least_margin_s": 900},
}
OTHER_SEED = 77
HEADS = ("policy", "served", "against off %", "priority lost", "travel h", "on time %", "within 10 min %", "CPU s")


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


def measure(problem: DayProblem, policy: dict[str, int], *, budget: Budget, days: int) -> Row:
    """Plan a day by a policy and live through the plan on many days."""
    asked = replace(problem, weights=replace(problem.weights, **policy))
    began = time.process_time()
    result = solve(asked, budget=budget, seed=1)
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


def vroom_says(problem: DayProblem) -> str:
    """Give why VROOM's plan is no row here: it knows one speed for the whole day, these days have one for each hour."""
    assert any(len(set(one.profile.rate_per_mille)) > 1 for one in problem.matrices), "a day VROOM could be given"
    return "VROOM -x5 is no row: its travel has one speed all day, these days have one for each hour."


def cells_of(name: str, found: Sequence[Row], off: Sequence[Row]) -> list[str]:
    """Give one policy's sums over the days; served is compared with the same days under the policy that asks nothing."""
    visits = sum(row.visits for row in found)
    served = sum(row.served for row in found)
    served_off = sum(row.served for row in off)
    return [
        name,
        str(served),
        f"{percent_of(served - served_off, served_off):+.1f}" if off else NOTHING,
        str(sum(row.priority_lost for row in found)),
        f"{sum(row.reference_s for row in found) / 3_600:.0f}",
        f"{percent_of(sum(row.on_time for row in found), visits):.1f}",
        f"{percent_of(sum(row.within_ten for row in found), visits):.1f}",
        f"{sum(row.cpu_s for row in found) / len(found):.1f}",
    ]


def summary_of(rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """Give a sentence for each policy."""
    lines = []
    for name, found in rows.items():
        _, served, change, _, _, on_time, within_ten, _ = cells_of(name, found, rows.get(OFF, ())[: len(found)])
        against = "" if name == OFF or change == NOTHING else f", {change} % against {OFF}"
        lines.append(f"* {name}: {on_time} % on time, {within_ten} % within ten minutes; {served} served{against}.")
    return lines


def main() -> None:
    """Measure every policy on every day and tell the sums."""
    parser = argparse.ArgumentParser(description="Simulates days that stray from their plan, by policy.")
    parser.add_argument("--bookings", type=int, default=80)
    parser.add_argument("--therapists", type=int, default=16)
    parser.add_argument("--seeds", default="1,2,3,4,5", help="which generated days")
    parser.add_argument("--seconds", type=float, default=15, help="wall clock for each plan")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--days", type=int, default=1_000, help="simulated days for each plan")
    parser.add_argument("--policies", default="", help="only policies that contain one of these words, by comma")
    add_output(parser)
    asked = parser.parse_args()
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    words = [word for word in asked.policies.split(",") if word]
    policies = {name: one for name, one in POLICIES.items() if not words or any(word in name for word in words)}
    tiny = generated_day(6, 2, 1)
    solve(tiny, budget=Budget(rounds=1, threads=asked.threads), seed=1)  # compile, so that no figure pays for it
    note = (
        f"Days {asked.seeds} of {asked.bookings} bookings and {asked.therapists} therapists, {asked.seconds:g} s and "
        f"{asked.threads} threads for each plan, {asked.days:,} simulated days each. {vroom_says(tiny)}"
    )
    rows: dict[str, list[Row]] = {}
    for seed in seeds:
        problem = generated_day(asked.bookings, asked.therapists, seed)
        for name, policy in policies.items():
            row = measure(problem, policy, budget=Budget(seconds=asked.seconds, threads=asked.threads), days=asked.days)
            found = rows.setdefault(name, [])
            found.append(row)
            today = [rows[OFF][-1]] if OFF in rows else []
            print(f"{problem.id} | {' | '.join(cells_of(name, [row], today))}", flush=True)
        body = [cells_of(name, found, rows.get(OFF, ())) for name, found in rows.items()]
        write(asked.output, NAME, [note, "", *table(HEADS, body), "", *summary_of(rows)])
    print("\n".join([note, *summary_of(rows)]), flush=True)


if __name__ == "__main__":
    main()
