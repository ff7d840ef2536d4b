"""Companies for measuring the board: a drawn day as nouns in a real store, so that pages show it as they show any day.

`busy_day` is drawn so that a plan with every visit is soon found: each therapist's eight bookings lie around her home, a
treatment of an hour each. `full_days.full_day` is the crowded one, where a fifth is left out.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Technique, Treatment
from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.people import Client
from dispatch.model.places import Address, Building, Point
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist, Location
from dispatch.model.therapist import DayPattern, Place, Roster, Shift, Therapist
from dispatch.work.services import Services

BRANCH_ID = "kl"
EMAIL, PASSWORD = "dispatcher@laluan.example", "a long password of the benchmark"
DISPATCHER = Actor(id="dispatcher", branch_id=BRANCH_ID, name="Dispatcher", role=Role.DISPATCHER)
H = 3_600
GIVEN = ("Nur Aisyah", "Tan Mei Ling", "Siti Khadijah", "Priya", "Lim Wei Jun", "Farah Nabila", "Arjun", "Wong Kah Yee")
FAMILY = ("Rahman", "Subramaniam", "Abdullah", "Krishnan", "Ismail", "Fernandez", "Zulkifli", "Menon", "Hashim")
AREAS = ("KLCC", "Bangsar", "Taman Tun Dr Ismail", "Cheras", "Mont Kiara", "Shah Alam", "Bandar Sungai Long")
TREATMENTS = ("Swedish relaxing", "Deep tissue", "Trigger point release", "Assisted stretching")


def busy_day(problem: DayProblem, *, visits_each: int) -> DayProblem:
    """Give the day with wishes that can all be kept: `visits_each` for every therapist, near her home, one after another."""
    rng = Random(problem.id)
    hers = {therapist.id: number for number, therapist in enumerate(problem.therapists)}
    locations = list(problem.locations)
    bookings: list[DayBooking] = []
    for number, booking in enumerate(problem.bookings):
        therapist = problem.therapists[number // visits_each % len(problem.therapists)]
        home = problem.locations[hers[therapist.id]]
        lat, lon = home.lat + rng.uniform(-0.008, 0.008), home.lon + rng.uniform(-0.008, 0.008)
        locations[booking.location] = replace(locations[booking.location], lat=lat, lon=lon)
        start_s = 8 * H + 1_800 + number % visits_each * 6_300
        seat = replace(booking.seats[0], techniques=therapist.techniques[:1], only_gender=None)
        bookings.append(
            replace(
                booking,
                duration_s=H,
                windows=(TimeWindow(start_s=start_s, end_s=start_s + 2_700),),
                seats=(seat,),
                never_therapists=(),
            )
        )
    day_long = (Shift(start_s=8 * H, end_s=24 * H),)
    therapists = tuple(
        replace(one, shifts=day_long, breaks=(), limits=type(one.limits)()) for one in problem.therapists
    )
    return replace(problem, locations=tuple(locations), bookings=tuple(bookings), therapists=therapists)


def found(services: Services, problem: DayProblem, *, hash_of_password: str) -> date:
    """Put a company with this day into an empty store and give the day; its dispatcher may sign in."""
    rng = Random(problem.id)
    techniques = sorted({technique for one in problem.therapists for technique in one.techniques})
    with services.store.writing() as tx:
        for branch in tx.list(Branch, ""):
            tx.delete(branch)
        tx.insert(Branch(id=BRANCH_ID, name="Kuala Lumpur"))
        for name, technique in zip(TREATMENTS, techniques, strict=True):
            tx.insert(Technique(id=technique, name=name))
            tx.insert(
                Treatment(
                    id=f"t-{technique}",
                    branch_id=BRANCH_ID,
                    name=name,
                    techniques=(technique,),
                    minutes=(60, 90, 120),
                    set_up_s=600,
                    pack_up_s=300,
                )
            )
        for number, therapist in enumerate(problem.therapists):
            tx.insert(_therapist(problem, therapist, number, f"{GIVEN[number % 8]} {FAMILY[number % 9]}"))
        for booking in problem.bookings:
            for noun in _nouns(rng, problem, booking):
                tx.insert(noun)
        tx.insert(
            Account(
                id=DISPATCHER.id,
                branch_id=BRANCH_ID,
                email=EMAIL,
                name=DISPATCHER.name,
                role=DISPATCHER.role,
                password_hash=hash_of_password,
                unique="the secret of a session",
            )
        )
    return problem.day


def _nouns(rng: Random, problem: DayProblem, booking: DayBooking) -> Iterator[Building | Client | Address | Booking]:
    """Give a booking with the client, the building and the address it is for."""
    place = problem.locations[booking.location]
    name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    number = int(booking.id[1:])
    yield Building(
        id=f"p-{booking.id}",
        branch_id=BRANCH_ID,
        name=f"Residensi {FAMILY[number % len(FAMILY)]} {number}",
        area=AREAS[number % len(AREAS)],
        point=_point(place),
        access_s=booking.access_s,
    )
    yield Client(
        id=f"c-{booking.id}",
        branch_id=BRANCH_ID,
        name=name,
        first_name=name.split(maxsplit=1)[0],
        phone=f"+6012{3_000_000 + number * 7_919 % 1_000_000}",
    )
    yield Address(id=f"a-{booking.id}", branch_id=BRANCH_ID, client_id=f"c-{booking.id}", building_id=f"p-{booking.id}")
    yield Booking(
        id=booking.id,
        branch_id=BRANCH_ID,
        day=problem.day,
        client_id=f"c-{booking.id}",
        address_id=f"a-{booking.id}",
        treatment_id=f"t-{booking.seats[0].techniques[0]}",
        minutes=booking.duration_s // 60,
        windows=booking.windows,
        seats=tuple(replace(seat, techniques=()) for seat in booking.seats),
        status=BookingStatus.CONFIRMED,
        preferred_therapists=booking.preferred_therapists,
        never_therapists=booking.never_therapists,
        priority=booking.priority,
        value_sen=booking.value_sen,
    )


def _therapist(problem: DayProblem, one: DayTherapist, number: int, name: str) -> Therapist:
    home = Place(name="home", area="", point=_point(problem.locations[number]))
    return Therapist(
        id=one.id,
        branch_id=BRANCH_ID,
        name=name,
        techniques=one.techniques,
        gender=one.gender,
        start_place=home,
        end_place=home,
        travel_mode=one.travel_mode,
        roster=Roster(
            pattern=tuple(DayPattern(weekday=weekday, shifts=one.shifts, breaks=one.breaks) for weekday in range(7))
        ),
        limits=one.limits,
        overtime_s=one.overtime_s,
        colour=number,
    )


def _point(place: Location) -> Point:
    return Point(lat=place.lat, lon=place.lon)
