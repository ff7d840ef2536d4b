"""One therapist's route: what it costs, when it starts, and where another visit would fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.model.plan import Stop
from dispatch.rules.compiled import Compiled
from dispatch.rules.labels import evaluate
from dispatch.rules.scans import scan, scan_starts
from dispatch.rules.step import BREAKS, Ints, Tables, time_route


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteValue:
    """What one therapist's visits in an order amount to; `starts` by visit, `stops` with the breaks put in.

    `points` are all of the plan's cost terms that are hers. Where it is not feasible, the rest is empty.
    """

    feasible: bool
    points: int = 0
    starts: tuple[int, ...] = ()
    stops: tuple[Stop, ...] = ()


NOT_FEASIBLE = RouteValue(feasible=False)


def prepare(compiled: Compiled) -> None:
    """Compile all that routes are judged by, or load it from the cache, so that no time budget pays for it.

    The first time on a machine this takes up to half a minute, afterwards a fraction of a second.
    """
    if not compiled.therapists or not compiled.visits:
        return
    evaluate_route(compiled, 0, (0,))
    best_insertions(compiled, 0, (), 0)
    one = np.zeros(1, np.int64)
    start_table(compiled.tables, one, np.zeros((1, 1), np.int64), one, 0, one, compiled.pins)
    times = np.zeros((1, 8), np.int64)
    time_route(compiled.tables, 0, np.zeros(1, np.int64), compiled.pins, times)


def evaluate_route(compiled: Compiled, t: int, visits: Sequence[int] | Ints, pinned: Ints | None = None) -> RouteValue:
    """Give the best way to serve visits (by index) in this order: the break positions that cost least.

    `pinned[v]` is the start visit v must have exactly, -1 where it is free. Rules across routes (couples, gaps between
    bookings) are not asked here: `check` does.
    """
    route = np.asarray(visits, np.int64)
    order = np.empty(len(route) + int(compiled.tables.therapists[t, BREAKS]), np.int64)
    starts = np.empty(len(route), np.int64)
    pins = compiled.pins if pinned is None else pinned
    points, count = evaluate(compiled.tables, t, route, pins, order, starts)
    if points < 0:
        return NOT_FEASIBLE
    stops = tuple(
        compiled.visit_stops[stop] if stop >= 0 else compiled.break_stops[t][-1 - stop]
        for stop in order[:count].tolist()
    )
    return RouteValue(feasible=True, points=int(points), starts=tuple(starts.tolist()), stops=stops)


def evaluate_in(tables: Tables, t: int, visits: Sequence[int] | Ints, pins: Ints) -> int:
    """Give what serving visits in this order costs by these tables (a relaxation, say), -1 where it breaks a rule."""
    route = np.asarray(visits, np.int64)
    order = np.empty(len(route) + int(tables.therapists[t, BREAKS]), np.int64)
    points, _ = evaluate(tables, t, route, pins, order, np.empty(len(route), np.int64))
    return int(points)


def best_insertions(
    compiled: Compiled, t: int, visits: Sequence[int] | Ints, v: int, pinned: Ints | None = None
) -> list[tuple[int, int, int]]:
    """Give (position, added points, start of `v`) of every feasible way to put visit v into a route, cheapest first."""
    route = np.asarray(visits, np.int64)
    points = np.empty(len(route) + 1, np.int64)
    starts = np.empty(len(route) + 1, np.int64)
    without = scan(compiled.tables, t, route, v, compiled.pins if pinned is None else pinned, points, starts)
    base = max(0, int(without))
    found = [
        (position, total - base, start)
        for position, (total, start) in enumerate(zip(points.tolist(), starts.tolist(), strict=True))
        if total >= 0
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))


def start_table(tables: Tables, team: Ints, routes: Ints, lengths: Ints, v: int, moments: Ints, pins: Ints) -> Ints:
    """Give what the team's routes cost with visit v at each position and starting exactly at each moment, -1: never.

    Shape (team, width + 1, moments), points of whole routes. `tables` may be a relaxation of a compiled day's.
    """
    points = np.empty((len(team), routes.shape[1] + 1, len(moments)), np.int64)
    scan_starts(tables, team, routes, lengths, v, moments, pins.copy(), points)
    return points
