"""What lies between two plans of a day, as changes that can be taken over one by one.

A plan holds orders and no times, so a change is who serves a booking (or that nobody does), or in what order somebody
goes. Starts that move follow from these; they are told for each choice anew.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.kinds import StopKind
from dispatch.model.plan import LeftOut, Plan, Route, Stop, booking_of, visit_id
from dispatch.model.problem import DayProblem
from dispatch.model.said import Said, said
from dispatch.model.timetable import Timetable, VisitTime
from dispatch.rules.compiled import compile_problem
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions, evaluate_route


class ChangeKind(StrEnum):
    """What a change does: a booking comes in, falls out or gets other therapists, or a route another order."""

    SERVED = "served"
    DROPPED = "dropped"
    THERAPIST = "therapist"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change between two plans; `said` has a sentence for each seat it touches.

    `therapist_ids` are those whose routes it touches, in either plan; an order's `booking_id` is empty.
    """

    id: str
    kind: ChangeKind
    booking_id: str
    therapist_ids: tuple[str, ...]
    said: tuple[Said, ...]


class Difference:
    """What lies between two plans that are both fitted to the problem; asked for many choices, it works each route out once."""

    def __init__(self, problem: DayProblem, before: Plan, after: Plan) -> None:
        """Find the changes."""
        self.problem, self.before, self.after = problem, before, after
        self._compiled = compile_problem(problem)
        self._was, self._now = _times(retime(problem, before)), _times(retime(problem, after))
        found = [
            change
            for booking in problem.bookings
            if (change := _of_booking(booking.id, len(booking.seats), self._was, self._now)) is not None
        ]
        first = {visit.booking_id: visit.start_s for times in (self._was, self._now) for visit in times.values()}
        found.sort(key=lambda one: (first[one.booking_id], one.booking_id))
        self.changes: tuple[Change, ...] = (*found, *_orders(before, after))
        self._ids = frozenset(change.id for change in self.changes)
        self._routes: dict[tuple[str, frozenset[str], bool], Route] = {}

    def plan(self, chosen: Collection[str]) -> Plan:
        """Give the plan before with the chosen changes, by id; whether it keeps the rules, `check` says.

        All of them give `after` itself, none `before` itself. In a route that is neither's, a booking goes where it costs
        least, or by its time where no place keeps the rules.
        """
        picked = self._ids & frozenset(chosen)
        if picked == self._ids:
            return self.after
        if not picked:
            return self.before
        mine: dict[str, set[str]] = {route.therapist_id: set() for route in (*self.before.routes, *self.after.routes)}
        for plan, taken in ((self.before, False), (self.after, True)):
            for route in plan.routes:
                mine[route.therapist_id] |= {
                    visit
                    for visit in route.visit_ids()
                    if (booking_change_id(booking_of(visit)[0]) in picked) == taken
                    or (taken and booking_change_id(booking_of(visit)[0]) not in self._ids)
                }
        found = (self._route(name, frozenset(visits), order_id(name) in picked) for name, visits in mine.items())
        routes = tuple(route for route in found if route.visit_ids())
        return Plan(routes=routes, left_out=_left_out(self.problem, self.before, self.after, routes))

    def _route(self, name: str, mine: frozenset[str], order_taken: bool) -> Route:
        """Give a therapist's route with these visits, worked out once."""
        key = (name, mine, order_taken)
        if key not in self._routes:
            self._routes[key] = self._mixed(name, mine, order_taken)
        return self._routes[key]

    def _mixed(self, name: str, mine: frozenset[str], order_taken: bool) -> Route:
        """Give a therapist's route with these visits: one plan's where they are its own, else one made of both."""
        old, new = self.before.route_of(name), self.after.route_of(name)
        as_old = order_id(name) in self._ids and not order_taken
        if not as_old and mine == set(new.visit_ids()):
            return new
        if not order_taken and mine == set(old.visit_ids()):
            return old
        base, times = (old, self._was) if as_old else (new, self._now)
        stops = [stop for stop in base.stops if stop.kind is StopKind.BREAK or stop.id in mine]
        starts = {visit: (times.get(visit) or self._now.get(visit) or self._was[visit]).start_s for visit in mine}
        for visit in sorted(mine - {stop.id for stop in stops}, key=lambda one: (starts[one], one)):
            stops = self._with(name, stops, visit, starts)
        return Route(therapist_id=name, stops=tuple(self._with_breaks(name, stops, (new, old))))

    def _with(self, name: str, stops: list[Stop], visit: str, starts: Mapping[str, int]) -> list[Stop]:
        """Give stops with one more visit, where it costs least, or by its time."""
        compiled = self._compiled
        t, v = compiled.therapist_index[name], compiled.visit_index[visit]
        visits = [stop.id for stop in stops if stop.kind is StopKind.VISIT]
        found = best_insertions(compiled, t, [compiled.visit_index[one] for one in visits], v)
        at = found[0][0] if found else sum(starts[one] <= starts[visit] for one in visits)
        at = max(at, sum(compiled.visits[head] in visits for head in compiled.heads[t]))
        behind = visits[at] if at < len(visits) else None
        place = len(stops) if behind is None else next(n for n, stop in enumerate(stops) if stop.id == behind)
        return [*stops[:place], compiled.visit_stops[v], *stops[place:]]

    def _with_breaks(self, name: str, stops: list[Stop], routes: tuple[Route, Route]) -> Iterable[Stop]:
        """Give stops with the breaks where they cost least; where no place keeps the rules, those of either plan."""
        compiled, visits = self._compiled, [stop for stop in stops if stop.kind is StopKind.VISIT]
        order = [compiled.visit_index[stop.id] for stop in visits]
        value = evaluate_route(compiled, compiled.therapist_index[name], order)
        if value.feasible and visits:
            return value.stops
        had = {stop.id for stop in stops if stop.kind is StopKind.BREAK}
        more = {stop.id: stop for route in routes for stop in route.stops if stop.kind is StopKind.BREAK}
        return [*stops, *(stop for key, stop in more.items() if key not in had)]


def booking_change_id(booking_id: str) -> str:
    """Give the id of the change of who serves a booking."""
    return f"booking:{booking_id}"


def order_id(therapist_id: str) -> str:
    """Give the id of the change of somebody's order."""
    return f"order:{therapist_id}"


def _times(timetable: Timetable) -> dict[str, VisitTime]:
    return {visit.visit_id: visit for route in timetable.routes for visit in route.visits()}


def _of_booking(
    booking_id: str, seats: int, was: Mapping[str, VisitTime], now: Mapping[str, VisitTime]
) -> Change | None:
    """Give the change of who serves a booking; None where the same therapists take the same seats."""
    names = [visit_id(booking_id, seat) for seat in range(seats)]
    pairs = [(was.get(name), now.get(name)) for name in names]
    if all((old and old.therapist_id) == (new and new.therapist_id) for old, new in pairs):
        return None
    kind = ChangeKind.THERAPIST
    if all(old is None for old, _ in pairs):
        kind = ChangeKind.SERVED
    elif all(new is None for _, new in pairs):
        kind = ChangeKind.DROPPED
    touched = dict.fromkeys(visit.therapist_id for pair in pairs for visit in pair if visit is not None)
    return Change(
        id=booking_change_id(booking_id),
        kind=kind,
        booking_id=booking_id,
        therapist_ids=tuple(touched),
        said=tuple(_sentences(booking_id, pairs)),
    )


def _sentences(booking_id: str, pairs: Iterable[tuple[VisitTime | None, VisitTime | None]]) -> Iterator[Said]:
    """Say of each seat who comes now, and who was to come."""
    for old, new in pairs:
        if old is None and new is not None:
            yield said("change.served", booking_id=booking_id, therapist_id=new.therapist_id, start_s=new.start_s)
        elif old is not None and new is None:
            yield said("change.dropped", booking_id=booking_id, therapist_id=old.therapist_id, was_s=old.start_s)
        elif old is not None and new is not None and old.therapist_id != new.therapist_id:
            name, was, start_s = new.therapist_id, old.therapist_id, new.start_s
            if old.start_s == start_s:
                yield said(
                    "change.therapist_same_time", booking_id=booking_id, therapist_id=name, was_id=was, start_s=start_s
                )
            else:
                yield said(
                    "change.therapist",
                    booking_id=booking_id,
                    therapist_id=name,
                    was_id=was,
                    start_s=start_s,
                    was_s=old.start_s,
                )


def _orders(before: Plan, after: Plan) -> Iterator[Change]:
    """Give a change for each therapist who keeps visits and goes to them in another order, or breaks elsewhere."""
    for old in before.routes:
        new = after.route_of(old.therapist_id)
        both = set(old.visit_ids()) & set(new.visit_ids())
        same_order = [v for v in old.visit_ids() if v in both] == [v for v in new.visit_ids() if v in both]
        same_visits = set(old.visit_ids()) == set(new.visit_ids())
        if both and (not same_order or (same_visits and old.stops != new.stops)):
            yield Change(
                id=order_id(old.therapist_id),
                kind=ChangeKind.ORDER,
                booking_id="",
                therapist_ids=(old.therapist_id,),
                said=(said("change.order", therapist_id=old.therapist_id),),
            )


def _left_out(problem: DayProblem, before: Plan, after: Plan, routes: tuple[Route, ...]) -> tuple[LeftOut, ...]:
    """Give the bookings that routes leave out, with the reason that one of the plans knows."""
    served = Plan(routes=routes).served()
    known = {one.booking_id: one for plan in (before, after) for one in plan.left_out}
    return tuple(
        known.get(booking.id)
        or LeftOut(booking_id=booking.id, reason=said("plan.not_planned_yet", booking_id=booking.id))
        for booking in problem.bookings
        if booking.id not in served
    )
