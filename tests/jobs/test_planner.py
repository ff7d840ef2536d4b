"""The planner's process answers as the planner itself would, can be stopped and killed, and is replaced when it dies."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import Pipe
from pathlib import Path
from typing import cast

import pytest

from benchmarks.full_days import full_day
from dispatch.errors import BadInput, Unavailable
from dispatch.jobs import Planner, messages
from dispatch.jobs.messages import Answered, Asked, Faulty, Going, Message, Ready, Refused, Solved, Stop, Task, send
from dispatch.jobs.planner import AbandonedError, Order, PlannerEndedError, _Talk
from dispatch.jobs.process import _answer
from dispatch.jobs.warm import tiny_problem
from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Budget, Certificate, Progress, Result
from dispatch.model.plan import Plan
from dispatch.model.timetable import Cost
from dispatch.rules.referee import check
from dispatch.solve import solve

ENDLESS = Budget(rounds=10**9)
PROGRESS = Progress(percent=1, rounds=2, served=3, left_out=4, points=5, phase="plan.phase_first")


def go_on(_progress: Progress | None) -> Order:
    """Want the answer."""
    return Order.GO_ON


def once_under_way(order: Order) -> "OnceUnderWay":
    """Give a listener that gives an order as soon as the solve has said how it stands."""
    return OnceUnderWay(order)


class OnceUnderWay:
    """Waits for the first progress, then gives its order."""

    def __init__(self, order: Order) -> None:
        """Nothing was heard yet."""
        self.order = order
        self.heard: list[Progress] = []

    def __call__(self, progress: Progress | None) -> Order:
        """Give the order once there is progress."""
        if progress is None:
            return Order.GO_ON
        self.heard.append(progress)
        return self.order


@pytest.mark.parametrize(
    "message",
    [
        Task(number=1, problem=tiny_problem(), start=Plan(), budget=Budget(rounds=3, seconds=1.5), seed=7),
        Asked(number=1, document='{"jobs": []}', budget=Budget(seconds=1.5), seed=7),
        Stop(number=1),
        Ready(),
        Going(number=1, progress=PROGRESS),
        Solved(
            number=1,
            result=Result(
                plan=Plan(), cost=Cost(), certificate=Certificate(), stopped=StopReason.ASKED, rounds=2, seed=7
            ),
        ),
        Answered(number=1, answer='{"code": 0}'),
        Refused(number=1, code="solve.no_budget", values=(("name", "x"), ("count", 2))),
        Faulty(number=1, trace="Traceback"),
    ],
)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    """Every kind of message comes out of the pipe equal to what went in."""
    here, there = Pipe()
    messages.send(here, message)
    assert messages.receive(there) == message
    here.close()
    with pytest.raises(EOFError):
        messages.receive(there)
    there.close()


def test_the_answer_is_the_planners_own(planner: Planner) -> None:
    """The process gives the same plan as a solve in this process with the same budget and seed."""
    budget = Budget(rounds=5)
    answer = planner.solve(tiny_problem(), None, budget=budget, seed=3, on_beat=go_on)
    again = planner.solve(tiny_problem(), answer.plan, budget=budget, seed=3, on_beat=go_on)
    assert answer == solve(tiny_problem(), budget=budget, seed=3)
    assert again.cost.key() <= answer.cost.key()
    assert answer.plan.served() == {"1", "2"}


def test_a_solve_can_be_stopped(planner: Planner) -> None:
    """Asked to stop, the process answers with the best plan it has, and is there for the next task."""
    pid = planner.pid
    stopping = once_under_way(Order.STOP)
    problem = full_day(1, bookings=40, therapists=8)
    answer = planner.solve(problem, None, budget=ENDLESS, seed=1, on_beat=stopping)
    assert answer.stopped is StopReason.ASKED
    assert len(answer.plan.served()) > 20
    assert check(problem, answer.plan) == []
    assert stopping.heard
    assert planner.pid == pid
    # A stop that comes too late is not meant for the next task.
    assert planner.solve(tiny_problem(), None, budget=Budget(rounds=2), seed=1, on_beat=go_on).rounds >= 0


def test_a_problem_that_cannot_be_solved_is_refused(planner: Planner) -> None:
    """What is wrong with a problem comes back as the error the planner raised, and the process lives on."""
    planner.solve(tiny_problem(), None, budget=Budget(rounds=1), seed=1, on_beat=go_on)
    pid = planner.pid
    with pytest.raises(BadInput) as caught:
        planner.solve(tiny_problem(), None, budget=Budget(), seed=1, on_beat=go_on)
    assert caught.value.code == "solve.no_budget"
    assert planner.pid == pid


def test_a_fault_of_the_planner_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """A fault inside a solve ends that solve with a sentence and a log entry, not the process."""
    no_plan = cast(Plan, "no plan")  # what only a mistake in our own code could hand over
    task = Task(number=7, problem=tiny_problem(), start=no_plan, budget=Budget(rounds=1), seed=1)
    ours, theirs = Pipe()
    with ours, theirs:
        send(theirs, _answer(theirs, task, set()))
        with pytest.raises(Unavailable, match=r"job\.planner_failed"):
            _Talk(task, go_on, patience_s=1).until_answered(ours)
    assert "Traceback" in caplog.text


def test_an_abandoned_solve_is_killed(planner: Planner) -> None:
    """An answer nobody wants any more is not waited for: the process is gone, and the next task has a new one."""
    with pytest.raises(AbandonedError):
        planner.solve(
            full_day(1, bookings=40, therapists=8), None, budget=ENDLESS, seed=1, on_beat=once_under_way(Order.ABANDON)
        )
    assert planner.pid is None


def test_a_dead_process_is_replaced(planner: Planner) -> None:
    """A process killed in the middle of a solve ends that solve with an error; the next solve works."""

    def kill(progress: Progress | None) -> Order:
        if progress is not None and planner.pid is not None:
            os.kill(planner.pid, signal.SIGKILL)
        return Order.GO_ON

    with pytest.raises(PlannerEndedError):
        planner.solve(full_day(1, bookings=40, therapists=8), None, budget=ENDLESS, seed=1, on_beat=kill)
    assert planner.pid is None
    answer = planner.solve(tiny_problem(), None, budget=Budget(rounds=1), seed=1, on_beat=go_on)
    assert answer.plan.served() == {"1", "2"}


def test_a_process_that_is_never_ready_is_killed() -> None:
    """A new process that is not ready in time is killed, with the sentence for it."""
    slow = Planner(warm_up_s=-1)
    with pytest.raises(Unavailable, match=r"job\.planner_not_ready"):
        slow.solve(tiny_problem(), None, budget=Budget(rounds=1), seed=1, on_beat=go_on)
    assert slow.pid is None


def test_a_solve_that_does_not_stop_is_killed(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not answer in time after a stop is killed, with the sentence for it."""
    planner.solve(tiny_problem(), None, budget=Budget(rounds=1), seed=1, on_beat=go_on)
    monkeypatch.setattr(planner, "_patience_s", -1.0)
    with pytest.raises(Unavailable, match=r"job\.planner_too_slow"):
        planner.solve(
            full_day(1, bookings=40, therapists=8), None, budget=ENDLESS, seed=1, on_beat=once_under_way(Order.STOP)
        )
    assert planner.pid is None


def test_ctrl_c_is_not_for_the_planner() -> None:
    """An interrupt at the terminal reaches the process too, from its first moment on, and does nothing there."""
    fresh = Planner()
    fresh.start()
    pid = fresh.pid
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    answer = fresh.solve(tiny_problem(), None, budget=Budget(rounds=1), seed=1, on_beat=go_on)
    assert answer.plan.served() == {"1", "2"}
    assert fresh.pid == pid
    fresh.end()


PARENT = """
import sys
from dispatch.jobs import Planner
from dispatch.jobs.planner import Order
from benchmarks.full_days import full_day
from dispatch.model.outcome import Budget

if __name__ == "__main__":
    planner = Planner()
    planner.start()

    def tell(progress):
        if progress is not None:
            print(planner.pid, flush=True)
        return Order.GO_ON

    planner.solve(full_day(1, bookings=40, therapists=8), None, budget=Budget(rounds=10**9), seed=1, on_beat=tell)
"""


def test_without_its_parent_the_process_ends(tmp_path: Path) -> None:
    """When the server is killed in the middle of a solve, the planner's process ends by itself."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    for _ in range(600):
        if not running(child):
            break
        time.sleep(0.05)
    assert not running(child)


def running(pid: int) -> bool:
    """Tell whether a process is there and still runs (one that waits to be buried does not)."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()
