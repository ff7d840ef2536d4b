"""A service day as the planner sees it, built from what the store holds at this moment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.booking import PLANNED_STATUSES, Booking, Seat, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.catalogue import PriceRule, Treatment
from dispatch.model.condition import DayCondition
from dispatch.model.decisions import Hold, Lock, Waiver
from dispatch.model.facts import VisitFact, fold
from dispatch.model.kinds import BookingStatus, LinkKind, TravelMode, VisitState
from dispatch.model.people import Client
from dispatch.model.places import Address, Building, Point
from dispatch.model.plan import Plan, booking_of
from dispatch.model.problem import DayBooking, DayLink, DayProblem, DayTherapist, Familiar, Location
from dispatch.model.therapist import Place, Therapist
from dispatch.rules.prices import booking_price_sen
from dispatch.work.conditions import under_conditions
from dispatch.work.corrected import travel_matrix
from dispatch.work.doing import by_id
from dispatch.work.history import familiar_by_client, rested_from, visits_of
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The locations of a problem, each once, and where to find them: buildings by id, places by their point."""

    locations: tuple[Location, ...]
    index: Mapping[str, int]

    def of(self, place: Place | None) -> int | None:
        return None if place is None else self.index[_key(place)]


def build_problem(
    tx: "Reading", services: Services, branch: Branch, day: date, *, draft: Booking | None = None
) -> DayProblem:
    """Give the problem of a branch's service day as it is now: what may be planned, by whom, from where, at what price.

    In it are the requested and confirmed bookings, those the facts know, and done ones that the plan still shows;
    therapists with a shift on the day, and those a fact or a lock names. What slows the day down is in it. All ids are sorted, so that the same day gives
    the same problem. The problem holds no `now_s`: the clock alone never makes a plan out of date. A `draft` is in it as
    if it were booked, in place of the booking of its id, if there is one.
    """
    bookings = tx.list(Booking, branch.id, day=day)
    held = tx.list(Hold, branch.id, day=day)
    if draft is not None:
        held = tuple(hold for hold in held if hold.booking_id != draft.id)
        bookings = tuple(sorted((*(one for one in bookings if one.id != draft.id), draft), key=lambda one: one.id))
    facts = fold(tx.events(branch.id, [visit for booking in bookings for visit in visits_of(booking)]))
    pointers = tx.pointers(branch.id, day)
    published = tx.revision(pointers.published_id).plan if pointers.published_id else None
    shown = tx.revision(pointers.head_id).plan if pointers.head_id else published
    bookings = tuple(booking for booking in bookings if _is_planned(booking, facts, shown))
    visits = {visit for booking in bookings for visit in visits_of(booking)}
    facts = tuple(fact for fact in facts if fact.visit_id in visits)

    holds = {hold.booking_id: hold for hold in held if hold.expires_at > services.now() and _is_held(hold, bookings)}
    locks = _locks(tx.locks(branch.id, day), bookings, facts, holds, shown)
    therapists = _therapists_on(tx, branch, day, facts, locks)
    addresses = by_id(tx.list(Address, branch.id, id=[booking.address_id for booking in bookings]))
    buildings = by_id(tx.list(Building, branch.id, id=[place.building_id for place in addresses.values()]))
    places = _places(buildings, therapists)
    points = [Point(lat=location.lat, lon=location.lon) for location in places.locations]
    modes = sorted({therapist.travel_mode for therapist in therapists}) or [TravelMode.CAR]

    parts = _Parts(
        clients=by_id(tx.list(Client, branch.id, id=[booking.client_id for booking in bookings])),
        buildings={address.id: buildings[address.building_id] for address in addresses.values()},
        treatments=by_id(tx.list(Treatment, branch.id)),
        prices=tx.list(PriceRule, branch.id),
        familiar=familiar_by_client(tx, branch.id, day, {booking.client_id for booking in bookings}),
        holds=holds,
        places=places,
    )
    day_bookings = tuple(_day_booking(booking, parts) for booking in bookings)
    rested = rested_from(tx, branch.id, day, therapists)
    problem = DayProblem(
        id=f"{branch.id}:{day.isoformat()}",
        day=day,
        locations=places.locations,
        matrices=tuple(travel_matrix(tx, services, branch, points, day, mode) for mode in modes),
        bookings=day_bookings,
        therapists=tuple(_day_therapist(one, day, places, rested.get(one.id, 0)) for one in therapists),
        links=_links(bookings),
        locks=locks,
        waivers=_waivers(tx.waivers(branch.id, day), visits, therapists),
        facts=facts,
        weights=branch.weights,
        fair_share_s=_fair_share_s(day_bookings, therapists, day),
    )
    problem = under_conditions(problem, tx.list(DayCondition, branch.id, day=day))
    return replace(problem, published=reconcile(problem, published)) if published else problem


def as_planned(tx: "Reading", booking: Booking, therapist: Therapist) -> tuple[DayBooking, DayTherapist]:
    """Give a booking and a therapist as the planner sees them, all that tells whether she may serve it.

    What depends on the rest of the day (holds, prices, who knows whom, the night's rest) is left out.
    """
    building = tx.get(Building, tx.get(Address, booking.address_id).building_id)
    places = _places({building.id: building}, (therapist,))
    parts = _Parts(
        clients={booking.client_id: tx.get(Client, booking.client_id)},
        buildings={booking.address_id: building},
        treatments=by_id(tx.list(Treatment, booking.branch_id)),
        prices=(),
        familiar={},
        holds={},
        places=places,
    )
    return _day_booking(booking, parts), _day_therapist(therapist, booking.day, places, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What a booking is resolved with; buildings by address id."""

    clients: Mapping[str, Client]
    buildings: Mapping[str, Building]
    treatments: Mapping[str, Treatment]
    prices: tuple[PriceRule, ...]
    familiar: Mapping[str, tuple[Familiar, ...]]
    holds: Mapping[str, Hold]
    places: _Places


def _is_planned(booking: Booking, facts: tuple[VisitFact, ...], shown: Plan | None) -> bool:
    """Tell whether a booking is part of the day: to be planned, or already in its past."""
    if booking.status in PLANNED_STATUSES:
        return True
    known = [fact for fact in facts if booking_of(fact.visit_id)[0] == booking.id]
    if booking.status is BookingStatus.CANCELLED:
        return any(fact.started_s is not None or fact.state is VisitState.FINISHED for fact in known)
    return bool(known) or (shown is not None and booking.id in shown.served())


def _is_held(hold: Hold, bookings: Iterable[Booking]) -> bool:
    """Tell whether a hold still fits its booking: one therapist for each seat."""
    return any(one.id == hold.booking_id and len(one.seats) == len(hold.therapist_ids) for one in bookings)


def _locks(
    set_locks: Iterable[Lock],
    bookings: Iterable[Booking],
    facts: Iterable[VisitFact],
    holds: Mapping[str, Hold],
    shown: Plan | None,
) -> tuple[Lock, ...]:
    """Give what is fixed: by holds, by dispatchers, and done visits nobody reported, which stay with their therapist."""
    reported = {fact.visit_id for fact in facts}
    planned = {visit: route.therapist_id for route in (shown.routes if shown else ()) for visit in route.visit_ids()}
    locks: dict[str, Lock] = {}
    for booking in bookings:
        for visit in visits_of(booking):
            if booking.status not in PLANNED_STATUSES and visit in planned and visit not in reported:
                locks[visit] = Lock(visit_id=visit, therapist_id=planned[visit])
    visits = {visit for booking in bookings for visit in visits_of(booking)}
    locks.update({lock.visit_id: lock for lock in set_locks if lock.visit_id in visits})
    for booking in bookings:
        if hold := holds.get(booking.id):
            for visit, therapist_id in zip(visits_of(booking), hold.therapist_ids, strict=True):
                locks[visit] = Lock(visit_id=visit, therapist_id=therapist_id, start_s=hold.start_s)
    return tuple(locks[visit] for visit in sorted(locks))


def _therapists_on(
    tx: "Reading", branch: Branch, day: date, facts: Iterable[VisitFact], locks: Iterable[Lock]
) -> tuple[Therapist, ...]:
    """Give who is on duty, and whom a fact or a lock names (so that a lock to somebody who is off can be explained)."""
    named = {fact.therapist_id for fact in facts} | {lock.therapist_id for lock in locks if lock.therapist_id}
    return tuple(
        therapist
        for therapist in tx.list(Therapist, branch.id)
        if (therapist.active and therapist.roster.on(day)[0]) or therapist.id in named
    )


def _key(place: Place) -> str:
    """Give the location id of a therapist's place; the same point is the same location."""
    return f"place:{place.point.lat:.6f},{place.point.lon:.6f}"


def _places(buildings: Mapping[str, Building], therapists: Iterable[Therapist]) -> _Places:
    """Give every location of the day once: buildings by id, then places by their point."""
    places = {
        _key(place): place
        for therapist in therapists
        for place in (therapist.start_place, therapist.end_place)
        if place is not None
    }
    locations = [
        *(
            Location(id=one.id, lat=one.point.lat, lon=one.point.lon, area=one.area)
            for _, one in sorted(buildings.items())
        ),
        *(Location(id=key, lat=one.point.lat, lon=one.point.lon, area=one.area) for key, one in sorted(places.items())),
    ]
    return _Places(locations=tuple(locations), index={location.id: number for number, location in enumerate(locations)})


def _day_booking(booking: Booking, parts: _Parts) -> DayBooking:
    """Give a booking with everything resolved: place, times, techniques, price, and what its client likes."""
    client, building = parts.clients[booking.client_id], parts.buildings[booking.address_id]
    treatments = [parts.treatments[seat.treatment_id or booking.treatment_id] for seat in booking.seats]
    hold = parts.holds.get(booking.id)
    never = {*booking.never_therapists, *client.never_therapists}
    return DayBooking(
        id=booking.id,
        location=parts.places.index[building.id],
        duration_s=booking.minutes * 60,
        windows=(TimeWindow(start_s=hold.start_s, end_s=hold.start_s),) if hold else tuple(_sorted_windows(booking)),
        seats=tuple(
            Seat(
                techniques=tuple(sorted(seat.techniques or treatment.techniques)),
                only_gender=seat.only_gender,
                treatment_id=seat.treatment_id,
            )
            for seat, treatment in zip(booking.seats, treatments, strict=True)
        ),
        access_s=building.access_s,
        set_up_s=max(treatment.set_up_s for treatment in treatments),
        pack_up_s=max(treatment.pack_up_s for treatment in treatments),
        late_tolerance_s=booking.late_tolerance_s,
        only_therapists=tuple(sorted(booking.only_therapists)),
        preferred_therapists=tuple(sorted({*booking.preferred_therapists, *client.preferred_therapists} - never)),
        never_therapists=tuple(sorted(never)),
        preferred_gender=booking.preferred_gender,
        familiar=parts.familiar.get(booking.client_id, ()),
        priority=booking.priority,
        value_sen=booking.value_sen or booking_price_sen(parts.prices, booking) or 0,
        promise_s=booking.promise.start_s if booking.promise else None,
        is_hold=hold is not None,
    )


def _sorted_windows(booking: Booking) -> list[TimeWindow]:
    """Give a booking's windows in the order of the day."""
    return sorted(booking.windows, key=lambda window: (window.start_s, window.end_s))


def _day_therapist(therapist: Therapist, day: date, places: _Places, rested_from_s: int) -> DayTherapist:
    """Give a therapist with her shifts and breaks of the day; off duty she has none."""
    shifts, breaks = therapist.roster.on(day) if therapist.active else ((), ())
    return DayTherapist(
        id=therapist.id,
        techniques=tuple(sorted(therapist.techniques)),
        gender=therapist.gender,
        shifts=tuple(sorted(shifts, key=lambda shift: shift.start_s)),
        start_location=places.of(therapist.start_place),
        end_location=places.of(therapist.end_place),
        travel_mode=therapist.travel_mode,
        breaks=tuple(sorted(breaks, key=lambda pause: (pause.earliest_s, pause.id))),
        limits=therapist.limits,
        overtime_s=therapist.overtime_s,
        rested_from_s=rested_from_s,
        carried_s=therapist.fairness_carried_s,
    )


def _links(bookings: Iterable[Booking]) -> tuple[DayLink, ...]:
    """Give the links between bookings that are both in the day; the same start told twice is one link."""
    inside = {booking.id for booking in bookings}
    links: set[DayLink] = set()
    for booking in bookings:
        for link in booking.links:
            if link.other_booking_id in inside:
                first, second = link.other_booking_id, booking.id
                if link.kind is LinkKind.SAME_START:
                    first, second = sorted((first, second))
                    links.add(DayLink(kind=link.kind, first_id=first, second_id=second))
                else:
                    links.add(
                        DayLink(kind=link.kind, first_id=first, second_id=second, min_s=link.min_s, max_s=link.max_s)
                    )
    return tuple(sorted(links, key=lambda one: (one.first_id, one.second_id, one.kind, one.min_s, one.max_s)))


def _waivers(waivers: Iterable[Waiver], visits: Collection[str], therapists: Iterable[Therapist]) -> tuple[Waiver, ...]:
    """Give the waivers whose visit, booking or therapist is still in the day, and whose rule may still be waived."""
    subjects = {*visits, *(booking_of(visit)[0] for visit in visits), *(therapist.id for therapist in therapists)}
    known = [one for one in waivers if one.subject_id in subjects]
    if not known:
        return ()
    from dispatch.rules.referee import RULES

    waivable = {rule.code for rule in RULES if rule.waivable}
    return tuple(sorted((one for one in known if one.rule in waivable), key=lambda w: (w.rule, w.subject_id)))


def _fair_share_s(bookings: Iterable[DayBooking], therapists: Iterable[Therapist], day: date) -> int:
    """Give each therapist's even share of all the day's work and of what they carry already."""
    on_duty = [therapist for therapist in therapists if therapist.active and therapist.roster.on(day)[0]]
    if not on_duty:
        return 0
    work_s = sum(len(one.seats) * (one.set_up_s + one.duration_s + one.pack_up_s) for one in bookings)
    return (work_s + sum(therapist.fairness_carried_s for therapist in on_duty)) // len(on_duty)
