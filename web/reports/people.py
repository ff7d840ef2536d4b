"""The therapists of a report side by side: figures, and bars against the company's mean."""

from dataclasses import dataclass

from dispatch.explain.report import Fairness
from dispatch.explain.report_day import Work, percent
from dispatch.model.said import Said, said
from dispatch.work.reports import BranchReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A bar from 0 to 100, where the longest of all therapists ends, and the mean's place on the same scale."""

    length: int
    mean: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistRow:
    """One therapist's line; shares are of her visits."""

    therapist_id: str
    name: str
    work: Work
    evening_percent: int | None
    weekend_percent: int | None
    utilisation: Measure
    treatment: Measure
    value: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """All therapists, most used first, the mean of each measure over them, and how even it is in a sentence."""

    rows: tuple[TherapistRow, ...]
    total: Work
    fair: Said | None = None
    treatment_s: int = 0
    value_sen: int = 0


def therapist_rows(given: BranchReport) -> People:
    """Give everybody who had a shift or a visit; the mean of utilisation is the company's."""
    work, total = given.report.work, given.report.total
    many = max(1, len(work))
    mean_use, mean_s, mean_sen = total.utilisation_percent or 0, total.treatment_s // many, total.value_sen // many
    most_use = max([mean_use, *(one.utilisation_percent or 0 for one in work.values())])
    most_s = max([mean_s, *(one.treatment_s for one in work.values())])
    most_sen = max([mean_sen, *(one.value_sen for one in work.values())])
    by_use = sorted(work, key=lambda one: (-(work[one].utilisation_percent or 0), given.name_of(one).casefold()))
    return People(
        rows=tuple(
            TherapistRow(
                therapist_id=one,
                name=given.name_of(one),
                work=work[one],
                evening_percent=percent(work[one].evening_visits, work[one].visits),
                weekend_percent=percent(work[one].weekend_visits, work[one].visits),
                utilisation=_measure(work[one].utilisation_percent or 0, mean_use, most_use),
                treatment=_measure(work[one].treatment_s, mean_s, most_s),
                value=_measure(work[one].value_sen, mean_sen, most_sen),
            )
            for one in by_use
        ),
        total=total,
        fair=_fair(given.report.fairness),
        treatment_s=mean_s,
        value_sen=mean_sen,
    )


def _fair(fairness: Fairness | None) -> Said | None:
    """Say in words how evenly work is shared; None where nobody had a shift."""
    if fairness is None:
        return None
    return said(
        "report.fair",
        even=fairness.even_percent,
        mean=fairness.mean_percent,
        most=fairness.most_id,
        most_percent=fairness.most_percent,
        least=fairness.least_id,
        least_percent=fairness.least_percent,
    )


def _measure(figure: int, mean: int, most: int) -> Measure:
    return Measure(length=percent(figure, most) or 0, mean=percent(mean, most) or 0)
