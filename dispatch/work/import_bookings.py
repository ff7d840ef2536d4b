"""Turns the rows of a bookings table into clients, buildings, addresses and bookings, or into errors by row and column."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, Seat, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule, Technique, Treatment
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.said import said
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import BookingContext, address_errors, booking_errors, building_errors, client_errors
from dispatch.work.doing import by_id, tidy, today
from dispatch.work.import_cells import one_of, read_date, read_gender, read_list, read_number, read_time
from dispatch.work.import_columns import Mapped, Row
from dispatch.work.import_rows import Errors
from dispatch.work.places import said_unit
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution
    from dispatch.store import Reading

COLUMN_OF = {
    "day": "date",
    "client_id": "client",
    "address_id": "place",
    "treatment_id": "treatment",
    "minutes": "minutes",
    "windows": "from",
    "seats": "therapists",
    "late_tolerance_s": "late_minutes",
    "only_therapists": "only",
    "preferred_therapists": "preferred",
    "never_therapists": "never",
    "priority": "priority",
    "note": "note",
}
"""The column in which each field of a booking was written."""

Nouns = list[Client | Building | Address | Booking]


@dataclass(slots=True)
class _Desk:
    """What is there already, and what the rows so far add to it."""

    branch: Branch
    today: date
    services: Services
    places: "dict[str, Resolution | LaluanError]"
    treatments: dict[str, Treatment]
    therapists: dict[str, Therapist]
    techniques: frozenset[str]
    price_rules: tuple[PriceRule, ...]
    clients: dict[str, Client]
    by_phone: dict[str, Client]
    buildings: dict[str, Building]
    addresses: dict[tuple[str, str, str], Address]
    wishes: set[tuple[str, date, str, tuple[TimeWindow, ...]]]
    added: Nouns = field(default_factory=list)


def read_bookings(
    tx: "Reading",
    services: Services,
    actor: Actor,
    mapped: Mapped,
    places: "dict[str, Resolution | LaluanError]",
) -> tuple[Nouns, Errors]:
    """Give everything the table adds, in an order in which it can be inserted, and everything wrong with it."""
    desk, errors = _desk(tx, services, actor, places), Errors(mapped)
    for row in mapped.rows:
        _read_row(desk, row, errors)
    return desk.added, errors


def _desk(tx: "Reading", services: Services, actor: Actor, places: "dict[str, Resolution | LaluanError]") -> _Desk:
    branch = tx.get(Branch, actor.branch_id)
    clients = [client for client in tx.list(Client, branch.id) if client.active]
    return _Desk(
        branch=branch,
        today=today(services, branch),
        services=services,
        places=places,
        treatments={one.id: one for one in tx.list(Treatment, branch.id) if one.active},
        therapists={one.id: one for one in tx.list(Therapist, branch.id) if one.active},
        techniques=frozenset(one.id for one in tx.list(Technique, "")),
        price_rules=tx.list(PriceRule, branch.id),
        clients=by_id(clients),
        by_phone={client.phone: client for client in reversed(clients) if client.phone},
        buildings={building.name.casefold(): building for building in reversed(tx.list(Building, branch.id))},
        addresses={
            (one.client_id, one.building_id, one.unit.casefold()): one
            for one in tx.list(Address, branch.id)
            if one.active
        },
        wishes={
            (booking.client_id, booking.day, booking.treatment_id, booking.windows)
            for booking in tx.list(Booking, branch.id)
            if booking.status is not BookingStatus.CANCELLED
        },
    )


def _read_row(desk: _Desk, row: Row, errors: Errors) -> None:
    """Read one row; what it adds is kept only where nothing in it is wrong, so that errors of later rows stay true."""
    before = len(errors.found) + errors.more
    new: Nouns = []
    client = _client(desk, row, errors, new)
    building = errors.read(row, "place", lambda text: _building(desk, text, new), needed=True)
    booking = _booking(desk, row, errors)
    if client is None or building is None or booking is None:
        return
    address = _address(desk, row, client, building, new)
    for key, found in (
        ("client", _client_errors(desk, client) if client in new else []),
        ("place", building_errors(building, branch=desk.branch) if building in new else []),
        ("unit", address_errors(address, client=client, building=building) if address in new else []),
    ):
        for error in found:
            errors.add(row, "phone" if error.values.get("field") == "phone" else key, error)
    booking = tidy(replace(booking, client_id=client.id, address_id=address.id))
    for error in booking_errors(booking, _context(desk, client, address, building)):
        errors.add(row, COLUMN_OF.get(str(error.values.get("field")), ""), error)
    wish = (client.id, booking.day, booking.treatment_id, booking.windows)
    if wish in desk.wishes:
        errors.add(row, "client", BadInput("import.same_booking", value=client.name, day=booking.day.isoformat()))
    if len(errors.found) + errors.more == before:
        desk.wishes.add(wish)
        _keep(desk, [*new, booking])


def _keep(desk: _Desk, nouns: Nouns) -> None:
    """Let the rows after this one find what it adds."""
    for noun in nouns:
        desk.added.append(noun)
        if isinstance(noun, Client):
            desk.clients[noun.id] = noun
            if noun.phone:
                desk.by_phone[noun.phone] = noun
        elif isinstance(noun, Building):
            desk.buildings[noun.name.casefold()] = noun
        elif isinstance(noun, Address):
            desk.addresses[noun.client_id, noun.building_id, noun.unit.casefold()] = noun


def _client(desk: _Desk, row: Row, errors: Errors, new: Nouns) -> Client | None:
    """Find the row's client by phone, or by name where no phone is given, or make a new one."""
    name = errors.read(row, "client", str, needed=True)
    phone = errors.read(row, "phone", _phone)
    if name is None or phone is None:
        return None
    if phone and phone in desk.by_phone:
        known = desk.by_phone[phone]
        if name.casefold() not in {known.name.casefold(), known.first_name.casefold()}:
            errors.note(row, "client", said("import.known_by_phone", value=name[:60], known=known.name))
        return known
    same_name = [one for one in desk.clients.values() if one.name.casefold() == name.casefold()]
    if not phone and len(same_name) > 1:
        errors.add(row, "client", BadInput("import.several_clients", value=name[:60]))
        return None
    if same_name and not phone:
        return same_name[0]
    client = tidy(
        Client(
            id=desk.services.new_id(),
            branch_id=desk.branch.id,
            name=name,
            first_name=name.split()[0],
            phone=phone,
        )
    )
    new.append(client)
    return client


def _phone(text: str) -> str:
    """Read a phone number into its international form; none is fine."""
    from dispatch.intake.phones import parse_phone

    return parse_phone(text).e164 if text else ""


def _building(desk: _Desk, text: str, new: Nouns) -> Building:
    """Find a building by its name, or make one from what its words resolve to."""
    known = desk.buildings.get(text.casefold())
    if known is not None:
        return known
    place = desk.places[text]
    if isinstance(place, LaluanError):
        raise place
    name = place.label or text
    known = desk.buildings.get(name.casefold())
    if known is not None:
        return known
    building = tidy(
        Building(
            id=desk.services.new_id(),
            branch_id=desk.branch.id,
            name=name,
            # A pin far from every known place has no area; its own text is better than nothing to say.
            area=place.area or name,
            point=place.point,
            precision=place.precision,
            postcode=place.postcode,
            source=place.source,
        )
    )
    new.append(building)
    return building


def _address(desk: _Desk, row: Row, client: Client, building: Building, new: Nouns) -> Address:
    """Find the client's address in the building, or make one."""
    unit = row.cells["unit"] or said_unit(row.cells["place"])
    known = desk.addresses.get((client.id, building.id, unit.casefold()))
    if known is not None:
        return known
    address = tidy(
        Address(
            id=desk.services.new_id(),
            branch_id=desk.branch.id,
            client_id=client.id,
            building_id=building.id,
            unit=unit,
        )
    )
    new.append(address)
    return address


def _booking(desk: _Desk, row: Row, errors: Errors) -> Booking | None:
    """Read the wish itself; client and address are filled in later."""
    day = errors.read(row, "date", read_date, needed=True)
    treatment = errors.read(row, "treatment", lambda text: _treatment(desk, text), needed=True)
    minutes = errors.read(row, "minutes", read_number, needed=True)
    start_s = errors.read(row, "from", read_time, needed=True)
    end_s = errors.read(row, "to", lambda text: read_time(text) if text else start_s or 0)
    seats = errors.read(row, "therapists", _seats)
    gender = errors.read(row, "gender", lambda text: (read_gender(text),))
    only = errors.read(row, "only", lambda text: _therapists(desk, text))
    preferred = errors.read(row, "preferred", lambda text: _therapists(desk, text))
    never = errors.read(row, "never", lambda text: _therapists(desk, text))
    late = errors.read(row, "late_minutes", lambda text: read_number(text, default=0))
    priority = errors.read(row, "priority", lambda text: read_number(text, default=0))
    if day is None or treatment is None or minutes is None or start_s is None or end_s is None:
        return None
    if seats is None or gender is None or only is None or preferred is None or never is None:
        return None
    if late is None or priority is None:
        return None
    return Booking(
        id=desk.services.new_id(),
        branch_id=desk.branch.id,
        day=day,
        client_id="",
        address_id="",
        treatment_id=treatment,
        minutes=minutes,
        windows=(TimeWindow(start_s=start_s, end_s=end_s),),
        seats=(Seat(only_gender=gender[0]),) * seats,
        late_tolerance_s=late * 60,
        only_therapists=only,
        preferred_therapists=preferred,
        never_therapists=never,
        priority=priority,
        note=row.cells["note"],
    )


def _seats(text: str) -> int:
    """Read how many therapists come at once: one to six."""
    seats = read_number(text, default=1)
    if not 1 <= seats <= 6:
        raise BadInput("import.no_seats", value=text[:40])
    return seats


def _treatment(desk: _Desk, text: str) -> str:
    """Find a treatment by its name."""
    return one_of(text, [(one.id, one.name) for one in desk.treatments.values()], "import.unknown_treatment")


def _therapists(desk: _Desk, text: str) -> tuple[str, ...]:
    """Find therapists by their names, separated by semicolons."""
    named: Sequence[tuple[str, str]] = [(one.id, one.name) for one in desk.therapists.values()]
    return tuple(one_of(name, named, "import.unknown_therapist") for name in read_list(text))


def _client_errors(desk: _Desk, client: Client) -> list[LaluanError]:
    return client_errors(client, therapists=desk.therapists)


def _context(desk: _Desk, client: Client, address: Address, building: Building) -> BookingContext:
    return BookingContext(
        branch=desk.branch,
        today=desk.today,
        client=client,
        address=address,
        building=building,
        treatments=desk.treatments,
        techniques=desk.techniques,
        therapists=desk.therapists,
        price_rules=desk.price_rules,
    )
