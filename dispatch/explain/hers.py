"""Why a therapist's route is as it is, in sentences for herself; the same rules are asked as for the board."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.explain.why import why
from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import VisitTime
from dispatch.rules.compiled import compile_problem
from dispatch.rules.retime import retime
from dispatch.rules.route import evaluate_route


@dataclass(frozen=True, slots=True, kw_only=True)
class HerRoute:
    """A therapist's route in sentences: why its order, and why each visit is hers."""

    order: Said | None
    visits: tuple[tuple[str, Said], ...]


def why_hers(problem: DayProblem, plan: Plan, therapist_id: str) -> HerRoute:
    """Say why a therapist's visits are hers and in this order; nothing is said of who her colleagues are."""
    route = retime(problem, plan).route_of(therapist_id)
    visits = route.visits()
    return HerRoute(
        order=_order(problem, plan, therapist_id) if len(visits) > 1 else None,
        visits=tuple((visit.visit_id, _why(problem, plan, visit)) for visit in visits),
    )


def _order(problem: DayProblem, plan: Plan, therapist_id: str) -> Said:
    """Say what exchanging two neighbours would come to."""
    compiled = compile_problem(problem)
    t = compiled.therapist_index[therapist_id]
    mine = [compiled.visit_index[visit] for visit in plan.route_of(therapist_id).visit_ids()]
    base = evaluate_route(compiled, t, mine)
    late = farther = 0
    for at in range(len(mine) - 1):
        other = [*mine]
        other[at : at + 2] = reversed(other[at : at + 2])
        value = evaluate_route(compiled, t, other)
        if not value.feasible:
            late += 1
        elif value.points >= base.points:
            farther += 1
    pairs = len(mine) - 1
    if late + farther < pairs or not base.feasible:
        return said("hers.order_open")
    if late == pairs:
        return said("hers.order_times")
    return said("hers.order_way") if farther == pairs else said("hers.order_both", late=late, farther=farther)


def _why(problem: DayProblem, plan: Plan, visit: VisitTime) -> Said:
    """Give the first reason that holds, the firmest first."""
    booking = problem.booking(visit.booking_id)
    if any(lock.visit_id == visit.visit_id and lock.therapist_id == visit.therapist_id for lock in problem.locks):
        return said("hers.why_fixed")
    if visit.therapist_id in {*booking.preferred_therapists, *booking.only_therapists}:
        return said("hers.why_wished")
    if _knows(booking, visit.therapist_id):
        return said("hers.why_known")
    holders = {name for name in (route.therapist_id for route in plan.routes) if _serves(plan, name, visit.booking_id)}
    others = [
        one.said.code for one in why(problem, plan, visit.booking_id).per_therapist if one.therapist_id not in holders
    ]
    could = sum(code in {"why.fits", "why.no_partner"} for code in others)
    full = sum(code == "why.day_full" for code in others)
    if could:
        return said("hers.why_way", count=could, travel_s=visit.travel_s)
    if full:
        return said("hers.why_full", count=full)
    return said("hers.why_only")


def _serves(plan: Plan, therapist_id: str, booking_id: str) -> bool:
    return any(visit.rpartition("/")[0] == booking_id for visit in plan.route_of(therapist_id).visit_ids())


def _knows(booking: DayBooking, therapist_id: str) -> bool:
    return any(one.therapist_id == therapist_id for one in booking.familiar)
