"""Rules about one therapist's day: her shifts, windows, breaks, rest and limits; the past is not judged."""

from collections.abc import Iterator
from itertools import pairwise

from dispatch.model.day import HORIZON_S
from dispatch.model.problem import DayTherapist
from dispatch.model.said import Said, said
from dispatch.model.timetable import BreakTime, RouteTimes, Violation
from dispatch.rules.context import Context
from dispatch.rules.step import DUE, FIRST_BREAK, LATEST


def of_route(rule: str, therapist: DayTherapist, what: Said) -> Violation:
    """Give the violation of a rule about a whole route, which a waiver for the therapist sets aside."""
    return Violation(rule=rule, subject_id=therapist.id, said=what, therapist_id=therapist.id)


def outside_shift(context: Context) -> Iterator[Violation]:
    """Each visit, from leaving for it to packing up, lies in one shift (the last one with its overtime)."""
    for therapist, visit in context.visits():
        spans = context.spans(therapist)
        if spans and not any(start <= visit.depart_s and visit.free_s <= end for start, end in spans):
            yield Violation(
                rule="outside_shift",
                subject_id=visit.visit_id,
                said=said(
                    "rule.outside_shift",
                    booking_id=visit.booking_id,
                    therapist_id=therapist.id,
                    depart_s=visit.depart_s,
                    free_s=visit.free_s,
                ),
                therapist_id=therapist.id,
                booking_id=visit.booking_id,
            )


def shift_end(context: Context) -> Iterator[Violation]:
    """A therapist is home (or free, without an end place) by her last shift's end and the overtime she accepts."""
    for therapist, route in context.judged_routes():
        if therapist.shifts:
            end_s = therapist.shifts[-1].end_s + therapist.overtime_s
            if route.home_s > end_s:
                values = said("rule.shift_end", therapist_id=therapist.id, home_s=route.home_s, end_s=end_s)
                yield of_route("shift_end", therapist, values)


def rest_too_short(context: Context) -> Iterator[Violation]:
    """A therapist leaves no earlier than her minimum rest since the day before allows."""
    for therapist, route in context.judged_routes():
        first = route.visits()[0]
        if not context.is_past(first) and route.leave_s < therapist.rested_from_s:
            values = said(
                "rule.rest_too_short",
                therapist_id=therapist.id,
                leave_s=route.leave_s,
                rested_from_s=therapist.rested_from_s,
            )
            yield of_route("rest_too_short", therapist, values)


def window_missed(context: Context) -> Iterator[Violation]:
    """A treatment starts inside one of its windows, or no later after one than the client tolerates."""
    for therapist, visit in context.visits():
        booking = context.booking(visit)
        lock = context.compiled.locks.get(visit.visit_id)
        if (
            lock is not None
            and lock.start_s is not None
            and ("lock_time", visit.visit_id) not in context.compiled.waived
        ):
            continue
        tolerance_s = booking.late_tolerance_s
        if not any(window.start_s <= visit.start_s <= window.end_s + tolerance_s for window in booking.windows):
            latest_s = max(window.end_s for window in booking.windows) + tolerance_s
            yield Violation(
                rule="window_missed",
                subject_id=visit.visit_id,
                said=said(
                    "rule.window_missed",
                    booking_id=booking.id,
                    therapist_id=therapist.id,
                    start_s=visit.start_s,
                    latest_s=latest_s,
                ),
                therapist_id=therapist.id,
                booking_id=booking.id,
            )


def lock_time(context: Context) -> Iterator[Violation]:
    """A visit whose start a dispatcher has fixed starts exactly then."""
    for therapist, visit in context.visits():
        lock = context.compiled.locks.get(visit.visit_id)
        if lock is not None and lock.start_s is not None and visit.start_s != lock.start_s:
            yield Violation(
                rule="lock_time",
                subject_id=visit.visit_id,
                said=said(
                    "rule.lock_time",
                    booking_id=visit.booking_id,
                    therapist_id=therapist.id,
                    start_s=visit.start_s,
                    locked_s=lock.start_s,
                ),
                therapist_id=therapist.id,
                booking_id=visit.booking_id,
            )


def horizon(context: Context) -> Iterator[Violation]:
    """Nothing of a day's plan lies later than two days after its midnight."""
    for therapist, route in context.judged_routes():
        if max(route.home_s, *(visit.free_s for visit in route.visits())) > HORIZON_S:
            yield Violation(
                rule="horizon",
                subject_id=therapist.id,
                said=said("rule.horizon", therapist_id=therapist.id),
                therapist_id=therapist.id,
                waivable=False,
            )


def break_missing(context: Context) -> Iterator[Violation]:
    """A therapist who works takes every break that one of her shifts has room for."""
    for t, therapist, route in _with_index(context):
        taken = {stop.break_id for stop in route.stops if isinstance(stop, BreakTime)}
        first = int(context.compiled.tables.therapists[t, FIRST_BREAK])
        for k, pause in enumerate(therapist.breaks):
            if pause.id not in taken and context.compiled.tables.breaks[first + k, DUE] == 1:
                values = said(
                    "rule.break_missing",
                    therapist_id=therapist.id,
                    kind=pause.kind.value,
                    earliest_s=pause.earliest_s,
                    latest_s=pause.latest_s,
                )
                yield of_route("break_missing", therapist, values)


def break_late(context: Context) -> Iterator[Violation]:
    """A break starts in its time and lies in a shift; what has happened before it may excuse its being late."""
    for t, therapist, route in _with_index(context):
        first = int(context.compiled.tables.therapists[t, FIRST_BREAK])
        spans = context.spans(therapist)
        for at, stop in enumerate(route.stops):
            if not isinstance(stop, BreakTime):
                continue
            k = context.compiled.break_index[t][stop.break_id]
            row = context.compiled.tables.breaks[first + k]
            inside = any(start <= stop.start_s and stop.end_s <= end for start, end in spans)
            left_s = _begun_after(context, route, at)
            if left_s is None:
                in_time = inside and stop.start_s <= row[LATEST]
            else:
                # She has left for a later stop: the break was taken if it had ended by then, else it is still due.
                in_time = row[DUE] == 0 or (inside and stop.end_s <= left_s)
            if not in_time:
                values = said(
                    "rule.break_late",
                    therapist_id=therapist.id,
                    kind=therapist.breaks[k].kind.value,
                    start_s=stop.start_s,
                    latest_s=therapist.breaks[k].latest_s,
                )
                yield of_route("break_late", therapist, values)


def _begun_after(context: Context, route: RouteTimes, at: int) -> int | None:
    """Give what is known first of the visit after a stop, if it has begun; None if not, or if there is none."""
    for stop in route.stops[at + 1 :]:
        if not isinstance(stop, BreakTime):
            fact = context.compiled.facts.get(stop.visit_id)
            if fact is None:
                return None
            return next((time_s for time_s in fact.times() if time_s is not None), HORIZON_S)
    return None


def work_limit(context: Context) -> Iterator[Violation]:
    """Nobody sets up, treats and packs up for longer than her limit."""
    for therapist, route in context.judged_routes():
        most_s = therapist.limits.work_s
        if 0 < most_s < route.work_s:
            values = said("rule.work_limit", therapist_id=therapist.id, work_s=route.work_s, most_s=most_s)
            yield of_route("work_limit", therapist, values)


def travel_limit(context: Context) -> Iterator[Violation]:
    """Nobody travels for longer than her limit, in reference seconds, the way home counted."""
    for therapist, route in context.judged_routes():
        most_s = therapist.limits.travel_s
        if 0 < most_s < route.reference_s:
            values = said("rule.travel_limit", therapist_id=therapist.id, travel_s=route.reference_s, most_s=most_s)
            yield of_route("travel_limit", therapist, values)


def visits_limit(context: Context) -> Iterator[Violation]:
    """Nobody has more visits than her limit."""
    for therapist, route in context.judged_routes():
        most = therapist.limits.visits
        if 0 < most < len(route.visits()):
            values = said("rule.visits_limit", therapist_id=therapist.id, count=len(route.visits()), most=most)
            yield of_route("visits_limit", therapist, values)


def consecutive_limit(context: Context) -> Iterator[Violation]:
    """Nobody works for longer without a rest than her limit; waiting is no rest, a long break or shift gap is."""
    for therapist, route in context.judged_routes():
        most_s = therapist.limits.consecutive_s
        longest_s = longest_stretch(context, therapist, route) if most_s > 0 else 0
        if longest_s > most_s:
            values = said("rule.consecutive_limit", therapist_id=therapist.id, length_s=longest_s, most_s=most_s)
            yield of_route("consecutive_limit", therapist, values)


def longest_stretch(context: Context, therapist: DayTherapist, route: RouteTimes) -> int:
    """Give the longest time from leaving, or from the end of a rest, to the end of a visit that has not begun."""
    spans, rest_s = context.spans(therapist), therapist.limits.rest_s
    since_s: int | None = None
    before_s = longest_s = 0
    for stop in route.stops:
        begin_s, end_s = (stop.start_s, stop.end_s) if isinstance(stop, BreakTime) else (stop.depart_s, stop.free_s)
        if since_s is not None:
            for (_, closes_s), (opens_s, _) in pairwise(spans):
                if before_s <= closes_s and begin_s >= opens_s and opens_s - closes_s >= rest_s:
                    since_s = max(since_s, opens_s)
        if isinstance(stop, BreakTime):
            if since_s is not None and end_s - begin_s >= rest_s:
                since_s = end_s
        else:
            since_s = begin_s if since_s is None else since_s
            if not context.is_past(stop):
                longest_s = max(longest_s, end_s - since_s)
        before_s = end_s
    return longest_s


def _with_index(context: Context) -> Iterator[tuple[int, DayTherapist, RouteTimes]]:
    """Give every judged route with its therapist's index."""
    for therapist, route in context.judged_routes():
        yield context.compiled.therapist_index[therapist.id], therapist, route
