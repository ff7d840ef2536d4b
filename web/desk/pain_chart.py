"""Pain over a client's visits as a small chart: where its points lie, and what it says in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.work.health import FeltVisit
from web.translate import sentence, show_date

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 28, 412, 14, 152
WORST = 10
MOST_LABELS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class PainPoint:
    """One visit of the chart; `label` is empty where the axis has no room for its date."""

    day: date
    pain: int
    x: int
    y: int
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PainChart:
    """The chart's points from the oldest visit on, the line through them, the levels of its axis, and its words."""

    points: tuple[PainPoint, ...]
    line: str
    levels: tuple[tuple[int, int], ...]
    said: str


def pain_chart(visits: Sequence[FeltVisit]) -> PainChart | None:
    """Give the chart of the visits at which somebody noted how the client felt; None where nobody ever did.

    Visits lie as far apart as their days do.
    """
    felt = [(one.booking.day, one.feeling.pain) for one in visits if one.feeling]
    if not felt:
        return None
    first, last = felt[0][0], felt[-1][0]
    span = max((last - first).days, 1)
    every = -(-len(felt) // MOST_LABELS)
    points = tuple(
        PainPoint(
            day=day,
            pain=pain,
            x=LEFT + 24 + (RIGHT - LEFT - 48) * (day - first).days // span if last > first else (LEFT + RIGHT) // 2,
            y=_height(pain),
            label=show_date(day, "brief") if number % every == 0 else "",
        )
        for number, (day, pain) in enumerate(felt)
    )
    return PainChart(
        points=points,
        line=" ".join(f"{one.x},{one.y}" for one in points),
        levels=tuple((_height(level), level) for level in (0, 5, 10)),
        said=_said(felt),
    )


def _height(pain: int) -> int:
    return BOTTOM - (BOTTOM - TOP) * pain // WORST


def _said(felt: Sequence[tuple[date, int]]) -> str:
    (first_day, first), (last_day, last) = felt[0], felt[-1]
    if len(felt) == 1:
        return sentence("health.chart_once", {"pain": first, "day": show_date(first_day, "short")})
    lowest, highest = min(pain for _, pain in felt), max(pain for _, pain in felt)
    return sentence(
        "health.chart",
        {
            "count": len(felt),
            "first": first,
            "first_day": show_date(first_day, "short"),
            "last": last,
            "last_day": show_date(last_day, "short"),
            "lowest": lowest,
            "highest": highest,
        },
    )
