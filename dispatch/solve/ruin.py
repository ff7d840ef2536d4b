"""Which bookings a round takes out of a draft: strings of neighbouring routes, related ones, whole days, dear ones.

Sources: Schrimpf et al. 2000 (ruin and recreate), Shaw 1998 (related removal), Ropke and Pisinger 2006 (worst and
random removal), Christiaens and Vanden Berghe 2020 (strings of adjacent routes).
"""

import random

import numpy as np

from dispatch.model.problem import DayBooking
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft
from dispatch.solve.routes import RouteBook

STRING_VISITS = 10
"""About so many visits are taken out by strings."""

FROM_LEFT_OUT = 0.5
"""So often a ruin begins next to a booking that is left out, because there a place is wanted."""

_RELATED, _STRINGS, _THERAPISTS, _WORST, _RANDOM = range(5)
_SHARES = (25, 45, 15, 7, 8)


def neighbours_of(day: Day) -> tuple[tuple[int, ...], ...]:
    """Give for each booking all others, nearest first by driving time and by the distance of their windows."""
    problem = day.problem
    if not problem.bookings or not problem.matrices:
        return tuple(() for _ in problem.bookings)
    matrix = problem.matrices[0]
    reference = np.array(matrix.reference_s, dtype=np.int64).reshape(matrix.size, matrix.size)
    places = np.array([booking.location for booking in problem.bookings])
    driving = reference[np.ix_(places, places)]
    middles = np.array([_middle_s(booking) for booking in problem.bookings])
    apart = driving + driving.T + np.abs(middles[:, None] - middles[None, :]) // 2
    order = np.argsort(apart, axis=1, kind="stable")
    return tuple(tuple(int(other) for other in row if other != number) for number, row in enumerate(order))


def _middle_s(booking: DayBooking) -> int:
    """Give the middle of all a booking's windows."""
    if not booking.windows:
        return 0
    return (booking.windows[0].start_s + booking.windows[-1].end_s) // 2


class Ruin:
    """Chooses what to take out of a draft; every choice comes from the generator handed in."""

    def __init__(self, day: Day, rng: random.Random) -> None:
        """Begin for a day."""
        self._day = day
        self._rng = rng
        self._near = neighbours_of(day)

    def choose(self, draft: Draft, book: RouteBook) -> set[int]:
        """Give the bookings to take out in this round; fixed ones never."""
        served = [n for n, entry in enumerate(self._day.entries) if n not in draft.out and not entry.fixed]
        if not served:
            return set()
        (kind,) = self._rng.choices((_RELATED, _STRINGS, _THERAPISTS, _WORST, _RANDOM), _SHARES)
        if kind == _RANDOM:
            chosen = set(self._rng.sample(served, min(len(served), self._rng.randint(2, 8))))
        elif kind == _WORST:
            chosen = self._worst(draft, book, served)
        elif kind == _THERAPISTS:
            chosen = self._therapists(draft, served)
        elif kind == _STRINGS:
            chosen = self._strings(draft, served)
        else:
            chosen = self._related(draft, served)
        return {number for number in chosen if not self._day.entries[number].fixed}

    def _seed(self, draft: Draft, served: list[int]) -> int:
        """Give the booking a ruin begins at."""
        if draft.out and self._rng.random() < FROM_LEFT_OUT:
            return self._rng.choice(sorted(draft.out))
        return self._rng.choice(served)

    def _related(self, draft: Draft, served: list[int]) -> set[int]:
        """Take out bookings near the seed, nearer ones more likely."""
        seed = self._seed(draft, served)
        chosen = set() if seed in draft.out else {seed}
        near = [number for number in self._near[seed] if number not in draft.out]
        wanted = min(len(near), self._rng.randint(2, 12))
        while near and len(chosen) < wanted:
            chosen.add(near.pop(int(len(near) * self._rng.random() ** 4)))
        return chosen

    def _strings(self, draft: Draft, served: list[int]) -> set[int]:
        """Take a run of visits out of each of a few neighbouring routes."""
        day, rng = self._day, self._rng
        seed = self._seed(draft, served)
        longest = rng.randint(1, STRING_VISITS)
        routes = max(1, rng.randint(1, 1 + 4 * STRING_VISITS // (1 + longest)) if longest else 1)
        chosen: set[int] = set()
        ruined: set[int] = set()
        for number in (seed, *self._near[seed]):
            if number in draft.out or number in chosen:
                continue
            visit = day.entries[number].visits[0]
            t = draft.holder[visit]
            if t < 0 or t in ruined:
                continue
            ruined.add(t)
            visits = [day.visit(option) for option in draft.columns[t].options]
            at = visits.index(visit)
            length = min(len(visits), rng.randint(1, longest))
            first = rng.randint(max(0, at - length + 1), min(at, len(visits) - length))
            chosen |= {day.entry_of[v] for v in visits[first : first + length]}
            if len(ruined) >= routes:
                break
        return chosen

    def _therapists(self, draft: Draft, served: list[int]) -> set[int]:
        """Empty the days of one to three therapists who work near each other."""
        day = self._day
        seed = self._seed(draft, served)
        wanted = self._rng.randint(1, 3)
        emptied: list[int] = []
        for number in (seed, *self._near[seed]):
            if number in draft.out:
                continue
            t = draft.holder[day.entries[number].visits[0]]
            if t >= 0 and t not in emptied and self._rng.random() < 0.7:
                emptied.append(t)
            if len(emptied) >= wanted:
                break
        return {day.entry_of[day.visit(option)] for t in emptied for option in draft.columns[t].options}

    def _worst(self, draft: Draft, book: RouteBook, served: list[int]) -> set[int]:
        """Take out bookings whose routes would save most without them."""
        day = self._day
        savings: list[tuple[int, int]] = []
        for number in served:
            saved = 0
            for visit in day.entries[number].visits:
                column = draft.columns[draft.holder[visit]]
                rest = book.column(column.therapist, tuple(o for o in column.options if day.visit(o) != visit))
                saved += column.points - rest.points if rest else 0
            savings.append((-saved, number))
        savings.sort()
        wanted = min(len(served), self._rng.randint(2, 8))
        chosen: set[int] = set()
        while len(chosen) < wanted:
            chosen.add(savings.pop(int(len(savings) * self._rng.random() ** 3))[1])
        return chosen
