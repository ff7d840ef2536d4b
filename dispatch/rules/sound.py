"""What makes a day's problem unsolvable as input: each thing wrong is one error that names it and says what to do."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dispatch.errors import BadInput, LaluanError
from dispatch.model.day import HORIZON_S
from dispatch.model.plan import visit_id
from dispatch.model.problem import DayBooking, DayProblem, DayTherapist
from dispatch.rules.bounds import bound_errors

MOST_BREAKS = 6
"""As many breaks a therapist may have on one day; the planner tries every way to place them."""


def problem_errors(problem: DayProblem) -> list[LaluanError]:
    """Give everything that makes the problem wrong as input, in the order of its parts; empty where it is sound."""
    return [
        *_duplicates("booking", (booking.id for booking in problem.bookings)),
        *_duplicates("therapist", (therapist.id for therapist in problem.therapists)),
        *_location_errors(problem),
        *_travel_errors(problem),
        *(error for booking in problem.bookings for error in _booking_errors(problem, booking)),
        *(error for therapist in problem.therapists for error in _therapist_errors(problem, therapist)),
        *_reference_errors(problem),
        *_fact_errors(problem),
        *_waiver_errors(problem),
        *_weight_errors(problem),
        *bound_errors(problem),
    ]


def _duplicates(kind: str, ids: Iterable[str]) -> Iterator[LaluanError]:
    """Each of a kind has an id, and no two have the same."""
    for name, count in Counter(ids).items():
        if not name:
            yield BadInput("problem.no_id", kind=kind)
            continue
        if count > 1:
            yield BadInput("problem.duplicate_id", kind=kind, id=name, count=count)


def _location_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """Each location is there once, and is a place on the earth."""
    yield from _duplicates("location", (location.id for location in problem.locations))
    for location in problem.locations:
        # Written so that a coordinate that is no number is caught as well.
        if not (abs(location.lat) <= 90 and abs(location.lon) <= 180):
            yield BadInput("problem.location_point", id=location.id, lat=str(location.lat), lon=str(location.lon))


def _travel_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """Each travel mode has one square matrix over all locations, without negative figures, and never stands still."""
    size = len(problem.locations)
    yield from _duplicates("travel matrix", (matrix.mode.value for matrix in problem.matrices))
    for matrix in problem.matrices:
        mode = matrix.mode.value
        if matrix.size != size or {len(matrix.reference_s), len(matrix.distance_m)} != {size * size}:
            yield BadInput("problem.matrix_size", mode=mode, size=size)
        elif min((*matrix.reference_s, *matrix.distance_m, matrix.fixed_s), default=0) < 0:
            yield BadInput("problem.matrix_negative", mode=mode)
        if min(matrix.profile.rate_per_mille, default=0) <= 0:
            yield BadInput("problem.matrix_stands_still", mode=mode)


def _booking_errors(problem: DayProblem, booking: DayBooking) -> Iterator[LaluanError]:
    """A booking has a place, a length that is not below nought, a window that ends after it starts, a seat, and access for each hour or all."""
    if not 0 <= booking.location < len(problem.locations):
        yield BadInput("problem.booking_location", booking_id=booking.id, location=booking.location)
    if booking.duration_s < 0:
        yield BadInput("problem.booking_duration", booking_id=booking.id)
    if not booking.windows:
        yield BadInput("problem.booking_no_window", booking_id=booking.id)
    for window in booking.windows:
        if window.end_s < window.start_s:
            yield BadInput(
                "problem.window_ends_before_start", booking_id=booking.id, start_s=window.start_s, end_s=window.end_s
            )
        if window.start_s < 0 or window.end_s > HORIZON_S:
            yield BadInput(
                "problem.window_outside_day", booking_id=booking.id, start_s=window.start_s, end_s=window.end_s
            )
    if not booking.seats:
        yield BadInput("problem.booking_no_seat", booking_id=booking.id)
    if len(booking.access_s) not in {1, 24}:
        yield BadInput("problem.booking_access", booking_id=booking.id, count=len(booking.access_s))
    lengths = (booking.set_up_s, booking.pack_up_s, booking.priority, *booking.access_s)
    narrowest_s = min((window.end_s - window.start_s for window in booking.windows), default=0)
    if min(lengths) < 0 or (booking.promise_s or 0) < 0 or booking.late_tolerance_s < min(0, -narrowest_s):
        yield BadInput("problem.booking_negative", booking_id=booking.id)


def _therapist_errors(problem: DayProblem, therapist: DayTherapist) -> Iterator[LaluanError]:
    """A therapist starts somewhere, has a matrix for her way to travel, and shifts and breaks that can be kept."""
    if therapist.start_location is None:
        yield BadInput("problem.therapist_no_start", therapist_id=therapist.id)
    for location in (therapist.start_location, therapist.end_location):
        if location is not None and not 0 <= location < len(problem.locations):
            yield BadInput("problem.therapist_location", therapist_id=therapist.id, location=location)
    if all(matrix.mode is not therapist.travel_mode for matrix in problem.matrices):
        yield BadInput("problem.no_matrix", therapist_id=therapist.id, mode=therapist.travel_mode.value)
    for shift in therapist.shifts:
        if shift.end_s <= shift.start_s or shift.start_s < 0 or shift.end_s > HORIZON_S:
            yield BadInput("problem.shift_length", therapist_id=therapist.id, start_s=shift.start_s, end_s=shift.end_s)
    for before, after in zip(therapist.shifts, therapist.shifts[1:], strict=False):
        if after.start_s < before.end_s:
            yield BadInput("problem.shifts_overlap", therapist_id=therapist.id, start_s=after.start_s)
    for name, count in Counter(pause.id for pause in therapist.breaks).items():
        if count > 1:
            yield BadInput("problem.duplicate_break", therapist_id=therapist.id, id=name, count=count)
    if len(therapist.breaks) > MOST_BREAKS:
        yield BadInput("problem.many_breaks", therapist_id=therapist.id, count=len(therapist.breaks), most=MOST_BREAKS)
    for pause in therapist.breaks:
        if pause.duration_s <= 0 or pause.latest_s < pause.earliest_s or pause.earliest_s < 0:
            yield BadInput("problem.break_times", therapist_id=therapist.id, id=pause.id)
    limits = therapist.limits
    figures = (limits.work_s, limits.travel_s, limits.consecutive_s, limits.rest_s, limits.visits)
    if min((*figures, therapist.overtime_s, therapist.rested_from_s)) < 0:
        yield BadInput("problem.therapist_negative", therapist_id=therapist.id)


def _reference_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """Links, locks and facts name bookings, visits and therapists the problem has, once each."""
    bookings = {booking.id for booking in problem.bookings}
    visits = {visit_id(booking.id, seat) for booking in problem.bookings for seat in range(len(booking.seats))}
    therapists = {therapist.id for therapist in problem.therapists}
    for link in problem.links:
        for name in (link.first_id, link.second_id):
            if name not in bookings:
                yield BadInput("problem.link_unknown", booking_id=name)
        if link.first_id == link.second_id:
            yield BadInput("problem.link_to_itself", booking_id=link.first_id)
        if link.min_s < 0 or link.max_s < link.min_s:
            yield BadInput("problem.link_gap", booking_id=link.first_id, other_id=link.second_id)
    yield from _duplicates("lock", (lock.visit_id for lock in problem.locks))
    yield from _duplicates("fact", (fact.visit_id for fact in problem.facts))
    for lock in problem.locks:
        if lock.visit_id not in visits:
            yield BadInput("problem.lock_unknown_visit", visit_id=lock.visit_id)
        if lock.therapist_id is not None and lock.therapist_id not in therapists:
            yield BadInput("problem.lock_unknown_therapist", visit_id=lock.visit_id, therapist_id=lock.therapist_id)
        if lock.start_s is not None and not 0 <= lock.start_s <= HORIZON_S:
            yield BadInput("problem.lock_time", visit_id=lock.visit_id)
    for fact in problem.facts:
        if fact.visit_id not in visits:
            yield BadInput("problem.fact_unknown_visit", visit_id=fact.visit_id)
        if fact.therapist_id not in therapists:
            yield BadInput("problem.fact_unknown_therapist", visit_id=fact.visit_id, therapist_id=fact.therapist_id)


def _fact_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """What is known of a visit is known in the order in which it must happen."""
    for fact in problem.facts:
        known = [time_s for time_s in fact.times() if time_s is not None]
        for before, after in pairwise(known):
            if after < before:
                yield BadInput("problem.fact_backwards", visit_id=fact.visit_id, earlier_s=after, later_s=before)
                break


def _waiver_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """Only rules that exist, and may be set aside, are set aside."""
    if not problem.waivers:
        return
    from dispatch.rules.referee import RULES  # the referee asks about problems that are sound

    waivable = {rule.code: rule.waivable for rule in RULES}
    for waiver in problem.waivers:
        if waiver.rule not in waivable:
            yield BadInput("problem.waiver_unknown", subject_id=waiver.subject_id, rule=waiver.rule)
        elif not waivable[waiver.rule]:
            yield BadInput("problem.waiver_protective", subject_id=waiver.subject_id, rule=waiver.rule)


def _weight_errors(problem: DayProblem) -> Iterator[LaluanError]:
    """No price and no familiar visit is below nought: aims are never paid for being missed."""
    for name in type(problem.weights).__slots__:
        if getattr(problem.weights, name) < 0:
            yield BadInput("problem.weight_negative", weight=name)
    for booking in problem.bookings:
        if any(one.visits < 0 for one in booking.familiar):
            yield BadInput("problem.booking_negative", booking_id=booking.id)
