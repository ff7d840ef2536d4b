"""The smallest repair of a broken plan: only the visits that cannot stay move, everybody else keeps hers.

What stands against a rule is taken out, breaks are placed anew where they must be, and what was taken out is put
back where it costs least. The planner, which may move anybody, is asked apart.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dispatch.explain.moves import locks_at, with_locks
from dispatch.explain.slots import offers
from dispatch.model.kinds import StopKind
from dispatch.model.plan import LeftOut, Plan, Route, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.model.slot import Draft
from dispatch.model.timetable import Violation
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.referee import check
from dispatch.rules.route import evaluate_route


def mended(problem: DayProblem, plan: Plan, lost: Collection[str]) -> tuple[DayProblem, Plan] | None:
    """Give the day (with the starts it fixes) and a plan that breaks no rule, moving only what is broken or lost.

    `lost` are bookings the plan does not serve any more. None where what is broken cannot be taken out.
    """
    found = _clean(problem, plan)
    if found is None:
        return None
    plan, out = found
    homeless = sorted({*out, *lost} - plan.served(), key=lambda name: (-_priority(problem, name), name))
    for name in homeless:
        problem, plan = _put_back(problem, plan, name)
    return problem, _named(problem, plan)


def _clean(problem: DayProblem, plan: Plan) -> tuple[Plan, set[str]] | None:
    """Give the plan without what breaks rules, and the bookings taken out of it."""
    out: set[str] = set()
    tidied: set[str] = set()
    compiled = compile_problem(problem)
    begun = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    while breaches := check(problem, _named(problem, plan)):
        breach = breaches[0]
        if breach.therapist_id and breach.therapist_id not in tidied:
            tidied.add(breach.therapist_id)
            plan = _with_breaks(compiled, plan, breach.therapist_id)
            continue
        name = _to_take_out(problem, compiled, plan, breach, begun)
        if name is None:
            return None
        out.add(name)
        tidied.discard(breach.therapist_id)
        plan = _taken_out(plan, name)
    return _named(problem, plan), out


def _to_take_out(
    problem: DayProblem, compiled: Compiled, plan: Plan, breach: Violation, begun: Collection[str]
) -> str | None:
    """Give the booking to take out for a breach: of those that would mend her route the least urgent and shortest."""
    route = plan.route_of(breach.therapist_id)
    mine = list(dict.fromkeys(booking_of(visit)[0] for visit in route.visit_ids()))
    able = [name for name in mine if name not in begun]
    enough = [name for name in able if _is_feasible(compiled, _taken_out(plan, name), breach.therapist_id)]
    if enough:
        return min(enough, key=lambda name: (name != breach.booking_id, _priority(problem, name), name))
    if breach.booking_id and breach.booking_id not in begun and breach.booking_id in plan.served():
        return breach.booking_id
    return able[-1] if able else None


def _put_back(problem: DayProblem, plan: Plan, name: str) -> tuple[DayProblem, Plan]:
    """Put a booking where it costs least, its start fixed only where it would else be another; left out if nowhere."""
    for slot, new in offers(problem, plan, Draft(booking=problem.booking(name)), limit=1):
        if not check(problem, _named(problem, new)):
            return problem, new
        fixed = with_locks(problem, locks_at(problem, name, slot.start_s))
        if not check(fixed, _named(fixed, new)):
            return fixed, new
    return problem, plan


def _with_breaks(compiled: Compiled, plan: Plan, therapist_id: str) -> Plan:
    """Give the plan with one therapist's breaks where they cost least, unchanged where her route is not possible."""
    t = compiled.therapist_index.get(therapist_id)
    visits = [compiled.visit_index[one] for one in plan.route_of(therapist_id).visit_ids()]
    if t is None or not visits:
        return plan
    value = evaluate_route(compiled, t, visits)
    if not value.feasible:
        return plan
    new = Route(therapist_id=therapist_id, stops=value.stops)
    return replace(plan, routes=tuple(new if one.therapist_id == therapist_id else one for one in plan.routes))


def _is_feasible(compiled: Compiled, plan: Plan, therapist_id: str) -> bool:
    t = compiled.therapist_index.get(therapist_id)
    visits = [compiled.visit_index[one] for one in plan.route_of(therapist_id).visit_ids()]
    return t is not None and (not visits or evaluate_route(compiled, t, visits).feasible)


def _taken_out(plan: Plan, name: str) -> Plan:
    routes = (
        replace(
            route,
            stops=tuple(one for one in route.stops if one.kind is StopKind.BREAK or booking_of(one.id)[0] != name),
        )
        for route in plan.routes
    )
    return replace(plan, routes=tuple(route for route in routes if route.visit_ids()))


def _named(problem: DayProblem, plan: Plan) -> Plan:
    """Give the plan with every booking it does not serve left out by name, once, and none that it serves."""
    served = plan.served()
    reasons = {one.booking_id: one for one in plan.left_out if one.booking_id not in served}
    return replace(
        plan,
        left_out=tuple(
            reasons.get(one.id) or LeftOut(booking_id=one.id, reason=said("plan.not_planned_yet", booking_id=one.id))
            for one in problem.bookings
            if one.id not in served
        ),
    )


def _priority(problem: DayProblem, name: str) -> int:
    return problem.booking(name).priority
