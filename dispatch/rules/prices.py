"""Which price or pay rule holds: the newest valid one that matches treatment, minutes and hour."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from dispatch.model.booking import Booking
from dispatch.model.catalogue import PayRule, PriceRule

R = TypeVar("R", PriceRule, PayRule)


def rule_for(rules: Iterable[R], treatment_id: str, minutes: int, day: date, start_s: int) -> R | None:
    """Give the rule for one seat that starts at `start_s`, or None; of two equally new ones the greater id wins."""
    valid = [
        rule
        for rule in rules
        if rule.treatment_id == treatment_id
        and rule.minutes == minutes
        and rule.valid_from <= day
        and rule.from_s <= start_s < rule.to_s
    ]
    return max(valid, key=lambda rule: (rule.valid_from, rule.id), default=None)


def first_start_s(booking: Booking) -> int:
    """Give the start a booking is priced by: its first window's."""
    return min((window.start_s for window in booking.windows), default=0)


def booking_price_sen(rules: Iterable[PriceRule], booking: Booking) -> int | None:
    """Give what all seats of a booking cost at its first window's start, in sen; None where a seat has no price."""
    rules = tuple(rules)
    start_s = first_start_s(booking)
    total = 0
    for seat in booking.seats:
        rule = rule_for(rules, seat.treatment_id or booking.treatment_id, booking.minutes, booking.day, start_s)
        if rule is None:
            return None
        total += rule.price_sen
    return total
