"""`laluan solve` with a problem in VROOM's JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

PROBLEM: dict[str, Any] = {
    "jobs": [{"id": 5, "location_index": 1, "service": 3600}, {"id": 6, "location_index": 1, "skills": [4]}],
    "vehicles": [{"id": 2, "start_index": 0, "time_window": [0, 20000]}],
    "matrices": {"car": {"durations": [[0, 600], [600, 0]]}},
}


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    """Give the problem as a file."""
    path = tmp_path / "vroom.json"
    path.write_text(json.dumps(PROBLEM), encoding="utf-8")
    return path


def test_the_answer_goes_where_programs_read(run: Run, problem_file: Path, data_dir: Path) -> None:
    """Without an output file, VROOM's answer and nothing else is written, and no database is touched."""
    solved = run("solve", str(problem_file), "--rounds", "2")
    assert solved.exit_code == 0
    answer = json.loads(solved.stdout)
    assert (answer["code"], answer["summary"]["unassigned"]) == (0, 1)
    assert [step["type"] for step in answer["routes"][0]["steps"]] == ["start", "job", "end"]
    assert not data_dir.exists()


def test_the_answer_goes_into_a_file(run: Run, problem_file: Path) -> None:
    """With -o the file holds the answer, and the terminal says how much was served."""
    output = problem_file.with_name("solution.json")
    solved = run("solve", str(problem_file), "-o", str(output), "--rounds", "2", "--threads", "1")
    assert solved.exit_code == 0
    assert "served: 1" in solved.stdout
    assert "left out: 1" in solved.stdout
    assert json.loads(output.read_text(encoding="utf-8"))["summary"]["certificate"]["served_at_most"] == 1


@pytest.mark.parametrize("key", ["shipments", "colour"])
def test_what_cannot_be_honoured_is_refused(run: Run, problem_file: Path, key: str) -> None:
    """A field that cannot be honoured is named on the error output, the exit code is 2, and no file is written."""
    problem_file.write_text(json.dumps(PROBLEM | {key: [{"id": 1}]}), encoding="utf-8")
    output = problem_file.with_name("solution.json")
    refused = run("solve", str(problem_file), "-o", str(output))
    assert refused.exit_code == 2
    assert key in refused.stderr
    assert not output.exists()
