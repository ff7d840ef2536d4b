"""The certificate: what is proven of every plan the referee accepts, and whether this plan is proven to be the best.

A booking is hopeless where its seats cannot get therapists of their own who may serve them and who have a shift that
holds set-up, treatment and pack-up with a start that is permitted, travel and all other bookings left aside. All that
is proven beyond that comes from `bound`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from dispatch.model.outcome import Certificate
from dispatch.model.timetable import Cost
from dispatch.rules.fill import shift_spans
from dispatch.solve.day import Day
from dispatch.solve.draft import Key


class Proven(Protocol):
    """What is proven of a day so far; `bound.Bounds` keeps it."""

    @property
    def served_at_most(self) -> int:
        """Give how many bookings, holds not counted, any plan serves at most."""

    @property
    def priority_at_most(self) -> int:
        """Give how much priority any plan serves at most."""

    def served_with(self, priority: int) -> int:
        """Give how many bookings any plan serves at most that serves at least so much priority."""

    def points_with(self, priority: int, served: int) -> int | None:
        """Give the least points of a plan that serves at least so much, None where it was not asked for."""


def certificate_of(day: Day, cost: Cost, proven: Proven) -> Certificate:
    """Give the bounds that hold for the day, and whether a plan of this cost meets them all."""
    return replace(bounds_at(day, cost.key(), proven), proven_best=is_best(day, cost.key(), proven))


def bounds_at(day: Day, key: Key, proven: Proven) -> Certificate:
    """Give the bounds that hold for the day, those that follow others as they are for a plan of this key."""
    priority, served = served_by(day, key)
    return Certificate(
        served_at_most=proven.served_at_most,
        priority_at_most=proven.priority_at_most,
        served_at_most_so=proven.served_with(priority),
        cost_at_least_points=proven.points_with(priority, served),
    )


def is_best(day: Day, key: Key, proven: Proven) -> bool:
    """Tell whether no plan goes below a cost key, each aim for those before it."""
    goal = goal_of(day)
    if key == goal:
        return True
    priority, served = served_by(day, key)
    return (
        key[0] == goal[0]
        and priority == proven.priority_at_most
        and served == proven.served_with(priority)
        and key[3] == proven.points_with(priority, served)
    )


def served_by(day: Day, key: Key) -> tuple[int, int]:
    """Give the priority and the number of bookings, holds not counted, that a plan of this key serves."""
    asked = [booking for booking in day.problem.bookings if not booking.is_hold]
    return sum(booking.priority for booking in asked) - key[1], len(asked) - key[2]


def goal_of(day: Day) -> Key:
    """Give a cost key that no plan goes below: only what is hopeless left out, and no price is below nought."""
    lost = [entry.gains for number, entry in enumerate(day.entries) if not has_hope(day, number)]
    return (sum(gains[0] for gains in lost), sum(gains[1] for gains in lost), sum(gains[2] for gains in lost), 0)


def has_hope(day: Day, number: int) -> bool:
    """Tell whether some therapists could serve a booking's seats if nothing else were to do."""
    entry = day.entries[number]
    if entry.fixed:
        return True
    if len(entry.visits) == 1:
        return any(could_serve(day, t, entry.visits[0]) for t in day.able[entry.visits[0]])
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
