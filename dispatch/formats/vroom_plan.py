"""Our plans as VROOM's routes and back, and jobs put into routes as VROOM's own rules allow.

`filled` repairs what the strict day was too strict about: jobs left out find a place where a set-up falls away or a
break interrupts a drive; then it takes a few out at random and puts them back, and keeps what is better (ruin and
recreate, Schrimpf et al. 2000).
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.formats.vroom import VroomProblem, VroomStep, VroomVehicle
from dispatch.formats.vroom_times import keeps_limits, route_drive, route_moments
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop, booking_of, visit_id

Steps = tuple[VroomStep, ...]
RUINED = 4
"""As many jobs are taken out at once."""

MOST_WAYS = 400
"""As many ways to put the breaks are tried for one order of jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomPlan:
    """The steps of each vehicle, in the order of the problem's vehicles; empty where it stays at home."""

    routes: tuple[Steps, ...]

    def served(self) -> frozenset[int]:
        """Give the numbers of the jobs in it."""
        return frozenset(step.number for steps in self.routes for step in steps if not step.is_break)


def key_of(problem: VroomProblem, plan: VroomPlan) -> tuple[int, int, int]:
    """Give what VROOM compares plans by, smaller is better: priority and jobs left out, then driving."""
    served = plan.served()
    left_out = [job for number, job in enumerate(problem.jobs) if number not in served]
    drive = sum(
        route_drive(problem, vehicle, steps) for vehicle, steps in zip(problem.vehicles, plan.routes, strict=True)
    )
    return sum(job.priority for job in left_out), len(left_out), drive


def is_allowed(problem: VroomProblem, vehicle: VroomVehicle, steps: Sequence[VroomStep]) -> bool:
    """Tell whether VROOM's rules allow a vehicle these steps in this order."""
    return keeps_limits(problem, vehicle, steps) and route_moments(problem, vehicle, steps) is not None


def start_of(problem: VroomProblem) -> Plan | None:
    """Give the vehicles' `steps` as a plan of ours to begin with, None where there are none."""
    routes = tuple(
        Route(
            therapist_id=str(vehicle.id),
            stops=tuple(
                Stop(kind=StopKind.BREAK, id=str(step.number))
                if step.is_break
                else Stop(kind=StopKind.VISIT, id=visit_id(str(problem.jobs[step.number].id), 0))
                for step in vehicle.steps
            ),
        )
        for vehicle in problem.vehicles
        if vehicle.steps
    )
    return Plan(routes=routes) if routes else None


def given_plan(problem: VroomProblem) -> VroomPlan:
    """Give the vehicles' own `steps`, those that VROOM's rules allow; the others stay empty."""
    return VroomPlan(
        routes=tuple(
            vehicle.steps if vehicle.steps and is_allowed(problem, vehicle, vehicle.steps) else ()
            for vehicle in problem.vehicles
        )
    )


def vroom_plan(problem: VroomProblem, plan: Plan) -> VroomPlan:
    """Give a plan of ours as routes that VROOM's rules allow; jobs of a route they do not allow find another place."""
    numbers = {job.id: number for number, job in enumerate(problem.jobs)}
    routes: list[Steps] = []
    for vehicle in problem.vehicles:
        steps = tuple(_step(stop, numbers) for stop in plan.route_of(str(vehicle.id)).stops)
        jobs = [step for step in steps if not step.is_break]
        if not is_allowed(problem, vehicle, steps):
            steps = ()
            for job in jobs:
                steps = _inserted(problem, vehicle, steps, job) or steps
        routes.append(steps if any(not step.is_break for step in steps) else ())
    return VroomPlan(routes=tuple(routes))


def _step(stop: Stop, numbers: Mapping[int, int]) -> VroomStep:
    if stop.kind is StopKind.BREAK:
        return VroomStep(is_break=True, number=int(stop.id))
    return VroomStep(is_break=False, number=numbers[int(booking_of(stop.id)[0])])


def filled(problem: VroomProblem, plan: VroomPlan, *, rounds: int, seed: int, over: Callable[[], bool]) -> VroomPlan:
    """Give the plan with whatever still fits put in, and then improved for some rounds; never a worse one."""
    rng = random.Random(seed)
    everything = range(len(problem.jobs))
    waiting = sorted(set(everything) - plan.served(), key=lambda number: -problem.jobs[number].priority)
    best = _put_in(problem, plan, waiting, over)
    best_key = key_of(problem, best)
    for _ in range(rounds):
        if over():
            break
        served = sorted(best.served())
        out = set(rng.sample(served, min(len(served), rng.randint(1, RUINED))))
        order = [number for number in everything if number not in set(served) - out]
        rng.shuffle(order)
        trial = _put_in(problem, _without(best, out), order, over)
        key = key_of(problem, trial)
        if key < best_key:
            best, best_key = trial, key
    return best


def _without(plan: VroomPlan, out: set[int]) -> VroomPlan:
    """Give the plan without some jobs; a route without jobs has no breaks either."""
    routes: list[Steps] = []
    for steps in plan.routes:
        left = tuple(step for step in steps if step.is_break or step.number not in out)
        routes.append(left if any(not step.is_break for step in left) else ())
    return VroomPlan(routes=tuple(routes))


def _put_in(problem: VroomProblem, plan: VroomPlan, numbers: Sequence[int], over: Callable[[], bool]) -> VroomPlan:
    """Put jobs, one after the other, where they add least driving; those without a place stay out."""
    routes = list(plan.routes)
    for number in numbers:
        if over():
            break
        step = VroomStep(is_break=False, number=number)
        best: tuple[int, int, Steps] | None = None
        for v, vehicle in enumerate(problem.vehicles):
            if not vehicle.may_take(problem.jobs[number]):
                continue
            steps = _inserted(problem, vehicle, routes[v], step)
            if steps is None:
                continue
            added = route_drive(problem, vehicle, steps) - route_drive(problem, vehicle, routes[v])
            if best is None or added < best[0]:
                best = added, v, steps
        if best is not None:
            routes[best[1]] = best[2]
    return VroomPlan(routes=tuple(routes))


def _inserted(problem: VroomProblem, vehicle: VroomVehicle, steps: Steps, job: VroomStep) -> Steps | None:
    """Give the steps with a job where it adds least driving, breaks moved aside if need be; None where it must not be.

    An empty route first gets its breaks. Each break may change its place against the jobs.
    """
    jobs = tuple(step for step in steps if not step.is_break)
    breaks = tuple(step for step in steps if step.is_break) or _breaks_in_order(vehicle)
    places = [problem.jobs[step.number].place for step in jobs]
    ways = sorted((route_drive(problem, vehicle, (*jobs[:at], job, *jobs[at:])), at) for at in range(len(places) + 1))
    for _, at in ways:
        longer = (*jobs[:at], job, *jobs[at:])
        for trial in _with_breaks(longer, breaks)[:MOST_WAYS]:
            if is_allowed(problem, vehicle, trial):
                return trial
    return None


def _breaks_in_order(vehicle: VroomVehicle) -> Steps:
    """Give a vehicle's breaks by the end of their windows."""
    ends = [one.windows[-1].end_s if one.windows else 1 << 40 for one in vehicle.breaks]
    return tuple(VroomStep(is_break=True, number=n) for n in sorted(range(len(ends)), key=lambda n: ends[n]))


def _with_breaks(jobs: Steps, breaks: Steps) -> list[Steps]:
    """Give every way to put the breaks, in their order, between the jobs."""
    ways: list[tuple[int, Steps]] = [(0, jobs)]
    for pause in breaks:
        ways = [
            (at + 1, (*steps[:at], pause, *steps[at:]))
            for least, steps in ways[:MOST_WAYS]
            for at in range(least, len(steps) + 1)
        ]
    return [steps for _, steps in ways]
