"""The planner's own process: compiled once, then solving one task after the other until its parent is gone.

A process and not a thread, so that a solve can be killed, and so that its faults and its memory are not the server's.
"""

import json
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from dispatch.errors import LaluanError, Several
from dispatch.jobs.messages import (
    Answered,
    Asked,
    Faulty,
    Going,
    Message,
    Ready,
    Refused,
    Solved,
    Stop,
    Task,
    receive,
    send,
)
from dispatch.jobs.warm import tiny_problem
from dispatch.model.outcome import Budget, Progress

NICE = 10
"""How far the planner steps back before the pages: it takes what they leave of the processors."""

TELL_S = 0.1
"""The least time between two messages about the same task, in seconds."""


def serve(connection: Connection, nice: int = NICE) -> None:
    """Solve what is sent until the other end closes; then end at once, in the middle of a task too."""
    os.nice(nice)
    tasks: queue.SimpleQueue[Task | Asked] = queue.SimpleQueue()
    stopped: set[int] = set()
    threading.Thread(target=_listen, args=(connection, tasks, stopped), daemon=True).start()

    from dispatch.rules.chance import chances
    from dispatch.solve import solve

    warmed = solve(tiny_problem(), budget=Budget(rounds=1))
    # The board asks for these; compiled here once, they are in the cache before the first page is.
    chances(tiny_problem(), warmed.plan)
    send(connection, Ready())
    while True:
        task = tasks.get()
        send(connection, _answer(connection, task, stopped))


def _listen(connection: Connection, tasks: "queue.SimpleQueue[Task | Asked]", stopped: set[int]) -> None:
    """Take in tasks and stops while the planner works; without a parent there is nothing left to work for."""
    while True:
        try:
            message = receive(connection)
        except (EOFError, OSError):
            # Not sys.exit: the solve in the main thread would go on to its end.
            os._exit(0)
        except Exception:  # noqa: BLE001 - a message nobody understands: the parent must not wait for its answer
            traceback.print_exc()
            os._exit(1)
        if isinstance(message, Task | Asked):
            tasks.put(message)
        elif isinstance(message, Stop):
            stopped.add(message.number)


def _answer(connection: Connection, task: Task | Asked, stopped: set[int]) -> Message:
    """Solve one task and give what to say about it."""
    from dispatch.solve import solve

    told = 0.0

    def tell(progress: Progress) -> bool:
        nonlocal told
        if time.monotonic() - told >= TELL_S:
            told = time.monotonic()
            send(connection, Going(number=task.number, progress=progress))
        return task.number in stopped

    try:
        if isinstance(task, Asked):
            return Answered(number=task.number, answer=_document_answered(task, tell))
        result = solve(task.problem, budget=task.budget, start=task.start, seed=task.seed, on_progress=tell)
    except LaluanError as error:
        first = error.errors[0] if isinstance(error, Several) else error
        return Refused(number=task.number, code=first.code, values=tuple(first.values.items()))
    except Exception:  # noqa: BLE001 - whatever it is, the parent must hear of it instead of waiting
        return Faulty(number=task.number, trace=traceback.format_exc())
    return Solved(number=task.number, result=result)


def _document_answered(task: Asked, tell: Callable[[Progress], bool]) -> str:
    """Give the answer to what a program sent."""
    from dispatch.wiring import travel_engine
    from dispatch.work.solving import solve_document

    return json.dumps(
        solve_document(task.document, travel=travel_engine(), budget=task.budget, seed=task.seed, on_progress=tell)
    )
