"""A report as tables to take away: the same figures as on the page, as CSV or as one workbook."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dispatch.formats.table import Sheet
from dispatch.model.account import Actor
from dispatch.model.day import HOUR_S
from dispatch.words import sentence
from dispatch.work.exports import CSV_TYPE, XLSX_TYPE, ExportedFile
from dispatch.work.reports import BranchReport, branch_report
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.report_day import DayRecord, Punctuality, Work

Cell = str | float

TABLES = ("days", "therapists", "hours", "areas", "reasons", "noted")
"""The tables of a report: a sheet each in the workbook, a file each as CSV."""

_DAYS = ("day", "published", "booked", "cancelled", "no_shows", "served", "left_out")
_STARTS = ("on_time", "little_late", "later", "unknown")
_WORK = ("visits", "treatment", "shift", "utilisation", "travel", "travel_share", "distance", "overtime")
_WORK_VALUE = ("value", "value_per_hour")
_THERAPISTS = ("therapist", "shifts", *_WORK, "late_finishes", "evening", "weekend", *_WORK_VALUE)


def report_sheets(given: BranchReport, *, language: str = "en") -> dict[str, Sheet]:
    """Give a report's tables by their name; a figure nobody knows is an empty cell."""
    demand = given.report.demand
    clocks = tuple(f"{hour % 24:02d}:00" for hour in demand.hours)

    def heads(*keys: str) -> tuple[str, ...]:
        return tuple(sentence(f"report.column.{key}", language=language) for key in keys)

    yes, no = (sentence(f"report.{word}", language=language) for word in ("yes", "no"))
    rows: dict[str, tuple[tuple[str, ...], Iterator[tuple[Cell, ...]]]] = {
        "days": (
            heads(*_DAYS, *_STARTS, *_WORK, *_WORK_VALUE),
            (_day_row(day, yes, no) for day in given.report.days),
        ),
        "therapists": (heads(*_THERAPISTS), _therapist_rows(given)),
        "hours": (
            (*heads("weekday", "weekdays"), *clocks, *heads("total")),
            (
                (sentence(f"report.weekday.{number}", language=language), days, *counts, sum(counts))
                for number, (days, counts) in enumerate(zip(demand.weekdays, demand.by_weekday, strict=True))
            ),
        ),
        "areas": (
            (*heads("area"), *clocks, *heads("total")),
            ((area, *counts, sum(counts)) for area, counts in demand.by_area),
        ),
        "reasons": (heads("reason", "cancelled"), ((reason, count) for reason, count in given.report.reasons)),
        "noted": (
            heads("noted_by", "cancelled", "no_shows"),
            ((one.by, one.cancelled, one.no_shows) for one in given.noted),
        ),
    }
    return {
        name: Sheet(title=sentence(f"report.sheet.{name}", language=language), header=header, rows=tuple(body))
        for name, (header, body) in rows.items()
    }


def report_table(
    services: Services, actor: Actor, table: str, first: date | None, last: date | None, *, language: str = "en"
) -> ExportedFile:
    """Give one table of a report as CSV; no cell of it is run by a spreadsheet program."""
    from dispatch.formats.write import csv_bytes

    given = branch_report(services, actor, first, last)
    sheet = report_sheets(given, language=language)[table]
    return ExportedFile(filename=f"{_name(given)}-{table}.csv", media_type=CSV_TYPE, data=csv_bytes(sheet))


def report_workbook(
    services: Services, actor: Actor, first: date | None, last: date | None, *, language: str = "en"
) -> ExportedFile:
    """Give all tables of a report as one XLSX workbook, a sheet each."""
    from dispatch.formats.write import xlsx_bytes

    given = branch_report(services, actor, first, last)
    sheets = report_sheets(given, language=language)
    data = xlsx_bytes(tuple(sheets[name] for name in TABLES), made_at=services.now())
    return ExportedFile(filename=f"{_name(given)}.xlsx", media_type=XLSX_TYPE, data=data)


def _name(given: BranchReport) -> str:
    return f"report-{given.first.isoformat()}-{given.last.isoformat()}"


def _day_row(day: "DayRecord", yes: str, no: str) -> tuple[Cell, ...]:
    """Give a day's row; without a published plan, what was booked, cancelled and missed is all there is."""
    counts = (day.day.isoformat(), yes if day.published else no, day.booked, day.cancelled, day.no_shows)
    if not day.published:
        return (*counts, *[""] * (len(_DAYS) - len(counts) + len(_STARTS) + len(_WORK) + len(_WORK_VALUE)))
    total = day.total
    return (*counts, day.served, day.left_out, *_starts(day.punctuality), *_work(total), *_value(total))


def _therapist_rows(given: BranchReport) -> Iterator[tuple[Cell, ...]]:
    """Give a row for everybody who had a shift or a visit, by name."""
    for therapist_id in sorted(given.report.work, key=lambda one: (given.name_of(one).casefold(), one)):
        work = given.report.work[therapist_id]
        more = (work.late_finishes, work.evening_visits, work.weekend_visits)
        yield (given.name_of(therapist_id), work.shifts, *_work(work), *more, *_value(work))


def _starts(punctuality: "Punctuality") -> tuple[Cell, ...]:
    return (punctuality.on_time, punctuality.little_late, punctuality.later, punctuality.unknown)


def _work(work: "Work") -> tuple[Cell, ...]:
    return (
        work.visits,
        _hours(work.treatment_s),
        _hours(work.shift_s),
        _known(work.utilisation_percent),
        _hours(work.travel_s),
        _known(work.travel_percent),
        round(work.distance_m / 1000, 1),
        _hours(work.overtime_s),
    )


def _value(work: "Work") -> tuple[Cell, ...]:
    per_hour_sen = work.value_per_hour_sen
    return (work.value_sen / 100, "" if per_hour_sen is None else per_hour_sen / 100)


def _hours(seconds: int) -> float:
    return round(seconds / HOUR_S, 2)


def _known(figure: int | None) -> Cell:
    return "" if figure is None else figure
