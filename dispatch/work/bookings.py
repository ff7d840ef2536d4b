"""Bookings: see the day's, add, change, cancel, and take each through its states."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict
from dispatch.model.account import Actor
from dispatch.model.booking import PLANNED_STATUSES, Booking, Promise, may_become
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule, Technique, Treatment
from dispatch.model.day import HORIZON_S
from dispatch.model.decisions import Hold
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.rules.nouns import BookingContext, booking_errors
from dispatch.work.clients import searched
from dispatch.work.doing import branch_of, by_id, by_name, fetch, find, record, refuse, tidy, today
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


CLIENTS_FOUND = 20
"""As many clients as a search in a form shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingsOfDay:
    """The bookings of a service day by id, cancelled ones too, with everything their rows name."""

    day: date
    branch: Branch
    bookings: tuple[Booking, ...] = ()
    clients: dict[str, Client] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    buildings: dict[str, Building] = field(default_factory=dict)
    treatments: dict[str, Treatment] = field(default_factory=dict)
    therapists: dict[str, Therapist] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """One booking with everything its page names; `building` is its address's."""

    branch: Branch
    booking: Booking
    client: Client
    contact: Contact | None
    address: Address
    building: Building
    treatment: Treatment
    therapists: dict[str, Therapist] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingChoices:
    """What a booking's form may choose from, active things only, each sorted by name.

    Of the clients only the one chosen and those found; `addresses` and `contacts` are theirs, a usual address first, and
    contacts who belong to nobody. `more_clients` says how many a search found beyond these.
    """

    branch: Branch
    today: date
    clients: tuple[Client, ...] = ()
    more_clients: int = 0
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    buildings: dict[str, Building] = field(default_factory=dict)
    treatments: tuple[Treatment, ...] = ()
    techniques: tuple[Technique, ...] = ()
    therapists: tuple[Therapist, ...] = ()


def list_bookings(services: Services, actor: Actor, day: date) -> BookingsOfDay:
    """Give the bookings of a service day with what they name."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        bookings = tx.list(Booking, actor.branch_id, day=day)
        addresses = by_id(tx.list(Address, actor.branch_id, id=[booking.address_id for booking in bookings]))
        building_ids = [address.building_id for address in addresses.values()]
        return BookingsOfDay(
            day=day,
            branch=branch_of(tx, actor),
            bookings=bookings,
            clients=by_id(tx.list(Client, actor.branch_id, id=[booking.client_id for booking in bookings])),
            addresses=addresses,
            buildings=by_id(tx.list(Building, actor.branch_id, id=building_ids)),
            treatments=by_id(tx.list(Treatment, actor.branch_id)),
            therapists=by_id(tx.list(Therapist, actor.branch_id)),
        )


def booking_page(services: Services, actor: Actor, booking_id: str) -> BookingPage:
    """Give one booking with what it names."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        booking = fetch(tx, actor, Booking, booking_id)
        address = tx.get(Address, booking.address_id)
        return BookingPage(
            branch=branch_of(tx, actor),
            booking=booking,
            client=tx.get(Client, booking.client_id),
            contact=find(tx, actor, Contact, booking.contact_id),
            address=address,
            building=tx.get(Building, address.building_id),
            treatment=tx.get(Treatment, booking.treatment_id),
            therapists=by_id(tx.list(Therapist, actor.branch_id)),
        )


def booking_choices(
    services: Services, actor: Actor, *, client_id: str = "", search: str = "", limit: int = CLIENTS_FOUND
) -> BookingChoices:
    """Give what a booking's form may choose from: of the clients the one chosen, and those whom a search finds."""
    allow(actor, Permission.BOOKINGS)
    text, digits = searched(search)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        found = tx.search_clients(branch.id, text, digits, limit=limit, active_only=True) if text else ()
        chosen = find(tx, actor, Client, client_id)
        clients = by_id((*((chosen,) if chosen and chosen.active else ()), *found))
        whose = [*clients, *((client_id,) if chosen else ())]
        addresses = [one for one in tx.list(Address, branch.id, client_id=whose) if one.active]
        more = tx.count_clients(branch.id, text, digits, active_only=True) - len(found) if text else 0
        return BookingChoices(
            branch=branch,
            today=today(services, branch),
            clients=by_name(clients.values()),
            more_clients=more,
            contacts=by_name(
                (*tx.list(Contact, branch.id, client_id=whose), *tx.list(Contact, branch.id, client_id=""))
            ),
            addresses=tuple(sorted(addresses, key=lambda one: (not one.usual, one.id))),
            buildings=by_id(tx.list(Building, branch.id, id=[one.building_id for one in addresses])),
            treatments=by_name(treatment for treatment in tx.list(Treatment, branch.id) if treatment.active),
            techniques=by_name(tx.list(Technique, "")),
            therapists=by_name(therapist for therapist in tx.list(Therapist, branch.id) if therapist.active),
        )


def add_booking(services: Services, actor: Actor, booking: Booking) -> Booking:
    """Take a booking as requested or confirmed; an empty id is given one. Nothing is kept where anything is wrong."""
    allow(actor, Permission.BOOKINGS)
    booking = replace(tidy(booking), id=booking.id or services.new_id(), branch_id=actor.branch_id, version=1)
    with services.store.writing() as tx:
        if booking.status not in PLANNED_STATUSES:
            raise BadInput("booking.not_new", field="status", status=booking.status.value)
        refuse(booking_errors(booking, booking_context(tx, services, actor, booking, before=None)))
        added = tx.insert(booking)
        record(tx, services, actor, "booking.added", booking.id)
    return added


def change_booking(services: Services, actor: Actor, booking: Booking) -> Booking:
    """Change what a booking wishes for; its status, promise and cancelling have their own steps.

    `booking.version` is the one that was shown; `Conflict` where a colleague was faster, or where it is over.
    """
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Booking, booking.id)
        if before.status not in PLANNED_STATUSES:
            raise Conflict("booking.over", status=before.status.value)
        changed = replace(
            tidy(booking),
            branch_id=before.branch_id,
            status=before.status,
            promise=before.promise if booking.day == before.day else None,
            cancelled_reason=before.cancelled_reason,
        )
        refuse(booking_errors(changed, booking_context(tx, services, actor, changed, before=before)))
        kept = tx.update(changed)
        if booking.day != before.day:
            forget_day(tx, actor, before)
        record(tx, services, actor, "booking.changed", booking.id)
    return kept


def cancel_booking(services: Services, actor: Actor, booking_id: str, version: int, reason: str) -> Booking:
    """Cancel a booking, with the reason; its locks and holds are let go."""
    allow(actor, Permission.BOOKINGS)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Booking, booking_id)
        refuse(list(text_errors("cancelled_reason", tidy(reason), limit=NOTE_LENGTH, needed=True)))
        kept = step_booking(tx, before, BookingStatus.CANCELLED, version, cancelled_reason=tidy(reason))
        forget_day(tx, actor, before)
        record(tx, services, actor, "booking.cancelled", booking_id)
    return kept


def set_status(services: Services, actor: Actor, booking_id: str, version: int, status: BookingStatus) -> Booking:
    """Take a booking to another state its status machine allows; cancelling needs a reason and has its own step."""
    allow(actor, Permission.BOOKINGS)
    if status is BookingStatus.CANCELLED:
        raise BadInput("booking.reason_needed", field="status")
    with services.store.writing() as tx:
        before = fetch(tx, actor, Booking, booking_id)
        kept = step_booking(tx, before, status, version, cancelled_reason="")
        record(tx, services, actor, f"booking.{status}", booking_id)
    return kept


def set_promise(services: Services, actor: Actor, booking_id: str, version: int, start_s: int) -> Booking:
    """Note the start that was told to the client; lateness is measured against it from then on."""
    allow(actor, Permission.BOOKINGS)
    if not 0 <= start_s <= HORIZON_S:
        raise BadInput("booking.promise_outside_day", field="promise", start_s=start_s)
    with services.store.writing() as tx:
        before = fetch(tx, actor, Booking, booking_id)
        if before.status not in PLANNED_STATUSES:
            raise Conflict("booking.over", status=before.status.value)
        promise = Promise(start_s=start_s, told_at=services.now(), told_by=actor.id)
        kept = tx.update(replace(before, promise=promise, version=version))
        record(tx, services, actor, "booking.promised", booking_id)
    return kept


def step_booking(
    tx: "Writing", before: Booking, status: BookingStatus, version: int, *, cancelled_reason: str
) -> Booking:
    """Take one step of the status machine, or say that there is no such step; the watch over its visits looks again."""
    if not may_become(before.status, status):
        raise Conflict("booking.no_such_step", now=before.status.value, then=status.value)
    tx.stir_watches(before.branch_id, visit_ids=visits_of(before))
    return tx.update(replace(before, status=status, cancelled_reason=cancelled_reason, version=version))


def forget_day(tx: "Writing", actor: Actor, booking: Booking) -> None:
    """Let go of what was fixed or held for a booking that leaves its day."""
    for visit in visits_of(booking):
        tx.drop_lock(actor.branch_id, booking.day, visit)
    for hold in tx.list(Hold, actor.branch_id, booking_id=booking.id):
        tx.delete(hold)


def booking_context(
    tx: "Reading", services: Services, actor: Actor, booking: Booking, *, before: Booking | None
) -> BookingContext:
    """Give what a booking is judged with; a treatment that is no longer offered stays good for whoever has it."""
    branch = branch_of(tx, actor)
    address = find(tx, actor, Address, booking.address_id)
    had = {before.treatment_id, *(seat.treatment_id for seat in before.seats)} if before else set[str]()
    treatments = [one for one in tx.list(Treatment, branch.id) if one.active or one.id in had]
    others = tx.list(Booking, branch.id, day=booking.day)
    return BookingContext(
        branch=branch,
        today=today(services, branch),
        client=find(tx, actor, Client, booking.client_id),
        address=address,
        building=find(tx, actor, Building, address.building_id) if address else None,
        contact=find(tx, actor, Contact, booking.contact_id),
        treatments=by_id(treatments),
        techniques={technique.id for technique in tx.list(Technique, "")},
        therapists=by_id(tx.list(Therapist, branch.id)),
        price_rules=tx.list(PriceRule, branch.id),
        other_bookings={other.id for other in others if other.id != booking.id},
    )
