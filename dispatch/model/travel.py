"""Travel as a problem holds it: reference seconds between places, and how fast each hour is."""

from dataclasses import dataclass

from dispatch.model.kinds import TravelMode

RATE_ONE = 1_000
"""A rate of this many thousandths means: a second by the clock does one reference second of driving."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HourProfile:
    """How many thousandths of a reference second are driven in one second by the clock, hour by hour.

    `rate_per_mille[h]` holds from hour h of the service day's calendar on (24 is midnight after it); the last rate
    goes on. Driving is integrated piece by piece over the hours, so that leaving later never arrives earlier.
    """

    rate_per_mille: tuple[int, ...] = (RATE_ONE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelMatrix:
    """One travel mode's reference seconds and road metres between all locations, row by row.

    A leg of nought reference seconds takes no time (the same building); any other takes `fixed_s` (finding the car,
    parking) and then the driving. The price of a leg is by its reference seconds plus `fixed_s`, whatever the hour.
    """

    mode: TravelMode
    size: int
    reference_s: tuple[int, ...]
    distance_m: tuple[int, ...]
    fixed_s: int = 0
    profile: HourProfile = HourProfile()
    engine: str = ""

    def priced_s(self, origin: int, destination: int) -> int:
        """Give the seconds a leg is priced by."""
        reference_s = self.reference_s[origin * self.size + destination]
        return reference_s + self.fixed_s if reference_s else 0

    def metres(self, origin: int, destination: int) -> int:
        """Give the road metres of a leg."""
        return self.distance_m[origin * self.size + destination]
