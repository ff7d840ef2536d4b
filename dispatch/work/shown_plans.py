"""A day's plan for whoever only reads it: the one worked on, or the one therapists see, with the times that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dispatch.errors import NotFound
from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.model.plan import Plan, Revision
from dispatch.model.timetable import Timetable, Violation
from dispatch.work.days import day_names
from dispatch.work.doing import branch_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlan:
    """A revision's plan fitted to the day as it is now; `names` gives display names for the ids in sentences."""

    day: date
    branch: Branch
    revision: Revision
    is_published: bool
    plan: Plan
    timetable: Timetable
    violations: tuple[Violation, ...]
    names: Mapping[str, str] = field(default_factory=dict)


def shown_plan(services: Services, actor: Actor, day: date, *, published: bool) -> ShownPlan:
    """Give the published plan of a day, or the one worked on; `NotFound` where there is none."""
    allow(actor, Permission.READ_DAY)
    from dispatch.work.remembered import judged

    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        pointers = tx.pointers(branch.id, day)
        revision_id = pointers.published_id if published else pointers.head_id
        if revision_id is None:
            raise NotFound("api.not_published" if published else "publish.no_plan", day=day.isoformat())
        revision = tx.revision(revision_id)
        problem = build_problem(tx, services, branch, day)
        names = day_names(tx, branch, day)
    known = judged(problem, reconcile(problem, revision.plan))
    return ShownPlan(
        day=day,
        branch=branch,
        revision=revision,
        is_published=revision_id == pointers.published_id,
        plan=known.plan,
        timetable=known.timetable,
        violations=known.violations,
        names=names,
    )
