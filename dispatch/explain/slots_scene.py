"""The plan that a slot is looked for in: what it costs, which routes hang together, and what a try would be in truth.

Routes hang together where couples or linked bookings tie them. Whatever a visit does to a route can reach no further
than the routes that hang together with it, so a try is timed, judged and priced on these alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from dispatch.errors import BadInput
from dispatch.explain.slots_breaks import all_ways, due_breaks
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop, booking_of
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.slot import Delay, Slot
from dispatch.model.timetable import Timetable, Violation
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.cost import route_points
from dispatch.rules.extend import with_booking, with_start
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import evaluate_route
from dispatch.rules.step import MUST_BREAK

Places = tuple[tuple[int, int], ...]
"""A therapist and a position among her visits for each seat of the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A start with the therapists and positions that add least; `routes` are those that the draft's visits change."""

    start_s: int
    points: int
    places: Places
    routes: tuple[Route, ...]
    times: Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A plan without the draft, and the day with it (`base`: as it was asked about); `orders[t]` are a therapist's visits, `points[t]` her route's.

    `together[t]` are the therapists whose routes hang together with hers (herself too), `tied` those whose times hang
    on another route or on a link. `linked` are the therapists who serve what the draft itself is linked to.
    """

    base: Compiled
    compiled: Compiled
    plan: Plan
    times: Timetable
    breaches: tuple[Violation, ...]
    seats: tuple[int, ...]
    orders: tuple[tuple[int, ...], ...]
    points: tuple[int, ...]
    together: tuple[frozenset[int], ...]
    tied: frozenset[int]
    linked: frozenset[int]

    def is_sure(self, places: Places) -> bool:
        """Tell whether these routes' own points are the whole truth: nobody else's times hang on them."""
        return not self.linked and all(t not in self.tied for t, _ in places)

    def has_breaks(self, t: int) -> bool:
        """Tell whether a therapist's route holds all her due breaks."""
        held = {stop.id for stop in self.plan.route_of(self.compiled.therapists[t]).stops}
        return all(self.compiled.break_stops[t][k].id in held for k in due_breaks(self.compiled, t))

    def tried(self, start_s: int, places: Places, *, at_least: int | None = None) -> Found | None:
        """Give the least that putting the seats there at that start would add, None where the referee refuses it.

        Every way to place the breaks of those who come is tried, until one adds no more than `at_least`, if given.
        """
        fixed = with_start(self.compiled, self.compiled.problem.bookings[self._number()].id, start_s)
        members = self._members(places)
        best: tuple[int, int] | None = None
        found: Found | None = None
        for stops in product(*(self._ways(fixed, t, seat, at) for seat, (t, at) in enumerate(places))):
            routes = tuple(
                Route(therapist_id=self.compiled.therapists[t], stops=one)
                for (t, _), one in zip(places, stops, strict=True)
            )
            part = self._part(members, routes)
            times = retime(fixed.problem, part)
            if any(times.visit(self.compiled.visits[v]).start_s != start_s for v in self.seats):
                continue
            if self._refused(fixed.problem, part, times, places, members):
                continue
            points = sum(route_points(fixed.problem, route) for route in times.routes)
            points -= sum(self.points[t] for t in members)
            missing = -sum(len(one) for one in stops)
            if best is None or (missing, points) < best:
                best = (missing, points)
                found = Found(start_s=start_s, points=points, places=places, routes=routes, times=times)
                if at_least is not None and points <= at_least and not self._may_rest_less(places):
                    break
        return found

    def slot(self, found: Found) -> Slot:
        """Give what is offered: who would come, the travel it adds, and whom it makes wait."""
        now = {one.visit_id: one for route in found.times.routes for one in route.visits()}
        names = [route.therapist_id for route in found.times.routes]
        before = [self.times.route_of(name) for name in names]
        waits = [
            (one.start_s, one.visit_id, now[one.visit_id].start_s - one.start_s)
            for route in before
            for one in route.visits()
            if now[one.visit_id].start_s > one.start_s
        ]
        return Slot(
            start_s=found.start_s,
            therapist_ids=tuple(self.compiled.therapists[t] for t, _ in found.places),
            extra_travel_s=sum(one.reference_s for one in found.times.routes) - sum(one.reference_s for one in before),
            added_points=found.points,
            delayed=tuple(Delay(visit_id=name, minutes=-(-later_s // 60)) for _, name, later_s in sorted(waits)),
        )

    def whole_plan(self, found: Found) -> Plan:
        """Give the plan with the draft in it."""
        new = {route.therapist_id: route for route in found.routes}
        kept = tuple(new.pop(route.therapist_id, route) for route in self.plan.routes)
        return replace(self.plan, routes=(*kept, *(new[name] for name in self.compiled.therapists if name in new)))

    def _number(self) -> int:
        return self.compiled.booking_of[self.seats[0]]

    def _members(self, places: Places) -> list[int]:
        """Give the therapists a try can reach."""
        return sorted(frozenset().union(self.linked, *(self.together[t] for t, _ in places)))

    def _part(self, members: Sequence[int], routes: Sequence[Route]) -> Plan:
        """Give the plan of some therapists alone, with some routes in place of theirs."""
        new = {route.therapist_id: route for route in routes}
        names = [self.compiled.therapists[t] for t in members]
        parts = [new.get(name) or self.plan.route_of(name) for name in names]
        return Plan(routes=tuple(route for route in parts if route.stops))

    def _refused(
        self, problem: DayProblem, part: Plan, times: Timetable, places: Places, members: Sequence[int]
    ) -> bool:
        """Tell whether a try breaks a rule that the plan does not break already, or one about those who would come."""
        names = {self.compiled.therapists[t] for t in members}
        coming = {self.compiled.therapists[t] for t, _ in places}
        known = {
            (one.rule, one.subject_id, one.therapist_id) for one in self.breaches if one.therapist_id not in coming
        }
        return any(
            (one.rule, one.subject_id, one.therapist_id) not in known
            for one in check(problem, part, times)
            # Of a part of the plan, what has begun with somebody else is no matter.
            if one.rule != "fact_moved" or one.therapist_id in names
        )

    def _may_rest_less(self, places: Places) -> bool:
        """Tell whether a due break of somebody who would come may be left out (it is waived)."""
        return any(self.compiled.tables.therapists[t, MUST_BREAK] == 0 for t, _ in places)

    def _ways(self, fixed: Compiled, t: int, seat: int, position: int) -> Iterator[tuple[Stop, ...]]:
        """Give every way to place a therapist's due breaks around her visits and the draft's."""
        order = (*self.orders[t][:position], self.seats[seat], *self.orders[t][position:])
        if t not in self.tied and not self.linked:
            value = evaluate_route(fixed, t, order)
            if value.feasible:
                yield value.stops
            return
        yield from all_ways(fixed, t, order)


def scene_of(problem: DayProblem, plan: Plan, booking: DayBooking) -> Scene:
    """Give the plan as a scene for a draft; its own visits are taken out, and locks on its start are let go."""
    if any(booking_of(fact.visit_id)[0] == booking.id for fact in problem.facts):
        raise BadInput("slot.begun", booking_id=booking.id)
    base = _base(problem, booking)
    compiled = with_booking(base, booking)
    number = compiled.bookings[booking.id]
    plan = replace(
        plan,
        routes=tuple(
            replace(route, stops=tuple(stop for stop in route.stops if not _is_of(stop, booking.id)))
            for route in plan.routes
        ),
        left_out=tuple(one for one in plan.left_out if one.booking_id != booking.id),
    )
    times = retime(compiled.problem, plan)
    orders = tuple(
        tuple(compiled.visit_index[name] for name in plan.route_of(one).visit_ids() if name in compiled.visit_index)
        for one in compiled.therapists
    )
    together, tied = _ties(compiled, orders)
    links = {
        compiled.bookings[other]
        for link in compiled.problem.links
        for one, other in ((link.first_id, link.second_id), (link.second_id, link.first_id))
        if one == booking.id
    }
    links |= {b for b in range(len(compiled.together)) if compiled.together[b] == compiled.together[number]}
    holders = {t for t, order in enumerate(orders) for v in order if compiled.booking_of[v] in links}
    return Scene(
        base=base,
        compiled=compiled,
        plan=plan,
        times=times,
        breaches=tuple(check(compiled.problem, plan, times)),
        seats=compiled.booking_visits[number],
        orders=orders,
        points=tuple(route_points(compiled.problem, times.route_of(name)) for name in compiled.therapists),
        together=together,
        tied=tied,
        linked=frozenset().union(*(together[t] for t in holders)),
    )


def _base(problem: DayProblem, booking: DayBooking) -> Compiled:
    """Give the day compiled, no start of the draft being locked."""
    locks = tuple(
        replace(lock, start_s=None) if booking_of(lock.visit_id)[0] == booking.id else lock for lock in problem.locks
    )
    if any(one.id == booking.id for one in problem.bookings):
        bookings = tuple(booking if one.id == booking.id else one for one in problem.bookings)
        problem = replace(problem, bookings=bookings, locks=locks)
    return compile_problem(problem)


def _is_of(stop: Stop, booking_id: str) -> bool:
    """Tell whether a stop is a visit of a booking."""
    return stop.kind is StopKind.VISIT and booking_of(stop.id)[0] == booking_id


def _ties(compiled: Compiled, orders: Sequence[Sequence[int]]) -> tuple[tuple[frozenset[int], ...], frozenset[int]]:
    """Give whose routes hang together, and whose hold a couple or a linked booking."""
    with_gap = {b for gap in compiled.gaps for b in gap[:2]}
    groups = [compiled.together.count(group) > 1 for group in compiled.together]
    holders: dict[int, set[int]] = {}
    tied: set[int] = set()
    for t, order in enumerate(orders):
        for v in order:
            b = compiled.booking_of[v]
            if len(compiled.booking_visits[b]) > 1 or groups[b] or b in with_gap:
                tied.add(t)
                holders.setdefault(compiled.together[b], set()).add(t)
    sets = [{t} for t in range(len(orders))]
    joined: list[set[int]] = list(holders.values())
    for first, second, _, _ in compiled.gaps:
        one, other = holders.get(compiled.together[first]), holders.get(compiled.together[second])
        if one and other:
            joined.append(one | other)
    return tuple(frozenset(one) for one in _joined(sets, joined)), frozenset(tied)


def _joined(sets: list[set[int]], links: Sequence[set[int]]) -> list[set[int]]:
    """Give for each member the set of all it hangs together with."""
    of: Mapping[int, set[int]] = dict(enumerate(sets))
    whole = dict(of)
    for link in links:
        merged = set().union(*(whole[t] for t in link))
        for t in merged:
            whole[t] = merged
    return [whole[t] for t in range(len(sets))]
