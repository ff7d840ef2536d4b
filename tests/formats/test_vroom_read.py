"""Reading VROOM's JSON: all that is honoured is read, everything else is refused by its name."""

from copy import deepcopy
from typing import Any

import pytest

from dispatch.errors import BadInput
from dispatch.formats.vroom import VroomSpan, VroomStep, is_vroom
from dispatch.formats.vroom_read import read_vroom, with_matrix
from dispatch.words import sentence

WHOLE: dict[str, Any] = {
    "jobs": [
        {
            "id": 11,
            "description": "knee",
            "location": [101.7, 3.1],
            "location_index": 1,
            "setup": 60,
            "service": 3600,
            "skills": [2, 1],
            "priority": 7,
            "time_windows": [[100, 200], [400, 500]],
        },
        {"id": 12, "location_index": 0},
    ],
    "vehicles": [
        {
            "id": 1,
            "profile": "car",
            "description": "Aina",
            "start": [101.6, 3.0],
            "start_index": 0,
            "end_index": 1,
            "skills": [1, 2, 3],
            "time_window": [0, 9000],
            "breaks": [{"id": 5, "time_windows": [[50, 60]], "service": 30, "description": "tea"}],
            "speed_factor": 1.3,
            "max_tasks": 4,
            "max_travel_time": 700,
            "steps": [
                {"type": "start"},
                {"type": "break", "id": 5},
                {"type": "job", "id": 12},
                {"type": "end"},
            ],
        }
    ],
    "matrices": {"car": {"durations": [[0, 10], [11, 0]], "distances": [[0, 5], [6, 0]]}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Give the whole problem with one value put in, by a path of keys and numbers."""
    document = deepcopy(WHOLE)
    at: Any = document
    *keys, last = path.split(".")
    for key in keys:
        at = at[int(key)] if isinstance(at, list) else at[key]
    at[int(last) if isinstance(at, list) else last] = value
    return document


def without(path: str) -> dict[str, Any]:
    """Give the whole problem without one key."""
    document = changed(path, None)
    at: Any = document
    *keys, last = path.split(".")
    for key in keys:
        at = at[int(key)] if isinstance(at, list) else at[key]
    del at[last]
    return document


def test_all_that_is_honoured_is_read() -> None:
    """Every documented field that is honoured stands in the nouns as it was written."""
    problem = read_vroom(WHOLE)
    job, plain = problem.jobs
    assert (job.id, job.place, job.index, job.point, job.set_up_s, job.service_s) == (11, 1, 1, (101.7, 3.1), 60, 3600)
    assert (job.skills, job.priority, job.description) == (frozenset({1, 2}), 7, "knee")
    assert job.windows == (VroomSpan(start_s=100, end_s=200), VroomSpan(start_s=400, end_s=500))
    assert (plain.service_s, plain.priority, plain.windows) == (0, 0, ())
    vehicle = problem.vehicles[0]
    assert (vehicle.start, vehicle.end, vehicle.start_point, vehicle.end_point) == (0, 1, (101.6, 3.0), None)
    assert (vehicle.factor, vehicle.max_tasks, vehicle.max_travel_s) == (77, 4, 700)
    assert vehicle.window == VroomSpan(start_s=0, end_s=9000)
    assert vehicle.breaks[0].windows == (VroomSpan(start_s=50, end_s=60),)
    assert vehicle.steps == (VroomStep(is_break=True, number=0), VroomStep(is_break=False, number=1))
    assert (problem.durations_s, problem.distances_m) == (((0, 10), (11, 0)), ((0, 5), (6, 0)))


def test_coordinates_alone_become_places() -> None:
    """Without a matrix the same coordinates are one place, and legs can be added in the places' order."""
    problem = read_vroom(
        {
            "jobs": [{"id": 1, "location": [101.7, 3.1]}, {"id": 2, "location": [101.7, 3.1]}],
            "vehicles": [{"id": 1, "start": [101.6, 3.0], "end": [101.7, 3.1]}],
        }
    )
    assert problem.points == ((101.7, 3.1), (101.6, 3.0))
    assert [job.place for job in problem.jobs] == [0, 0]
    assert (problem.vehicles[0].start, problem.vehicles[0].end) == (1, 0)
    ready = with_matrix(problem, [[0, 3], [4, 0]], [[0, 30], [40, 0]])
    assert (ready.points, ready.durations_s) == ((), ((0, 3), (4, 0)))


REFUSED: tuple[tuple[str, Any, str, str], ...] = (
    ("shipments", [{"pickup": {}}], "vroom.refused", "shipments"),
    ("options", {"g": True}, "vroom.refused", "options"),
    ("jobs.0.delivery", [1], "vroom.refused", "delivery"),
    ("jobs.0.pickup", [1], "vroom.refused", "pickup"),
    ("jobs.0.amount", [1], "vroom.refused", "amount"),
    ("jobs.0.setup_per_type", {"a": 1}, "vroom.refused", "setup_per_type"),
    ("vehicles.0.capacity", [4], "vroom.refused", "capacity"),
    ("vehicles.0.costs", {"fixed": 3}, "vroom.refused", "costs"),
    ("vehicles.0.max_distance", 9, "vroom.refused", "max_distance"),
    ("vehicles.0.breaks.0.max_load", [1], "vroom.refused", "max_load"),
    ("vehicles.0.steps.1.service_at", 9, "vroom.refused", "service_at"),
    ("matrices.car.costs", [[0]], "vroom.refused", "costs"),
    ("colour", 1, "vroom.unknown_key", "colour"),
    ("jobs.0.locatoin", [1, 2], "vroom.unknown_key", "locatoin"),
    ("vehicles.0.sklils", [1], "vroom.unknown_key", "sklils"),
    ("vehicles.0.breaks.0.length", 9, "vroom.unknown_key", "length"),
    ("vehicles.0.steps.1.job", 9, "vroom.unknown_key", "job"),
    ("matrices.car.tolls", [[0]], "vroom.unknown_key", "tolls"),
)


@pytest.mark.parametrize(("path", "value", "code", "name"), REFUSED)
def test_what_is_not_honoured_is_refused_by_name(path: str, value: Any, code: str, name: str) -> None:
    """A field that the plan could not honour, and one nobody knows, is named in the sentence that refuses it."""
    with pytest.raises(BadInput) as caught:
        read_vroom(changed(path, value))
    assert caught.value.code == code
    assert name in sentence(code, caught.value.values)


@pytest.mark.parametrize("path", ["jobs.0.delivery", "vehicles.0.capacity", "shipments"])
def test_an_empty_list_asks_for_nothing(path: str) -> None:
    """What is not honoured may stand there empty, as some programs write it."""
    assert read_vroom(changed(path, [])) == read_vroom(WHOLE)


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("jobs", [], "vroom.none"),
    ("jobs", {}, "vroom.wrong_type"),
    ("jobs.0", 4, "vroom.wrong_type"),
    ("vehicles", [], "vroom.none"),
    ("jobs.0.id", -1, "vroom.number"),
    ("jobs.0.id", True, "vroom.number"),
    ("jobs.0.id", 12, "vroom.twice"),
    ("jobs.0.service", 1.5, "vroom.number"),
    ("jobs.0.setup", 2**32, "vroom.number"),
    ("jobs.0.priority", 101, "vroom.priority"),
    ("jobs.0.skills", 3, "vroom.wrong_type"),
    ("jobs.0.skills", ["deep"], "vroom.number"),
    ("jobs.0.description", 3, "vroom.wrong_type"),
    ("jobs.0.location", [3.1], "vroom.point"),
    ("jobs.0.location", [3.1, float("nan")], "vroom.point"),
    ("jobs.0.location", [3.1, 101.7], "vroom.point"),
    ("jobs.0.location_index", 2, "vroom.index"),
    ("jobs.0.time_windows", [], "vroom.window"),
    ("jobs.0.time_windows", [[5, 4]], "vroom.window"),
    ("jobs.0.time_windows", [[0, 5], [4, 9]], "vroom.windows_overlap"),
    ("vehicles.0.time_window", [5], "vroom.window"),
    ("vehicles.0.time_window", [0, 70], "vroom.break_outside"),
    ("vehicles.0.speed_factor", 6, "vroom.speed_factor"),
    ("vehicles.0.speed_factor", float("nan"), "vroom.speed_factor"),
    ("vehicles.0.profile", "bike", "vroom.profile_matrix"),
    ("vehicles.0.steps.1.id", 6, "vroom.step_unknown"),
    ("vehicles.0.steps.1.type", "pickup", "vroom.step_type"),
    ("vehicles.0.steps.1.type", "end", "vroom.step_order"),
    ("vehicles.0.steps.1", {"type": "job", "id": 12}, "vroom.step_twice"),
    ("vehicles.0.skills", [], ""),
    ("matrices", {"car": {"durations": [[0]]}, "bike": {"durations": [[0]]}}, "vroom.profiles"),
    ("matrices", [], "vroom.wrong_type"),
    ("matrices.car.durations", [[0, 1]], "vroom.not_square"),
    ("matrices.car.durations", [[0, -1], [1, 0]], "vroom.number"),
    ("matrices.car.distances", [[0]], "vroom.not_square"),
)


@pytest.mark.parametrize(("path", "value", "code"), WRONG)
def test_what_is_wrong_is_named(path: str, value: Any, code: str) -> None:
    """Each wrong value is refused with a sentence that has all its values; a vehicle may well know nothing."""
    if not code:
        assert read_vroom(changed(path, value)).vehicles[0].skills == frozenset()
        return
    with pytest.raises(BadInput) as caught:
        read_vroom(changed(path, value))
    assert caught.value.code == code
    assert sentence(code, caught.value.values)


MISSING = (
    ("jobs.0.id", "vroom.missing"),
    ("jobs.1.location_index", "vroom.missing"),
    ("jobs.0.location_index", "vroom.no_index"),
    ("matrices", "vroom.index_without_matrix"),
    ("matrices.car.durations", "vroom.missing"),
    ("vehicles.0.breaks.0.id", "vroom.missing"),
    ("vehicles.0.steps.1.id", "vroom.missing"),
    ("vehicles", "vroom.none"),
)


@pytest.mark.parametrize(("path", "code"), MISSING)
def test_what_is_missing_is_named(path: str, code: str) -> None:
    """A key that cannot be done without is asked for."""
    with pytest.raises(BadInput) as caught:
        read_vroom(without(path))
    assert caught.value.code == code


def test_a_vehicle_needs_one_end() -> None:
    """A vehicle with neither start nor end is refused, as VROOM refuses it."""
    document = without("vehicles.0.end_index")
    del document["vehicles"][0]["start_index"], document["vehicles"][0]["start"]
    with pytest.raises(BadInput, match=r"vroom\.no_start_or_end"):
        read_vroom(document)


def test_steps_ask_for_skills() -> None:
    """A starting plan that sends a vehicle without the skill is refused."""
    document = changed("vehicles.0.steps.2.id", 11)
    document["vehicles"][0]["skills"] = [1]
    with pytest.raises(BadInput, match=r"vroom\.step_skill"):
        read_vroom(document)


def test_vrooms_problem_is_known_by_its_keys() -> None:
    """Vehicles, jobs or shipments make a problem VROOM's; ours has therapists and bookings."""
    assert is_vroom(WHOLE)
    assert is_vroom({"shipments": []})
    assert not is_vroom({"therapists": [], "bookings": []})
    assert not is_vroom([])
