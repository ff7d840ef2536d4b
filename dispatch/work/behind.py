"""A day that runs behind, for whoever mends it: as it was planned, and as it runs by the reports and the clock."""

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.model.facts import standing
from dispatch.model.told import fold_told
from dispatch.work.history import visits_of
from dispatch.work.seen import SeenDay

if TYPE_CHECKING:
    from dispatch.store import Reading


def as_it_runs(tx: "Reading", seen: SeenDay) -> tuple[SeenDay, SeenDay]:
    """Give today as it was planned and as it runs; nothing is kept of either."""
    from dispatch.explain.held_up import held_up

    assert seen.now_s is not None
    now_s = seen.now_s // 60 * 60
    events = tx.events(seen.branch.id, [visit for one in seen.bookings.values() for visit in visits_of(one)])
    problem, plan = held_up(seen.problem, seen.plan, now_s=now_s, told=fold_told(standing(events)))
    planned = replace(seen, problem=replace(seen.problem, facts=(), now_s=None))
    return planned, replace(seen, problem=problem, plan=plan)
