"""Places that a therapist told were unsafe: flagged for future bookings until somebody sets them free with a word."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.facts import Event
from dispatch.model.kinds import EventKind, Trouble
from dispatch.model.places import Address
from dispatch.model.plan import booking_of
from dispatch.model.safety import Confirmed, PlaceFlag
from dispatch.rules.noun_checks import NOTE_LENGTH, text_errors
from dispatch.work.doing import fetch, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


def flag_place(tx: "Writing", event: Event) -> PlaceFlag | None:
    """Flag the place of a report that it is unsafe, in the transaction that keeps the report; None for any other report."""
    if event.kind is not EventKind.PROBLEM or event.payload != Trouble.UNSAFE.value:
        return None
    booking = tx.get(Booking, booking_of(event.visit_id)[0])
    address = tx.get(Address, booking.address_id)
    return tx.insert(
        PlaceFlag(
            id=event.id,
            branch_id=event.branch_id,
            building_id=address.building_id,
            address_id=address.id,
            visit_id=event.visit_id,
            therapist_id=event.therapist_id,
            at=event.server_at,
        )
    )


def flags_of(tx: "Reading", branch_id: str, *, address_ids: Iterable[str]) -> tuple[PlaceFlag, ...]:
    """Give the flags that stand on these addresses: neither lifted nor taken back on the phone."""
    flags = [one for one in tx.list(PlaceFlag, branch_id, address_id=tuple(address_ids)) if one.lifted_at is None]
    return _standing(tx, branch_id, flags)


def all_flags(tx: "Reading", branch_id: str) -> tuple[PlaceFlag, ...]:
    """Give every flag that stands, the newest first."""
    flags = _standing(tx, branch_id, [one for one in tx.list(PlaceFlag, branch_id) if one.lifted_at is None])
    return tuple(sorted(flags, key=lambda one: (one.at, one.id), reverse=True))


def _standing(tx: "Reading", branch_id: str, flags: list[PlaceFlag]) -> tuple[PlaceFlag, ...]:
    if not flags:
        return ()
    events = tx.events(branch_id, {one.visit_id for one in flags})
    taken_back = {(one.retracts, one.visit_id, one.therapist_id) for one in events if one.retracts}
    return tuple(one for one in flags if (one.id, one.visit_id, one.therapist_id) not in taken_back)


def check_place(
    tx: "Writing", services: Services, actor: Actor, booking: Booking, *, confirmed: bool
) -> tuple[PlaceFlag, ...]:
    """Let a booking be taken at a place, or ask for a confirmation where the place is flagged; a given one is kept.

    `BadInput` with `booking.unsafe_place` asks; it names the field to tick.
    """
    flags = flags_of(tx, actor.branch_id, address_ids=(booking.address_id,))
    open_ones = [one for one in flags if not any(yes.booking_id == booking.id for yes in one.confirmed)]
    if not open_ones:
        return ()
    if not confirmed:
        raise BadInput("booking.unsafe_place", field="unsafe_confirmed", count=len(open_ones))
    yes = Confirmed(booking_id=booking.id, by=actor.id, at=services.now())
    return tuple(tx.update(replace(one, confirmed=(*one.confirmed, yes))) for one in open_ones)


def lift_flag(services: Services, actor: Actor, flag_id: str, *, version: int, word: str) -> PlaceFlag:
    """Set a flagged place free, with the reason; `version` is the one that was shown."""
    allow(actor, Permission.PLANNING)
    word = tidy(word)
    refuse(list(text_errors("word", word, limit=NOTE_LENGTH, needed=True)))
    with services.store.writing() as tx:
        flag = replace(fetch(tx, actor, PlaceFlag, flag_id), version=version)
        kept = tx.update(replace(flag, lifted_by=actor.id, lifted_at=services.now(), word=word))
        record(tx, services, actor, "place.lifted", flag.id, flag.address_id)
    return kept
