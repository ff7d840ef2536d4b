"""Finds the cheapest start, then the next: best first, by what a try costs at least.

For each therapist, position and five-minute step the compiled rules say what her route would cost. Where nobody
else's times hang on her route that is the truth. Where couples or links do, it is a lower bound: the others are taken
as early and as free as could be, and what lateness against a promise or a published start costs is left aside. Tries
come off a heap in the order of these figures; one that is only bounded is timed in truth and put back. So whatever
comes off with its true figure is the cheapest there is (best-first search; Hart, Nilsson and Raphael 1968).
"""

import heapq
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from dispatch.explain.slots_scene import Found, Places, Scene
from dispatch.model.day import COUPLE_GRID_S
from dispatch.rules.route import evaluate_in, start_table
from dispatch.rules.step import (
    BREAKS,
    CONSECUTIVE_LIMIT,
    FAIR_SHARE,
    FAIRNESS_PRICE,
    LATE_PRICE,
    MUST_BREAK,
    NOW,
    OVERTIME_PRICE,
    RESTED,
    TRAVEL_PRICE,
    UNEVEN,
    WINDOWS,
    Ints,
    Tables,
)

NOWHERE = 1 << 58
"""More points than anything costs, for where a visit must not be; a few of them still add up in 64 bits."""


class Try(NamedTuple):
    """One way at one start, in the order it is looked at: points (at least, or in truth), start, who, where.

    `step` is 0 for a start not yet unfolded, 1 for a bound, 2 for the truth.
    """

    points: int
    start_s: int
    therapists: tuple[int, ...]
    positions: tuple[int, ...]
    step: int
    number: int


class Search:
    """One search for slots; `cheapest` goes on where it stopped."""

    def __init__(self, scene: Scene) -> None:
        """Ask the compiled rules about every therapist, position and step."""
        self._scene = scene
        booking = scene.compiled.problem.bookings[scene.compiled.booking_of[scene.seats[0]]]
        self._starts = sorted(
            {
                start_s
                for window in booking.windows
                for start_s in range(
                    -(-window.start_s // COUPLE_GRID_S) * COUPLE_GRID_S, window.end_s + 1, COUPLE_GRID_S
                )
            }
        )
        relaxed = relaxation(scene.compiled.tables)
        self._loosened = _loosened(scene, relaxed)
        self._tables = self._added(relaxed)
        self._ways: list[Iterator[tuple[int, Places]] | None] = [None] * len(self._starts)
        self._found: dict[tuple[int, Places], Found] = {}
        self._aside: list[Try] = []
        self._heap: list[Try] = []
        least = sum(table.min(axis=(0, 1), initial=NOWHERE) for table in self._tables)
        for number, start_s in enumerate(self._starts):
            if least[number] < NOWHERE:
                at_least = int(least[number]) + self._slack(scene.linked)
                self._heap.append(Try(at_least, start_s, (), (), 0, number))
        heapq.heapify(self._heap)

    def cheapest(self, taken: Sequence[int], spread_s: int) -> Found | None:
        """Give the cheapest start not given yet that lies `spread_s` from all those taken; None where none is left."""
        if not taken:
            self._heap += self._aside
            self._aside = []
            heapq.heapify(self._heap)
        while self._heap:
            one = heapq.heappop(self._heap)
            if self._ways[one.number] is _DONE:
                continue
            if any(abs(one.start_s - other_s) < spread_s for other_s in taken):
                self._aside.append(one)
                continue
            found = self._looked_at(one)
            if found is not None:
                self._ways[one.number] = _DONE
                return found
        return None

    def _looked_at(self, one: Try) -> Found | None:
        """Take a try one step further; give it where it is the truth already."""
        if one.step == 0:
            self._ways[one.number] = self._ways_at(one.number)
            self._push_next(one)
            return None
        places = tuple(zip(one.therapists, one.positions, strict=True))
        if one.step == 2:
            return self._found[one.number, places]
        self._push_next(one)
        found = self._scene.tried(one.start_s, places, at_least=one.points)
        if found is not None and not self._scene.is_sure(places):
            self._found[one.number, places] = found
            heapq.heappush(self._heap, one._replace(points=found.points, step=2))
            return None
        return found

    def _push_next(self, one: Try) -> None:
        """Put the next way of a start on the heap."""
        ways = self._ways[one.number]
        following = None if ways is None else next(ways, None)
        if following is not None:
            points, places = following
            therapists, positions = tuple(t for t, _ in places), tuple(at for _, at in places)
            heapq.heappush(self._heap, Try(points, one.start_s, therapists, positions, 1, one.number))

    def _ways_at(self, number: int) -> Iterator[tuple[int, Places]]:
        """Give every way to seat therapists at a start, cheapest first, nobody twice."""
        choices = []
        for table in self._tables:
            who, where = np.nonzero(table[:, :, number] < NOWHERE)
            points = table[who, where, number]
            choices.append(sorted(zip(points.tolist(), who.tolist(), where.tolist(), strict=True)))
        if not all(choices):
            return
        slack = self._slack(self._scene.linked)

        def entry(indexes: tuple[int, ...]) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
            picked = [choices[seat][index] for seat, index in enumerate(indexes)]
            return sum(one[0] for one in picked), tuple(p[1] for p in picked), tuple(p[2] for p in picked), indexes

        first = (0,) * len(choices)
        heap, seen = [entry(first)], {first}
        while heap:
            points, therapists, positions, indexes = heapq.heappop(heap)
            for seat in range(len(choices)):
                after = (*indexes[:seat], indexes[seat] + 1, *indexes[seat + 1 :])
                if after[seat] < len(choices[seat]) and after not in seen:
                    seen.add(after)
                    heapq.heappush(heap, entry(after))
            if len(set(therapists)) == len(therapists):
                yield points + slack, tuple(zip(therapists, positions, strict=True))

    def _added(self, relaxed: Tables) -> list[Ints]:
        """Give by seat what each (therapist, position, start) adds at least, `NOWHERE` where it cannot be."""
        scene, compiled = self._scene, self._scene.compiled
        lengths = np.array([len(order) for order in scene.orders], np.int64)
        routes = np.zeros((len(lengths), max(1, int(lengths.max(initial=0)))), np.int64)
        for t, order in enumerate(scene.orders):
            routes[t, : len(order)] = order
        moments = np.array(self._starts, np.int64)
        free = np.array([t for t in range(len(lengths)) if t not in scene.tied], np.int64)
        bound = np.array(sorted(scene.tied), np.int64)
        base = np.array(scene.points, np.int64).reshape(-1, 1, 1)
        loose = np.array([self._loose_base(t) for t in range(len(lengths))], np.int64).reshape(-1, 1, 1)
        known: dict[bytes, Ints] = {}
        tables = []
        for v in scene.seats:
            alike = compiled.tables.fixed_points[:, v].tobytes()
            if alike not in known:
                table = np.full((len(lengths), routes.shape[1] + 1, len(moments)), -1, np.int64)
                if len(free):
                    table[free] = start_table(compiled.tables, free, routes, lengths, v, moments, compiled.pins)
                if len(bound):
                    table[bound] = start_table(relaxed, bound, routes, lengths, v, moments, compiled.pins)
                never = table < 0
                table[free] -= base[free]
                table[bound] -= loose[bound]
                table[never] = NOWHERE
                known[alike] = table
            tables.append(known[alike])
        return tables

    def _loose_base(self, t: int) -> int:
        """Give what a bound of therapist t's route is counted from, so that all she can reach is bounded with it."""
        return self._loosened[t] - self._slack(self._scene.together[t])

    def _slack(self, therapists: frozenset[int]) -> int:
        """Give how much cheaper these routes could at best become without the draft; never above nought."""
        return sum(self._loosened[t] - self._scene.points[t] for t in therapists)


_DONE: Iterator[tuple[int, Places]] = iter(())
"""Stands for a start that has been given."""


def relaxation(tables: Tables) -> Tables:
    """Give the day with everything left aside that an earlier start could break, or make dearer."""
    visits, therapists, prices = tables.visits.copy(), tables.therapists.copy(), np.zeros_like(tables.prices)
    visits[:, UNEVEN] = 0
    therapists[:, CONSECUTIVE_LIMIT] = 0
    therapists[:, RESTED] = -1
    # Where breaks are waived, leaving them out may be cheaper than the least that can be left out.
    therapists[therapists[:, MUST_BREAK] == 0, BREAKS] = 0
    for kept in (TRAVEL_PRICE, OVERTIME_PRICE, FAIRNESS_PRICE, FAIR_SHARE, NOW):
        prices[kept] = tables.prices[kept]
    if visits[:, WINDOWS].max(initial=0) < 2:
        # With several windows a later start may be less late.
        prices[LATE_PRICE] = tables.prices[LATE_PRICE]
    return tables._replace(visits=visits, therapists=therapists, prices=prices)


def _loosened(scene: Scene, relaxed: Tables) -> tuple[int, ...]:
    """Give what each tied route costs at least, as long as nothing is put into it; the truth where nothing ties it.

    Nought where the route breaks a rule already, or lacks a break that is due: no bound is known there.
    """

    def at_least(t: int) -> int:
        if t not in scene.tied:
            return scene.points[t]
        if not scene.has_breaks(t):
            return 0
        return min(scene.points[t], max(0, evaluate_in(relaxed, t, scene.orders[t], scene.compiled.pins)))

    return tuple(at_least(t) for t in range(len(scene.orders)))
