"""Small VROOM problems drawn from a seed, and VROOM itself to ask about them."""

import json
import random
import tempfile
from pathlib import Path
from typing import Any

import vroom


def small_problem(seed: int, *, speeds: bool = True, breaks: bool = True, many: bool = False) -> dict[str, Any]:
    """Give a problem of three to six jobs (up to twelve with `many`) that uses all that is honoured."""
    rng = random.Random(seed)
    size = rng.randint(3, 6)
    legs = [[0 if i == j else rng.randint(50, 2000) for j in range(size)] for i in range(size)]
    return {
        "jobs": [_job(rng, number, size) for number in range(rng.randint(3, 12 if many else 6))],
        "vehicles": [_vehicle(rng, number, size, speeds=speeds, breaks=breaks) for number in range(rng.randint(1, 3))],
        "matrices": {"car": {"durations": legs, "distances": [[10 * leg for leg in row] for row in legs]}},
    }


def _job(rng: random.Random, number: int, size: int) -> dict[str, Any]:
    job: dict[str, Any] = {"id": 100 + number, "location_index": rng.randrange(size)}
    if rng.random() < 0.6:
        job["setup"] = rng.randint(0, 600)
    if rng.random() < 0.8:
        job["service"] = rng.randint(0, 1800)
    if rng.random() < 0.4:
        job["skills"] = [rng.randint(1, 3)]
    if rng.random() < 0.4:
        job["priority"] = rng.randint(0, 100)
    if rng.random() < 0.3:
        job["description"] = f"client {number}"
    if rng.random() < 0.6:
        opens = rng.randint(0, 8000)
        closes = opens + rng.randint(0, 4000)
        job["time_windows"] = [[opens, closes]]
        if rng.random() < 0.4:
            again = closes + rng.randint(1, 4000)
            job["time_windows"].append([again, again + rng.randint(0, 3000)])
    return job


def _vehicle(rng: random.Random, number: int, size: int, *, speeds: bool, breaks: bool) -> dict[str, Any]:
    vehicle: dict[str, Any] = {"id": number + 1, "skills": rng.sample([1, 2, 3], rng.randint(0, 3))}
    ends = rng.choice(("start", "end", "both", "both", "both"))
    if ends != "end":
        vehicle["start_index"] = rng.randrange(size)
    if ends != "start":
        vehicle["end_index"] = rng.randrange(size)
    opens, closes = 0, 12_000
    if rng.random() < 0.7:
        opens = rng.randint(0, 3000)
        closes = opens + rng.randint(4000, 12_000)
        vehicle["time_window"] = [opens, closes]
    if breaks and rng.random() < 0.6:
        vehicle["breaks"] = []
        for pause in range(rng.randint(1, 2)):
            begin = rng.randint(opens, closes - 1000)
            one: dict[str, Any] = {"id": pause + 1, "service": rng.randint(0, 900), "description": "tea"}
            if rng.random() < 0.9:
                one["time_windows"] = [[begin, begin + rng.randint(0, 2500)]]
            vehicle["breaks"].append(one)
    if speeds and rng.random() < 0.5:
        vehicle["speed_factor"] = round(rng.uniform(0.4, 3), 2)
    if rng.random() < 0.2:
        vehicle["max_tasks"] = rng.randint(1, 4)
    if rng.random() < 0.2:
        vehicle["max_travel_time"] = rng.randint(500, 6000)
    return vehicle


def answer_of_vroom(document: dict[str, Any]) -> dict[str, Any] | None:
    """Give VROOM's own answer at its highest exploration level; None where it refuses breaks that cannot be chained."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        try:
            problem = vroom.Input.from_json(path, geometry=False)
            if document["matrices"]["car"].get("distances"):
                problem._distances = True
            answer: dict[str, Any] = problem.solve(5, 1).to_dict()
        except Exception as error:
            if "Inconsistent breaks" in str(error):
                return None
            raise
    return answer
