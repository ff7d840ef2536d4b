"""A day's problem as index maps and whole-number tables, made once for everything that asks the compiled step."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.errors import Several
from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import LinkKind, StopKind
from dispatch.model.plan import Stop, visit_id
from dispatch.model.problem import DayProblem
from dispatch.model.weights import POINTS_PER_SEN
from dispatch.rules import fill
from dispatch.rules.assignment import may_serve
from dispatch.rules.sound import problem_errors
from dispatch.rules.step import (
    ARRIVED,
    BREAKS,
    DEPARTED,
    FINISHED,
    FIRST_BREAK,
    HEAD,
    HEAD_AT,
    LATEST,
    NEVER,
    NOW,
    PAST,
    PUBLISHED,
    STARTED,
    THERAPIST_COLUMNS,
    UNEVEN,
    VISIT_COLUMNS,
    Ints,
    Tables,
    time_route,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compiled:
    """A day's problem for the compiled step: `visits` and `therapists` are ids in index order.

    `allowed[t, v]` folds in skill, gender, wishes, refusals, locks, facts and waivers; `booking_visits[b]` are the
    visits of a booking's seats; `together[b]` is the same for bookings that must start together; `gaps` are
    (first booking, second booking, least, most seconds); `heads[t]` are the visits that have begun, in order;
    `pins` pins nothing (copy it, and write starts into the copy). The arrays are shared: read only.
    """

    problem: DayProblem
    tables: Tables
    visits: tuple[str, ...]
    visit_index: Mapping[str, int]
    therapists: tuple[str, ...]
    therapist_index: Mapping[str, int]
    bookings: Mapping[str, int]
    booking_of: tuple[int, ...]
    booking_visits: tuple[tuple[int, ...], ...]
    together: tuple[int, ...]
    gaps: tuple[tuple[int, int, int, int], ...]
    allowed: npt.NDArray[np.bool_]
    visit_stops: tuple[Stop, ...]
    break_stops: tuple[tuple[Stop, ...], ...]
    break_index: tuple[Mapping[str, int], ...]
    heads: tuple[tuple[int, ...], ...]
    locks: Mapping[str, Lock]
    facts: Mapping[str, VisitFact]
    waived: frozenset[tuple[str, str]]
    published_by: Mapping[str, str]
    pins: Ints


_recent: tuple[Compiled, ...] = ()
"""The last few answers, newest first: one request asks for times, rules and cost of the very same problem."""
REMEMBERED = 6
"""So many: the days that are looked at, and what is tried out on one of them."""


def compile_problem(problem: DayProblem) -> Compiled:
    """Give the problem's tables; the same object asked again soon is not compiled twice.

    Raises the first of `problem_errors`, or `Several`, where the problem cannot be right.
    """
    for compiled in _recent:
        if compiled.problem is problem:
            remember(compiled)
            return compiled
    errors = problem_errors(problem)
    if errors:
        raise errors[0] if len(errors) == 1 else Several(tuple(errors))
    compiled = _without_facts(problem)
    _add_published(compiled)
    _add_facts(compiled)
    compiled.allowed[:] = compiled.tables.fixed_points >= 0
    remember(compiled)
    return compiled


def remember(compiled: Compiled) -> None:
    """Let `compile_problem` give these tables for their problem, until a few others have been asked for."""
    global _recent  # noqa: PLW0603 - replaced as a whole, so that threads never see half of it
    others = tuple(one for one in _recent if one.problem is not compiled.problem)
    _recent = (compiled, *others[: REMEMBERED - 1])


def together_of(problem: DayProblem) -> tuple[int, ...]:
    """Give for each booking the first booking it must start together with (itself where none)."""
    index = {booking.id: b for b, booking in enumerate(problem.bookings)}
    group = list(range(len(problem.bookings)))
    for link in problem.links:
        if link.kind is LinkKind.SAME_START:
            low, high = sorted((group[index[link.first_id]], group[index[link.second_id]]))
            group = [low if one == high else one for one in group]
    return tuple(group)


def _without_facts(problem: DayProblem) -> Compiled:
    """Give the problem compiled as if nothing had happened or been published yet."""
    waived = frozenset((waiver.rule, waiver.subject_id) for waiver in problem.waivers)
    locks = {lock.visit_id: lock for lock in problem.locks}
    hours, modes, access = fill.hours_and_modes(problem)
    spans: list[list[int]] = []
    visit_rows: list[Ints] = []
    visits: list[str] = []
    booking_of: list[int] = []
    booking_visits: list[tuple[int, ...]] = []
    for b, booking in enumerate(problem.bookings):
        first_window = len(spans)
        spans += [[window.start_s, window.end_s] for window in booking.windows]
        booking_visits.append(tuple(range(len(visits), len(visits) + len(booking.seats))))
        for seat in range(len(booking.seats)):
            visit = visit_id(booking.id, seat)
            lock_s = locks[visit].start_s if visit in locks else None
            visit_rows.append(
                fill.visit_row(booking, visit, access[booking.access_s], first_window, lock_s, waived, problem.weights)
            )
            visits.append(visit)
            booking_of.append(b)
    mode_index = {matrix.mode: m for m, matrix in enumerate(problem.matrices)}
    therapist_rows: list[Ints] = []
    breaks: list[list[int]] = []
    for therapist in problem.therapists:
        mode = mode_index[therapist.travel_mode]
        therapist_rows.append(fill.therapist_row(therapist, mode, len(spans), len(breaks), waived))
        spans += fill.shift_spans(therapist, waived)
        late = ("break_late", therapist.id) in waived
        for pause in therapist.breaks:
            due = int(fill.is_due(therapist, pause, problem.now_s))
            breaks.append([pause.earliest_s, NEVER if late else pause.latest_s, pause.duration_s, due])
    size = len(problem.locations)
    tables = Tables(
        visits=np.array(visit_rows, np.int64).reshape(-1, VISIT_COLUMNS),
        therapists=np.array(therapist_rows, np.int64).reshape(-1, THERAPIST_COLUMNS),
        spans=np.array(spans, np.int64).reshape(-1, 2),
        breaks=np.array(breaks, np.int64).reshape(-1, 4),
        hours=hours,
        modes=modes,
        legs=np.array([matrix.reference_s for matrix in problem.matrices], np.int64).reshape(
            len(problem.matrices), size, size
        ),
        fixed_points=_fixed_points(problem, visits, booking_visits, locks, waived),
        prices=fill.price_row(problem),
    )
    index = {booking.id: b for b, booking in enumerate(problem.bookings)}
    ids = {visit: v for v, visit in enumerate(visits)}
    return Compiled(
        problem=problem,
        tables=tables,
        visits=tuple(visits),
        visit_index=ids,
        therapists=tuple(therapist.id for therapist in problem.therapists),
        therapist_index={therapist.id: t for t, therapist in enumerate(problem.therapists)},
        bookings=index,
        booking_of=tuple(booking_of),
        booking_visits=tuple(booking_visits),
        together=together_of(problem),
        gaps=tuple(
            (index[link.first_id], index[link.second_id], link.min_s, link.max_s)
            for link in problem.links
            if link.kind is LinkKind.GAP and ("link_gap", link.second_id) not in waived
        ),
        allowed=np.zeros((len(problem.therapists), len(visits)), np.bool_),
        visit_stops=tuple(Stop(kind=StopKind.VISIT, id=visit) for visit in visits),
        break_stops=tuple(
            tuple(Stop(kind=StopKind.BREAK, id=pause.id) for pause in therapist.breaks)
            for therapist in problem.therapists
        ),
        break_index=tuple(
            {pause.id: k for k, pause in enumerate(therapist.breaks)} for therapist in problem.therapists
        ),
        heads=_heads(problem, ids),
        locks=locks,
        facts={fact.visit_id: fact for fact in problem.facts},
        waived=waived,
        published_by={}
        if problem.published is None
        else {visit: route.therapist_id for route in problem.published.routes for visit in route.visit_ids()},
        pins=np.full(len(visits), -1, np.int64),
    )


def _fixed_points(
    problem: DayProblem,
    visits: list[str],
    booking_visits: list[tuple[int, ...]],
    locks: Mapping[str, Lock],
    waived: frozenset[tuple[str, str]],
) -> Ints:
    """Give what each visit by each therapist costs whatever the hour, -1 where she may not serve it."""
    points = np.full((len(problem.therapists), len(visits)), -1, np.int64)
    for booking, seats in zip(problem.bookings, booking_visits, strict=True):
        for t, therapist in enumerate(problem.therapists):
            liking = POINTS_PER_SEN * sum(fill.liking_sen(therapist, booking, problem.weights).values())
            for seat, v in enumerate(seats):
                if may_serve(therapist, booking, seat, locks.get(visits[v]), waived, visits[v]):
                    points[t, v] = liking
    return points


def _heads(problem: DayProblem, visit_index: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """Give each therapist's visits that have begun, in the order of what is known first of each."""

    def first_known(fact: VisitFact) -> tuple[int, str]:
        return min((time for time in fact.times() if time is not None), default=NEVER), fact.visit_id

    facts = sorted(problem.facts, key=first_known)
    return tuple(
        tuple(visit_index[fact.visit_id] for fact in facts if fact.therapist_id == therapist.id)
        for therapist in problem.therapists
    )


def _add_published(compiled: Compiled) -> None:
    """Write what the published plan told people (starts as retimed before anything happened) and what changing costs."""
    problem, tables = compiled.problem, compiled.tables
    if problem.published is None:
        return
    from dispatch.rules.settle import settle  # it needs the tables made here

    for route in settle(compiled, problem.published).routes:
        for stop, start in route.visit_starts():
            tables.visits[stop, PUBLISHED] = start
            if problem.weights.moved_sen_per_min > 0:
                tables.visits[stop, UNEVEN] = 1
    changed = POINTS_PER_SEN * problem.weights.changed_therapist_sen
    for visit, therapist in compiled.published_by.items():
        if visit in compiled.visit_index:
            column = tables.fixed_points[:, compiled.visit_index[visit]]
            others = np.array([one != therapist for one in compiled.therapists])
            column[others & (column >= 0)] += changed


def _add_facts(compiled: Compiled) -> None:
    """Write what has happened, what time it is, and which breaks it has already made late."""
    problem, tables = compiled.problem, compiled.tables
    if problem.now_s is not None:
        tables.prices[NOW] = problem.now_s
    for t, head in enumerate(compiled.heads):
        therapist = problem.therapists[t]
        for at, v in enumerate(head):
            fact = compiled.facts[compiled.visits[v]]
            row = tables.visits[v]
            row[PAST], row[HEAD_AT] = 1, at
            for column, time_s in zip((DEPARTED, ARRIVED, STARTED, FINISHED), fact.times(), strict=True):
                row[column] = -1 if time_s is None else time_s
            booking = problem.bookings[compiled.booking_of[v]]
            points = POINTS_PER_SEN * sum(fill.liking_sen(therapist, booking, problem.weights).values())
            if compiled.published_by.get(fact.visit_id, therapist.id) != therapist.id:
                points += POINTS_PER_SEN * problem.weights.changed_therapist_sen
            tables.fixed_points[:, v] = -1
            tables.fixed_points[t, v] = points
        if head:
            tables.therapists[t, HEAD] = len(head)
            free, _ = time_route(tables, t, np.array(head, np.int64), compiled.pins, np.zeros((len(head), 8), np.int64))
            first = tables.therapists[t, FIRST_BREAK]
            for b in range(first, first + tables.therapists[t, BREAKS]):
                # What has happened may have made a break late already: it is due at once after it then.
                tables.breaks[b, LATEST] = max(tables.breaks[b, LATEST], free)
