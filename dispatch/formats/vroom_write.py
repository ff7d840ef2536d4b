"""Writes a plan as VROOM's documented answer, with its times, and what is proven as `summary.certificate`.

Hundredths of a second become seconds as VROOM makes them: moments are rounded down, lengths are differences of moments,
and a route costs the seconds it drives.
"""

from dataclasses import dataclass
from typing import Any

from dispatch.errors import LaluanError
from dispatch.formats.vroom import HUNDREDTHS, Point, VroomJob, VroomProblem, VroomVehicle
from dispatch.formats.vroom_plan import Steps, VroomPlan
from dispatch.formats.vroom_times import route_moments
from dispatch.words import sentence

INPUT_ERROR = 2

SUMS = ("cost", "setup", "service", "duration", "waiting_time", "priority", "distance")


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomProof:
    """What no plan VROOM's rules allow exceeds, in VROOM's own units; `cost_at_least` is among plans that serve as much."""

    served_at_most: int
    priority_at_most: int
    cost_at_least: int


def error_answer(error: LaluanError) -> dict[str, Any]:
    """Give VROOM's envelope for a problem that was refused."""
    return {"code": INPUT_ERROR, "error": sentence(error.code, error.values)}


def answer_of(
    problem: VroomProblem, plan: VroomPlan, proof: VroomProof, *, loading_ms: int, solving_ms: int
) -> dict[str, Any]:
    """Give VROOM's answer to a problem: the summary with the certificate, the routes, the jobs left out."""
    routes = [
        _route(problem, vehicle, steps)
        for vehicle, steps in zip(problem.vehicles, plan.routes, strict=True)
        if any(not step.is_break for step in steps)
    ]
    served = plan.served()
    sums = {key: sum(route[key] for route in routes) for key in SUMS if key != "distance" or problem.distances_m}
    proven = (
        sums["priority"] == proof.priority_at_most
        and len(served) == proof.served_at_most
        and sums["cost"] <= proof.cost_at_least
    )
    summary = {
        "cost": sums.pop("cost"),
        "routes": len(routes),
        "unassigned": len(problem.jobs) - len(served),
        **sums,
        "violations": [],
        "computing_times": {"loading": loading_ms, "solving": solving_ms, "routing": 0},
        "certificate": {
            "served_at_most": proof.served_at_most,
            "priority_at_most": proof.priority_at_most,
            "cost_at_least": proof.cost_at_least,
            "proven_best": proven,
        },
    }
    unassigned = [
        {"id": job.id, **_place(job.point, job.index), "type": "job", **_described(job.description)}
        for number, job in enumerate(problem.jobs)
        if number not in served
    ]
    return {"code": 0, "summary": summary, "unassigned": unassigned, "routes": routes}


def _place(point: Point | None, index: int | None) -> dict[str, Any]:
    """Give a location the way it was given."""
    return {
        **({} if point is None else {"location": list(point)}),
        **({} if index is None else {"location_index": index}),
    }


def _described(description: str | None) -> dict[str, str]:
    return {"description": description} if description else {}


def _ends(vehicle: VroomVehicle, jobs: list[VroomJob]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give where a route begins and ends: the vehicle's places, or its first and last job's."""
    start = _place(vehicle.start_point, vehicle.start_index)
    end = _place(vehicle.end_point, vehicle.end_index)
    return (
        start if vehicle.start is not None else _place(jobs[0].point, jobs[0].index),
        end if vehicle.end is not None else _place(jobs[-1].point, jobs[-1].index),
    )


def _route(problem: VroomProblem, vehicle: VroomVehicle, steps: Steps) -> dict[str, Any]:
    """Give one vehicle's route with its steps; `duration` and `distance` of a step count from the start."""
    times = route_moments(problem, vehicle, steps)
    assert times is not None, "only routes that VROOM's rules allow are told"
    jobs = [problem.jobs[step.number] for step in steps if not step.is_break]
    here, there = _ends(vehicle, jobs)
    begin_s = times.start // HUNDREDTHS
    told: list[dict[str, Any]] = [{"type": "start", **here, **_figures(begin_s)}]
    duration_s, free_s = 0, begin_s
    for moment in times.moments:
        arrive_s = moment.arrive // HUNDREDTHS
        duration_s += arrive_s - free_s
        free_s = moment.free // HUNDREDTHS
        figures = _figures(
            arrive_s,
            duration_s=duration_s,
            set_up_s=moment.set_up // HUNDREDTHS,
            service_s=moment.service // HUNDREDTHS,
            wait_s=(moment.arrive + moment.wait) // HUNDREDTHS - arrive_s,
        )
        if moment.step.is_break:
            pause = vehicle.breaks[moment.step.number]
            told.append({"type": "break", **_described(pause.description), "id": pause.id, **figures})
        else:
            job = problem.jobs[moment.step.number]
            place = _place(job.point, job.index)
            told.append({"type": "job", **_described(job.description), **place, "id": job.id, "job": job.id, **figures})
    duration_s += times.end // HUNDREDTHS - free_s
    told.append({"type": "end", **there, **_figures(times.end // HUNDREDTHS, duration_s=duration_s)})
    route: dict[str, Any] = {
        "vehicle": vehicle.id,
        "cost": duration_s,
        **_described(vehicle.description),
        "setup": sum(step["setup"] for step in told),
        "service": sum(step["service"] for step in told),
        "duration": duration_s,
        "waiting_time": sum(step["waiting_time"] for step in told),
        "priority": sum(job.priority for job in jobs),
    }
    if problem.distances_m:
        _add_distances(problem, vehicle, steps, told)
        route["distance"] = told[-1]["distance"]
    return {**route, "steps": told, "violations": []}


def _figures(
    arrive_s: int, *, duration_s: int = 0, set_up_s: int = 0, service_s: int = 0, wait_s: int = 0
) -> dict[str, Any]:
    return {
        "setup": set_up_s,
        "service": service_s,
        "waiting_time": wait_s,
        "arrival": arrive_s,
        "duration": duration_s,
        "violations": [],
    }


def _add_distances(problem: VroomProblem, vehicle: VroomVehicle, steps: Steps, told: list[dict[str, Any]]) -> None:
    """Add the metres from the start on to each step; a break on the way lies as far along the leg as was driven.

    VROOM rounds the share of each piece before a break, of whole seconds; what is left of the leg leads to its job.
    """
    at, metres, along_m = vehicle.start, 0, 0
    told[0]["distance"] = 0
    for n, step in enumerate(steps):
        following = next((problem.jobs[one.number].place for one in steps[n:] if not one.is_break), vehicle.end)
        leg_m = leg_s = 0
        if at is not None and following is not None:
            leg_m = problem.distances_m[at][following]
            leg_s = problem.leg_hundredths(vehicle, at, following) // HUNDREDTHS
        if step.is_break:
            driven_s = told[n + 1]["duration"] - told[n]["duration"]
            along_m += (2 * leg_m * driven_s + leg_s) // (2 * leg_s) if leg_s else 0
            told[n + 1]["distance"] = metres + along_m
        else:
            metres, at, along_m = metres + leg_m, following, 0
            told[n + 1]["distance"] = metres
    last_m = 0 if vehicle.end is None or at is None else problem.distances_m[at][vehicle.end]
    told[-1]["distance"] = metres + last_m
