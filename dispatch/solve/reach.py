"""What the labelling is told about a therapist's day: the visits she could come to, until when, and where she begins.

Until when somebody may be free at one visit and still reach another depends on her travel mode and her shifts only, so
therapists who have these in common share what was looked up.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dispatch.model.kinds import StopKind
from dispatch.model.plan import booking_of
from dispatch.rules.pricing import UNKNOWN, latest_free
from dispatch.rules.route import evaluate_route
from dispatch.rules.step import (
    ALL_SHIFTS,
    BREAK_DURATION,
    DEPART_AT,
    DURATION,
    FIRST_BREAK,
    FIRST_SHIFT,
    FREE_AT,
    GRID,
    LATE,
    LOCATION,
    MODE,
    MUST_BREAK,
    PACK_UP,
    PAST,
    REST,
    SET_UP,
    SHIFTS,
    START,
    Tables,
    priced_travel,
    rested_since,
    step,
    time_route,
)
from dispatch.solve.day import Day

MOST_PLACES = 500
"""With more places than this it is not looked up whether a way round can be shorter; it is taken that it can."""

MOST_PAIRS = 60_000_000
"""So many pairs are remembered, over all kinds of therapists; then it starts afresh."""

Ints = npt.NDArray[np.int64]
SmallInts = npt.NDArray[np.int32]


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


class Reach:
    """What is looked up about the therapists of a day; the tables are the pricing's, not the referee's."""

    def __init__(self, day: Day) -> None:
        """Begin with nothing looked up."""
        self.day = day
        self.tables = _off_grid(day)
        self._begins: dict[tuple[int, bool], Ints] = {}
        self._shared: dict[tuple[int, ...], SmallInts] = {}

    @cached_property
    def direct(self) -> tuple[bool, ...]:
        """Tell for each travel mode whether going by way of another visit of the day is never earlier."""
        everywhere = range(len(self.day.entry_of))
        return tuple(
            len(legs) <= MOST_PLACES and ways_round_are_later(self.tables, mode, everywhere, range(len(legs)))
            for mode, legs in enumerate(self.tables.legs)
        )

    def begin(self, t: int, *, kept: bool = False) -> Ints:
        """Give what a therapist's day begins with; with the rules about breaks and hours `kept`, as far as they can be."""
        if (t, kept) not in self._begins:
            self._begins[t, kept] = _begin(self.day, self.tables, t, kept=kept)
        return self._begins[t, kept]

    def her(
        self, t: int, visits: Collection[int], own: Collection[int], tables: Tables, *, direct: bool, kept: bool
    ) -> Her:
        """Give what the labelling is told about a therapist's day among these visits, in the order they are given.

        The visits that are her `own` have other times in `tables` than in the day's, so they are not shared.
        """
        day, begin = self.day, self.begin(t, kept=kept)
        mine = np.array([v for v in visits if t in day.able[v] and not tables.visits[v, PAST]], np.int64)
        latest = np.zeros((len(mine) + 1, len(mine)), np.int64)
        apart = np.array([int(v in own) for v in mine.tolist()], np.int64)
        latest_free(tables, t, mine, int(begin[0]), self._shared_with(t), apart, latest)
        near = latest.max(axis=0, initial=-1) >= 0
        mine, latest = mine[near], latest[np.append(near, True)][:, near]
        numbers = [day.entry_of[v] for v in mine.tolist()]
        seats = Counter(numbers)
        place = {number: n for n, number in enumerate(seats)}
        # Where a way round may be shorter, a visit is out of reach only when no place at all is near enough.
        ever = latest if direct else np.broadcast_to(latest.max(axis=0, initial=-1), latest.shape)
        return Her(
            visits=mine,
            elements=np.array([place[number] for number in numbers], np.int64),
            alone=np.array([int(seats[number] == 1) for number in numbers], np.int64),
            latest=np.ascontiguousarray(latest),
            ever=np.ascontiguousarray(ever),
            begin=begin,
            words=max(1, -(-len(place) // 64)),
            direct=direct,
        )

    def _shared_with(self, t: int) -> SmallInts:
        """Give what is shared by all who travel and work like her."""
        she = self.tables.therapists[t]
        first, count = int(she[FIRST_SHIFT]), int(she[SHIFTS])
        kind = (int(she[MODE]), int(she[ALL_SHIFTS]), *self.tables.spans[first : first + count].ravel().tolist())
        shared = self._shared.get(kind)
        if shared is None:
            size = len(self.day.entry_of)
            if (len(self._shared) + 1) * size * size > MOST_PAIRS:
                self._shared.clear()
            shared = self._shared[kind] = np.full((size, size), UNKNOWN, np.int32)
        return shared


def ways_round_are_later(tables: Tables, mode: int, visits: Collection[int], places: Collection[int]) -> bool:
    """Tell whether going by way of one of these visits is never earlier than going directly, between any such places.

    A way round drives its own reference seconds, and the clock runs on by at least the visit's length at the slowest
    hour's rate; where that is never less than the direct leg, it arrives no earlier, as leaving later never does.
    """
    rows = tables.visits[list(visits)]
    legs = tables.legs[mode][np.ix_(list(places), list(places))]
    row_of = {place: row for row, place in enumerate(places)}
    slowest = int(tables.hours[tables.modes[mode, 0]].min())
    lengths = rows[:, SET_UP] + rows[:, DURATION] + rows[:, PACK_UP]
    for place in set(rows[:, LOCATION].tolist()):
        stay = int(lengths[rows[:, LOCATION] == place].min()) * slowest // 1_000
        row = row_of[place]
        way = legs[:, row, None] + legs[None, row, :]
        if (legs > way + np.where(way > 0, stay, 0)).any():
            return False
    return True


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


def _begin(day: Day, tables: Tables, t: int, *, kept: bool) -> Ints:
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
    mask, since = 0, -1
    if kept:
        asks_breaks = bool(she[MUST_BREAK] == 1)
        mask, since = _rests(day, tables, t)
    return np.array([place, free, work, travel, len(day.heads[t]), int(asks_breaks), mask, int(kept), since], np.int64)


def _rests(day: Day, tables: Tables, t: int) -> tuple[int, int]:
    """Give which breaks a therapist has taken between what has begun (bits), and since when she works without a rest."""
    head = day.heads[t]
    value = evaluate_route(day.compiled, t, head)
    if not head or not value.feasible:
        return 0, -1
    numbers = [
        day.compiled.visit_index[stop.id] if stop.kind is StopKind.VISIT else -1 - day.compiled.break_index[t][stop.id]
        for stop in value.stops
    ]
    last = max(at for at, number in enumerate(numbers) if number >= 0)
    out = np.zeros((last + 1, LATE + 1), np.int64)
    time_route(tables, t, np.array(numbers[: last + 1], np.int64), day.compiled.pins, out)
    mask, since, before = 0, int(out[0, DEPART_AT]), 0
    for number, row in zip(numbers[: last + 1], out, strict=True):
        since = int(rested_since(tables, t, before, int(row[DEPART_AT]), since))
        if number < 0:
            mask |= 1 << (-1 - number)
            pause = tables.breaks[tables.therapists[t, FIRST_BREAK] - 1 - number]
            if pause[BREAK_DURATION] >= tables.therapists[t, REST]:
                since = int(row[FREE_AT])
        before = int(row[FREE_AT])
    return mask, since
