"""The demo company as nouns, read from `data/demo/`; the same for the same day and moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.decisions import Hold, Lock
from dispatch.model.facts import Event
from dispatch.model.health import Health
from dispatch.model.kinds import Role
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.work.demo_bookings import demo_booking, demo_hold, demo_lock, demo_past
from dispatch.work.demo_care import DemoCare, demo_care
from dispatch.work.demo_files import read
from dispatch.work.demo_people import (
    demo_address,
    demo_buildings,
    demo_client,
    demo_clients,
    demo_consent,
    demo_contact,
    demo_health,
    demo_therapist,
)
from dispatch.work.starter import clock_s


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """One sign-in of the demo, with the password that is printed."""

    id: str
    email: str
    name: str
    role: Role
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoNouns:
    """The whole demo company; each lock goes with the service day of its booking."""

    branch: Branch
    accounts: tuple[DemoAccount, ...]
    therapists: tuple[Therapist, ...]
    buildings: tuple[Building, ...]
    clients: tuple[Client, ...]
    health: tuple[tuple[str, Health], ...]
    contacts: tuple[Contact, ...]
    addresses: tuple[Address, ...]
    bookings: tuple[Booking, ...]
    care: tuple[DemoCare, ...]
    holds: tuple[Hold, ...]
    locks: tuple[Lock, ...]
    events: tuple[Event, ...]


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Give the demo's sign-ins as they are printed."""
    return tuple(
        DemoAccount(
            id=entry["id"],
            email=entry["email"],
            name=entry["name"],
            role=Role(entry["role"]),
            password=entry["password"],
        )
        for entry in read("company")["accounts"]
    )


def demo_nouns(day: date, now: datetime) -> DemoNouns:
    """Give every noun of the demo for a service day, made at a moment (aware)."""
    company = read("company")
    branch = demo_branch()
    clients = demo_clients()
    raw = read("bookings")
    bookings: list[Booking] = []
    days = (("today", day), ("tomorrow", day + timedelta(days=1)))
    for part, service_day in days:
        bookings.extend(demo_booking(branch, entry, service_day, now) for entry in raw[part])
    past = list(demo_past(branch, raw["history"], day))
    consent = company["consent"]
    given_at = now - timedelta(days=consent["days_ago"])
    return DemoNouns(
        branch=branch,
        accounts=demo_accounts(),
        therapists=tuple(
            demo_therapist(branch, entry, day, colour)
            for colour, entry in enumerate(read("therapists")["therapists"], 1)
        ),
        buildings=tuple(demo_buildings(branch, clients)),
        clients=tuple(demo_client(branch, entry, demo_consent(consent, given_at, entry)) for entry in clients),
        health=tuple((entry["id"], demo_health(entry)) for entry in clients),
        contacts=tuple(demo_contact(branch, entry) for entry in clients if "contact" in entry),
        addresses=tuple(demo_address(branch, entry) for entry in clients),
        bookings=(*bookings, *(booking for booking, _ in past)),
        care=tuple(demo_care(branch, [booking for booking, _ in past])),
        holds=tuple(
            demo_hold(branch, entry, service_day, now)
            for part, service_day in days
            for entry in raw[part]
            if "hold" in entry
        ),
        locks=tuple(demo_lock(entry) for part, _ in days for entry in raw[part] if "lock" in entry),
        events=tuple(event for _, events in past for event in events),
    )


def demo_branch() -> Branch:
    """Give the demo's branch."""
    entry = read("company")["branch"]
    return Branch(
        id=entry["id"],
        name=entry["name"],
        phone=entry["phone"],
        opens_s=clock_s(entry["opens"]),
        closes_s=clock_s(entry["closes"]),
    )
