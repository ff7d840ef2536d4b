"""A day as rows of the timeline: what stands where, and what is said of it; pure, from a `DayBoard`."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from dispatch.model.day import HOUR_S, SERVICE_DAY_END_S, SERVICE_DAY_START_S
from dispatch.model.kinds import Gender, TravelMode
from dispatch.model.plan import booking_of
from dispatch.model.timetable import BreakTime, RouteTimes, VisitTime
from dispatch.words import clock
from dispatch.work.days import DayBoard

SURE_PERCENT = 80
"""A visit that starts on time on fewer of a hundred days is marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the timeline, in seconds of the service day."""

    start_s: int
    end_s: int

    @property
    def length_s(self) -> int:
        """How long it lasts."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive(Span):
    """Driving to the next stop, or home."""

    distance_m: int
    to_area: str
    home: bool = False
    kind: str = "drive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Span):
    """A break; `what` is its kind: meal, prayer, rest or personal."""

    what: str
    area: str
    kind: str = "break"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBar(Span):
    """A visit from arriving to being free: getting in (`access`), waiting, the treatment, packing up.

    `likely` is when it starts on four days in five, None where its start is certain.
    """

    visit_id: str
    booking_id: str
    seat: int
    number: int
    client: str
    treatment: str
    area: str
    building: str
    access: Span
    waiting: Span
    care: Span
    packing: Span
    late_s: int = 0
    on_time_percent: int = 100
    likely: Span | None = None
    couple: bool = False
    locked: bool = False
    held: bool = False
    status: str = ""
    kind: str = "visit"

    @property
    def risky(self) -> bool:
        """Whether it is planned on time, and real days would make it late more than one time in five."""
        return self.late_s == 0 and self.on_time_percent < SURE_PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One therapist's row; `key` counts the rows and names her layer on the map."""

    key: int
    therapist_id: str
    name: str
    initials: str
    colour: int
    mode: TravelMode
    gender: Gender
    shifts: tuple[Span, ...]
    items: tuple[Drive | Rest | VisitBar, ...] = ()
    overtime: Span | None = None
    times: RouteTimes = field(default_factory=lambda: RouteTimes(therapist_id=""))

    @property
    def visits(self) -> int:
        """How many visits she has."""
        return sum(isinstance(item, VisitBar) for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The hours the timeline shows, from 06:00 to 06:00 or as far as the day's work goes beyond."""

    start_s: int
    end_s: int

    @property
    def hours(self) -> tuple[tuple[int, str], ...]:
        """Every full hour: its offset from the scale's start in seconds, and its clock without the minutes' mark."""
        return tuple((at - self.start_s, clock(at)[:5]) for at in range(self.start_s, self.end_s, HOUR_S))


def rows(board: DayBoard) -> tuple[Row, ...]:
    """Give a row for every therapist on duty, by the start of her day and her name."""
    on_duty = sorted(
        board.problem.therapists,
        key=lambda one: (one.shifts[0].start_s if one.shifts else 0, board.therapists[one.id].name, one.id),
    )
    locked = {lock.visit_id for lock in board.problem.locks}
    found = []
    for key, day_therapist in enumerate(on_duty):
        therapist = board.therapists[day_therapist.id]
        times = board.timetable.route_of(therapist.id)
        shifts = tuple(Span(start_s=shift.start_s, end_s=shift.end_s) for shift in day_therapist.shifts)
        over = Span(start_s=shifts[-1].end_s, end_s=times.home_s) if shifts and times.overtime_s > 0 else None
        found.append(
            Row(
                key=key,
                therapist_id=therapist.id,
                name=therapist.name,
                initials=initials(therapist.name),
                colour=therapist.colour,
                mode=therapist.travel_mode,
                gender=therapist.gender,
                shifts=shifts,
                items=tuple(_items(board, times, locked)),
                overtime=over,
                times=times,
            )
        )
    return tuple(found)


def scale(all_rows: tuple[Row, ...]) -> Scale:
    """Give the hours to show."""
    ends = [item.end_s for row in all_rows for item in row.items]
    last_s = max((SERVICE_DAY_END_S, *ends))
    return Scale(start_s=SERVICE_DAY_START_S, end_s=math.ceil(last_s / HOUR_S) * HOUR_S)


def initials(name: str) -> str:
    """Give up to two letters for a chip: of the first and the last word; a name in two scripts goes by its Latin one."""
    words = [word for word in name.split() if word[0].isalnum()]
    words = [word for word in words if word.isascii()] or words
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2] if words[0].isascii() else words[0][:1]
    return (words[0][0] + words[-1][0]).upper()


def _items(board: DayBoard, times: RouteTimes, locked: set[str]) -> Iterator[Drive | Rest | VisitBar]:
    """Go along a route: the drive to each stop, and the stop."""
    number = 0
    for stop in times.stops:
        if isinstance(stop, BreakTime):
            yield _rest(board, times.therapist_id, stop)
            continue
        number += 1
        if stop.arrive_s > stop.depart_s:
            yield Drive(
                start_s=stop.depart_s,
                end_s=stop.arrive_s,
                distance_m=stop.distance_m,
                to_area=board.problem.locations[stop.location].area,
            )
        yield _bar(board, stop, number, locked)
    if times.home_travel_s > 0:
        yield Drive(
            start_s=times.home_depart_s,
            end_s=times.home_depart_s + times.home_travel_s,
            distance_m=times.home_distance_m,
            to_area="",
            home=True,
        )


def _rest(board: DayBoard, therapist_id: str, stop: BreakTime) -> Rest:
    kinds = {one.id: one.kind.value for one in board.problem.therapist(therapist_id).breaks}
    area = board.problem.locations[stop.location].area
    return Rest(start_s=stop.start_s, end_s=stop.end_s, what=kinds.get(stop.break_id, "rest"), area=area)


def _bar(board: DayBoard, stop: VisitTime, number: int, locked: set[str]) -> VisitBar:
    booking = board.bookings[stop.booking_id]
    building = board.building_of(stop.booking_id)
    seat = booking_of(stop.visit_id)[1]
    treatment_id = booking.seats[seat].treatment_id or booking.treatment_id
    chance = board.chances[stop.visit_id]
    return VisitBar(
        start_s=stop.arrive_s,
        end_s=stop.free_s,
        visit_id=stop.visit_id,
        booking_id=stop.booking_id,
        seat=seat,
        number=number,
        client=board.clients[booking.client_id].name,
        treatment=board.treatments[treatment_id].name,
        area=building.area,
        building=building.name,
        access=Span(start_s=stop.arrive_s, end_s=stop.start_s - stop.wait_s),
        waiting=Span(start_s=stop.start_s - stop.wait_s, end_s=stop.start_s),
        care=Span(start_s=stop.start_s, end_s=stop.end_s),
        packing=Span(start_s=stop.end_s, end_s=stop.free_s),
        late_s=max(stop.late_s, stop.promise_late_s),
        on_time_percent=chance.on_time_percent,
        likely=Span(start_s=chance.early_s, end_s=chance.late_s) if chance.early_s < chance.late_s else None,
        couple=len(booking.seats) > 1,
        locked=stop.visit_id in locked,
        held=board.problem.booking(stop.booking_id).is_hold,
        status=booking.status.value,
    )
