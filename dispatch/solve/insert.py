"""Putting one booking into a draft at the least price: over every therapist and position for a single visit, over
starts and sets of therapists for a couple.

A couple's start is tried at the earliest moments its seats could be ready, on the grid that couples share: where two
therapists can meet at all, the earliest moment at which both are ready is one of these.
"""

import random
from dataclasses import dataclass

from dispatch.solve.day import Day, Entry
from dispatch.solve.draft import Draft
from dispatch.solve.routes import Column, Insertion, RouteBook

STARTS_TRIED = 6
"""So many starts of a couple are tried while searching; the last pass tries them all."""

LINKED_STEP_S = 900
"""Later starts of linked bookings are tried at this distance."""


@dataclass(frozen=True, slots=True)
class Move:
    """A booking's way into a draft: the points it adds and, seat by seat, the option with the route that holds it."""

    points: int
    number: int
    places: tuple[tuple[int, Column, Insertion], ...]


def cheapest(
    draft: Draft,
    book: RouteBook,
    number: int,
    *,
    rng: random.Random | None = None,
    blink: float = 0.0,
    starts_tried: int | None = STARTS_TRIED,
) -> Move | None:
    """Give the cheapest way to serve a booking; None where no route takes it.

    With `rng`, each therapist is overlooked with probability `blink`: a little blindness keeps a search from always
    rebuilding what it has just torn down (Christiaens and Vanden Berghe 2020, "slack induction by string removals").
    """
    entry = draft.day.entries[number]
    if entry.coupled:
        return _coupled(draft, book, number, entry, rng, starts_tried)
    visit = entry.visits[0]
    best: Insertion | None = None
    where: Column | None = None
    columns, clashes = draft.columns, draft.day.clashes[visit]
    for t in draft.day.able[visit]:
        column = columns[t]
        if column.held & clashes:
            continue
        found = column.best[visit] if visit in column.best else book.insertion(column, visit)
        if found is None or (best is not None and found[0] >= best[0]):
            continue
        if rng is None or rng.random() >= blink:
            best, where = found, column
    if best is None or where is None:
        return None
    return Move(best[0], number, ((visit, where, best),))


def apply(draft: Draft, book: RouteBook, move: Move) -> None:
    """Serve the move's booking."""
    draft.put_in(
        move.number,
        [(option, book.inserted(column, option, insertion)) for option, column, insertion in move.places],
    )


def starts_between(draft: Draft, entry: Entry) -> tuple[int, int]:
    """Give the earliest and latest start that the linked bookings already served leave to a booking."""
    earliest, latest = 0, 1 << 40
    for tie in entry.ties:
        other = draft.starts.get(tie.other)
        if other is not None:
            earliest = max(earliest, other + tie.earliest_after_s)
            latest = min(latest, other + tie.latest_after_s)
    return earliest, latest


def _coupled(
    draft: Draft, book: RouteBook, number: int, entry: Entry, rng: random.Random | None, starts_tried: int | None
) -> Move | None:
    """Give the cheapest common start with a therapist of her own for each seat."""
    best: Move | None = None
    starts = _starts(draft, book, entry, every=starts_tried is None)
    if starts_tried is not None and len(starts) > starts_tried:
        starts = sorted((rng or random.Random(number)).sample(starts, starts_tried))
    for start_s in starts:
        found = at_start(draft, book, number, start_s)
        if found is not None and (best is None or found.points < best.points):
            best = found
    return best


def _starts(draft: Draft, book: RouteBook, entry: Entry, *, every: bool) -> list[int]:
    """Give the starts worth trying: the moments at which a seat is first ready somewhere, or all on the grid."""
    day = draft.day
    booking = day.problem.bookings[day.entry_of[entry.visits[0]]]
    earliest, latest = starts_between(draft, entry)
    ready: set[int] = {booking.promise_s} if booking.promise_s is not None else set()
    for visit in entry.visits:
        mine = {start_s for t in day.able[visit] for _, _, start_s in book.insertions(draft.columns[t], visit)}
        if not mine:
            return []
        earliest = max(earliest, min(mine))
        ready |= mine
    if every or entry.ties:
        # A start that is good for a linked booking need not be the first moment of this one.
        step_s = entry.grid_s if every and entry.grid_s > 1 else LINKED_STEP_S
        for window in booking.windows:
            ready |= set(range(window.start_s, window.end_s + booking.late_tolerance_s + 1, step_s))
    locked = {
        lock.start_s
        for visit in entry.visits
        if (lock := day.compiled.locks.get(day.compiled.visits[visit])) and lock.start_s is not None
    }
    if locked:
        return sorted(start_s for start_s in locked if start_s <= latest)
    on_grid = {-(-max(start_s, earliest) // entry.grid_s) * entry.grid_s for start_s in ready}
    return sorted(start_s for start_s in on_grid if start_s <= latest)


def at_start(draft: Draft, book: RouteBook, number: int, start_s: int) -> Move | None:
    """Give the cheapest way to serve a coupled booking at one start; None where its seats find no therapists."""
    day: Day = draft.day
    choices: list[list[tuple[Insertion, int, int]]] = []
    for visit in day.entries[number].visits:
        option = day.option(visit, start_s)
        ways = [
            (found, t, option)
            for t in day.able[visit]
            if (found := book.insertion(draft.columns[t], option)) is not None
        ]
        if not ways:
            return None
        choices.append(sorted(ways))
    picked = _distinct(choices)
    if picked is None:
        return None
    return Move(
        sum(found[0] for found, _, _ in picked),
        number,
        tuple((option, draft.columns[t], found) for found, t, option in picked),
    )


def _distinct(choices: list[list[tuple[Insertion, int, int]]]) -> list[tuple[Insertion, int, int]] | None:
    """Pick one way per seat, no therapist twice, at the least sum; a booking has few seats, so all are tried."""
    best: tuple[int, list[tuple[Insertion, int, int]]] | None = None
    floor = [0] * (len(choices) + 1)
    for seat in range(len(choices) - 1, -1, -1):
        floor[seat] = floor[seat + 1] + choices[seat][0][0][0]

    def pick(seat: int, spent: int, taken: list[tuple[Insertion, int, int]]) -> None:
        nonlocal best
        if seat == len(choices):
            best = (spent, list(taken))
            return
        for way in choices[seat]:
            if best is not None and spent + way[0][0] + floor[seat + 1] >= best[0]:
                return
            if all(way[1] != other[1] for other in taken):
                taken.append(way)
                pick(seat + 1, spent + way[0][0], taken)
                taken.pop()

    pick(0, 0, [])
    return best[1] if best else None
