"""Regions of a day planned anew, several that have nothing in common at once."""

import random
from collections.abc import Callable

from dispatch.solve.day import Day
from dispatch.solve.draft import Draft
from dispatch.solve.neighbourhood import Neighbourhood
from dispatch.solve.pool import Pool
from dispatch.solve.price import Pricer, Region, Workshop
from dispatch.solve.region import Regions
from dispatch.solve.routes import Column, RouteBook

SIZES = (6, 14)
"""A region has about so many therapists, from and to: small ones are quick, large ones see more."""

QUICK_SIZES = (10, 12)
"""The same where it must be quick."""

THERAPISTS_A_REGION = 14
"""There are as many regions at once as there are so many therapists, ..."""

MOST_AT_ONCE = 8
"""... but no more than these."""

PROGRAM_SECONDS = 0.4
"""Where seconds count, a region's integer program takes no more than these."""


class Regional:
    """Plans regions of one day anew."""

    def __init__(self, day: Day, book: RouteBook, pricer: Pricer, rng: random.Random) -> None:
        """Begin for a day; `pricer` is the whole day's."""
        self._day = day
        self._rng = rng
        self._shop = pricer.shop
        self._regions = Regions(day)
        # One region alone is priced by all threads; of several at once each has one thread, and its own memory.
        self._alone = Neighbourhood(day, book, pricer)
        self._several = [
            Neighbourhood(day, RouteBook(day), pricer.by(Workshop(1)))
            for _ in range(min(MOST_AT_ONCE, len(day.heads) // THERAPISTS_A_REGION))
        ]

    def better(
        self, draft: Draft, pool: Pool, stopped: Callable[[], bool], *, timed: bool, quick: bool = False
    ) -> list[list[Column]]:
        """Give for each region that could be planned better the new routes of its therapists."""
        regions = self._chosen(draft, QUICK_SIZES if quick else SIZES)
        answers: list[list[Column] | None] = [None] * len(regions)
        workers = self._several if len(regions) > 1 else [self._alone]

        def work(number: int) -> None:
            region = regions[number]
            answers[number] = workers[number].planned(
                draft,
                region,
                pool.of(region.team),
                stopped,
                seconds=PROGRAM_SECONDS if timed else None,
                quick=quick,
            )

        self._shop.side_by_side(work, len(regions), look=stopped)
        return [answer for answer in answers if answer is not None]

    def around(
        self, draft: Draft, team: tuple[int, ...], pool: Pool, stopped: Callable[[], bool], *, timed: bool
    ) -> list[Column] | None:
        """Give the new routes of a region that lies around some therapists; None where nothing is better."""
        region = self._regions.choose(draft, self._rng, size=self._rng.randint(*SIZES), around=team)
        if region is None:
            return None
        seconds = PROGRAM_SECONDS if timed else None
        return self._alone.planned(draft, region, pool.of(region.team), stopped, seconds=seconds)

    def _chosen(self, draft: Draft, sizes: tuple[int, int]) -> list[Region]:
        """Choose regions that have nothing in common, one at least where anybody can be planned anew."""
        regions: list[Region] = []
        while len(regions) < max(1, len(self._several)):
            taken = frozenset(t for region in regions for t in region.team)
            if regions and len(self._day.heads) - len(taken) < SIZES[0]:
                break
            visits = frozenset(visit for region in regions for visit in region.visits)
            region = self._regions.choose(draft, self._rng, size=self._rng.randint(*sizes), team=taken, visits=visits)
            if region is None:
                break
            regions.append(region)
        return regions
