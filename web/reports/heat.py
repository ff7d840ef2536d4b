"""Heat maps of demand: a row of hours for each weekday or area, each cell with its figure and its shade."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.explain.report_demand import Demand
from web.translate import sentence

SHADES = 6
"""The darkest shade; nought has none."""
MOST_AREAS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """A row: its name, a figure and a shade (0 to 6) for each hour, and all together."""

    name: str
    cells: tuple[tuple[int, int], ...]
    total: int
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """A heat map with its hours as clocks; `more` counts the areas put together in the last row."""

    hours: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    total: int
    more: int = 0


def weekday_map(demand: Demand) -> HeatMap:
    """Give the demand by weekday and hour."""
    most = max((count for row in demand.by_weekday for count in row), default=0)
    rows = tuple(
        _row(sentence(f"report.weekday.{number}"), counts, most, days)
        for number, (counts, days) in enumerate(zip(demand.by_weekday, demand.weekdays, strict=True))
    )
    return HeatMap(hours=_clocks(demand), rows=rows, total=sum(demand.by_hour))


def area_map(demand: Demand) -> HeatMap:
    """Give the demand by area and hour: the busiest areas, all others together in a last row without name and shade."""
    shown, others = demand.by_area[:MOST_AREAS], demand.by_area[MOST_AREAS:]
    most = max((count for _, counts in shown for count in counts), default=0)
    rows = [_row(area or "–", counts, most) for area, counts in shown]
    if others:
        sums = [sum(column) for column in zip(*(counts for _, counts in others), strict=True)]
        rows.append(_row("", sums, 0))
    return HeatMap(hours=_clocks(demand), rows=tuple(rows), total=sum(demand.by_hour), more=len(others))


def _row(name: str, counts: Sequence[int], most: int, days: int = 0) -> HeatRow:
    shades = (min(SHADES, -(-SHADES * count // most)) if most else 0 for count in counts)
    return HeatRow(name=name, cells=tuple(zip(counts, shades, strict=True)), total=sum(counts), days=days)


def _clocks(demand: Demand) -> tuple[str, ...]:
    return tuple(f"{hour % 24:02d}" for hour in demand.hours)
