"""What goes into a solve and what comes out of it."""

from dataclasses import dataclass

from dispatch.model.kinds import StopReason
from dispatch.model.plan import Plan
from dispatch.model.timetable import Cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long a solve may take: rounds of improvement (counted, for the same answer twice), seconds, or both.

    Once a day is under way and brings no news, the published plan stands; `improve` looks for a better one all the same.
    With `threads`, so many processor cores work on it; a count of rounds gives the same plan whatever their number.
    """

    rounds: int | None = None
    seconds: float | None = None
    improve: bool = False
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the planner proves about every plan the referee accepts; None where it proves nothing yet.

    With `margin_s` above nought: about every plan that also starts what is newly planned so long before its window's end
    (`dispatch.solve.margin`).
    """

    served_at_most: int | None = None
    priority_at_most: int | None = None
    served_at_most_so: int | None = None
    cost_at_least_points: int | None = None
    proven_best: bool = False
    margin_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a running solve stands: share done (0 to 100), rounds, the best plan's figures so far, and the phase (a code).

    Holds are not counted. `certificate` is what is proven by now; that the plan is the best is only said at the end.
    """

    percent: int
    rounds: int
    served: int
    left_out: int
    points: int
    phase: str
    certificate: Certificate = Certificate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A solve's answer: a plan the referee accepts, its cost by term, what is proven, and why the solve stopped."""

    plan: Plan
    cost: Cost
    certificate: Certificate
    stopped: StopReason
    rounds: int
    seed: int
