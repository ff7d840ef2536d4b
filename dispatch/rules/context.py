"""What a rule is asked about: a problem, a plan (of one route, if need be), and the plan's times."""

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.model.timetable import RouteTimes, Timetable, VisitTime
from dispatch.rules.compiled import Compiled, compile_problem
from dispatch.rules.fill import shift_spans
from dispatch.rules.retime import retime


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A plan with its times, for the rules; `context_of` makes one."""

    problem: DayProblem
    compiled: Compiled
    plan: Plan
    timetable: Timetable

    def therapist(self, route: RouteTimes) -> DayTherapist:
        """Give the therapist of a route."""
        return self.problem.therapists[self.compiled.therapist_index[route.therapist_id]]

    def booking(self, visit: VisitTime) -> DayBooking:
        """Give the booking of a visit."""
        return self.problem.bookings[self.compiled.bookings[visit.booking_id]]

    def is_past(self, visit: VisitTime) -> bool:
        """Tell whether a visit has begun (she has left for it, or more): the past is not judged."""
        return visit.visit_id in self.compiled.facts

    def visits(self) -> Iterator[tuple[DayTherapist, VisitTime]]:
        """Give every visit that is still judged, with its therapist, in the plan's order."""
        for route in self.timetable.routes:
            for visit in route.visits():
                if not self.is_past(visit):
                    yield self.therapist(route), visit

    def judged_routes(self) -> Iterator[tuple[DayTherapist, RouteTimes]]:
        """Give every route of which not all is past, with its therapist."""
        for route in self.timetable.routes:
            if any(not self.is_past(visit) for visit in route.visits()):
                yield self.therapist(route), route

    def spans(self, therapist: DayTherapist) -> list[list[int]]:
        """Give the spans (start, end) her work may lie in: rested, with overtime, waivers considered."""
        return shift_spans(therapist, self.compiled.waived)


def context_of(problem: DayProblem, plan: Plan, timetable: Timetable | None = None) -> Context:
    """Give the context of a plan; its times are computed where they are not handed in."""
    times = retime(problem, plan) if timetable is None else timetable
    return Context(problem=problem, compiled=compile_problem(problem), plan=plan, timetable=times)
