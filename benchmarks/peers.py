"""The solvers we are measured against, each given the same VROOM problem and the same wall time.

Every answer is only a list of jobs for each vehicle: times and figures are then counted alike for all, by VROOM's rules.
All vehicles here start and end at one place each, and their days have no breaks.
"""

import json
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from dispatch.formats.vroom import VroomProblem, VroomVehicle
from dispatch.formats.vroom_read import read_vroom
from dispatch.model.outcome import Budget

Routes = list[list[int]]
"""For each vehicle the numbers of its jobs, in order."""

FAR = 10**7
"""Seconds and cost of a leg that must not be driven."""


def aims(problem: VroomProblem) -> list[int]:
    """Give what leaving each job out costs where a solver takes one sum only: priority, then count, then travel.

    A job outweighs any travel it could save (twice the longest leg and back), a unit of priority two jobs. That keeps
    the order of the aims on all but contrived days, and the figures small enough for the solvers' own scaling.
    """
    job = 4 * max(map(max, problem.durations_s))
    return [job * (1 + 2 * one.priority) for one in problem.jobs]


def vroom(document: dict[str, Any], seconds: float, seed: int, threads: int) -> Routes:
    """Solve with VROOM at its highest exploration level; it ends when it is done, or at the time."""
    import vroom as peer

    del seed  # VROOM has none
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        problem = peer.Input.from_json(path, geometry=False)
    answer = problem.solve(5, threads, timeout=timedelta(seconds=seconds)).to_dict()
    numbers = {job["id"]: number for number, job in enumerate(document["jobs"])}
    found = {
        route["vehicle"]: [numbers[step["id"]] for step in route["steps"] if step["type"] == "job"]
        for route in answer["routes"]
    }
    return [found.get(vehicle["id"], []) for vehicle in document["vehicles"]]


def pyvrp(document: dict[str, Any], seconds: float, seed: int, threads: int) -> Routes:
    """Solve with PyVRP: optional clients by prizes, skills by a profile for each set of them, on one thread."""
    import numpy as np
    import pyvrp as peer
    from pyvrp.stop import MaxRuntime

    del threads
    problem = read_vroom(document)
    legs = np.array(problem.durations_s, np.int64)
    skills = sorted({tuple(sorted(vehicle.skills)) for vehicle in problem.vehicles})
    matrices = []
    for known in skills:
        matrix = legs.copy()
        for job in problem.jobs:
            if not job.skills <= set(known):
                matrix[:, job.place] = FAR
                matrix[job.place, job.place] = 0
        matrices.append(matrix)
    data = peer.ProblemData(
        locations=[peer.Location(0, 0) for _ in range(len(legs))],
        clients=[
            peer.Client(
                location=job.place,
                service_duration=job.set_up_s + job.service_s,
                tw_early=job.windows[0].start_s,
                tw_late=job.windows[0].end_s,
                prize=prize,
                required=False,
            )
            for job, prize in zip(problem.jobs, aims(problem), strict=True)
        ],
        depots=[peer.Depot(location=_place(vehicle)) for vehicle in problem.vehicles],
        vehicle_types=[
            peer.VehicleType(
                start_depot=number,
                end_depot=number,
                tw_early=_window(vehicle)[0],
                tw_late=_window(vehicle)[1],
                profile=skills.index(tuple(sorted(vehicle.skills))),
            )
            for number, vehicle in enumerate(problem.vehicles)
        ],
        distance_matrices=matrices,
        duration_matrices=matrices,
    )
    best = peer.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False, display=False).best
    routes: Routes = [[] for _ in problem.vehicles]
    for route in best.routes():
        routes[route.vehicle_type()] = [one.idx for one in route if one.is_client()]
    return routes


def ortools(document: dict[str, Any], seconds: float, seed: int, threads: int) -> Routes:
    """Solve with OR-Tools' routing search: cheapest insertion first, then guided local search, on one thread."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    del seed, threads
    problem = read_vroom(document)
    vehicles, count = problem.vehicles, len(problem.jobs)
    places = [job.place for job in problem.jobs] + [_place(vehicle) for vehicle in vehicles]
    ends = [count + number for number in range(len(vehicles))]
    manager = pywrapcp.RoutingIndexManager(len(places), len(vehicles), ends, ends)
    model = pywrapcp.RoutingModel(manager)
    work = [job.set_up_s + job.service_s for job in problem.jobs] + [0] * len(vehicles)

    def leg(origin: int, destination: int) -> int:
        here, there = manager.IndexToNode(origin), manager.IndexToNode(destination)
        return problem.durations_s[places[here]][places[there]]

    def leg_and_work(origin: int, destination: int) -> int:
        return leg(origin, destination) + work[manager.IndexToNode(origin)]

    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitCallback(leg))
    model.AddDimension(model.RegisterTransitCallback(leg_and_work), 86_400, 172_800, False, "time")
    time = model.GetDimensionOrDie("time")
    for number, vehicle in enumerate(vehicles):
        opens, closes = _window(vehicle)
        time.CumulVar(model.Start(number)).SetRange(opens, closes)
        time.CumulVar(model.End(number)).SetRange(opens, closes)
    for number, (job, prize) in enumerate(zip(problem.jobs, aims(problem), strict=True)):
        index = manager.NodeToIndex(number)
        time.CumulVar(index).SetRange(job.windows[0].start_s, job.windows[0].end_s)
        allowed = [v for v, vehicle in enumerate(vehicles) if vehicle.may_take(job)]
        # SetAllowedVehiclesForIndex does not hold in this release's Python; the variable itself does.
        model.VehicleVar(index).SetValues([-1, *allowed])
        model.AddDisjunction([index], prize)
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    options.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    options.time_limit.FromMilliseconds(round(1000 * seconds))
    found = model.SolveWithParameters(options)
    routes: Routes = []
    for number in range(len(vehicles)):
        route, index = [], model.Start(number)
        while found and not model.IsEnd(index := found.Value(model.NextVar(index))):
            route.append(manager.IndexToNode(index))
        routes.append(route)
    return routes


def laluan(document: dict[str, Any], seconds: float, seed: int, threads: int) -> tuple[Routes, dict[str, Any]]:
    """Solve with ours, through the door for others; gives the certificate as well."""
    from dispatch.travel.great_circle import engine
    from dispatch.travel.table import load_table
    from dispatch.work.solving import solve_vroom

    answer = solve_vroom(
        read_vroom(document),
        travel=engine(load_table()),
        budget=Budget(seconds=seconds, threads=threads),
        seed=seed,
    )
    numbers = {job["id"]: number for number, job in enumerate(document["jobs"])}
    found = {
        route["vehicle"]: [numbers[step["id"]] for step in route["steps"] if step["type"] == "job"]
        for route in answer["routes"]
    }
    certificate: dict[str, Any] = answer["summary"]["certificate"]
    return [found.get(vehicle["id"], []) for vehicle in document["vehicles"]], certificate


PEERS: dict[str, Callable[[dict[str, Any], float, int, int], Routes]] = {
    "VROOM -x5": vroom,
    "PyVRP": pyvrp,
    "OR-Tools GLS": ortools,
}

SEEDLESS = ("VROOM -x5", "OR-Tools GLS")
"""Solvers that take no seed: asked again they answer the same, but for the clock."""


def _place(vehicle: VroomVehicle) -> int:
    assert vehicle.start is not None
    assert vehicle.start == vehicle.end
    return vehicle.start


def _window(vehicle: VroomVehicle) -> tuple[int, int]:
    assert vehicle.window is not None
    return vehicle.window.start_s, vehicle.window.end_s
