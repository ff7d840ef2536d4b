"""When everything starts, over the whole plan: the least times at which all routes and all couples agree.

Bookings that start together, or a gap after another, tie routes to each other. Every tied start has a lower bound;
walking the routes raises the bounds until nothing moves: the least fixpoint of monotone functions, so the answer does
not depend on the order of the walk. Ties that wait for each other for ever are found first, on the graph of what
comes before what, and are timed as if they were not tied.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan
from dispatch.rules.compiled import Compiled
from dispatch.rules.step import (
    DURATION,
    END_AT,
    FINISHED,
    GRID,
    GRID_STEP,
    HORIZON,
    LOCKED,
    NEVER,
    START_AT,
    STARTED,
    WINDOWS,
    Ints,
    permitted,
    time_route,
)

TIME_COLUMNS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SettledRoute:
    """One route's times as the compiled step writes them: `stops` hold a visit's index, or -1 - k for her k-th break."""

    t: int
    stops: Ints
    times: Ints
    free_s: int
    home_s: int

    def visit_starts(self) -> Iterator[tuple[int, int]]:
        """Give (visit index, start) in order."""
        for stop, row in zip(self.stops, self.times, strict=True):
            if stop >= 0:
                yield int(stop), int(row[START_AT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The times of all routes whose therapist the problem knows, in the plan's order, and the bookings of a cycle."""

    routes: tuple[SettledRoute, ...]
    cycle: tuple[str, ...]


class Ties(NamedTuple):
    """What ties routes to each other: the routes of each visit, the visits of each group that agrees on a start, the
    gaps between bookings, and the bookings (by group) that wait for each other for ever and so are not tied.
    """

    routes_of: dict[int, list[int]]
    groups: dict[int, tuple[int, ...]]
    gaps: list[tuple[int, int, int, int]]
    cycle: dict[int, set[int]]


def settle(compiled: Compiled, plan: Plan) -> Settled:
    """Give the least times all routes and couples agree on; stops the problem does not know are passed over."""
    routes = [
        (compiled.therapist_index[route.therapist_id], _stops(compiled, route.therapist_id, plan, r))
        for r, route in enumerate(plan.routes)
        if route.therapist_id in compiled.therapist_index
    ]
    routes_of, tied, gaps, cycle = ties_of(compiled, routes)
    settled, agreed = _walk(compiled, routes, routes_of, tied, gaps)
    if not agreed and gaps:
        # A gap no road allows: without its most the times stay sensible, and `link_gap` is broken.
        gaps = [(first, second, least_s, NEVER) for first, second, least_s, _ in gaps]
        settled, _ = _walk(compiled, routes, routes_of, tied, gaps)
    named = sorted({compiled.problem.bookings[b].id for bookings in cycle.values() for b in bookings})
    return Settled(routes=settled, cycle=tuple(named))


def ties_of(compiled: Compiled, routes: list[tuple[int, Ints]]) -> Ties:
    """Give what ties these routes (therapist, stops) to each other, circles of waiting taken out."""
    routes_of: dict[int, list[int]] = {}
    for r, (_, stops) in enumerate(routes):
        for stop in stops:
            if stop >= 0:
                routes_of.setdefault(int(stop), []).append(r)
    tied, gaps = _all_ties(compiled, routes_of)
    cycle = _cycle([[int(stop) for stop in stops] for _, stops in routes], tied, gaps, compiled)
    for group in cycle:
        del tied[group]
    gaps = [gap for gap in gaps if not {compiled.together[gap[0]], compiled.together[gap[1]]} & cycle.keys()]
    return Ties(routes_of, tied, gaps, cycle)


def _walk(
    compiled: Compiled,
    routes: list[tuple[int, Ints]],
    routes_of: Mapping[int, list[int]],
    tied: Mapping[int, tuple[int, ...]],
    gaps: list[tuple[int, int, int, int]],
) -> tuple[tuple[SettledRoute, ...], bool]:
    """Walk the routes and raise the bounds until nothing moves; False where that has no end before the horizon."""
    bounds = {group: group_start(compiled, visits, 0) for group, visits in tied.items()}
    pins = compiled.pins.copy()
    done: dict[int, SettledRoute] = {}
    dirty = set(range(len(routes)))
    windows = int(compiled.tables.visits[:, WINDOWS].max(initial=0))
    rounds = 16 + 4 * (len(routes_of) + len(gaps)) * (1 + windows)
    while dirty and rounds > 0:
        rounds -= 1
        for group, visits in tied.items():
            pins[list(visits)] = bounds[group]
        for r in sorted(dirty):
            t, stops = routes[r]
            times = np.zeros((len(stops), TIME_COLUMNS), np.int64)
            free_s, home_s = time_route(compiled.tables, t, stops, pins, times)
            done[r] = SettledRoute(t=t, stops=stops, times=times, free_s=int(free_s), home_s=int(home_s))
        raised = _raise_bounds(compiled, tied, gaps, bounds, list(done.values())) if tied else set()
        dirty = {r for group in raised for visit in tied[group] for r in routes_of[visit]}
        if any(bounds[group] > HORIZON for group in raised):
            break
    return tuple(done[r] for r in range(len(routes))), not dirty


def _stops(compiled: Compiled, therapist_id: str, plan: Plan, r: int) -> Ints:
    """Give a route's known stops as the compiled step reads them."""
    breaks = compiled.break_index[compiled.therapist_index[therapist_id]]
    stops = []
    for stop in plan.routes[r].stops:
        if stop.kind is StopKind.VISIT and stop.id in compiled.visit_index:
            stops.append(compiled.visit_index[stop.id])
        elif stop.kind is StopKind.BREAK and stop.id in breaks:
            stops.append(-1 - breaks[stop.id])
    return np.array(stops, np.int64)


def _all_ties(
    compiled: Compiled, routes_of: Mapping[int, list[int]]
) -> tuple[dict[int, tuple[int, ...]], list[tuple[int, int, int, int]]]:
    """Give the visits by group that must agree on a start (those not begun), and the gaps between served bookings."""
    table = compiled.tables.visits
    groups: dict[int, list[int]] = {}
    served = set()
    for visit in sorted(routes_of):
        b = compiled.booking_of[visit]
        served.add(b)
        if table[visit, STARTED] < 0 and table[visit, FINISHED] < 0:
            groups.setdefault(compiled.together[b], []).append(visit)
    gaps = [gap for gap in compiled.gaps if gap[0] in served and gap[1] in served]
    in_gap = {compiled.together[b] for gap in gaps for b in gap[:2]}
    return {g: tuple(visits) for g, visits in groups.items() if len(visits) > 1 or g in in_gap}, gaps


def _cycle(
    routes: list[list[int]],
    tied: Mapping[int, tuple[int, ...]],
    gaps: list[tuple[int, int, int, int]],
    compiled: Compiled,
) -> dict[int, set[int]]:
    """Give the groups that wait for each other (one cycle, and whatever lies between cycles) with their bookings."""
    group_of = {visit: group for group, visits in tied.items() for visit in visits}
    after: dict[int, set[int]] = {group: set() for group in tied}
    for stops in routes:
        nodes = [group_of[stop] for stop in stops if stop in group_of]
        for before, then in pairwise(nodes):
            after[before].add(then)
    for first, second, _, _ in gaps:
        if compiled.together[first] in after and compiled.together[second] in after:
            after[compiled.together[first]].add(compiled.together[second])
    left = set(after)
    while True:
        entered = {then for group in left for then in after[group]}
        stay = {group for group in left if group in entered and after[group] & left}
        if stay == left:
            break
        left = stay
    return {group: {compiled.booking_of[visit] for visit in tied[group]} for group in sorted(left)}


def group_start(compiled: Compiled, visits: tuple[int, ...], at_least: int) -> int:
    """Give the earliest start permitted to all visits of a group, on the grid where several share it.

    A locked start wins over windows and grid. Where nothing is permitted any more, the group starts when it can.
    """
    table = compiled.tables.visits
    locked = int(table[list(visits), LOCKED].max())
    if locked >= 0:
        return max(locked, at_least)
    grid = GRID_STEP if len(visits) > 1 or table[visits[0], GRID] == 1 else 1
    first = start = -(-at_least // grid) * grid
    while True:
        agreed = max(int(permitted(compiled.tables, visit, start)) for visit in visits)
        if agreed >= NEVER:
            return first
        agreed = -(-agreed // grid) * grid
        if agreed == start:
            return start
        start = agreed


def _raise_bounds(
    compiled: Compiled,
    tied: Mapping[int, tuple[int, ...]],
    gaps: list[tuple[int, int, int, int]],
    bounds: dict[int, int],
    routes: list[SettledRoute],
) -> set[int]:
    """Raise the bounds to what the walked routes and the gaps ask for; give the groups that moved."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for route in routes:
        for stop, row in zip(route.stops, route.times, strict=True):
            if stop >= 0:
                starts[int(stop)] = max(starts.get(int(stop), 0), int(row[START_AT]))
                ends[int(stop)] = max(ends.get(int(stop), 0), int(row[END_AT]))
    asked = {group: max(starts[visit] for visit in visits) for group, visits in tied.items()}
    for first, second, least_s, most_s in gaps:
        firsts = [visit for visit in compiled.booking_visits[first] if visit in starts]
        seconds = [visit for visit in compiled.booking_visits[second] if visit in starts]
        if compiled.together[second] in asked:
            group = compiled.together[second]
            asked[group] = max(asked[group], max(ends[visit] for visit in firsts) + least_s)
        if compiled.together[first] in asked:
            group = compiled.together[first]
            length_s = int(compiled.tables.visits[firsts[0], DURATION])
            asked[group] = max(asked[group], max(starts[visit] for visit in seconds) - most_s - length_s)
    raised = set()
    for group, visits in tied.items():
        start = group_start(compiled, visits, asked[group])
        if start > bounds[group]:
            bounds[group] = start
            raised.add(group)
    return raised
