"""What the server and the planner's process say to each other: one JSON document a message, nothing that runs code."""

import json
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from dispatch.model.codec import from_json, to_json
from dispatch.model.outcome import Budget, Progress, Result
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A problem to solve; `number` tells the answers to it from those to an earlier task."""

    number: int
    problem: DayProblem
    start: Plan | None
    budget: Budget
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A problem as a program sent it, in VROOM's JSON or in ours; `number` as a task's."""

    number: int
    document: str
    budget: Budget
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Asks for the best plan found so far."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The planner is compiled and waits for its first task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """How a task stands."""

    number: int
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A task's answer."""

    number: int
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer to a problem that a program sent, as the JSON it is told."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A task that cannot be solved as it was given: the code and values of the sentence that says why."""

    number: int
    code: str
    values: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty:
    """A task the planner failed at by a fault of its own, with what a programmer needs to find it."""

    number: int
    trace: str


Message: TypeAlias = Task | Asked | Stop | Ready | Going | Solved | Answered | Refused | Faulty

_KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (Task, Asked, Stop, Ready, Going, Solved, Answered, Refused, Faulty)
}


def send(connection: Connection, message: Message) -> None:
    """Send one message; raises `OSError` where nobody is at the other end."""
    connection.send_bytes(json.dumps([type(message).__name__, to_json(message)]).encode())


def receive(connection: Connection) -> Any:
    """Wait for the next message; raises `EOFError` or `OSError` where nobody is at the other end any more."""
    kind, value = json.loads(connection.recv_bytes())
    return from_json(_KINDS[kind], value)
