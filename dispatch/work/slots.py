"""Start times to offer to a caller, in the plan that the board shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.errors import BadInput, LaluanError
from dispatch.model.account import Actor
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule
from dispatch.model.day import HOUR_S, seconds_of
from dispatch.model.kinds import Gender
from dispatch.model.people import Client
from dispatch.model.places import Address, Building
from dispatch.model.plan import LeftOut, Plan
from dispatch.model.problem import DayBooking, DayProblem
from dispatch.model.said import Said, said
from dispatch.model.slot import Draft, FittedSlot, Slot
from dispatch.model.therapist import Therapist
from dispatch.rules.nouns import booking_errors
from dispatch.rules.prices import booking_price_sen
from dispatch.work.bookings import booking_context
from dispatch.work.doing import branch_of, by_id, find, refuse, tidy, today
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.problem import build_problem
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

SLOTS_OFFERED = 3
WIDENED_S = (HOUR_S, 2 * HOUR_S, 4 * HOUR_S, 24 * HOUR_S)
"""How far beyond a wish the nearest starts are looked for, step by step, where none lies inside it."""
DAYS_TRIED = 3
"""On how many later days the same wish is tried, where its own day has no start at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The starts to offer, cheapest first, and the names of the therapists, and of the clients by their visits."""

    branch: Branch
    slots: tuple[Slot, ...]
    names: Mapping[str, str] = field(default_factory=dict)


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
    names: Mapping[str, str] = field(default_factory=dict)
    genders: Mapping[str, Gender] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedDay:
    """A wish in the day it is for: the booking as the planner sees it, with the starts that are still to come."""

    branch: Branch
    booking: Booking
    problem: DayProblem
    plan: Plan
    head_id: str | None
    wish: DayBooking
    names: Mapping[str, str] = field(default_factory=dict)
    therapists: Mapping[str, Therapist] = field(default_factory=dict)


def suggest_slots(services: Services, actor: Actor, booking: Booking, *, limit: int = SLOTS_OFFERED) -> Offers:
    """Give the best starts for a booking that is being taken (or is to be moved), inside its windows; nothing is kept.

    The plan is the one worked on, fitted to the day. What is past is not offered; once phones have reported on the day,
    nobody is sent anywhere before now either. A booking that could not be taken as it stands is refused with all that
    is wrong.
    """
    allow(actor, Permission.BOOKINGS)
    from dispatch.explain.slots import suggest

    with services.store.reading() as tx:
        seen = wished_day(tx, services, actor, booking)
    slots = suggest(seen.problem, seen.plan, Draft(booking=seen.wish), limit=limit)
    return Offers(branch=seen.branch, slots=tuple(slots), names=seen.names)


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
    """Give the best starts for a wish with all a caller is told, and where there are none, why and the nearest ones.

    A client, address and building that are not kept yet may come along; nothing is kept of them. The nearest starts lie
    ever farther from the wish on its day, or else in the same hours of a day soon after.
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
        nearest = () if slots else _nearest(as_if, services, actor, seen, prices, limit)
    return SlotOffers(
        branch=seen.branch,
        slots=slots,
        nearest=nearest,
        reason=reason,
        per_therapist=stops,
        names=seen.names,
        genders={one.id: one.gender for one in seen.therapists.values()},
    )


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


def wished_day(tx: "Reading", services: Services, actor: Actor, booking: Booking) -> WishedDay:
    """Give a wish in its day; refused with all that is wrong where it could not be taken, or where all of it is past."""
    booking = replace(tidy(booking), id=booking.id or services.new_id(), branch_id=actor.branch_id)
    branch = branch_of(tx, actor)
    before = find(tx, actor, Booking, booking.id)
    refuse(booking_errors(booking, booking_context(tx, services, actor, booking, before=before)))
    problem = build_problem(tx, services, branch, booking.day, draft=booking)
    head_id = tx.pointers(branch.id, booking.day).head_id
    plan = reconcile(problem, tx.revision(head_id).plan if head_id else Plan())
    bookings = tx.list(Booking, branch.id, day=booking.day)
    clients = by_id(tx.list(Client, branch.id, id=[one.client_id for one in (*bookings, booking)]))
    therapists = by_id(tx.list(Therapist, branch.id))
    names = {one.id: one.name for one in therapists.values()}
    names |= {name: clients[one.client_id].name for one in (*bookings, booking) for name in (one.id, *visits_of(one))}
    now_s = seconds_of(services.now(), booking.day, branch.time_zone) if booking.day == today(services, branch) else 0
    wish = problem.booking(booking.id)
    windows = _to_come(wish.windows, now_s)
    if not windows:
        raise BadInput("slot.all_past", field="windows", latest_s=max(window.end_s for window in wish.windows))
    if problem.facts and now_s > 0:
        problem = replace(problem, now_s=now_s)
    return WishedDay(
        branch=branch,
        booking=booking,
        problem=problem,
        plan=plan,
        head_id=head_id,
        wish=replace(wish, windows=windows, is_hold=False),
        names=names,
        therapists=therapists,
    )


def _to_come(windows: Sequence[TimeWindow], now_s: int) -> tuple[TimeWindow, ...]:
    """Give what of the windows is not past."""
    return tuple(
        TimeWindow(start_s=max(window.start_s, now_s), end_s=window.end_s)
        for window in windows
        if window.end_s >= now_s
    )


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
    tx: "Reading", services: Services, actor: Actor, seen: WishedDay, prices: Sequence[PriceRule], limit: int
) -> tuple[PricedSlot, ...]:
    """Give the starts nearest to a wish that has none: around it on its day, else in its hours on the next days."""
    from dispatch.explain.fitting import fitted_slots

    now_s = seconds_of(services.now(), seen.booking.day, seen.branch.time_zone)
    for widened_s in WIDENED_S:
        windows = _to_come(_widened(seen, widened_s), now_s)
        wish = replace(seen.wish, windows=windows)
        found = fitted_slots(seen.problem, seen.plan, Draft(booking=wish), limit=limit) if windows else []
        if found:
            ordered = sorted(found, key=lambda one: (_distance_s(seen, one.slot.start_s), one.slot.start_s))
            return tuple(_priced(seen, prices, one) for one in ordered)
    for days in range(1, DAYS_TRIED + 1):
        later = replace(seen.booking, day=seen.booking.day + timedelta(days=days))
        try:
            other = wished_day(tx, services, actor, later)
        except LaluanError:
            continue
        found = fitted_slots(other.problem, other.plan, Draft(booking=other.wish), limit=limit)
        if found:
            return tuple(_priced(other, prices, one) for one in found)
    return ()


def _widened(seen: WishedDay, by_s: int) -> tuple[TimeWindow, ...]:
    """Give one window around all of a wish's, inside the branch's hours."""
    start_s = min(one.start_s for one in seen.booking.windows) - by_s
    end_s = max(one.end_s for one in seen.booking.windows) + by_s
    start_s, end_s = max(start_s, seen.branch.opens_s), min(end_s, seen.branch.closes_s)
    return (TimeWindow(start_s=start_s, end_s=end_s),) if start_s <= end_s else ()


def _distance_s(seen: WishedDay, start_s: int) -> int:
    """Give how far a start lies from the nearest window that was wished for."""
    return min(max(one.start_s - start_s, start_s - one.end_s, 0) for one in seen.booking.windows)
