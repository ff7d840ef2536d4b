"""How sure a plan's times are: how far real days stray from it, and each visit's chance of being on time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far real days stray from the planned times.

    Each leg's travel by the clock is multiplied by a lognormal factor of this mean and sigma (in thousandths, sigma of
    the factor's logarithm); each treatment runs over by max(0, a normal) of this mean and deviation. `scenarios` such
    days are drawn, always the same ones for the same `seed`.
    """

    travel_mean_per_mille: int = 1_050
    travel_sigma_per_mille: int = 250
    overrun_mean_s: int = 180
    overrun_sd_s: int = 480
    scenarios: int = 300
    seed: int = 1


EXACT = Spread(travel_mean_per_mille=1_000, travel_sigma_per_mille=0, overrun_mean_s=0, overrun_sd_s=0, scenarios=1)
"""A day that goes exactly as planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChance:
    """What a client can be told honestly about one visit.

    `deadline_s` is the latest start that is on time: the promise and its grace, else the end of the window the visit is
    planned in. On `on_time_percent` of a hundred days it starts by then (rounded down); on four days in five between
    `early_s` and `late_s`, the 10th and the 90th percentile of its start. `expected_late_s` is the mean lateness,
    days on time counted as nought.
    """

    visit_id: str
    therapist_id: str
    deadline_s: int
    on_time_percent: int
    early_s: int
    late_s: int
    expected_late_s: int
