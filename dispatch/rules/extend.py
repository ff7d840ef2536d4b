"""A compiled day with one more booking, or with a booking's start fixed, without compiling the day again.

A caller waits while slots are looked for, and compiling a full day takes longer than looking.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dispatch.errors import Several
from dispatch.model.decisions import Lock
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Stop, booking_of, visit_id
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.weights import POINTS_PER_SEN
from dispatch.rules import fill
from dispatch.rules.assignment import may_serve
from dispatch.rules.compiled import Compiled, compile_problem, remember
from dispatch.rules.sound import problem_errors
from dispatch.rules.step import LOCKED, Ints


def with_booking(compiled: Compiled, booking: DayBooking) -> Compiled:
    """Give the day with a booking more; a booking of the same id gives way, its place in links, locks and facts stays.

    Raises what `compile_problem` raises where the booking cannot be right.
    """
    problem = compiled.problem
    if any(one is booking for one in problem.bookings):
        return compiled
    others = tuple(one for one in problem.bookings if one.id != booking.id)
    if len(others) < len(problem.bookings) or booking.id in _named(compiled):
        bookings = tuple(booking if one.id == booking.id else one for one in problem.bookings)
        return compile_problem(replace(problem, bookings=bookings if booking in bookings else (*others, booking)))
    errors = problem_errors(_alone(problem, booking))
    if errors:
        raise errors[0] if len(errors) == 1 else Several(tuple(errors))
    longer = _extended(compiled, booking)
    remember(longer)
    return longer


def with_start(compiled: Compiled, booking_id: str, start_s: int) -> Compiled:
    """Give the day with the start of all a booking's seats locked; locks on their therapists stay."""
    seats = compiled.booking_visits[compiled.bookings[booking_id]]
    locks = dict(compiled.locks)
    visits = compiled.tables.visits.copy()
    for v in seats:
        name = compiled.visits[v]
        locks[name] = replace(locks.get(name) or Lock(visit_id=name), start_s=start_s)
        visits[v, LOCKED] = -1 if ("lock_time", name) in compiled.waived else start_s
    fixed = replace(
        compiled,
        problem=replace(compiled.problem, locks=tuple(locks.values())),
        tables=compiled.tables._replace(visits=visits),
        locks=locks,
    )
    remember(fixed)
    return fixed


def _named(compiled: Compiled) -> set[str]:
    """Give every booking id that decisions, what has happened or the published plan name, known to the day or not."""
    problem = compiled.problem
    visits = {*compiled.locks, *compiled.facts, *compiled.published_by}
    links = {name for link in problem.links for name in (link.first_id, link.second_id)}
    subjects = {waiver.subject_id for waiver in problem.waivers}
    return {booking_of(visit)[0] for visit in visits} | links | subjects | {one.rpartition("/")[0] for one in subjects}


def _alone(problem: DayProblem, booking: DayBooking) -> DayProblem:
    """Give the day with nothing but one booking, for what can be wrong with it."""
    return replace(
        problem,
        bookings=(booking,),
        therapists=(),
        matrices=(),
        links=(),
        locks=(),
        waivers=(),
        facts=(),
        published=None,
    )


def _extended(compiled: Compiled, booking: DayBooking) -> Compiled:
    """Give the compiled day with a booking after all others; nothing of the day names it."""
    tables, problem = compiled.tables, compiled.problem
    access_row, first_window, number = len(tables.hours), len(tables.spans), len(problem.bookings)
    names = tuple(visit_id(booking.id, seat) for seat in range(len(booking.seats)))
    mine = tuple(range(len(compiled.visits), len(compiled.visits) + len(names)))
    rows = [
        fill.visit_row(booking, name, access_row, first_window, None, compiled.waived, problem.weights)
        for name in names
    ]
    longer = tables._replace(
        visits=np.vstack([tables.visits, *rows]),
        spans=np.vstack([tables.spans, *([window.start_s, window.end_s] for window in booking.windows)]),
        hours=np.vstack([tables.hours, *fill.access_rows(booking.access_s)]),
        fixed_points=np.hstack([tables.fixed_points, _columns(compiled, booking, names)]),
    )
    return replace(
        compiled,
        problem=replace(problem, bookings=(*problem.bookings, booking)),
        tables=longer,
        visits=(*compiled.visits, *names),
        visit_index={**compiled.visit_index, **dict(zip(names, mine, strict=True))},
        bookings={**compiled.bookings, booking.id: number},
        booking_of=(*compiled.booking_of, *(number for _ in mine)),
        booking_visits=(*compiled.booking_visits, mine),
        together=(*compiled.together, number),
        allowed=longer.fixed_points >= 0,
        visit_stops=(*compiled.visit_stops, *(Stop(kind=StopKind.VISIT, id=name) for name in names)),
        pins=np.full(len(compiled.visits) + len(mine), -1, np.int64),
    )


def _columns(compiled: Compiled, booking: DayBooking, names: Sequence[str]) -> Ints:
    """Give what each seat by each therapist costs whatever the hour, -1 where she may not serve it."""
    points = np.full((len(compiled.therapists), len(names)), -1, np.int64)
    for t, therapist in enumerate(compiled.problem.therapists):
        liking = POINTS_PER_SEN * sum(fill.liking_sen(therapist, booking, compiled.problem.weights).values())
        for seat, name in enumerate(names):
            if may_serve(therapist, booking, seat, None, compiled.waived, name):
                points[t, seat] = liking
    return points
