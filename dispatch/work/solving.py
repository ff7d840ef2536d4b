"""Solving a problem somebody hands in, VROOM's or ours, without any database."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatch.errors import BadInput, LaluanError, Several, Unavailable
from dispatch.formats.files import json_of, problem_of
from dispatch.formats.vroom import VroomProblem, is_vroom
from dispatch.formats.vroom_day import VroomDay, day_of_vroom
from dispatch.formats.vroom_plan import VroomPlan, filled, given_plan, key_of, start_of, vroom_plan
from dispatch.formats.vroom_read import read_vroom, with_matrix
from dispatch.formats.vroom_write import VroomProof, answer_of, error_answer
from dispatch.model.account import Actor
from dispatch.model.codec import to_json
from dispatch.model.kinds import TravelMode
from dispatch.model.outcome import Budget, Progress, Result
from dispatch.model.places import Point
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.rules.sound import problem_errors
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.travel import TravelEngine

OnProgress = Callable[[Progress], bool | None]

STRICT_SHARE = 0.6
LOOSE_SHARE = 0.2
"""Of the seconds: for the strict day's plan, and for what the loose day proves; the rest repairs the plan."""

FILL_ROUNDS = 300
"""Rounds of repair where seconds do not count."""

LEAST_ASKED_S = 0.1
MOST_ASKED_S = 30.0
MOST_ASKED_JOBS = 500
MOST_ASKED_VEHICLES = 150
"""What one request may ask for."""

_one_at_a_time = threading.Lock()


def solve_asked(services: Services, actor: Actor, body: bytes, *, seconds: float, seed: int = 0) -> dict[str, Any]:
    """Solve the JSON a program sends: a VROOM problem is answered in VROOM's format, one of ours by its result.

    One problem is solved at a time, apart from the pages where `services` can; `Unavailable` while another is.
    """
    allow(actor, Permission.PLANNING)
    if not LEAST_ASKED_S <= seconds <= MOST_ASKED_S:
        raise BadInput("vroom.seconds", least=str(LEAST_ASKED_S), most=str(MOST_ASKED_S))
    try:
        document = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("formats.no_text", file="request") from error
    problem = _read(document)
    jobs = problem.jobs if isinstance(problem, VroomProblem) else problem.bookings
    vehicles = problem.vehicles if isinstance(problem, VroomProblem) else problem.therapists
    if len(jobs) > MOST_ASKED_JOBS or len(vehicles) > MOST_ASKED_VEHICLES:
        raise BadInput(
            "vroom.too_large",
            jobs=len(jobs),
            vehicles=len(vehicles),
            most_jobs=MOST_ASKED_JOBS,
            most_vehicles=MOST_ASKED_VEHICLES,
        )
    if not _one_at_a_time.acquire(blocking=False):
        raise Unavailable("vroom.busy")
    try:
        budget = Budget(seconds=seconds)
        if services.solve_apart is not None:
            return services.solve_apart(document, budget, seed)
        return _answer(problem, travel=services.travel, budget=budget, seed=seed)
    finally:
        _one_at_a_time.release()


def solve_document(
    document: str, *, travel: "TravelEngine", budget: Budget, seed: int = 0, on_progress: OnProgress | None = None
) -> dict[str, Any]:
    """Solve a problem as a program sent it, and give the answer it is told."""
    return _answer(_read(document), travel=travel, budget=budget, seed=seed, on_progress=on_progress)


def _read(document: str) -> VroomProblem | DayProblem:
    """Give the problem in a program's JSON, VROOM's or ours."""
    read = json_of(document, "request")
    return read_vroom(read) if is_vroom(read) else problem_of(read, "request")


def _answer(
    problem: VroomProblem | DayProblem,
    *,
    travel: "TravelEngine",
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Solve a problem and give what a program is told."""
    if isinstance(problem, VroomProblem):
        return solve_vroom(problem, travel=travel, budget=budget, seed=seed, on_progress=on_progress)
    answer: Any = to_json(solve_problem(problem, budget=budget, seed=seed, on_progress=on_progress))
    assert isinstance(answer, dict), "a result is an object"
    return answer


def error_told(error: LaluanError) -> dict[str, Any]:
    """Give what a program is told about a problem that was refused: VROOM's code and the sentence."""
    return error_answer(error)


def solve_problem(
    problem: DayProblem,
    *,
    budget: Budget,
    start: Plan | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Result:
    """Solve a day's problem after looking whether it is sound; `Several` with all that is wrong."""
    if errors := problem_errors(problem):
        raise Several(tuple(errors))
    from dispatch.solve import solve

    return solve(problem, budget=budget, start=start, seed=seed, on_progress=on_progress)


def solve_vroom(
    problem: VroomProblem,
    *,
    travel: "TravelEngine",
    budget: Budget,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Solve a VROOM problem and give VROOM's answer: its plan keeps VROOM's rules, what it proves is true of them.

    Places without a matrix are travelled between in the reference seconds of `travel`, a car's at midday, all day long.
    """
    began = time.monotonic()
    if problem.points:
        problem = _with_travel(problem, travel)
    day = day_of_vroom(problem)
    same = day.loose is day.strict
    loaded = time.monotonic()
    spent_s = 0.0 if same or budget.seconds is None else budget.seconds * (1 - STRICT_SHARE)
    strict = solve_problem(
        day.strict,
        budget=_less(budget, spent_s),
        start=start_of(problem),
        seed=seed,
        on_progress=on_progress,
    )
    plan = vroom_plan(problem, strict.plan)
    proof = _proof(problem, day, strict, plan)
    if not same:
        plan, proof = _repaired(problem, day, plan, budget, seed, on_progress)
    solved = time.monotonic()
    return answer_of(
        problem,
        plan,
        proof,
        loading_ms=round(1000 * (loaded - began)),
        solving_ms=round(1000 * (solved - loaded)),
    )


def _less(budget: Budget, seconds: float) -> Budget:
    if budget.seconds is None:
        return budget
    return replace(budget, seconds=budget.seconds - seconds)


def _with_travel(problem: VroomProblem, travel: "TravelEngine") -> VroomProblem:
    """Give the problem with the legs between its coordinates."""
    from datetime import date

    points = [Point(lat=lat, lon=lon) for lon, lat in problem.points]
    matrix = travel(points, date(2026, 1, 5), TravelMode.CAR)
    size = range(matrix.size)
    return with_matrix(
        problem,
        [[matrix.priced_s(here, there) for there in size] for here in size],
        [[matrix.metres(here, there) for there in size] for here in size],
    )


def _repaired(
    problem: VroomProblem,
    day: VroomDay,
    plan: VroomPlan,
    budget: Budget,
    seed: int,
    on_progress: OnProgress | None,
) -> tuple[VroomPlan, VroomProof]:
    """Give what VROOM's own rules still make of the strict plan, the loose one or the one given; and the loose proof."""
    candidates = [plan, given_plan(problem)]
    loose: Result | None = None
    if day.loose is not None:
        share = None if budget.seconds is None else budget.seconds * LOOSE_SHARE
        loose = solve_problem(
            day.loose,
            budget=replace(budget, seconds=share),
            start=start_of(problem),
            seed=seed,
            on_progress=on_progress,
        )
        candidates.append(vroom_plan(problem, loose.plan))
    left_s = 0.0 if budget.seconds is None else budget.seconds * (1 - STRICT_SHARE - LOOSE_SHARE)
    until = time.monotonic() + left_s

    def over() -> bool:
        return budget.seconds is not None and time.monotonic() > until

    whole = [filled(problem, one, rounds=0, seed=seed, over=lambda: False) for one in candidates]
    best = min(whole, key=lambda one: key_of(problem, one))
    rounds = 1_000_000 if budget.seconds is not None else FILL_ROUNDS
    best = filled(problem, best, rounds=rounds, seed=seed, over=over)
    return best, _proof(problem, day, loose, best)


def _proof(problem: VroomProblem, day: VroomDay, result: Result | None, plan: VroomPlan) -> VroomProof:
    """Give what the loose day's result proves of VROOM's problem; where there is none, what skills alone allow.

    The result's bound on cost is among plans that serve as much as its own does; where `plan` serves something else,
    or nothing is known, the bound is nought.
    """
    hopeful = [
        job
        for job in problem.jobs
        if any(vehicle.max_tasks != 0 and vehicle.may_take(job) for vehicle in problem.vehicles)
    ]
    served, priority, cost = len(hopeful), sum(job.priority for job in hopeful), 0
    if result is None or day.loose is None:
        return VroomProof(served_at_most=served, priority_at_most=priority, cost_at_least=cost)
    certificate = result.certificate
    if certificate.served_at_most is not None:
        served = min(served, certificate.served_at_most)
    if certificate.priority_at_most is not None:
        priority = min(priority, certificate.priority_at_most)
    by_id = {str(job.id): job.priority for job in problem.jobs}
    shown = [by_id[booking_id] for booking_id in result.plan.served()]
    told = [problem.jobs[number].priority for number in plan.served()]
    if (sum(shown), len(shown)) == (sum(told), len(told)):
        bound = result.cost.points if certificate.proven_best else certificate.cost_at_least_points
        cost = bound or 0
    return VroomProof(served_at_most=served, priority_at_most=priority, cost_at_least=cost)
