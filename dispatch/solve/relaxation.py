"""The linear program over routes for one aim, and what it proves: column generation's master and its bound.

Set covering with a yes or no for each booking (Desrosiers and Lübbecke 2005, "A primer in column generation"): gain
what bookings are worth, less the routes' points if the aim counts them; every seat of a booking needs a route that
visits it, every therapist has one route. The duals of the seats are the rewards that routes are priced with.

The bound needs no faith in the program's arithmetic: for *any* whole rewards, no plan gains more than what bookings
are worth above their seats' rewards, and each therapist's best route for the rewards (Lagrange; Geoffrion 1974). All
of that is counted in whole numbers. Rewards are smoothed towards the best ones so far (Wentges 1997).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solve.day import Day
from dispatch.solve.linear import LinearProgram
from dispatch.solve.price import Region
from dispatch.solve.routes import Column

SMOOTHING = 0.6
"""How much of the best rewards so far stays in the next ones."""

SHORT = 4.0
"""Falling short of a target costs so many bookings: the program always has an answer, and its bound holds."""

LEAST_SHARE = 1e-6
"""Less than this of a route is none of it."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

RouteKey = tuple[int, tuple[int, ...]]
"""A therapist and her visits in order."""


def key_of(day: Day, column: Column) -> RouteKey:
    """Give a route as the relaxations know it: without what has begun, and without starts."""
    begun = len(day.heads[column.therapist])
    return column.therapist, tuple(day.visit(option) for option in column.options[begun:])


class Duals(NamedTuple):
    """The program's prices in its unit: by visit, and by target."""

    visits: Floats
    aims: Floats


class Rewards(NamedTuple):
    """Whole prices to ask routes for: by visit (as an array, and listed), by target, and what each booking gains with
    the targets' prices.
    """

    visits: Ints
    listed: list[int]
    aims: Ints
    gains: Ints


Target = tuple[Sequence[int], int]
"""How much each booking counts towards an aim, and how much of it a plan must reach."""


class Relaxation:
    """One aim's program; `bound` is the least that is proven so far of what any plan gains, in the gains' unit."""

    def __init__(
        self,
        day: Day,
        gains: Sequence[int],
        *,
        unit: int,
        weight: int = 0,
        targets: Sequence[Target] = (),
        region: Region | None = None,
    ) -> None:
        """Begin without routes; `gains` by booking, whole, `unit` about what one booking is worth, `weight` of points.

        Only plans that reach the `targets` are meant. Bookings that have begun gain nothing here: they are served
        whatever is planned. Of a `region`, only its therapists and its visits are looked at; it proves nothing.
        """
        self.day = day
        self.unit = unit
        self.weight = weight
        self.value = -float("inf")
        self.proves = region is None
        self._gains = np.array(gains, np.int64)
        self._targets = [(np.array(counts, np.int64), least) for counts, least in targets]
        self.bound: int | None = None if targets else int(self._gains.sum())
        self._variables: dict[RouteKey, int] = {}
        self._keys: dict[int, RouteKey] = {}
        self._shares: list[tuple[float, RouteKey]] = []
        self._points: dict[RouteKey, int] = {}
        self._program = LinearProgram()
        team = range(len(day.heads)) if region is None else region.team
        self._therapists = {t: self._program.row(-1.0) for t in team}
        self._aims = [self._program.row(float(least)) for _, least in targets]
        for aim in self._aims:
            self._program.variable(SHORT, [(aim, 1.0)])
        inside = set(range(len(day.entry_of)) if region is None else region.visits)
        self._seats: dict[int, int] = {}
        for number, entry in enumerate(day.entries):
            counts = [int(one[number]) for one, _ in self._targets]
            visits = [visit for visit in entry.visits if visit in inside]
            if not visits or (self._gains[number] <= 0 and not any(counts)):
                continue
            self._seats.update((visit, self._program.row(0.0)) for visit in visits)
            cells = [
                *zip(self._aims, map(float, counts), strict=True),
                *((self._seats[visit], -1.0) for visit in visits),
            ]
            self._program.variable(-float(self._gains[number]) / unit, cells, high=1.0)
        self._best: Duals | None = None
        self._own = Duals(np.zeros(len(day.entry_of)), np.zeros(len(targets)))
        self.keeps: Floats = np.zeros(len(day.heads))

    def __len__(self) -> int:
        """Give how many routes the program has."""
        return len(self._variables)

    def routes(self) -> list[RouteKey]:
        """Give all its routes, in the order they were added."""
        return list(self._variables)

    def points(self, key: RouteKey) -> int:
        """Give the points of one of its routes."""
        return self._points[key]

    def gain(self, number: int) -> int:
        """Give what serving a booking gains."""
        return int(self._gains[number])

    def seats(self) -> list[int]:
        """Give the visits that gain something."""
        return list(self._seats)

    def shares(self) -> list[tuple[float, RouteKey]]:
        """Give the routes that the program takes, each with how much of it."""
        return self._shares

    def fix(self, key: RouteKey, *, fixed: bool) -> None:
        """Make the program take a route whole, or leave it free again."""
        self._program.at_least(self._variables[key], 1.0 if fixed else 0.0)

    def add(self, routes: Iterable[tuple[RouteKey, int]]) -> int:
        """Add routes with their points; give how many were new."""
        before = len(self._variables)
        for key, points in routes:
            if key in self._variables:
                continue
            cells = [(self._seats[visit], 1.0) for visit in key[1] if visit in self._seats]
            cells.append((self._therapists[key[0]], -1.0))
            route = self._program.variable(self.weight * points / self.unit, cells)
            self._variables[key] = route
            self._points[key] = points
            self._keys[route] = key
        return len(self._variables) - before

    def solve(self) -> bool:
        """Solve the program anew; False where it has no answer."""
        if not self._program.solve():
            return False
        self._shares = [
            (share, self._keys[route])
            for route, share in self._program.values.items()
            if share > LEAST_SHARE and route in self._keys
        ]
        duals = np.maximum(self._program.duals, 0.0)
        rewards = np.zeros(len(self.day.entry_of))
        rewards[list(self._seats)] = duals[list(self._seats.values())]
        self._own = Duals(rewards, duals[self._aims])
        self.keeps[list(self._therapists)] = duals[list(self._therapists.values())]
        self.value = -self._program.value
        return True

    def asked(self, smoothing: float) -> Rewards:
        """Give whole rewards to price with: the program's own, or some of the best ones so far in them."""
        best = self._best or self._own
        aims = smoothing * best.aims + (1.0 - smoothing) * self._own.aims
        visits = smoothing * best.visits + (1.0 - smoothing) * self._own.visits
        whole = np.rint(aims * self.unit).astype(np.int64)
        gains = self._gains.copy()
        for price, (counts, _) in zip(whole.tolist(), self._targets, strict=True):
            gains += price * counts
        by_visit = np.rint(visits * self.unit).astype(np.int64)
        by_visit = np.minimum(by_visit, np.maximum(gains[list(self.day.entry_of)], 0))
        return Rewards(by_visit, by_visit.tolist(), whole, gains)

    def prove(self, rewards: Rewards, worths: Sequence[int]) -> None:
        """Learn what the therapists' best routes (`worths`) for these rewards prove."""
        bound = sum(worths)
        for gain, entry in zip(rewards.gains.tolist(), self.day.entries, strict=True):
            bound += max(0, gain - sum(rewards.listed[visit] for visit in entry.visits))
        for price, (_, least) in zip(rewards.aims.tolist(), self._targets, strict=True):
            bound -= price * least
        if self.bound is None or bound < self.bound or self._best is None:
            self._best = Duals(rewards.visits / self.unit, rewards.aims / self.unit)
        self.bound = bound if self.bound is None else min(self.bound, bound)

    def excess(self, rewards: Rewards, key: RouteKey, points: int) -> float:
        """Give what a route gains beyond what its therapist is worth in the program; more than nought improves it."""
        gained = sum(rewards.listed[visit] for visit in key[1]) - self.weight * points
        return gained / self.unit - float(self.keeps[key[0]])
