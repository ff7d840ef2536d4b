"""Our planner on a VROOM problem, with all that it proves; for days that both rule books say alike.

Where VROOM's rules and ours say the same (`dispatch.formats.vroom_day`), the day is solved directly, so that the whole
certificate is at hand; any other day goes through the door for others, which tells less of what is proven.
"""

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.generate import vroom_day
from benchmarks.peers import Routes, laluan
from dispatch.formats.vroom import VroomProblem
from dispatch.formats.vroom_day import day_of_vroom
from dispatch.formats.vroom_plan import vroom_plan
from dispatch.formats.vroom_read import read_vroom
from dispatch.model.outcome import Budget, Result
from dispatch.model.problem import DayProblem
from dispatch.solve import solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proven of every plan, in the terms of the ranking; `left_out_at_least` may be said of this priority only.

    `travel_at_least_s` is among plans that serve as much priority and as many bookings; None where nothing is known.
    """

    lost_at_least: int
    left_out_at_least: int
    travel_at_least_s: int | None = None
    is_best: bool = False

    def gap(self, lost: int, left_out: int) -> int | None:
        """Give how many bookings fewer might be left out; None where less priority might be lost."""
        return None if lost > self.lost_at_least else left_out - self.left_out_at_least

    def says(self, lost: int, left_out: int) -> str:
        """Give what is proven of a plan with these losses: `best`, `count`, or the bounds."""
        if self.is_best:
            return "best"
        gap = self.gap(lost, left_out)
        if gap == 0:
            return "count"
        told = "" if gap is not None else f"at least {self.lost_at_least} lost, "
        return f"{told}at least {self.left_out_at_least} left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Our routes, what is proven, the wall time from the document to the routes, and the process's peak where asked."""

    routes: Routes
    proof: Proof
    wall_s: float
    peak_mib: int | None = None


def plain_day(problem: VroomProblem) -> DayProblem | None:
    """Give a VROOM problem as a day of ours; None where our rules cannot say the same."""
    day = day_of_vroom(problem)
    return day.strict if day.loose is day.strict else None


def proof_of(document: dict[str, Any], result: Result) -> Proof:
    """Give what a result on a plain day proves."""
    certificate, jobs = result.certificate, document["jobs"]
    priority = sum(job.get("priority", 0) for job in jobs)
    most = certificate.served_at_most_so
    return Proof(
        lost_at_least=0 if certificate.priority_at_most is None else priority - certificate.priority_at_most,
        left_out_at_least=0 if most is None else len(jobs) - most,
        travel_at_least_s=certificate.cost_at_least_points,  # such a day prices a second of travel at one point
        is_best=certificate.proven_best,
    )


def ours(document: dict[str, Any], budget: Budget, seed: int) -> Answer:
    """Solve the problem in this process."""
    began = time.monotonic()
    problem = read_vroom(document)
    day = plain_day(problem)
    if day is None:
        assert budget.seconds is not None
        routes, told = laluan(document, budget.seconds, seed, budget.threads)
        proof = Proof(
            lost_at_least=sum(job.get("priority", 0) for job in document["jobs"]) - told["priority_at_most"],
            left_out_at_least=len(document["jobs"]) - told["served_at_most"],
            is_best=told["proven_best"],
        )
        return Answer(routes=routes, proof=proof, wall_s=time.monotonic() - began)
    result = solve(day, budget=budget, seed=seed)
    plan = vroom_plan(problem, result.plan)
    routes = [[step.number for step in steps] for steps in plan.routes]
    return Answer(routes=routes, proof=proof_of(document, result), wall_s=time.monotonic() - began)


def ours_apart(document: dict[str, Any], budget: Budget, seed: int) -> Answer:
    """Solve the problem in a process of its own, warm when the clock starts, and tell its peak memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_apart, document, budget, seed).result()


def warm_up(threads: int = 1) -> None:
    """Import and compile what a solve needs, so that no figure pays for it."""
    ours(vroom_day(0, bookings=4, therapists=2), Budget(seconds=0.5, threads=threads), 0)


def _apart(document: dict[str, Any], budget: Budget, seed: int) -> Answer:
    warm_up(budget.threads)
    return replace(ours(document, budget, seed), peak_mib=peak_mib())


def peak_mib() -> int:
    """Give the most memory this process has held at once, in MiB.

    Linux counts the parent's peak into `ru_maxrss` of a child it starts, so its own high-water mark is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return -(-int(line.split()[1]) // 1024)
    return -(-resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
