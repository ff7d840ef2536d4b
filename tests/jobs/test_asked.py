"""What programs send is solved apart: answered as here, one after the other, and the process is gone when nobody asks."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.full_days import full_day
from dispatch.errors import BadInput, Unavailable
from dispatch.jobs import AskedPlanner, Planner
from dispatch.jobs.asked import _TOLD
from dispatch.jobs.planner import Order
from dispatch.jobs.warm import tiny_problem
from dispatch.model.codec import dumps
from dispatch.model.outcome import Budget, Progress
from dispatch.wiring import travel_engine
from dispatch.words import catalogue
from dispatch.work.solving import solve_document

FEW = Budget(rounds=4)
ENDLESS = Budget(rounds=10**9)
VROOM = json.dumps(
    {
        "jobs": [{"id": 5, "location": [101.7116, 3.1579], "service": 3600, "time_windows": [[3000, 9000]]}],
        "vehicles": [{"id": 2, "start": [101.6405, 3.1098], "time_window": [0, 20000]}],
    }
)


@pytest.fixture
def asked(planner: Planner) -> Iterator[AskedPlanner]:
    """Give what solves apart, on the planner that all tests share; afterwards that may go on as long as it likes."""
    made = AskedPlanner(planner, idle_s=3_600)
    yield made
    made._stay_up()


def full() -> str:
    """Give a day so full that it is not soon proven best."""
    return dumps(full_day(1, bookings=40, therapists=8))


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """Give an answer without how long it took."""
    answer.get("summary", {}).pop("computing_times", None)
    return answer


@pytest.mark.parametrize("document", [VROOM, dumps(tiny_problem())], ids=["vroom", "ours"])
def test_the_answer_is_that_of_this_process(asked: AskedPlanner, document: str) -> None:
    """VROOM's problem and ours are answered as they would be here, with the same budget and seed."""
    answer = asked(document, FEW, 3)
    assert timeless(answer) == timeless(solve_document(document, travel=travel_engine(), budget=FEW, seed=3))


def test_what_cannot_be_solved_is_refused(asked: AskedPlanner, planner: Planner) -> None:
    """What is wrong with a document comes back as it would here, and the process lives on."""
    asked(VROOM, FEW, 1)
    pid = planner.pid
    with pytest.raises(BadInput, match=r"codec\.|formats\."):
        asked('{"bookings": 1}', FEW, 1)
    assert planner.pid == pid is not None


class Struck(AskedPlanner):
    """Is struck by something as soon as a solve has said how it stands."""

    def _wanted(self, progress: Progress | None) -> Order:
        if progress is not None:
            self.strike()
        return super()._wanted(progress)

    def strike(self) -> None:
        """Kill the process."""
        pid = self._planner.pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


class Stopped(Struck):
    """Is ended by another thread while it solves."""

    ender: threading.Thread | None = None

    def strike(self) -> None:
        """End, as the server does when it ends; and wait until that is under way."""
        self.ender = threading.Thread(target=self.end)
        self.ender.start()
        self._ending.wait()


def test_a_dead_process_is_told_and_replaced(asked: AskedPlanner, planner: Planner) -> None:
    """A process that dies leaves its question with a sentence; the next one is answered by another process."""
    struck = Struck(planner)
    with pytest.raises(Unavailable, match=r"vroom\.planner_ended"):
        struck(full(), ENDLESS, 1)
    assert planner.pid is None
    assert asked(VROOM, FEW, 1)["code"] == 0


def test_with_nobody_asking_the_process_ends(asked: AskedPlanner, planner: Planner) -> None:
    """The process waits for another question, and goes by itself when none comes."""
    asked(VROOM, FEW, 1)
    pid = planner.pid
    asked(VROOM, FEW, 1)
    assert planner.pid == pid is not None
    impatient = AskedPlanner(planner, idle_s=0.01)
    impatient(VROOM, FEW, 1)
    assert impatient._bedtime is not None
    impatient._bedtime.join()
    assert planner.pid is None


def test_whoever_asks_while_the_server_ends_is_told(planner: Planner) -> None:
    """When the server ends, a question under way ends with a sentence, its process is gone, and no other is started."""
    stopped = Stopped(planner)
    with pytest.raises(Unavailable, match=r"vroom\.ending"):
        stopped(full(), ENDLESS, 1)
    with pytest.raises(Unavailable, match=r"vroom\.ending"):
        stopped(VROOM, FEW, 1)
    assert stopped.ender is not None
    stopped.ender.join()
    assert planner.pid is None


def test_an_answer_that_never_comes_is_not_waited_for(
    asked: AskedPlanner, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that has no answer some seconds after its budget is killed, with the sentence for it."""
    asked(VROOM, FEW, 1)
    monkeypatch.setattr(planner, "_patience_s", -30.0)
    with pytest.raises(Unavailable, match=r"vroom\.planner_too_slow"):
        asked(full(), Budget(seconds=30), 1)
    assert planner.pid is None


def test_what_programs_are_told_has_words() -> None:
    """Each fault of the planner has a sentence of its own for programs."""
    assert set(_TOLD.values()) <= catalogue("en").keys()
