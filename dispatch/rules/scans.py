"""Where one more visit would fit into routes as they are: at every position, and at every start asked for.

The labels are `labels`' own; what a position's ways have in common is grown once. A change in the files below it
names another cache (`machine`), a change here is seen by Numba itself.
"""

import numpy as np

from dispatch.rules.labels import (
    IS_JUDGED,
    IS_UNEVEN,
    LABEL_COLUMNS,
    LABELS,
    PARENT,
    START_OF,
    TAKEN,
    finish,
    grow,
    survey,
)
from dispatch.rules.machine import machine
from dispatch.rules.step import Ints, Tables


@machine
def grow_before(
    tables: Tables, t: int, route: Ints, v: int, pins: Ints, whole: Ints, labels: Ints, ends: Ints
) -> tuple[int, int]:
    """Grow the layers that all ways to put `v` into a route share; give (cost without `v`, last layer with labels).

    The cost is -1 where the route breaks a rule already.
    """
    n = len(route)
    without, reached = 0, -1
    if not survey(tables, t, route, whole):
        without = -1
    elif n > 0:
        without = -1
        reached = grow(tables, t, route, pins, whole, labels, ends, -1)
        if reached == n:
            total, label = finish(tables, t, route, whole, labels, ends)
            if label >= 0:
                without = total
    uneven, judged = whole[IS_UNEVEN], whole[IS_JUDGED]
    longer = np.empty(n + 1, np.int64)
    longer[:n] = route
    longer[n] = v
    survey(tables, t, longer, whole)
    if reached < 0 or uneven != whole[IS_UNEVEN] or judged != whole[IS_JUDGED]:
        reached = grow(tables, t, route, pins, whole, labels, ends, -1)
    return without, reached


@machine
def scan(tables: Tables, t: int, route: Ints, v: int, pins: Ints, points: Ints, starts: Ints) -> int:
    """Write by position what the route costs, and when `v` starts, with `v` put there; points -1 where it must not be.

    Gives what the route costs without `v`, -1 where it breaks a rule already. The layers before a position are grown
    once and shared, from the last position to the first.
    """
    n = len(route)
    points[: n + 1] = -1
    starts[: n + 1] = -1
    if tables.fixed_points[t, v] < 0:
        return -1
    whole = np.zeros(4, np.int64)
    labels = np.empty((LABELS, LABEL_COLUMNS), np.int64)
    ends = np.zeros(n + 3, np.int64)
    longer = np.empty(n + 1, np.int64)
    without, reached = grow_before(tables, t, route, v, pins, whole, labels, ends)
    for position in range(reached, -1, -1):
        longer[:position] = route[:position]
        longer[position] = v
        longer[position + 1 :] = route[position:]
        if not survey(tables, t, longer, whole):
            continue
        if grow(tables, t, longer, pins, whole, labels, ends, position) <= n:
            continue
        total, label = finish(tables, t, longer, whole, labels, ends)
        if label < 0:
            continue
        points[position] = total
        later = n - position
        while later > 0 or labels[label, TAKEN] >= 0:
            if labels[label, TAKEN] < 0:
                later -= 1
            label = labels[label, PARENT]
        starts[position] = labels[label, START_OF]
    return without


@machine
def scan_starts(
    tables: Tables, team: Ints, routes: Ints, lengths: Ints, v: int, moments: Ints, pins: Ints, points: Ints
) -> None:
    """Write what each of a team's routes costs with `v` at each position, starting exactly at each moment; -1: never.

    `points[i, p, k]` is for therapist `team[i]`, whose route is a row of `routes`, position p and `moments[k]`. The
    layers before a position are grown once for all moments. `pins` is written to, and left as it was.
    """
    whole = np.zeros(4, np.int64)
    labels = np.empty((LABELS, LABEL_COLUMNS), np.int64)
    points[:, :, :] = -1
    before = pins[v]
    for i in range(len(team)):
        t = team[i]
        n = lengths[t]
        if tables.fixed_points[t, v] < 0:
            continue
        route = routes[t, :n].copy()
        ends = np.zeros(n + 3, np.int64)
        longer = np.empty(n + 1, np.int64)
        _, reached = grow_before(tables, t, route, v, pins, whole, labels, ends)
        for position in range(reached, -1, -1):
            longer[:position] = route[:position]
            longer[position] = v
            longer[position + 1 :] = route[position:]
            if not survey(tables, t, longer, whole):
                continue
            for k in range(len(moments)):
                pins[v] = moments[k]
                if grow(tables, t, longer, pins, whole, labels, ends, position) <= n:
                    continue
                total, label = finish(tables, t, longer, whole, labels, ends)
                if label >= 0:
                    points[i, position, k] = total
        pins[v] = before
