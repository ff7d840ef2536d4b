"""Steps of a plan and their way back: which visits a step touched, and the plan without it, others' steps kept."""

from collections.abc import Collection, Iterable

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop


def touched(before: Plan, after: Plan) -> frozenset[str]:
    """Give the visits that have another therapist after a step, none, or one at last, and those whose order it changed.

    Where a route keeps its visits and only their order changed, those that stand elsewhere among the others are given.
    """
    was, now = _therapists(before), _therapists(after)
    found = {visit for visit in was.keys() | now.keys() if was.get(visit) != now.get(visit)}
    for name in set(was.values()) & set(now.values()):
        old = [visit for visit in before.route_of(name).visit_ids() if visit not in found]
        new = [visit for visit in after.route_of(name).visit_ids() if visit not in found]
        found |= {visit for visit, other in zip(new, old, strict=True) if visit != other}
    return frozenset(found)


def without_step(head: Plan, *, before: Plan, after: Plan) -> Plan:
    """Give a later plan with the step from `before` to `after` taken back; what others changed since stays.

    Routes that nobody changed since are as they were before the step, breaks included. In others the visits the step
    touched go back behind the visit they followed. Nothing is said about the rules, nor about bookings left out, whose
    reasons are those of both plans.
    """
    back = touched(before, after)
    names = dict.fromkeys(route.therapist_id for plan in (before, head) for route in plan.routes)
    routes = []
    for name in names:
        if head.route_of(name) == after.route_of(name):
            stops: Iterable[Stop] = before.route_of(name).stops
        else:
            stops = _merged(head.route_of(name), before.route_of(name), back)
        routes.append(Route(therapist_id=name, stops=tuple(stops)))
    kept = tuple(route for route in routes if route.visit_ids())
    served = Plan(routes=kept).served()
    reasons = {one.booking_id: one for one in (*head.left_out, *before.left_out)}
    return Plan(routes=kept, left_out=tuple(one for name, one in sorted(reasons.items()) if name not in served))


def _merged(route: Route, before: Route, back: Collection[str]) -> list[Stop]:
    """Give a route that somebody changed since: without the step's visits, and with those that were here before it."""
    stops = [stop for stop in route.stops if not (_is_visit(stop) and stop.id in back)]
    here: Stop | None = None
    for stop in filter(_is_visit, before.stops):
        if stop.id in back:
            stops.insert(stops.index(here) + 1 if here is not None else _first_visit(stops), stop)
            here = stop
        elif stop in stops:
            here = stop
    return stops


def _first_visit(stops: list[Stop]) -> int:
    return next((number for number, stop in enumerate(stops) if _is_visit(stop)), len(stops))


def _is_visit(stop: Stop) -> bool:
    return stop.kind is StopKind.VISIT


def _therapists(plan: Plan) -> dict[str, str]:
    return {visit: route.therapist_id for route in plan.routes for visit in route.visit_ids()}
