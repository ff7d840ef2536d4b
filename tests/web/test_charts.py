"""A chart's geometry tells the truth: heights are the numbers, nothing lies outside, the table has the same figures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.explain.report_demand import Demand
from web.reports.charts import HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart, Series, column_chart
from web.reports.heat import MOST_AREAS, SHADES, area_map, weekday_map

DAY = date(2026, 11, 2)
NUMBERS = st.one_of(st.none(), st.integers(0, 5_000_000))


def chart_of(*rows: list[int | None], unit: int = 1) -> Chart:
    """Draw rows of numbers, one a series, from a Monday on."""
    days = tuple(DAY + timedelta(days=number) for number in range(len(rows[0])))
    series = tuple(Series(css=f"s-{n}", label=f"Row {n}", values=tuple(row)) for n, row in enumerate(rows))
    return column_chart("bookings", "said", days, series, str, unit=unit)


@given(
    st.integers(1, 40).flatmap(
        lambda days: st.lists(st.lists(NUMBERS, min_size=days, max_size=days), min_size=1, max_size=4)
    )
)
def test_heights_are_the_numbers(rows: list[list[int | None]]) -> None:
    """Whatever the numbers, bars keep inside the axes, stand on each other, and are as high as the axis says."""
    chart = chart_of(*rows)
    assert len(chart.bars) == sum(bool(number) for row in rows for number in row)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH - RIGHT + 0.11 for bar in chart.bars)
    assert all(bar.y >= TOP - 0.11 and bar.y + bar.height <= chart.bottom + 0.3 for bar in chart.bars)
    tallest = max(sum(row[day] or 0 for row in rows) for day in range(len(rows[0])))
    assert int(chart.levels[-1].label.replace(",", "")) >= tallest
    assert len(chart.levels) <= 6
    assert chart.levels[0].at == chart.bottom
    assert len(chart.gaps) == sum(all(row[day] is None for row in rows) for day in range(len(rows[0])))


def test_a_small_chart_by_hand() -> None:
    """A day of 30 and 10 reaches to 40 on an axis of 40, and the day nobody knows is a gap with a dash in the table."""
    chart = chart_of([30, None, 0], [10, None, 20])
    first, second = (bar for bar in chart.bars if bar.x < 300)
    assert [level.label for level in chart.levels] == ["0", "10", "20", "30", "40"]
    assert second.y == chart.top
    assert first.y == pytest.approx(second.y + second.height, abs=0.11)
    assert first.height == pytest.approx(3 * second.height, abs=0.2)
    assert [cells for _, cells in chart.rows] == [("30", "10"), ("–", "–"), ("0", "20")]
    assert chart.bars[0].said == "Mon 2 Nov: Row 0 30"
    assert len(chart.gaps) == 1


def test_long_spans_keep_their_dates_apart() -> None:
    """120 days have few dates below them, in order and inside the picture."""
    chart = chart_of([1] * 120)
    assert 2 <= len(chart.dates) <= 9
    assert chart.dates[0].label == "2 Nov"
    assert [tick.at for tick in chart.dates] == sorted(tick.at for tick in chart.dates)
    assert chart.height == HEIGHT


def demand(areas: int) -> Demand:
    """Give a demand of two hours with so many areas, the first one the busiest."""
    by_area = tuple((f"Area {number}", (areas - number, 0)) for number in range(areas))
    total = sum(counts[0] for _, counts in by_area)
    by_weekday = ((total, 0), *[(0, 0)] * 6)
    return Demand(hours=(10, 25), weekdays=(1,) * 7, by_weekday=by_weekday, by_area=by_area)


def test_shades_grow_with_the_figures() -> None:
    """Nought has no shade, one has the lightest at least, and the most the darkest."""
    shown = weekday_map(demand(3))
    assert shown.hours == ("10", "01")
    assert shown.rows[0].cells == ((6, SHADES), (0, 0))
    shades = [row.cells[0][1] for row in area_map(demand(12)).rows]
    assert shades == sorted(shades, reverse=True)
    assert (shades[0], shades[-1]) == (SHADES, 1)


def test_many_areas_are_put_together() -> None:
    """Beyond fifteen, areas share a last row without a name, and the total stays what it was."""
    shown = area_map(demand(20))
    assert len(shown.rows) == MOST_AREAS + 1
    assert (shown.rows[-1].name, shown.more, shown.rows[-1].cells[0]) == ("", 5, (5 + 4 + 3 + 2 + 1, 0))
    assert sum(row.total for row in shown.rows) == shown.total == 210
