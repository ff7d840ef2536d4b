"""Routes as the planner handles them: a therapist and her options in order, valued by `rules` once and remembered.

`rules.evaluate_route` and `rules.best_insertions` are compiled and exact; what this file adds is memory, because ruin
and recreate asks for the same few routes again and again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dispatch.model.plan import Stop
from dispatch.rules.route import best_insertions, evaluate_route
from dispatch.solve.day import Day

REMEMBERED = 60_000
"""So many routes are kept in memory; then it starts afresh (a count, not a size, so that answers repeat)."""

Insertion = tuple[int, int, int]
"""A feasible insertion: the points it adds, the position, the start of the visit inserted."""


@dataclass(slots=True)
class Column:
    """One feasible route: therapist, options in order, and what it costs.

    `held` are its visits as bits, `best` remembers the cheapest insertion by option, `scans` all insertions by visit.
    """

    therapist: int
    options: tuple[int, ...]
    points: int
    held: int
    best: dict[int, Insertion | None] = field(default_factory=dict)
    scans: dict[int, tuple[Insertion, ...]] = field(default_factory=dict)


def bits_of(visits: Iterable[int]) -> int:
    """Give visits as bits by index."""
    bits = 0
    for visit in visits:
        bits |= 1 << visit
    return bits


class RouteBook:
    """Knows every route met in a solve by its therapist and options."""

    def __init__(self, day: Day) -> None:
        """Begin with an empty memory."""
        self.day = day
        self._columns: dict[tuple[int, tuple[int, ...]], Column | None] = {}
        self._is_pinned = False
        self._pinned: npt.NDArray[np.int64] = np.full(max(1, len(day.entry_of)), -1, dtype=np.int64)

    def column(self, therapist: int, options: tuple[int, ...]) -> Column | None:
        """Give the route of a therapist over these options; None where the rules allow no such route."""
        key = (therapist, options)
        if key in self._columns:
            return self._columns[key]
        visits = self._pin(options)
        value = evaluate_route(self.day.compiled, therapist, visits, self._pinned)
        self._unpin(visits)
        column = Column(therapist, options, value.points, bits_of(visits)) if value.feasible else None
        self._remember(key, column)
        return column

    def bare(self, therapist: int, options: tuple[int, ...]) -> Column:
        """Give a route of what has begun even where the rules would not allow it: it cannot be helped any more."""
        return Column(therapist, options, 0, bits_of(self.day.visit(option) for option in options))

    def stops(self, column: Column) -> tuple[Stop, ...]:
        """Give a route's visits with its breaks where the rules put them."""
        visits = self._pin(column.options)
        value = evaluate_route(self.day.compiled, column.therapist, visits, self._pinned)
        self._unpin(visits)
        return value.stops

    def insertion(self, column: Column, option: int) -> Insertion | None:
        """Give the cheapest way to put an option into a route; None where there is none."""
        if option in column.best:
            return column.best[option]
        found = self._scan(column, option)
        best = (found[0][1], found[0][0], found[0][2]) if found else None
        column.best[option] = best
        return best

    def insertions(self, column: Column, visit: int) -> tuple[Insertion, ...]:
        """Give every way to put a visit into a route with its earliest start, as if it had no partner to wait for."""
        if visit not in column.scans:
            found = self._scan(column, visit)
            column.scans[visit] = tuple((delta, position, start) for position, delta, start in found)
        return column.scans[visit]

    def inserted(self, column: Column, option: int, insertion: Insertion) -> Column:
        """Give the route with the option put in where the insertion says."""
        delta, position, _ = insertion
        options = (*column.options[:position], option, *column.options[position:])
        key = (column.therapist, options)
        known = self._columns.get(key)
        if known is None:
            held = column.held | 1 << self.day.visit(option)
            known = Column(column.therapist, options, column.points + delta, held)
            self._remember(key, known)
        return known

    def without(self, column: Column, options: set[int]) -> Column | None:
        """Give the route without some of its options; None where the rules do not allow what is left."""
        return self.column(column.therapist, tuple(option for option in column.options if option not in options))

    def _scan(self, column: Column, option: int) -> list[tuple[int, int, int]]:
        """Ask the rules for every (position, added points, start), cheapest first."""
        day = self.day
        visit = day.visit(option)
        if column.held & day.clashes[visit]:
            return []
        visits = self._pin(column.options)
        start_s = day.start_s(option)
        if start_s:
            self._pinned[visit] = start_s
            self._is_pinned = True
        found = best_insertions(day.compiled, column.therapist, visits, visit, self._pinned)
        self._unpin((*visits, visit))
        return found

    def _pin(self, options: tuple[int, ...]) -> tuple[int, ...]:
        """Write the starts of options into the array that the rules read; give the visits."""
        count = len(self.day.entry_of)
        if max(options, default=0) < count:
            return options
        for option in options:
            if option >= count:
                self._pinned[option % count] = option // count
                self._is_pinned = True
        return tuple(option % count for option in options)

    def _unpin(self, visits: tuple[int, ...]) -> None:
        """Free the visits again."""
        if self._is_pinned:
            for visit in visits:
                self._pinned[visit] = -1
            self._is_pinned = False

    def _remember(self, key: tuple[int, tuple[int, ...]], column: Column | None) -> None:
        """Keep a route, and forget all others when there are too many."""
        if len(self._columns) >= REMEMBERED:
            self._columns.clear()
        self._columns[key] = column
