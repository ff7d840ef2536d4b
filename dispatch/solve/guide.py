"""Column generation at the planner's service: routes that suit the whole day, plans made of them, and the bounds.

One relaxation has all aims in it, softened as the rounds' loss softens them, and guides the search: its routes enter the
pool, each with the least loss that any plan with it can have, and dives turn them into drafts. What is proven is
proven apart, aim by aim (`bound`).
"""

from collections.abc import Callable, Sequence

import numpy as np

from dispatch.rules.route import evaluate_route
from dispatch.solve.bound import POINTS_UNIT, Bounds
from dispatch.solve.certificate import served_by
from dispatch.solve.columns import generate
from dispatch.solve.day import Day
from dispatch.solve.dive import dive
from dispatch.solve.draft import Draft, Key
from dispatch.solve.pool import Pool
from dispatch.solve.relaxation import Relaxation, RouteKey
from dispatch.solve.routes import Column, RouteBook

PRICING_ROUNDS = 100
"""The counted end of the guiding relaxation's column generation."""

DIVES_REMEMBERED = 3
"""So many of a dive's surest routes are avoided by the next dives as their first."""

Stopped = Callable[[], bool]


class Guide:
    """The relaxations of one day, made when first asked for."""

    def __init__(self, day: Day, book: RouteBook, loss_of: Callable[[Key], float], bounds: Bounds) -> None:
        """Begin for a day; `loss_of` is the loss that drafts are accepted by, `bounds` are tightened."""
        self._day = day
        self._book = book
        self._bounds = bounds
        self._pricer = bounds.pricer
        gains = [int(loss_of((*entry.gains, 0)) - loss_of((0, 0, 0, 0))) for entry in day.entries]
        self._most = sum(gains)
        self._relaxation: Relaxation | None = None
        self._gains = gains
        self._avoid: set[RouteKey] = set()
        self._plans = 0
        self._others: list[RouteKey] = []

    def learn(self, known: Sequence[Column], stopped: Stopped) -> None:
        """Generate routes for the guiding relaxation, beginning with the known ones."""
        relaxation = Relaxation(self._day, self._gains, unit=POINTS_UNIT, weight=1)
        relaxation.add((self._key(column), column.points) for column in known)
        generate(relaxation, self._pricer, rounds=PRICING_ROUNDS, stopped=stopped)
        self._relaxation = relaxation

    def plan(self, begun: Sequence[Column], stopped: Stopped) -> Draft | None:
        """Give the draft that a dive comes to, from the routes of what has begun; each call takes another way."""
        relaxation = self._relaxation
        self._plans += 1
        if self._plans % 2 == 0 and self._bounds.both is not None:
            # What the count and the priority alone would have: its routes stay where the bound can still be met.
            relaxation = self._bounds.both
        if relaxation is None or stopped():
            return None
        surest = sorted(relaxation.shares(), reverse=True)[:DIVES_REMEMBERED]
        routes = dive(relaxation, self._pricer, stopped=stopped, avoid=frozenset(self._avoid))
        self._avoid |= {key for _, key in surest}
        columns = list(begun)
        held = {self._day.visit(option) for column in begun for option in column.options}
        for t, visits in routes:
            if len(begun[t].options) > len(self._day.heads[t]):
                # She is still to come to a couple of which the other therapist is on her way: that route stays.
                continue
            # Couples are left to be put in when all routes are known, because their seats were priced apart.
            kept = tuple(v for v in visits if not self._day.coupled[v] and v not in held)
            column = self._book.column(t, (*begun[t].options, *kept))
            if column is not None:
                columns[t] = column
                held |= set(kept)
        return Draft(self._day, columns)

    def feed(self, pool: Pool, best: Draft) -> None:
        """Put the relaxations' routes into the pool, each with the least loss of any plan that has it."""
        relaxation = self._relaxation
        if relaxation is None or not relaxation.solve():
            return
        rewards = relaxation.asked(0.0)
        least = self._most - relaxation.value * POINTS_UNIT
        for key in dict.fromkeys([*relaxation.routes(), *self._others]):
            for column in self._columns(key, best):
                short = max(0.0, -relaxation.excess(rewards, key, column.points)) * POINTS_UNIT
                pool.add(column, least + short)

    def prove(self, known: Sequence[Column], stopped: Stopped) -> None:
        """Tighten the bounds of priority and count."""
        keys = [self._key(column) for column in known]
        if self._relaxation is not None:
            keys += self._relaxation.routes()
        self._others = self._bounds.refine(keys, stopped)

    def prove_points(self, key: Key, known: Sequence[Column], stopped: Stopped) -> None:
        """Bound the points of plans that serve as much as one of this key, whose routes are among the known ones."""
        routes = [(self._key(column), column.points) for column in known]
        self._bounds.refine_points(*served_by(self._day, key), routes, stopped)

    def _key(self, column: Column) -> RouteKey:
        """Give a route as the relaxations know it: without what has begun, and without starts."""
        day = self._day
        begun = len(day.heads[column.therapist])
        return column.therapist, tuple(day.visit(option) for option in column.options[begun:])

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
