"""Improvement rounds: take some bookings out, put bookings back in another order, and keep what is good enough.

Sources: ruin and recreate (Schrimpf et al. 2000) with simulated annealing's acceptance (Kirkpatrick et al. 1983). The
aims are softened into one loss for accepting only: what is kept as best is compared by the exact key.
"""

import math
import random

from dispatch.solve.day import Day, booking_points
from dispatch.solve.draft import Draft, Key
from dispatch.solve.insert import apply, cheapest
from dispatch.solve.routes import RouteBook
from dispatch.solve.ruin import Ruin

BLINK = 0.02
HOT = 0.25
COLD = 0.004
"""Begin and end of the temperature, as shares of a booking's weight."""


class Improver:
    """One search: the draft it stands at, and the rounds that move it."""

    def __init__(self, day: Day, book: RouteBook, draft: Draft, rng: random.Random) -> None:
        """Begin at a draft."""
        self._day = day
        self._book = book
        self._rng = rng
        self._ruin = Ruin(day, rng)
        least = min((entry.gains[1] for entry in day.entries if entry.gains[1] > 0), default=1)
        self._booking_points = booking_points(day)
        self._priority_points = self._booking_points * max(0.3, 3.0 / least)
        self._locked_points = 100.0 * self._priority_points + 50.0 * self._booking_points
        self._tallies = [0] * len(day.entries)
        self.draft = draft
        self.loss = self.loss_of(draft.key())

    def loss_of(self, key: Key) -> float:
        """Give a draft's figures as one number, priorities softened."""
        locked, priority, left_out, points = key
        return (
            self._locked_points * locked + self._priority_points * priority + self._booking_points * left_out + points
        )

    def stand_at(self, draft: Draft) -> None:
        """Go on from this draft."""
        self.draft = draft
        self.loss = self.loss_of(draft.key())

    def round(self, used: float) -> Draft:
        """Give the draft that one ruin and recreate makes, and stand there if it is good enough at this temperature.

        `used` is the share of the budget used, which cools the search.
        """
        candidate = self.draft.copy()
        candidate.take_out(self._ruin.choose(candidate, self._book), self._book)
        self._recreate(candidate)
        loss = self.loss_of(candidate.key())
        temperature = self._booking_points * HOT * (COLD / HOT) ** used
        if loss < self.loss - temperature * math.log(1.0 - self._rng.random()):
            self.draft, self.loss = candidate, loss
        return candidate

    def _recreate(self, draft: Draft) -> None:
        """Put back what finds a place, in an order drawn by lot."""
        day, rng = self._day, self._rng
        waiting = sorted(draft.out)
        rng.shuffle(waiting)
        entries = day.entries
        kind = rng.random()
        if kind < 0.4:
            pass
        elif kind < 0.6:
            waiting.sort(key=lambda number: sum(len(day.able[v]) for v in entries[number].visits))
        elif kind < 0.8:
            waiting.sort(key=lambda number: day.problem.bookings[number].duration_s)
        elif kind < 0.9:
            waiting.sort(key=lambda number: day.problem.bookings[number].windows[-1].end_s)
        else:
            waiting.sort(key=lambda number: -self._tallies[number])
        if rng.random() < 0.8:
            waiting.sort(key=lambda number: entries[number].gains[:2], reverse=True)
        for number in waiting:
            move = cheapest(draft, self._book, number, rng=rng, blink=BLINK)
            if move is not None:
                apply(draft, self._book, move)
            else:
                self._tallies[number] += 1
