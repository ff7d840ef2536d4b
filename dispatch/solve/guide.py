"""Column generation at the planner's service: plans made of the relaxations' routes, and the bounds.

A dive turns a relaxation into a draft, and its routes feed the pool. What is proven is proven aim by aim (`bound`).
"""

from collections.abc import Callable, Sequence

import numpy as np

from dispatch.rules.route import evaluate_route
from dispatch.solve.bound import Bounds
from dispatch.solve.certificate import served_by
from dispatch.solve.day import Day, booking_points
from dispatch.solve.dive import dive
from dispatch.solve.draft import Draft, Key
from dispatch.solve.pool import Pool
from dispatch.solve.relaxation import RouteKey, key_of
from dispatch.solve.routes import Column, RouteBook

DIVES_REMEMBERED = 3
"""So many of a dive's surest routes are avoided by the next dives as their first."""

Stopped = Callable[[], bool]


class Guide:
    """The relaxations of one day at work; `bounds` are tightened by it."""

    def __init__(self, day: Day, book: RouteBook, bounds: Bounds) -> None:
        """Begin for a day."""
        self._day = day
        self._book = book
        self._bounds = bounds
        self._keeping = bounds.pricer.keeping()
        self._avoid: set[RouteKey] = set()

    def learn(self, known: Sequence[Column], stopped: Stopped) -> None:
        """Generate routes for priority and count together, beginning with the known ones, and prove what they prove."""
        self._bounds.refine_both((key_of(self._day, column) for column in known), stopped)

    def prove(self, known: Sequence[Column], stopped: Stopped) -> None:
        """Tighten the bounds of priority and of the count, each by itself."""
        keys = [key_of(self._day, column) for column in known]
        if self._bounds.both is not None:
            keys += self._bounds.both.routes()
        self._bounds.refine_each(dict.fromkeys(keys), stopped)

    def prove_points(self, key: Key, known: Sequence[Column], stopped: Stopped) -> None:
        """Bound the points of plans that serve as much as one of this key, whose routes are among the known ones."""
        routes = [(key_of(self._day, column), column.points) for column in known]
        self._bounds.refine_points(*served_by(self._day, key), routes, stopped)

    def plan(self, begun: Sequence[Column], stopped: Stopped) -> Draft | None:
        """Give the draft that a dive comes to, from the routes of what has begun; each call takes another way.

        Couples are left to be put in when all routes are known, because their seats were priced apart.
        """
        relaxation = self._bounds.cheapest or self._bounds.both
        if relaxation is None or stopped():
            return None
        surest = sorted(relaxation.shares(), reverse=True)[:DIVES_REMEMBERED]
        routes = dive(relaxation, self._keeping, stopped=stopped, avoid=frozenset(self._avoid))
        self._avoid |= {key for _, key in surest}
        columns = list(begun)
        held = {self._day.visit(option) for column in begun for option in column.options}
        for t, visits in routes:
            if len(begun[t].options) > len(self._day.heads[t]):
                # She is still to come to a couple of which the other therapist is on her way: that route stays.
                continue
            kept = tuple(v for v in visits if not self._day.coupled[v] and v not in held)
            column = self._book.column(t, (*begun[t].options, *kept))
            if column is not None:
                columns[t] = column
                held |= set(kept)
        return Draft(self._day, columns)

    def feed(self, pool: Pool, best: Draft, worth: float) -> None:
        """Put the routes of least points into the pool, each with the least loss of any plan that has it.

        `worth` is the loss of a plan that serves as much as the relaxation asks for, at no points.
        """
        relaxation = self._bounds.cheapest
        if relaxation is None or not relaxation.solve():
            return
        rewards = relaxation.asked(0.0)
        unit = booking_points(self._day)
        least = worth - relaxation.value * unit
        for key in relaxation.routes():
            for column in self._columns(key, best):
                short = max(0.0, -relaxation.excess(rewards, key, column.points)) * unit
                pool.add(column, least + short)

    def _columns(self, key: RouteKey, best: Draft) -> list[Column]:
        """Give a route as the planner knows it; coupled visits at their earliest start, and at the best draft's."""
        day = self._day
        t, visits = key
        begun = best.columns[t].options[: len(day.heads[t])]
        tried = [tuple(visits)]
        if any(day.coupled[v] for v in visits):
            whole = (*(day.visit(option) for option in begun), *visits)
            starts = evaluate_route(day.compiled, t, np.array(whole, np.int64)).starts[len(begun) :]
            if len(starts) < len(visits):
                return []
            tried = [
                tuple(day.option(v, self._start(v, start)) for v, start in zip(visits, starts, strict=True)),
                tuple(
                    day.option(v, best.starts.get(day.entry_of[v], self._start(v, start)))
                    for v, start in zip(visits, starts, strict=True)
                ),
            ]
        found = (self._book.column(t, (*begun, *options)) for options in dict.fromkeys(tried))
        return [column for column in found if column is not None]

    def _start(self, visit: int, start_s: int) -> int:
        """Give the first start on a booking's grid from one on."""
        grid_s = self._day.entries[self._day.entry_of[visit]].grid_s
        return -(-start_s // grid_s) * grid_s
