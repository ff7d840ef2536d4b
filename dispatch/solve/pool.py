"""All routes met in a solve, the most promising ones kept: what the integer program of `master` chooses from."""

from collections.abc import Iterable

from dispatch.solve.draft import Draft
from dispatch.solve.routes import Column

KEPT = 40_000
"""When more routes than this are known, the half from the worst drafts is forgotten."""


REMEMBERED = 150
"""So many of the routes met last are remembered of each therapist."""


class Pool:
    """Routes by therapist and options, each with the loss of the best draft it was part of."""

    def __init__(self) -> None:
        """Begin empty; `met` counts every route that was new once."""
        self.met = 0
        self._met: dict[tuple[int, tuple[int, ...]], tuple[float, int, Column]] = {}
        self._last: dict[int, dict[tuple[int, ...], Column]] = {}

    def __len__(self) -> int:
        """Give how many routes are kept."""
        return len(self._met)

    def meet(self, draft: Draft, loss: float) -> None:
        """Keep a draft's routes."""
        for column in draft.columns:
            self.add(column, loss)

    def add(self, column: Column, loss: float) -> None:
        """Keep a route of which plans with so little loss are known, or cannot be ruled out."""
        met = self._met
        key = (column.therapist, column.options)
        known = met.get(key)
        if known is None:
            self.met += 1
            met[key] = (loss, self.met, column)
            last = self._last.setdefault(column.therapist, {})
            last[column.options] = column
            if len(last) > REMEMBERED:
                del last[next(iter(last))]
        elif loss < known[0]:
            met[key] = (loss, known[1], column)
        if len(met) > KEPT:
            best = sorted(met.values(), key=lambda entry: entry[:2])[: KEPT // 2]
            self._met = {(entry[2].therapist, entry[2].options): entry for entry in best}

    def best(self, limit: int) -> list[Column]:
        """Give the routes of the best drafts, at most so many."""
        return [column for _, _, column in sorted(self._met.values(), key=lambda entry: entry[:2])[:limit]]

    def of(self, team: Iterable[int]) -> list[Column]:
        """Give the routes of some therapists that were met last."""
        return [column for t in team for column in self._last.get(t, {}).values()]
