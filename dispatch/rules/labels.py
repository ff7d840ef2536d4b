"""One therapist's visits in a given order: the breaks put where they cost least, by an exact dynamic program.

A label is a way to have done the first i visits and some of the breaks. One label makes another needless when it has
done the same and is free no later, at no more points. Where a later start may be cheaper (a promise, a published
start, several windows with tolerance) or a limit on consecutive hours counts waiting, only labels free at the same
second are compared; so the best break positions are found whenever any exist. Only past `LABELS` labels at once
(dozens of floating breaks' placements) are the newest ones dropped; what is answered is feasible all the same.
The idea is the labelling of shortest paths with resources (Irnich and Desaulniers, 2005), on a fixed order.
"""

import numpy as np

from dispatch.rules.machine import machine
from dispatch.rules.step import (
    ALL_SHIFTS,
    ANY_SHIFT,
    ARRIVED,
    BREAK_DURATION,
    BREAKS,
    CARRIED,
    CONSECUTIVE_LIMIT,
    DEPARTED,
    DUE,
    DURATION,
    EARLIEST,
    END,
    FAIR_SHARE,
    FAIRNESS_PRICE,
    FINISHED,
    FIRST_BREAK,
    FIRST_SHIFT,
    HEAD,
    HEAD_AT,
    HORIZON,
    LAST_END,
    LATEST,
    LOCATION,
    MODE,
    MUST_BREAK,
    NEVER,
    OVERTIME_PRICE,
    PACK_UP,
    PAST,
    REST,
    RESTED,
    SET_UP,
    SHIFTS,
    START,
    STARTED,
    TRAVEL_LIMIT,
    TRAVEL_PRICE,
    UNEVEN,
    VISITS_LIMIT,
    WORK_LIMIT,
    Ints,
    Tables,
    arrival,
    break_step,
    late_departure,
    permitted,
    priced_travel,
    rested_since,
    step,
    visit_points,
)

LABELS = 2_000
"""Labels of one route at once."""

# Columns of a label: breaks done (bits), free, at work without a rest since, points, the label before, the break it
# ends with (or -1), whether no other makes it needless, and the start of its visit.
MASK, FREE, SINCE, POINTS, PARENT, TAKEN, ALIVE, START_OF = range(8)
LABEL_COLUMNS = 8

# What a route as a whole is, found once: whether later may be cheaper, whether it is still judged (some of it is not
# past), and its work and priced travel.
IS_UNEVEN, IS_JUDGED, WORK, TRAVEL = range(4)


@machine
def survey(tables: Tables, t: int, route: Ints, whole: Ints) -> bool:
    """Fill in what a route is as a whole; False where its facts, its therapist or a limit forbid it at any time."""
    she = tables.therapists[t]
    legal = True
    uneven, judged, work, travel, past, at = 0, 0, 0, 0, 0, she[START]
    if she[CONSECUTIVE_LIMIT] > 0:
        uneven = 1
    for i in range(len(route)):
        visit = tables.visits[route[i]]
        if tables.fixed_points[t, route[i]] < 0:
            legal = False
        if visit[PAST] == 1:
            past += 1
            if visit[HEAD_AT] != i:
                legal = False
        else:
            judged = 1
        if visit[UNEVEN] == 1:
            uneven = 1
        work += visit[SET_UP] + visit[DURATION] + visit[PACK_UP]
        travel += priced_travel(tables, she[MODE], at, visit[LOCATION])
        at = visit[LOCATION]
    if len(route) > 0 and she[END] >= 0:
        travel += priced_travel(tables, she[MODE], at, she[END])
    whole[IS_UNEVEN], whole[IS_JUDGED], whole[WORK], whole[TRAVEL] = uneven, judged, work, travel
    if past != she[HEAD]:
        legal = False
    over = 0 < she[VISITS_LIMIT] < len(route) or 0 < she[WORK_LIMIT] < work or 0 < she[TRAVEL_LIMIT] < travel
    return legal and not (judged == 1 and over)


@machine
def add(tables: Tables, t: int, whole: Ints, labels: Ints, begin: int, count: int, new: Ints) -> int:
    """Keep a new label among those of its layer unless one makes it needless; give how many labels there are now."""
    she = tables.therapists[t]
    if she[MUST_BREAK] == 1 and whole[IS_JUDGED] == 1:
        for k in range(she[BREAKS]):
            b = she[FIRST_BREAK] + k
            too_late = max(new[FREE], tables.breaks[b, EARLIEST]) > tables.breaks[b, LATEST]
            if tables.breaks[b, DUE] == 1 and too_late and not new[MASK] >> k & 1:
                return count
    even = whole[IS_UNEVEN] == 0
    for k in range(begin, count):
        old = labels[k]
        if old[ALIVE] == 0 or old[MASK] != new[MASK]:
            continue
        same = old[FREE] == new[FREE]
        if even:
            no_worse, no_better = old[FREE] <= new[FREE], new[FREE] <= old[FREE]
        else:
            no_worse, no_better = same and old[SINCE] >= new[SINCE], same and new[SINCE] >= old[SINCE]
        if no_worse and old[POINTS] <= new[POINTS]:
            return count
        if no_better and new[POINTS] <= old[POINTS]:
            old[ALIVE] = 0
    if count == len(labels):
        return count
    labels[count, :] = new
    return count + 1


@machine
def take_breaks(tables: Tables, t: int, whole: Ints, labels: Ints, begin: int, count: int, new: Ints) -> int:
    """Add to a layer every way to take due breaks after its labels, one break after the other."""
    she = tables.therapists[t]
    k = begin
    while k < count:
        if labels[k, ALIVE] == 1:
            for n in range(she[BREAKS]):
                b = she[FIRST_BREAK] + n
                if tables.breaks[b, DUE] == 0 or labels[k, MASK] >> n & 1:
                    continue
                start, in_time = break_step(tables, t, labels[k, FREE], b)
                if in_time == 0:
                    continue
                free = start + tables.breaks[b, BREAK_DURATION]
                since = rested_since(tables, t, labels[k, FREE], start, labels[k, SINCE])
                if tables.breaks[b, BREAK_DURATION] >= she[REST]:
                    since = free
                new[MASK], new[FREE], new[SINCE] = labels[k, MASK] | 1 << n, free, since
                new[POINTS], new[PARENT], new[TAKEN] = labels[k, POINTS], k, n
                new[ALIVE], new[START_OF] = 1, -1
                count = add(tables, t, whole, labels, begin, count, new)
        k += 1
    return count


@machine
def visit_next(tables: Tables, t: int, label: Ints, origin: int, v: int, pin: int, first: bool, new: Ints) -> bool:
    """Write into `new` the label after visiting `v`; False where a rule forbids it."""
    she, visit = tables.therapists[t], tables.visits[v]
    depart, _, _, start, _, free, fits = step(tables, t, origin, label[FREE], v, pin)
    since = label[SINCE]
    if visit[PAST] == 1:
        if label[TAKEN] >= 0:
            for column in (DEPARTED, ARRIVED, STARTED, FINISHED):
                if visit[column] >= 0:
                    if label[FREE] > visit[column]:
                        return False
                    break
        since = depart if first else rested_since(tables, t, label[FREE], depart, since)
    else:
        if fits == 0 or free > HORIZON or (pin >= 0 and start != pin) or permitted(tables, v, start) != start:
            return False
        anywhere = visit[ANY_SHIFT] == 1 or she[ALL_SHIFTS] == 1
        if first and (she[CONSECUTIVE_LIMIT] > 0 or anywhere):
            since = late_departure(tables, she[MODE], origin, v, depart, start)
            if anywhere and since < she[RESTED]:
                return False
        elif not first:
            since = rested_since(tables, t, label[FREE], depart, since)
        if 0 < she[CONSECUTIVE_LIMIT] < free - since:
            return False
    new[MASK], new[FREE], new[SINCE] = label[MASK], free, since
    new[POINTS] = label[POINTS] + visit_points(tables, t, origin, v, start)
    new[TAKEN], new[ALIVE], new[START_OF] = -1, 1, start
    return True


@machine
def grow(tables: Tables, t: int, route: Ints, pins: Ints, whole: Ints, labels: Ints, ends: Ints, layer: int) -> int:
    """Grow the layers after `layer` (the ones up to it are there; -1: none are) and give the last that has labels.

    Layer i holds the labels from `ends[i]` to `ends[i + 1]`: i visits are done, and any breaks after them.
    """
    new = np.zeros(LABEL_COLUMNS, np.int64)
    if layer < 0:
        new[PARENT], new[TAKEN], new[ALIVE], new[START_OF] = -1, -1, 1, -1
        labels[0, :] = new
        ends[0] = 0
        ends[1] = take_breaks(tables, t, whole, labels, 0, 1, new)
        layer = 0
    for i in range(layer, len(route)):
        v = route[i]
        origin = tables.visits[route[i - 1], LOCATION] if i > 0 else tables.therapists[t, START]
        begin = count = ends[i + 1]
        for k in range(ends[i], begin):
            if labels[k, ALIVE] == 1 and visit_next(tables, t, labels[k], origin, v, pins[v], i == 0, new):
                new[PARENT] = k
                count = add(tables, t, whole, labels, begin, count, new)
        ends[i + 2] = take_breaks(tables, t, whole, labels, begin, count, new)
        if count == begin:
            return i
    return len(route)


@machine
def finish(tables: Tables, t: int, route: Ints, whole: Ints, labels: Ints, ends: Ints) -> tuple[int, int]:
    """Give (points, label) of the best way home: all due breaks done, in the shift; label -1 where there is none."""
    she = tables.therapists[t]
    best, best_missing, best_label = NEVER << 20, NEVER, -1
    at = tables.visits[route[len(route) - 1], LOCATION]
    whole_points = 0
    if she[END] >= 0:
        whole_points += priced_travel(tables, she[MODE], at, she[END]) * tables.prices[TRAVEL_PRICE]
    if tables.prices[FAIR_SHARE] > 0:
        beyond = max(0, whole[WORK] + she[CARRIED] - tables.prices[FAIR_SHARE])
        whole_points += beyond * tables.prices[FAIRNESS_PRICE]
    for k in range(ends[len(route)], ends[len(route) + 1]):
        if labels[k, ALIVE] == 0:
            continue
        missing = 0
        for n in range(she[BREAKS]):
            if tables.breaks[she[FIRST_BREAK] + n, DUE] == 1 and not labels[k, MASK] >> n & 1:
                missing += 1
        home = labels[k, FREE]
        if she[END] >= 0:
            home = arrival(tables, she[MODE], at, she[END], home)
        if whole[IS_JUDGED] == 1:
            if missing > 0 and she[MUST_BREAK] == 1:
                continue
            if she[SHIFTS] > 0 and home > tables.spans[she[FIRST_SHIFT] + she[SHIFTS] - 1, 1]:
                continue
            if home > HORIZON:
                continue
        points = labels[k, POINTS] + whole_points
        if she[SHIFTS] > 0:
            points += max(0, home - she[LAST_END]) * tables.prices[OVERTIME_PRICE]
        if missing < best_missing or (missing == best_missing and points < best):
            best, best_missing, best_label = points, missing, k
    return best, best_label


@machine
def evaluate(tables: Tables, t: int, route: Ints, pins: Ints, order: Ints, starts: Ints) -> tuple[int, int]:
    """Give (points, stops) of a route, points -1 where no rule-keeping times exist.

    Writes the stops into `order` (a visit's index, or -1 - k for her k-th break) and the visits' starts by position.
    """
    whole = np.zeros(4, np.int64)
    if not survey(tables, t, route, whole):
        return -1, 0
    if len(route) == 0:
        return 0, 0
    labels = np.empty((LABELS, LABEL_COLUMNS), np.int64)
    ends = np.zeros(len(route) + 2, np.int64)
    if grow(tables, t, route, pins, whole, labels, ends, -1) < len(route):
        return -1, 0
    points, label = finish(tables, t, route, whole, labels, ends)
    if label < 0:
        return -1, 0
    count, k = 0, label
    while labels[k, PARENT] >= 0:
        count += 1
        k = labels[k, PARENT]
    k, at, position = label, count, len(route)
    while labels[k, PARENT] >= 0:
        at -= 1
        if labels[k, TAKEN] >= 0:
            order[at] = -1 - labels[k, TAKEN]
        else:
            position -= 1
            order[at] = route[position]
            starts[position] = labels[k, START_OF]
        k = labels[k, PARENT]
    return points, count
