"""A day's problem in the planner's numbers: bookings, visits and therapists as indexes into `rules.compile_problem`.

A visit of a booking with several seats or with links is *coupled*: it enters a route as an option, the visit together
with the start it must have, so that routes can be chosen apart and still meet.
"""

from dataclasses import dataclass

from dispatch.model.day import COUPLE_GRID_S
from dispatch.model.kinds import LinkKind
from dispatch.model.plan import booking_of
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.step import TRAVEL_PRICE
from dispatch.solve.clash import clashes_of

TRAVEL_S_A_BOOKING = 4 * 3_600
"""Leaving a booking out weighs as much as so much travel, where aims are softened into one number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """How a booking hangs on another one, seen from itself; both figures bound its own start against the other's."""

    other: int
    earliest_after_s: int
    latest_after_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A booking in the planner's numbers; `visits` are the indexes of its seats' visits.

    `fixed` bookings have facts: they are never taken out and gain nothing. `gains` is what serving a booking adds to
    the aims before points: locked, priority, counted.
    """

    id: str
    visits: tuple[int, ...]
    coupled: bool
    grid_s: int
    fixed: bool
    gains: tuple[int, int, int]
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Everything the planner looks up by number; built once for a solve.

    `able[v]` are the therapists who may take visit v, `heads[t]` the visits that facts fix at the head of t's route,
    `clashes[v]` (as bits) the visits that v can share no route with.
    """

    problem: DayProblem
    compiled: Compiled
    entries: tuple[Entry, ...]
    entry_of: tuple[int, ...]
    coupled: tuple[bool, ...]
    able: tuple[tuple[int, ...], ...]
    heads: tuple[tuple[int, ...], ...]
    clashes: tuple[int, ...]

    def option(self, visit: int, start_s: int) -> int:
        """Give the option of a visit at a start (a free visit is its own option)."""
        return visit + len(self.entry_of) * start_s if self.coupled[visit] else visit

    def visit(self, option: int) -> int:
        """Give the visit of an option."""
        return option % len(self.entry_of)

    def start_s(self, option: int) -> int:
        """Give the start an option fixes; nought for a free visit."""
        return option // len(self.entry_of)


def day_of(problem: DayProblem) -> Day:
    """Number a day; raises what `rules.compile_problem` raises for a problem that cannot be right."""
    compiled = compile_problem(problem)
    entries = _entries(problem, compiled)
    count = len(compiled.therapists)
    # A treatment that has begun waits for nobody any more.
    started = {fact.visit_id for fact in problem.facts if fact.started_s is not None or fact.finished_s is not None}
    able = tuple(tuple(t for t in range(count) if compiled.allowed[t, v]) for v in range(len(compiled.visits)))
    return Day(
        problem=problem,
        compiled=compiled,
        entries=entries,
        entry_of=compiled.booking_of,
        coupled=tuple(
            entries[number].coupled and name not in started
            for name, number in zip(compiled.visits, compiled.booking_of, strict=True)
        ),
        able=able,
        heads=compiled.heads,
        clashes=clashes_of(compiled),
    )


def booking_points(day: Day) -> int:
    """Give what leaving a booking out weighs where aims are softened into one number: four hours of travel.

    That is more than serving one mostly costs (with the usual prices 120 ringgit).
    """
    return TRAVEL_S_A_BOOKING * max(1, int(day.compiled.tables.prices[TRAVEL_PRICE]))


def _entries(problem: DayProblem, compiled: Compiled) -> tuple[Entry, ...]:
    """Number the bookings in the problem's order."""
    number_of = {booking.id: number for number, booking in enumerate(problem.bookings)}
    ties: dict[str, list[Tie]] = {booking.id: [] for booking in problem.bookings}
    grid = {booking.id for booking in problem.bookings if len(booking.seats) > 1}
    for link in problem.links:
        first, second = problem.booking(link.first_id), problem.booking(link.second_id)
        least, most = 0, 0
        if link.kind is LinkKind.SAME_START:
            grid |= {first.id, second.id}
        else:
            least, most = first.duration_s + link.min_s, first.duration_s + link.max_s
        ties[second.id].append(Tie(other=number_of[first.id], earliest_after_s=least, latest_after_s=most))
        ties[first.id].append(Tie(other=number_of[second.id], earliest_after_s=-most, latest_after_s=-least))
    locked = {booking_of(lock.visit_id)[0] for lock in problem.locks}
    happened = {booking_of(fact.visit_id)[0] for fact in problem.facts}
    return tuple(
        Entry(
            id=booking.id,
            visits=compiled.booking_visits[number_of[booking.id]],
            coupled=len(booking.seats) > 1 or bool(ties[booking.id]),
            grid_s=COUPLE_GRID_S if booking.id in grid else 1,
            fixed=booking.id in happened,
            gains=_gains(booking, locked=booking.id in locked) if booking.id not in happened else (0, 0, 0),
            ties=tuple(ties[booking.id]),
        )
        for booking in problem.bookings
    )


def _gains(booking: DayBooking, *, locked: bool) -> tuple[int, int, int]:
    """Give what serving a booking adds to the aims, as `rules.plan_cost` counts what leaving it out takes away."""
    if booking.is_hold:
        return (1, 0, 0)
    return (int(locked), booking.priority, 1)
