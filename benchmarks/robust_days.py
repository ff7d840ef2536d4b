"""Generated days for the simulation of lateness: drawn like Kuala Lumpur's, as the planner's own nouns, seeded.

Clients live around a few centres and ask for 60, 90 or 120 minutes from half past ten to half past nine in the evening,
most of them after work; their windows are 15 minutes to four hours. Therapists start and end at their homes, with an
early or a late shift. Travel is the default engine's, with its hourly speeds.
"""

from datetime import date
from random import Random

from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.kinds import Gender, TravelMode
from dispatch.model.places import Point
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist, Location
from dispatch.model.therapist import Shift
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table

DAY = date(2026, 3, 4)
CENTRES = ((3.148, 101.713), (3.117, 101.677), (3.168, 101.652), (3.080, 101.586), (3.107, 101.607), (3.039, 101.617))
TECHNIQUES = ("swedish", "deep", "stretching", "trigger", "myofascial", "prenatal")
WANTED = (35, 29, 8, 9, 17, 2)
WINDOW_MINUTES, WINDOW_SHARES = (15, 30, 60, 120, 240), (9, 25, 36, 24, 6)
HOURS = (11, 13, 15, 17, 19, 21)
HOUR_SHARES = (12, 14, 19, 16, 19, 20)


def generated_day(bookings: int, therapists: int, seed: int) -> DayProblem:
    """Give a day; the same arguments give the same day."""
    draw = Random(seed)
    points = [_point(draw) for _ in range(bookings + therapists)]
    return DayProblem(
        id=f"robust_{bookings}_{therapists}_{seed}",
        day=DAY,
        locations=tuple(Location(id=f"place-{n}", lat=one.lat, lon=one.lon) for n, one in enumerate(points)),
        matrices=(engine(load_table())(points, DAY, TravelMode.CAR),),
        bookings=tuple(_booking(draw, n, therapists + n) for n in range(bookings)),
        therapists=tuple(_therapist(draw, n) for n in range(therapists)),
    )


def _point(draw: Random) -> Point:
    """Give a place around one of the centres."""
    lat, lon = draw.choice(CENTRES)
    return Point(lat=lat + draw.gauss(0, 0.022), lon=lon + draw.gauss(0, 0.022))


def _booking(draw: Random, number: int, location: int) -> DayBooking:
    """Give one booking."""
    minutes = draw.choices((60, 90, 120), (44, 40, 16))[0]
    start_s = draw.choices(HOURS, HOUR_SHARES)[0] * 3_600 + draw.randint(-1, 1) * 1_800
    length_s = draw.choices(WINDOW_MINUTES, WINDOW_SHARES)[0] * 60
    return DayBooking(
        id=f"b{number + 1:03}",
        location=location,
        duration_s=minutes * 60,
        windows=(TimeWindow(start_s=start_s, end_s=start_s + length_s),),
        seats=(Seat(techniques=(draw.choices(TECHNIQUES, WANTED)[0],)),),
        set_up_s=600,
        priority=draw.choices((0, 10, 50), (59, 34, 7))[0],
    )


def _therapist(draw: Random, number: int) -> DayTherapist:
    """Give one therapist, with swedish and two to four techniques more."""
    start_s, end_s = draw.choice(((10, 18), (10, 19), (14, 22), (14, 23)))
    more = draw.sample(TECHNIQUES[1:], draw.choice((2, 2, 3, 4)))
    return DayTherapist(
        id=f"t{number + 1:02}",
        techniques=(TECHNIQUES[0], *more),
        gender=draw.choice((Gender.FEMALE, Gender.FEMALE, Gender.MALE)),
        shifts=(Shift(start_s=start_s * 3_600, end_s=end_s * 3_600),),
        start_location=number,
        end_location=number,
    )
