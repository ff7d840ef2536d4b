"""Column charts over days, as figures that a template draws as SVG: pure geometry, from numbers and words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from web.translate import sentence, show_date

WIDTH, HEIGHT = 640, 232
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 26
WIDEST_BAR = 44
MOST_DATES = 9
"""So many dates fit below the days."""
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of numbers, one a day; None where nobody knows. `css` names its colour and pattern."""

    css: str
    label: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rectangle of the chart, and what is said when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    css: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of an axis with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with the table of the same figures; `gaps` are the days of which nothing is known (left edge, width)."""

    key: str
    title: str
    said: str
    series: tuple[Series, ...]
    bars: tuple[Bar, ...]
    gaps: tuple[tuple[float, float], ...]
    dates: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    mean_y: float | None
    rows: tuple[tuple[date, tuple[str, ...]], ...]

    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP

    @property
    def has_gaps(self) -> bool:
        """Tell whether the legend must say what a gap is."""
        return bool(self.gaps)


def column_chart(
    key: str,
    said: str,
    days: tuple[date, ...],
    series: tuple[Series, ...],
    show: Callable[[int], str],
    *,
    at_least: int = 1,
    unit: int = 1,
    mean: int | None = None,
) -> Chart:
    """Give a chart with a column a day, the series stacked on each other, the first one lowest.

    `show` writes a number for the table and the bars; the axis reaches at least `at_least` and is labelled in `unit`s.
    """
    totals = [sum(one.values[number] or 0 for one in series) for number in range(len(days))]
    step = _step(max([at_least, *totals]), unit)
    top = step * -(-max([at_least, *totals]) // step)
    room = (WIDTH - LEFT - RIGHT) / max(1, len(days))
    width = min(WIDEST_BAR, room * 0.78)
    scale = (HEIGHT - TOP - BOTTOM) / top
    bars, gaps = [], []
    for number, day in enumerate(days):
        x, y = LEFT + number * room + (room - width) / 2, float(HEIGHT - BOTTOM)
        if all(one.values[number] is None for one in series):
            gaps.append((round(LEFT + number * room, 1), round(room, 1)))
        for one in series:
            value = one.values[number]
            if value:
                height = value * scale
                y -= height
                words = {"day": show_date(day, "brief_weekday"), "label": one.label, "figure": show(value)}
                said_of = sentence("report.bar", words)
                bars.append(Bar(x=_r(x), y=_r(y), width=_r(width), height=_r(height), css=one.css, said=said_of))
    every = -(-len(days) // MOST_DATES)
    return Chart(
        key=key,
        title=sentence(f"report.chart.{key}"),
        said=said,
        series=series,
        bars=tuple(bars),
        gaps=tuple(gaps),
        dates=tuple(
            Tick(at=_r(LEFT + (number + 0.5) * room), label=show_date(days[number], "brief"))
            for number in range(0, len(days), every)
        ),
        levels=tuple(
            Tick(at=_r(HEIGHT - BOTTOM - level * scale), label=f"{level // unit:,}")
            for level in range(0, top + 1, step)
        ),
        mean_y=None if mean is None else _r(HEIGHT - BOTTOM - mean * scale),
        rows=tuple(
            (day, tuple("–" if one.values[number] is None else show(one.values[number] or 0) for one in series))
            for number, day in enumerate(days)
        ),
    )


def _step(most: int, unit: int) -> int:
    """Give the distance of the axis' lines: 1, 2 or 5 times a power of ten units, at most five lines."""
    size = unit
    while True:
        for step in STEPS:
            if most <= 5 * step * size:
                return step * size
        size *= 10


def _r(number: float) -> float:
    return round(number, 1)
