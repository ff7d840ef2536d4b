"""The search: a first plan, then improvement rounds, with an integer program over all routes met every so often."""

import random
import time

from dispatch.model.plan import Plan
from dispatch.solve.begin import draft_of
from dispatch.solve.best import Best
from dispatch.solve.certificate import goal_of
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft
from dispatch.solve.finish import Finisher
from dispatch.solve.first_plan import fill
from dispatch.solve.improve import Improver
from dispatch.solve.judge import Judge
from dispatch.solve.master import combine
from dispatch.solve.pool import Pool
from dispatch.solve.routes import Column, RouteBook
from dispatch.solve.stop import Watch

COMBINE_EVERY = 400
"""After so many rounds the integer program is asked again."""

COMBINE_SHARE = 0.35
"""Where seconds count, integer programs take no more than this share of them."""

COMBINE_SECONDS = 2.0
"""Where seconds count, one integer program takes no more than these, nor than a tenth of what is left."""

ROUTES_COMBINED = 4_000
"""An integer program is given at most so many routes, those of the best drafts."""


class Search:
    """One search over a day; `best` can be read at any time."""

    def __init__(self, day: Day, book: RouteBook, judge: Judge, given: Plan, seed: int, watch: Watch) -> None:
        """Begin at what is given, which may be nothing but what has begun."""
        self._day = day
        self._book = book
        self._watch = watch
        self._rng = random.Random(seed)
        self._pool = Pool()
        self._goal = goal_of(day)
        self._combined_rounds = 0
        self._combined_routes = 0
        self._combining_s = 0.0
        draft = draft_of(day, book, given)
        if any(entry.fixed and len(entry.visits) > 1 for entry in day.entries):
            # A couple of which one therapist has left already needs its other one before anything else is planned.
            answer, _ = judge.repaired(draft, book)
            answer = Finisher(day, book, judge).fill(answer, look=watch.look, only_begun=True)
            draft = draft_of(day, book, answer.plan)
        self.best = Best(day, book, judge, draft)

    def run(self) -> None:
        """Search until the budget is used up, somebody asks to stop, or the best is provably reached."""
        self._enter("plan.phase_first")
        draft = self.best.draft.copy()
        fill(draft, self._book, self._rng, stopped=self._asked)
        self.best.offer(draft)
        improver = Improver(self._day, self._book, self.best.draft, self._rng)
        self._pool.meet(draft, improver.loss_of(draft.key()))
        self._pool.meet(self.best.draft, improver.loss)
        self._enter("plan.phase_improve")
        while not self._watch.over() and self.best.key != self._goal:
            candidate = improver.round(self._watch.used())
            self._pool.meet(candidate, improver.loss_of(candidate.key()))
            self._take(candidate, improver)
            served, left_out, points = self.best.figures()
            self._watch.round_done(served=served, left_out=left_out, points=points)
            if self._combine_is_due():
                self._combine(improver)
        if not self._watch.asked and self._watch.seconds_left() is None and self.best.key != self._goal:
            self._combine(improver)

    def _asked(self) -> bool:
        """Tell whether somebody asked to stop; the first plan is made whole whatever the budget."""
        self._watch.look()
        return self._watch.asked

    def _enter(self, phase: str) -> None:
        """Begin a phase."""
        served, left_out, points = self.best.figures()
        self._watch.enter(phase, served=served, left_out=left_out, points=points)

    def _take(self, candidate: Draft, improver: Improver) -> None:
        """Offer a draft; where the truth differs from it, go on from the truth."""
        better = self.best.offer(candidate)
        if better is not None and better is not candidate:
            improver.stand_at(better)
            self._pool.meet(better, improver.loss_of(better.key()))

    def _combine_is_due(self) -> bool:
        """Tell whether to ask the integer program now: new routes are known, and it has had no more than its share."""
        if self._watch.rounds - self._combined_rounds < COMBINE_EVERY or self._pool.met == self._combined_routes:
            return False
        left = self._watch.seconds_left()
        return left is None or self._combining_s < COMBINE_SHARE * self._watch.seconds_used()

    def _combine(self, improver: Improver) -> None:
        """Ask the integer program, and go on from its answer if it is better."""
        self._combined_rounds = self._watch.rounds
        self._combined_routes = self._pool.met
        left = self._watch.seconds_left()
        began = time.monotonic()
        columns = combine(
            self._day,
            self._pool.best(ROUTES_COMBINED),
            self.best.draft.columns,
            seconds=None if left is None else min(COMBINE_SECONDS, max(0.1, left / 4)),
            look=self._asked,
        )
        self._combining_s += time.monotonic() - began
        if columns is None:
            return
        draft = Draft(self._day, self._whole(columns))
        better = self.best.offer(draft)
        if better is not None:
            improver.stand_at(better)
            self._pool.meet(better, improver.loss_of(better.key()))

    def _whole(self, columns: list[Column]) -> list[Column]:
        """Give a route for every therapist: the one chosen, else the one with nothing but what has begun."""
        whole = list(self._heads())
        for column in columns:
            whole[column.therapist] = column
        return whole

    def _heads(self) -> list[Column]:
        """Give the best draft's routes cut down to what has begun."""
        cut: list[Column] = []
        for t, column in enumerate(self.best.draft.columns):
            options = column.options[: len(self._day.heads[t])]
            cut.append(self._book.column(t, options) or self._book.bare(t, options))
        return cut
