"""Days with everything the model knows, drawn from a seed: couples, genders, likes, breaks, hourly travel, home legs.

Places scatter around the centres people live and stay in; treatments start on the quarter hour, in windows of one to
four hours between 10:00 and 22:00; a tenth of the bookings are couples, a tenth have priority.
"""

from collections.abc import Iterator
from datetime import date
from random import Random

from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.kinds import BreakKind, Gender, TravelMode
from dispatch.model.places import Point
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist, Familiar, Location
from dispatch.model.therapist import Break, Limits, Shift
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table

DAY = date(2026, 11, 25)
H = 3_600
CENTRES = (
    (3.1579, 101.7116),
    (3.1302, 101.6710),
    (3.1412, 101.6300),
    (3.1068, 101.7259),
    (3.1700, 101.6500),
    (3.0738, 101.5183),
    (3.0327, 101.7550),
)
TECHNIQUES = ("swedish", "deep_tissue", "trigger_point", "stretching")


def full_day(seed: int, *, bookings: int, therapists: int, spare_places: int = 0) -> DayProblem:
    """Give a day of so many bookings and therapists; the same seed gives the same day.

    The last `spare_places` locations belong to nobody: drafts may be put there.
    """
    rng = Random(seed)
    places = [_place(rng) for _ in range(therapists + bookings + spare_places)]
    team = tuple(_therapist(rng, number) for number in range(therapists))
    wishes = tuple(
        booking(rng, f"b{number + 1}", location=therapists + number, therapists=therapists)
        for number in range(bookings)
    )
    return DayProblem(
        id=f"full-{bookings}-{therapists}-{seed}",
        day=DAY,
        locations=tuple(Location(id=f"place{n}", lat=one.lat, lon=one.lon) for n, one in enumerate(places)),
        matrices=(engine(load_table())(places, DAY, TravelMode.CAR),),
        bookings=wishes,
        therapists=team,
        fair_share_s=6 * H,
    )


def booking(
    rng: Random, booking_id: str, *, location: int, therapists: int, wide: bool = False, couples: float = 0.1
) -> DayBooking:
    """Draw one booking; a wide one would come at any time of half a day."""
    minutes = rng.choice([60, 60, 60, 90, 90, 120])
    start_s = rng.randrange(10 * 4, 21 * 4) * 900
    length_s = 6 * H if wide else rng.choice([1, 2, 2, 3, 4]) * H
    start_s = min(start_s, 22 * H - length_s) if wide else start_s
    technique = rng.choices(TECHNIQUES, weights=[5, 3, 2, 1])[0]
    only = rng.choices([None, Gender.FEMALE, Gender.MALE], weights=[8, 3, 1])[0]
    seat = Seat(techniques=(technique,), only_gender=only)
    known = rng.sample(range(therapists), 3)
    return DayBooking(
        id=booking_id,
        location=location,
        duration_s=minutes * 60,
        windows=(TimeWindow(start_s=start_s, end_s=min(start_s + length_s, 22 * H)),),
        seats=(seat, seat) if rng.random() < couples else (seat,),
        access_s=(rng.choice([120, 300, 480]),),
        set_up_s=600,
        pack_up_s=300,
        preferred_therapists=(f"t{known[0] + 1}",) if rng.random() < 0.2 else (),
        never_therapists=(f"t{known[1] + 1}",) if rng.random() < 0.05 else (),
        familiar=(Familiar(therapist_id=f"t{known[2] + 1}", visits=rng.randrange(1, 8)),) if rng.random() < 0.3 else (),
        priority=rng.choices([0, 10, 50], weights=[17, 2, 1])[0],
        value_sen=minutes * 250,
    )


def drafts(seed: int, problem: DayProblem, *, count: int, spare_places: int) -> Iterator[DayBooking]:
    """Give seeded wishes at places nobody else is at, every fifth for two, with windows of half a day."""
    rng = Random(seed)
    first = len(problem.locations) - spare_places
    for number in range(count):
        yield booking(
            rng,
            f"draft{number + 1}",
            location=first + number % spare_places,
            therapists=len(problem.therapists),
            wide=True,
            couples=1.0 if number % 5 == 4 else 0.0,
        )


def _place(rng: Random) -> Point:
    lat, lon = rng.choices(CENTRES, weights=[5, 3, 3, 2, 2, 1, 1])[0]
    return Point(lat=lat + rng.gauss(0, 0.02), lon=lon + rng.gauss(0, 0.02))


def _therapist(rng: Random, number: int) -> DayTherapist:
    start_s = rng.choice([9, 10, 11, 12, 13]) * H
    end_s = start_s + rng.choice([9, 10, 11]) * H
    meal = Break(
        id=f"meal{number + 1}",
        kind=BreakKind.MEAL,
        duration_s=1_800,
        earliest_s=start_s + 3 * H,
        latest_s=start_s + 6 * H,
    )
    return DayTherapist(
        id=f"t{number + 1}",
        techniques=tuple(sorted(rng.sample(TECHNIQUES, rng.choice([2, 3, 4])))),
        gender=Gender.FEMALE if rng.random() < 0.7 else Gender.MALE,
        shifts=(Shift(start_s=start_s, end_s=end_s),),
        start_location=number,
        end_location=number,
        breaks=(meal,) if rng.random() < 0.7 else (),
        limits=Limits(work_s=9 * H, consecutive_s=6 * H if rng.random() < 0.3 else 0),
        overtime_s=1_800,
    )
