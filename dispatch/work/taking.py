"""Taking a booking or an address together with what it is the first to name: all of it is kept, or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.rules.nouns import address_errors, booking_errors, building_errors
from dispatch.work.bookings import booking_context
from dispatch.work.clients import client_trouble, only_usual
from dispatch.work.doing import branch_of, find, record, refuse, tidy
from dispatch.work.flags import check_place
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing


def take_booking(
    services: Services,
    actor: Actor,
    booking: Booking,
    *,
    client: Client | None = None,
    address: Address | None = None,
    building: Building | None = None,
    unsafe_confirmed: bool = False,
) -> Booking:
    """Take a booking, with a new client, address and building where it names such; nothing is kept if anything is wrong.

    New things have an empty id and are given one; the booking then names them. Errors of a new client name their field
    as `client.name`, those of a new building `building.name`, of a new address `address.unit`. `BadInput` where a therapist
    told that the place is unsafe, unless `unsafe_confirmed` says that somebody looked into it, which is kept.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        added = take_in(tx, services, actor, booking, client=client, address=address, building=building)
        check_place(tx, services, actor, added, confirmed=unsafe_confirmed)
    return added


def take_in(
    tx: "Writing",
    services: Services,
    actor: Actor,
    booking: Booking,
    *,
    client: Client | None = None,
    address: Address | None = None,
    building: Building | None = None,
) -> Booking:
    """Take a booking as `take_booking` does, inside a transaction that does more."""
    allow(actor, Permission.BOOKINGS)
    if client or address or building:
        allow(actor, Permission.CLIENTS)
    errors: list[LaluanError] = []
    if client:
        client, found = _take_client(tx, services, actor, client)
        errors += found
        booking = replace(booking, client_id=client.id)
    if address:
        address = replace(address, client_id=booking.client_id)
        address, found = _take_address(tx, services, actor, address, building)
        errors += found
        booking = replace(booking, address_id=address.id)
    booking = replace(tidy(booking), id=booking.id or services.new_id(), branch_id=actor.branch_id, version=1)
    if booking.status not in PLANNED_STATUSES:
        raise BadInput("booking.not_new", field="status", status=booking.status.value)
    of_booking = booking_errors(booking, booking_context(tx, services, actor, booking, before=None))
    # What is wrong with a new client or address was said already; that the booking cannot name it goes without.
    named = {"client_id"} if client and errors else set[str]()
    if address and (errors or find(tx, actor, Address, address.id) is None):
        named |= {"address_id"}
    refuse([*errors, *(one for one in of_booking if one.values.get("field") not in named)])
    added = tx.insert(booking)
    record(tx, services, actor, "booking.added", booking.id)
    return added


def take_address(services: Services, actor: Actor, address: Address, *, building: Building | None = None) -> Address:
    """Give a client one more address, in a new building where one is handed in; both are kept, or nothing."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        kept, errors = _take_address(tx, services, actor, address, building)
        refuse(errors)
    return kept


def _take_client(
    tx: "Writing", services: Services, actor: Actor, client: Client
) -> tuple[Client, Sequence[LaluanError]]:
    client = tidy(client)
    first_name = client.first_name or (client.name.split() or [""])[0]
    client = replace(client, id=services.new_id(), branch_id=actor.branch_id, first_name=first_name, version=1)
    # A missing name is one thing to mend, although two fields would lack it.
    found = [one for one in client_trouble(tx, client) if client.name or one.values.get("field") != "first_name"]
    errors = _under("client", found)
    if not errors:
        tx.insert(client)
        record(tx, services, actor, "client.added", client.id)
    return client, errors


def _take_address(
    tx: "Writing", services: Services, actor: Actor, address: Address, building: Building | None
) -> tuple[Address, Sequence[LaluanError]]:
    errors: list[LaluanError] = []
    if building:
        building = replace(tidy(building), id=services.new_id(), branch_id=actor.branch_id, version=1)
        errors += _under("building", building_errors(building, branch=branch_of(tx, actor)))
        address = replace(address, building_id=building.id)
        if not errors:
            tx.insert(building)
            record(tx, services, actor, "building.added", building.id)
    address = replace(tidy(address), id=services.new_id(), branch_id=actor.branch_id, version=1)
    client = find(tx, actor, Client, address.client_id)
    known = find(tx, actor, Building, address.building_id)
    of_address = address_errors(address, client=client, building=building or known)
    # A missing client is the booking's to say.
    errors += _under("address", [one for one in of_address if one.values.get("field") != "client_id"])
    if not errors and client:
        only_usual(tx, tx.insert(address))
        record(tx, services, actor, "address.added", address.id, address.client_id)
    return address, errors


def _under(place: str, errors: Sequence[LaluanError]) -> list[LaluanError]:
    """Give the errors of a noun with its name before their fields."""
    return [
        type(error)(error.code, **{**error.values, "field": f"{place}.{error.values.get('field', '')}"})
        for error in errors
    ]
