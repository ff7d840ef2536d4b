"""Whether one noun of the booking desk can be right, by itself and with what it names: all errors of it at once, each naming its field.

Every error's `field` value is the path of the form's field; the sentence says what is wrong and what to do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from dispatch.errors import BadInput, LaluanError
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule, Treatment
from dispatch.model.day import DAY_S, HORIZON_S, HOUR_S
from dispatch.model.kinds import LinkKind
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.therapist import Therapist
from dispatch.rules.noun_checks import (
    MOST_SEATS,
    MOST_SEN,
    NAME_LENGTH,
    NOTE_LENGTH,
    Errors,
    day_errors,
    id_errors,
    known_errors,
    length_errors,
    phone_errors,
    point_errors,
    range_errors,
    text_errors,
)
from dispatch.rules.prices import first_start_s, rule_for


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingContext:
    """What a booking is judged with: the branch, the day it is today, and everything it may name."""

    branch: Branch
    today: date
    client: Client | None
    address: Address | None
    building: Building | None
    contact: Contact | None = None
    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    techniques: Collection[str] = frozenset()
    therapists: Mapping[str, Therapist] = field(default_factory=dict)
    price_rules: tuple[PriceRule, ...] = ()
    other_bookings: Collection[str] = frozenset()


def booking_errors(booking: Booking, context: BookingContext) -> list[LaluanError]:
    """Find everything that keeps a booking from being one; empty where it can be planned as it stands."""
    return [
        *id_errors("id", booking.id),
        *day_errors("day", booking.day, context.today),
        *_booking_references(booking, context),
        *_booking_treatment(booking, context),
        *_booking_windows(booking, context.branch),
        *_booking_people(booking, context),
        *_booking_links(booking, context),
        *range_errors("priority", booking.priority, 0, 100),
        *range_errors("value_sen", booking.value_sen, 0, MOST_SEN),
        *length_errors("late_tolerance_s", booking.late_tolerance_s, 4 * HOUR_S),
        *text_errors("note", booking.note, limit=NOTE_LENGTH),
        *text_errors("cancelled_reason", booking.cancelled_reason, limit=NOTE_LENGTH),
    ]


def _booking_references(booking: Booking, context: BookingContext) -> Errors:
    if context.client is None:
        yield BadInput("booking.unknown_client", field="client_id", id=booking.client_id)
    if context.address is None or context.building is None:
        yield BadInput("booking.unknown_address", field="address_id", id=booking.address_id)
    elif context.address.client_id != booking.client_id:
        yield BadInput("booking.address_of_another", field="address_id", building=context.building.name)
    else:
        yield from point_errors("address_id", context.building.name, context.building.point, context.branch)
    if booking.contact_id and context.contact is None:
        yield BadInput("booking.unknown_contact", field="contact_id", id=booking.contact_id)


def _booking_treatment(booking: Booking, context: BookingContext) -> Errors:
    if not booking.seats:
        yield BadInput("booking.no_seat", field="seats")
    used = {seat.treatment_id or booking.treatment_id for seat in booking.seats}
    wanted = dict.fromkeys(sorted(used), "seats") | {booking.treatment_id: "treatment_id"}
    for treatment_id, place in wanted.items():
        treatment = context.treatments.get(treatment_id)
        if treatment is None:
            yield BadInput("booking.unknown_treatment", field=place, id=treatment_id)
        elif booking.minutes not in treatment.minutes:
            yield BadInput(
                "booking.minutes_not_offered",
                field="minutes",
                minutes=booking.minutes,
                treatment=treatment.name,
                offered=", ".join(str(minutes) for minutes in sorted(treatment.minutes)),
            )
        elif not booking.value_sen and treatment_id in used and not _is_priced(booking, treatment_id, context):
            yield BadInput(
                "booking.price_missing",
                field=place,
                treatment=treatment.name,
                minutes=booking.minutes,
                day=booking.day.isoformat(),
            )
    for seat in booking.seats:
        yield from known_errors("technique.unknown", "seats", seat.techniques, context.techniques)


def _is_priced(booking: Booking, treatment_id: str, context: BookingContext) -> bool:
    start_s = first_start_s(booking)
    return rule_for(context.price_rules, treatment_id, booking.minutes, booking.day, start_s) is not None


def _booking_windows(booking: Booking, branch: Branch) -> Errors:
    if not booking.windows:
        yield BadInput("booking.no_window", field="windows")
    for window in booking.windows:
        if window.end_s < window.start_s:
            yield BadInput(
                "booking.window_ends_before_start", field="windows", start_s=window.start_s, end_s=window.end_s
            )
        elif window.start_s < branch.opens_s or window.end_s > branch.closes_s:
            yield BadInput(
                "booking.window_outside_hours",
                field="windows",
                start_s=window.start_s,
                end_s=window.end_s,
                opens_s=branch.opens_s,
                closes_s=branch.closes_s,
            )
    ordered = sorted(booking.windows, key=lambda window: (window.start_s, window.end_s))
    for before, after in pairwise(ordered):
        if after.start_s <= before.end_s:
            yield BadInput("booking.windows_overlap", field="windows", end_s=before.end_s, start_s=after.start_s)
    if booking.promise and not 0 <= booking.promise.start_s <= HORIZON_S:
        yield BadInput("booking.promise_outside_day", field="promise", start_s=booking.promise.start_s)


def _booking_people(booking: Booking, context: BookingContext) -> Errors:
    for place, ids in (
        ("only_therapists", booking.only_therapists),
        ("preferred_therapists", booking.preferred_therapists),
        ("never_therapists", booking.never_therapists),
    ):
        yield from known_errors("therapist.unknown", place, ids, context.therapists)
    yield from range_errors("seats", len(booking.seats) or 1, 1, MOST_SEATS)
    active = sum(therapist.active for therapist in context.therapists.values())
    if len(booking.seats) > max(active, 1):
        yield BadInput("booking.more_seats_than_therapists", field="seats", seats=len(booking.seats), therapists=active)
    refused = set(booking.never_therapists) | set(context.client.never_therapists if context.client else ())
    for therapist_id in sorted(set(booking.only_therapists) & refused):
        yield BadInput("booking.only_and_never", field="only_therapists", therapist_id=therapist_id)
    if booking.only_therapists and len(set(booking.only_therapists)) < len(booking.seats):
        yield BadInput(
            "booking.only_too_few",
            field="only_therapists",
            therapists=len(set(booking.only_therapists)),
            seats=len(booking.seats),
        )


def _booking_links(booking: Booking, context: BookingContext) -> Errors:
    for link in booking.links:
        if link.other_booking_id == booking.id:
            yield BadInput("booking.linked_to_itself", field="links")
        elif link.other_booking_id not in context.other_bookings:
            yield BadInput("booking.unknown_link", field="links", id=link.other_booking_id, day=booking.day.isoformat())
        if link.kind is LinkKind.GAP and not 0 <= link.min_s <= link.max_s <= DAY_S:
            yield BadInput("booking.gap", field="links", min_s=link.min_s, max_s=link.max_s)
    others = [link.other_booking_id for link in booking.links]
    yield from known_errors("id.unknown", "links", others, others)


def client_errors(client: Client, *, therapists: Collection[str]) -> list[LaluanError]:
    """Find everything wrong with a client."""
    return [
        *id_errors("id", client.id),
        *text_errors("name", client.name, needed=True),
        *text_errors("first_name", client.first_name, needed=True),
        *text_errors("note", client.note, limit=NOTE_LENGTH),
        *text_errors("language", client.language, limit=35, needed=True),
        *phone_errors("phone", client.phone),
        *known_errors("therapist.unknown", "preferred_therapists", client.preferred_therapists, therapists),
        *known_errors("therapist.unknown", "never_therapists", client.never_therapists, therapists),
        *(
            BadInput("client.preferred_and_never", field="preferred_therapists", therapist_id=therapist_id)
            for therapist_id in sorted(set(client.preferred_therapists) & set(client.never_therapists))
        ),
    ]


def contact_errors(contact: Contact, *, client: Client | None) -> list[LaluanError]:
    """Find everything wrong with a contact; `client` is whom she books for, if she names one."""
    errors: list[LaluanError] = [
        *id_errors("id", contact.id),
        *text_errors("name", contact.name, needed=True),
        *text_errors("relation", contact.relation),
        *phone_errors("phone", contact.phone),
    ]
    if contact.client_id and client is None:
        errors.append(BadInput("booking.unknown_client", field="client_id", id=contact.client_id))
    return errors


def building_errors(building: Building, *, branch: Branch) -> list[LaluanError]:
    """Find everything wrong with a building."""
    errors: list[LaluanError] = [
        *id_errors("id", building.id),
        *text_errors("name", building.name, needed=True),
        *text_errors("area", building.area, needed=True),
        *point_errors("point", building.name, building.point, branch),
    ]
    for place in ("street", "postcode", "city", "source"):
        errors.extend(text_errors(place, getattr(building, place), limit=2 * NAME_LENGTH))
    for place in ("gate_note", "parking_note", "lift_note", "guard_words"):
        errors.extend(text_errors(place, getattr(building, place), limit=NOTE_LENGTH))
    if len(building.access_s) not in {1, 24}:
        errors.append(BadInput("building.access_count", field="access_s", count=len(building.access_s)))
    for access_s in building.access_s:
        errors.extend(length_errors("access_s", access_s, 2 * HOUR_S))
    return errors


def address_errors(address: Address, *, client: Client | None, building: Building | None) -> list[LaluanError]:
    """Find everything wrong with an address."""
    errors: list[LaluanError] = [*id_errors("id", address.id)]
    if client is None:
        errors.append(BadInput("booking.unknown_client", field="client_id", id=address.client_id))
    if building is None:
        errors.append(BadInput("address.unknown_building", field="building_id", id=address.building_id))
    for place in ("label", "tower", "floor", "unit"):
        errors.extend(text_errors(place, getattr(address, place)))
    errors.extend(text_errors("note", address.note, limit=NOTE_LENGTH))
    return errors
