"""Slots: the best starts for a wish, in the plan the board shows."""

from dataclasses import replace

from dispatch.model.api import Scope
from dispatch.work.branches import get_branch
from dispatch.work.slots import suggest_slots
from web.api.v1.bookings import booking_of
from web.api.v1.describe import Call, Operation, Reply
from web.api.v1.shapes import DelayShown, SlotList, SlotShown, SlotWish, TherapistNamed
from web.api.v1.times import to_moment


def find_slots(call: Call) -> Reply:
    """Give the best starts inside a wish's windows; nothing is kept."""
    branch = get_branch(call.services, call.actor)
    wish: SlotWish = call.body
    booking = replace(booking_of(wish, branch), id=wish.booking_id)
    offers = suggest_slots(call.services, call.actor, booking, limit=wish.limit)
    day, zone = wish.day, branch.time_zone
    slots = tuple(
        SlotShown(
            start=to_moment(slot.start_s, day, zone),
            end=to_moment(slot.start_s + wish.minutes * 60, day, zone),
            therapists=tuple(TherapistNamed(id=one, name=offers.names.get(one, one)) for one in slot.therapist_ids),
            extra_travel_s=slot.extra_travel_s,
            added_points=slot.added_points,
            delayed=tuple(DelayShown(visit_id=one.visit_id, minutes=one.minutes) for one in slot.delayed),
        )
        for slot in offers.slots
    )
    return Reply(value=SlotList(slots=slots), zone=zone)


OPERATIONS = (
    Operation(
        name="findSlots",
        method="POST",
        path="/slots",
        scope=Scope.SLOTS_READ,
        group="Slots",
        summary="Find starts to offer",
        about="Takes a wish as a booking would be taken with it, and gives the starts inside its windows that cost the plan "
        "least. Nothing is kept: a start that is wanted is taken as a booking with that one window.",
        gives=SlotList,
        view=find_slots,
        body=SlotWish,
        refusable=True,
    ),
)
