"""Every way to place a therapist's due breaks around her visits, as far as her own route lets them be.

Partners of couples may make her wait, so which way is best shows only when the routes are timed together. But a way
that breaks a rule even when nobody makes her wait is not worth timing: waiting makes nothing earlier.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, permutations

import numpy as np

from dispatch.model.plan import Stop
from dispatch.rules.compiled import Compiled
from dispatch.rules.step import (
    BREAKS,
    DUE,
    FIRST_BREAK,
    LATEST,
    MUST_BREAK,
    PAST,
    START_AT,
    permitted,
    time_route,
)


def due_breaks(compiled: Compiled, t: int) -> list[int]:
    """Give the breaks of a therapist that are due, by number."""
    she = compiled.tables.therapists[t]
    return [k for k in range(she[BREAKS]) if compiled.tables.breaks[she[FIRST_BREAK] + k, DUE] == 1]


def all_ways(compiled: Compiled, t: int, order: Sequence[int]) -> Iterator[tuple[Stop, ...]]:
    """Give the stops of every way to visit in this order with all due breaks, or fewer where they are waived."""
    due = due_breaks(compiled, t)
    least = 0 if compiled.tables.therapists[t, MUST_BREAK] == 0 else len(due)
    for count in range(len(due), least - 1, -1):
        for taken in permutations(due, count):
            for gaps in combinations_with_replacement(range(len(order) + 1), count):
                stops = list(order)
                for passed, (gap, k) in enumerate(zip(gaps, taken, strict=True)):
                    stops.insert(gap + passed, -1 - k)
                if _could_be(compiled, t, stops):
                    yield tuple(
                        compiled.visit_stops[stop] if stop >= 0 else compiled.break_stops[t][-1 - stop]
                        for stop in stops
                    )


def _could_be(compiled: Compiled, t: int, stops: Sequence[int]) -> bool:
    """Tell whether breaks and visits are in time when nobody makes her wait; what has begun is not judged here."""
    tables = compiled.tables
    times = np.zeros((len(stops), 8), np.int64)
    time_route(tables, t, np.array(stops, np.int64), compiled.pins, times)
    begun = any(stop >= 0 and tables.visits[stop, PAST] == 1 for stop in stops)
    first = int(tables.therapists[t, FIRST_BREAK])
    for stop, start in zip(stops, times[:, START_AT].tolist(), strict=True):
        if stop < 0:
            if not begun and start > tables.breaks[first - 1 - stop, LATEST]:
                return False
        elif tables.visits[stop, PAST] == 0 and permitted(tables, stop, start) != start:
            return False
    return True
