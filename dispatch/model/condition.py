"""What a day is like, beyond what was planned for: traffic in an area, rain, a visit that runs over."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ConditionKind(StrEnum):
    """What makes a day go slower than planned."""

    TRAFFIC = "traffic"
    RAIN = "rain"
    RUNNING_OVER = "running_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCondition:
    """Something that slows a service day down until it is ended; times are seconds of the service day.

    Traffic slows the ways to `area`, rain every way, both from `from_s` to `to_s`: what takes 1,000 seconds by car takes
    `factor_per_mille`. A visit that runs over makes its booking (`booking_id`) last `extra_s` longer.
    """

    id: str
    branch_id: str
    day: date
    kind: ConditionKind
    noted_by: str
    noted_at: datetime
    from_s: int = 0
    to_s: int = 0
    factor_per_mille: int = 1_000
    area: str = ""
    booking_id: str = ""
    extra_s: int = 0
    version: int = 1
