"""Bookings: list, take, read, change, cancel, and take through their states."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any

from dispatch.errors import BadInput, Conflict
from dispatch.model.api import Scope
from dispatch.model.booking import Booking, TimeWindow
from dispatch.model.branch import Branch
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client
from dispatch.model.places import Address, Building, Point
from dispatch.work import bookings as work
from dispatch.work import taking
from dispatch.work.branches import get_branch
from dispatch.work.feeds import bookings_after
from dispatch.work.sent_twice import id_for
from web.api.v1.describe import CURSOR, LIMIT, Call, Operation, Param, Reply
from web.api.v1.shapes import (
    ID,
    BookingPage,
    BookingShown,
    BookingWish,
    Cancellation,
    NewBooking,
    PromiseTimes,
    StatusStep,
    Told,
    WindowTimes,
)
from web.api.v1.times import to_moment, to_seconds
from web.problems import Malformed, Stale

GROUP = "Bookings"
DATE = {"type": "string", "format": "date"}


def list_bookings(call: Call) -> Reply:
    """Give a page of bookings."""
    query = call.query
    feed = bookings_after(
        call.services,
        call.actor,
        after=_place(query["cursor"]),
        limit=query["limit"],
        from_day=_day(query["day"] or query["from"]),
        to_day=_day(query["day"] or query["to"]),
        statuses=[BookingStatus(query["status"])] if query["status"] else (),
        client_id=query["client_id"] or "",
    )
    last = feed.bookings[-1] if feed.more else None
    items = tuple(shown(booking, feed.branch) for booking in feed.bookings)
    return Reply(value=BookingPage(items=items, next=_cursor(last) if last else None), zone=feed.branch.time_zone)


def take_booking(call: Call) -> Reply:
    """Take a booking; with an idempotency key its id follows from the key, so that it cannot be taken twice."""
    branch = get_branch(call.services, call.actor)
    wish: NewBooking = call.body
    booking = replace(booking_of(wish, branch), status=wish.status, id=id_for(call.asked) if call.asked else "")
    for name, new in (("client", wish.client), ("address", wish.address)):
        if bool(new) == bool(getattr(wish, f"{name}_id")):
            raise BadInput("api.one_of", field=name, other=f"{name}_id")
    try:
        taken = taking.take_booking(call.services, call.actor, booking, **_new_things(wish))
    except Conflict as error:
        # The same request was answered by a process that ended before it could say so.
        if call.asked is None or error.code != "store.exists":
            raise
        taken = work.booking_page(call.services, call.actor, booking.id).booking
    reply = _reply(taken, branch)
    return replace(reply, status=HTTPStatus.CREATED, location=f"/api/v1/bookings/{taken.id}")


def _new_things(wish: NewBooking) -> dict[str, Any]:
    """Give the client, address and building that come with a booking for the first time."""
    blank: dict[str, Any] = {"id": "", "branch_id": ""}
    client, address, building = wish.client, wish.address, wish.building
    return {
        "client": client
        and Client(
            **blank,
            name=client.name,
            first_name="",
            phone=client.phone,
            language=client.language,
            gender=client.gender,
        ),
        "address": address
        and Address(
            **blank,
            client_id="",
            building_id=address.building_id,
            tower=address.tower,
            floor=address.floor,
            unit=address.unit,
            note=address.note,
        ),
        "building": building
        and Building(
            **blank,
            name=building.name,
            area=building.area,
            point=Point(lat=building.lat, lon=building.lon),
            street=building.street,
            postcode=building.postcode,
            city=building.city,
        ),
    }


def read_booking(call: Call) -> Reply:
    """Give one booking."""
    page = work.booking_page(call.services, call.actor, call.path["booking_id"])
    return _reply(page.booking, page.branch)


def change_booking(call: Call) -> Reply:
    """Put another wish in the place of a booking's."""
    before, branch = _fenced(call)
    wished = replace(booking_of(call.body, branch), id=before.id, version=before.version)
    return _kept(lambda: work.change_booking(call.services, call.actor, wished), branch)


def cancel_booking(call: Call) -> Reply:
    """Cancel a booking with a reason."""
    before, branch = _fenced(call)
    reason = call.body.reason
    return _kept(lambda: work.cancel_booking(call.services, call.actor, before.id, before.version, reason), branch)


def step_booking(call: Call) -> Reply:
    """Take a booking to another state."""
    before, branch = _fenced(call)
    status = call.body.status
    return _kept(lambda: work.set_status(call.services, call.actor, before.id, before.version, status), branch)


def promise_booking(call: Call) -> Reply:
    """Note what start was told to the client."""
    before, branch = _fenced(call)
    start_s = to_seconds(call.body.start, before.day, branch.time_zone, "start")
    return _kept(lambda: work.set_promise(call.services, call.actor, before.id, before.version, start_s), branch)


def booking_of(wish: BookingWish, branch: Branch) -> Booking:
    """Give the booking that a wish asks for, without an id, as requested."""
    zone = branch.time_zone
    windows = tuple(
        TimeWindow(
            start_s=to_seconds(window.start, wish.day, zone, f"windows/{number}/start"),
            end_s=to_seconds(window.end, wish.day, zone, f"windows/{number}/end"),
        )
        for number, window in enumerate(wish.windows)
    )
    return Booking(
        id="",
        branch_id=branch.id,
        day=wish.day,
        client_id=wish.client_id,
        address_id=wish.address_id,
        treatment_id=wish.treatment_id,
        minutes=wish.minutes,
        windows=windows,
        seats=wish.seats,
        contact_id=wish.contact_id,
        late_tolerance_s=wish.late_tolerance_s,
        only_therapists=wish.only_therapists,
        preferred_therapists=wish.preferred_therapists,
        never_therapists=wish.never_therapists,
        preferred_gender=wish.preferred_gender,
        priority=wish.priority,
        value_sen=wish.value_sen,
        links=wish.links,
        note=wish.note,
    )


def shown(booking: Booking, branch: Branch) -> BookingShown:
    """Give a booking as the API shows it."""
    day, zone = booking.day, branch.time_zone
    promise = booking.promise
    return BookingShown(
        id=booking.id,
        status=booking.status,
        version=booking.version,
        day=day,
        client_id=booking.client_id,
        address_id=booking.address_id,
        treatment_id=booking.treatment_id,
        minutes=booking.minutes,
        windows=tuple(
            WindowTimes(start=to_moment(one.start_s, day, zone), end=to_moment(one.end_s, day, zone))
            for one in booking.windows
        ),
        seats=booking.seats,
        contact_id=booking.contact_id,
        late_tolerance_s=booking.late_tolerance_s,
        only_therapists=booking.only_therapists,
        preferred_therapists=booking.preferred_therapists,
        never_therapists=booking.never_therapists,
        preferred_gender=booking.preferred_gender,
        priority=booking.priority,
        value_sen=booking.value_sen,
        links=booking.links,
        note=booking.note,
        promise=PromiseTimes(
            start=to_moment(promise.start_s, day, zone), told_at=promise.told_at, told_by=promise.told_by
        )
        if promise
        else None,
        cancelled_reason=booking.cancelled_reason,
    )


def _reply(booking: Booking, branch: Branch) -> Reply:
    return Reply(value=shown(booking, branch), zone=branch.time_zone, tag=str(booking.version))


def _fenced(call: Call) -> tuple[Booking, Branch]:
    """Give the booking that a change is about; `Stale` where it is not in one of the states named."""
    page = work.booking_page(call.services, call.actor, call.path["booking_id"])
    if "*" not in call.if_match and str(page.booking.version) not in call.if_match:
        raise Stale("api.stale")
    return page.booking, page.branch


def _kept(change: Callable[[], Booking], branch: Branch) -> Reply:
    """Make a change; where somebody was faster in between, the version named is stale too."""
    try:
        return _reply(change(), branch)
    except Conflict as error:
        if error.code == "store.changed_meanwhile":
            raise Stale("api.stale") from error
        raise


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _cursor(booking: Booking) -> str:
    """Give the cursor of the page after a booking."""
    return base64.urlsafe_b64encode(f"{booking.day.isoformat()} {booking.id}".encode()).decode().rstrip("=")


def _place(cursor: str | None) -> tuple[date, str] | None:
    """Give the day and the id that a cursor stands for."""
    if not cursor:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        day, _, key = text.partition(" ")
        after = date.fromisoformat(day)
    except (binascii.Error, ValueError):
        raise Malformed("api.bad_cursor", field="cursor") from None
    if not re.fullmatch(ID, key):
        raise Malformed("api.bad_cursor", field="cursor")
    return after, key


OPERATIONS = (
    Operation(
        name="listBookings",
        method="GET",
        path="/bookings",
        scope=Scope.BOOKINGS_READ,
        group=GROUP,
        summary="List bookings",
        about="Bookings of one service day, of a span of days, or of all, in the order of day and id; cancelled ones too.",
        gives=BookingPage,
        view=list_bookings,
        query=(
            Param(name="day", schema=DATE, about="One service day; `from` and `to` are ignored then."),
            Param(name="from", schema=DATE, about="The first service day."),
            Param(name="to", schema=DATE, about="The last service day."),
            Param(
                name="status",
                schema={"type": "string", "enum": [one.value for one in BookingStatus]},
                about="Only bookings in this state.",
            ),
            Param(name="client_id", schema={"type": "string", "pattern": ID}, about="Only bookings of this client."),
            LIMIT,
            CURSOR,
        ),
    ),
    Operation(
        name="takeBooking",
        method="POST",
        path="/bookings",
        scope=Scope.BOOKINGS_WRITE,
        group=GROUP,
        summary="Take a booking",
        about="The booking is checked by the same rules as at the desk: all of it is kept, or nothing. The planner, the slots "
        "and the board see it at once; it is in no plan yet. A new client, address and building may come with it.",
        gives=BookingShown,
        view=take_booking,
        status=HTTPStatus.CREATED,
        body=NewBooking,
        keyed=True,
        tagged=True,
        located=True,
        refusable=True,
    ),
    Operation(
        name="readBooking",
        method="GET",
        path="/bookings/{booking_id}",
        scope=Scope.BOOKINGS_READ,
        group=GROUP,
        summary="Read a booking",
        about="The ETag of the answer is what a change names in If-Match.",
        gives=BookingShown,
        view=read_booking,
        tagged=True,
    ),
    Operation(
        name="changeBooking",
        method="PUT",
        path="/bookings/{booking_id}",
        scope=Scope.BOOKINGS_WRITE,
        group=GROUP,
        summary="Change what a booking wishes for",
        about="The whole wish is replaced; what is left out has its default again. Status, promise and cancelling have their "
        "own requests. On another service day the promise is forgotten.",
        gives=BookingShown,
        view=change_booking,
        body=BookingWish,
        fenced=True,
        tagged=True,
        refusable=True,
    ),
    Operation(
        name="cancelBooking",
        method="POST",
        path="/bookings/{booking_id}/cancel",
        scope=Scope.BOOKINGS_WRITE,
        group=GROUP,
        summary="Cancel a booking",
        about="Its locks and holds are let go; a published visit of it disappears from the therapist's phone.",
        gives=BookingShown,
        view=cancel_booking,
        body=Cancellation,
        keyed=True,
        fenced=True,
        tagged=True,
        refusable=True,
    ),
    Operation(
        name="stepBooking",
        method="POST",
        path="/bookings/{booking_id}/status",
        scope=Scope.BOOKINGS_WRITE,
        group=GROUP,
        summary="Take a booking to another state",
        about="requested → confirmed → done or no_show; a mistaken step may be taken back, a cancelled booking asked for again.",
        gives=BookingShown,
        view=step_booking,
        body=StatusStep,
        keyed=True,
        fenced=True,
        tagged=True,
        refusable=True,
    ),
    Operation(
        name="promiseBooking",
        method="POST",
        path="/bookings/{booking_id}/promise",
        scope=Scope.BOOKINGS_WRITE,
        group=GROUP,
        summary="Note the start that was told to the client",
        about="Lateness is measured against it from then on, and the planner moves it only at a price.",
        gives=BookingShown,
        view=promise_booking,
        body=Told,
        keyed=True,
        fenced=True,
        tagged=True,
        refusable=True,
    ),
)
