"""The compiled code as a whole against the same code run as plain Python in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from dispatch.model.booking import TimeWindow
from dispatch.model.codec import dumps, to_json
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Limits, Shift
from dispatch.rules import machine
from dispatch.rules.compiled import compile_problem
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions, evaluate_route
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, line_matrix, pause, plan_of, rest

PLAN = plan_of(t1=["b1", rest(), "b2", "b4"], t2=["b3", "b2/1"])

PROGRAM = """
import json, sys
from dispatch.model.codec import loads
from dispatch.model.problem import DayProblem
from tests.rules.test_machine import answers
print(json.dumps(answers(loads(DayProblem, sys.stdin.read()))))
"""


def full_day() -> DayProblem:
    """A day with couples, breaks, a split shift, hourly travel, a promise, tolerance, limits and facts."""
    two = (TimeWindow(start_s=12 * HOUR, end_s=13 * HOUR), TimeWindow(start_s=15 * HOUR, end_s=17 * HOUR))
    shifts = (Shift(start_s=9 * HOUR, end_s=12 * HOUR), Shift(start_s=13 * HOUR, end_s=22 * HOUR))
    return day_problem(
        [
            day_booking("b1", promise_s=10 * HOUR, access_s=tuple(range(0, 4_800, 200))),
            day_booking("b2", windows=two, seats=2, location=3, late_tolerance_s=1_800, set_up_s=600),
            day_booking("b3", hours=(9, 11), location=2, pack_up_s=480),
            day_booking("b4", hours=(16, 20), location=4),
            day_booking("b5", hours=(13, 21), location=2),
        ],
        [
            day_therapist(breaks=(pause(), pause("tea", minutes=15, hours=(15, 18))), hours=(9, 22)),
            day_therapist("t2", shifts=shifts, home=None, limits=Limits(consecutive_s=7 * HOUR)),
        ],
        matrices=(line_matrix(fixed_s=120, rates=[1_000] * 8 + [650, 700, 900] * 6),),
        facts=(VisitFact(visit_id="b3/0", therapist_id="t2", state=VisitState.STARTED, started_s=9 * HOUR + 700),),
        published=PLAN,
        fair_share_s=3 * HOUR,
        now_s=10 * HOUR,
    )


def answers(problem: DayProblem) -> object:
    """Everything compiled code answers about the day, as JSON would have it."""
    compiled = compile_problem(problem)
    index = compiled.visit_index
    routes = [[index["b1/0"], index["b2/0"], index["b4/0"]], [index["b3/0"], index["b2/1"]]]
    return json.loads(
        json.dumps(
            [
                to_json(retime(problem, PLAN)),
                [[repr(evaluate_route(compiled, t, route)) for t, route in enumerate(routes)]],
                [best_insertions(compiled, t, route, index["b5/0"]) for t, route in enumerate(routes)],
            ]
        )
    )


def test_whole_machine_is_its_plain_twin() -> None:
    """Compiled or not, the same day gets the same times, routes and insertions."""
    problem = full_day()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=dumps(problem),
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    mine = answers(problem)
    assert json.loads(done.stdout) == mine
    assert "feasible=True" in repr(mine)


def test_compiling_leaves_numbas_settings_alone() -> None:
    """The cache folder named by the code's content is for this code only; Numba's own setting is as it was."""
    assert os.environ.get("NUMBA_CACHE_DIR", "") == machine.config.CACHE_DIR
    assert machine._folder() == machine._FOLDER
