"""Driving as real legs have shown it to be: an engine's hours, each slower or faster by what was learned of it."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.model.travel import RATE_ONE, HourProfile, TravelMatrix
from dispatch.travel.table import PROFILE_HOURS

CLOCK_HOURS = 24


def as_learned(matrix: TravelMatrix, longer_per_mille: Sequence[int]) -> TravelMatrix:
    """Give a mode's matrix whose driving takes longer by so many thousandths in each hour of the clock.

    Only the hours' rates change: reference seconds, and with them every price and bound, stay. Leaving later still never
    arrives earlier.
    """
    rates = list(matrix.profile.rate_per_mille)
    rates += [rates[-1]] * (PROFILE_HOURS - len(rates))  # a shorter profile's last rate goes on, but not its last hour
    changed = tuple(
        max(1, round(rate * RATE_ONE / longer_per_mille[hour % CLOCK_HOURS])) for hour, rate in enumerate(rates)
    )
    return replace(matrix, profile=HourProfile(rate_per_mille=changed), engine=f"{matrix.engine}+learned")
