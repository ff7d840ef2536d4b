"""A plan fitted to a day that has changed since: what is no longer there is dropped, what is new is left out."""

from dispatch.model.kinds import StopKind
from dispatch.model.plan import LeftOut, Plan, Route, Stop, booking_of
from dispatch.model.problem import DayProblem
from dispatch.model.said import said


def reconcile(problem: DayProblem, plan: Plan) -> Plan:
    """Give the plan as far as it still fits the problem, with every booking of the problem served or left out.

    Dropped are: routes of therapists who are not in the problem, visits of bookings that are not, breaks that are no
    longer hers, and every visit of a booking that would keep only some of its seats (or has one twice). Orders and
    breaks that stay are not moved; whether the rest keeps the rules is for the referee to say.
    """
    seats = {booking.id: len(booking.seats) for booking in problem.bookings}
    breaks = {therapist.id: {pause.id for pause in therapist.breaks} for therapist in problem.therapists}
    routes = [route for route in plan.routes if route.therapist_id in breaks]
    served: dict[str, list[int]] = {}
    for booking_id, seat in (booking_of(visit) for route in routes for visit in route.visit_ids()):
        served.setdefault(booking_id, []).append(seat)
    whole = {booking_id for booking_id, count in seats.items() if sorted(served.get(booking_id, ())) == [*range(count)]}

    def stays(therapist_id: str, stop: Stop) -> bool:
        if stop.kind is StopKind.BREAK:
            return stop.id in breaks[therapist_id]
        return booking_of(stop.id)[0] in whole

    fitted = (
        Route(
            therapist_id=route.therapist_id,
            stops=tuple(stop for stop in route.stops if stays(route.therapist_id, stop)),
        )
        for route in routes
    )
    reasons = {left_out.booking_id: left_out for left_out in plan.left_out}
    return Plan(
        routes=tuple(route for route in fitted if route.visit_ids()),
        left_out=tuple(
            reasons.get(booking_id)
            or LeftOut(booking_id=booking_id, reason=said("plan.not_planned_yet", booking_id=booking_id))
            for booking_id in sorted(seats.keys() - whole)
        ),
    )
