"""The first plan: insertion by regret, so that bookings with one good therapist left go before those with many.

Source: Potvin and Rousseau 1993, "A parallel route building algorithm for the vehicle routing and scheduling problem
with time windows"; priority and locks come first here, because the aims are lexicographic.
"""

import random
from collections.abc import Callable

from dispatch.solve.draft import Draft
from dispatch.solve.insert import Move, apply, cheapest
from dispatch.solve.routes import RouteBook

NOISE = 0.1
"""Prices are read with up to a tenth of seeded noise, so that another seed begins elsewhere."""


def fill(draft: Draft, book: RouteBook, rng: random.Random, *, stopped: Callable[[], bool]) -> None:
    """Put every booking in that finds a place: locked ones first, then by priority, couples first, then by regret."""
    entries = draft.day.entries
    for rank in sorted({entries[number].gains[:2] for number in draft.out}, reverse=True):
        group = sorted(number for number in draft.out if entries[number].gains[:2] == rank)
        _fill_coupled(draft, book, [number for number in group if entries[number].coupled], stopped)
        _fill_single(draft, book, [number for number in group if not entries[number].coupled], rng, stopped)


def _fill_coupled(draft: Draft, book: RouteBook, group: list[int], stopped: Callable[[], bool]) -> None:
    """Put couples in, those with the fewest able therapists first."""
    day = draft.day
    group.sort(key=lambda number: (min(len(day.able[v]) for v in day.entries[number].visits), number))
    for number in group:
        if stopped():
            return
        move = cheapest(draft, book, number)
        if move is not None:
            apply(draft, book, move)


def _fill_single(
    draft: Draft, book: RouteBook, group: list[int], rng: random.Random, stopped: Callable[[], bool]
) -> None:
    """Put single visits in, each time the one that would lose most by waiting."""
    entries = draft.day.entries
    waiting = {number: _Prices(draft, book, entries[number].visits[0], 1.0 + NOISE * rng.random()) for number in group}
    while waiting and not stopped():
        number = max(waiting, key=lambda one: (waiting[one].regret, -one))
        prices = waiting.pop(number)
        if not prices.by_therapist:
            # It waits for the rounds, and for the last pass, to make room.
            continue
        column = draft.columns[prices.cheapest]
        found = book.insertion(column, prices.visit)
        assert found is not None
        apply(draft, book, Move(found[0], number, ((prices.visit, column, found),)))
        for other in waiting.values():
            other.changed(draft, book, prices.cheapest)


class _Prices:
    """What one visit costs with each therapist who has a place for it, and what waiting would lose."""

    __slots__ = ("by_therapist", "cheapest", "noise", "regret", "visit")

    def __init__(self, draft: Draft, book: RouteBook, visit: int, noise: float) -> None:
        """Ask for all therapists who may."""
        self.visit = visit
        self.noise = noise
        self.by_therapist: dict[int, int] = {}
        for t in draft.day.able[visit]:
            found = book.insertion(draft.columns[t], visit)
            if found is not None:
                self.by_therapist[t] = found[0]
        self._compare()

    def changed(self, draft: Draft, book: RouteBook, t: int) -> None:
        """Ask anew for one therapist whose route has changed."""
        if t not in self.by_therapist:
            return
        found = book.insertion(draft.columns[t], self.visit)
        if found is None:
            del self.by_therapist[t]
        else:
            self.by_therapist[t] = found[0]
        self._compare()

    def _compare(self) -> None:
        """Work out the cheapest and the regret; whoever has one therapist left must not wait, whoever has none may go."""
        if not self.by_therapist:
            self.cheapest, self.regret = -1, float("inf")
            return
        prices = sorted((price, t) for t, price in self.by_therapist.items())
        self.cheapest = prices[0][1]
        second = prices[1][0] if len(prices) > 1 else prices[0][0] + 10**12
        self.regret = (second - prices[0][0]) * self.noise - prices[0][0] * 1e-3
