"""The charts by day of a report: bookings, use of the shifts, punctuality, value."""

from collections.abc import Callable

from dispatch.explain.report import Report
from dispatch.explain.report_day import DayRecord
from dispatch.words import money
from web.reports.charts import Chart, Series, column_chart
from web.translate import sentence

RINGGIT = 100


def day_charts(report: Report) -> tuple[Chart, ...]:
    """Give the charts in the order of the page; days without a published plan are gaps where work is shown."""
    return (_bookings(report), _use(report), _starts(report), _value(report))


def _series(report: Report, key: str, css: str, of: Callable[[DayRecord], int | None], words: str = "column") -> Series:
    label = sentence(f"report.{words}.{key}")
    return Series(css=css, label=label, values=tuple(of(day) for day in report.days))


def _bookings(report: Report) -> Chart:
    said = {
        "booked": report.booked,
        "served": report.served,
        "left_out": report.left_out,
        "no_shows": report.no_shows,
        "cancelled": report.cancelled,
        "unknown": sum(_unknown_bookings(day) or 0 for day in report.days),
    }
    return column_chart(
        "bookings",
        sentence("report.chart.bookings_said", said),
        tuple(day.day for day in report.days),
        (
            _series(report, "served", "s-one", lambda day: day.served if day.published else None),
            _series(report, "left_out", "s-two", lambda day: day.left_out if day.published else None),
            _series(report, "no_shows", "s-three", lambda day: day.no_shows),
            _series(report, "cancelled", "s-four", lambda day: day.cancelled),
            _series(report, "not_published", "s-none", _unknown_bookings),
        ),
        str,
        at_least=5,
    )


def _unknown_bookings(day: DayRecord) -> int | None:
    return None if day.published else day.booked - day.cancelled - day.no_shows


def _use(report: Report) -> Chart:
    total = report.total
    said = {"utilisation": total.utilisation_percent or 0, "travel": total.travel_percent or 0}
    return column_chart(
        "use",
        sentence("report.chart.use_said", said),
        tuple(day.day for day in report.days),
        (
            _series(report, "treatment", "s-one", lambda day: day.total.utilisation_percent, "series"),
            _series(report, "travel", "s-two", lambda day: day.total.travel_percent, "series"),
        ),
        lambda figure: f"{figure} %",
        at_least=100,
    )


def _starts(report: Report) -> Chart:
    total = report.punctuality
    said = {"known": total.known, "on_time": total.on_time, "unknown": total.unknown}
    return column_chart(
        "starts",
        sentence("report.chart.starts_said", said),
        tuple(day.day for day in report.days),
        (
            _series(report, "on_time", "s-one", lambda day: day.punctuality.on_time if day.published else None),
            _series(report, "little_late", "s-two", lambda day: day.punctuality.little_late if day.published else None),
            _series(report, "later", "s-three", lambda day: day.punctuality.later if day.published else None),
            _series(report, "unknown", "s-none", lambda day: day.punctuality.unknown if day.published else None),
        ),
        str,
        at_least=5,
    )


def _value(report: Report) -> Chart:
    total_sen, days = report.total.value_sen, len(report.published)
    code = "report.chart.value_said" if days > 1 else "report.chart.value_said_alone"
    return column_chart(
        "value",
        sentence(code, {"value_sen": total_sen}),
        tuple(day.day for day in report.days),
        (_series(report, "value", "s-one", lambda day: day.total.value_sen if day.published else None, "series"),),
        money,
        at_least=5 * RINGGIT,
        unit=RINGGIT,
        mean=total_sen // days if days > 1 else None,
    )
