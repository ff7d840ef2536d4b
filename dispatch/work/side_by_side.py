"""Several solves of one problem side by side, each in a process of its own with its own seed; the best one counts."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

from dispatch.model import codec
from dispatch.model.outcome import Budget, Certificate, Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem


def solve_side_by_side(problem: DayProblem, *, budget: Budget, start: Plan | None, seed: int, threads: int) -> Result:
    """Give the best of as many solves as there are threads, their seeds counted from `seed` on, and all they prove."""
    tasks = (codec.dumps(problem), codec.dumps(budget), None if start is None else codec.dumps(start))
    # Spawned: a fork of a process with threads may hang on a lock that one of them held.
    with ProcessPoolExecutor(threads, mp_context=multiprocessing.get_context("spawn")) as pool:
        answers = [pool.submit(_solved, *tasks, seed + n) for n in range(threads)]
        results = [codec.loads(Result, answer.result()) for answer in answers]
    best = min(results, key=lambda result: result.cost.key())
    proofs = [result.certificate for result in results]
    served = [proof.served_at_most for proof in proofs if proof.served_at_most is not None]
    priority = [proof.priority_at_most for proof in proofs if proof.priority_at_most is not None]
    costs = [
        result.certificate.cost_at_least_points
        for result in results
        if result.certificate.cost_at_least_points is not None and result.cost.key()[:3] == best.cost.key()[:3]
    ]
    return replace(
        best,
        certificate=Certificate(
            served_at_most=min(served, default=None),
            priority_at_most=min(priority, default=None),
            cost_at_least_points=max(costs, default=None),
            proven_best=any(
                result.certificate.proven_best and result.cost.key() == best.cost.key() for result in results
            ),
        ),
    )


def _solved(problem: str, budget: str, start: str | None, seed: int) -> str:
    """Solve in this process, told and telling as JSON."""
    from dispatch.solve import solve

    result = solve(
        codec.loads(DayProblem, problem),
        budget=codec.loads(Budget, budget),
        start=None if start is None else codec.loads(Plan, start),
        seed=seed,
    )
    return codec.dumps(result)
