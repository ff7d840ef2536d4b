"""Finds what a chat speaks of among what the company has: the client by her phone, her places, treatments, therapists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.catalogue import Treatment
from dispatch.model.facts import fold
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.work.doing import by_id, by_name
from dispatch.work.history import published_plan, visits_of

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddress:
    """A client's place as a list shows it."""

    address_id: str
    client_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPeople:
    """Who may have written: clients of a number or name, their places, and the contact who wrote for one of them.

    `client_id` is set where there is no doubt.
    """

    clients: tuple[Client, ...] = ()
    addresses: tuple[KnownAddress, ...] = ()
    client_id: str = ""
    contact_id: str = ""


def people_of(tx: "Reading", branch_id: str, *, phone: str, name: str) -> KnownPeople:
    """Give who a phone belongs to; several are told apart by the name, and one alone is known by the phone only.

    Without a phone those of exactly this name are given, and none of them is taken for granted.
    """
    contacts = tx.list(Contact, branch_id, phone=phone) if phone else ()
    found = [one for one in (tx.list(Client, branch_id, phone=phone) if phone else ()) if one.active]
    contact_id = ""
    if not found and contacts:
        found = [one for one in tx.list(Client, branch_id, id=[one.client_id for one in contacts]) if one.active]
        contact_id = contacts[0].id if len(found) == 1 else ""
    if not found and not phone and name:
        found = [one for one in tx.list(Client, branch_id) if one.active and _is_called(one, name)]
        return KnownPeople(clients=by_name(found), addresses=_addresses(tx, branch_id, found))
    called = [one for one in found if name and _is_called(one, name)]
    sure = found if len(found) == 1 else called
    return KnownPeople(
        clients=by_name(found),
        addresses=_addresses(tx, branch_id, found),
        client_id=sure[0].id if len(sure) == 1 else "",
        contact_id=contact_id,
    )


def treatment_of(treatments: Iterable[Treatment], code: str) -> Treatment | None:
    """Give the catalogue's treatment that a code of the reader means: of this id, or of this name."""
    plain = code.replace("_", " ").casefold()
    for one in treatments:
        if one.id in {code, f"{one.branch_id}-{code}"} or one.name.casefold() == plain:
            return one
    return None


def suited(treatments: Sequence[Treatment], complaints: Sequence[str]) -> tuple[Treatment, ...]:
    """Give the treatments that suit every complaint, those made for the fewest others first."""
    fitting = [one for one in treatments if complaints and set(complaints) <= set(one.suits)]
    return tuple(sorted(fitting, key=lambda one: (len(one.suits), one.name.casefold())))


def therapists_called(therapists: Iterable[Therapist], name: str) -> tuple[Therapist, ...]:
    """Give the therapists whose name is this one, or has it as a word."""
    plain = name.casefold().strip()
    whole = [one for one in therapists if one.name.casefold() == plain]
    return tuple(whole or [one for one in therapists if plain and plain in one.name.casefold().split()])


def last_therapist(tx: "Reading", branch_id: str, client_id: str, before: date) -> str:
    """Give who came to a client last, as reported or as published; nothing where nobody did."""
    past = [one for one in tx.list(Booking, branch_id, client_id=client_id) if one.day < before]
    for booking in sorted(past, key=lambda one: one.day, reverse=True):
        visits = visits_of(booking)
        for fact in fold(tx.events(branch_id, visits)):
            return fact.therapist_id
        plan = published_plan(tx, branch_id, booking.day)
        for route in plan.routes if plan else ():
            if set(route.visit_ids()) & set(visits):
                return route.therapist_id
    return ""


def open_bookings(
    tx: "Reading", branch_id: str, people: KnownPeople, day: date | None, today: date
) -> tuple[Booking, ...]:
    """Give the bookings a change or cancellation may mean: hers to come, those of the day named first.

    Where nobody is known, none is given.
    """
    ids = {people.client_id} if people.client_id else {one.id for one in people.clients}
    found = tx.list(Booking, branch_id, client_id=ids) if ids else ()
    coming = [one for one in found if one.day >= today and one.status in PLANNED_STATUSES]
    return tuple(sorted(coming, key=lambda one: (one.day != day, one.day, one.windows[0].start_s, one.id)))


def _addresses(tx: "Reading", branch_id: str, clients: Sequence[Client]) -> tuple[KnownAddress, ...]:
    ids = {one.id for one in clients}
    found = [one for one in tx.list(Address, branch_id, client_id=ids) if one.active] if ids else []
    buildings = by_id(tx.list(Building, branch_id, id=[one.building_id for one in found]))
    return tuple(
        KnownAddress(
            address_id=one.id,
            client_id=one.client_id,
            name=", ".join(part for part in (buildings[one.building_id].name, one.tower, one.unit) if part),
        )
        for one in found
    )


def _is_called(client: Client, name: str) -> bool:
    plain = name.casefold().split()
    return bool(plain) and (
        set(plain) <= set(client.name.casefold().split()) or plain == client.first_name.casefold().split()
    )
