"""Clients with their contacts and addresses, and the buildings they live in."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Account, Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.health import Health
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import address_errors, building_errors, client_errors, contact_errors
from dispatch.work.doing import branch_of, by_id, by_name, fetch, find, record, refuse, tidy, today
from dispatch.work.health import keep_sealed, new_consent, unasked_errors
from dispatch.work.history import last_visit, real_lengths
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.errors import LaluanError
    from dispatch.intake.address import Resolution
    from dispatch.store import Reading, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPage:
    """One client with her contacts, addresses, their buildings by id, and her bookings, newest first.

    Her usual address is the first. `last_therapist` came to her last, on `last_day`; `merged_into` is the client she
    turned out to be, and `recorded_by` the name of who noted her consent. `took_s` is how long her treatments really took, by booking.
    """

    client: Client
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    buildings: dict[str, Building] = field(default_factory=dict)
    bookings: tuple[Booking, ...] = ()
    last_therapist: Therapist | None = None
    last_day: date | None = None
    merged_into: Client | None = None
    recorded_by: str = ""
    took_s: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClients:
    """The first clients a search finds, by name, and how many there are of them altogether."""

    clients: tuple[Client, ...] = ()
    count: int = 0


def list_clients(services: Services, actor: Actor, *, search: str = "", limit: int = 100_000) -> tuple[Client, ...]:
    """Give the clients whose name or phone holds what is searched, sorted by name."""
    return find_clients(services, actor, search=search, limit=limit).clients


def find_clients(services: Services, actor: Actor, *, search: str = "", limit: int = 100) -> FoundClients:
    """Give the first clients whose name or phone holds what is searched, and how many there are.

    The names that begin with it come first. The database searches: only those given are read, however many there are.
    """
    allow(actor, Permission.CLIENTS)
    text, digits = searched(search)
    with services.store.reading() as tx:
        return FoundClients(
            clients=tx.search_clients(actor.branch_id, text, digits, limit=limit),
            count=tx.count_clients(actor.branch_id, text, digits),
        )


def searched(search: str) -> tuple[str, str]:
    """Give what is searched as part of a folded name, and as part of a phone number where it may be one."""
    text = unicodedata.normalize("NFC", search).strip().casefold()[:80]
    digits = "".join(c for c in text if c.isdigit()).lstrip("0")
    return text, digits if len(digits) >= 3 else ""


def client_page(services: Services, actor: Actor, client_id: str) -> ClientPage:
    """Give one client with everything that hangs on her."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        client = fetch(tx, actor, Client, client_id)
        addresses = tx.list(Address, actor.branch_id, client_id=client_id)
        bookings = tx.list(Booking, actor.branch_id, client_id=client_id)
        last = last_visit(tx, actor.branch_id, bookings, today(services, branch_of(tx, actor)))
        noted_by = find(tx, actor, Account, client.consent.recorded_by) if client.consent else None
        return ClientPage(
            client=client,
            last_therapist=find(tx, actor, Therapist, last[1]) if last else None,
            last_day=last[0].day if last else None,
            merged_into=find(tx, actor, Client, client.merged_into),
            recorded_by=noted_by.name if noted_by else "",
            contacts=by_name(tx.list(Contact, actor.branch_id, client_id=client_id)),
            addresses=tuple(sorted(addresses, key=lambda one: (not one.active, not one.usual, one.id))),
            buildings=by_id(tx.list(Building, actor.branch_id, id=[one.building_id for one in addresses])),
            bookings=tuple(sorted(bookings, key=lambda one: (one.day, one.id), reverse=True)),
            took_s=real_lengths(tx, actor.branch_id, bookings),
        )


def add_client(
    services: Services, actor: Actor, client: Client, *, health: Health | None = None, agrees_in: str = ""
) -> Client:
    """Take up a client; an empty id is given one, an empty first name is the name's first word.

    What she says of her `health` is kept sealed beside her, and only where she agrees to that; `agrees_in` is the
    language in which she was told and agreed.
    """
    allow(actor, Permission.CLIENTS)
    client = tidy(client)
    client = replace(
        client,
        id=client.id or services.new_id(),
        branch_id=actor.branch_id,
        first_name=client.first_name or (client.name.split() or [""])[0],
        consent=new_consent(actor, agrees_in, services.now()) if agrees_in else client.consent,
        version=1,
    )
    with services.store.writing() as tx:
        refuse([*client_trouble(tx, client), *unasked_errors(tx, client, health or Health())])
        added = tx.insert(client)
        if health is not None and health != Health():
            keep_sealed(tx, services, added, tidy(health))
        record(tx, services, actor, "client.added", client.id)
    return added


def change_client(services: Services, actor: Actor, client: Client) -> Client:
    """Change a client; `client.version` is the one that was shown, `Conflict` where a colleague was faster.

    What she agreed to has its own step, and so has being another client's double: both stay as they are.
    """
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Client, client.id)
        changed = replace(
            tidy(client),
            branch_id=before.branch_id,
            consent=before.consent,
            past_consents=before.past_consents,
            not_same_as=before.not_same_as,
            merged_into=before.merged_into,
        )
        refuse(client_trouble(tx, changed))
        kept = tx.update(changed)
        record(tx, services, actor, "client.changed", client.id)
    return kept


def client_trouble(tx: "Reading", client: Client) -> "list[LaluanError]":
    """Give what is wrong with a client, judged with the company's therapists and catalogue."""
    return client_errors(client, therapists={one.id for one in tx.list(Therapist, client.branch_id)})


def list_contacts(services: Services, actor: Actor) -> tuple[Contact, ...]:
    """Give the contacts sorted by name."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        return by_name(tx.list(Contact, actor.branch_id))


def add_contact(services: Services, actor: Actor, contact: Contact) -> Contact:
    """Take up a person who books or opens the door; an empty id is given one."""
    allow(actor, Permission.CLIENTS)
    contact = replace(tidy(contact), id=contact.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        refuse(contact_errors(contact, client=find(tx, actor, Client, contact.client_id)))
        added = tx.insert(contact)
        record(tx, services, actor, "contact.added", contact.id)
    return added


def change_contact(services: Services, actor: Actor, contact: Contact) -> Contact:
    """Change a contact; `contact.version` is the one that was shown."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Contact, contact.id)
        changed = replace(tidy(contact), branch_id=before.branch_id)
        refuse(contact_errors(changed, client=find(tx, actor, Client, changed.client_id)))
        kept = tx.update(changed)
        record(tx, services, actor, "contact.changed", contact.id)
    return kept


def add_address(services: Services, actor: Actor, address: Address) -> Address:
    """Give a client one more place to be treated at; an empty id is given one."""
    allow(actor, Permission.CLIENTS)
    address = replace(tidy(address), id=address.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        refuse(_address_errors(tx, actor, address))
        added = tx.insert(address)
        only_usual(tx, added)
        record(tx, services, actor, "address.added", address.id, address.client_id)
    return added


def change_address(services: Services, actor: Actor, address: Address) -> Address:
    """Change an address, which stays its client's; `address.version` is the one that was shown."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Address, address.id)
        changed = replace(tidy(address), branch_id=before.branch_id, client_id=before.client_id)
        refuse(_address_errors(tx, actor, changed))
        kept = tx.update(changed)
        only_usual(tx, kept)
        record(tx, services, actor, "address.changed", address.id, address.client_id)
    return kept


def only_usual(tx: "Writing", address: Address) -> None:
    """Where an address is its client's usual one, let no other of hers be it."""
    others = tx.list(Address, address.branch_id, client_id=address.client_id) if address.usual else ()
    for other in others:
        if other.usual and other.id != address.id:
            tx.update(replace(other, usual=False))


def _address_errors(tx: "Reading", actor: Actor, address: Address) -> "list[LaluanError]":
    return address_errors(
        address,
        client=find(tx, actor, Client, address.client_id),
        building=find(tx, actor, Building, address.building_id),
    )


def list_buildings(services: Services, actor: Actor, *, search: str = "") -> tuple[Building, ...]:
    """Give the buildings sorted by name; `search` keeps those whose name, street or area holds it."""
    allow(actor, Permission.CLIENTS)
    wanted = search.strip().casefold()
    with services.store.reading() as tx:
        return by_name(
            building
            for building in tx.list(Building, actor.branch_id)
            if wanted in f"{building.name}\n{building.street}\n{building.area}".casefold()
        )


def get_building(services: Services, actor: Actor, building_id: str) -> Building:
    """Give one building."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        return fetch(tx, actor, Building, building_id)


def add_building(services: Services, actor: Actor, building: Building) -> Building:
    """Take up a building inside the service area; an empty id is given one."""
    allow(actor, Permission.CLIENTS)
    building = replace(tidy(building), id=building.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        refuse(building_errors(building, branch=branch_of(tx, actor)))
        added = tx.insert(building)
        record(tx, services, actor, "building.added", building.id)
    return added


def change_building(services: Services, actor: Actor, building: Building) -> Building:
    """Change what is known of a building; `building.version` is the one that was shown."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Building, building.id)
        changed = replace(tidy(building), branch_id=before.branch_id)
        branch: Branch = branch_of(tx, actor)
        refuse(building_errors(changed, branch=branch))
        kept = tx.update(changed)
        record(tx, services, actor, "building.changed", building.id)
    return kept


def find_place(services: Services, actor: Actor, text: str) -> "Resolution":
    """Give what the words of an address resolve to: a point with its precision, and the other places it may be."""
    allow(actor, Permission.CLIENTS)
    return services.resolve_address(text)
