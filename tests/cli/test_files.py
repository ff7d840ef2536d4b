"""`laluan solve` and `laluan check`: problems and plans from files, without any database."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.formats.files import write_noun
from dispatch.model.codec import dumps, loads
from dispatch.model.kinds import StopKind
from dispatch.model.outcome import Result
from dispatch.model.plan import Plan, Route, Stop
from dispatch.model.problem import DayProblem
from tests.cli.conftest import Run
from tests.strategies import day_booking, day_problem, day_therapist


@pytest.fixture
def problem() -> DayProblem:
    """Give a day of three bookings that two therapists can serve, and one at night that nobody can."""
    bookings = [
        day_booking("b1", location=1),
        day_booking("b2", location=2),
        day_booking("b3", location=3, hours=(14, 15)),
        day_booking("late", location=1, hours=(28, 29)),
    ]
    return day_problem(bookings, [day_therapist("t1"), day_therapist("t2")])


@pytest.fixture
def problem_file(problem: DayProblem, tmp_path: Path) -> Path:
    """Give the day as a file."""
    path = tmp_path / "day.json"
    write_noun(problem, path)
    return path


def test_a_problem_is_solved_and_its_result_passes_the_referee(run: Run, problem_file: Path, data_dir: Path) -> None:
    """Solving a file shows and writes a plan that the referee takes, and touches no database."""
    result_file = problem_file.with_name("result.json")
    solved = run("solve", str(problem_file), "-o", str(result_file), "--rounds", "5", "--seed", "3")
    assert solved.exit_code == 0
    assert "3 of 4 bookings served" in solved.stdout
    assert "Left out: 1" in solved.stdout
    judged = run("check", str(problem_file), str(result_file))
    assert (judged.exit_code, judged.stdout) == (0, "The plan keeps every rule.\n")
    assert not data_dir.exists()


def test_the_same_seed_and_rounds_give_the_same_json(run: Run, problem_file: Path) -> None:
    """With --json a program reads the whole result, and a counted budget repeats it to the byte."""
    words = ("solve", str(problem_file), "--rounds", "5", "--seed", "7", "--json")
    first, second = run(*words), run(*words)
    assert first.stdout == second.stdout
    result = loads(Result, first.stdout)
    assert result.seed == 7
    assert len(result.plan.served()) == 3


def test_a_broken_rule_is_exit_code_one(run: Run, problem: DayProblem, problem_file: Path) -> None:
    """A plan that breaks rules is judged in sentences with exit code 1, in JSON too."""
    plan_file = problem_file.with_name("plan.json")
    plan = Plan(routes=(Route(therapist_id="t1", stops=(Stop(kind=StopKind.VISIT, id="late/0"),)),))
    write_noun(plan, plan_file)
    judged = run("check", str(problem_file), str(plan_file))
    assert judged.exit_code == 1
    assert judged.stdout.rstrip().splitlines()[-1].startswith("The plan breaks rules: ")
    as_json = run("check", str(problem_file), str(plan_file), "--json")
    assert as_json.exit_code == 1
    assert {one["booking_id"] or one["therapist_id"] for one in json.loads(as_json.stdout)} <= {"late", "t1"}


def test_a_problem_that_cannot_be_right_is_refused_with_everything_wrong(
    run: Run, problem: DayProblem, problem_file: Path
) -> None:
    """A duplicate id and a therapist without a start place are told, a line each, with exit code 2."""
    wrong = replace(
        problem,
        bookings=(*problem.bookings, problem.bookings[0]),
        therapists=(replace(problem.therapists[0], start_location=None), problem.therapists[1]),
    )
    problem_file.write_text(dumps(wrong), encoding="utf-8")
    for refused in (run("solve", str(problem_file)), run("check", str(problem_file), str(problem_file))):
        assert refused.exit_code == 2
        assert refused.stdout == ""
    told = run("solve", str(problem_file)).stderr.splitlines()
    assert len(told) == 2
    assert any("b1" in line for line in told)
    assert any("t1" in line for line in told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON document"),
        ('{"id": "x"}', "the key day is missing"),
        ('{"spoon": 1}', "the key spoon is not known"),
    ],
)
def test_a_file_that_is_no_problem_is_one_sentence(run: Run, tmp_path: Path, text: str, said: str) -> None:
    """Whatever is wrong with a file is said in one sentence that names the file, with exit code 2."""
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    refused = run("solve", str(path))
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert said in refused.stderr
    assert "odd.json" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_an_empty_day_is_solved(run: Run, tmp_path: Path) -> None:
    """A day with no bookings and no therapists has nothing to plan, which is no error."""
    path = tmp_path / "empty.json"
    write_noun(day_problem([], []), path)
    solved = run("solve", str(path), "--rounds", "3")
    assert solved.exit_code == 0
    assert "There was nothing to plan." in solved.stdout
