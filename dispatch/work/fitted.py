"""The opening of every step of a day's plan: the day as it is now, the head's plan fitted to it, and that nobody moved it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from dispatch.errors import Conflict
from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.work.doing import branch_of
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedDay:
    """A day as it is now with the plan worked on (`head_id`) fitted to it; an empty plan where there is none."""

    day: date
    branch: Branch
    problem: DayProblem
    plan: Plan
    head_id: str | None

    def shown(self, head_id: str | None, refusal: str = "move.head_moved") -> Self:
        """Give the day to whoever was shown this head; `Conflict`, told by `refusal`, where a colleague moved it since."""
        if self.head_id != (head_id or None):
            raise Conflict(refusal, day=self.day.isoformat())
        return self


def fit_day(tx: "Reading", services: Services, actor: Actor, day: date) -> FittedDay:
    """Give a day of the actor's branch with the plan worked on."""
    branch = branch_of(tx, actor)
    problem = build_problem(tx, services, branch, day)
    head_id = tx.pointers(branch.id, day).head_id
    head = tx.revision(head_id).plan if head_id else Plan()
    return FittedDay(day=day, branch=branch, problem=problem, plan=reconcile(problem, head), head_id=head_id)
