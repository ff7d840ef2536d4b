"""Moments of the API against seconds of the service day."""

from datetime import date, datetime, timedelta

from dispatch.errors import BadInput
from dispatch.model.day import moment_of, seconds_of

YEARS = range(2000, 2101)
"""No service day of ours lies outside these, and no calculation with one leaves the calendar."""

_FAR = timedelta(days=3)


def to_seconds(moment: datetime, day: date, zone: str, field: str) -> int:
    """Give a moment as seconds of the service day; `BadInput` where it lies days away from it, which no booking does."""
    if abs(moment.date() - day) > _FAR or day.year not in YEARS:
        raise BadInput("api.another_day", field=field, day=day.isoformat())
    return seconds_of(moment, day, zone)


def to_moment(seconds: int, day: date, zone: str) -> datetime:
    """Give a time of the service day as a moment."""
    return moment_of(seconds, day, zone)
