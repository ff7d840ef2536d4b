"""How rain and traffic slow a day down: rates by hour for rain, the last stretch to a door for traffic in an area.

What is assumed, and where the figures come from: docs/reference/travel.md.
"""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.model.day import HOUR_S
from dispatch.model.kinds import TravelMode
from dispatch.model.travel import RATE_ONE, HourProfile, TravelMatrix
from dispatch.travel.table import TravelTable

CLOCK_HOURS = 24

Slow = tuple[int, int, int]
"""From when to when (seconds of the service day), and how many seconds a car takes for what takes 1,000 otherwise."""


def rained_on(matrix: TravelMatrix, table: TravelTable, rain: Sequence[Slow]) -> TravelMatrix:
    """Give a mode's matrix with lower rates in the hours of rain; of rain noted twice the stronger one counts.

    An hour that is rained on in part is as much slower on the mean, so that driving still never overtakes itself.
    """
    felt = table.modes[matrix.mode].rain_felt_percent
    slow = [(from_s, to_s, RATE_ONE + (factor - RATE_ONE) * felt // 100) for from_s, to_s, factor in rain]
    rates = list(matrix.profile.rate_per_mille)
    last = max((-(-to_s // HOUR_S) for _, to_s, _ in slow), default=0)
    rates += [rates[-1]] * (last + 1 - len(rates))
    slower = [max(1, rate * _kept(hour, slow) // (RATE_ONE * RATE_ONE)) for hour, rate in enumerate(rates)]
    return matrix if slower == rates else replace(matrix, profile=HourProfile(rate_per_mille=tuple(slower)))


def longer_to_the_door_s(profile: HourProfile, table: TravelTable, traffic: Sequence[Slow]) -> tuple[int, ...]:
    """Give by clock hour of arrival how many seconds longer the last stretch to a door takes a car in such traffic."""
    stretch_s = table.area_stretch_km * HOUR_S / table.modes[TravelMode.CAR].reference_kmh
    rates = profile.rate_per_mille
    longer = [0] * CLOCK_HOURS
    for hour in range(max((-(-to_s // HOUR_S) for _, to_s, _ in traffic), default=0)):
        usual_s = stretch_s * RATE_ONE / rates[min(hour, len(rates) - 1)]
        more_s = max(
            usual_s * _share(hour, from_s, to_s) * (factor - RATE_ONE) / RATE_ONE for from_s, to_s, factor in traffic
        )
        longer[hour % CLOCK_HOURS] = max(longer[hour % CLOCK_HOURS], round(more_s))
    return tuple(longer)


def _kept(hour: int, slow: Sequence[Slow]) -> int:
    """Give the millionths of its rate that an hour keeps."""
    whole = RATE_ONE * RATE_ONE
    return min(
        (round(whole * (1 - _share(hour, from_s, to_s) * (1 - RATE_ONE / factor))) for from_s, to_s, factor in slow),
        default=whole,
    )


def _share(hour: int, from_s: int, to_s: int) -> float:
    """Give the share of an hour that lies in a span."""
    return max(0, min(to_s, (hour + 1) * HOUR_S) - max(from_s, hour * HOUR_S)) / HOUR_S
