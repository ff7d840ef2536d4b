"""How long a dispatcher waits for the ways to put a booking in; `python -m benchmarks.candidates` from the checkout.

The day is planned once, which is not measured. Asked about is every booking that the plan leaves out, and every fourth
that it serves, taken out of it; every third of these is urgent (of a priority above all others). Then the same day is
kept in a store, and the use cases are measured that read it: the ways for what is left out, and what a dialog shows when a
therapist falls ill, two seconds of the planner included.
"""

import argparse
import time
from dataclasses import replace
from datetime import date

from benchmarks.board import keeping
from benchmarks.board_company import DISPATCHER
from benchmarks.full_days import full_day
from benchmarks.report import add_output, percentile, table, write
from dispatch.explain.candidates import candidates, without
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.trouble import Trouble, TroubleKind
from dispatch.rules.compiled import compile_problem
from dispatch.rules.route import prepare
from dispatch.solve import solve
from dispatch.work.days import day_board
from dispatch.work.inserting import insertions
from dispatch.work.repairs import look_at

NAME = "candidates"
HEADS = ("milliseconds", "p50", "p95", "longest")


def main() -> None:
    """Plan the day, ask for the ways to put each booking in, and tell the milliseconds."""
    parser = argparse.ArgumentParser(
        description="Measures how long a dispatcher waits for the ways to put a booking in."
    )
    parser.add_argument("--bookings", type=int, default=160)
    parser.add_argument("--therapists", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan-seconds", type=float, default=15.0)
    parser.add_argument("--threads", type=int, default=2, help="for planning the day; asking uses one")
    parser.add_argument("--dialogs", type=int, default=12, help="how many therapists fall ill, one at a time")
    add_output(parser)
    asked = parser.parse_args()
    problem = full_day(asked.seed, bookings=asked.bookings, therapists=asked.therapists)
    planned = solve(problem, budget=Budget(seconds=asked.plan_seconds, threads=asked.threads), seed=asked.seed).plan
    prepare(compile_problem(problem))
    wishes = [*(left.booking_id for left in planned.left_out), *sorted(planned.served())[::4]]
    candidates(problem, *taken_out(planned, wishes[-1]))
    wall_ms, found, bumping = [], 0, 0
    for number, name in enumerate(wishes):
        day = urgent(problem, name) if number % 3 == 0 else problem
        prepare(compile_problem(day))
        began = time.perf_counter()
        ways = candidates(day, *taken_out(planned, name))
        wall_ms.append(1_000 * (time.perf_counter() - began))
        found += bool(ways)
        bumping += any(one.placing.bumped for one in ways)
    told = (
        f"{asked.bookings} bookings ({len(planned.left_out)} left out), {asked.therapists} therapists; {len(wishes)} "
        f"bookings asked about, {found} could be put in, {bumping} of them by bumping somebody out."
    )
    ways_ms, ill_ms = kept_times(problem, seconds=asked.plan_seconds, dialogs=asked.dialogs)
    rows = [
        _row("the ways for a booking", wall_ms),
        _row("the same, read from the store", ways_ms),
        _row("a therapist falls ill, from the store", ill_ms),
    ]
    lines = [told, "", *table(HEADS, rows)]
    print("\n".join(lines), flush=True)
    write(asked.output, NAME, lines)


def kept_times(problem: DayProblem, *, seconds: float, dialogs: int) -> tuple[list[float], list[float]]:
    """Give the milliseconds of the use cases on the day in a store: the ways for what is left out, and falling ill."""
    with keeping(problem, seconds=seconds) as kept:
        services, day = kept.app.extensions["laluan"], date.fromisoformat(kept.path.rpartition("/")[2])
        board = day_board(services, DISPATCHER, day)
        ways_ms = []
        for left in (board.left_out[0], *board.left_out):
            began = time.perf_counter()
            insertions(services, DISPATCHER, day, left.booking_id)
            ways_ms.append(1_000 * (time.perf_counter() - began))
        ill_ms = []
        for one in board.problem.therapists[: dialogs + 1]:
            ill = Trouble(
                kind=TroubleKind.ILL, therapist_id=one.id, from_s=(one.shifts[0].start_s + one.shifts[-1].end_s) // 2
            )
            began = time.perf_counter()
            look_at(services, DISPATCHER, day, ill)
            ill_ms.append(1_000 * (time.perf_counter() - began))
    return ways_ms[1:], ill_ms[1:]


def _row(name: str, found_ms: list[float]) -> list[str]:
    return [name, *(f"{figure:.0f}" for figure in (percentile(found_ms, 50), percentile(found_ms, 95), max(found_ms)))]


def taken_out(plan: Plan, name: str) -> tuple[Plan, str]:
    """Give the plan without a booking, and the booking."""
    if name not in plan.served():
        return plan, name
    return without(plan, (name,), instead_of=name), name


def urgent(problem: DayProblem, name: str) -> DayProblem:
    """Give the day with one booking before all others."""
    most = 1 + max(one.priority for one in problem.bookings)
    return replace(
        problem,
        bookings=tuple(replace(one, priority=most) if one.id == name else one for one in problem.bookings),
    )


if __name__ == "__main__":
    main()
