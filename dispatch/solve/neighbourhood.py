"""A region planned anew: column generation, a dive and an integer program over a dozen therapists and all near them.

Large neighbourhood search with an exact method inside (Shaw 1998; Prescott-Gagnon, Desaulniers and Rousseau 2009, "A
branch-and-price-based large neighborhood search"). On a small day the region is the whole day.
"""

from collections.abc import Callable, Iterable, Sequence

from dispatch.solve.columns import QUICK, SURE, generate
from dispatch.solve.day import Day, booking_points
from dispatch.solve.dive import dive
from dispatch.solve.draft import Draft
from dispatch.solve.price import Pricer, Region
from dispatch.solve.relaxation import Relaxation, RouteKey, key_of
from dispatch.solve.routes import Column, RouteBook
from dispatch.solve.whole import best_whole, value_of

ROUNDS = 40
"""The counted end of a region's column generation."""

QUICK_ROUNDS = 6
"""The counted end of it where it must be quick."""

GEARS = (QUICK, SURE)
"""What a region's column generation asks with: there is nothing to prove, so rewards are not smoothed."""

ROUTES = 2_500
"""The integer program looks at no more routes than these."""

NODES = 60
"""The counted end of a region's integer program."""

LOCKED_GAIN = 1_000
"""How many bookings a locked one weighs."""

APART_GAIN = 3
"""How often a couple's seat counts: without it, its partner's would be lost as well."""

GAP = 1e-4
"""Less than this share of a booking is not worth an integer program."""

Stopped = Callable[[], bool]


class Neighbourhood:
    """Plans regions of one day anew; not to be shared by threads."""

    def __init__(self, day: Day, book: RouteBook, pricer: Pricer) -> None:
        """Begin for a day."""
        self._day = day
        self._book = book
        self._pricer = pricer

    def planned(
        self,
        draft: Draft,
        region: Region,
        known: Iterable[Column],
        stopped: Stopped,
        *,
        seconds: float | None = None,
        quick: bool = False,
    ) -> list[Column] | None:
        """Give the region's therapists better routes than they have in a draft, None where none were found.

        `known` are routes that may be of use. Bookings that two of the routes hold are taken out of one. If `quick`,
        the labelling is only asked for good routes, and a dive is all that is made of them.
        """
        day = self._day
        pricer = self._pricer.within(region)
        relaxation = Relaxation(day, self._gains(region), unit=booking_points(day), weight=1, region=region)
        current = [key_of(self._day, draft.columns[t]) for t in region.team]
        relaxation.add((key, draft.columns[key[0]].points) for key in current)
        inside = set(region.visits)
        relaxation.add(
            (key, column.points)
            for column in known
            if inside.issuperset((key := key_of(self._day, column))[1]) and self._starts_suit(column, region)
        )

        def priced(key: RouteKey, _points: int) -> int | None:
            column = self._column(draft, region, key)
            return None if column is None else column.points

        have = value_of(relaxation, current)
        gears, rounds = (GEARS[:1], QUICK_ROUNDS) if quick else (GEARS, ROUNDS)
        generate(relaxation, pricer, rounds=rounds, stopped=stopped, priced=priced, gears=gears)
        if stopped() or relaxation.value <= have + GAP:
            return None
        dived = dive(relaxation, pricer, stopped=stopped, priced=priced)
        best = current
        if dived and value_of(relaxation, dived) > have:
            best = dived
        if not quick and not stopped() and relaxation.solve() and relaxation.value > value_of(relaxation, best) + GAP:
            found = best_whole(relaxation, best, most=ROUTES, nodes=NODES, seconds=seconds, look=stopped)
            best = found or best
        if best is current:
            return None
        return self._apart(draft, region, best)

    def _gains(self, region: Region) -> list[int]:
        """Give what serving each booking of the region gains, in points."""
        day = self._day
        gains = [0] * len(day.entries)
        for visit in region.visits:
            locked, priority, counted = day.entries[day.entry_of[visit]].gains
            gain = LOCKED_GAIN * locked + priority + counted
            gains[day.entry_of[visit]] = booking_points(day) * gain * (APART_GAIN if day.coupled[visit] else 1)
        return gains

    def _starts_suit(self, column: Column, region: Region) -> bool:
        """Tell whether a route has its coupled visits at the region's starts."""
        day = self._day
        return all(
            region.starts.get(day.visit(option)) == day.start_s(option)
            for option in column.options[len(day.heads[column.therapist]) :]
            if day.coupled[day.visit(option)]
        )

    def _column(self, draft: Draft, region: Region, key: RouteKey) -> Column | None:
        """Give a route as the planner knows it; None where the rules do not allow it."""
        t, visits = key
        begun = draft.columns[t].options[: len(self._day.heads[t])]
        options = tuple(self._day.option(v, region.starts.get(v, 0)) for v in visits)
        return self._book.column(t, (*begun, *options))

    def _apart(self, draft: Draft, region: Region, keys: Sequence[RouteKey]) -> list[Column] | None:
        """Give the team's routes, each booking in one of them: out of which of two it is taken is told by the points."""
        chosen: dict[int, tuple[int, ...]] = {**dict.fromkeys(region.team, ()), **dict(keys)}
        columns: dict[int, Column] = {}
        for t, visits in chosen.items():
            column = self._column(draft, region, (t, visits))
            if column is None:
                return None
            columns[t] = column
        holders: dict[int, list[int]] = {}
        for t, visits in chosen.items():
            for visit in visits:
                holders.setdefault(visit, []).append(t)
        for visit, team in holders.items():
            for t in self._costly(columns, visit, team)[:-1]:
                shorter = self._book.without(columns[t], {self._day.option(visit, region.starts.get(visit, 0))})
                if shorter is None:
                    return None
                columns[t] = shorter
        return list(columns.values())

    def _costly(self, columns: dict[int, Column], visit: int, team: list[int]) -> list[int]:
        """Give those who hold a visit, first the one who saves most without it."""
        if len(team) == 1:
            return team
        saved = {}
        for t in team:
            rest = self._book.without(columns[t], {o for o in columns[t].options if self._day.visit(o) == visit})
            saved[t] = columns[t].points - rest.points if rest is not None else -1
        return sorted(team, key=lambda t: (-saved[t], t))
