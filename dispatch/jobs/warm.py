"""A problem so small that solving it takes no time; what it costs is compiling the rules and importing the solver."""

from datetime import date

from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import Gender, TravelMode
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist, Location
from dispatch.model.therapist import Shift
from dispatch.model.travel import TravelMatrix

_HOUR_S = 3_600


def tiny_problem() -> DayProblem:
    """Give a day of two bookings and one therapist."""
    windows = (TimeWindow(start_s=9 * _HOUR_S, end_s=18 * _HOUR_S),)
    places = tuple(Location(id=str(number), lat=3.1, lon=101.6 + number / 100) for number in range(3))
    far = tuple(600 if origin != destination else 0 for origin in range(3) for destination in range(3))
    return DayProblem(
        id="warm-up",
        day=date(2026, 1, 5),
        locations=places,
        matrices=(TravelMatrix(mode=TravelMode.CAR, size=3, reference_s=far, distance_m=tuple(10 * s for s in far)),),
        bookings=tuple(DayBooking(id=str(n), location=n, duration_s=_HOUR_S, windows=windows) for n in (1, 2)),
        therapists=(
            DayTherapist(
                id="t",
                techniques=(),
                gender=Gender.FEMALE,
                shifts=(Shift(start_s=8 * _HOUR_S, end_s=20 * _HOUR_S),),
                start_location=0,
            ),
        ),
    )
