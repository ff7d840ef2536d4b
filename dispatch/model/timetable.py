"""When everything happens: what `rules.retime` answers for a plan."""

from dataclasses import dataclass

from dispatch.model.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTime:
    """One visit with its leg, in the order it happens; all times in seconds of the service day.

    She leaves `from_location` at `depart_s`, drives `travel_s` by the clock, arrives, is ready after access and set-up,
    waits `wait_s`, treats from `start_s` to `end_s`, and is free at `free_s`. `leave_by_s` is the latest departure that
    still reaches `start_s`. `late_s` is how far the start lies after its window, `promise_late_s` after the promise.
    """

    visit_id: str
    booking_id: str
    therapist_id: str
    from_location: int
    location: int
    depart_s: int
    travel_s: int
    reference_s: int
    distance_m: int
    arrive_s: int
    ready_s: int
    wait_s: int
    start_s: int
    end_s: int
    free_s: int
    leave_by_s: int
    late_s: int = 0
    promise_late_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTime:
    """A break with its time and the place it is taken at (where the stop before it ended)."""

    break_id: str
    location: int
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTimes:
    """One therapist's day in times: the stops in order, then the leg home (nought without an end place).

    `leave_s` is when she leaves her start place, `home_s` when her day ends; `reference_s` is the priced travel of all
    legs, `travel_s` the travel by the clock, `work_s` set-up, treatment and pack-up.
    """

    therapist_id: str
    stops: tuple[VisitTime | BreakTime, ...] = ()
    leave_s: int = 0
    home_depart_s: int = 0
    home_travel_s: int = 0
    home_reference_s: int = 0
    home_distance_m: int = 0
    home_s: int = 0
    work_s: int = 0
    treatment_s: int = 0
    travel_s: int = 0
    reference_s: int = 0
    distance_m: int = 0
    wait_s: int = 0
    overtime_s: int = 0

    def visits(self) -> tuple[VisitTime, ...]:
        """Give the visits alone, in order."""
        return tuple(stop for stop in self.stops if isinstance(stop, VisitTime))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """The times of every route of a plan; `cycle` names the bookings that wait for each other for ever, if any do."""

    routes: tuple[RouteTimes, ...] = ()
    cycle: tuple[str, ...] = ()

    def route_of(self, therapist_id: str) -> RouteTimes:
        """Give a therapist's times; empty where she has no route."""
        for route in self.routes:
            if route.therapist_id == therapist_id:
                return route
        return RouteTimes(therapist_id=therapist_id)

    def visit(self, visit_id: str) -> VisitTime:
        """Give one visit's times; `KeyError` where the plan does not hold it."""
        for route in self.routes:
            for stop in route.stops:
                if isinstance(stop, VisitTime) and stop.visit_id == visit_id:
                    return stop
        raise KeyError(visit_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule a plan breaks: which rule, what the sentence names, and what a waiver would name as its subject.

    `subject_id` is a visit id, or a therapist id for rules about a whole route, or a booking id for rules across
    routes. Protective rules (`waivable` False) are never set aside.
    """

    rule: str
    subject_id: str
    said: Said
    therapist_id: str = ""
    booking_id: str = ""
    waivable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTerm:
    """One soft aim's part of a plan's cost: the quantity that was priced, and its price in points (1/3600 sen)."""

    code: str
    quantity: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan loses and costs, compared in this order: locked, priority, bookings, points."""

    locked_left_out: int = 0
    priority_lost: int = 0
    left_out: int = 0
    points: int = 0
    terms: tuple[CostTerm, ...] = ()

    def key(self) -> tuple[int, int, int, int]:
        """Give what plans are compared by, smaller is better."""
        return (self.locked_left_out, self.priority_lost, self.left_out, self.points)
