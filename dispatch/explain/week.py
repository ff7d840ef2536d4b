"""The load of one service day for the week view: what is asked of the team, what is planned, and where there is room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.explain.report_day import percent
from dispatch.model.booking import Booking
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan
from dispatch.model.therapist import Break, Shift, Therapist
from dispatch.model.timetable import RouteTimes, Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A stretch of her day that is taken: from arriving at a client's to being free again."""

    start_s: int
    end_s: int
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapistLoad:
    """A therapist's day: her shifts by the roster (none: a day off) and what the plan has for her.

    `room_s` is what is left of the shifts after visits, travel and planned breaks, nought where there is more than fits.
    """

    therapist_id: str
    shifts: tuple[Shift, ...]
    busy: tuple[Busy, ...] = ()
    treatment_s: int = 0
    travel_s: int = 0
    shift_s: int = 0
    room_s: int = 0
    overtime_s: int = 0

    @property
    def works(self) -> bool:
        """Tell whether she has a shift or visits on the day."""
        return bool(self.shifts or self.busy)

    @property
    def utilisation_percent(self) -> int | None:
        """Give treatment as a share of the shifts; None without a shift."""
        return percent(self.treatment_s, self.shift_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLoad:
    """A day of the week view. Bookings are those not cancelled; holds are not counted among them.

    `planned` says that there is a plan, `published` that therapists see one, `changed` that it is not the one worked on.
    `asked_s` is the treatment time of all bookings, `treatment_s` that of the planned visits.
    """

    day: date
    planned: bool
    published: bool
    changed: bool
    bookings: int
    served: int
    left_out: int
    holds: int
    asked_s: int
    therapists: tuple[TherapistLoad, ...]

    @property
    def treatment_s(self) -> int:
        """Give the planned treatment time."""
        return sum(one.treatment_s for one in self.therapists)

    @property
    def shift_s(self) -> int:
        """Give the time on shift, less the breaks that are planned."""
        return sum(one.shift_s for one in self.therapists)

    @property
    def room_s(self) -> int:
        """Give the time that is left of everybody's shift."""
        return sum(one.room_s for one in self.therapists)

    @property
    def overtime_s(self) -> int:
        """Give the work planned past the shifts' ends."""
        return sum(one.overtime_s for one in self.therapists)

    @property
    def on_duty(self) -> int:
        """Give how many therapists have a shift."""
        return sum(bool(one.shifts) for one in self.therapists)

    @property
    def utilisation_percent(self) -> int | None:
        """Give the planned treatment as a share of the shifts; None where nobody works."""
        return percent(self.treatment_s, self.shift_s)

    @property
    def asked_percent(self) -> int | None:
        """Give all treatment asked for as a share of the shifts; None where nobody works."""
        return percent(self.asked_s, self.shift_s)


def day_load(
    day: date,
    bookings: Iterable[Booking],
    held: frozenset[str],
    team: Iterable[Therapist],
    plan: Plan | None,
    timetable: Timetable,
    *,
    published: bool,
    changed: bool,
) -> DayLoad:
    """Give the load of a day; `bookings` are those not cancelled, `held` the ids of those only held, `plan` the one worked on.

    The plan and its times hold no visit of a booking that was cancelled. Shifts are the roster's of today.
    """
    minutes = {one.id: one.minutes for one in bookings}
    asked = {one.id: one for one in bookings if one.id not in held}
    served = (plan.served() if plan else frozenset()) & asked.keys()
    return DayLoad(
        day=day,
        planned=plan is not None,
        published=published,
        changed=changed,
        bookings=len(asked),
        served=len(served),
        left_out=len(asked) - len(served),
        holds=len(held),
        asked_s=sum(one.minutes * 60 * len(one.seats) for one in asked.values()),
        therapists=tuple(_load(one, day, plan or Plan(), timetable.route_of(one.id), minutes, held) for one in team),
    )


def _load(
    therapist: Therapist, day: date, plan: Plan, route: RouteTimes, minutes: Mapping[str, int], held: frozenset[str]
) -> TherapistLoad:
    shifts, breaks = therapist.roster.on(day) if therapist.active else ((), ())
    visits = [visit for visit in route.visits() if visit.booking_id in minutes]
    shift_s = max(0, sum(shift.end_s - shift.start_s for shift in shifts) - _resting_s(therapist, plan, breaks))
    taken_s = route.travel_s + sum(visit.free_s - visit.arrive_s - visit.wait_s for visit in visits)
    return TherapistLoad(
        therapist_id=therapist.id,
        shifts=tuple(sorted(shifts, key=lambda shift: shift.start_s)),
        busy=tuple(Busy(start_s=visit.arrive_s, end_s=visit.free_s, held=visit.booking_id in held) for visit in visits),
        treatment_s=sum(minutes[visit.booking_id] * 60 for visit in visits if visit.booking_id not in held),
        travel_s=route.travel_s,
        shift_s=shift_s,
        room_s=max(0, shift_s - taken_s),
        overtime_s=route.overtime_s,
    )


def _resting_s(therapist: Therapist, plan: Plan, breaks: tuple[Break, ...]) -> int:
    """Give how long her planned breaks last."""
    lengths = {pause.id: pause.duration_s for pause in breaks}
    stops = plan.route_of(therapist.id).stops
    return sum(lengths.get(stop.id, 0) for stop in stops if stop.kind is StopKind.BREAK)
