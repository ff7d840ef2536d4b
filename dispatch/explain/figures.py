"""What a plan amounts to: the figures a dispatcher reads beside the board."""

from collections.abc import Collection
from dataclasses import dataclass

from dispatch.model.chance import VisitChance
from dispatch.model.day import HOUR_S
from dispatch.model.kinds import StopKind
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A day in figures; holds are not counted as bookings.

    `travel_s` is by the clock, `reference_s` the priced one; `shift_s` is the shifts of all therapists of the day less
    their breaks that were planned. `utilisation_percent` is treatment, `travel_percent` travel by the clock, both of
    `shift_s`, rounded to the nearest whole; nought where nobody has a shift. `late_visits` start after a window or
    later than promised beyond the grace. `value_sen` is what the served bookings are worth, `value_lost_sen` the rest,
    `value_per_hour_sen` the worth of an hour of `shift_s`. `on_time_percent` is the mean chance of a visit to start on
    time, None where the chances are not known.
    """

    bookings: int
    served: int
    left_out: int
    visits: int
    travel_s: int
    reference_s: int
    distance_m: int
    wait_s: int
    treatment_s: int
    shift_s: int
    utilisation_percent: int
    travel_percent: int
    overtime_s: int
    late_visits: int
    value_sen: int
    value_lost_sen: int
    value_per_hour_sen: int = 0
    on_time_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure beside the published plan's: its field, both values, and whether more of it is better."""

    name: str
    now: int | None
    was: int | None
    more_is_better: bool

    @property
    def change(self) -> int:
        """Give how much more it is than published; nought where there is nothing to compare."""
        return 0 if self.now is None or self.was is None else self.now - self.was

    @property
    def better(self) -> bool:
        """Tell whether the change is for the better."""
        return self.change != 0 and (self.change > 0) is self.more_is_better


SHOWN = (
    ("served", True),
    ("left_out", False),
    ("travel_percent", False),
    ("overtime_s", False),
    ("utilisation_percent", True),
    ("value_per_hour_sen", True),
    ("on_time_percent", True),
)
"""The figures above the board, in their order, and whether more is better."""


def compared(now: Figures, was: Figures | None) -> tuple[Compared, ...]:
    """Give the figures above the board, each beside the published plan's."""
    return tuple(
        Compared(
            name=name,
            now=getattr(now, name),
            was=None if was is None else getattr(was, name),
            more_is_better=more_is_better,
        )
        for name, more_is_better in SHOWN
    )


def figures(problem: DayProblem, plan: Plan, timetable: Timetable, *, chances: Collection[VisitChance] = ()) -> Figures:
    """Give a plan's figures from its times; a booking counts as served when it has a visit in a route."""
    served = plan.served()
    bookings = [booking for booking in problem.bookings if not booking.is_hold]
    routes = timetable.routes
    pauses = {pause.id: pause.duration_s for therapist in problem.therapists for pause in therapist.breaks}
    holds = {booking.id for booking in problem.bookings if booking.is_hold}
    visits = [visit for route in routes for visit in route.visits() if visit.booking_id not in holds]
    shift_s = sum(shift.end_s - shift.start_s for therapist in problem.therapists for shift in therapist.shifts)
    shift_s -= sum(
        pauses.get(stop.id, 0) for route in plan.routes for stop in route.stops if stop.kind is StopKind.BREAK
    )
    travel_s = sum(route.travel_s for route in routes)
    treatment_s = sum(route.treatment_s for route in routes)
    grace_s = problem.weights.promise_grace_s
    value_sen = sum(booking.value_sen for booking in bookings if booking.id in served)
    return Figures(
        bookings=len(bookings),
        served=sum(booking.id in served for booking in bookings),
        left_out=sum(booking.id not in served for booking in bookings),
        visits=len(visits),
        travel_s=travel_s,
        reference_s=sum(route.reference_s for route in routes),
        distance_m=sum(route.distance_m for route in routes),
        wait_s=sum(route.wait_s for route in routes),
        treatment_s=treatment_s,
        shift_s=shift_s,
        utilisation_percent=_percent(treatment_s, shift_s),
        travel_percent=_percent(travel_s, shift_s),
        overtime_s=sum(route.overtime_s for route in routes),
        late_visits=sum(visit.late_s > 0 or visit.promise_late_s > grace_s for visit in visits),
        value_sen=value_sen,
        value_lost_sen=sum(booking.value_sen for booking in bookings if booking.id not in served),
        value_per_hour_sen=value_sen * HOUR_S // shift_s if shift_s > 0 else 0,
        on_time_percent=sum(one.on_time_percent for one in chances) // len(chances) if chances else None,
    )


def _percent(part: int, whole: int) -> int:
    """Give a share in whole per cent, to the nearest; nought of nothing."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else 0
