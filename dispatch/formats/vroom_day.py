"""A VROOM problem as a day of ours, twice: once a little too strict, once a little too loose.

VROOM's rules differ from the house's in three places that no day of ours can say: set-up falls away at the place of the
task before, a break may interrupt a drive, and legs are hundredths of a second. The *strict* day charges every set-up,
keeps breaks out of drives and rounds legs up: its plans all hold under VROOM's rules. The *loose* day lets a set-up
fall away wherever it might, lets a break begin early by the longest leg and rounds legs down: whatever VROOM allows, it
allows, so what is proven about it is true of VROOM's problem. Where nothing of the kind occurs both are the same day.
"""

from collections import Counter
from dataclasses import dataclass, fields, replace
from datetime import date

from dispatch.errors import BadInput
from dispatch.formats.vroom import HUNDREDTHS, VroomBreak, VroomJob, VroomProblem, VroomSpan, VroomVehicle
from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.day import HORIZON_S, HOUR_S
from dispatch.model.kinds import BreakKind, Gender, TravelMode
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist, Location
from dispatch.model.therapist import Break, Limits, Shift
from dispatch.model.travel import TravelMatrix
from dispatch.model.weights import Weights

MOST_BREAKS = 6
FAR_S = HORIZON_S + 1
"""A leg longer than the horizon is told as this: it cannot be driven either way."""

_ANY_DAY = date(2026, 1, 5)
_TRAVEL_ALONE = replace(Weights(**{field.name: 0 for field in fields(Weights)}), travel_sen_per_h=1)
"""A point for every second of travel, and nothing else priced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomDay:
    """The strict day, and the loose one: the same object where they do not differ, None where nothing is proven.

    Nothing is proven where routes may last longer than the two days that are planned.
    """

    strict: DayProblem
    loose: DayProblem | None


def day_of_vroom(problem: VroomProblem) -> VroomDay:
    """Give a VROOM problem as days of ours; `BadInput` where it is beyond what can be planned.

    Bookings and therapists are named by the decimal ids of jobs and vehicles, breaks by their number in the vehicle.
    """
    factors = sorted({vehicle.factor for vehicle in problem.vehicles})
    if len(factors) > len(TravelMode):
        raise BadInput("vroom.many_speeds", count=len(factors), most=len(TravelMode))
    for vehicle in problem.vehicles:
        if len(vehicle.breaks) > MOST_BREAKS:
            raise BadInput("vroom.many_breaks", id=vehicle.id, count=len(vehicle.breaks), most=MOST_BREAKS)
    longest_s = -(-max(factors) * max(map(max, problem.durations_s)) // HUNDREDTHS)
    origin_s = _origin_s(problem, longest_s)
    windows = [vehicle.window for vehicle in problem.vehicles if vehicle.window is not None]
    last_s = max((window.end_s for window in windows), default=origin_s)
    if last_s - origin_s > HORIZON_S:
        hours = -(-(last_s - origin_s) // HOUR_S)
        raise BadInput("vroom.horizon", hours=hours, most=HORIZON_S // HOUR_S)
    strict = _Maker(problem=problem, factors=tuple(factors), origin_s=origin_s, longest_s=longest_s, loose=False).day()
    if len(windows) < len(problem.vehicles) and _latest_end_s(problem, longest_s) - origin_s > HORIZON_S:
        return VroomDay(strict=strict, loose=None)
    loose = _Maker(problem=problem, factors=tuple(factors), origin_s=origin_s, longest_s=longest_s, loose=True).day()
    return VroomDay(strict=strict, loose=strict if loose == strict else loose)


def _origin_s(problem: VroomProblem, longest_s: int) -> int:
    """Give a moment before which nothing has to happen, as late as is plain to see; the day's midnight."""
    origin_s = 0
    if all(vehicle.window is not None for vehicle in problem.vehicles):
        origin_s = min(vehicle.window.start_s for vehicle in problem.vehicles if vehicle.window is not None)
    breaks = [one for vehicle in problem.vehicles for one in vehicle.breaks]
    if all(job.windows for job in problem.jobs) and all(one.windows for one in breaks):
        windows = [*(job.windows[0] for job in problem.jobs), *(one.windows[0] for one in breaks)]
        first_s = min(window.start_s for window in windows)
        origin_s = max(origin_s, first_s - longest_s - sum(one.service_s for one in breaks))
    return origin_s


def _latest_end_s(problem: VroomProblem, longest_s: int) -> int:
    """Give a moment by which any route that never idles without need has ended."""
    windows = [
        *(window for job in problem.jobs for window in job.windows),
        *(window for vehicle in problem.vehicles for one in vehicle.breaks for window in one.windows),
        *(vehicle.window for vehicle in problem.vehicles if vehicle.window is not None),
    ]
    work_s = sum(job.set_up_s + job.service_s for job in problem.jobs)
    pause_s = max(sum(one.service_s for one in vehicle.breaks) for vehicle in problem.vehicles)
    return max((w.start_s for w in windows), default=0) + work_s + pause_s + (len(problem.jobs) + 1) * longest_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes one of the two days; times are told from `origin_s` on."""

    problem: VroomProblem
    factors: tuple[int, ...]
    origin_s: int
    longest_s: int
    loose: bool

    def day(self) -> DayProblem:
        """Give the day."""
        size = len(self.problem.durations_s)
        shared = self._shared()
        return DayProblem(
            id="vroom",
            day=_ANY_DAY,
            locations=tuple(Location(id=str(place), lat=0.0, lon=0.0) for place in range(size + 1)),
            matrices=tuple(self._matrix(n, factor) for n, factor in enumerate(self.factors)),
            bookings=tuple(booking for job in self.problem.jobs if (booking := self._booking(job, shared)) is not None),
            therapists=tuple(self._therapist(vehicle) for vehicle in self.problem.vehicles),
            weights=_TRAVEL_ALONE,
        )

    def _matrix(self, number: int, factor: int) -> TravelMatrix:
        """Give the legs of one speed; the last row is nowhere, from where every place is at hand."""
        size = len(self.problem.durations_s) + 1
        up = 0 if self.loose else HUNDREDTHS - 1
        legs: list[int] = []
        for row in self.problem.durations_s:
            legs += [min((factor * leg_s + up) // HUNDREDTHS, FAR_S) for leg_s in row]
            legs.append(0)
        legs += [0] * size
        return TravelMatrix(
            mode=tuple(TravelMode)[number], size=size, reference_s=tuple(legs), distance_m=(0,) * (size * size)
        )

    def _shared(self) -> frozenset[int]:
        """Give the places where a set-up may fall away: of several jobs, or where a vehicle starts."""
        jobs = Counter(job.place for job in self.problem.jobs)
        starts = {vehicle.start for vehicle in self.problem.vehicles}
        return frozenset(place for place, count in jobs.items() if place in starts or count > 1)

    def _booking(self, job: VroomJob, shared: frozenset[int]) -> DayBooking | None:
        """Give a job as a booking, None where it lies outside the time that is planned."""
        windows = tuple(
            TimeWindow(start_s=max(0, span.start_s - self.origin_s), end_s=min(HORIZON_S, span.end_s - self.origin_s))
            for span in job.windows or (VroomSpan(start_s=self.origin_s, end_s=self.origin_s + HORIZON_S),)
            if span.end_s >= self.origin_s and span.start_s <= self.origin_s + HORIZON_S
        )
        spared = self.loose and job.place in shared
        duration_s = job.service_s + (0 if spared else job.set_up_s)
        if not windows or duration_s > HORIZON_S:
            return None
        return DayBooking(
            id=str(job.id),
            location=job.place,
            duration_s=duration_s,
            windows=windows,
            seats=(Seat(techniques=tuple(str(skill) for skill in sorted(job.skills))),),
            priority=job.priority,
        )

    def _therapist(self, vehicle: VroomVehicle) -> DayTherapist:
        """Give a vehicle as a therapist; without a shift where this day's rules leave it no route at all."""
        window = vehicle.window or VroomSpan(start_s=self.origin_s, end_s=self.origin_s + HORIZON_S)
        start_s = max(0, window.start_s - self.origin_s)
        end_s = min(HORIZON_S, window.end_s - self.origin_s)
        usable = vehicle.max_tasks != 0 and vehicle.max_travel_s != 0
        if self.loose:
            usable = vehicle.max_tasks != 0
            end_s = max(end_s, start_s + 1)
        breaks = tuple(self._break(n, one, vehicle, start_s, end_s) for n, one in enumerate(vehicle.breaks))
        usable = usable and end_s > start_s and (self.loose or None not in breaks)
        travel_s = 0 if vehicle.max_travel_s is None else max(1, vehicle.max_travel_s)
        return DayTherapist(
            id=str(vehicle.id),
            techniques=tuple(str(skill) for skill in sorted(vehicle.skills)),
            gender=Gender.FEMALE,
            shifts=(Shift(start_s=start_s, end_s=end_s),) if usable else (),
            start_location=len(self.problem.durations_s) if vehicle.start is None else vehicle.start,
            end_location=vehicle.end,
            travel_mode=tuple(TravelMode)[self.factors.index(vehicle.factor)],
            breaks=tuple(one for one in breaks if one is not None) if usable else (),
            limits=Limits(
                travel_s=travel_s if travel_s <= HORIZON_S else 0,
                visits=min(vehicle.max_tasks or 0, len(self.problem.jobs)),
            ),
        )

    def _break(self, number: int, one: VroomBreak, vehicle: VroomVehicle, start_s: int, end_s: int) -> Break | None:
        """Give a break: its widest window on the strict day, all of them and a leg before on the loose one.

        None where the strict day has no room for it, or the loose one need not ask for it.
        """
        duration_s = one.service_s if self.loose else max(1, one.service_s)
        spans = one.windows or (VroomSpan(start_s=self.origin_s + start_s, end_s=self.origin_s + end_s),)
        rooms = [
            (max(start_s, span.start_s - self.origin_s), min(end_s - duration_s, span.end_s - self.origin_s))
            for span in spans
        ]
        rooms = [room for room in rooms if room[0] <= room[1]]
        if not rooms or duration_s == 0:
            return None
        earliest_s, latest_s = max(rooms, key=lambda room: room[1] - room[0])
        if self.loose:
            leg_s = -(-vehicle.factor * self.longest_s // HUNDREDTHS)
            earliest_s, latest_s = max(start_s, min(room[0] for room in rooms) - leg_s), max(room[1] for room in rooms)
        return Break(
            id=str(number), kind=BreakKind.REST, duration_s=duration_s, earliest_s=earliest_s, latest_s=latest_s
        )
