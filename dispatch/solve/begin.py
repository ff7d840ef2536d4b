"""From a plan to a draft: what of a plan still holds on this day, and what has already happened first of all."""

from dataclasses import replace

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.rules.retime import retime
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft
from dispatch.solve.routes import Column, RouteBook


def reconciled(day: Day, plan: Plan) -> Plan:
    """Give what is left of a plan on this day: known visits once, with therapists who may, begun ones first.

    A booking that has lost a seat loses all. Breaks are kept where they were; nothing is added but what has begun.
    """
    compiled = day.compiled
    begun = {visit for head in day.heads for visit in head}
    kept: dict[int, list[Stop]] = {}
    seen: dict[int, int] = {visit: t for t, head in enumerate(day.heads) for visit in head}
    for route in plan.routes:
        t = compiled.therapist_index.get(route.therapist_id)
        if t is None or t in kept:
            continue
        kept[t] = []
        for stop in route.stops:
            visit = compiled.visit_index.get(stop.id) if stop.kind is StopKind.VISIT else None
            if stop.kind is StopKind.BREAK and stop.id in compiled.break_index[t] and stop not in kept[t]:
                kept[t].append(stop)
            elif visit is not None and visit not in seen and t in day.able[visit] and not _sits(day, seen, visit, t):
                seen[visit] = t
                kept[t].append(stop)
    lost = {
        visit
        for entry in day.entries
        if not entry.fixed and any(visit not in seen for visit in entry.visits)
        for visit in entry.visits
    }
    routes = []
    for t, name in enumerate(compiled.therapists):
        rest = [
            stop
            for stop in kept.get(t, [])
            if stop.kind is StopKind.BREAK or compiled.visit_index[stop.id] not in lost | begun
        ]
        stops = (*(compiled.visit_stops[visit] for visit in day.heads[t]), *rest)
        if any(stop.kind is StopKind.VISIT for stop in stops):
            routes.append(Route(therapist_id=name, stops=stops))
    return Plan(routes=tuple(routes))


def _sits(day: Day, seen: dict[int, int], visit: int, t: int) -> bool:
    """Tell whether a therapist already has another seat of the visit's booking."""
    return any(seen.get(other) == t for other in day.entries[day.entry_of[visit]].visits)


def draft_of(day: Day, book: RouteBook, plan: Plan) -> Draft:
    """Give a reconciled plan as a draft; bookings whose routes the rules do not allow are left out of it."""
    plan = replace(plan, left_out=())
    times = retime(day.problem, plan)
    starts = {
        day.compiled.visit_index[visit.visit_id]: visit.start_s for route in times.routes for visit in route.visits()
    }
    dropped = {day.compiled.bookings[name] for name in times.cycle}
    orders = {
        day.compiled.therapist_index[route.therapist_id]: [day.compiled.visit_index[name] for name in route.visit_ids()]
        for route in plan.routes
    }
    while True:
        columns, broken = _columns(day, book, orders, starts, dropped)
        if not broken:
            return Draft(day, columns)
        dropped |= broken


def _columns(
    day: Day, book: RouteBook, orders: dict[int, list[int]], starts: dict[int, int], dropped: set[int]
) -> tuple[list[Column], set[int]]:
    """Give the routes without the bookings dropped, and the bookings that their routes cannot hold either."""
    columns: list[Column] = []
    broken: set[int] = set()
    for t in range(len(day.heads)):
        visits = [v for v in orders.get(t, []) if day.entry_of[v] not in dropped or day.entries[day.entry_of[v]].fixed]
        options = tuple(day.option(v, starts[v]) for v in visits)
        column = book.column(t, options)
        if column is None:
            held = len(day.heads[t])
            column = book.column(t, options[:held]) or book.bare(t, options[:held])
            for option in options[held:]:
                longer = book.column(t, (*column.options, option))
                number = day.entry_of[day.visit(option)]
                if longer is not None:
                    column = longer
                elif not day.entries[number].fixed:
                    broken.add(number)
        columns.append(column)
    return columns, broken
