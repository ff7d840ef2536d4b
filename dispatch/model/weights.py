"""The prices of a plan's soft aims: data, shown to the dispatcher, never hidden in code."""

from dataclasses import dataclass

POINTS_PER_SEN = 3_600
"""Costs are whole points of 1/3600 sen, so that an hourly price times seconds stays an integer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each soft aim costs, in sen; nought switches the aim off.

    Hourly prices are per 3600 s of the quantity. Travel is priced by hour-independent reference seconds, so that
    "earlier and cheaper so far" dominates exactly (see `docs/reference/rules.md`).

    A start less than `tight_margin_s` before the end of its window is tight: real days would make it late. Nothing new
    is planned less than `least_margin_s` before it; that is no price, and the certificate then speaks of the plans that
    keep it (see `docs/reference/chance.md`).
    """

    travel_sen_per_h: int = 3_000
    overtime_sen_per_h: int = 4_500
    late_sen_per_min: int = 200
    promise_sen_per_min: int = 150
    promise_grace_s: int = 300
    preferred_missed_sen: int = 1_500
    preferred_gender_missed_sen: int = 1_000
    familiar_sen_per_visit: int = 100
    familiar_visits_counted: int = 5
    fairness_sen_per_h: int = 500
    changed_therapist_sen: int = 1_000
    moved_sen_per_min: int = 20
    tight_sen_per_min: int = 0
    tight_margin_s: int = 900
    least_margin_s: int = 0
