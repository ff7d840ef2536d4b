"""What was worked out of a day a moment ago, used again where the day is still exactly that.

A dispatcher looks at the same day all the time: every hover of a drag, every card and every page asks for times, rules
and chances of it. Here nothing tells whether a day has changed but the day itself: it is built from the store for each
request, compared with those seen lately, and only an equal one takes over what was worked out. So nothing stale can be
given, whoever changed the day and however.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.explain.conflicts import DayConflict, conflicts
from dispatch.explain.figures import Figures, figures
from dispatch.model.chance import VisitChance
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Cost, Timetable, Violation

DAYS = 4
"""So many days are remembered; each holds a compiled problem with its matrices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A plan of a day with everything the rules say of it; chances by visit id."""

    problem: DayProblem
    plan: Plan
    timetable: Timetable
    chances: Mapping[str, VisitChance]
    cost: Cost
    violations: tuple[Violation, ...]
    figures: Figures
    conflicts: tuple[DayConflict, ...]


_problems: tuple[DayProblem, ...] = ()
_judged: tuple[Judged, ...] = ()


def same_problem(problem: DayProblem) -> DayProblem:
    """Give the equal problem that was seen lately, so that what is known of it is found again, or this one."""
    global _problems  # noqa: PLW0603 - replaced as a whole, so that threads never see half of it
    known = next((one for one in _problems if one == problem), problem)
    _problems = (known, *[one for one in _problems if one is not known][: DAYS - 1])
    return known


def judged(problem: DayProblem, plan: Plan) -> Judged:
    """Give what the rules say of a plan: times, chances, cost, breaches, figures."""
    global _judged  # noqa: PLW0603 - as above
    problem = same_problem(problem)
    known = next((one for one in _judged if one.problem is problem and one.plan == plan), None)
    if known is None:
        from dispatch.rules.chance import chances
        from dispatch.rules.cost import plan_cost
        from dispatch.rules.referee import check
        from dispatch.rules.retime import retime

        timetable = retime(problem, plan)
        sure = {one.visit_id: one for one in chances(problem, plan)}
        violations = tuple(check(problem, plan, timetable))
        known = Judged(
            problem=problem,
            plan=plan,
            timetable=timetable,
            chances=sure,
            cost=plan_cost(problem, plan, timetable),
            violations=violations,
            figures=figures(problem, plan, timetable, chances=sure.values()),
            conflicts=conflicts(problem, plan, timetable, violations=violations, chances=sure),
        )
    _judged = (known, *[one for one in _judged if one is not known][: DAYS - 1])
    return known
