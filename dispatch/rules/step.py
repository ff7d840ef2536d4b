"""The compiled extension step: what one more stop does to a therapist's day, for every part that asks.

`retime` walks it over the stops of a plan, `labels` grows routes with it, so that the two can never disagree. Every
constant that compiled code reads stands here or in `labels`, the files whose content names the cache (`machine`).
Each function's `.py_func` is its plain twin. Times are whole seconds of the service day; -1 stands for "none".
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.rules.machine import machine

Ints = npt.NDArray[np.int64]

NEVER = 1 << 40
"""Later than any time of a day."""

HORIZON = 172_800
"""`dispatch.model.day.HORIZON_S`, held to it by a test."""

GRID_STEP = 300
"""`dispatch.model.day.COUPLE_GRID_S`, held to it by a test."""

TABLE_HOURS = 72
"""How many clock hours the tables of access and speed hold; the last one goes on."""

# Columns of `Tables.visits`.
LOCATION, DURATION, SET_UP, PACK_UP, FIRST_WINDOW, WINDOWS, TOLERANCE, ACCESS, PROMISE, PUBLISHED = range(10)
LOCKED, ANY_TIME, ANY_SHIFT, GRID, PAST, DEPARTED, ARRIVED, STARTED, FINISHED, HEAD_AT, UNEVEN = range(10, 21)
VISIT_COLUMNS = 21

# Columns of `Tables.therapists`.
MODE, START, END, FIRST_SHIFT, SHIFTS, LAST_END, FIRST_BREAK, BREAKS, MUST_BREAK = range(9)
WORK_LIMIT, TRAVEL_LIMIT, VISITS_LIMIT, CONSECUTIVE_LIMIT, REST, CARRIED, HEAD, ALL_SHIFTS, RESTED = range(9, 18)
THERAPIST_COLUMNS = 18

# Columns of `Tables.breaks`.
EARLIEST, LATEST, BREAK_DURATION, DUE = range(4)

# Entries of `Tables.prices`.
TRAVEL_PRICE, OVERTIME_PRICE, LATE_PRICE, PROMISE_PRICE, GRACE, FAIRNESS_PRICE, FAIR_SHARE, MOVED_PRICE, NOW = range(9)
TIGHT_PRICE, TIGHT_MARGIN = range(9, 11)


class Tables(NamedTuple):
    """A day's problem as whole numbers in arrays, the one argument of all compiled code.

    `spans` holds windows and shifts (start, end); `hours` a row per access profile (seconds by hour of arrival, then
    the least `clock + access` of all later hours) and per travel mode (rate, then what was driven before the hour);
    `modes` where a mode's rows and fixed seconds stand; `legs` reference seconds by mode, origin and destination;
    `fixed_points` what serving a visit by a therapist costs whatever the hour, -1 where she may not.
    """

    visits: Ints
    therapists: Ints
    spans: Ints
    breaks: Ints
    hours: Ints
    modes: Ints
    legs: Ints
    fixed_points: Ints
    prices: Ints


@machine
def priced_travel(tables: Tables, mode: int, origin: int, destination: int) -> int:
    """Give the seconds a leg is priced by: reference and fixed seconds, whatever the hour."""
    reference = tables.legs[mode, origin, destination]
    if reference == 0:
        return 0
    return int(reference + tables.modes[mode, 1])


@machine
def arrival(tables: Tables, mode: int, origin: int, destination: int, depart: int) -> int:
    """Give when a leg begun at `depart` ends; leaving later never arrives earlier, to the second."""
    reference = tables.legs[mode, origin, destination]
    if reference == 0:
        return depart
    row = tables.modes[mode, 0]
    clock = depart + tables.modes[mode, 1]
    hour = min(max(clock // 3600, 0), TABLE_HOURS - 1)
    goal = tables.hours[row + 1, hour] + tables.hours[row, hour] * (clock - 3600 * hour) + 1000 * reference
    while hour < TABLE_HOURS - 1 and tables.hours[row + 1, hour + 1] < goal:
        hour += 1
    rate = tables.hours[row, hour]
    return int(3600 * hour + (goal - tables.hours[row + 1, hour] + rate - 1) // rate)


@machine
def ready_after(tables: Tables, v: int, arrive: int) -> int:
    """Give when the treatment could start: access (waiting at the gate where that is quicker), then set-up."""
    row = tables.visits[v, ACCESS]
    hour = min(max(arrive // 3600, 0), TABLE_HOURS - 1)
    return int(min(arrive + tables.hours[row, hour], tables.hours[row + 1, hour]) + tables.visits[v, SET_UP])


@machine
def permitted(tables: Tables, v: int, ready: int) -> int:
    """Give the earliest permitted start at or after `ready`, or NEVER."""
    visit = tables.visits[v]
    if visit[LOCKED] >= 0:
        return visit[LOCKED] if ready <= visit[LOCKED] else NEVER
    best = NEVER
    if visit[ANY_TIME] == 1:
        best = ready
        if visit[GRID] == 1:
            best = -(-best // GRID_STEP) * GRID_STEP
        return best
    for w in range(visit[FIRST_WINDOW], visit[FIRST_WINDOW] + visit[WINDOWS]):
        start = max(ready, tables.spans[w, 0])
        if visit[GRID] == 1:
            start = -(-start // GRID_STEP) * GRID_STEP
        if start <= tables.spans[w, 1] + visit[TOLERANCE] and start < best:
            best = start
    return best


@machine
def lateness(tables: Tables, v: int, start: int) -> int:
    """Give how far a start lies after the last window that ended before it; nought inside a window."""
    late = NEVER
    for w in range(tables.visits[v, FIRST_WINDOW], tables.visits[v, FIRST_WINDOW] + tables.visits[v, WINDOWS]):
        if tables.spans[w, 0] <= start <= tables.spans[w, 1]:
            return 0
        if tables.spans[w, 1] < start:
            late = min(late, start - tables.spans[w, 1])
    return 0 if late == NEVER else late


@machine
def tightness(tables: Tables, v: int, start: int) -> int:
    """Give by how much a start falls short of the margin before its window's end; after a window it misses all of it."""
    margin = tables.prices[TIGHT_MARGIN]
    short = NEVER
    for w in range(tables.visits[v, FIRST_WINDOW], tables.visits[v, FIRST_WINDOW] + tables.visits[v, WINDOWS]):
        if tables.spans[w, 0] <= start <= tables.spans[w, 1]:
            short = min(short, max(0, start + margin - tables.spans[w, 1]))
    if short < NEVER:
        return int(short)
    return int(margin if lateness(tables, v, start) > 0 else 0)


@machine
def late_departure(tables: Tables, mode: int, origin: int, v: int, depart: int, start: int) -> int:
    """Give the latest departure that is still ready by `start`, knowing that `depart` is."""
    low, high = depart, max(depart, start)
    while low < high:
        middle = (low + high + 1) // 2
        if ready_after(tables, v, arrival(tables, mode, origin, tables.visits[v, LOCATION], middle)) <= start:
            low = middle
        else:
            high = middle - 1
    return low


@machine
def past_step(tables: Tables, t: int, origin: int, free: int, v: int) -> tuple[int, int, int, int, int, int, int]:
    """Give the step to a visit that has happened or is under way: what is known wins, the rest follows from it."""
    visit = tables.visits[v]
    known = NEVER
    for column in (DEPARTED, ARRIVED, STARTED, FINISHED):
        if visit[column] >= 0:
            known = min(known, visit[column])
    depart = visit[DEPARTED] if visit[DEPARTED] >= 0 else min(free, known)
    arrive = visit[ARRIVED]
    if arrive < 0:
        arrive = arrival(tables, tables.therapists[t, MODE], origin, visit[LOCATION], depart)
        if visit[STARTED] < 0 and visit[FINISHED] < 0:
            arrive = max(arrive, tables.prices[NOW])
        elif visit[STARTED] >= 0:
            arrive = max(depart, min(arrive, visit[STARTED]))
        else:
            arrive = max(depart, min(arrive, visit[FINISHED]))
    ready = ready_after(tables, v, arrive)
    if visit[STARTED] >= 0:
        start = visit[STARTED]
        ready = min(ready, start)
    elif visit[FINISHED] >= 0:
        start = visit[FINISHED]
        ready = min(ready, start)
    else:
        ready = max(ready, tables.prices[NOW])
        start = permitted(tables, v, ready)
        if start == NEVER:
            start = ready
    if visit[FINISHED] >= 0:
        return depart, arrive, ready, start, visit[FINISHED], visit[FINISHED], 1
    end = start + visit[DURATION]
    if visit[STARTED] >= 0:
        end = max(end, tables.prices[NOW])
    return depart, arrive, ready, start, end, end + visit[PACK_UP], 1


@machine
def step(tables: Tables, t: int, origin: int, free: int, v: int, pin: int) -> tuple[int, int, int, int, int, int, int]:
    """Give (depart, arrive, ready, start, end, free, fits) of visit `v` after being free at `origin`.

    The whole visit, waiting included, lies in one shift: if it would not end by the shift's end, she leaves at the
    next shift's start. `fits` is 0 where no shift holds it. With `pin` >= 0 the start is the later of ready and pin.
    """
    visit = tables.visits[v]
    if visit[PAST] == 1:
        depart, arrive, ready, start, end, done, fits = past_step(tables, t, origin, free, v)
        if pin > start and visit[STARTED] < 0 and visit[FINISHED] < 0:
            done += pin - start
            end += pin - start
            start = pin
        return depart, arrive, ready, start, end, done, fits
    she = tables.therapists[t]
    earliest = max(free, tables.prices[NOW])
    anywhere = visit[ANY_SHIFT] == 1 or she[ALL_SHIFTS] == 1
    pieces = 1 if anywhere or she[SHIFTS] == 0 else she[SHIFTS]
    depart = arrive = ready = start = end = done = 0
    for piece in range(pieces):
        depart, until = earliest, NEVER
        if not anywhere:
            until = -1
            if she[SHIFTS] > 0:
                depart = max(earliest, tables.spans[she[FIRST_SHIFT] + piece, 0])
                until = tables.spans[she[FIRST_SHIFT] + piece, 1]
        arrive = arrival(tables, she[MODE], origin, visit[LOCATION], depart)
        ready = ready_after(tables, v, arrive)
        if pin >= 0:
            start = max(ready, pin)
        else:
            start = permitted(tables, v, ready)
            if start == NEVER:
                start = ready
        end = start + visit[DURATION]
        done = end + visit[PACK_UP]
        if done <= until:
            return depart, arrive, ready, start, end, done, 1
    return depart, arrive, ready, start, end, done, 0


@machine
def break_step(tables: Tables, t: int, free: int, b: int) -> tuple[int, int]:
    """Give (start, in time) of a break: after the stop before and its own earliest, inside a shift."""
    she = tables.therapists[t]
    start = max(free, tables.breaks[b, EARLIEST])
    for s in range(she[FIRST_SHIFT], she[FIRST_SHIFT] + she[SHIFTS]):
        inside = max(start, tables.spans[s, 0])
        if inside + tables.breaks[b, BREAK_DURATION] <= tables.spans[s, 1]:
            return inside, 1 if inside <= tables.breaks[b, LATEST] else 0
    return start, 0


@machine
def rested_since(tables: Tables, t: int, before: int, begin: int, since: int) -> int:
    """Give since when she works without a rest: a shift gap of at least her rest between two stops starts anew."""
    she = tables.therapists[t]
    for s in range(she[FIRST_SHIFT] + 1, she[FIRST_SHIFT] + she[SHIFTS]):
        opens = tables.spans[s, 0]
        if before <= tables.spans[s - 1, 1] and begin >= opens and opens - tables.spans[s - 1, 1] >= she[REST]:
            since = max(since, opens)
    return since


@machine
def visit_points(tables: Tables, t: int, origin: int, v: int, start: int) -> int:
    """Give what a visit at this start costs: travel to it, its fixed points, lateness, promise and moving."""
    visit, prices = tables.visits[v], tables.prices
    leg = priced_travel(tables, tables.therapists[t, MODE], origin, visit[LOCATION])
    points = leg * prices[TRAVEL_PRICE] + tables.fixed_points[t, v]
    points += -(-lateness(tables, v, start) // 60) * prices[LATE_PRICE]
    if prices[TIGHT_PRICE] > 0:
        points += -(-tightness(tables, v, start) // 60) * prices[TIGHT_PRICE]
    if visit[PROMISE] >= 0:
        points += -(-max(0, abs(start - visit[PROMISE]) - prices[GRACE]) // 60) * prices[PROMISE_PRICE]
    if visit[PUBLISHED] >= 0:
        points += -(-abs(start - visit[PUBLISHED]) // 60) * prices[MOVED_PRICE]
    return int(points)


# Columns of what `time_route` writes, one row a stop; a break fills START_AT and FREE_AT.
DEPART_AT, ARRIVE_AT, READY_AT, START_AT, END_AT, FREE_AT, LEAVE_BY, LATE = range(8)


@machine
def time_route(tables: Tables, t: int, stops: Ints, pins: Ints, out: Ints) -> tuple[int, int]:
    """Write the times of a route's stops (a visit's index, or -1 - k for her k-th break); give (free, home)."""
    she = tables.therapists[t]
    free, at, first = 0, she[START], True
    for i in range(len(stops)):
        v = stops[i]
        if v < 0:
            b = she[FIRST_BREAK] - 1 - v
            start, _ = break_step(tables, t, free, b)
            out[i, :] = start
            free = start + tables.breaks[b, BREAK_DURATION]
            out[i, FREE_AT] = free
            continue
        depart, arrive, ready, start, end, free, _ = step(tables, t, at, free, v, pins[v])
        leave_by = depart
        if tables.visits[v, PAST] == 0:
            leave_by = late_departure(tables, she[MODE], at, v, depart, start)
            if first:
                depart = leave_by
                arrive = arrival(tables, she[MODE], at, tables.visits[v, LOCATION], depart)
                ready = ready_after(tables, v, arrive)
        out[i, DEPART_AT], out[i, ARRIVE_AT], out[i, READY_AT], out[i, START_AT] = depart, arrive, ready, start
        out[i, END_AT], out[i, FREE_AT], out[i, LEAVE_BY] = end, free, leave_by
        out[i, LATE] = lateness(tables, v, start)
        at, first = tables.visits[v, LOCATION], False
    if first or she[END] < 0:
        return free, free
    return free, arrival(tables, she[MODE], at, she[END], free)
