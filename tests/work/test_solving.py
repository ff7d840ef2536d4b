"""Solving what others hand in: VROOM's problems as VROOM means them, and ours."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.generate import vroom_day
from dispatch.errors import BadInput, Several
from dispatch.formats.vroom_day import day_of_vroom
from dispatch.formats.vroom_plan import VroomPlan, filled, is_allowed, key_of
from dispatch.formats.vroom_read import read_vroom
from dispatch.jobs.warm import tiny_problem
from dispatch.model.outcome import Budget
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table
from dispatch.work.solving import solve_problem, solve_vroom
from tests.formats.test_vroom_times import plan_of
from tests.formats.vroom_days import answer_of_vroom, small_problem

TRAVEL = engine(load_table())
FEW = Budget(rounds=12)


def figures(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Give what VROOM compares answers by, smaller is better."""
    summary = answer["summary"]
    return -summary["priority"], summary["unassigned"], summary["cost"]


def check_against_vroom(seed: int, document: dict[str, Any]) -> None:
    """Hold one answer to VROOM's: never worse, allowed by its rules, and certified truly."""
    theirs = answer_of_vroom(document)
    if theirs is None:
        return
    problem = read_vroom(document)
    answer = solve_vroom(problem, travel=TRAVEL, budget=FEW)
    plan = plan_of(problem, answer)
    # By hundredths: what is shown in whole seconds depends on where each leg begins.
    assert key_of(problem, plan) <= key_of(problem, plan_of(problem, theirs)), seed
    for vehicle, steps in zip(problem.vehicles, plan.routes, strict=True):
        assert is_allowed(problem, vehicle, steps), seed
    certificate = answer["summary"]["certificate"]
    for known in (theirs, answer):
        assert known["summary"]["priority"] <= certificate["priority_at_most"], seed
        assert len(problem.jobs) - known["summary"]["unassigned"] <= certificate["served_at_most"], seed
        if figures(known)[:2] == figures(answer)[:2]:
            assert known["summary"]["cost"] >= certificate["cost_at_least"], seed


@pytest.mark.parametrize("first", [0, 6, 12, 18])
def test_never_worse_than_vroom_and_certified_truly(first: int) -> None:
    """On small problems with everything honoured, VROOM at its highest level finds nothing better, and no bound is wrong."""
    for seed in range(first, first + 6):
        check_against_vroom(seed, small_problem(seed, speeds=seed % 3 != 0, breaks=seed % 2 == 0))


def test_larger_problems_too() -> None:
    """The same holds for problems of up to twelve jobs."""
    for seed in range(900, 905):
        check_against_vroom(seed, small_problem(seed, many=True))


def simple(**vehicle: Any) -> dict[str, Any]:
    """Give two jobs at places of their own and a vehicle: nothing of VROOM's that a day of ours could not say."""
    return {
        "jobs": [
            {"id": 1, "location_index": 1, "setup": 60, "service": 600, "time_windows": [[5000, 6000]]},
            {"id": 2, "location_index": 2, "service": 600},
        ],
        "vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 9000], **vehicle}],
        "matrices": {"car": {"durations": [[0, 601, 703], [601, 0, 307], [703, 307, 0]]}},
    }


def test_a_plain_problem_is_one_day() -> None:
    """Where VROOM's rules and ours do not differ, there is one day, and what is proven is proven of it."""
    day = day_of_vroom(read_vroom(simple()))
    assert day.loose is day.strict
    assert day.strict.bookings[0].duration_s == 660


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["jobs"][1].update(location_index=1),
        lambda document: document["vehicles"][0].update(speed_factor=1.3),
        lambda document: document["vehicles"][0].update(
            breaks=[{"id": 1, "service": 60, "time_windows": [[800, 900]]}]
        ),
    ],
    ids=["place", "speed", "break"],
)
def test_what_only_vroom_can_say_makes_two_days(change: Callable[[dict[str, Any]], None]) -> None:
    """A shared place with set-up, a fractional leg or a break is planned strictly and proven loosely."""
    document = simple()
    change(document)
    day = day_of_vroom(read_vroom(document))
    assert day.loose is not None
    assert day.loose is not day.strict


def test_a_starting_plan_is_never_made_worse() -> None:
    """Given steps that VROOM's rules allow, the answer is at least as good, without any round of search."""
    for seed in range(600, 608):
        document = small_problem(seed)
        theirs = answer_of_vroom(document)
        if theirs is None:
            continue
        for route in theirs["routes"]:
            vehicle = next(one for one in document["vehicles"] if one["id"] == route["vehicle"])
            vehicle["steps"] = [
                {"type": step["type"]} | ({"id": step["id"]} if "id" in step else {}) for step in route["steps"]
            ]
        problem = read_vroom(document)
        answer = solve_vroom(problem, travel=TRAVEL, budget=Budget(rounds=0))
        assert key_of(problem, plan_of(problem, answer)) <= key_of(problem, plan_of(problem, theirs)), seed


def test_timestamps_are_times_like_any_other() -> None:
    """A problem moved to another day has the same plan, moved."""
    document, moved = simple(), simple(time_window=[1_700_000_000, 1_700_009_000])
    moved["jobs"][0]["time_windows"] = [[1_700_005_000, 1_700_006_000]]
    answers = [solve_vroom(read_vroom(one), travel=TRAVEL, budget=FEW) for one in (document, moved)]
    arrivals = [[step["arrival"] for step in answer["routes"][0]["steps"]] for answer in answers]
    assert arrivals[1] == [arrival + 1_700_000_000 for arrival in arrivals[0]]


def test_too_long_a_time_is_refused() -> None:
    """Windows of vehicles that span more than two days are refused with the hours."""
    with pytest.raises(BadInput, match=r"vroom\.horizon"):
        day_of_vroom(read_vroom(simple(time_window=[0, 200_000])))


def test_without_an_end_nothing_is_proven_beyond_skills() -> None:
    """Where routes might last longer than what is planned, the certificate counts who may come, and no more."""
    document = simple()
    del document["vehicles"][0]["time_window"]
    document["jobs"] += [
        {"id": 3, "location_index": 1, "service": 200_000},
        {"id": 4, "location_index": 1, "skills": [9]},
    ]
    answer = solve_vroom(read_vroom(document), travel=TRAVEL, budget=FEW)
    certificate = answer["summary"]["certificate"]
    assert (certificate["served_at_most"], certificate["proven_best"]) == (3, False)
    assert [job["id"] for job in answer["unassigned"]] == [4]


def test_coordinates_are_travelled_by_our_table() -> None:
    """Without a matrix, legs take a car's midday seconds and metres, and the answer names the coordinates."""
    document = {
        "jobs": [{"id": 1, "location": [101.7116, 3.1579], "service": 3600}],
        "vehicles": [{"id": 1, "start": [101.6405, 3.1098], "end": [101.6405, 3.1098], "time_window": [0, 80_000]}],
    }
    answer = solve_vroom(read_vroom(document), travel=TRAVEL, budget=FEW)
    (route,) = answer["routes"]
    assert [step["location"] for step in route["steps"]] == [[101.6405, 3.1098], [101.7116, 3.1579], [101.6405, 3.1098]]
    assert route["distance"] == 2 * route["steps"][1]["distance"] > 20_000
    assert route["cost"] == 2 * route["steps"][1]["duration"] > 1_200


def test_the_same_problem_gives_the_same_answer() -> None:
    """With counted rounds, everything but the computing times is the same twice."""
    answers = [solve_vroom(read_vroom(small_problem(8, many=True)), travel=TRAVEL, budget=FEW, seed=3) for _ in "ab"]
    for answer in answers:
        del answer["summary"]["computing_times"]
    assert answers[0] == answers[1]


def test_jobs_left_out_are_put_in_where_vroom_allows() -> None:
    """An empty plan is filled by VROOM's own rules until nothing fits, and never gets worse."""
    for seed in range(20):
        problem = read_vroom(small_problem(seed))
        nothing = VroomPlan(routes=tuple(() for _ in problem.vehicles))
        plan = filled(problem, nothing, rounds=0, seed=seed, over=lambda: False)
        assert key_of(problem, plan) <= key_of(problem, nothing)
        better = filled(problem, plan, rounds=20, seed=seed, over=lambda: False)
        assert key_of(problem, better) <= key_of(problem, plan)
        for vehicle, steps in zip(problem.vehicles, better.routes, strict=True):
            assert is_allowed(problem, vehicle, steps)


def test_threads_change_no_plan() -> None:
    """A count of rounds gives the same answer whatever the number of threads."""
    day = vroom_day(5, bookings=24, therapists=14)
    one, two = (
        solve_problem(day_of_vroom(read_vroom(day)).strict, budget=Budget(rounds=40, threads=threads), seed=4)
        for threads in (1, 2)
    )
    assert one == two


def test_a_wrong_problem_is_refused_whole() -> None:
    """All that is wrong in a problem of ours is told at once."""
    problem = tiny_problem()
    with pytest.raises(Several):
        solve_problem(replace(problem, therapists=(replace(problem.therapists[0], start_location=None),)), budget=FEW)
