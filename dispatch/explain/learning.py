"""What visits teach: minutes from gate to door of each building by hour, and how much longer driving takes than thought.

Each is learned in two steps: the building (or the mode) as a whole, drawn towards what people had set and what all the company's
buildings show; then what is special at an hour, drawn towards none. `shrinking` has the formula.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import median

from dispatch.explain.shrinking import Mean, Value, drawn_mean, spread_between, spread_within
from dispatch.model.kinds import TravelMode

HOURS = 24
MINUTE_S = 60
MOST_ACCESS_S = 2 * 3_600

ACCESS_SPREAD_S = 180.0
"""How far one arrival strays from its building's usual minutes, until enough was seen."""
BUILDINGS_SPREAD_S = 240.0
"""How far buildings lie from what was set for them, until enough was seen; it counts as five buildings."""
COMPANY_SPREAD_S = 120.0
"""How far the company may be out with all its buildings."""
HOUR_SPREAD_S = 75.0
"""How far an hour may stray from its building's usual minutes."""
FLAT_S = 90
"""Hours that differ by no more than this are one figure for the whole day."""

LEG_SPREAD = 0.25
"""How far one leg strays from the usual, as a logarithm of real over planned driving, until enough was seen."""
MODE_SPREAD = 0.15
RATE_SPREAD = 0.10
LEAST_FACTOR, MOST_FACTOR = 0.5, 2.5
STEP_PER_MILLE = 10

_ALONE = {0: 1.0}
_NEAR = {0: 1.0, 1: 0.5, HOURS - 1: 0.5}
"""What a visit tells about its hour and the hours beside it, where one building's few visits are all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSeen:
    """How long a therapist took from the gate to the door, by clock hour of arrival; `at_most` where she was early and waited."""

    building_id: str
    hour: int
    access_s: int
    at_most: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LegSeen:
    """How long a leg's driving took and how long it was thought to take, by clock hour of its middle."""

    mode: TravelMode
    hour: int
    real_s: int
    planned_s: int

    @property
    def ratio(self) -> float:
        """Give the logarithm of real over planned, in which twice as long and half as long are as far from right."""
        return log(self.real_s / self.planned_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Figures that were learned of a building or mode, how many visits speak for them, and their middle before anything was drawn.

    `usual` is in seconds for access, in thousandths for travel; `hours` are the hours of the clock something was seen in.
    """

    figures: tuple[int, ...]
    visits: int
    usual: int
    hours: tuple[int, ...]


def learn_access(seen: Sequence[AccessSeen], basis: Mapping[str, Sequence[int]]) -> dict[str, Learned]:
    """Give the access seconds of every building something was seen of, in whole minutes.

    `basis` is what people have set for each building, one figure or 24; a building that is not in it is left out.
    """
    by_building: dict[str, list[AccessSeen]] = {}
    for one in seen:
        if one.building_id in basis:
            by_building.setdefault(one.building_id, []).append(one)
    over = {key: [_over(one, basis[key]) for one in found] for key, found in by_building.items()}
    sure = {key: [one.y for one in values if not one.at_most] for key, values in over.items()}
    sigma = spread_within(sure.values(), usual=ACCESS_SPREAD_S, least=MINUTE_S)
    centre, tau = _company(sure, sigma)
    means = {key: drawn_mean(values, prior=centre, sigma=sigma, tau=tau) for key, values in over.items()}
    hours = {key: [one.hour for one in found] for key, found in by_building.items()}
    company = _by_hour(
        [pair for key, mean in means.items() for pair in _left(mean, hours[key], [0.0] * HOURS)],
        sigma,
        HOUR_SPREAD_S,
        _ALONE,
    )
    learned = {}
    for key, mean in means.items():
        own = _by_hour(_left(mean, hours[key], company), sigma, HOUR_SPREAD_S, _NEAR)
        figures = [set_s + mean.mean + company[hour] + own[hour] for hour, set_s in enumerate(_every_hour(basis[key]))]
        learned[key] = Learned(
            figures=_whole_minutes(figures, hours[key]),
            visits=len(over[key]),
            usual=round(median(one.access_s for one in by_building[key])),
            hours=tuple(sorted(set(hours[key]))),
        )
    return learned


def learn_travel(seen: Sequence[LegSeen]) -> dict[TravelMode, Learned]:
    """Give for every mode something was seen of by how many thousandths driving takes longer, hour by hour of the clock."""
    learned = {}
    for mode in sorted({one.mode for one in seen}):
        found = [one for one in seen if one.mode is mode]
        sigma = spread_within([[one.ratio for one in found]], usual=LEG_SPREAD, least=0.05)
        mean = drawn_mean([Value(y=one.ratio) for one in found], prior=0.0, sigma=sigma, tau=MODE_SPREAD)
        hours = [one.hour for one in found]
        own = _by_hour(_left(mean, hours, [0.0] * HOURS), sigma, RATE_SPREAD, _ALONE)
        learned[mode] = Learned(
            figures=tuple(_per_mille(mean.mean + more) for more in own),
            visits=len(found),
            usual=round(1_000 * exp(median(one.ratio for one in found))),
            hours=tuple(sorted(set(hours))),
        )
    return learned


def _over(one: AccessSeen, basis: Sequence[int]) -> Value:
    return Value(y=one.access_s - basis[one.hour % len(basis)], at_most=one.at_most)


def _company(sure: Mapping[str, Sequence[float]], sigma: float) -> tuple[float, float]:
    """Give how far all buildings lie from what was set, drawn towards nought, and how far they lie apart."""
    means = [(median(values), len(values)) for values in sure.values() if values]
    tau, centre = BUILDINGS_SPREAD_S, 0.0
    for _ in range(3):
        weights = [1 / (tau * tau + sigma * sigma / count) for _, count in means]
        total = sum(weight * mean for weight, (mean, _) in zip(weights, means, strict=True))
        centre = total / (sum(weights) + 1 / COMPANY_SPREAD_S**2)
        tau = spread_between(means, centre=centre, sigma=sigma, usual=BUILDINGS_SPREAD_S, worth=5)
    return centre, tau


def _left(mean: Mean, hours: Sequence[int], known: Sequence[float]) -> list[tuple[int, float, float]]:
    """Give what the mean leaves unexplained of each value, with its hour and weight."""
    return [
        (hour, value - mean.mean - known[hour], weight)
        for hour, value, weight in zip(hours, mean.values, mean.weights, strict=True)
    ]


def _by_hour(
    left: Sequence[tuple[int, float, float]], sigma: float, tau: float, near: Mapping[int, float]
) -> list[float]:
    """Give what is special at each hour, drawn towards nothing; `near` says what each visit tells about the hours beside it."""
    pull = (sigma / tau) ** 2
    total, weights = [0.0] * HOURS, [0.0] * HOURS
    for at, value, weight in left:
        for step, share in near.items():
            hour = (at + step) % HOURS
            total[hour] += share * weight * value
            weights[hour] += share * weight
    return [amount / (weight + pull) for amount, weight in zip(total, weights, strict=True)]


def _every_hour(figures: Sequence[int]) -> list[int]:
    return [figures[hour % len(figures)] for hour in range(HOURS)]


def _whole_minutes(figures: Sequence[float], hours: Sequence[int]) -> tuple[int, ...]:
    """Round to whole minutes; hours that hardly differ become the one figure that suits the visits."""
    if max(figures) - min(figures) <= FLAT_S:
        return (_minutes(sum(figures[hour] for hour in hours) / len(hours)),)
    return tuple(_minutes(one) for one in figures)


def _minutes(seconds: float) -> int:
    return min(MOST_ACCESS_S, max(0, round(seconds / MINUTE_S) * MINUTE_S))


def _per_mille(ratio: float) -> int:
    factor = min(MOST_FACTOR, max(LEAST_FACTOR, exp(ratio)))
    return round(factor * 1_000 / STEP_PER_MILLE) * STEP_PER_MILLE
