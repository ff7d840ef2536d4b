"""The service day: 06:00 to 06:00 next morning, its times counted in seconds from its local midnight."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR_S = 3_600
DAY_S = 86_400
SERVICE_DAY_START_S = 6 * HOUR_S
SERVICE_DAY_END_S = 30 * HOUR_S
HORIZON_S = 48 * HOUR_S
"""No time of a day's plan lies beyond this; what would is a violation."""

COUPLE_GRID_S = 300
"""Starts that several therapists share lie on this grid, so that they can be told to people."""


def service_day_of(moment: datetime, zone: str) -> date:
    """Give the service day a moment belongs to: before 06:00 local it is still the day before."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() - timedelta(days=1) if local.hour * HOUR_S < SERVICE_DAY_START_S else local.date()


def seconds_of(moment: datetime, day: date, zone: str) -> int:
    """Give a moment as seconds from the service day's local midnight (by the wall clock, as people tell it)."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return int((local - datetime.combine(day, time())).total_seconds())


def moment_of(seconds: int, day: date, zone: str) -> datetime:
    """Give the aware UTC moment of a time of the service day."""
    local = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
