"""What no plan can exceed: a relaxation for each aim, refined by column generation, and read off on the safe side.

All gains are whole multiples of `UNIT`, and the bounds are counted in whole numbers, so a bound is the floor of what is
proven without any tolerance. Bookings that have begun are served in every plan and are added as they are.
"""

import math
from collections.abc import Callable, Iterable

from dispatch.rules.step import FAIR_SHARE, GRACE, NOW
from dispatch.solve.certificate import has_hope
from dispatch.solve.columns import generate
from dispatch.solve.day import Day, booking_points
from dispatch.solve.price import Pricer, Workshop
from dispatch.solve.relaxation import Relaxation, RouteKey

UNIT = 1_000_000
"""What one counted booking (or one unit of priority) is worth in whole numbers."""

PRIORITY_WEIGHT = 1
"""How many bookings a unit of priority weighs where both are bounded at once; any number gives a valid bound."""

FINE = 1 << 20
"""Where a booking weighs fewer points than this, points are counted in fractions, so that rounding costs no bound."""

NO_PRICES = (GRACE, FAIR_SHARE, NOW)
"""Entries of the day's prices that are seconds."""

PRICING_ROUNDS = 120
"""The counted end of one relaxation's column generation; most end by themselves long before."""

RoutePoints = tuple[RouteKey, int]
"""A route with its points."""

Stopped = Callable[[], bool]


class Bounds:
    """The bounds of one day; valid from the beginning, and tighter after each of its refinements."""

    def __init__(self, day: Day, shop: Workshop | None = None) -> None:
        """Begin with what follows from single bookings."""
        self._day = day
        self.pricer = Pricer(day, shop=shop)
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
        self.cheapest: Relaxation | None = None
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
        fine = max(1, FINE // booking_points(self._day))
        unit = fine * booking_points(self._day)
        relaxation = Relaxation(self._day, gains, unit=unit, weight=fine, targets=targets)
        relaxation.add(known)
        generate(relaxation, self.pricer, rounds=PRICING_ROUNDS, stopped=stopped)
        step = points_step(self._day)
        least = 0 if relaxation.bound is None else max(0, -(relaxation.bound // (fine * step)) * step)
        self._points[priority, served] = max(least, self._points.get((priority, served), 0))
        self.cheapest = relaxation

    def refine_both(self, known: Iterable[RouteKey], stopped: Stopped) -> None:
        """Tighten the bound of priority and count together, until nothing is left to gain or somebody says stop."""
        gains = self._both()
        if any(gains):
            self.both = self._refined(gains, known, stopped)
            if self.both.bound is not None:
                self._both_bound = min(self._both_bound, self.both.bound // UNIT)

    def refine_each(self, known: Iterable[RouteKey], stopped: Stopped) -> None:
        """Tighten the bound of priority, then that of the count, until nothing is left or somebody says stop."""
        routes = list(known)
        if any(self._priority):
            relaxation = self._refined(self._priority, routes, stopped)
            if relaxation.bound is not None:
                # Priorities and counts are whole numbers, so what is above the last whole one cannot be reached.
                self._priority_bound = min(self._priority_bound, relaxation.bound // UNIT)
            routes = relaxation.routes()
        if any(self._count):
            relaxation = self._refined(self._count, routes, stopped)
            if relaxation.bound is not None:
                self._count_bound = min(self._count_bound, relaxation.bound // UNIT)

    def _refined(self, gains: list[int], known: Iterable[RouteKey], stopped: Stopped) -> Relaxation:
        """Give the program of an aim with all the routes that its bound needs."""
        relaxation = Relaxation(self._day, [UNIT * gain for gain in gains], unit=UNIT)
        relaxation.add((key, 0) for key in known)
        generate(relaxation, self.pricer, rounds=PRICING_ROUNDS, stopped=stopped, enough=_is_whole)
        return relaxation

    def _both(self) -> list[int]:
        return [count + PRIORITY_WEIGHT * one for count, one in zip(self._count, self._priority, strict=True)]


def _is_whole(relaxation: Relaxation) -> bool:
    """Tell whether the bound cannot fall below the next whole number any more: the program already gains that much."""
    return relaxation.bound is not None and relaxation.bound // relaxation.unit <= int(relaxation.value + 1e-6)


def points_step(day: Day) -> int:
    """Give a number that the points of every route are a multiple of."""
    prices = [int(price) for place, price in enumerate(day.compiled.tables.prices) if place not in NO_PRICES]
    fixed = day.compiled.tables.fixed_points
    return max(1, math.gcd(*prices, *fixed[fixed > 0].tolist()))
