"""When a solve ends, and what it says on the way: the only place of the planner that reads a clock.

Without `Budget.seconds` the clock has no say: rounds alone decide, so that the same call gives the same plan.
"""

import threading
import time
from collections.abc import Callable

from dispatch.errors import BadInput
from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Budget, Certificate, Progress

REPORT_EVERY_S = 0.2
REPORT_EVERY_ROUNDS = 10


class Watch:
    """Counts rounds and seconds against a budget, reports progress and remembers whether it was asked to stop."""

    def __init__(self, budget: Budget, on_progress: Callable[[Progress], bool | None] | None) -> None:
        """Take a budget; raises `BadInput` for one that would never end."""
        if budget.rounds is None and budget.seconds is None:
            raise BadInput("solve.no_budget")
        self._budget = budget
        self._thread = threading.get_ident()
        self._on_progress = on_progress
        self._reported_at = 0.0
        self.begin()
        self._reported_rounds = -1
        self._percent = 0
        self.rounds = 0
        self.asked = False
        self.phase = "plan.phase_first"
        self.figures = (0, 0, 0)
        self.proven: Callable[[], Certificate] = Certificate

    def begin(self) -> None:
        """Let the seconds count from now: what was prepared before (compiled, imported) is not the search's."""
        self._began = time.monotonic()
        self._kept_s = 0.0

    def keep(self, seconds: float) -> None:
        """Keep so many seconds of the budget, a quarter of it at most, for what comes after the search."""
        if self._budget.seconds is not None:
            self._kept_s = min(seconds, self._budget.seconds / 4)

    def used(self) -> float:
        """Give the share of the budget used so far, 0 to 1."""
        shares = [0.0]
        if self._budget.rounds is not None:
            shares.append(self.rounds / self._budget.rounds if self._budget.rounds > 0 else 1.0)
        if self._budget.seconds is not None:
            elapsed = time.monotonic() - self._began + self._kept_s
            shares.append(elapsed / self._budget.seconds if self._budget.seconds > 0 else 1.0)
        return min(1.0, max(shares))

    def seconds_left(self) -> float | None:
        """Give the seconds left of the budget; None where only rounds count."""
        if self._budget.seconds is None:
            return None
        return max(0.0, self._budget.seconds - self._kept_s - (time.monotonic() - self._began))

    def seconds_used(self) -> float:
        """Give the seconds since the solve began."""
        return time.monotonic() - self._began

    def over(self) -> bool:
        """Tell whether the solve must end: asked to, or the budget is used up."""
        return self.asked or self.used() >= 1.0

    def why(self) -> StopReason:
        """Give the reason for an end that nothing was proven at."""
        return StopReason.ASKED if self.asked else StopReason.BUDGET

    def enter(self, phase: str, *, served: int, left_out: int, points: int) -> None:
        """Begin a phase and report it with the best plan's figures."""
        self.phase = phase
        self.figures = (served, left_out, points)
        self._report()

    def round_done(self, *, served: int, left_out: int, points: int) -> None:
        """Count a round, and report where it is time to."""
        self.rounds += 1
        self.figures = (served, left_out, points)
        self.look()

    def look(self) -> None:
        """Report where it is time to: every fifth of a second, and every few rounds where only rounds count."""
        if threading.get_ident() != self._thread:
            # Whoever listens is told by one thread only.
            return
        # Listening by the clock changes no plan: without seconds, only being asked to stop ends a solve early.
        due = self.rounds - self._reported_rounds >= REPORT_EVERY_ROUNDS and self._budget.seconds is None
        if due or time.monotonic() - self._reported_at >= REPORT_EVERY_S:
            self._report()

    def _report(self) -> None:
        """Tell the listener how the solve stands, and hear whether it should stop."""
        self._reported_at = time.monotonic()
        self._reported_rounds = self.rounds
        self._percent = max(self._percent, int(100 * self.used()))
        if self._on_progress is None:
            return
        served, left_out, points = self.figures
        progress = Progress(
            percent=self._percent,
            rounds=self.rounds,
            served=served,
            left_out=left_out,
            points=points,
            phase=self.phase,
            certificate=self.proven(),
        )
        if self._on_progress(progress):
            self.asked = True
