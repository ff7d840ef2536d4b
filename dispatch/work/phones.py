"""The therapist's phone: her signed, revocable link, and the day it shows her - published, and only her own."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.catalogue import Technique, Treatment
from dispatch.model.day import seconds_of
from dispatch.model.facts import Event, VisitFact, fold, standing
from dispatch.model.kinds import BookingStatus, BreakKind, TravelMode, VisitState
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.plan import Plan, Revision, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.push import PushSubscription
from dispatch.model.safety import PinKeys
from dispatch.model.therapist import Therapist
from dispatch.model.timetable import BreakTime, RouteTimes, VisitTime
from dispatch.work.doing import branch_of, by_id, fetch, record, today
from dispatch.work.her_links import CALENDAR, PHONE, new_link, reader_of, revoke_links
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.reconcile import reconcile
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneVisit:
    """One visit as its therapist's phone shows it; times are seconds of the service day.

    `phone` and `contact_phone` are in E.164 form, and empty on any other day than the service day itself. `notes` are
    the lines of how to get in, in order: what (`gate`, `parking`, `lift`, `guard`, `address`) and the words.
    `with_therapists` are the names of those who treat beside her; `language` is what whoever is written to reads. From `early_s` to `late_s` the treatment starts on four
    days in five; `told_s` is the start the client was told, None where none was. `told` is what she has reported of it and not taken back, in order; `under_way` that she is on her way to it
    or at it.
    """

    visit_id: str
    booking_id: str
    start_s: int
    end_s: int
    early_s: int
    late_s: int
    leave_by_s: int
    travel_s: int
    distance_m: int
    area: str
    building: str
    lat: float
    lon: float
    treatment: str
    techniques: tuple[str, ...]
    minutes: int
    client_first_name: str
    tower: str = ""
    floor: str = ""
    unit: str = ""
    street: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    with_therapists: tuple[str, ...] = ()
    language: str = "en"
    told_s: int | None = None
    done: bool = False
    under_way: bool = False
    told: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneBreak:
    """A break as the phone shows it, with the area it is taken in."""

    break_id: str
    kind: BreakKind
    start_s: int
    end_s: int
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDay:
    """A therapist's published day: `next_visit` first, then all `stops` in order, then the way home.

    `published` False means no plan has been published for the day. `leave_s` is when she leaves her start place;
    `home_s` is nought where she has no way home to go. `publication_id` and `version_number` name the version it shows,
    `seen` says whether her device has shown it before; a day published before versions were kept has none. `asks_pin` says
    that a finish asks for her PIN.
    """

    day: date
    today: date
    now_s: int
    time_zone: str
    therapist_id: str
    name: str
    published: bool
    revision_number: int
    next_visit: PhoneVisit | None
    stops: tuple[PhoneVisit | PhoneBreak, ...]
    leave_s: int = 0
    start_area: str = ""
    start_lat: float | None = None
    start_lon: float | None = None
    home_s: int = 0
    home_depart_s: int = 0
    home_travel_s: int = 0
    home_distance_m: int = 0
    home_area: str = ""
    home_lat: float | None = None
    home_lon: float | None = None
    travel_mode: TravelMode = TravelMode.CAR
    languages: tuple[str, ...] = ()
    colour: int = 0
    publication_id: str = ""
    version_number: int = 0
    seen: bool = False
    asks_pin: bool = False


def make_phone_link(services: Services, actor: Actor, therapist_id: str) -> str:
    """Make a link for a therapist's phone and give its token, which is shown this once: only its hash is kept."""
    allow(actor, Permission.PHONE_LINKS)
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, therapist_id)
        link, token = new_link(tx, services, actor, PHONE, therapist.id)
        record(tx, services, actor, "phone_link.made", link.id, therapist.id)
    return token


def revoke_phone_links(services: Services, actor: Actor, therapist_id: str) -> int:
    """Let none of a therapist's links open anything from now on, and no phone of hers be woken; gives how many were revoked."""
    allow(actor, Permission.PHONE_LINKS)
    with services.store.writing() as tx:
        therapist = fetch(tx, actor, Therapist, therapist_id)
        links = revoke_links(tx, services, actor, PHONE, therapist.id)
        for phone in tx.list(PushSubscription, actor.branch_id, therapist_id=therapist.id):
            tx.delete(phone)
        # A lost phone has shown its calendar's address as well.
        read = revoke_links(tx, services, actor, CALENDAR, therapist.id)
        if links or read:
            record(tx, services, actor, "phone_link.revoked", therapist.id, *links, *read)
    return len(links)


def phone_actor(services: Services, token: str) -> Actor:
    """Give the therapist a link's token stands for; `Forbidden` where it is none of ours, revoked, or she has left."""
    return reader_of(services, PHONE, token)


def phone_day(services: Services, actor: Actor, day: date | None = None) -> PhoneDay:
    """Give a therapist her own published day (of this moment, if no day is named); nobody else's is ever in it."""
    allow(actor, Permission.OWN_DAY)
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        now_day = today(services, branch)
        day = day or now_day
        therapist = fetch(tx, actor, Therapist, actor.therapist_id)
        blank = PhoneDay(
            day=day,
            today=now_day,
            now_s=seconds_of(services.now(), day, branch.time_zone),
            time_zone=branch.time_zone,
            therapist_id=therapist.id,
            name=therapist.name,
            travel_mode=therapist.travel_mode,
            languages=therapist.languages,
            colour=therapist.colour,
            asks_pin=tx.find(PinKeys, therapist.id) is not None,
            published=False,
            revision_number=0,
            next_visit=None,
            stops=(),
        )
        published_id = tx.pointers(branch.id, day).published_id
        if not published_id:
            return blank
        version = tx.last_publication(branch.id, day)
        if version is not None and version.revision_id == published_id:
            seen = any(one.therapist_id == therapist.id for one in tx.seen([version.id]))
            blank = replace(blank, publication_id=version.id, version_number=version.number, seen=seen)
        return _published_day(tx, therapist, tx.revision(published_id), blank)


def _published_day(tx: "Reading", therapist: Therapist, revision: Revision, blank: PhoneDay) -> PhoneDay:
    """Fill in a therapist's day from the published revision, without the visits that were cancelled since."""
    from dispatch.rules.chance import chances
    from dispatch.rules.retime import retime
    from dispatch.work.remembered import same_problem

    bookings = by_id(tx.list(Booking, therapist.branch_id, day=blank.day))
    visits = [visit for booking in bookings.values() for visit in visits_of(booking)]
    events = tx.events(therapist.branch_id, visits)
    facts = fold(events)
    told: dict[str, list[Event]] = {}
    for event in standing(one for one in events if one.therapist_id == therapist.id):
        told.setdefault(event.visit_id, []).append(event)
    # Everybody's phone shows the same day: what was worked out of it for one is there for the next.
    problem = same_problem(still_true(tx.problem(revision.problem_hash), bookings, facts))
    plan = reconcile(problem, revision.plan)
    route = retime(problem, plan).route_of(therapist.id)
    likely = {one.visit_id: one for one in chances(problem, plan)} if route.stops else {}
    done = {fact.visit_id for fact in facts if fact.state in {VisitState.FINISHED, VisitState.NO_SHOW}}
    begun = {fact.visit_id for fact in facts if fact.therapist_id == therapist.id} - done
    kinds = {pause.id: pause.kind for pause in problem.therapist(therapist.id).breaks} if route.stops else {}

    stops = tuple(
        PhoneBreak(
            break_id=stop.break_id,
            kind=kinds[stop.break_id],
            start_s=stop.start_s,
            end_s=stop.end_s,
            area=problem.locations[stop.location].area,
        )
        if isinstance(stop, BreakTime)
        else replace(
            _phone_visit(tx, stop, bookings[stop.booking_id], plan, done=stop.visit_id in done, day=blank),
            early_s=likely[stop.visit_id].early_s,
            late_s=likely[stop.visit_id].late_s,
            under_way=stop.visit_id in begun,
            told=tuple(told.get(stop.visit_id, ())),
        )
        for stop in route.stops
    )
    open_still = [one for one in stops if isinstance(one, PhoneVisit) and not one.done]
    to_come = [one for one in open_still if one.under_way] + [one for one in open_still if one.end_s > blank.now_s]
    return _with_way(
        replace(
            blank,
            published=True,
            revision_number=revision.number,
            next_visit=to_come[0] if to_come else None,
            stops=stops,
        ),
        therapist,
        route,
    )


def _with_way(day: PhoneDay, therapist: Therapist, route: RouteTimes) -> PhoneDay:
    """Add where her day starts and how she gets home."""
    start, end = therapist.start_place, therapist.end_place
    if route.stops and start:
        day = replace(
            day, leave_s=route.leave_s, start_area=start.area, start_lat=start.point.lat, start_lon=start.point.lon
        )
    if route.stops and end:
        day = replace(
            day,
            home_s=route.home_s,
            home_depart_s=route.home_depart_s,
            home_travel_s=route.home_travel_s,
            home_distance_m=route.home_distance_m,
            home_area=end.area,
            home_lat=end.point.lat,
            home_lon=end.point.lon,
        )
    return day


def still_true(problem: DayProblem, bookings: dict[str, Booking], facts: tuple[VisitFact, ...]) -> DayProblem:
    """Give the problem that was solved with what is still true of it, and with what has happened since."""
    gone = {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}
    kept = tuple(one for one in problem.bookings if one.id in bookings and bookings[one.id].status not in gone)
    known = {booking.id for booking in kept}
    return replace(
        problem,
        bookings=kept,
        links=tuple(one for one in problem.links if {one.first_id, one.second_id} <= known),
        locks=tuple(one for one in problem.locks if booking_of(one.visit_id)[0] in known),
        facts=tuple(one for one in facts if booking_of(one.visit_id)[0] in known),
        published=None,
    )


def _phone_visit(
    tx: "Reading", time: VisitTime, booking: Booking, plan: Plan, *, done: bool, day: PhoneDay
) -> PhoneVisit:
    """Give one visit with everything she needs at the door, and nothing about the client beyond it."""
    seat = booking.seats[booking_of(time.visit_id)[1]]
    address = tx.get(Address, booking.address_id)
    building = tx.get(Building, address.building_id)
    treatment = tx.get(Treatment, seat.treatment_id or booking.treatment_id)
    client = tx.get(Client, booking.client_id)
    contact = tx.find(Contact, booking.contact_id) if booking.contact_id else None
    notes = {
        "gate": building.gate_note,
        "parking": building.parking_note,
        "lift": building.lift_note,
        "guard": building.guard_words,
        "address": address.note,
    }
    # A client's number is hers to use on the day of the visit, not to keep.
    reachable = day.day == day.today
    beside = [
        route.therapist_id
        for route in plan.routes
        if route.therapist_id != time.therapist_id and {*route.visit_ids()} & {*visits_of(booking)}
    ]
    return PhoneVisit(
        visit_id=time.visit_id,
        booking_id=booking.id,
        start_s=time.start_s,
        end_s=time.end_s,
        early_s=time.start_s,
        late_s=time.start_s,
        leave_by_s=time.leave_by_s,
        travel_s=time.travel_s,
        distance_m=time.distance_m,
        area=building.area,
        building=building.name,
        lat=building.point.lat,
        lon=building.point.lon,
        treatment=treatment.name,
        techniques=tuple(tx.get(Technique, one).name for one in seat.techniques or treatment.techniques),
        minutes=booking.minutes,
        client_first_name=client.first_name,
        tower=address.tower,
        floor=address.floor,
        unit=address.unit,
        street=building.street,
        notes=tuple((what, words) for what, words in notes.items() if words),
        phone=client.phone if reachable else "",
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact and reachable else "",
        with_therapists=tuple(tx.get(Therapist, one).name for one in beside),
        language=contact.language if contact and contact.phone else client.language,
        told_s=booking.promise.start_s if booking.promise else None,
        done=done,
    )
