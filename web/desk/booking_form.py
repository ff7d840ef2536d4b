"""The booking form: a booking as the values of its fields, and back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput
from dispatch.model.booking import Booking, Link, Seat, TimeWindow
from dispatch.model.kinds import BookingStatus, Gender, LinkKind
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.work.places import is_vague, said_unit
from web.desk.reading import MOST_ROWS, DeskFields, Form, place_name
from web.forms import clock_value
from web.translate import sentence

WINDOWS = 3
LINKS = 2
SEATS = 4
WISHES = (("prefer", "Likes"), ("only", "Only"), ("never", "Never"))

LABELS = {
    "day": "Day",
    "client_id": "Client",
    "contact_id": "Contact",
    "address_id": "Address",
    "treatment_id": "Treatment",
    "minutes": "Minutes",
    "from": "Window from",
    "to": "Window to",
    "late_minutes": "May start late by",
    "seats": "Therapists at once",
    "seat_gender": "Gender for therapist",
    "seat_treatment": "Treatment by therapist",
    "preferred_gender": "Rather a",
    "priority": "Priority",
    "value": "Price",
    "link_kind": "Link",
    "link_other": "Linked booking",
    "link_min": "At least minutes after",
    "link_max": "At most minutes after",
    "note": "Note",
    "status": "State",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDraft:
    """What a booking form says: the booking, and the new client, address and building it is the first to name."""

    booking: Booking
    client: Client | None = None
    address: Address | None = None
    building: Building | None = None


def blank_form(day: date, *, client_id: str = "") -> Form:
    """Give the values of an empty form for a day."""
    return MultiDict(
        {
            "day": day.isoformat(),
            "client_id": client_id,
            "status": BookingStatus.CONFIRMED.value,
            "seats": "1",
            "priority": "0",
            "late_minutes": "0",
        }
    )


def booking_form(booking: Booking) -> Form:
    """Give a booking as the values of its form."""
    form: Form = MultiDict(
        {
            "version": str(booking.version),
            "day": booking.day.isoformat(),
            "client_id": booking.client_id,
            "contact_id": booking.contact_id,
            "address_id": booking.address_id,
            "treatment_id": booking.treatment_id,
            "minutes": str(booking.minutes),
            "late_minutes": str(booking.late_tolerance_s // 60),
            "seats": str(len(booking.seats)),
            "preferred_gender": booking.preferred_gender or "",
            "priority": str(booking.priority),
            "value": f"{booking.value_sen // 100}.{booking.value_sen % 100:02d}" if booking.value_sen else "",
            "note": booking.note,
            "status": booking.status.value,
        }
    )
    for number, window in enumerate(booking.windows, start=1):
        form[f"from_{number}"] = clock_value(window.start_s)
        form[f"to_{number}"] = clock_value(window.end_s)
    for number, seat in enumerate(booking.seats, start=1):
        form[f"seat_gender_{number}"] = seat.only_gender or ""
        form[f"seat_treatment_{number}"] = seat.treatment_id
    for number, link in enumerate(booking.links, start=1):
        form[f"link_kind_{number}"] = link.kind.value
        form[f"link_other_{number}"] = link.other_booking_id
        form[f"link_min_{number}"] = str(link.min_s // 60)
        form[f"link_max_{number}"] = str(link.max_s // 60)
    wished = (
        ("prefer", booking.preferred_therapists),
        ("only", booking.only_therapists),
        ("never", booking.never_therapists),
    )
    for wish, therapist_ids in wished:
        for therapist_id in therapist_ids:
            form[f"wish_{therapist_id}"] = wish
    return form


def read_booking(fields: DeskFields, *, before: Booking | None, therapist_ids: Iterable[str]) -> BookingDraft:
    """Read a booking from its form; `before` is the one being changed. Raises every error found, all at once."""
    client, client_id = (None, before.client_id) if before else _read_client(fields)
    address, building, address_id = _read_address(fields, is_new=before is None)
    wishes = {one: fields.form.get(f"wish_{one}", "") for one in therapist_ids}
    booking = Booking(
        id=before.id if before else "",
        branch_id=fields.actor.branch_id,
        day=fields.day("day", label="Day"),
        client_id=client_id,
        contact_id=fields.form.get("contact_id", ""),
        address_id=address_id,
        treatment_id=fields.text("treatment_id", label="Treatment", required=True),
        minutes=fields.integer("minutes", label="Minutes", least=1, most=600),
        windows=read_windows(fields),
        seats=_read_seats(fields, before),
        status=before.status if before else fields.choice("status", BookingStatus, label="State"),
        late_tolerance_s=fields.minutes_s("late_minutes", label="May start late by", most=240, default=0),
        preferred_therapists=tuple(one for one, wish in wishes.items() if wish == "prefer"),
        only_therapists=tuple(one for one, wish in wishes.items() if wish == "only"),
        never_therapists=tuple(one for one, wish in wishes.items() if wish == "never"),
        preferred_gender=fields.maybe("preferred_gender", Gender, label="Rather a"),
        priority=fields.integer("priority", label="Priority", least=0, most=100, default=0),
        value_sen=fields.money_sen("value", label="Price", default=0),
        links=_read_links(fields),
        note=fields.text("note", label="Note", limit=2_000),
        version=fields.version() if before else 1,
    )
    fields.finish()
    return BookingDraft(booking=booking, client=client, address=address, building=building)


def read_windows(fields: DeskFields) -> tuple[TimeWindow, ...]:
    """Read the windows that have a beginning; one without an end is a start at that minute."""
    windows = []
    for number in range(1, MOST_ROWS + 1):
        if not fields.form.get(f"from_{number}", "").strip():
            if fields.form.get(f"to_{number}", "").strip():
                fields.wrong("web.field_missing", f"from_{number}", sentence("desk.window_from", {"number": number}))
            continue
        start_s = fields.clock(f"from_{number}", label=sentence("desk.window_from", {"number": number}))
        end_s = fields.clock(f"to_{number}", label=sentence("desk.window_to", {"number": number}), default=start_s)
        windows.append(TimeWindow(start_s=start_s, end_s=end_s))
    return tuple(windows)


def read_priced_parts(fields: DeskFields, day: date) -> Booking | None:
    """Read the parts of a form that make the price; None while they are not all there."""
    booking = Booking(
        id="",
        branch_id=fields.actor.branch_id,
        day=fields.day("day", label="Day", default=day),
        client_id="",
        address_id="",
        treatment_id=fields.text("treatment_id", label="Treatment", required=True),
        minutes=fields.integer("minutes", label="Minutes", least=1, most=600),
        windows=read_windows(fields),
        seats=_read_seats(fields, None),
    )
    return None if fields.errors or not booking.windows else booking


def _read_client(fields: DeskFields) -> tuple[Client | None, str]:
    """Read who is treated: a known client, or a new one."""
    client_id = fields.form.get("client_id", "").strip()
    name = fields.text("new_name", label="Name")
    if client_id and name:
        fields.errors.append(BadInput("desk.client_twice", field="client_id"))
    if not client_id and not name:
        fields.errors.append(BadInput("desk.client_missing", field="client_id"))
    if client_id or not name:
        return None, client_id
    client = Client(
        id="",
        branch_id=fields.actor.branch_id,
        name=name,
        first_name=fields.text("new_first_name", label="First name"),
        phone=fields.phone("new_phone"),
        language=fields.text("new_language", label="Language", limit=35) or "en",
        gender=fields.maybe("new_gender", Gender, label="Gender"),
    )
    return client, ""


def _read_address(fields: DeskFields, *, is_new: bool) -> tuple[Address | None, Building | None, str]:
    """Read where the client is treated: a known address, or a new one in a building known or new."""
    address_id = fields.form.get("address_id", "").strip()
    if not is_new:
        if not address_id:
            fields.errors.append(BadInput("desk.address_missing", field="address_id"))
        return None, None, address_id
    written = fields.form.get("place", "").strip()
    if address_id and written:
        fields.errors.append(BadInput("desk.address_twice", field="address_id"))
    if not address_id and not written:
        fields.errors.append(BadInput("desk.address_missing", field="address_id"))
    if address_id or not written:
        return None, None, address_id
    address, building = read_new_address(fields, client_id="")
    return address, building, ""


def read_new_address(fields: DeskFields, *, client_id: str) -> tuple[Address, Building | None]:
    """Read a new address and the building it is in; the building is None where the company knows it already.

    A unit said in the words of the place is kept as the unit, and the words themselves where the place is vague.
    """
    option = fields.place("place", label="Address")
    said = fields.form.get("place", "").strip()
    building = None
    if option and not option.building_id:
        building = Building(
            id="",
            branch_id=fields.actor.branch_id,
            name=place_name(option),
            area=option.area or place_name(option),
            point=option.point,
            precision=option.precision,
            postcode=option.postcode,
            source=option.source,
        )
    address = Address(
        id="",
        branch_id=fields.actor.branch_id,
        client_id=client_id,
        building_id=option.building_id if option else "",
        label=fields.text("label", label="Called"),
        tower=fields.text("tower", label="Tower or block"),
        floor=fields.text("floor", label="Floor"),
        unit=fields.text("unit", label="Unit") or said_unit(said),
        note=fields.text("address_note", label="Way in", limit=2_000),
        usual=fields.ticked("usual"),
    )
    if (
        option
        and is_vague(option)
        and not address.note
        and said.casefold() not in {option.name.casefold(), address.unit}
    ):
        address = replace(address, note=said)
    return address, building


def _read_seats(fields: DeskFields, before: Booking | None) -> tuple[Seat, ...]:
    """Read one seat for each therapist; techniques asked for beyond the treatment's own stay as they were."""
    count = fields.integer("seats", label="Therapists at once", least=1, most=SEATS, default=1)
    seats = []
    for number in range(1, count + 1):
        known = before.seats[number - 1] if before and number <= len(before.seats) else Seat()
        treatment_id = fields.form.get(f"seat_treatment_{number}", "")
        seat = Seat(
            techniques=known.techniques if known.treatment_id == treatment_id else (),
            only_gender=fields.maybe(
                f"seat_gender_{number}", Gender, label=sentence("desk.seat_gender", {"number": number})
            ),
            treatment_id=treatment_id,
        )
        seats.append(seat)
    return tuple(seats)


def _read_links(fields: DeskFields) -> tuple[Link, ...]:
    links = []
    for number in range(1, MOST_ROWS + 1):
        other = fields.form.get(f"link_other_{number}", "").strip()
        if not other:
            continue
        kind = fields.choice(f"link_kind_{number}", LinkKind, label=sentence("desk.link", {"number": number}))
        link = Link(kind=kind, other_booking_id=other)
        if kind is LinkKind.GAP:
            least_s = fields.minutes_s(f"link_min_{number}", label="At least minutes after", default=0)
            most_s = fields.minutes_s(f"link_max_{number}", label="At most minutes after", default=0)
            link = replace(link, min_s=least_s, max_s=most_s)
        links.append(link)
    return tuple(links)
