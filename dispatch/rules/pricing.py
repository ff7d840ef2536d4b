"""The compiled labelling that finds a therapist's best route for given rewards: pricing for column generation.

A label is a way to spend her day up to the end of one stop: when she is free, what she has gathered (rewards less
points), which bookings she has served or can reach no more, which breaks she has taken, and what her limits count
(resource-constrained elementary shortest paths: Feillet, Dejax, Gendreau and Gueguen 2004; Righini and Salani 2008).
Labels are grown in the order of their time. One makes another at the same visit needless when it is free no later,
has gathered no less, has served or lost no more, has taken at least the same breaks and used no more of her limits.
That is exact, because being free earlier never makes anything later, nor dearer: what may be cheaper later is priced
by its least over all later starts (`least_points`).

Times are `step`'s and `break_step`'s own. Where the referee admits more than this could follow (consecutive hours,
breaks of a day under way), what the day begins with says whether the rule is left aside: then what is found is a bound
for every route the referee accepts. Where it is not, what is found is no bound, but most of it may be driven.
"""

import numpy as np
import numpy.typing as npt

from dispatch.rules.machine import machine
from dispatch.rules.step import (
    BREAK_DURATION,
    BREAKS,
    CARRIED,
    CONSECUTIVE_LIMIT,
    DUE,
    DURATION,
    EARLIEST,
    END,
    FAIR_SHARE,
    FAIRNESS_PRICE,
    FIRST_BREAK,
    FIRST_SHIFT,
    FIRST_WINDOW,
    GRACE,
    HORIZON,
    LAST_END,
    LATE_PRICE,
    LATEST,
    LOCATION,
    MODE,
    MOVED_PRICE,
    OVERTIME_PRICE,
    PACK_UP,
    PROMISE,
    PROMISE_PRICE,
    PUBLISHED,
    REST,
    SET_UP,
    SHIFTS,
    TRAVEL_LIMIT,
    TRAVEL_PRICE,
    UNEVEN,
    VISITS_LIMIT,
    WINDOWS,
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

Sets = npt.NDArray[np.uint64]
SmallInts = npt.NDArray[np.int32]

# Columns of a label: free, gathered, the visit it ends at (its place in `visits`; their number: none yet), breaks taken
# (bits), work, travel and visits so far, the label before, the next of its visit, the next of its time, whether no
# other makes it needless, and since when she works without a rest (-1: she has not left yet).
FREE, GATHERED, AT, MASK, WORK, TRAVEL, COUNT, PARENT, NEXT_THERE, NEXT_THEN, ALIVE, SINCE = range(12)
LABEL_COLUMNS = 12

# What a day begins with: place, free, work, travel, visits, whether breaks are asked for, which have been taken (bits),
# whether consecutive hours are limited, and since when she works without a rest.
BEGIN_PLACE, BEGIN_FREE, BEGIN_WORK, BEGIN_TRAVEL, BEGIN_COUNT, ASKS_BREAKS = range(6)
BEGIN_MASK, LIMITS_HOURS, BEGIN_SINCE = range(6, 9)

SPAN = 300
"""Labels are grown in the order of these spans of seconds."""

UNKNOWN = -2
"""What a pair of visits is marked by of which it was not yet looked up until when one can be reached from the other."""

NOT_LOOKED = -3

NOT_HOME = -(1 << 60)
"""What a label is worth that she could not go home from."""


@machine
def least_points(tables: Tables, t: int, origin: int, v: int, start: int) -> int:
    """Give the least that a visit costs at this start or any later one; never more than `visit_points` says."""
    visit, prices = tables.visits[v], tables.prices
    if visit[UNEVEN] == 0:
        return int(visit_points(tables, t, origin, v, start))
    leg = priced_travel(tables, tables.therapists[t, MODE], origin, visit[LOCATION])
    points = leg * prices[TRAVEL_PRICE] + tables.fixed_points[t, v]
    closes = tables.spans[visit[FIRST_WINDOW], 1]
    for w in range(visit[FIRST_WINDOW], visit[FIRST_WINDOW] + visit[WINDOWS]):
        closes = max(closes, tables.spans[w, 1])
    points += -(-max(0, start - closes) // 60) * prices[LATE_PRICE]
    if visit[PROMISE] >= 0:
        points += -(-max(0, start - visit[PROMISE] - prices[GRACE]) // 60) * prices[PROMISE_PRICE]
    if visit[PUBLISHED] >= 0:
        points += -(-max(0, start - visit[PUBLISHED]) // 60) * prices[MOVED_PRICE]
    return int(points)


@machine
def reaches(tables: Tables, t: int, origin: int, free: int, v: int) -> bool:
    """Tell whether a visit may be served by somebody free at a place; whoever is free earlier may as well."""
    _, _, _, start, _, done, fits = step(tables, t, origin, free, v, -1)
    return fits == 1 and done <= HORIZON and permitted(tables, v, start) == start


@machine
def latest_free(tables: Tables, t: int, visits: Ints, place: int, shared: SmallInts, own: Ints, latest: Ints) -> None:
    """Write into `latest[i, j]` until when she may be free at visit i (the last row: where she begins) and reach j.

    `shared` remembers what was found for pairs of all the day's visits, UNKNOWN where nothing was looked for yet;
    visits that are `own` (1) are not looked up there.
    """
    n, mode = len(visits), tables.therapists[t, MODE]
    for j in range(n):
        v = visits[j]
        there, by = tables.visits[v, LOCATION], NOT_LOOKED
        for i in range(n + 1):
            lookup = i < n and own[j] == 0
            if lookup and shared[visits[i], v] != UNKNOWN:
                latest[i, j] = shared[visits[i], v]
                continue
            if by == NOT_LOOKED:
                by = latest_from(tables, t, there, v, HORIZON)
            origin = tables.visits[visits[i], LOCATION] if i < n else place
            # About right where nothing changes by the hour; the search from there is exact.
            latest[i, j] = latest_from(tables, t, origin, v, by - priced_travel(tables, mode, origin, there))
            if lookup:
                shared[visits[i], v] = latest[i, j]


@machine
def latest_from(tables: Tables, t: int, origin: int, v: int, guess: int) -> int:
    """Give until when she may be free at a place and reach a visit, -1 for never; looked for from a guess on."""
    low, high, width = -1, HORIZON, 1
    guess = min(max(guess, 0), HORIZON)
    if reaches(tables, t, origin, guess, v):
        low = guess
        while low + width <= high:
            if not reaches(tables, t, origin, low + width, v):
                high = low + width - 1
                break
            low += width
            width *= 2
    else:
        high = guess - 1
        while high - width > low:
            if reaches(tables, t, origin, high - width, v):
                low = high - width
                break
            high -= width + 1
            width *= 2
    while low < high:
        middle = (low + high + 1) // 2
        if reaches(tables, t, origin, middle, v):
            low = middle
        else:
            high = middle - 1
    return low


@machine
def break_lost(tables: Tables, t: int, free: int, mask: int) -> bool:
    """Tell whether a due break that is not yet taken can be taken in time no more."""
    she = tables.therapists[t]
    for k in range(she[BREAKS]):
        b = she[FIRST_BREAK] + k
        late = max(free, tables.breaks[b, EARLIEST]) > tables.breaks[b, LATEST]
        if tables.breaks[b, DUE] == 1 and late and not mask >> k & 1:
            return True
    return False


@machine
def keep(
    tables: Tables,
    t: int,
    labels: Ints,
    sets: Sets,
    first: Ints,
    count: int,
    by_work: bool,
    by_hours: bool,
    exact: bool,
) -> bool:
    """Link the label at `count` to its visit's, unless one of them makes it needless; drop those it makes needless.

    If not `exact`, what they have served is not compared: quick, and good routes are found, but maybe not the best.
    """
    she, new = tables.therapists[t], labels[count]
    words = sets.shape[1]
    before, k = -1, first[new[AT]]
    while k >= 0:
        old = labels[k]
        old_wins = old[FREE] <= new[FREE] and old[GATHERED] >= new[GATHERED] and old[MASK] & new[MASK] == new[MASK]
        new_wins = new[FREE] <= old[FREE] and new[GATHERED] >= old[GATHERED] and old[MASK] & new[MASK] == old[MASK]
        if old_wins or new_wins:
            if by_work:
                old_wins, new_wins = old_wins and old[WORK] <= new[WORK], new_wins and new[WORK] <= old[WORK]
            if by_hours:
                old_wins, new_wins = old_wins and old[SINCE] >= new[SINCE], new_wins and new[SINCE] >= old[SINCE]
            if she[TRAVEL_LIMIT] > 0:
                old_wins = old_wins and old[TRAVEL] <= new[TRAVEL]
                new_wins = new_wins and new[TRAVEL] <= old[TRAVEL]
            if she[VISITS_LIMIT] > 0:
                old_wins, new_wins = old_wins and old[COUNT] <= new[COUNT], new_wins and new[COUNT] <= old[COUNT]
            for w in range(words if exact else 0):
                both = sets[k, w] & sets[count, w]
                if both != sets[k, w]:
                    old_wins = False
                if both != sets[count, w]:
                    new_wins = False
        if old_wins:
            return False
        if new_wins:
            old[ALIVE] = 0
            if before < 0:
                first[new[AT]] = old[NEXT_THERE]
            else:
                labels[before, NEXT_THERE] = old[NEXT_THERE]
        else:
            before = k
        k = old[NEXT_THERE]
    new[NEXT_THERE] = first[new[AT]]
    first[new[AT]] = count
    return True


@machine
def home_value(tables: Tables, t: int, visits: Ints, label: Ints, asks_breaks: bool, weight: int) -> int:
    """Give what a label has gathered once she is home, or NOT_HOME where a rule forbids ending her day there."""
    she = tables.therapists[t]
    if asks_breaks:
        for k in range(she[BREAKS]):
            if tables.breaks[she[FIRST_BREAK] + k, DUE] == 1 and not label[MASK] >> k & 1:
                return NOT_HOME
    home, leg = label[FREE], 0
    if she[END] >= 0:
        at = tables.visits[visits[label[AT]], LOCATION]
        home = arrival(tables, she[MODE], at, she[END], home)
        leg = priced_travel(tables, she[MODE], at, she[END])
    if she[SHIFTS] > 0 and home > tables.spans[she[FIRST_SHIFT] + she[SHIFTS] - 1, 1]:
        return NOT_HOME
    if home > HORIZON or 0 < she[TRAVEL_LIMIT] < label[TRAVEL] + leg:
        return NOT_HOME
    points = leg * tables.prices[TRAVEL_PRICE]
    if she[SHIFTS] > 0:
        points += max(0, home - she[LAST_END]) * tables.prices[OVERTIME_PRICE]
    if tables.prices[FAIR_SHARE] > 0:
        points += max(0, label[WORK] + she[CARRIED] - tables.prices[FAIR_SHARE]) * tables.prices[FAIRNESS_PRICE]
    return int(label[GATHERED] - weight * points)


@machine
def lost_after(visits_ever: Ints, elements: Ints, alone: Ints, free: int, into: Sets) -> None:
    """Add to a set the bookings that somebody free then can reach no more, by whatever way."""
    for j in range(len(elements)):
        if alone[j] == 1 and free > visits_ever[j]:
            into[elements[j] >> 6] |= np.uint64(1) << np.uint64(elements[j] & 63)


@machine
def grow_routes(
    tables: Tables,
    t: int,
    visits: Ints,
    elements: Ints,
    alone: Ints,
    latest: Ints,
    ever: Ints,
    rewards: Ints,
    begin: Ints,
    weight: int,
    exact: bool,
    labels: Ints,
    sets: Sets,
    values: Ints,
) -> tuple[int, bool]:
    """Grow all labels of a therapist that none makes needless; give their number and whether there was room for all.

    `visits[j]` stands for element `elements[j]` of the sets (its booking), `alone[j]` is 1 where no other visit does.
    A visit is tried where `rewards[j]` >= 0. `values[k]` becomes what label k is worth as a whole day: the rewards
    less `weight` times its points. If not `exact`, it is quick and may miss the best.
    """
    she, n = tables.therapists[t], len(visits)
    asks_breaks = begin[ASKS_BREAKS] == 1
    by_work = she[WORK_LIMIT] > 0 or (weight > 0 and tables.prices[FAIR_SHARE] > 0)
    by_hours = begin[LIMITS_HOURS] == 1 and she[CONSECUTIVE_LIMIT] > 0
    first = np.full(n + 1, -1, np.int64)
    spans = np.full(HORIZON // SPAN + 2, -1, np.int64)
    labels[0, :] = 0
    labels[0, FREE], labels[0, AT], labels[0, PARENT] = begin[BEGIN_FREE], n, -1
    labels[0, WORK], labels[0, TRAVEL], labels[0, COUNT] = begin[BEGIN_WORK], begin[BEGIN_TRAVEL], begin[BEGIN_COUNT]
    labels[0, NEXT_THERE] = labels[0, NEXT_THEN] = -1
    labels[0, ALIVE], labels[0, MASK], labels[0, SINCE] = 1, begin[BEGIN_MASK], begin[BEGIN_SINCE]
    values[0] = NOT_HOME
    sets[0, :] = np.uint64(0)
    lost_after(ever[n], elements, alone, labels[0, FREE], sets[0])
    first[n] = 0
    spans[min(max(0, labels[0, FREE]) // SPAN, len(spans) - 1)] = 0
    count = 1
    for span in range(len(spans)):
        while spans[span] >= 0:
            k = spans[span]
            spans[span] = labels[k, NEXT_THEN]
            if labels[k, ALIVE] == 0:
                continue
            free, at = labels[k, FREE], labels[k, AT]
            origin = tables.visits[visits[at], LOCATION] if at < n else begin[BEGIN_PLACE]
            for extension in range(n + she[BREAKS]):
                if count == len(labels):
                    return count, False
                new = labels[count]
                if extension < n:
                    j = extension
                    taken = sets[k, elements[j] >> 6] >> np.uint64(elements[j] & 63) & np.uint64(1)
                    if rewards[j] < 0 or taken == np.uint64(1) or free > latest[at, j]:
                        continue
                    v = visits[j]
                    work = labels[k, WORK] + tables.visits[v, SET_UP] + tables.visits[v, DURATION]
                    work += tables.visits[v, PACK_UP]
                    leg = priced_travel(tables, she[MODE], origin, tables.visits[v, LOCATION])
                    if 0 < she[WORK_LIMIT] < work or 0 < she[VISITS_LIMIT] <= labels[k, COUNT]:
                        continue
                    if 0 < she[TRAVEL_LIMIT] < labels[k, TRAVEL] + leg:
                        continue
                    depart, _, _, start, _, done, _ = step(tables, t, origin, free, v, -1)
                    since = labels[k, SINCE]
                    if by_hours:
                        if since < 0:
                            since = late_departure(tables, she[MODE], origin, v, depart, start)
                        else:
                            since = rested_since(tables, t, free, depart, since)
                        if done - since > she[CONSECUTIVE_LIMIT]:
                            continue
                    gathered = labels[k, GATHERED] + rewards[j]
                    if weight > 0:
                        gathered -= weight * least_points(tables, t, origin, v, start)
                    new[FREE], new[GATHERED], new[AT], new[MASK] = done, gathered, j, labels[k, MASK]
                    new[WORK], new[TRAVEL], new[COUNT] = work, labels[k, TRAVEL] + leg, labels[k, COUNT] + 1
                    new[SINCE] = since
                else:
                    b = she[FIRST_BREAK] + extension - n
                    bit = 1 << (extension - n)
                    if not asks_breaks or tables.breaks[b, DUE] == 0 or labels[k, MASK] & bit != 0:
                        continue
                    start, in_time = break_step(tables, t, free, b)
                    if in_time == 0:
                        continue
                    new[:] = labels[k]
                    new[FREE], new[MASK] = start + tables.breaks[b, BREAK_DURATION], labels[k, MASK] | bit
                    if by_hours and labels[k, SINCE] >= 0:
                        new[SINCE] = rested_since(tables, t, free, start, labels[k, SINCE])
                        if tables.breaks[b, BREAK_DURATION] >= she[REST]:
                            new[SINCE] = new[FREE]
                if asks_breaks and break_lost(tables, t, new[FREE], new[MASK]):
                    continue
                if new[FREE] > HORIZON:
                    continue
                sets[count] = sets[k]
                if extension < n:
                    sets[count, elements[new[AT]] >> 6] |= np.uint64(1) << np.uint64(elements[new[AT]] & 63)
                lost_after(ever[new[AT]], elements, alone, new[FREE], sets[count])
                new[PARENT], new[ALIVE] = k, 1
                if not keep(tables, t, labels, sets, first, count, by_work, by_hours, exact):
                    continue
                values[count] = NOT_HOME
                if new[AT] < n:
                    values[count] = home_value(tables, t, visits, new, asks_breaks, weight)
                place = min(max(0, new[FREE]) // SPAN, len(spans) - 1)
                place = max(place, span)
                new[NEXT_THEN] = spans[place]
                spans[place] = count
                count += 1
    return count, True
