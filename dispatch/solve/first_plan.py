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
    day = draft.day
    waiting = set(group)
    noise = {number: 1.0 + NOISE * rng.random() for number in group}
    while waiting and not stopped():
        chosen: tuple[float, int, Move] | None = None
        for number in sorted(waiting):
            visit = day.entries[number].visits[0]
            prices = sorted(
                (found[0], t) for t in day.able[visit] if (found := book.insertion(draft.columns[t], visit)) is not None
            )
            if not prices:
                waiting.discard(number)
                continue
            # A booking that only one therapist can still take must not wait at all.
            second = prices[1][0] if len(prices) > 1 else prices[0][0] + 10**12
            regret = (second - prices[0][0]) * noise[number] - prices[0][0] * 1e-3
            if chosen is None or regret > chosen[0]:
                column = draft.columns[prices[0][1]]
                found = book.insertion(column, visit)
                assert found is not None
                chosen = (regret, number, Move(prices[0][0], number, ((visit, column, found),)))
        if chosen is None:
            return
        waiting.discard(chosen[1])
        apply(draft, book, chosen[2])
