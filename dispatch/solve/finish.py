"""The last pass: every booking left out is tried once more, alone, in every way, until none fits.

Single visits in routes without couples are tried exactly by the compiled insertion. Where couples are involved one
insertion may move starts in other routes, so the plan itself is retimed and checked; a relaxation (each visit as early
as it could be without partners, no limit on consecutive hours) rules most positions out beforehand, and whatever it
rules out cannot work: earlier is never worse for any other rule.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan, Route, Stop
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.route import best_insertions, evaluate_route
from dispatch.solve.begin import draft_of
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft
from dispatch.solve.insert import apply, cheapest
from dispatch.solve.judge import Answer, Judge
from dispatch.solve.routes import RouteBook


class Finisher:
    """Puts whatever still fits into a finished plan."""

    def __init__(self, day: Day, book: RouteBook, judge: Judge) -> None:
        """Begin for a day."""
        self._day = day
        self._book = book
        self._judge = judge
        self._relaxed: Compiled | None = None

    def fill(self, answer: Answer, *, look: Callable[[], None], only_begun: bool = False) -> Answer:
        """Give the plan with every booking in it that fits alone; begun ones first, then the dearest by the aims.

        With `only_begun` nothing but the missing seats of bookings that have begun is put in.
        """
        day = self._day

        def rank(number: int) -> tuple[bool, int, int, int, int]:
            locked, priority, counted = day.entries[number].gains
            return not day.entries[number].fixed, -locked, -priority, -counted, number

        while True:
            draft = draft_of(day, self._book, answer.plan)
            out = self._waiting(answer.plan)
            for number in sorted(out, key=rank):
                if only_begun and not day.entries[number].fixed:
                    continue
                look()
                better = self._put_in(answer, draft, number)
                if better is not None:
                    answer = better
                    break
            else:
                return answer

    def _waiting(self, plan: Plan) -> set[int]:
        """Give the bookings of which a visit is missing in the plan."""
        served = {name for route in plan.routes for name in route.visit_ids()}
        day = self._day
        return {
            number
            for number, entry in enumerate(day.entries)
            if any(day.compiled.visits[visit] not in served for visit in entry.visits)
        }

    def _put_in(self, answer: Answer, draft: Draft, number: int) -> Answer | None:
        """Give the plan with one more booking, or None where it fits nowhere."""
        # Where the draft could not take the whole plan over, positions in it would mean others in the plan.
        if draft.out == self._waiting(answer.plan) and number in draft.out:
            move = cheapest(draft, self._book, number, starts_tried=None)
            if move is not None:
                tried = draft.copy()
                apply(tried, self._book, move)
                touched = {self._day.compiled.therapists[column.therapist] for _, column, _ in move.places}
                found = self._judge.answer(_with_routes(answer.plan, tried.plan(self._book), touched))
                found = found or self._judge.answer(tried.plan(self._book))
                if found is not None:
                    return found
            if not self._day.entries[number].coupled and not any(self._day.coupled):
                return None
        for plan in self._ways(answer.plan, number):
            found = self._judge.answer(plan)
            if found is not None:
                return found
        return None

    def _ways(self, plan: Plan, number: int) -> Iterator[Plan]:
        """Give every plan with the booking's missing visits put among the stops that the relaxation does not rule out."""
        day = self._day
        served = {name for route in plan.routes for name in route.visit_ids()}
        missing = [v for v in day.entries[number].visits if day.compiled.visits[v] not in served]
        choices = [list(self._places(plan, visit)) for visit in missing]
        meets = self._meeting(plan, missing) if len(missing) > 1 else None
        for places in product(*choices):
            therapists = [t for t, _ in places]
            if len(set(therapists)) < len(therapists):
                continue
            if meets is None or meets([(t, position) for t, (position, _) in places]):
                yield _with_stops(day, plan, number, {t: stops for t, (_, stops) in places})

    def _places(self, plan: Plan, visit: int) -> Iterator[tuple[int, tuple[int, tuple[Stop, ...]]]]:
        """Give (therapist, (position among the visits, her stops then)) that the relaxation allows.

        The visit goes between any two stops, breaks staying where they are, or the breaks are placed anew.
        """
        day = self._day
        booking = day.entries[day.entry_of[visit]]
        stop = day.compiled.visit_stops[visit]
        for t in day.able[visit]:
            route = plan.route_of(day.compiled.therapists[t])
            visits = tuple(day.compiled.visit_index[name] for name in route.visit_ids())
            if any(other in visits for other in booking.visits):
                continue
            allowed = self._allowed(t, visits, visit, None)
            passed = 0
            for at in range(len(route.stops) + 1):
                if passed in allowed and passed >= len(day.heads[t]):
                    yield t, (passed, (*route.stops[:at], stop, *route.stops[at:]))
                if at < len(route.stops) and route.stops[at].kind is StopKind.VISIT:
                    passed += 1
            for position in sorted(allowed):
                if position >= len(day.heads[t]) and day.problem.therapists[t].breaks:
                    longer = (*visits[:position], visit, *visits[position:])
                    yield t, (position, evaluate_route(self._relaxation(), t, longer).stops)

    def _relaxation(self) -> Compiled:
        """Give the day without the one limit that an earlier start may break; compiled once."""
        if self._relaxed is None:
            self._relaxed = _relaxation(self._day)
        return self._relaxed

    def _allowed(self, t: int, visits: tuple[int, ...], visit: int, start_s: int | None) -> set[int]:
        """Give the positions among a route's visits that the relaxation allows, at one start if one is given."""
        relaxed = self._relaxation()
        pinned = None
        if start_s is not None:
            pinned = relaxed.pins.copy()
            pinned[visit] = start_s
        return {position for position, _, _ in best_insertions(relaxed, t, visits, visit, pinned)}

    def _meeting(self, plan: Plan, missing: Sequence[int]) -> Callable[[list[tuple[int, int]]], bool] | None:
        """Give what tells whether seats at (therapist, position) could start at one moment; None where that is unsure."""
        day = self._day
        booking = day.problem.bookings[day.entry_of[missing[0]]]
        if (
            any(day.compiled.visits[visit] in day.compiled.locks for visit in missing)
            or day.entries[day.entry_of[missing[0]]].ties
            or any(waiver.rule == "window_missed" for waiver in day.problem.waivers)
        ):
            return None
        starts = [
            start_s
            for window in booking.windows
            for start_s in range(
                -(-window.start_s // COUPLE_GRID_S) * COUPLE_GRID_S,
                window.end_s + booking.late_tolerance_s + 1,
                COUPLE_GRID_S,
            )
        ]
        known: dict[tuple[int, int, int], frozenset[int]] = {}

        def at(seat: int, t: int, position: int) -> frozenset[int]:
            if (seat, t, position) not in known:
                name = day.compiled.therapists[t]
                visits = tuple(day.compiled.visit_index[one] for one in plan.route_of(name).visit_ids())
                found: dict[int, set[int]] = {p: set() for p in range(len(visits) + 1)}
                for start_s in starts:
                    for p in self._allowed(t, visits, missing[seat], start_s):
                        found[p].add(start_s)
                for p, moments in found.items():
                    known[seat, t, p] = frozenset(moments)
            return known[seat, t, position]

        def meets(places: list[tuple[int, int]]) -> bool:
            moments = [at(seat, t, position) for seat, (t, position) in enumerate(places)]
            return bool(frozenset.intersection(*moments))

        return meets


def _relaxation(day: Day) -> Compiled:
    """Give the day without the one limit that an earlier start may break."""
    therapists = tuple(
        replace(therapist, limits=replace(therapist.limits, consecutive_s=0)) for therapist in day.problem.therapists
    )
    return compile_problem(replace(day.problem, therapists=therapists))


def _with_routes(plan: Plan, other: Plan, therapists: set[str]) -> Plan:
    """Give a plan with some therapists' routes taken from another one, and the other's bookings left out."""
    kept = [route for route in plan.routes if route.therapist_id not in therapists]
    new = [route for route in other.routes if route.therapist_id in therapists]
    return Plan(routes=tuple(kept + new), left_out=other.left_out)


def _with_stops(day: Day, plan: Plan, number: int, stops: dict[int, tuple[Stop, ...]]) -> Plan:
    """Give a plan that serves one more booking, some therapists' stops replaced."""
    routes = {route.therapist_id: route.stops for route in plan.routes}
    routes.update({day.compiled.therapists[t]: new for t, new in stops.items()})
    return Plan(
        routes=tuple(Route(therapist_id=name, stops=one) for name, one in routes.items()),
        left_out=tuple(one for one in plan.left_out if one.booking_id != day.entries[number].id),
    )
