"""Start times to offer to a caller: the best ones for one more booking in the plan as it is.

All others keep their therapist and their order; what stands behind the new visit may start later, as long as it keeps
its own rules. The answer is the same as from trying every therapist, every position and every five minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.slot import Draft, Slot

if TYPE_CHECKING:
    from dispatch.explain.slots_scene import Found

SPREAD_S = 1_800
"""Two offers lie at least this far apart, where there are enough others: a caller wants a real choice."""


def suggest(problem: DayProblem, plan: Plan, draft: Draft, *, limit: int = 3) -> list[Slot]:
    """Give the best start times for a draft, each with its therapists and whom it makes wait, cheapest first.

    Starts lie on five-minute steps inside the draft's windows; each is offered once, with the therapists who add the
    fewest points (of equals, the first of the day's list). Two offers less than half an hour apart are given only where
    nothing else is left. A booking of the draft's id is taken out of the plan first. Raises what `compile_problem`
    raises, and `BadInput` for a draft whose treatment has begun.
    """
    return [slot for slot, _ in offers(problem, plan, draft, limit=limit)]


def offers(problem: DayProblem, plan: Plan, draft: Draft, *, limit: int = 3) -> list[tuple[Slot, Plan]]:
    """Give what `suggest` gives, each slot with the plan it would lead to; breaks of those who come are placed anew."""
    from dispatch.explain.slots_scene import scene_of  # brings Numba along, which nobody else should wait for
    from dispatch.explain.slots_search import Search
    from dispatch.rules.compiled import remember

    scene = scene_of(problem, plan, draft.booking)
    search = Search(scene)
    chosen: list[Found] = []
    while len(chosen) < limit:
        found = search.cheapest([one.start_s for one in chosen], SPREAD_S) or search.cheapest([], 0)
        if found is None:
            break
        chosen.append(found)
    remember(scene.base)  # the next caller asks about the same day
    return [(scene.slot(one), scene.whole_plan(one)) for one in chosen]
