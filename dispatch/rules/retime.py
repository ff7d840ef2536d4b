"""When everything happens: the times of a whole plan, as the compiled step and the ties between routes give them."""

from dataclasses import replace

from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import BreakTime, RouteTimes, Timetable, VisitTime
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.settle import SettledRoute, settle


def retime(problem: DayProblem, plan: Plan, *, now_s: int | None = None) -> Timetable:
    """Give the times of every route of the plan, the earliest that all of them can keep; facts win over everything.

    `now_s` stands in for the problem's own. Rules are not judged here: where something cannot be kept the times say
    what would happen. Stops and therapists the problem does not know are passed over.
    """
    if now_s is not None and now_s != problem.now_s:
        problem = replace(problem, now_s=now_s)
    compiled = compile_problem(problem)
    settled = settle(compiled, plan)
    return Timetable(routes=tuple(_route_times(compiled, route) for route in settled.routes), cycle=settled.cycle)


def _route_times(compiled: Compiled, route: SettledRoute) -> RouteTimes:
    """Give one route's times as people read them."""
    problem = compiled.problem
    therapist = problem.therapists[route.t]
    matrix = problem.matrix(therapist.travel_mode)
    at = therapist.start_location or 0
    stops: list[VisitTime | BreakTime] = []
    for stop, row in zip(route.stops.tolist(), route.times.tolist(), strict=True):
        depart_s, arrive_s, ready_s, start_s, end_s, free_s, leave_by_s, late_s = row
        if stop < 0:
            pause = therapist.breaks[-1 - stop]
            stops.append(BreakTime(break_id=pause.id, location=at, start_s=start_s, end_s=free_s))
            continue
        booking = problem.bookings[compiled.booking_of[stop]]
        stops.append(
            VisitTime(
                visit_id=compiled.visits[stop],
                booking_id=booking.id,
                therapist_id=therapist.id,
                from_location=at,
                location=booking.location,
                depart_s=depart_s,
                travel_s=max(0, arrive_s - depart_s),
                reference_s=matrix.priced_s(at, booking.location),
                distance_m=matrix.metres(at, booking.location),
                arrive_s=arrive_s,
                ready_s=ready_s,
                wait_s=max(0, start_s - ready_s),
                start_s=start_s,
                end_s=end_s,
                free_s=free_s,
                leave_by_s=leave_by_s,
                late_s=late_s,
                promise_late_s=0 if booking.promise_s is None else max(0, start_s - booking.promise_s),
            )
        )
        at = booking.location
    visits = [stop for stop in stops if isinstance(stop, VisitTime)]
    if not visits:
        return RouteTimes(therapist_id=therapist.id, stops=tuple(stops))
    home = therapist.end_location
    home_reference_s = 0 if home is None else matrix.priced_s(at, home)
    home_distance_m = 0 if home is None else matrix.metres(at, home)
    home_travel_s = route.home_s - route.free_s
    bookings = [problem.booking(visit.booking_id) for visit in visits]
    return RouteTimes(
        therapist_id=therapist.id,
        stops=tuple(stops),
        leave_s=visits[0].depart_s,
        home_depart_s=route.free_s,
        home_travel_s=home_travel_s,
        home_reference_s=home_reference_s,
        home_distance_m=home_distance_m,
        home_s=route.home_s,
        work_s=sum(booking.set_up_s + booking.duration_s + booking.pack_up_s for booking in bookings),
        treatment_s=sum(visit.end_s - visit.start_s for visit in visits),
        travel_s=sum(visit.travel_s for visit in visits) + home_travel_s,
        reference_s=sum(visit.reference_s for visit in visits) + home_reference_s,
        distance_m=sum(visit.distance_m for visit in visits) + home_distance_m,
        wait_s=sum(visit.wait_s for visit in visits),
        overtime_s=max(0, route.home_s - therapist.shifts[-1].end_s) if therapist.shifts else 0,
    )
