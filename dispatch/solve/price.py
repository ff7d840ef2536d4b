"""Pricing: for given rewards, each therapist's best routes, over more routes than the referee accepts, never fewer.

The labelling itself is `rules.pricing`; here is what it is told about a therapist's day. What is left aside, so that
no route of an accepted plan is missed: a couple's seats start apart, each as early as it may (on the grid, unless a
lock or something begun may take the couple off it); linked bookings are not linked; consecutive hours are not limited;
breaks are not asked of therapists whose day has begun, nor where a waiver lets them be late or missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.model.plan import booking_of
from dispatch.rules.pricing import AT, LABEL_COLUMNS, PARENT, grow_routes, latest_free
from dispatch.rules.step import (
    DURATION,
    GRID,
    LOCATION,
    MODE,
    MUST_BREAK,
    PACK_UP,
    PAST,
    SET_UP,
    START,
    Tables,
    priced_travel,
    step,
)
from dispatch.solve.day import Day

LABELS = 150_000
"""Labels of one therapist at once; where more are needed, a pricing proves nothing, but its routes may be used."""

MOST_PLACES = 500
"""With more places than this it is not looked up whether a way round can be shorter; it is taken that it can."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Priced:
    """One therapist's best routes: what the best is worth (nought where staying idle is), and routes worth more than
    asked, best first, each as (worth, visits in order). `whole` is False where there was no room for all labels.
    """

    worth: int
    routes: tuple[tuple[int, tuple[int, ...]], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Her:
    """What the labelling is told about one therapist's day, found once."""

    visits: Ints
    elements: Ints
    alone: Ints
    latest: Ints
    ever: Ints
    begin: Ints
    words: int
    direct: bool


class Pricer:
    """Prices the therapists of one day."""

    def __init__(self, day: Day) -> None:
        """Begin for a day."""
        self._day = day
        self._tables = _off_grid(day)
        self._her: dict[int, Her] = {}
        self._labels = np.zeros((0, LABEL_COLUMNS), np.int64)
        self._sets: dict[int, npt.NDArray[np.uint64]] = {}
        self._values = np.zeros(0, np.int64)
        self._direct = tuple(_ways_round_are_later(self._tables, mode) for mode in range(len(self._tables.legs)))

    def prepare(self) -> None:
        """Compile the labelling, or load it from the cache, so that no time budget pays for it."""
        nothing = np.zeros(len(self._day.entry_of), np.int64)
        for t in range(len(self._day.heads)):
            if len(self.day_of_therapist(t).visits):
                self.price(t, nothing, 0, above=0, most=1, exact=False)
                return

    def price(self, t: int, rewards: Ints, weight: int, *, above: int, most: int, exact: bool = True) -> Priced:
        """Give a therapist's best routes for `rewards` by visit less `weight` times points, those worth more than
        `above`, at most `most` of them. If not `exact`, it is quick and proves nothing.
        """
        her = self.day_of_therapist(t)
        if not len(her.visits):
            return Priced(0, (), True)
        if not len(self._labels):
            self._labels = np.empty((LABELS, LABEL_COLUMNS), np.int64)
            self._values = np.empty(LABELS, np.int64)
        if her.words not in self._sets:
            self._sets[her.words] = np.empty((LABELS, her.words), np.uint64)
        mine = rewards[her.visits]
        if not exact or (her.direct and weight == 0):
            # Where no way round is earlier, a visit that nobody pays for is only in the way; else it mostly is.
            mine = np.where(mine > 0, mine, -1)
        count, whole = grow_routes(
            self._tables,
            t,
            her.visits,
            her.elements,
            her.alone,
            her.latest,
            her.ever,
            mine,
            her.begin,
            weight,
            exact,
            self._labels,
            self._sets[her.words],
            self._values,
        )
        values = self._values[:count]
        good = np.flatnonzero(values > above)
        good = good[np.argsort(-values[good], kind="stable")]
        routes = tuple((int(values[k]), self._visits(her, int(k))) for k in self._spread(good, most))
        return Priced(max(0, int(values.max(initial=0))), routes, bool(whole) and exact)

    def _spread(self, good: Ints, most: int) -> Sequence[int]:
        """Pick the best labels, with no more than a few that end at the same visit."""
        picked: list[int] = []
        ends: dict[int, int] = {}
        share = max(1, most // 8)
        for k in good[: 40 * most].tolist():
            end = int(self._labels[k, AT])
            if ends.get(end, 0) < share:
                ends[end] = ends.get(end, 0) + 1
                picked.append(k)
                if len(picked) == most:
                    break
        return picked

    def _visits(self, her: Her, k: int) -> tuple[int, ...]:
        """Give the visits of a label in order; a break is a label at the same visit as the one before."""
        visits: list[int] = []
        while k > 0:
            before = int(self._labels[k, PARENT])
            if self._labels[k, AT] != self._labels[before, AT]:
                visits.append(int(her.visits[self._labels[k, AT]]))
            k = before
        return tuple(reversed(visits))

    def day_of_therapist(self, t: int) -> Her:
        """Give what the labelling is told about a therapist's day."""
        if t not in self._her:
            self._her[t] = self._look_at(t)
        return self._her[t]

    def _look_at(self, t: int) -> Her:
        """Find what the labelling is told about a therapist's day."""
        day, tables = self._day, self._tables
        begin = _begin(day, tables, t)
        visits = np.array(
            [v for v in range(len(day.entry_of)) if t in day.able[v] and not tables.visits[v, PAST]], np.int64
        )
        latest = np.zeros((len(visits) + 1, len(visits)), np.int64)
        latest_free(tables, t, visits, int(begin[0]), latest)
        near = latest.max(axis=0, initial=-1) >= 0
        visits, latest = visits[near], latest[np.append(near, True)][:, near]
        numbers = [day.entry_of[v] for v in visits.tolist()]
        place = {number: n for n, number in enumerate(dict.fromkeys(numbers))}
        direct = self._direct[int(tables.therapists[t, MODE])]
        # Where a way round may be shorter, a visit is out of reach only when no place at all is near enough.
        ever = latest if direct else np.broadcast_to(latest.max(axis=0, initial=-1), latest.shape)
        return Her(
            visits=visits,
            elements=np.array([place[number] for number in numbers], np.int64),
            alone=np.array([int(numbers.count(number) == 1) for number in numbers], np.int64),
            latest=np.ascontiguousarray(latest),
            ever=np.ascontiguousarray(ever),
            begin=begin,
            words=max(1, -(-len(place) // 64)),
            direct=direct,
        )


def _off_grid(day: Day) -> Tables:
    """Give the day's tables with only those couples on the grid that the referee wants there."""
    compiled = day.compiled
    loose = {booking_of(lock.visit_id)[0] for lock in day.problem.locks}
    loose |= {booking_of(fact.visit_id)[0] for fact in day.problem.facts}
    groups = {compiled.together[compiled.bookings[name]] for name in loose}
    visits = compiled.tables.visits.copy()
    for v, number in enumerate(day.entry_of):
        if compiled.together[number] in groups:
            visits[v, GRID] = 0
    return compiled.tables._replace(visits=visits)


def _begin(day: Day, tables: Tables, t: int) -> Ints:
    """Give what a therapist's day begins with, after what has happened: as early as it may, with the least breaks."""
    she = tables.therapists[t]
    place, free, work, travel = int(she[START]), 0, 0, 0
    for v in day.heads[t]:
        visit = tables.visits[v]
        travel += priced_travel(tables, int(she[MODE]), place, int(visit[LOCATION]))
        *_, free, _ = step(tables, t, place, free, v, -1)
        place = int(visit[LOCATION])
        work += int(visit[SET_UP] + visit[DURATION] + visit[PACK_UP])
    name = day.compiled.therapists[t]
    asks_breaks = she[MUST_BREAK] == 1 and not day.heads[t] and ("break_late", name) not in day.compiled.waived
    return np.array([place, free, work, travel, len(day.heads[t]), int(asks_breaks)], np.int64)


def _ways_round_are_later(tables: Tables, mode: int) -> bool:
    """Tell whether going by way of another visit is never earlier than going there directly.

    A way round drives its own reference seconds, and the clock runs on by at least the visit's length at the slowest
    hour's rate; where that is never less than the direct leg, it arrives no earlier, as leaving later never does.
    """
    legs = tables.legs[mode]
    if len(legs) > MOST_PLACES:
        return False
    rows = tables.visits
    lengths = rows[:, SET_UP] + rows[:, DURATION] + rows[:, PACK_UP]
    slowest = int(tables.hours[tables.modes[mode, 0]].min())
    for place in set(rows[:, LOCATION].tolist()):
        stay = int(lengths[rows[:, LOCATION] == place].min()) * slowest // 1_000
        way = legs[:, place, None] + legs[None, place, :]
        if (legs > way + np.where(way > 0, stay, 0)).any():
            return False
    return True
