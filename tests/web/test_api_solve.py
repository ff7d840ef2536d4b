"""The door for other programs: problems are posted, answers come back, and nobody without the right gets in."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import Unavailable
from dispatch.jobs.warm import tiny_problem
from dispatch.model.codec import dumps, from_json
from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget, Result
from dispatch.work import solving
from tests.web.house import House, open_house
from tests.work.company import Office

ADDRESS = "/api/v1/solve?seconds=0.2"


def problem() -> dict[str, Any]:
    """Give one job an hour long, ten minutes from the vehicle."""
    return {
        "jobs": [{"id": 5, "location_index": 1, "service": 3600, "time_windows": [[3000, 9000]]}],
        "vehicles": [{"id": 2, "start_index": 0, "end_index": 0, "time_window": [0, 20000]}],
        "matrices": {"car": {"durations": [[0, 600], [600, 0]]}},
    }


def test_a_dispatcher_gets_vrooms_answer(house: House) -> None:
    """A problem in VROOM's JSON is answered in VROOM's format, with what is proven."""
    answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, json=problem())
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["code"] == 0
    assert [(step["type"], step["arrival"]) for step in told["routes"][0]["steps"]] == [
        ("start", 2400),
        ("job", 3000),
        ("end", 7200),
    ]
    assert told["summary"]["certificate"]["served_at_most"] == 1


def test_our_own_problem_gets_our_own_result(house: House) -> None:
    """A problem in our JSON is answered by a result that reads as one."""
    answer = house.signed_in(Role.OWNER).post(ADDRESS, data=dumps(tiny_problem()))
    assert answer.status_code == 200
    assert len(from_json(Result, answer.get_json()).plan.served()) == 2


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (json.dumps(problem() | {"shipments": [{}]}), "shipments"),
        (json.dumps(problem() | {"colour": 1}), "colour"),
        ("{", "JSON"),
        ('{"jobs": [], "jobs": []}', "jobs"),
        ("[]", "object"),
    ],
)
def test_what_cannot_be_solved_comes_in_vrooms_envelope(house: House, body: str, named: str) -> None:
    """A refused problem is answered 400 with code 2 and a sentence that names what is wrong."""
    answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, data=body)
    assert answer.status_code == 400
    told = answer.get_json()
    assert told["code"] == 2
    assert named in told["error"]


def test_bytes_that_are_no_text_are_refused(house: House) -> None:
    """What is not UTF-8 is refused with a sentence."""
    answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, data=b"\xff\xfe")
    assert (answer.status_code, answer.get_json()["code"]) == (400, 2)


@pytest.mark.parametrize("query", ["seconds=31", "seconds=0", "seconds=nan", "seconds=soon", "seed=x"])
def test_nobody_asks_for_more_than_there_is(house: House, query: str) -> None:
    """More than thirty seconds, none at all, and what is no number are refused before anything is solved."""
    answer = house.signed_in(Role.DISPATCHER).post(f"/api/v1/solve?{query}", json=problem())
    assert (answer.status_code, answer.get_json()["code"]) == (400, 2)


def test_too_large_a_problem_is_refused(house: House) -> None:
    """More jobs than one request may bring are refused with both numbers."""
    many = problem()
    many["jobs"] = [many["jobs"][0] | {"id": number} for number in range(solving.MOST_ASKED_JOBS + 1)]
    answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, json=many)
    assert answer.status_code == 400
    assert str(solving.MOST_ASKED_JOBS) in answer.get_json()["error"]


def test_one_problem_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a problem is being solved, another is told to come again."""
    busy = threading.Lock()
    monkeypatch.setattr(solving, "_one_at_a_time", busy)
    with busy:
        answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, json=problem())
    assert (answer.status_code, answer.get_json()["code"]) == (503, 2)
    assert house.signed_in(Role.DISPATCHER).post(ADDRESS, json=problem()).status_code == 200


def test_a_problem_is_solved_apart(office: Office) -> None:
    """Where a process for it is handed in, it gets the document, the seconds and the seed; what it answers is the answer."""
    told: list[tuple[str, Budget, int]] = []

    def solve_apart(document: str, budget: Budget, seed: int) -> dict[str, Any]:
        told.append((document, budget, seed))
        return {"code": 0}

    house = open_house(replace(office, services=replace(office.services, solve_apart=solve_apart)))
    answer = house.signed_in(Role.DISPATCHER).post(f"{ADDRESS}&seed=7", json=problem())
    assert answer.get_json() == {"code": 0}
    ((document, budget, seed),) = told
    assert (json.loads(document), budget, seed) == (problem(), Budget(seconds=0.2), 7)
    assert house.signed_in(Role.DISPATCHER).post(ADDRESS, data="{").status_code == 400
    assert len(told) == 1


def test_a_process_that_dies_is_told_in_the_envelope(office: Office) -> None:
    """A process that ended without an answer is 503 with a sentence, and the next problem is taken."""

    def solve_apart(document: str, budget: Budget, seed: int) -> dict[str, Any]:
        raise Unavailable("vroom.planner_ended")

    house = open_house(replace(office, services=replace(office.services, solve_apart=solve_apart)))
    for _ in range(2):
        answer = house.signed_in(Role.DISPATCHER).post(ADDRESS, json=problem())
        assert answer.status_code == 503
        assert "ended before it had an answer" in answer.get_json()["error"]


@pytest.mark.parametrize("role", [Role.BOOKING_TAKER, Role.THERAPIST])
def test_only_who_plans_may_solve(house: House, role: Role) -> None:
    """A booking taker and a therapist are refused, and so is a stranger."""
    assert house.signed_in(role).post(ADDRESS, json=problem()).status_code == 403
    assert house.stranger().post(ADDRESS, json=problem()).status_code == 401


def test_the_door_asks_for_the_token(office: Office) -> None:
    """Without the CSRF token a signed-in browser is refused, so that no other site can use its session."""
    guarded = open_house(office, csrf=True)
    assert guarded.signed_in(Role.DISPATCHER).post(ADDRESS, json=problem()).status_code == 400
