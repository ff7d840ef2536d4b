"""Start times for callers: from the plan on the board, for who may take bookings, and nothing that is past."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from dispatch.errors import BadInput, Forbidden, LaluanError
from dispatch.model.booking import Booking, Seat, TimeWindow
from dispatch.model.decisions import Hold
from dispatch.model.slot import Slot
from dispatch.words import sentence
from dispatch.work.bookings import list_bookings
from dispatch.work.locks import hold_start
from dispatch.work.slots import suggest_slots
from tests.work.company import DAY, H, Office, booking
from tests.work.plans import FULL, keep


def offered(office: Office, wish: Booking) -> tuple[Slot, ...]:
    """The slots for a wish, asked for by the booking taker."""
    return suggest_slots(office.services, office.taker, wish).slots


def test_three_starts_are_offered_and_nothing_is_kept(busy: Office) -> None:
    """A wish for the afternoon gets three starts, half an hour apart, with names; no booking is added."""
    keep(busy, FULL)
    offers = suggest_slots(busy.services, busy.taker, booking("", "c-tan", 14, 20))
    assert len(offers.slots) == 3
    assert all(14 * H <= slot.start_s <= 20 * H and slot.start_s % 300 == 0 for slot in offers.slots)
    starts = sorted(slot.start_s for slot in offers.slots)
    assert all(later - earlier >= 1_800 for earlier, later in pairwise(starts))
    named = {offers.names[name] for slot in offers.slots for name in slot.therapist_ids}
    assert named <= {"Aina", "Bee Ling", "Chandra"}
    assert all(offers.names[one.visit_id] for slot in offers.slots for one in slot.delayed)
    assert len(list_bookings(busy.services, busy.taker, DAY).bookings) == 4


def test_a_couple_gets_two_therapists(busy: Office) -> None:
    """A wish for two is offered with two therapists for each start."""
    keep(busy, FULL)
    slots = offered(busy, booking("", "c-tan", 10, 20, seats=(Seat(), Seat())))
    assert slots
    assert all(len(set(slot.therapist_ids)) == 2 for slot in slots)


def test_a_day_without_a_plan_is_offered_as_empty(busy: Office) -> None:
    """Where nothing is planned yet, therapists are free."""
    assert len(offered(busy, booking("", "c-tan", 12, 14))) == 3


def test_a_booking_already_taken_can_be_moved(busy: Office) -> None:
    """A booking of the plan is offered other starts, as if it were not in it, its hold and its place put aside."""
    keep(busy, FULL)
    hold = Hold(
        id="",
        branch_id="",
        day=DAY,
        booking_id="b1",
        therapist_ids=("t-aina",),
        start_s=15 * H,
        expires_at=busy.services.now() + timedelta(hours=1),
        held_by="",
    )
    hold_start(busy.services, busy.taker, hold)
    listed = {one.id: one for one in list_bookings(busy.services, busy.taker, DAY).bookings}
    later = replace(listed["b1"], windows=(TimeWindow(start_s=18 * H, end_s=20 * H),))
    slots = offered(busy, later)
    assert slots
    assert all(18 * H <= slot.start_s <= 20 * H for slot in slots)


def test_what_is_past_is_not_offered(busy: Office) -> None:
    """Only the part of the windows that is still to come is offered; where there is none, that is said."""
    keep(busy, FULL)
    busy.clock.on(hours=6)
    now_s = 15 * H
    assert all(slot.start_s >= now_s for slot in offered(busy, booking("", "c-tan", 10, 20)))
    with pytest.raises(BadInput) as refused:
        offered(busy, booking("", "c-tan", 10, 12))
    assert refused.value.code == "slot.all_past"
    assert "12:00" in sentence(refused.value.code, refused.value.values)


def test_a_wish_that_cannot_be_taken_is_refused(busy: Office) -> None:
    """What a booking is refused for, its draft is refused for too, and a therapist's account may not ask."""
    with pytest.raises(LaluanError) as refused:
        offered(busy, booking("", "c-tan", treatment_id="unknown"))
    assert sentence(refused.value.code, refused.value.values)
    with pytest.raises(Forbidden):
        suggest_slots(busy.services, busy.therapist, booking("", "c-tan"))
