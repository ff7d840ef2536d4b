"""What one past service day amounted to: its published plan, with what was reported and cancelled since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dispatch.model.booking import Booking
from dispatch.model.day import HOUR_S
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import BookingStatus, StopKind, VisitState
from dispatch.model.plan import Plan, Route, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import RouteTimes, Timetable
from dispatch.rules.retime import retime

ON_TIME_S = 5 * 60
"""A start no later than this after the time told is on time."""
LATE_S = 15 * 60
"""A start later than this after the time told is no longer only a little late."""
EVENING_S = 19 * HOUR_S
"""A visit that starts at this hour or later is an evening visit."""
SATURDAY = 5

_CONFIRMED = frozenset({BookingStatus.CONFIRMED, BookingStatus.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Work done, of a day, a therapist, or a span of days; amounts add up.

    `treatment_s` is by the minutes booked, `shift_s` the shifts less the breaks that were planned, `travel_s` by the clock, as
    reported or else as planned.
    `shifts` counts the days on shift, `late_finishes` those that ended after the last shift's end.
    """

    shifts: int = 0
    visits: int = 0
    treatment_s: int = 0
    shift_s: int = 0
    travel_s: int = 0
    distance_m: int = 0
    overtime_s: int = 0
    late_finishes: int = 0
    evening_visits: int = 0
    weekend_visits: int = 0
    value_sen: int = 0

    def __add__(self, other: "Work") -> "Work":
        """Give both together."""
        return Work(**{name: getattr(self, name) + getattr(other, name) for name in Work.__slots__})

    @property
    def utilisation_percent(self) -> int | None:
        """Give treatment as a share of the shifts; None where there was no shift."""
        return percent(self.treatment_s, self.shift_s)

    @property
    def travel_percent(self) -> int | None:
        """Give travel as a share of the shifts; None where there was no shift."""
        return percent(self.travel_s, self.shift_s)

    @property
    def value_per_hour_sen(self) -> int | None:
        """Give the worth of an hour of the shifts, as the board does; None where there was no shift."""
        return self.value_sen * HOUR_S // self.shift_s if self.shift_s > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How many visits started on time, a little late (over 5 minutes), later (over 15), and of how many nobody knows."""

    on_time: int = 0
    little_late: int = 0
    later: int = 0
    unknown: int = 0

    def __add__(self, other: "Punctuality") -> "Punctuality":
        """Give both together."""
        return Punctuality(**{name: getattr(self, name) + getattr(other, name) for name in Punctuality.__slots__})

    @property
    def known(self) -> int:
        """Give how many visits' starts can be judged."""
        return self.on_time + self.little_late + self.later

    @property
    def on_time_percent(self) -> int | None:
        """Give the share on time of those known; None where none is."""
        return percent(self.on_time, self.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """A service day as it went; without a published plan, only what was booked, cancelled and missed is known.

    `booked` counts every booking taken. It is `cancelled`, `no_shows`, and, on a day that was published, `served` and
    `left_out`. `work` is by therapist id; on a day that was not published it is empty, and the rest is nought.
    """

    day: date
    published: bool
    booked: int
    cancelled: int
    no_shows: int
    served: int = 0
    left_out: int = 0
    work: Mapping[str, Work]
    punctuality: Punctuality = Punctuality()

    @property
    def total(self) -> Work:
        """Give everybody's work together."""
        return sum(self.work.values(), Work())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One visit that took place: by whom, when, and its share of the booking's value."""

    visit_id: str
    therapist_id: str
    start_s: int
    treatment_s: int
    value_sen: int


def percent(part: int, whole: int) -> int | None:
    """Give a share in whole per cent, to the nearest; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else None


def unplanned(plan: Plan, gone: frozenset[str]) -> Plan:
    """Give a plan without the visits of some bookings."""

    def left(route: Route) -> Route:
        stops = (stop for stop in route.stops if stop.kind is StopKind.BREAK or booking_of(stop.id)[0] not in gone)
        return Route(therapist_id=route.therapist_id, stops=tuple(stops))

    return replace(plan, routes=tuple(left(route) for route in plan.routes))


def day_record(
    day: date,
    bookings: tuple[Booking, ...],
    facts: tuple[VisitFact, ...],
    published: tuple[DayProblem, Plan] | None,
    earlier: tuple[tuple[DayProblem, Plan], ...] = (),
) -> DayRecord:
    """Give what a day amounted to; `bookings` are all of the day, `published` the plan therapists saw and its problem.

    `earlier` are the versions published before it, in order: a visit's start was told by the last one before it began.
    A visit took place where the published plan has it or it was reported finished, and its booking was neither cancelled
    nor a no-show; a hold's only where it was confirmed. It counts for who reported it, or else whose it was. What was
    cancelled before anybody left for it is driven around.
    """
    missed = {fact.visit_id: fact for fact in facts if fact.state is VisitState.NO_SHOW}
    cancelled = {one.id for one in bookings if one.status is BookingStatus.CANCELLED}
    no_shows = {
        one.id
        for one in bookings
        if one.status is BookingStatus.NO_SHOW
        or (one.status not in {BookingStatus.CANCELLED, BookingStatus.DONE} and _any_seat(one, missed))
    }
    taken = DayRecord(
        day=day, published=False, booked=len(bookings), cancelled=len(cancelled), no_shows=len(no_shows), work={}
    )
    if published is None:
        return taken
    problem, plan = published
    by_visit = {fact.visit_id: fact for fact in facts}
    known = {one.id for one in problem.bookings}
    went = unplanned(plan, frozenset(one for one in cancelled if not _any_seat_of(one, by_visit)))
    # Where the very same problem is asked again, its tables are not made again.
    planned = retime(replace(problem, facts=()) if problem.facts else problem, went)
    reported = tuple(one for one in facts if booking_of(one.visit_id)[0] in known)
    times = retime(replace(problem, facts=reported), went) if reported else planned
    kept = {one.id: one for one in bookings if one.id not in cancelled | no_shows}
    visits = tuple(_visits(problem, kept, times, by_visit))
    served = {booking_of(visit.visit_id)[0] for visit in visits}
    return replace(
        taken,
        published=True,
        served=len(served),
        left_out=len(kept.keys() - served),
        work=_work(problem, went, planned, times, by_visit, visits),
        punctuality=_punctuality((*earlier, published), kept, visits, by_visit),
    )


def _any_seat(booking: Booking, found: Mapping[str, VisitFact]) -> bool:
    return any(f"{booking.id}/{seat}" in found for seat in range(len(booking.seats)))


def _any_seat_of(booking_id: str, found: Mapping[str, VisitFact]) -> bool:
    return any(booking_of(visit)[0] == booking_id for visit in found)


def _visits(
    problem: DayProblem, kept: Mapping[str, Booking], times: Timetable, facts: Mapping[str, VisitFact]
) -> Iterator[_Visit]:
    """Give every visit that took place: the planned ones in order, then those reported beside the plan."""
    planned = {visit.visit_id: visit for route in times.routes for visit in route.visits()}
    on_day = {one.id: one for one in problem.bookings}
    finished = [one.visit_id for one in facts.values() if one.state is VisitState.FINISHED]
    for visit_id in dict.fromkeys((*planned, *finished)):
        booking_id, seat = booking_of(visit_id)
        booking, planned_one = kept.get(booking_id), on_day.get(booking_id)
        if booking is None:
            continue
        if planned_one and planned_one.is_hold and booking.status not in _CONFIRMED and visit_id not in facts:
            continue
        fact, time = facts.get(visit_id), planned.get(visit_id)
        reported = fact is not None and fact.state is VisitState.FINISHED
        therapist_id = fact.therapist_id if fact and (reported or time is None) else time.therapist_id if time else ""
        start_s = fact.started_s if fact and fact.started_s is not None else time.start_s if time else None
        if start_s is None:
            start_s = fact.finished_s - booking.minutes * 60 if fact and fact.finished_s is not None else 0
        value_sen = planned_one.value_sen if planned_one else booking.value_sen
        seats = len(booking.seats)
        yield _Visit(
            visit_id=visit_id,
            therapist_id=therapist_id,
            start_s=start_s,
            treatment_s=planned_one.duration_s if planned_one else booking.minutes * 60,
            # The first seats take what does not divide evenly, so that the shares are the whole.
            value_sen=value_sen // seats + (seat < value_sen % seats),
        )


def _work(
    problem: DayProblem,
    plan: Plan,
    planned: Timetable,
    times: Timetable,
    facts: Mapping[str, VisitFact],
    visits: tuple[_Visit, ...],
) -> dict[str, Work]:
    """Give each therapist's work: of everybody who had a shift or a visit."""
    found: dict[str, Work] = {}
    for therapist in problem.therapists:
        route = times.route_of(therapist.id)
        pauses = {pause.id: pause.duration_s for pause in therapist.breaks}
        stops = plan.route_of(therapist.id).stops
        rested_s = sum(pauses.get(stop.id, 0) for stop in stops if stop.kind is StopKind.BREAK)
        if not therapist.shifts and not route.visits():
            continue
        found[therapist.id] = Work(
            shifts=1 if therapist.shifts else 0,
            shift_s=max(0, sum(shift.end_s - shift.start_s for shift in therapist.shifts) - rested_s),
            travel_s=_travel_s(planned.route_of(therapist.id), facts),
            distance_m=route.distance_m,
            overtime_s=route.overtime_s,
            late_finishes=1 if route.overtime_s > 0 else 0,
        )
    for visit in visits:
        found[visit.therapist_id] = found.get(visit.therapist_id, Work()) + Work(
            visits=1,
            treatment_s=visit.treatment_s,
            evening_visits=1 if visit.start_s >= EVENING_S else 0,
            weekend_visits=1 if problem.day.weekday() >= SATURDAY else 0,
            value_sen=visit.value_sen,
        )
    return found


def _travel_s(route: RouteTimes, facts: Mapping[str, VisitFact]) -> int:
    """Give a route's travel: each leg as it was reported, or else as it was planned; the leg home as planned."""
    total_s = route.home_travel_s
    for visit in route.visits():
        fact = facts.get(visit.visit_id)
        if fact is not None and fact.departed_s is not None and fact.arrived_s is not None:
            total_s += fact.arrived_s - fact.departed_s
        else:
            total_s += visit.travel_s
    return total_s


def _punctuality(
    versions: tuple[tuple[DayProblem, Plan], ...],
    kept: Mapping[str, Booking],
    visits: tuple[_Visit, ...],
    facts: Mapping[str, VisitFact],
) -> Punctuality:
    """Judge each visit's reported start against the promise, or else against the start as it was published.

    Nobody knows where no start was reported, or where no time was told before the visit had begun.
    """
    started = {visit: fact.started_s for visit, fact in facts.items() if fact.started_s is not None}
    told: dict[str, int] = {}
    for problem, plan in versions if started else ():
        begun = {one.visit_id for one in problem.facts if one.started_s is not None or one.finished_s is not None}
        for route in retime(problem, plan).routes:
            told |= {visit.visit_id: visit.start_s for visit in route.visits() if visit.visit_id not in begun}
    for visit in visits:
        promise = kept[booking_of(visit.visit_id)[0]].promise
        if promise is not None:
            told[visit.visit_id] = promise.start_s
    found = Punctuality()
    for visit in visits:
        one = visit.visit_id
        found += _judged(started[one] - told[one]) if one in started and one in told else Punctuality(unknown=1)
    return found


def _judged(late_s: int) -> Punctuality:
    if late_s <= ON_TIME_S:
        return Punctuality(on_time=1)
    return Punctuality(little_late=1) if late_s <= LATE_S else Punctuality(later=1)
