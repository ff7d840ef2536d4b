"""The table of `benchmarks.run`: written, read again, and summed up by the ranking."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers import PEERS
from benchmarks.report import NOTHING, cells_of, percent_of, table

Key = tuple[int, int, int]
"""Priority lost, bookings left out, travel seconds: smaller is better, in this order."""

OURS = "Laluan"
FULL = 80
"""Days of so many bookings and more are summed up."""

PROVEN_COUNT = ("best", "count")
_FIRST = ("day", "bookings", "s a solve", "seeds")
_LAST = ("not worse", "proven by ours", "our peak MiB")
_CELL = re.compile(r"(\d+) / (\d+) / (\d+) \((\d+\.\d+) s\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one solver reached on a day in the median, and the median of its wall time."""

    key: Key
    wall_s: float

    def __str__(self) -> str:
        """Give the cell as the table shows it."""
        lost, left_out, travel_s = self.key
        return f"{lost} / {left_out} / {travel_s} ({self.wall_s:.1f} s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day: what was given to the solvers, what each reached, and what ours proved in the run that is its median."""

    day: str
    bookings: int
    budget_s: float
    seeds: int
    cells: Mapping[str, Cell]
    proven: str
    peak_mib: int | None = None

    def best_peer(self) -> Key | None:
        """Give the best that a peer reached; None where none was measured."""
        return min((cell.key for name, cell in self.cells.items() if name != OURS), default=None)

    def is_not_worse(self) -> bool | None:
        """Tell whether ours is at least as good as every peer by the ranking; None where none was measured."""
        best = self.best_peer()
        return None if best is None else self.cells[OURS].key <= best

    def proves_count(self) -> bool:
        """Tell whether no plan loses less priority, nor leaves out fewer bookings at this priority."""
        return self.proven in PROVEN_COUNT


def lines_of(rows: Sequence[Row]) -> list[str]:
    """Give the table and below it the summary."""
    solvers = [name for name in (*PEERS, OURS) if any(name in row.cells for row in rows)]
    told = {True: "yes", False: "**no**", None: NOTHING}
    body = [
        [
            row.day,
            str(row.bookings),
            f"{row.budget_s:g}",
            str(row.seeds),
            *(str(row.cells.get(name, NOTHING)) for name in solvers),
            told[row.is_not_worse()],
            row.proven,
            NOTHING if row.peak_mib is None else str(row.peak_mib),
        ]
        for row in rows
    ]
    return [*table([*_FIRST, *solvers, *_LAST], body), "", *summary_of(rows)]


def rows_of(lines: Sequence[str]) -> list[Row]:
    """Read the rows of a table that `lines_of` gave; `ValueError` where a table stands there that is none."""
    found = [cells_of(line) for line in lines if line.startswith("|")]
    if not found:
        return []
    heads, *body = found
    if tuple(heads[: len(_FIRST)]) != _FIRST or tuple(heads[-len(_LAST) :]) != _LAST:
        raise ValueError("The table that stands there is not one of this form: run without --append.")
    return [_row(dict(zip(heads, cells, strict=True))) for cells in body[1:]]


def _row(told: Mapping[str, str]) -> Row:
    day, bookings, budget, seeds = (told[head] for head in _FIRST)
    _, proven, peak = (told[head] for head in _LAST)
    cells = {}
    for name in (*PEERS, OURS):
        if match := _CELL.fullmatch(told.get(name, "")):
            lost, left_out, travel_s = (int(figure) for figure in match.groups()[:3])
            cells[name] = Cell(key=(lost, left_out, travel_s), wall_s=float(match[4]))
    return Row(
        day=day,
        bookings=int(bookings),
        budget_s=float(budget),
        seeds=int(seeds),
        cells=cells,
        proven=proven,
        peak_mib=None if peak == NOTHING else int(peak),
    )


def summary_of(rows: Sequence[Row]) -> list[str]:
    """Give the sentences below the table, as a list."""
    compared = [row for row in rows if row.is_not_worse() is not None]
    worse = [row.day for row in compared if not row.is_not_worse()]
    proven = [row.day for row in rows if row.proves_count()]
    lines = []
    if compared:
        told = f"; worse on {'; '.join(worse)}" if worse else ""
        lines += [f"* Not worse than the best peer on {len(compared) - len(worse)} of {len(compared)} days{told}."]
    known = {name for row in rows for name in row.cells}
    partly = [row.day for row in rows if known - set(row.cells)]
    if partly:
        lines.append(f"* Not every peer was measured on: {'; '.join(partly)}.")
    full = [row for row in compared if row.bookings >= FULL]
    if full:
        left_out = sum(row.cells[OURS].key[1] for row in full)
        theirs = sum(best[1] for row in full if (best := row.best_peer()))
        lines.append(
            f"* Left out on the {len(full)} days of {FULL} bookings and more: {left_out} by ours, {theirs} by the best "
            f"peer of each day: {percent_of(theirs - left_out, theirs):.1f} % fewer."
        )
        open_days = [row for row in full if not row.proves_count()]
        ours = sum(row.cells[OURS].key[1] for row in open_days)
        theirs = sum(best[1] for row in open_days if (best := row.best_peer()))
        if 0 < len(open_days) < len(full):
            lines.append(
                f"* Of these the {len(open_days)} days whose count is not proven: {ours} by ours, {theirs} by the best "
                f"peer: {percent_of(theirs - ours, theirs):.1f} % fewer."
            )
    lines += [f"* Count proven (no plan loses less priority or leaves out fewer): {'; '.join(proven) or 'on no day'}."]
    return lines
