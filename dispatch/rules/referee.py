"""The referee: every rule there is, and whether a plan keeps them. No plan it refuses is saved."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Timetable, Violation
from dispatch.rules import plan_rules, route_rules
from dispatch.rules.assignment import ASSIGNMENT_RULES
from dispatch.rules.context import Context, context_of


class Rule(NamedTuple):
    """A rule: its code, whether it may be waived, the code of its sentence, and the function that finds breaches."""

    code: str
    waivable: bool
    sentence: str
    find: Callable[[Context], Iterator[Violation]]


PROTECTIVE = frozenset(
    {
        "unknown_therapist",
        "unknown_visit",
        "unknown_break",
        "route_twice",
        "break_twice",
        "duplicate_visit",
        "same_therapist_twice",
        "seats_missing",
        "unknown_left_out",
        "left_out_twice",
        "left_out_served",
        "fact_moved",
        "skill_missing",
        "refused",
        "start_together",
        "cycle",
        "horizon",
    }
)
"""Rules nobody can set aside; `docs/reference/rules.md` says why for each."""


def _rule(find: Callable[[Context], Iterator[Violation]]) -> Rule:
    """Give the rule that a function of its name finds the breaches of."""
    code = getattr(find, "__name__", "")
    return Rule(code, code not in PROTECTIVE, f"rule.{code}", find)


RULES: tuple[Rule, ...] = tuple(
    map(
        _rule,
        (
            plan_rules.unknown_therapist,
            plan_rules.unknown_visit,
            plan_rules.unknown_break,
            plan_rules.route_twice,
            plan_rules.break_twice,
            plan_rules.duplicate_visit,
            plan_rules.same_therapist_twice,
            plan_rules.seats_missing,
            plan_rules.unknown_left_out,
            plan_rules.left_out_twice,
            plan_rules.left_out_served,
            plan_rules.fact_moved,
            *(plan_rules.assigned(rule) for rule in ASSIGNMENT_RULES),
            plan_rules.cycle,
            plan_rules.start_together,
            plan_rules.link_gap,
            route_rules.lock_time,
            route_rules.window_missed,
            route_rules.outside_shift,
            route_rules.shift_end,
            route_rules.rest_too_short,
            route_rules.break_missing,
            route_rules.break_late,
            route_rules.work_limit,
            route_rules.travel_limit,
            route_rules.visits_limit,
            route_rules.consecutive_limit,
            route_rules.horizon,
        ),
    )
)
"""Every rule, in the order its breaches are told."""


def check(problem: DayProblem, plan: Plan, timetable: Timetable | None = None) -> list[Violation]:
    """Give every breach of a rule by a plan, what is waived or past left out; empty where the plan may be saved."""
    return violations(context_of(problem, plan, timetable))


def violations(context: Context) -> list[Violation]:
    """Give every breach in a context, in the order of the rules."""
    waived = context.compiled.waived
    return [
        found
        for rule in RULES
        for found in rule.find(context)
        if not (rule.waivable and (found.rule, found.subject_id) in waived)
    ]
