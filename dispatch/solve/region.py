"""Which part of a day to plan anew at once: therapists who work near each other, and what is left out near them.

It begins at a booking that is left out, or at any (Shaw 1998, related removal); its neighbours in place and time name
the therapists. Coupled bookings keep their starts, so that each of their seats may change hands by itself.
"""

import random
from collections.abc import Sequence

from dispatch.solve.day import Day
from dispatch.solve.draft import Draft, is_free
from dispatch.solve.price import Region
from dispatch.solve.ruin import neighbours_of

FROM_LEFT_OUT = 0.7
"""So often a region begins at a booking that is left out."""

TAKEN = 0.8
"""So likely a therapist who is met is taken."""

LEFT_OUT = 4
"""At most so many bookings that are left out are looked at for each therapist."""


class Regions:
    """Chooses regions of one day; every choice comes from the generator handed in."""

    def __init__(self, day: Day) -> None:
        """Begin for a day."""
        self._day = day
        self._near = neighbours_of(day)

    def choose(
        self,
        draft: Draft,
        rng: random.Random,
        *,
        size: int,
        team: frozenset[int] = frozenset(),
        visits: frozenset[int] = frozenset(),
        around: Sequence[int] = (),
    ) -> Region | None:
        """Give a region of about so many therapists, none of the `team` and `visits` in it that others have already;
        None where nobody can be planned anew. Those whom it is to lie `around` are in it.
        """
        day = self._day
        free = [t for t in range(len(day.heads)) if t not in team and is_free(day, draft.columns[t])]
        if not free:
            return None
        chosen = free if size >= len(free) else self._team(draft, rng, free, size)
        chosen = [*dict.fromkeys([*(t for t in around if t in free), *chosen])][: max(size, len(around))]
        return self._around(draft, rng, sorted(chosen), visits)

    def _team(self, draft: Draft, rng: random.Random, free: list[int], size: int) -> list[int]:
        """Give therapists around a seed: those who could serve it, and those who work near it."""
        day = self._day
        out = sorted(draft.out)
        seed = rng.choice(out) if out and rng.random() < FROM_LEFT_OUT else rng.randrange(len(day.entries))
        may = set(free)
        able = may.intersection(*(day.able[v] for v in day.entries[seed].visits[:1]))
        team: list[int] = []
        for wanted, among in ((size // 2, able), (size, may)):
            for number in (seed, *self._near[seed]):
                if len(team) >= wanted:
                    break
                for visit in day.entries[number].visits:
                    t = draft.holder[visit]
                    if t in among and t not in team and rng.random() < TAKEN:
                        team.append(t)
        idle = [t for t in free if t not in team and not draft.columns[t].options]
        return (team + idle[: max(1, size // 4)])[: size + 1] or [rng.choice(free)]

    def _around(self, draft: Draft, rng: random.Random, team: list[int], but: frozenset[int]) -> Region:
        """Give the region of a team: what they serve, and what is left out that they could."""
        day = self._day
        starts: dict[int, int] = {}
        visits: list[int] = []
        for t in team:
            for option in draft.columns[t].options[len(day.heads[t]) :]:
                visit = day.visit(option)
                visits.append(visit)
                if day.coupled[visit]:
                    starts[visit] = day.start_s(option)
        members = set(team)
        left_out = [
            number
            for number in sorted(draft.out)
            if not day.entries[number].coupled
            and day.entries[number].visits[0] not in but
            and members.intersection(day.able[day.entries[number].visits[0]])
        ]
        most = LEFT_OUT * len(team)
        if len(left_out) > most:
            left_out = self._nearest(rng, left_out, visits, most)
        visits += [day.entries[number].visits[0] for number in left_out]
        return Region(team=tuple(team), visits=tuple(sorted(visits)), starts=starts)

    def _nearest(self, rng: random.Random, left_out: list[int], visits: list[int], most: int) -> list[int]:
        """Give those left out that are near something the region serves; who is worth more comes first."""
        day = self._day
        inside = {day.entry_of[v] for v in visits}
        rank: dict[int, float] = {}
        for number in left_out:
            near = next((place for place, other in enumerate(self._near[number]) if other in inside), len(inside))
            rank[number] = near * rng.uniform(0.5, 1.5) - 1_000 * day.entries[number].gains[1]
        return sorted(sorted(left_out, key=lambda number: (rank[number], number))[:most])
