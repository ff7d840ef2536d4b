"""Pricing: for given rewards, each therapist's best routes, over more routes than the referee accepts, never fewer.

The labelling itself is `rules.pricing`; what it is told about a therapist's day is in `reach`. What is left aside, so
that no route of an accepted plan is missed: a couple's seats start apart, each as early as it may (on the grid, unless
a lock or something begun may take the couple off it); linked bookings are not linked; consecutive hours are not
limited; breaks are not asked of therapists whose day has begun, nor where a waiver lets them be late or missing.

Therapists are priced side by side, as many as there are threads; each one's answer depends on nothing but the rewards.
"""

import queue
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dispatch.rules.pricing import AT, LABEL_COLUMNS, PARENT, grow_routes
from dispatch.rules.step import END, GRID, LOCATION, LOCKED, MODE, START
from dispatch.solve.day import Day
from dispatch.solve.program import POLL_S
from dispatch.solve.reach import Her, Ints, Reach, ways_round_are_later

LABELS = 150_000
"""Labels of one therapist at once; where more are needed, a pricing proves nothing, but its routes may be used."""


@dataclass(frozen=True, slots=True)
class Priced:
    """One therapist's best routes: what the best is worth (nought where staying idle is), and routes worth more than
    asked, best first, each as (worth, visits in order). `whole` is False where there was no room for all labels.
    """

    worth: int
    routes: tuple[tuple[int, tuple[int, ...]], ...]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What routes are asked for: the rewards by visit, the weight of points, how many routes of a therapist at most,
    and whether surely the best ones; if not, it is quick and proves nothing.
    """

    rewards: Ints
    weight: int
    most: int
    exact: bool


@dataclass(slots=True)
class Room:
    """Where one thread's labels are kept."""

    labels: Ints = field(default_factory=lambda: np.empty((LABELS, LABEL_COLUMNS), np.int64))
    values: Ints = field(default_factory=lambda: np.empty(LABELS, np.int64))
    sets: dict[int, npt.NDArray[np.uint64]] = field(default_factory=dict)


class Workshop:
    """The threads of one solve and their rooms; shared by all its pricers."""

    def __init__(self, threads: int) -> None:
        """Begin with no thread started."""
        self.threads = threads
        self._rooms: queue.SimpleQueue[Room] = queue.SimpleQueue()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pricing")

    def take(self) -> Room:
        """Give a room that nobody works in."""
        try:
            return self._rooms.get_nowait()
        except queue.Empty:
            return Room()

    def leave(self, room: Room) -> None:
        """Give a room back."""
        self._rooms.put(room)

    def side_by_side(self, work: Callable[[int], None], count: int, *, look: Callable[[], object]) -> None:
        """Do `work` for each number below `count`, several at once; whoever waits for the others keeps looking."""
        numbers = iter(range(count))

        def worker() -> None:
            for number in numbers:
                work(number)

        if self.threads == 1 or count < 2:
            worker()
            return
        others = [self._pool.submit(worker) for _ in range(min(self.threads, count) - 1)]
        worker()
        while wait(others, timeout=POLL_S).not_done:
            look()
        for other in others:
            other.result()

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A part of a day: some therapists, some visits, and the starts that coupled ones among them must have."""

    team: tuple[int, ...]
    visits: tuple[int, ...]
    starts: dict[int, int]


class Pricer:
    """Prices the therapists of one day, or of a part of it."""

    def __init__(self, day: Day, *, shop: Workshop | None = None, reach: Reach | None = None) -> None:
        """Begin for a whole day."""
        self.shop = shop or Workshop(1)
        self.team: tuple[int, ...] = tuple(range(len(day.heads)))
        self._day = day
        self._reach = reach or Reach(day)
        self._tables = self._reach.tables
        self._visits: Sequence[int] = range(len(day.entry_of))
        self._own: Collection[int] = ()
        self._her: dict[int, Her] = {}
        self._kept = False

    def by(self, shop: Workshop) -> "Pricer":
        """Give a pricer of the same day that works in another workshop."""
        return Pricer(self._day, shop=shop, reach=self._reach)

    def within(self, region: Region) -> "Pricer":
        """Give a pricer for a part of the day; it keeps the rules about breaks and hours, and proves nothing."""
        part = Pricer(self._day, shop=self.shop, reach=self._reach)
        part._kept = True
        part.team = region.team
        part._visits = region.visits
        part._own = region.starts
        if region.starts:
            visits = self._tables.visits.copy()
            for v, start_s in region.starts.items():
                visits[v, LOCKED], visits[v, GRID] = start_s, 0
            part._tables = self._tables._replace(visits=visits)
        return part

    @cached_property
    def _direct(self) -> tuple[bool, ...]:
        if all(self._reach_is_known()):
            return self._reach.direct
        therapists = self._tables.therapists
        places = {int(place) for place in self._tables.visits[list(self._visits), LOCATION]}
        places |= {int(therapists[t, column]) for t in self.team for column in (START, END)} - {-1}
        places |= {int(self._reach.begin(t)[0]) for t in self.team}
        return tuple(
            ways_round_are_later(self._tables, mode, self._visits, sorted(places))
            for mode in range(len(self._tables.legs))
        )

    def _reach_is_known(self) -> tuple[bool, ...]:
        """Tell by travel mode whether the whole day's ways are known to be direct, or are to be looked up for it."""
        if len(self.team) == len(self._day.heads) and len(self._visits) == len(self._day.entry_of):
            return (True,)
        return self._reach.direct if "direct" in self._reach.__dict__ else (False,)

    def keeping(self) -> "Pricer":
        """Give a pricer of the whole day that keeps the rules about breaks and hours, and proves nothing."""
        visits = tuple(range(len(self._day.entry_of)))
        return self.within(Region(team=self.team, visits=visits, starts={}))

    def prepare(self) -> None:
        """Compile the labelling, or load it from the cache, so that no time budget pays for it."""
        nothing = Ask(rewards=np.zeros(len(self._day.entry_of), np.int64), weight=0, most=1, exact=False)
        for t in self.team:
            mine = np.flatnonzero(self._day.compiled.allowed[t])[:2]
            part = self.within(Region(team=(t,), visits=tuple(mine.tolist()), starts={}))
            if len(part.day_of_therapist(t).visits):
                part.price(t, nothing, above=0)
                return

    def price_team(
        self, ask: Ask, above: Sequence[int], *, stopped: Callable[[], bool], but: Collection[int] = ()
    ) -> list[Priced] | None:
        """Give the team's best routes in its order, of each those worth more than `above` says; None where stopped.

        Therapists whom `but` names are given nothing.
        """
        answers: list[Priced | None] = [None] * len(self.team)
        assert self._direct is not None, "found once, before several threads ask for it"

        def work(number: int) -> None:
            t = self.team[number]
            if t in but:
                answers[number] = Priced(0, (), True)
            elif not stopped():
                answers[number] = self.price(t, ask, above=above[number])

        self.shop.side_by_side(work, len(self.team), look=stopped)
        found = [answer for answer in answers if answer is not None]
        return found if len(found) == len(answers) else None

    def price(self, t: int, ask: Ask, *, above: int) -> Priced:
        """Give a therapist's best routes that are worth more than `above`."""
        her = self.day_of_therapist(t)
        if not len(her.visits):
            return Priced(0, (), True)
        room = self.shop.take()
        if her.words not in room.sets:
            room.sets[her.words] = np.empty((LABELS, her.words), np.uint64)
        mine = ask.rewards[her.visits]
        if not ask.exact or (her.direct and ask.weight == 0):
            # Where no way round is earlier, a visit that nobody pays for is only in the way; else it mostly is.
            mine = np.where(mine > 0, mine, -1)
        count, whole = grow_routes(
            self._tables,
            t,
            her.visits,
            her.elements,
            her.alone,
            her.latest,
            her.ever,
            mine,
            her.begin,
            ask.weight,
            ask.exact,
            room.labels,
            room.sets[her.words],
            room.values,
        )
        values = room.values[:count]
        good = np.flatnonzero(values > above)
        good = good[np.argsort(-values[good], kind="stable")]
        picked = _spread(room.labels, good, ask.most)
        routes = tuple((int(values[k]), _visits(room.labels, her, k)) for k in picked)
        answer = Priced(max(0, int(values.max(initial=0))), routes, bool(whole) and ask.exact)
        self.shop.leave(room)
        return answer

    def day_of_therapist(self, t: int) -> Her:
        """Give what the labelling is told about a therapist's day."""
        if t not in self._her:
            direct = self._direct[int(self._tables.therapists[t, MODE])]
            self._her[t] = self._reach.her(t, self._visits, self._own, self._tables, direct=direct, kept=self._kept)
        return self._her[t]


def _spread(labels: Ints, good: Ints, most: int) -> list[int]:
    """Pick the best labels, with no more than a few that end at the same visit."""
    picked: list[int] = []
    ends: dict[int, int] = {}
    share = max(1, most // 8)
    for k in good[: 40 * most].tolist():
        end = int(labels[k, AT])
        if ends.get(end, 0) < share:
            ends[end] = ends.get(end, 0) + 1
            picked.append(k)
            if len(picked) == most:
                break
    return picked


def _visits(labels: Ints, her: Her, k: int) -> tuple[int, ...]:
    """Give the visits of a label in order; a break is a label at the same visit as the one before."""
    visits: list[int] = []
    while k > 0:
        before = int(labels[k, PARENT])
        if labels[k, AT] != labels[before, AT]:
            visits.append(int(her.visits[labels[k, AT]]))
        k = before
    return tuple(reversed(visits))
