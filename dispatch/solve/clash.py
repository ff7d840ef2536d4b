"""Which visits can never be in one route: neither could come first and still leave time for the other.

A necessary condition only, cheap to ask before the exact compiled insertion: windows, durations, pack-up, set-up, the
least access, and the shortest way between the places at the fastest hour (shortest over all places, because direct
travel need not be shortest; Floyd 1962).
"""

import numpy as np

from dispatch.model.problem import DayBooking
from dispatch.rules.compiled import Compiled

MOST_PLACES = 400
"""With more places than this the way between them is taken as nought: the shortest ways would cost more than they save."""


def clashes_of(compiled: Compiled) -> tuple[int, ...]:
    """Give for each visit the visits it can share no route with, as bits by visit index."""
    problem = compiled.problem
    count = len(compiled.visits)
    if not count or not problem.matrices:
        return (0,) * count
    bookings = [problem.bookings[b] for b in compiled.booking_of]
    places = np.array([booking.location for booking in bookings])
    way_s = _least_way_s(compiled)[np.ix_(places, places)]
    earliest = np.array([min(window.start_s for window in booking.windows) for booking in bookings])
    latest = np.array(
        [max(window.end_s for window in booking.windows) + booking.late_tolerance_s for booking in bookings]
    )
    free = earliest + np.array([booking.duration_s + booking.pack_up_s for booking in bookings])
    before = np.array([_before_s(booking) for booking in bookings])
    # follows[a, b]: b may come some time after a.
    follows = free[:, None] + way_s + before[None, :] <= latest[None, :]
    clash = ~(follows | follows.T)
    # What has begun, is locked or may start at any time is left to the exact rules.
    waived = {subject for rule, subject in compiled.waived if rule in {"window_missed", "lock_time"}}
    loose = [name in compiled.facts or name in compiled.locks or name in waived for name in compiled.visits]
    clash[np.array(loose), :] = False
    clash[:, np.array(loose)] = False
    return tuple(sum(1 << int(other) for other in np.flatnonzero(row)) for row in clash)


def _before_s(booking: DayBooking) -> int:
    """Give the least time between arriving and starting; waiting at the gate for a quicker hour included."""
    return booking.set_up_s + min(booking.access_s)


def _least_way_s(compiled: Compiled) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Give the least time between any two places by any mode at its fastest hour, through any other places."""
    problem = compiled.problem
    size = len(problem.locations)
    least = np.full((size, size), np.iinfo(np.int64).max // 4)
    for matrix in problem.matrices:
        reference = np.array(matrix.reference_s, dtype=np.int64).reshape(size, size)
        fastest = max(matrix.profile.rate_per_mille)
        way_s = np.where(reference > 0, matrix.fixed_s + reference * 1_000 // fastest, 0)
        least = np.minimum(least, way_s)
    if size > MOST_PLACES:
        return np.zeros((size, size), dtype=np.int64)
    for middle in range(size):
        least = np.minimum(least, least[:, middle, None] + least[None, middle, :])
    return least
