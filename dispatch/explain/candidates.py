"""Ways to put one booking into a plan: who and when, what it costs, whom it disturbs, and whom an urgent one bumps out.

All others keep their therapist and their order. Every candidate is timed, judged and priced as the whole plan it leads
to; what the referee refuses is no candidate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch.explain.moves import delays_between, moved
from dispatch.explain.slots import offers
from dispatch.model.booking import TimeWindow
from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.kinds import StopKind
from dispatch.model.move import Later, Move, Placing
from dispatch.model.plan import LeftOut, Plan, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import said
from dispatch.model.slot import Draft
from dispatch.model.timetable import Timetable, Violation
from dispatch.model.weights import POINTS_PER_SEN
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.cost import plan_cost
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions

SPARE = 6
"""So many more ways are looked at than are given: what others feel of them shows only then."""

BUMPING = 3
"""So many ways to bump somebody out are offered at most."""

TRIED_FOR_SEVERAL = 5
"""So many bookings are tried to be bumped out for one that needs several therapists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What comes of a placing: the day (with the start it fixes) and the plan, its start, whom it delays, what it adds.

    `travel_s` is driving by the clock and may be below nought, as `points` may. `breaches` are the rules it would newly
    break; what `candidates` gives has none.
    """

    placing: Placing
    problem: DayProblem
    plan: Plan
    start_s: int
    delays: tuple[Later, ...]
    travel_s: int
    points: int
    breaches: tuple[Violation, ...] = ()

    @property
    def therapist_ids(self) -> tuple[str, ...]:
        """Give who would come, one a seat."""
        return tuple(therapist for _, therapist in self.placing.move.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A plan as it is without the booking: its times, the rules it breaks already, its travel and points."""

    times: Timetable
    known: frozenset[tuple[str, str]]
    travel_s: int
    points: int


def before_of(problem: DayProblem, plan: Plan) -> Before:
    """Give what candidates are compared with."""
    times = retime(problem, plan)
    return Before(
        times=times,
        known=frozenset((one.rule, one.subject_id) for one in check(problem, plan, times)),
        travel_s=sum(one.travel_s for one in times.routes),
        points=plan_cost(problem, plan, times).points,
    )


def candidates(
    problem: DayProblem, plan: Plan, booking_id: str, *, now_s: int | None = None, limit: int = 6
) -> tuple[Candidate, ...]:
    """Give the ways to put a left-out booking in: the cheapest first, then those that bump somebody out.

    Where no plan is published yet, making others wait costs as much as it would then, so that who disturbs fewer people
    comes first; `points` are the plan's cost without it.

    Bumping is offered where nothing else is possible, and for a booking whose priority is higher than that of whom it
    bumps out. With `now_s` nobody is sent anywhere before it. Raises `KeyError` for a booking the day does not have.
    """
    booking = _from_now(problem.booking(booking_id), now_s)
    if booking is None:
        return ()
    changed = booking != problem.booking(booking_id)
    day = replace(problem, bookings=tuple(booking if one.id == booking_id else one for one in problem.bookings))
    day = day if changed else problem
    before = before_of(problem, plan)

    def real(placing: Placing) -> Candidate | None:
        found = placed(problem, plan, placing, before=before)
        return None if found.breaches or _too_early(found, now_s) else found

    rough = sorted(_plain(day, plan, booking, fixed=changed, limit=limit), key=lambda one: one[0])
    price = 0 if problem.published else POINTS_PER_SEN * problem.weights.moved_sen_per_min
    plain = _best((real(placing) for _, placing in rough[: limit + SPARE]), limit, price)
    bumping = _bumping(day, plan, booking, fixed=changed, among_equals=not plain, begun=_begun(before, now_s))
    room = _best((real(placing) for placing in bumping), BUMPING, price)
    return (*plain, *room)


def placed(problem: DayProblem, plan: Plan, placing: Placing, *, before: Before | None = None) -> Candidate:
    """Give what comes of a placing, whatever the rules say of it; `BadInput` where it names what the day has not."""
    before = before or before_of(problem, plan)
    booking_id = booking_of(placing.move.places[0][0])[0]
    fixed, new = moved(problem, without(plan, placing.bumped, instead_of=booking_id), placing.move)
    after = retime(fixed, new)
    visits = [visit for visit, _ in placing.move.places]
    return Candidate(
        placing=placing,
        problem=fixed,
        plan=new,
        start_s=after.visit(visits[0]).start_s,
        delays=tuple(delays_between(before.times, after, visits)),
        travel_s=sum(one.travel_s for one in after.routes) - before.travel_s,
        points=plan_cost(fixed, new, after).points - before.points,
        breaches=tuple(one for one in check(fixed, new, after) if (one.rule, one.subject_id) not in before.known),
    )


def without(plan: Plan, bumped: Sequence[str], *, instead_of: str) -> Plan:
    """Give a plan without some bookings, which are left out to make room for another one."""
    if not bumped:
        return plan
    gone = set(bumped)
    routes = tuple(
        replace(
            route,
            stops=tuple(one for one in route.stops if one.kind is StopKind.BREAK or booking_of(one.id)[0] not in gone),
        )
        for route in plan.routes
    )
    out = tuple(
        LeftOut(booking_id=one, reason=said("plan.made_room", booking_id=one, other_id=instead_of)) for one in bumped
    )
    return Plan(routes=tuple(route for route in routes if route.visit_ids()), left_out=(*plan.left_out, *out))


def may_be_bumped(problem: DayProblem, booking_id: str, for_booking: DayBooking, *, among_equals: bool) -> bool:
    """Tell whether a booking may make room for another: of less priority (or as little), neither begun, fixed nor held."""
    one = problem.booking(booking_id)
    less = one.priority < for_booking.priority or (among_equals and one.priority == for_booking.priority)
    fixed = {booking_of(lock.visit_id)[0] for lock in problem.locks}
    begun = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    return less and one.id != for_booking.id and not one.is_hold and one.id not in fixed | begun


def _from_now(booking: DayBooking, now_s: int | None) -> DayBooking | None:
    """Give a booking with what is left of its windows, None where nothing is."""
    if now_s is None:
        return booking
    windows = tuple(
        TimeWindow(start_s=max(window.start_s, now_s), end_s=window.end_s)
        for window in booking.windows
        if window.end_s >= now_s
    )
    return replace(booking, windows=windows) if windows else None


def _plain(
    day: DayProblem, plan: Plan, booking: DayBooking, *, fixed: bool, limit: int
) -> Iterator[tuple[int, Placing]]:
    """Give the ways that bump nobody, with what each adds: every therapist at her best, and the best other starts."""
    seen: set[tuple[tuple[str, ...], int]] = set()
    if len(booking.seats) == 1:
        compiled = compile_problem(day)
        v = compiled.visit_index[visit_id(booking.id, 0)]
        for t, name in enumerate(compiled.therapists):
            for _, points, start_s in best_insertions(compiled, t, _order(compiled, plan, name), v)[:1]:
                seen.add(((name,), start_s))
                yield points, _placing(booking, (name,), _told(booking, start_s) if fixed else None)
    for slot, _ in offers(day, plan, Draft(booking=booking), limit=min(3, limit) if seen else limit):
        if (slot.therapist_ids, slot.start_s) not in seen:
            yield slot.added_points, _placing(booking, slot.therapist_ids, slot.start_s)


def _bumping(
    day: DayProblem, plan: Plan, booking: DayBooking, *, fixed: bool, among_equals: bool, begun: frozenset[str]
) -> list[Placing]:
    """Give the ways in which one other booking makes room: least priority first, then the least dear."""
    able = sorted(
        (one for one in plan.served() - begun if may_be_bumped(day, one, booking, among_equals=among_equals)),
        key=lambda one: (day.booking(one).priority, len(day.booking(one).seats), one),
    )
    if len(booking.seats) > 1:
        return [
            _placing(booking, slot.therapist_ids, slot.start_s, (one,))
            for one in able[:TRIED_FOR_SEVERAL]
            for slot, _ in offers(day, without(plan, (one,), instead_of=booking.id), Draft(booking=booking), limit=1)
        ]
    compiled = compile_problem(day)
    v = compiled.visit_index[visit_id(booking.id, 0)]
    found: list[tuple[int, int, int, Placing]] = []
    for t, name in enumerate(compiled.therapists):
        order = _order(compiled, plan, name)
        mine = {day.bookings[compiled.booking_of[one]].id for one in order}
        ways = []
        for one in able:
            if one not in mine:
                continue
            kept = [other for other in order if day.bookings[compiled.booking_of[other]].id != one]
            for _, points, start_s in best_insertions(compiled, t, kept, v)[:1]:
                placing = _placing(booking, (name,), _told(booking, start_s) if fixed else None, (one,))
                ways.append((day.booking(one).priority, len(day.booking(one).seats), points, placing))
        found.extend(sorted(ways, key=lambda way: way[:3])[:1])
    return [placing for *_, placing in sorted(found, key=lambda way: way[:3])[: BUMPING + 2]]


def _told(booking: DayBooking, start_s: int) -> int:
    """Give the next start that can be told to people, as long as a window holds it."""
    told_s = -(-start_s // COUPLE_GRID_S) * COUPLE_GRID_S
    return told_s if any(window.start_s <= told_s <= window.end_s for window in booking.windows) else start_s


def _placing(
    booking: DayBooking, therapist_ids: Sequence[str], start_s: int | None, bumped: tuple[str, ...] = ()
) -> Placing:
    places = tuple((visit_id(booking.id, seat), name) for seat, name in enumerate(therapist_ids))
    return Placing(move=Move(places=places, start_s=start_s), bumped=bumped)


def _best(found: Iterator[Candidate | None], limit: int, price: int) -> tuple[Candidate, ...]:
    """Give the cheapest of those that are possible, each start with each therapists once; waiting has its price."""
    once: dict[tuple[tuple[str, ...], int, tuple[str, ...]], Candidate] = {}
    for one in found:
        if one is not None:
            once.setdefault((one.therapist_ids, one.start_s, one.placing.bumped), one)

    def felt(one: Candidate) -> int:
        return one.points + price * sum(-(-delay.later_s // 60) for delay in one.delays)

    return tuple(sorted(once.values(), key=lambda one: (felt(one), one.start_s, one.therapist_ids))[:limit])


def _too_early(found: Candidate, now_s: int | None) -> bool:
    """Tell whether somebody would have had to leave before now."""
    if now_s is None:
        return False
    times = retime(found.problem, found.plan)
    return any(times.visit(visit).leave_by_s < now_s for visit, _ in found.placing.move.places)


def _begun(before: Before, now_s: int | None) -> frozenset[str]:
    """Give the bookings somebody has left for by now, as planned."""
    return frozenset(
        visit.booking_id
        for route in before.times.routes
        for visit in route.visits()
        if now_s is not None and visit.leave_by_s <= now_s
    )


def _order(compiled: Compiled, plan: Plan, name: str) -> list[int]:
    return [compiled.visit_index[one] for one in plan.route_of(name).visit_ids() if one in compiled.visit_index]
