"""What is proven of every plan the referee accepts: so far only what follows from single bookings.

A booking is hopeless where its seats cannot get therapists of their own who may serve them and who have a shift that
holds set-up, treatment and pack-up with a start that is permitted, travel and all other bookings left aside.
"""

from collections.abc import Sequence

from dispatch.model.outcome import Certificate
from dispatch.model.timetable import Cost
from dispatch.rules.fill import shift_spans
from dispatch.solve.day import Day
from dispatch.solve.draft import Key


def certificate_of(day: Day, cost: Cost) -> Certificate:
    """Give the bounds that hold for the day, and whether a plan of this cost meets them all."""
    hopeful = [booking for number, booking in enumerate(day.problem.bookings) if has_hope(day, number)]
    return Certificate(
        served_at_most=len(hopeful),
        priority_at_most=sum(booking.priority for booking in hopeful if not booking.is_hold),
        proven_best=cost.key() == goal_of(day),
    )


def goal_of(day: Day) -> Key:
    """Give a cost key that no plan goes below: only what is hopeless left out, and no price is below nought."""
    lost = [entry.gains for number, entry in enumerate(day.entries) if not has_hope(day, number)]
    return (sum(gains[0] for gains in lost), sum(gains[1] for gains in lost), sum(gains[2] for gains in lost), 0)


def has_hope(day: Day, number: int) -> bool:
    """Tell whether some therapists could serve a booking's seats if nothing else were to do."""
    entry = day.entries[number]
    if entry.fixed:
        return True
    choices = [[t for t in day.able[visit] if could_serve(day, t, visit)] for visit in entry.visits]
    return seats_filled(choices) == len(choices)


def seats_filled(choices: Sequence[Sequence[int]]) -> int:
    """Give how many seats can get a therapist of their own, each from those who may take it (Kuhn 1955)."""
    holder: dict[int, int] = {}

    def seat_in(seat: int, tried: set[int]) -> bool:
        """Find a therapist for a seat, moving others on where that helps."""
        for t in choices[seat]:
            if t not in tried:
                tried.add(t)
                if t not in holder or seat_in(holder[t], tried):
                    holder[t] = seat
                    return True
        return False

    return sum(seat_in(seat, set()) for seat in range(len(choices)))


def could_serve(day: Day, t: int, visit: int) -> bool:
    """Tell whether one of a therapist's shifts holds a permitted start of a visit, travel left aside."""
    booking = day.problem.bookings[day.entry_of[visit]]
    therapist = day.problem.therapists[t]
    waived = day.compiled.waived
    name = day.compiled.visits[visit]
    lock = day.compiled.locks.get(name)
    if ("window_missed", name) in waived or ("outside_shift", name) in waived or not therapist.shifts:
        return True
    spans = shift_spans(therapist, waived)
    if lock is not None and lock.start_s is not None and ("lock_time", name) not in waived:
        windows = [(lock.start_s, lock.start_s)]
    else:
        windows = [(window.start_s, window.end_s + booking.late_tolerance_s) for window in booking.windows]
    after_s = booking.duration_s + booking.pack_up_s
    return any(
        max(earliest_s, opens_s + booking.set_up_s) <= min(latest_s, closes_s - after_s)
        for opens_s, closes_s in spans
        for earliest_s, latest_s in windows
    )
