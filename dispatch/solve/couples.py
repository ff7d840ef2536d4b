"""Where a couple might go instead: it is put there whatever is in the way, and what made room is planned anew around it.

A region keeps the starts of its couples, so it never finds another one by itself; this gives it others to begin with.
"""

import random

from dispatch.solve.day import Day
from dispatch.solve.draft import Draft, is_free, united
from dispatch.solve.insert import starts_between
from dispatch.solve.routes import Column, RouteBook

FROM_LEFT_OUT = 0.6
"""So often a couple that is left out is chosen, where there is one."""

TRIES = 8
"""So many starts and therapists are drawn for it, until it can be put there."""


def with_other_couple(
    day: Day, book: RouteBook, draft: Draft, rng: random.Random
) -> tuple[Draft, tuple[int, ...]] | None:
    """Give a draft with a couple at another start, and the therapists who serve it; None where none was found.

    Whatever these therapists had to do that has not begun is left out of it.
    """
    coupled = [number for number, entry in enumerate(day.entries) if entry.coupled and not entry.fixed]
    waiting = [number for number in coupled if number in draft.out]
    if not coupled:
        return None
    number = rng.choice(waiting) if waiting and rng.random() < FROM_LEFT_OUT else rng.choice(coupled)
    base = draft.copy()
    if number not in base.out:
        base.take_out({number}, book)
    for _ in range(TRIES):
        found = _placed(day, book, base, number, rng)
        if found is not None:
            whole = base.columns.copy()
            for column in found:
                whole[column.therapist] = column
            return united(day, whole, book), tuple(column.therapist for column in found)
    return None


def _placed(day: Day, book: RouteBook, base: Draft, number: int, rng: random.Random) -> list[Column] | None:
    """Give a route for each seat at one start drawn by lot, with nothing else in it but what has begun."""
    entry = day.entries[number]
    booking = day.problem.bookings[number]
    earliest, latest = starts_between(base, entry)
    window = rng.choice(booking.windows)
    low, high = max(earliest, window.start_s), min(latest, window.end_s + booking.late_tolerance_s)
    first = -(-low // entry.grid_s) * entry.grid_s
    if first > high:
        return None
    start_s = first + entry.grid_s * rng.randrange((high - first) // entry.grid_s + 1)
    taken: set[int] = set()
    columns: list[Column] = []
    for visit in entry.visits:
        able = [t for t in day.able[visit] if t not in taken and is_free(day, base.columns[t])]
        if not able:
            return None
        t = rng.choice(able)
        taken.add(t)
        head = base.columns[t].options[: len(day.heads[t])]
        column = book.column(t, (*head, day.option(visit, start_s)))
        if column is None:
            return None
        columns.append(column)
    return columns
