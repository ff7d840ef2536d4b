"""When and where clients ask for treatments: bookings by the hour their first window opens."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.model.booking import Booking
from dispatch.model.day import HOUR_S
from dispatch.model.kinds import BookingStatus

USUAL_HOURS = (10, 21)
"""The first and the last hour that are always shown."""
WEEKDAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Bookings that were not cancelled, by the hour of the service day in which their first window opens.

    `hours` are the hours of the columns (24 is midnight); `by_weekday` has a row for each weekday from Monday, and
    `weekdays` says how many of each the span has; `by_area` has the areas, most bookings first.
    """

    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    by_weekday: tuple[tuple[int, ...], ...]
    by_area: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def by_hour(self) -> tuple[int, ...]:
        """Give the bookings of each hour."""
        return tuple(sum(column) for column in zip(*self.by_weekday, strict=True))


def demand_of(days: tuple[date, ...], bookings: Iterable[Booking], areas: Mapping[str, str]) -> Demand:
    """Give the demand of bookings on these days; `areas` by booking id, an unknown one is empty."""
    asked = [
        (booking.day.weekday(), areas.get(booking.id, ""), min(one.start_s for one in booking.windows) // HOUR_S)
        for booking in bookings
        if booking.status is not BookingStatus.CANCELLED and booking.windows
    ]
    first = min([USUAL_HOURS[0], *(hour for _, _, hour in asked)])
    last = max([USUAL_HOURS[1], *(hour for _, _, hour in asked)])
    hours = tuple(range(first, last + 1))
    by_weekday = Counter((weekday, hour) for weekday, _, hour in asked)
    by_area = Counter((area, hour) for _, area, hour in asked)
    totals = Counter(area for _, area, _ in asked)
    names = sorted(totals, key=lambda area: (-totals[area], area.casefold()))
    every = Counter(day.weekday() for day in days)
    return Demand(
        hours=hours,
        weekdays=tuple(every[weekday] for weekday in range(WEEKDAYS)),
        by_weekday=tuple(tuple(by_weekday[weekday, hour] for hour in hours) for weekday in range(WEEKDAYS)),
        by_area=tuple((area, tuple(by_area[area, hour] for hour in hours)) for area in names),
    )
