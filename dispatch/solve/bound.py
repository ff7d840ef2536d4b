"""What no plan can exceed: a relaxation for each aim, refined by column generation, and read off on the safe side.

All gains are whole multiples of `UNIT`, and the bounds are counted in whole numbers, so a bound is the floor of what is
proven without any tolerance. Bookings that have begun are served in every plan and are added as they are.
"""

import math
from collections.abc import Callable, Iterable

from dispatch.rules.step import FAIR_SHARE, GRACE, NOW
from dispatch.solve.certificate import has_hope
from dispatch.solve.columns import generate
from dispatch.solve.day import Day
from dispatch.solve.price import Pricer
from dispatch.solve.relaxation import Relaxation, RouteKey

UNIT = 1_000_000
"""What one counted booking (or one unit of priority) is worth in whole numbers."""

PRIORITY_WEIGHT = 1
"""How many bookings a unit of priority weighs where both are bounded at once; any number gives a valid bound."""

POINTS_UNIT = 43_200_000
"""About what a booking may cost, in points: it scales the program of the least cost."""

NO_PRICES = (GRACE, FAIR_SHARE, NOW)
"""Entries of the day's prices that are seconds."""

PRICING_ROUNDS = 120
"""The counted end of one relaxation's column generation; most end by themselves long before."""

RoutePoints = tuple[RouteKey, int]
"""A route with its points."""

Stopped = Callable[[], bool]


class Bounds:
    """The bounds of one day; valid from the beginning, and tighter after each `refine`."""

    def __init__(self, day: Day) -> None:
        """Begin with what follows from single bookings."""
        self._day = day
        self.pricer = Pricer(day)
        self._begun = [number for number, entry in enumerate(day.entries) if entry.fixed]
        hopeful = [number for number, entry in enumerate(day.entries) if not entry.fixed and has_hope(day, number)]
        hopes = set(hopeful)
        self._priority = [entry.gains[1] if number in hopes else 0 for number, entry in enumerate(day.entries)]
        self._count = [entry.gains[2] if number in hopes else 0 for number, entry in enumerate(day.entries)]
        bookings = day.problem.bookings
        self._served_already = sum(1 for number in self._begun if not bookings[number].is_hold)
        self._priority_already = sum(
            bookings[number].priority for number in self._begun if not bookings[number].is_hold
        )
        self._priority_bound = sum(self._priority)
        self._count_bound = sum(self._count)
        self.both: Relaxation | None = None
        self._points: dict[tuple[int, int], int] = {}
        self._both_bound = sum(self._both())

    @property
    def served_at_most(self) -> int:
        """Give how many bookings, holds not counted, any plan serves at most."""
        return self._served_already + self._count_bound

    @property
    def priority_at_most(self) -> int:
        """Give how much priority any plan serves at most."""
        return self._priority_already + self._priority_bound

    def served_with(self, priority: int) -> int:
        """Give how many bookings any plan serves at most that serves at least so much priority."""
        left = self._both_bound - PRIORITY_WEIGHT * (priority - self._priority_already)
        return min(self.served_at_most, self._served_already + left)

    def points_with(self, priority: int, served: int) -> int | None:
        """Give the least points of a plan that serves at least so much, None where `refine_points` has not been."""
        return self._points.get((priority, served))

    def refine_points(self, priority: int, served: int, known: Iterable[RoutePoints], stopped: Stopped) -> None:
        """Bound the points of the plans that serve at least so much priority and so many bookings.

        `known` are routes with their points, those of one such plan among them.
        """
        targets = [(self._count, served - self._served_already), (self._priority, priority - self._priority_already)]
        gains = [0] * len(self._count)
        relaxation = Relaxation(self._day, gains, unit=POINTS_UNIT, weight=1, targets=targets)
        relaxation.add(known)
        generate(relaxation, self.pricer, rounds=PRICING_ROUNDS, stopped=stopped)
        step = points_step(self._day)
        least = 0 if relaxation.bound is None else max(0, -(relaxation.bound // step) * step)
        self._points[priority, served] = max(least, self._points.get((priority, served), 0))

    def refine(self, known: Iterable[RouteKey], stopped: Stopped) -> list[RouteKey]:
        """Tighten all bounds until nothing is left to gain or somebody says stop; give the routes found on the way."""
        routes = [(key, 0) for key in known]
        for gains, learn in (
            (self._priority, self._learn_priority),
            (self._both(), self._learn_both),
            (self._count, self._learn_count),
        ):
            if not any(gains):
                continue
            relaxation = Relaxation(self._day, [UNIT * gain for gain in gains], unit=UNIT)
            relaxation.add(routes)
            generate(relaxation, self.pricer, rounds=PRICING_ROUNDS, stopped=stopped, enough=_is_whole)
            if learn == self._learn_both:
                self.both = relaxation
            if relaxation.bound is not None:
                # Priorities and counts are whole numbers, so what is above the last whole one cannot be reached.
                learn(relaxation.bound // UNIT)
            routes = [(key, 0) for key in relaxation.routes()]
        return [key for key, _ in routes]

    def _both(self) -> list[int]:
        return [count + PRIORITY_WEIGHT * one for count, one in zip(self._count, self._priority, strict=True)]

    def _learn_priority(self, most: int) -> None:
        self._priority_bound = min(self._priority_bound, most)

    def _learn_both(self, most: int) -> None:
        self._both_bound = min(self._both_bound, most)

    def _learn_count(self, most: int) -> None:
        self._count_bound = min(self._count_bound, most)


def _is_whole(relaxation: Relaxation) -> bool:
    """Tell whether the bound cannot fall below the next whole number any more: the program already gains that much."""
    return relaxation.bound is not None and relaxation.bound // relaxation.unit <= int(relaxation.value + 1e-6)


def points_step(day: Day) -> int:
    """Give a number that the points of every route are a multiple of."""
    prices = [int(price) for place, price in enumerate(day.compiled.tables.prices) if place not in NO_PRICES]
    fixed = day.compiled.tables.fixed_points
    return max(1, math.gcd(*prices, *fixed[fixed > 0].tolist()))
