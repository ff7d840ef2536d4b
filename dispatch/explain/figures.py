"""What a plan amounts to: the figures a dispatcher reads beside the board."""

from dataclasses import dataclass

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
    later than promised beyond the grace. `value_sen` is what the served bookings are worth, `value_lost_sen` the rest.
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


def figures(problem: DayProblem, plan: Plan, timetable: Timetable) -> Figures:
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
        value_sen=sum(booking.value_sen for booking in bookings if booking.id in served),
        value_lost_sen=sum(booking.value_sen for booking in bookings if booking.id not in served),
    )


def _percent(part: int, whole: int) -> int:
    """Give a share in whole per cent, to the nearest; nought of nothing."""
    return (200 * part + whole) // (2 * whole) if whole > 0 else 0
