"""The planner: who goes where and in what order; OR-Tools' only home.

`rules` says when, whether and how good; this package only chooses. `docs/reference/planner.md` tells how.
"""

from collections.abc import Callable

from dispatch.model.outcome import Budget, Progress, Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem

OnProgress = Callable[[Progress], bool | None]
"""Told how a solve stands; answering True asks it to stop with the best plan it has."""


def solve(
    problem: DayProblem,
    *,
    budget: Budget,
    start: Plan | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Result:
    """Plan a service day: the answer's plan breaks no rule, and no booking that would still fit into it is left out.

    `start` is a plan to begin with (visits the problem does not know are dropped); the answer is never worse by cost
    key than what is left of it. With `weights.least_margin_s`, what is newly planned keeps that margin before its
    window's end, and "fit" and the certificate mean: with it. With a budget of rounds alone, the same problem, start
    and seed give the same plan, byte for byte. Raises `BadInput` for a budget that names neither rounds nor seconds.
    """
    from dispatch.solve.margin import heard_with_margin, told_with_margin, with_margin
    from dispatch.solve.run import run  # brings Numba and OR-Tools along, which nobody else should wait for

    narrowed = with_margin(problem, start)
    if narrowed is problem:
        return run(problem, budget=budget, start=start, seed=seed, on_progress=on_progress)
    listener = None if on_progress is None else heard_with_margin(problem, on_progress)
    result = run(narrowed, budget=budget, start=start, seed=seed, on_progress=listener)
    return told_with_margin(problem, narrowed, result)
