"""Clients with their contacts and addresses, and the buildings they live in."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Complaint, Contraindication
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import address_errors, building_errors, client_errors, contact_errors
from dispatch.work.doing import branch_of, by_id, by_name, fetch, find, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.errors import LaluanError
    from dispatch.intake.address import Resolution
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPage:
    """One client with her contacts, addresses, their buildings by id, and her bookings, newest first."""

    client: Client
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    buildings: dict[str, Building] = field(default_factory=dict)
    bookings: tuple[Booking, ...] = ()


def list_clients(services: Services, actor: Actor, *, search: str = "") -> tuple[Client, ...]:
    """Give the clients sorted by name; `search` keeps those whose name or phone holds it."""
    allow(actor, Permission.CLIENTS)
    wanted = search.strip().casefold()
    digits = "".join(c for c in wanted if c.isdigit()).lstrip("0")
    with services.store.reading() as tx:
        return by_name(
            client
            for client in tx.list(Client, actor.branch_id)
            if not wanted or wanted in client.name.casefold() or (len(digits) >= 3 and digits in client.phone)
        )


def client_page(services: Services, actor: Actor, client_id: str) -> ClientPage:
    """Give one client with everything that hangs on her."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        client = fetch(tx, actor, Client, client_id)
        addresses = tx.list(Address, actor.branch_id, client_id=client_id)
        bookings = tx.list(Booking, actor.branch_id, client_id=client_id)
        return ClientPage(
            client=client,
            contacts=by_name(tx.list(Contact, actor.branch_id, client_id=client_id)),
            addresses=addresses,
            buildings=by_id(tx.list(Building, actor.branch_id, id=[one.building_id for one in addresses])),
            bookings=tuple(sorted(bookings, key=lambda one: (one.day, one.id), reverse=True)),
        )


def add_client(services: Services, actor: Actor, client: Client) -> Client:
    """Take up a client; an empty id is given one, an empty first name is the name's first word."""
    allow(actor, Permission.CLIENTS)
    client = tidy(client)
    client = replace(
        client,
        id=client.id or services.new_id(),
        branch_id=actor.branch_id,
        first_name=client.first_name or (client.name.split() or [""])[0],
        version=1,
    )
    with services.store.writing() as tx:
        refuse(client_trouble(tx, client))
        added = tx.insert(client)
        record(tx, services, actor, "client.added", client.id)
    return added


def change_client(services: Services, actor: Actor, client: Client) -> Client:
    """Change a client; `client.version` is the one that was shown, `Conflict` where a colleague was faster."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Client, client.id)
        changed = replace(tidy(client), branch_id=before.branch_id)
        refuse(client_trouble(tx, changed))
        kept = tx.update(changed)
        record(tx, services, actor, "client.changed", client.id)
    return kept


def client_trouble(tx: "Reading", client: Client) -> "list[LaluanError]":
    """Give what is wrong with a client, judged with the company's therapists and catalogue."""
    return client_errors(
        client,
        therapists={therapist.id for therapist in tx.list(Therapist, client.branch_id)},
        complaints={complaint.id for complaint in tx.list(Complaint, "")},
        contraindications={one.id for one in tx.list(Contraindication, "")},
    )


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
        record(tx, services, actor, "address.changed", address.id, address.client_id)
    return kept


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
