"""The planner as the server sees it: one warm process, replaced when it was killed or has died."""

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from dispatch.errors import BadInput, Unavailable
from dispatch.jobs.messages import Answered, Asked, Faulty, Going, Ready, Refused, Solved, Stop, Task, receive, send
from dispatch.jobs.process import NICE, serve
from dispatch.model.outcome import Budget, Progress, Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem

LOOK_S = 0.2
"""How often `on_beat` is called while nothing is heard, in seconds."""

WARM_UP_S = 300
"""How long a new process may take to compile, in seconds; it takes that long only on a slow machine, the first time."""

_births_and_deaths = threading.Lock()
"""Whoever starts a process also buries those that have died (`multiprocessing`), so planners take turns at either."""


class Order(Enum):
    """What is wanted of a solve."""

    GO_ON = auto()
    STOP = auto()
    ABANDON = auto()


class AbandonedError(Exception):
    """Nobody wanted the answer any more; the process was killed."""


class PlannerEndedError(Unavailable):
    """The process died; the same task may well succeed in another."""


OnBeat = Callable[[Progress | None], Order]
"""Told the latest progress several times a second (None before the first); answers what is wanted."""


class Planner:
    """One process that solves one task at a time; used from one thread.

    `patience_s` is how long a solve may take beyond its budget, or after it was asked to stop, before it is killed;
    `warm_up_s` how long a new process may take to be ready; `nice` how far it steps back before the pages.
    """

    def __init__(self, *, patience_s: float = 30.0, warm_up_s: int = WARM_UP_S, nice: int = NICE) -> None:
        """Prepare; the process itself starts at the first use, or with `start`."""
        self._patience_s = patience_s
        self._warm_up_s = warm_up_s
        self._nice = nice
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._is_ready = False
        self._number = 0

    @property
    def pid(self) -> int | None:
        """Give the id of the process, None where none runs."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def start(self) -> None:
        """Start the process if none runs, without waiting until it is warm."""
        if self.pid is not None:
            return
        self.end()
        # Spawned: a fork of a process with threads may hang on a lock that one of them held.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._nice), name="laluan-planner", daemon=True)
        # Ctrl-C goes to everybody at the terminal. The child inherits what is blocked here, from its first moment on.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with _births_and_deaths:
                self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._connection = ours
        self._is_ready = False

    def end(self) -> None:
        """Kill the process, whatever it does; the next use starts another."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            with _births_and_deaths:
                self._process.kill()
                self._process.join()
                self._process.close()
        self._process = self._connection = None

    def solve(self, problem: DayProblem, start: Plan | None, *, budget: Budget, seed: int, on_beat: OnBeat) -> Result:
        """Solve a problem in the process and give the answer.

        Raises `BadInput` where the problem cannot be solved as it is, `AbandonedError` where `on_beat` said so, and
        `Unavailable` where the process died (`PlannerEndedError`), failed, or had to be killed for taking too long.
        """
        self._number += 1
        task = Task(number=self._number, problem=problem, start=start, budget=budget, seed=seed)
        answer = self._done(task, on_beat)
        assert isinstance(answer, Solved), "a task is answered by its result"
        return answer.result

    def answer(self, document: str, *, budget: Budget, seed: int, on_beat: OnBeat) -> str:
        """Solve in the process what a program sent, and give the JSON it is told; raises what `solve` raises."""
        self._number += 1
        answer = self._done(Asked(number=self._number, document=document, budget=budget, seed=seed), on_beat)
        assert isinstance(answer, Answered), "what a program sent is answered by what it is told"
        return answer.answer

    def _done(self, task: Task | Asked, on_beat: OnBeat) -> Solved | Answered:
        """Hand a task to the process and give its answer; whatever goes wrong on the way ends the process."""
        self.start()
        talk = _Talk(task, on_beat, self._patience_s)
        try:
            connection = self._warm(talk)
            send(connection, task)
            return talk.until_answered(connection)
        except (EOFError, OSError) as error:
            self.end()
            raise PlannerEndedError("job.planner_ended") from error
        except BaseException as error:
            if not isinstance(error, BadInput | _FaultError):
                self.end()
            raise

    def _warm(self, talk: "_Talk") -> Connection:
        """Wait until the process is ready for its first task."""
        assert self._connection is not None, "start() was called"
        if not self._is_ready:
            talk.until_ready(self._connection, self._warm_up_s)
            self._is_ready = True
        return self._connection


class _FaultError(Unavailable):
    """The process met a fault in one task, and is ready for the next."""


class _Talk:
    """One task's conversation with the process."""

    def __init__(self, task: Task | Asked, on_beat: OnBeat, patience_s: float) -> None:
        self._task = task
        self._on_beat = on_beat
        self._patience_s = patience_s
        self._progress: Progress | None = None
        self._stop_sent = False

    def until_ready(self, connection: Connection, limit_s: int) -> None:
        """Wait for the process to be warm, while the runner beats the lease; a stop waits for the task."""
        deadline = time.monotonic() + limit_s
        while not (connection.poll(LOOK_S) and isinstance(receive(connection), Ready)):
            self._ask()
            if time.monotonic() > deadline:
                raise Unavailable("job.planner_not_ready", limit_s=limit_s)

    def until_answered(self, connection: Connection) -> Solved | Answered:
        """Take in what the process says until it answers, passing on what is wanted of it."""
        seconds = self._task.budget.seconds
        deadline = None if seconds is None else time.monotonic() + seconds + self._patience_s
        while True:
            if connection.poll(LOOK_S):
                answer = self._take_in(receive(connection))
                if answer is not None:
                    return answer
            if self._ask() is Order.STOP and not self._stop_sent:
                send(connection, Stop(number=self._task.number))
                self._stop_sent = True
                deadline = time.monotonic() + self._patience_s
            if deadline is not None and time.monotonic() > deadline:
                raise Unavailable("job.planner_too_slow", limit_s=round(self._patience_s))

    def _ask(self) -> Order:
        order = self._on_beat(self._progress)
        if order is Order.ABANDON:
            raise AbandonedError
        return order

    def _take_in(self, message: Any) -> Solved | Answered | None:
        """Give the answer, if the message is one."""
        match message:
            case Going(progress=progress):
                self._progress = progress
            case Solved() | Answered():
                answer: Solved | Answered = message
                return answer
            case Refused(code=code, values=values):
                raise BadInput(code, **dict(values))
            case Faulty(trace=trace):
                logging.getLogger(__name__).error("The planner failed:\n%s", trace)
                raise _FaultError("job.planner_failed")
            case _:
                raise TypeError(f"The planner's process said {type(message).__name__}, which is no answer.")
        return None
