"""Times by VROOM's rules, held against VROOM itself on problems drawn from seeds."""

from typing import Any

import pytest

from dispatch.formats.vroom import VroomProblem, VroomStep
from dispatch.formats.vroom_plan import VroomPlan, is_allowed, key_of
from dispatch.formats.vroom_read import read_vroom
from dispatch.formats.vroom_times import route_moments
from dispatch.formats.vroom_write import VroomProof, answer_of
from tests.formats.vroom_days import answer_of_vroom, small_problem

NOTHING = VroomProof(served_at_most=0, priority_at_most=0, cost_at_least=0)


def plan_of(problem: VroomProblem, answer: dict[str, Any]) -> VroomPlan:
    """Give VROOM's answer as a plan."""
    jobs = {job.id: number for number, job in enumerate(problem.jobs)}
    routes = {route["vehicle"]: route["steps"] for route in answer["routes"]}
    plan = []
    for vehicle in problem.vehicles:
        breaks = {pause.id: number for number, pause in enumerate(vehicle.breaks)}
        plan.append(
            tuple(
                VroomStep(is_break=True, number=breaks[step["id"]])
                if step["type"] == "break"
                else VroomStep(is_break=False, number=jobs[step["id"]])
                for step in routes.get(vehicle.id, [])
                if step["type"] in {"job", "break"}
            )
        )
    return VroomPlan(routes=tuple(plan))


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_the_same_plan_is_told_as_vroom_tells_it(first: int) -> None:
    """For the plan VROOM chose, our answer equals VROOM's: every time, length, cost, distance, place and description."""
    for seed in range(first, first + 50):
        document = small_problem(seed)
        theirs = answer_of_vroom(document)
        if theirs is None:
            continue
        problem = read_vroom(document)
        plan = plan_of(problem, theirs)
        for vehicle, steps in zip(problem.vehicles, plan.routes, strict=True):
            assert is_allowed(problem, vehicle, steps), seed
        ours = answer_of(problem, plan, NOTHING, loading_ms=0, solving_ms=0)
        del ours["summary"]["certificate"], ours["summary"]["computing_times"], theirs["summary"]["computing_times"]
        for answer in (ours, theirs):
            answer["routes"].sort(key=lambda route: route["vehicle"])
            answer["unassigned"].sort(key=lambda job: job["id"])
        assert ours == theirs, seed


def day(**vehicle: Any) -> VroomProblem:
    """Give two places ten minutes apart, two jobs at the far one and a vehicle at the near one."""
    return read_vroom(
        {
            "jobs": [
                {"id": 1, "location_index": 1, "setup": 60, "service": 100, "time_windows": [[900, 1000]]},
                {"id": 2, "location_index": 1, "setup": 60, "service": 100},
            ],
            "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, **vehicle}],
            "matrices": {"car": {"durations": [[0, 600], [600, 0]]}},
        }
    )


FIRST, SECOND = VroomStep(is_break=False, number=0), VroomStep(is_break=False, number=1)
PAUSE = VroomStep(is_break=True, number=0)


def test_a_window_binds_before_set_up_and_set_up_falls_away_at_the_same_place() -> None:
    """Service of the first job starts at the window's opening plus set-up; the second job needs none."""
    problem = day()
    times = route_moments(problem, problem.vehicles[0], (FIRST, SECOND))
    assert times is not None
    assert [(one.arrive, one.wait, one.set_up) for one in times.moments] == [(90_000, 0, 6_000), (106_000, 0, 0)]
    assert times.start == 30_000


def test_a_break_interrupts_a_drive() -> None:
    """What was driven before a break is not driven again after it."""
    problem = day(time_window=[500, 4000], breaks=[{"id": 1, "time_windows": [[700, 700]], "service": 200}])
    times = route_moments(problem, problem.vehicles[0], (PAUSE, SECOND))
    assert times is not None
    assert [(one.drive, one.arrive) for one in times.moments] == [(20_000, 70_000), (40_000, 130_000)]


def test_a_speed_factor_scales_in_whole_per_cent() -> None:
    """A factor of 1.3 makes a leg 77 per cent of the matrix, to the hundredth of a second."""
    problem = day(speed_factor=1.3)
    times = route_moments(problem, problem.vehicles[0], (SECOND,))
    assert times is not None
    assert times.drive == 2 * 600 * 77


def test_what_vroom_forbids_is_forbidden() -> None:
    """A missed window, the vehicle's end, a task too many, too long a drive and a break left out are all refused."""
    assert not is_allowed(day(time_window=[500, 9000]), day(time_window=[500, 9000]).vehicles[0], (FIRST,))
    for vehicle in (
        {"time_window": [0, 1600]},
        {"max_tasks": 1},
        {"max_travel_time": 1199},
        {"breaks": [{"id": 1, "service": 10}]},
    ):
        problem = day(**vehicle)
        assert not is_allowed(problem, problem.vehicles[0], (FIRST, SECOND)), vehicle
    assert is_allowed(day(), day().vehicles[0], (FIRST, SECOND))


def test_plans_are_ranked_as_vroom_ranks_them() -> None:
    """Priority comes first, then the number of jobs, then driving."""
    problem = day()
    nobody, one = VroomPlan(routes=((),)), VroomPlan(routes=((SECOND,),))
    assert key_of(problem, nobody) == (0, 2, 0)
    assert key_of(problem, one) == (0, 1, 120_000)
    assert key_of(problem, one) < key_of(problem, nobody)
