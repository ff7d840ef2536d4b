"""The planner for problems that programs send: a process of its own, made when one is sent and ended when none comes.

So a program does not wait for the company's days to be planned, nor they for the program.
"""

import json
import threading
from typing import Any

from dispatch.errors import Unavailable
from dispatch.jobs.planner import AbandonedError, Order, Planner, PlannerEndedError
from dispatch.model.outcome import Budget, Progress

PATIENCE_S = 15
"""How long an answer may take beyond the seconds asked for, before its process is killed."""

WARM_UP_S = 60
"""How long a program waits for a new process; compiling it for the first time is the runner's to wait for."""

NICE = 15
"""How far it steps back: behind the pages, and behind the process that plans the company's days."""

IDLE_S = 120.0
"""How long the process stays warm for the next question, in seconds."""

_TOLD = {
    "job.planner_failed": "vroom.planner_failed",
    "job.planner_not_ready": "vroom.planner_not_ready",
    "job.planner_too_slow": "vroom.planner_too_slow",
}
"""What is said of a plan that was asked for, and what a program is told instead."""


class AskedPlanner:
    """Solves what programs send, in a process made for the first of them and ended when no other comes for a while.

    Call it from any thread; a second call waits for the first. `end` it when the server ends.
    """

    def __init__(self, planner: Planner | None = None, *, idle_s: float = IDLE_S) -> None:
        """Prepare; no process runs before the first question."""
        self._planner = planner or Planner(patience_s=PATIENCE_S, warm_up_s=WARM_UP_S, nice=NICE)
        self._idle_s = idle_s
        self._turn = threading.Lock()
        self._ending = threading.Event()
        self._bedtime: threading.Timer | None = None

    def __call__(self, document: str, budget: Budget, seed: int) -> dict[str, Any]:
        """Give the answer to a document; `BadInput` where it is wrong, `Unavailable` where the planner had none."""
        with self._turn:
            self._stay_up()
            if self._ending.is_set():
                raise Unavailable("vroom.ending")
            try:
                answer: dict[str, Any] = json.loads(
                    self._planner.answer(document, budget=budget, seed=seed, on_beat=self._wanted)
                )
            except AbandonedError as error:
                raise Unavailable("vroom.ending") from error
            except (PlannerEndedError, OSError) as error:
                raise Unavailable("vroom.planner_ended") from error
            except Unavailable as error:
                if error.code not in _TOLD:
                    raise
                raise Unavailable(_TOLD[error.code], **error.values) from error
            finally:
                self._wait_for_more()
        return answer

    def give_up(self) -> None:
        """Let a question under way be told that the server ends, and every later one, without waiting for it."""
        self._ending.set()

    def end(self) -> None:
        """End the process; whoever still asks is told that the server ends."""
        self.give_up()
        with self._turn:
            self._stay_up()
            self._planner.end()

    def _wanted(self, progress: Progress | None) -> Order:
        del progress
        return Order.ABANDON if self._ending.is_set() else Order.GO_ON

    def _stay_up(self) -> None:
        """Let the process run for now."""
        if self._bedtime is not None:
            self._bedtime.cancel()
            self._bedtime = None

    def _wait_for_more(self) -> None:
        """End the process a while from now, unless somebody asks again."""
        if not self._ending.is_set() and self._planner.pid is not None:
            self._bedtime = threading.Timer(self._idle_s, self._rest)
            self._bedtime.daemon = True
            self._bedtime.start()

    def _rest(self) -> None:
        """End the process, if it has nothing to do."""
        if self._turn.acquire(blocking=False):
            try:
                self._planner.end()
            finally:
                self._turn.release()
