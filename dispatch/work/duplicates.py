"""Clients who may be the same person: finding them, saying that they are two, and merging them into one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict
from dispatch.explain.duplicates import Duplicate, duplicates
from dispatch.model.account import Actor
from dispatch.model.again import ReturnWish
from dispatch.model.booking import Booking
from dispatch.model.care import CarePlan
from dispatch.model.people import Client, Consent, Contact
from dispatch.model.places import Address, Building
from dispatch.work.doing import by_id, fetch, record
from dispatch.work.health import agrees, forget_health, move_health
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading, Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two clients who may be one, with what helps to decide: their places and how many bookings each has."""

    found: Duplicate
    first: Client
    second: Client
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bookings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateList:
    """The pairs found, the likeliest first, as many as asked for; `count` of all, `names` of the buildings by id."""

    pairs: tuple[DuplicatePair, ...] = ()
    count: int = 0
    names: Mapping[str, str] = field(default_factory=dict)


def find_duplicates(services: Services, actor: Actor, *, client_id: str = "", limit: int = 50) -> DuplicateList:
    """Give the clients who may be the same person with the reasons; of one client alone, where one is named."""
    allow(actor, Permission.CLIENTS)
    with services.store.reading() as tx:
        clients, addresses = _near(tx, actor, client_id) if client_id else _everybody(tx, actor)
        found = duplicates(clients, addresses)
        if client_id:
            found = [one for one in found if client_id in {one.first_id, one.second_id}]
        shown = found[:limit]
        return _with_details(tx, actor, by_id(clients), shown, len(found))


def set_apart(
    services: Services, actor: Actor, first_id: str, second_id: str, *, first_version: int, second_version: int
) -> None:
    """Note that two clients who look like one are two people; said twice, nothing more is done."""
    allow(actor, Permission.CLIENTS)
    with services.store.writing() as tx:
        first, second = fetch(tx, actor, Client, first_id), fetch(tx, actor, Client, second_id)
        if second.id in first.not_same_as and first.id in second.not_same_as:
            return
        for one, other, version in ((first, second, first_version), (second, first, second_version)):
            tx.update(replace(one, not_same_as=tuple(sorted({*one.not_same_as, other.id})), version=version))
        record(tx, services, actor, "client.set_apart", first.id, second.id)


def merge_clients(
    services: Services, actor: Actor, keep_id: str, drop_id: str, *, keep_version: int, drop_version: int
) -> Client:
    """Make two clients who are one person one: all that hangs on `drop_id` moves to `keep_id`, which is given back.

    Bookings, places, contacts, care plans, notes and health move in one step, and the audit row names each of them.
    Likes come together, a refusal is stronger than a like, and the newer word on consent holds: where it was taken back,
    the health of both is erased. The other stays as an inactive name that leads to the one kept. Merging the same two
    again does nothing; `Conflict` where either was changed since it was shown.
    """
    allow(actor, Permission.PRIVACY)
    if keep_id == drop_id:
        raise BadInput("duplicate.itself")
    with services.store.writing() as tx:
        keep, drop = fetch(tx, actor, Client, keep_id), fetch(tx, actor, Client, drop_id)
        if drop.merged_into == keep.id:
            return keep
        if keep.merged_into or drop.merged_into:
            raise Conflict("duplicate.merged_already", name=(drop if drop.merged_into else keep).name)
        for one, version in ((keep, keep_version), (drop, drop_version)):
            if one.version != version:
                raise Conflict("store.changed_meanwhile", kind="client", id=one.id)
        moved = _move_all(tx, services, drop, keep)
        merged = tx.update(_both(keep, drop))
        if not agrees(merged):
            forget_health(tx, merged)
        tx.update(
            replace(
                drop,
                phone="",
                note="",
                active=False,
                consent=None,
                past_consents=(),
                preferred_therapists=(),
                never_therapists=(),
                not_same_as=(),
                merged_into=keep.id,
            )
        )
        record(tx, services, actor, "client.merged", keep.id, drop.id, *moved)
    return merged


def _everybody(tx: "Reading", actor: Actor) -> tuple[tuple[Client, ...], tuple[Address, ...]]:
    return tx.list(Client, actor.branch_id, active=True), tx.list(Address, actor.branch_id)


def _near(tx: "Reading", actor: Actor, client_id: str) -> tuple[tuple[Client, ...], tuple[Address, ...]]:
    """Give a client with those of her phone number and of her buildings: nobody else can be her double."""
    client = fetch(tx, actor, Client, client_id)
    own = tx.list(Address, actor.branch_id, client_id=client.id)
    addresses = tx.list(Address, actor.branch_id, building_id=sorted({one.building_id for one in own}))
    ids = {client.id, *(one.client_id for one in addresses)}
    same_phone = tx.list(Client, actor.branch_id, phone=client.phone) if client.phone else ()
    known = by_id((*tx.list(Client, actor.branch_id, id=sorted(ids)), *same_phone))
    return tuple(known.values()), addresses


def _move_all(tx: "Writing", services: Services, source: Client, target: Client) -> list[str]:
    """Hang everything of one client on the other; gives the ids of what was moved."""
    branch_id = source.branch_id
    own = tx.list(Address, branch_id, client_id=target.id)
    usual = next((one for one in own if one.usual), None)
    moved: list[str] = []
    for address in tx.list(Address, branch_id, client_id=source.id):
        twice = any(_place(one) == _place(address) and one.active for one in own)
        usual_now = address.usual and usual is None and not twice
        tx.update(replace(address, client_id=target.id, usual=usual_now, active=address.active and not twice))
        moved.append(address.id)
    for contact in tx.list(Contact, branch_id, client_id=source.id):
        tx.update(replace(contact, client_id=target.id))
        moved.append(contact.id)
    for plan in tx.list(CarePlan, branch_id, client_id=source.id):
        tx.update(replace(plan, client_id=target.id))
        moved.append(plan.id)
    for booking in tx.list(Booking, branch_id, client_id=source.id):
        tx.update(replace(booking, client_id=target.id))
        moved.append(booking.id)
    for wish in tx.list(ReturnWish, branch_id, client_id=source.id):
        tx.update(replace(wish, client_id=target.id))
    move_health(tx, services, source, target)
    return moved


def _place(address: Address) -> tuple[str, ...]:
    return tuple(part.casefold() for part in (address.building_id, address.tower, address.floor, address.unit))


def _both(keep: Client, drop: Client) -> Client:
    """Give one client of two: what the kept one lacks comes from the other."""
    never = tuple(dict.fromkeys((*keep.never_therapists, *drop.never_therapists)))
    likes = dict.fromkeys((*keep.preferred_therapists, *drop.preferred_therapists))
    second_phone = drop.phone if drop.phone != keep.phone and keep.phone else ""
    consents = sorted((one for one in (keep.consent, drop.consent) if one), key=_said_at)
    past = sorted((*keep.past_consents, *drop.past_consents, *consents[:-1]), key=lambda one: one.given_at)
    return replace(
        keep,
        phone=keep.phone or drop.phone,
        gender=keep.gender or drop.gender,
        note="\n".join(dict.fromkeys(part for part in (keep.note, drop.note, second_phone) if part))[:2_000],
        consent=consents[-1] if consents else None,
        past_consents=tuple(past),
        preferred_therapists=tuple(one for one in likes if one not in never),
        never_therapists=never,
        not_same_as=tuple(sorted({*keep.not_same_as, *drop.not_same_as} - {keep.id, drop.id})),
        active=True,
    )


def _said_at(consent: Consent) -> str:
    return (consent.withdrawn_at or consent.given_at).isoformat()


def _with_details(
    tx: "Reading", actor: Actor, clients: Mapping[str, Client], found: list[Duplicate], count: int
) -> DuplicateList:
    ids = sorted({key for one in found for key in (one.first_id, one.second_id)})
    addresses = tx.list(Address, actor.branch_id, client_id=ids)
    names = {
        one.id: one.name
        for one in tx.list(Building, actor.branch_id, id=sorted({address.building_id for address in addresses}))
    }
    places: dict[str, list[str]] = {}
    for one in addresses:
        places.setdefault(one.client_id, []).append(
            " ".join(part for part in (names[one.building_id], one.unit) if part)
        )
    bookings: dict[str, int] = {}
    for booking in tx.list(Booking, actor.branch_id, client_id=ids):
        bookings[booking.client_id] = bookings.get(booking.client_id, 0) + 1
    return DuplicateList(
        pairs=tuple(
            DuplicatePair(
                found=one,
                first=clients[one.first_id],
                second=clients[one.second_id],
                places={key: tuple(places.get(key, ())) for key in (one.first_id, one.second_id)},
                bookings={key: bookings.get(key, 0) for key in (one.first_id, one.second_id)},
            )
            for one in found
        ),
        count=count,
        names=names,
    )
