"""A day narrowed to what the planner may change: by locks, refusals and windows, which the rules already know.

What is kept is kept by a lock to what it is in the plan of now, so that this plan can always be kept. A visit that has
begun is left to its facts, and what breaks a rule as it stands is left free, since it cannot stay.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.model.booking import TimeWindow
from dispatch.model.decisions import Lock
from dispatch.model.options import STABILITY_FACTOR, Freedom, PlanOptions, Scope
from dispatch.model.plan import LeftOut, Plan, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import said
from dispatch.model.timetable import VisitTime
from dispatch.rules.bounds import MOST_WEIGHT
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.rules.route import best_insertions

if TYPE_CHECKING:
    from dispatch.solve.day import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """The plan as it stands: its visits' times by visit id, and the bookings that cannot be kept by a lock."""

    problem: DayProblem
    options: PlanOptions
    now_s: int
    visits: Mapping[str, VisitTime]
    loose: Collection[str]

    def visits_of(self, booking: DayBooking) -> list[VisitTime]:
        """Give the times of a booking's visits; empty where the plan leaves it out."""
        names = (visit_id(booking.id, seat) for seat in range(len(booking.seats)))
        return [self.visits[name] for name in names if name in self.visits]


def restricted(problem: DayProblem, plan: Plan | None, options: PlanOptions, *, now_s: int = 0) -> DayProblem:
    """Give the day as the planner is to solve it from `plan`, the plan of now; `now_s` bounds the scope "from now on".

    Where the plan of now keeps the rules of `problem`, it keeps those of the answer. Changes are priced against the
    published plan, or against the plan of now where none is published; without a price, against nothing.
    """
    options = of_use(problem, plan, options)
    told = told_bookings(problem, plan) if options.keep_told and plan is not None else frozenset[str]()
    problem = _priced(problem, plan, options)
    if plan is None or not options.keeps_something:
        return problem
    times = retime(problem, plan)
    scene = _Scene(
        problem=problem,
        options=options,
        now_s=now_s,
        visits={visit.visit_id: visit for route in times.routes for visit in route.visits()},
        loose=_loose(problem, plan),
    )
    locks = {lock.visit_id: lock for lock in problem.locks}
    unwaived: set[tuple[str, str]] = set()
    bookings = []
    for booking in problem.bookings:
        narrowed = booking if booking.id in scene.loose else _in_reach(scene, booking)
        bookings.append(narrowed or booking)
        if booking.id in scene.loose or not scene.visits_of(booking):
            continue
        for lock in _locks(scene, booking, locks, movable=narrowed is not None and booking.id not in told):
            locks[lock.visit_id] = lock
            unwaived |= {("lock_therapist", lock.visit_id)}
            unwaived |= {("lock_time", lock.visit_id)} if lock.start_s == scene.visits[lock.visit_id].start_s else set()
    return replace(
        problem,
        bookings=tuple(bookings),
        locks=tuple(locks[name] for name in sorted(locks)),
        waivers=tuple(one for one in problem.waivers if (one.rule, one.subject_id) not in unwaived),
    )


def answered(problem: DayProblem, start: Plan | None, options: PlanOptions, plan: Plan) -> Plan:
    """Give the narrowed day's plan as one of the whole day: one the referee accepts, with reasons that are true of it.

    Without the locks a visit may start earlier than with them, which can break a limit; then `start` stays.
    """
    if not of_use(problem, start, options).keeps_something:
        return plan
    if start is not None and check(problem, plan) and not check(problem, start):
        plan = start
    from dispatch.solve.day import day_of

    day = day_of(problem)
    return replace(plan, left_out=tuple(_told(day, plan, one) for one in plan.left_out))


def of_use(problem: DayProblem, plan: Plan | None, options: PlanOptions) -> PlanOptions:
    """Give the options without keeping what was told, where nothing of the plan was."""
    if options.keep_told and (plan is None or not told_bookings(problem, plan)):
        return replace(options, keep_told=False)
    return options


def told_bookings(problem: DayProblem, plan: Plan) -> frozenset[str]:
    """Give the bookings whose client was told a time and whose therapists are those of the published plan."""
    shown = _therapists(problem.published) if problem.published is not None else {}
    now = _therapists(plan)
    return frozenset(
        booking.id
        for booking in problem.bookings
        if booking.promise_s is not None
        and all(
            name in now and shown.get(name) == now[name]
            for name in (visit_id(booking.id, seat) for seat in range(len(booking.seats)))
        )
    )


def _therapists(plan: Plan) -> dict[str, str]:
    return {visit: route.therapist_id for route in plan.routes for visit in route.visit_ids()}


def _priced(problem: DayProblem, plan: Plan | None, options: PlanOptions) -> DayProblem:
    """Give the day with changes at the price asked for."""
    factor = STABILITY_FACTOR[options.stability]
    weights = replace(
        problem.weights,
        changed_therapist_sen=min(MOST_WEIGHT, factor * problem.weights.changed_therapist_sen),
        moved_sen_per_min=min(MOST_WEIGHT, factor * problem.weights.moved_sen_per_min),
    )
    reference = problem.published or (plan if factor and plan is not None and plan.served() else None)
    return replace(problem, weights=weights, published=reference)


def _loose(problem: DayProblem, plan: Plan) -> set[str]:
    """Give the bookings that no lock is to hold: begun ones, and those that break a rule where they are."""
    loose = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    for breach in check(problem, plan):
        if breach.booking_id:
            loose.add(breach.booking_id)
        else:
            names = (breach.therapist_id, breach.subject_id)
            loose |= {
                booking_of(visit)[0]
                for route in plan.routes
                if route.therapist_id in names
                for visit in route.visit_ids()
            }
    return loose


def _in_reach(scene: _Scene, booking: DayBooking) -> DayBooking | None:
    """Give a booking as far as the scope lets it be planned anew; None where it stays as it is."""
    options, visits = scene.options, scene.visits_of(booking)
    everybody = tuple(one.id for one in scene.problem.therapists)
    if options.scope is Scope.BOOKINGS and booking.id not in options.booking_ids:
        return None if visits else _without(booking, everybody)
    if options.scope is Scope.THERAPISTS:
        chosen = frozenset(options.therapist_ids)
        if any(visit.therapist_id not in chosen for visit in visits):
            return None
        return _without(booking, (name for name in everybody if name not in chosen))
    if options.scope is Scope.FROM_NOW:
        later = _later_windows(booking, scene.now_s)
        if visits and (not later or min(visit.depart_s for visit in visits) < scene.now_s):
            return None
        return replace(booking, windows=later) if later else _without(booking, everybody)
    return booking


def _without(booking: DayBooking, therapists: Iterator[str] | tuple[str, ...]) -> DayBooking:
    """Give a booking that these therapists may not serve."""
    return replace(booking, never_therapists=tuple(sorted({*booking.never_therapists, *therapists})))


def _later_windows(booking: DayBooking, now_s: int) -> tuple[TimeWindow, ...]:
    """Give what is left of a booking's windows, the lateness it bears counted in."""
    return tuple(
        replace(window, start_s=min(max(window.start_s, now_s), window.end_s))
        for window in booking.windows
        if window.end_s + booking.late_tolerance_s >= now_s
    )


def _locks(scene: _Scene, booking: DayBooking, known: Mapping[str, Lock], *, movable: bool) -> Iterator[Lock]:
    """Give the locks that keep a served booking as far as it is to be kept."""
    if movable and scene.options.freedom is Freedom.FREE:
        return
    whole = not movable or scene.options.freedom is Freedom.ADD
    for visit in scene.visits_of(booking):
        before = known.get(visit.visit_id)
        fixed_s = before.start_s if before is not None else None
        yield Lock(
            visit_id=visit.visit_id, therapist_id=visit.therapist_id, start_s=visit.start_s if whole else fixed_s
        )


def _told(day: "Day", plan: Plan, one: LeftOut) -> LeftOut:
    """Give a booking left out with its reason in the whole day, or that only what was kept stood in its way."""
    from dispatch.solve.reasons import reason_of

    compiled = day.compiled
    number = compiled.bookings[one.booking_id]
    visits = compiled.booking_visits[number]
    for t, name in enumerate(compiled.therapists):
        route = [compiled.visit_index[visit] for visit in plan.route_of(name).visit_ids()]
        if len(visits) == 1 and best_insertions(compiled, t, route, visits[0]):
            return replace(one, reason=said("plan.out_of_scope", booking_id=one.booking_id))
    return replace(one, reason=reason_of(day, plan, number))
