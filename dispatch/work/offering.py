"""Starts offered to a caller with all she is told of them; where too few fit, the nearest, and where none, why."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.errors import LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule
from dispatch.model.day import COUPLE_GRID_S, HOUR_S, seconds_of
from dispatch.model.kinds import Gender
from dispatch.model.message import MessageKind
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.plan import LeftOut, Plan
from dispatch.model.said import Said, said
from dispatch.model.slot import Draft, FittedSlot
from dispatch.rules.prices import booking_price_sen
from dispatch.words import sentence
from dispatch.work.doing import branch_of, tidy, today
from dispatch.work.history import visits_of
from dispatch.work.messages import MessageFacts, OfferedStart, ReadyMessage, language_of, write_for
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services
from dispatch.work.slots import SLOTS_OFFERED, WishedDay, to_come, wished_day

if TYPE_CHECKING:
    from dispatch.store import Reading

WIDENED_S = (HOUR_S // 2, HOUR_S, 2 * HOUR_S, 4 * HOUR_S, 24 * HOUR_S)
"""How far to both sides of a wish the nearest starts are looked for, step by step, where too few lie inside it."""
APART_S = 1_800
"""A start near a wish lies at least this far from those inside it."""
DAYS_TRIED = 3
"""On how many later days the same wish is tried, where its own day has no start at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedSlot:
    """A start of a day with all that the caller is told; `price_sen` is None where the price list knows none."""

    day: date
    fitted: FittedSlot
    price_sen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffers:
    """The starts for a wish, best first; where there are none, why, what stops each therapist, and the nearest ones."""

    branch: Branch
    slots: tuple[PricedSlot, ...]
    nearest: tuple[PricedSlot, ...] = ()
    reason: Said | None = None
    per_therapist: tuple[Said, ...] = ()
    message: ReadyMessage | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    genders: Mapping[str, Gender] = field(default_factory=dict)


def offer_slots(
    services: Services,
    actor: Actor,
    booking: Booking,
    *,
    client: Client | None = None,
    address: Address | None = None,
    building: Building | None = None,
    limit: int = SLOTS_OFFERED,
) -> SlotOffers:
    """Give the best starts for a wish with all a caller is told; where there are too few, the nearest, and where none, why.

    A client, address and building that are not kept yet may come along; nothing is kept of them. The nearest starts lie
    ever farther from the wish on its day, or else, where it has none at all, in the same hours of a day soon after.
    """
    allow(actor, Permission.BOOKINGS)
    from dispatch.explain.fitting import fitted_slots

    with services.store.reading() as tx:
        booking, supposed = _supposed(services, actor, booking, client, address, building)
        as_if = tx.supposing(*supposed)
        seen = wished_day(as_if, services, actor, booking)
        prices = tx.list(PriceRule, seen.branch.id)
        found = fitted_slots(seen.problem, seen.plan, Draft(booking=seen.wish), limit=limit)
        slots = tuple(_priced(seen, prices, one) for one in found)
        reason, stops = (None, ()) if slots else _why(seen)
        nearest = _nearest(as_if, services, actor, seen, prices, {one.slot.start_s for one in found}, limit)
        message = _offer_message(as_if, seen, (*slots, *nearest))
    return SlotOffers(
        branch=seen.branch,
        message=message,
        slots=slots,
        nearest=nearest,
        reason=reason,
        per_therapist=stops,
        names=seen.names,
        genders={one.id: one.gender for one in seen.therapists.values()},
    )


def make_ready(services: Services, actor: Actor) -> None:
    """Load what looking for starts needs, by looking for a start of any booking of today; nothing is kept, nothing is said."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        day = today(services, branch_of(tx, actor))
        found = tx.list(Booking, actor.branch_id, day=day)
    for booking in found[:1]:
        with suppress(LaluanError):  # a booking that has no start today loads it all the same
            offer_slots(services, actor, booking, limit=1)


def _supposed(
    services: Services,
    actor: Actor,
    booking: Booking,
    client: Client | None,
    address: Address | None,
    building: Building | None,
) -> tuple[Booking, tuple[Any, ...]]:
    """Give a wish that names what comes along with it, and those things with the ids it names them by."""
    nouns: list[Any] = []
    if client:
        client = replace(tidy(client), id=client.id or services.new_id(), branch_id=actor.branch_id)
        booking = replace(booking, client_id=client.id)
        nouns.append(client)
    if building:
        building = replace(tidy(building), id=services.new_id(), branch_id=actor.branch_id)
        nouns.append(building)
    if address:
        where = building.id if building else address.building_id
        address = replace(
            tidy(address),
            id=services.new_id(),
            branch_id=actor.branch_id,
            client_id=booking.client_id,
            building_id=where,
        )
        booking = replace(booking, address_id=address.id)
        nouns.append(address)
    return booking, tuple(nouns)


def _priced(seen: WishedDay, prices: Sequence[PriceRule], fitted: FittedSlot) -> PricedSlot:
    start_s = fitted.slot.start_s
    at_start = replace(seen.booking, windows=(TimeWindow(start_s=start_s, end_s=start_s),))
    price_sen = seen.booking.value_sen or booking_price_sen(prices, at_start)
    return PricedSlot(day=seen.booking.day, fitted=fitted, price_sen=price_sen)


def _why(seen: WishedDay) -> tuple[Said, tuple[Said, ...]]:
    """Give why a wish has no start in the plan, and what stops each therapist, the reasons that occur most first."""
    from dispatch.explain.why import why

    key = seen.booking.id
    routes = tuple(
        replace(route, stops=tuple(stop for stop in route.stops if stop.id not in visits_of(seen.booking)))
        for route in seen.plan.routes
    )
    left_out = tuple(one for one in seen.plan.left_out if one.booking_id != key)
    plan = Plan(
        routes=tuple(route for route in routes if route.visit_ids()),
        left_out=(*left_out, LeftOut(booking_id=key, reason=said("plan.not_planned_yet", booking_id=key))),
    )
    bookings = tuple(seen.wish if one.id == key else one for one in seen.problem.bookings)
    told = why(replace(seen.problem, bookings=bookings), plan, key)
    return told.reason, tuple(dict.fromkeys(one.said for one in told.per_therapist))


def _nearest(
    tx: "Reading",
    services: Services,
    actor: Actor,
    seen: WishedDay,
    prices: Sequence[PriceRule],
    known: set[int],
    limit: int,
) -> tuple[PricedSlot, ...]:
    """Give the starts nearest to a wish beside those known: around it on its day, else in its hours on the next days."""
    from dispatch.explain.fitting import fitted_slots

    missing = limit - len(known)
    now_s = seconds_of(services.now(), seen.booking.day, seen.branch.time_zone)
    near: list[FittedSlot] = []
    for widened_s in WIDENED_S if missing else ():
        near = []
        for side in _sides(seen, widened_s, APART_S if known else COUPLE_GRID_S):
            windows = to_come([side], now_s)
            wish = replace(seen.wish, windows=windows)
            near += fitted_slots(seen.problem, seen.plan, Draft(booking=wish), limit=missing) if windows else []
        near.sort(key=lambda one: (_distance_s(seen, one.slot.start_s), one.slot.start_s))
        near = _spread(near)
        if len(near) >= missing:
            break
    if near:
        return tuple(_priced(seen, prices, one) for one in near[:missing])
    for days in range(1, DAYS_TRIED + 1) if missing and not known else ():
        later = replace(seen.booking, day=seen.booking.day + timedelta(days=days))
        try:
            other = wished_day(tx, services, actor, later)
        except LaluanError:
            continue
        found = fitted_slots(other.problem, other.plan, Draft(booking=other.wish), limit=limit)
        if found:
            return tuple(_priced(other, prices, one) for one in found)
    return ()


def _offer_message(tx: "Reading", seen: WishedDay, slots: Sequence[PricedSlot]) -> ReadyMessage | None:
    """Give the starts as a message to the client, in her language; None where there are none."""
    if not slots:
        return None
    client = tx.get(Client, seen.booking.client_id)
    language = language_of(client)
    named = any(letter.isalnum() for letter in client.name)
    facts = MessageFacts(
        client=(client.first_name or client.name) if named else sentence("message.nobody", language=language),
        company=seen.branch.name,
        language=language,
        phone=client.phone,
        day=seen.booking.day,
        start_s=slots[0].fitted.slot.start_s,
        until_s=slots[0].fitted.late_s,
        slots=tuple(
            OfferedStart(
                day=one.day,
                start_s=one.fitted.slot.start_s,
                therapist=", ".join(seen.names[key] for key in one.fitted.slot.therapist_ids),
                price_sen=one.price_sen,
            )
            for one in sorted(slots, key=lambda one: (one.day, one.fitted.slot.start_s))
        ),
    )
    return write_for(tx, seen.branch, MessageKind.OFFER, facts)


def _sides(seen: WishedDay, by_s: int, apart_s: int) -> Iterator[TimeWindow]:
    """Give the time before and after all of a wish's windows, inside the branch's hours."""
    start_s = min(one.start_s for one in seen.booking.windows)
    end_s = max(one.end_s for one in seen.booking.windows)
    opens_s, closes_s = seen.branch.opens_s, seen.branch.closes_s
    for from_s, to_s in ((start_s - by_s, start_s - apart_s), (end_s + apart_s, end_s + by_s)):
        if max(from_s, opens_s) <= min(to_s, closes_s):
            yield TimeWindow(start_s=max(from_s, opens_s), end_s=min(to_s, closes_s))


def _spread(near: Sequence[FittedSlot]) -> list[FittedSlot]:
    """Give the starts that lie half an hour from each other, the first of them kept: a caller wants a real choice."""
    kept: list[FittedSlot] = []
    for one in near:
        if all(abs(one.slot.start_s - other.slot.start_s) >= APART_S for other in kept):
            kept.append(one)
    return kept


def _distance_s(seen: WishedDay, start_s: int) -> int:
    """Give how far a start lies from the nearest window that was wished for."""
    return min(max(one.start_s - start_s, start_s - one.end_s, 0) for one in seen.booking.windows)
