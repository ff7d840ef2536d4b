"""A small company made through the use cases: four therapists, three clients, two treatments, one branch."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.errors import NotFound
from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking, Seat, TimeWindow
from dispatch.model.catalogue import Complaint, Contraindication, PriceRule, Technique, Treatment
from dispatch.model.kinds import BreakKind, Gender, Role, TravelMode
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building, Point
from dispatch.model.therapist import Break, DayPattern, Place, Roster, Shift, Therapist
from dispatch.store import open_store
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table
from dispatch.work.accounts import actor_of, add_account, command_line
from dispatch.work.bookings import add_booking
from dispatch.work.branches import only_branch
from dispatch.work.catalogue import add_complaint, add_contraindication, add_price_rule, add_technique, add_treatment
from dispatch.work.clients import add_address, add_building, add_client, add_contact
from dispatch.work.services import Services
from dispatch.work.team import add_therapist

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution

DAY = date(2026, 11, 25)
"""A Wednesday; the clock of the tests starts at 09:00 that day in Kuala Lumpur."""
H = 3_600
PLACES = {
    "bangsar": Point(lat=3.1302, lon=101.6710),
    "klcc": Point(lat=3.1579, lon=101.7116),
    "ttdi": Point(lat=3.1412, lon=101.6300),
    "cheras": Point(lat=3.1068, lon=101.7259),
}


@dataclass(slots=True)
class Clock:
    """The time of a test, moved by hand."""

    moment: datetime = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Give the moment."""
        return self.moment

    def on(self, **lengths: int) -> None:
        """Let time pass."""
        self.moment += timedelta(**lengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The services with the people who work with them; `woken` counts how often the runner was woken."""

    services: Services
    clock: Clock
    owner: Actor
    dispatcher: Actor
    taker: Actor
    therapist: Actor
    woken: list[datetime]


def open_office(path: Path, first_id: int = 0) -> Office:
    """Open the office on a database file; ids count up from `first_id`."""
    clock = Clock()
    woken: list[datetime] = []
    ids = count(first_id)
    services = Services(
        store=open_store(f"sqlite:///{path}"),
        now=clock,
        travel=engine(load_table()),
        resolve_address=_resolve,
        new_id=lambda: f"id{next(ids):05}",
        wake=lambda: woken.append(clock()),
        secret="a secret of the tests",
    )
    return Office(
        services=services,
        clock=clock,
        owner=_actor("owner", Role.OWNER),
        dispatcher=_actor("dispatcher", Role.DISPATCHER),
        taker=_actor("taker", Role.BOOKING_TAKER),
        therapist=replace(_actor("t-aina", Role.THERAPIST), therapist_id="t-aina"),
        woken=woken,
    )


def _actor(name: str, role: Role) -> Actor:
    return Actor(id=name, branch_id="main", name=name, role=role)


def _resolve(text: str) -> "Resolution":
    raise NotFound("intake.place_unknown", text=text)


def found_company(office: Office) -> None:
    """Put the company into an empty store, all of it through the use cases."""
    services, owner = office.services, office.owner
    services.store.upgrade()
    branch = only_branch(services)
    first = command_line(branch.id)
    for name, role in (("owner", Role.OWNER), ("dispatcher", Role.DISPATCHER), ("taker", Role.BOOKING_TAKER)):
        account = Account(
            id=name, branch_id="", email=f"{name}@Test.Example", name=name, role=role, password_hash="hash", unique=""
        )
        assert actor_of(add_account(services, first, account)).role is role
    for technique in ("swedish", "deep_tissue", "prenatal"):
        add_technique(services, owner, Technique(id=technique, name=technique.replace("_", " ").title()))
    add_complaint(services, owner, Complaint(id="back", name="Back pain"))
    add_contraindication(
        services, owner, Contraindication(id="fever", name="Fever", question="Do you have a fever today?")
    )
    for treatment_id, technique in (("relax", "swedish"), ("deep", "deep_tissue"), ("mother", "prenatal")):
        add_treatment(services, owner, treatment(treatment_id, technique))
        for minutes, price_sen in ((60, 15_000), (90, 21_000)):
            add_price_rule(
                services,
                owner,
                PriceRule(
                    id=f"{treatment_id}-{minutes}",
                    branch_id="",
                    treatment_id=treatment_id,
                    minutes=minutes,
                    price_sen=price_sen,
                    valid_from=date(2026, 1, 1),
                ),
            )
    for one in (
        therapist("t-aina", "Aina", "bangsar"),
        therapist("t-bee", "Bee Ling", "klcc"),
        therapist("t-chandra", "Chandra", "ttdi", gender=Gender.MALE),
        replace(therapist("t-devi", "Devi", "cheras"), roster=Roster()),
    ):
        add_therapist(services, owner, one)
    for client_id, name, place in (
        ("c-lim", "Lim Mei Ling", "bangsar"),
        ("c-tan", "Tan Wei", "klcc"),
        ("c-siti", "Siti Aminah", "ttdi"),
    ):
        add_client(services, owner, Client(id=client_id, branch_id="", name=name, first_name="", phone="+60123456789"))
        add_building(services, owner, building(f"b-{place}", place))
        add_address(
            services,
            owner,
            Address(id=f"a-{client_id}", branch_id="", client_id=client_id, building_id=f"b-{place}", unit="B-12-3"),
        )
    add_contact(services, owner, Contact(id="k-door", branch_id="", name="Puan Rosnah", client_id="c-lim"))


def treatment(treatment_id: str, technique: str) -> Treatment:
    """Give a treatment of 60 or 90 minutes."""
    return Treatment(
        id=treatment_id, branch_id="", name=treatment_id.title() or "New", techniques=(technique,), minutes=(60, 90)
    )


def therapist(therapist_id: str, name: str, place: str, *, gender: Gender = Gender.FEMALE) -> Therapist:
    """Give a therapist who works every day from 10:00 to 22:00 with a meal in between, from a place and back."""
    home = Place(name=f"{name}'s home", area=place.upper(), point=PLACES[place])
    meal = Break(id="meal", kind=BreakKind.MEAL, duration_s=1_800, earliest_s=13 * H, latest_s=18 * H)
    day = (Shift(start_s=10 * H, end_s=22 * H),)
    return Therapist(
        id=therapist_id,
        branch_id="",
        name=name,
        techniques=("swedish", "deep_tissue"),
        gender=gender,
        start_place=home,
        end_place=home,
        travel_mode=TravelMode.CAR,
        roster=Roster(pattern=tuple(DayPattern(weekday=number, shifts=day, breaks=(meal,)) for number in range(7))),
    )


def building(building_id: str, place: str) -> Building:
    """Give a building at a place."""
    return Building(
        id=building_id,
        branch_id="",
        name=f"{place.title()} Residence",
        area=place.upper(),
        point=PLACES[place],
        gate_note="Register with the guard",
        guard_words="Saya datang untuk unit B-12-3",
    )


def booking(booking_id: str, client_id: str = "c-lim", start: int = 14, end: int = 16, **other: object) -> Booking:
    """Give a booking of 60 minutes of relaxing that starts between two full hours of the day."""
    plain = Booking(
        id=booking_id,
        branch_id="",
        day=DAY,
        client_id=client_id,
        address_id=f"a-{client_id}",
        treatment_id="relax",
        minutes=60,
        windows=(TimeWindow(start_s=start * H, end_s=end * H),),
    )
    return replace(plain, **other)  # type: ignore[arg-type]


COUPLE = (Seat(), Seat())


def take_bookings(office: Office) -> None:
    """Take four bookings that the three therapists on duty can serve, one of them a couple's."""
    for one in (
        booking("b1"),
        booking("b2", "c-tan"),
        booking("b3", "c-siti", 16, 19, seats=COUPLE),
        booking("b4", "c-tan", 19, 20, treatment_id="deep", minutes=90),
    ):
        add_booking(office.services, office.taker, one)


def take_full_day(office: Office) -> None:
    """Take far more bookings, couples among them, than three therapists can serve: no plan is soon proven best."""
    clients = ("c-lim", "c-tan", "c-siti")
    for number in range(36):
        start = 10 + number % 10
        add_booking(
            office.services,
            office.taker,
            booking(
                f"full{number:02}",
                clients[number % 3],
                start,
                start + 2,
                minutes=(60, 90)[number % 2],
                seats=COUPLE if number % 3 else (Seat(),),
                preferred_therapists=("t-bee",) if number % 5 == 0 else (),
            ),
        )
