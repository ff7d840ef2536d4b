"""The search: a first plan, then rounds, regions planned anew, and column generation for the whole day."""

import random
import time
from collections.abc import Callable

from dispatch.model.plan import Plan
from dispatch.solve.begin import draft_of
from dispatch.solve.best import Best
from dispatch.solve.bound import Bounds
from dispatch.solve.certificate import bounds_at, goal_of, served_by
from dispatch.solve.couples import with_other_couple
from dispatch.solve.day import Day
from dispatch.solve.draft import Draft, united
from dispatch.solve.finish import Finisher
from dispatch.solve.first_plan import fill
from dispatch.solve.guide import Guide
from dispatch.solve.improve import Improver
from dispatch.solve.judge import Judge
from dispatch.solve.master import combine
from dispatch.solve.pool import Pool
from dispatch.solve.regional import Regional
from dispatch.solve.routes import Column, RouteBook
from dispatch.solve.stop import Watch

COMBINE_EVERY = 400
"""After so many rounds the integer program over all routes met is asked again."""

COMBINE_SHARE = 0.1
"""Where seconds count, these integer programs take no more than this share of them."""

COMBINE_SECONDS = 1.0
"""Where seconds count, one of them takes no more than these, nor than a quarter of what is left."""

ROUTES_COMBINED = 4_000
"""It is given at most so many routes, those of the best drafts."""

REGION_WORK = 2_000
"""Regions are planned anew after so many rounds times bookings, rounded down."""

FROM_BEST = 0.7
"""So often the best draft's regions are planned anew, else those of the draft that the rounds stand at."""

ROUNDS_FIRST = 60
"""Column generation for the whole day begins after so many rounds, ..."""

SHARE_FIRST = 0.08
"""... or when this share of the budget is used, ..."""

FINISH_S = 50e-6
"""The last pass and the reasons take about so long for each booking left out and each therapist."""

LARGEST = 60_000
"""... but not at all where therapists times visits are more than this: there is no time to come to an end."""

GUIDED_SHARE = 0.45
"""Where seconds count, routes for the whole day, and each bound, take no more than this share of what is left then."""

POINTS_SHARE = 0.4
"""Where seconds count, the bound of points takes no more than this share of what is left then."""

DIVES = 12
"""At most so many plans are made of the generated routes, ..."""

DIVES_FIRST = 3
"""... of which so many at once, unless one of them serves as much as any plan can, ..."""

DIVE_EVERY = 100
"""... and after that one after so many rounds, ..."""

DIVE_GAP = 0.005
"""... while points are further above what is proven than this share of them, ..."""

DIVE_SHARE = 0.35
"""... and where seconds count, in no more than this share of them."""

ROUTES_KNOWN = 3_000
"""Column generation begins with at most so many routes, those of the best drafts."""


class Search:
    """One search over a day; `best` can be read at any time."""

    def __init__(
        self, day: Day, book: RouteBook, judge: Judge, given: Plan, seed: int, watch: Watch, proven: Bounds
    ) -> None:
        """Begin at what is given, which may be nothing but what has begun; `proven` is tightened on the way."""
        self._day = day
        self._book = book
        self._watch = watch
        self._rng = random.Random(seed)
        self._pool = Pool()
        self._goal = goal_of(day)
        self._combined_rounds = 0
        self._combined_routes = 0
        self._combining_s = 0.0
        self._dives = 0
        self._dived_rounds = 0
        self._diving_s = 0.0
        self._next_region = 0
        self._is_large = len(day.heads) * len(day.entry_of) > LARGEST
        self._points_asked: set[tuple[int, ...]] = set()
        self._proven = proven
        draft = draft_of(day, book, given)
        if any(entry.fixed and len(entry.visits) > 1 for entry in day.entries):
            # A couple of which one therapist has left already needs its other one before anything else is planned.
            answer, _ = judge.repaired(draft, book)
            answer = Finisher(day, book, judge).fill(answer, look=watch.look, only_begun=True)
            draft = draft_of(day, book, answer.plan)
        self.best = Best(day, book, judge, draft)
        watch.proven = lambda: bounds_at(day, self.best.key, proven)

    def run(self) -> None:
        """Search until the budget is used up, somebody asks to stop, or the best is provably reached."""
        self._enter("plan.phase_first")
        regional = Regional(self._day, self._book, self._proven.pricer, self._rng)
        draft = self._first(regional)
        self._watch.keep(FINISH_S * len(self.best.draft.out) * len(self._day.heads))
        self._enter("plan.phase_improve")
        if self._watch.over() or self.best.key == self._goal:
            return
        improver = Improver(self._day, self._book, self.best.draft, self._rng)
        guide = Guide(self._day, self._book, self._proven)
        self._pool.meet(draft, improver.loss_of(draft.key()))
        self._pool.meet(self.best.draft, improver.loss)
        guided = self._is_large
        while not self._watch.over() and self.best.key != self._goal:
            if not guided and (self._watch.rounds >= ROUNDS_FIRST or self._watch.used() >= SHARE_FIRST):
                guided = True
                self._be_guided(guide, improver)
                continue
            if self._watch.rounds >= self._next_region:
                self._plan_regions(regional, improver)
                if any(self._day.coupled):
                    self._move_couple(regional, improver)
                continue
            if guided and not self._is_large and self.best.key[1:3] not in self._points_asked and self._serves_most():
                self._prove_points(guide, improver)
                continue
            if guided and not self._is_large and self._dive_is_due():
                self._dive(guide, improver, self._until(DIVE_SHARE))
            candidate = improver.round(self._watch.used())
            self._pool.meet(candidate, improver.loss_of(candidate.key()))
            self._take(candidate, improver)
            served, left_out, points = self.best.figures()
            self._watch.round_done(served=served, left_out=left_out, points=points)
            if self._combine_is_due():
                self._combine(improver)
        if not self._watch.asked and self._watch.seconds_left() is None and self.best.key != self._goal:
            self._combine(improver)
        if not self._watch.asked and guided and not self._is_large and self._watch.seconds_left() is None:
            # Where only counts end a solve, there is time to tell what the best plan of this size would cost at least.
            self._prove_points(guide, improver)

    def _first(self, regional: Regional) -> Draft:
        """Give the first plan: by regret, and on all but large days once more by regions."""
        draft = self.best.draft.copy()
        fill(draft, self._book, self._rng, stopped=self._asked)
        self.best.offer(draft)
        if self._is_large or self._watch.asked or self.best.key == self._goal:
            return draft
        found = regional.better(self.best.draft, self._pool, self._asked, timed=False, quick=True)
        if found:
            draft = self._with(self.best.draft, [column for part in found for column in part])
            fill(draft, self._book, self._rng, stopped=self._asked)
            self.best.offer(draft)
        return draft

    def _be_guided(self, guide: Guide, improver: Improver) -> None:
        """Generate routes for the whole day, make plans of them, and prove what can be proven."""
        guide.learn(self._pool.best(ROUTES_KNOWN), self._until(GUIDED_SHARE))
        stopped = self._until(DIVE_SHARE)
        for _ in range(DIVES_FIRST):
            if not self._serves_most_of_both() and not stopped():
                self._dive(guide, improver, stopped)
        guide.prove(self._pool.best(ROUTES_KNOWN), self._until(GUIDED_SHARE))

    def _plan_regions(self, regional: Regional, improver: Improver) -> None:
        """Plan parts of the day anew, and go on from what comes of it if it is no worse."""
        self._next_region = self._watch.rounds + max(1, REGION_WORK // len(self._day.entries))
        base = self.best.draft if self._rng.random() < FROM_BEST else improver.draft
        timed = self._watch.seconds_left() is not None
        found = regional.better(base, self._pool, self._until(1.0), timed=timed)
        for columns in ([one for part in found for one in part], *(found if len(found) > 1 else ())):
            draft = self._with(base, columns)
            self._pool.meet(draft, improver.loss_of(draft.key()))
            if not self._is_large:
                # On a large day that would take as long as the regions; the last pass puts in what still fits.
                fill(draft, self._book, self._rng, stopped=self._asked)
            before = self.best.key
            self._take(draft, improver)
            if improver.loss_of(draft.key()) < improver.loss:
                improver.stand_at(draft)
            if self.best.key < before:
                break

    def _move_couple(self, regional: Regional, improver: Improver) -> None:
        """Put a couple somewhere else, plan the region around it anew, and go on from that if it is better."""
        base = self.best.draft if self._rng.random() < FROM_BEST else improver.draft
        found = with_other_couple(self._day, self._book, base, self._rng)
        if found is None:
            return
        draft, team = found
        timed = self._watch.seconds_left() is not None
        columns = regional.around(draft, team, self._pool, self._until(1.0), timed=timed)
        if columns:
            draft = self._with(draft, columns)
        fill(draft, self._book, self._rng, stopped=self._asked)
        self._pool.meet(draft, improver.loss_of(draft.key()))
        self._take(draft, improver)
        if improver.loss_of(draft.key()) < improver.loss:
            improver.stand_at(draft)

    def _with(self, base: Draft, columns: list[Column]) -> Draft:
        """Give a draft with some routes replaced; a couple that has lost a seat loses both."""
        whole = base.columns.copy()
        for column in columns:
            whole[column.therapist] = column
        return united(self._day, whole, self._book)

    def _dive(self, guide: Guide, improver: Improver, stopped: Callable[[], bool]) -> None:
        """Make a plan of the generated routes, and go on from it if it is no worse than the best."""
        began = self._watch.seconds_used()
        self._dives += 1
        self._dived_rounds = self._watch.rounds
        draft = guide.plan(self._begun(), stopped)
        if draft is not None:
            fill(draft, self._book, self._rng, stopped=self._asked)
            self._pool.meet(draft, improver.loss_of(draft.key()))
            self._take(draft, improver)
            if draft.key() <= self.best.key:
                improver.stand_at(draft)
        self._diving_s += self._watch.seconds_used() - began

    def _dive_is_due(self) -> bool:
        """Tell whether another plan should be made of the generated routes: more might be served, or for less."""
        if self._dives >= DIVES or self._watch.rounds - self._dived_rounds < DIVE_EVERY:
            return False
        if self._serves_most() and self.best.key[3] * (1.0 - DIVE_GAP) <= self._goal[3]:
            return False
        return self._watch.seconds_left() is None or self._diving_s < DIVE_SHARE * self._watch.seconds_used()

    def _prove_points(self, guide: Guide, improver: Improver) -> None:
        """Prove how cheap a plan can be that serves as much as the best one; where that is all there is, aim for it."""
        self._points_asked.add(self.best.key[1:3])
        key = self.best.key
        priority, served = served_by(self._day, key)
        known = [*self._pool.best(ROUTES_KNOWN), *self.best.draft.columns]
        guide.prove_points(key, known, self._until(POINTS_SHARE))
        points = self._proven.points_with(priority, served)
        if self._serves_most() and points is not None:
            self._goal = (self._goal[0], *key[1:3], points)
        if not self._watch.over() and self.best.key != self._goal:
            self._dive(guide, improver, self._until(DIVE_SHARE))
            guide.feed(self._pool, self.best.draft, improver.loss_of((*key[:3], 0)))

    def _serves_most(self) -> bool:
        """Tell whether no plan serves more priority than the best one, nor more bookings with it."""
        priority, served = served_by(self._day, self.best.key)
        return priority == self._proven.priority_at_most and served == self._proven.served_with(priority)

    def _serves_most_of_both(self) -> bool:
        """Tell whether the best plan already serves what priority and count together allow."""
        priority, served = served_by(self._day, self.best.key)
        return served == self._proven.served_with(priority)

    def _until(self, share: float) -> Callable[[], bool]:
        """Give what tells that column generation must end: asked to, or so much of the seconds left now is used up."""
        left = self._watch.seconds_left()
        end = None if left is None else self._watch.seconds_used() + share * left

        def stopped() -> bool:
            self._watch.look()
            return self._watch.asked or (end is not None and self._watch.seconds_used() >= end)

        return stopped

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

    def _begun(self) -> list[Column]:
        """Give the best draft's routes cut down to the bookings that have begun, seats still to come included."""
        day = self._day
        cut = list(self._heads())
        for t, column in enumerate(self.best.draft.columns):
            options = tuple(one for one in column.options if day.entries[day.entry_of[day.visit(one)]].fixed)
            if len(options) > len(day.heads[t]):
                cut[t] = self._book.column(t, options) or column
        return cut

    def _heads(self) -> list[Column]:
        """Give the best draft's routes cut down to what has begun."""
        cut: list[Column] = []
        for t, column in enumerate(self.best.draft.columns):
            options = column.options[: len(self._day.heads[t])]
            cut.append(self._book.column(t, options) or self._book.bare(t, options))
        return cut
