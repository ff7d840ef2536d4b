"""The steps of a booking's life at the desk: its state, cancelling, the promise, and what is fixed for the planner."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.model.decisions import Lock
from dispatch.model.kinds import BookingStatus
from dispatch.work.bookings import booking_choices, booking_page, cancel_booking, set_promise, set_status
from dispatch.work.locks import lock_visit, unlock_visit
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.bookings import Page, booking_answer
from web.desk.trouble import FORM_ERRORS, trouble_of
from web.forms import Fields
from web.labels import label_of
from web.translate import sentence


@bp.post("/bookings/<booking_id>/status")
@needs(Permission.BOOKINGS)
def set_booking_status(booking_id: str) -> Page | Response:
    """Take a booking one step on, or back."""

    def step() -> str:
        fields = Fields(request.form)
        status, version = fields.choice("status", BookingStatus, label="State"), fields.version()
        fields.finish()
        set_status(current_services(), current_actor(), booking_id, version, status)
        return sentence("desk.booking_status", {"client": _client(booking_id), "status": label_of(status)})

    return _answer(booking_id, step)


@bp.post("/bookings/<booking_id>/cancel")
@needs(Permission.BOOKINGS)
def cancel_this_booking(booking_id: str) -> Page | Response:
    """Cancel a booking with its reason."""

    def step() -> str:
        fields = Fields(request.form)
        reason, version = fields.text("reason", label="Reason", limit=2_000), fields.version()
        if not reason:
            fields.errors.append(BadInput("desk.reason_missing", field="reason"))
        fields.finish()
        cancel_booking(current_services(), current_actor(), booking_id, version, reason)
        return sentence("desk.booking_cancelled", {"client": _client(booking_id)})

    return _answer(booking_id, step)


@bp.post("/bookings/<booking_id>/promise")
@needs(Permission.BOOKINGS)
def promise_booking(booking_id: str) -> Page | Response:
    """Note the start that was told to the client."""

    def step() -> str:
        fields = Fields(request.form)
        start_s, version = fields.clock("promise", label="Told"), fields.version()
        fields.finish()
        set_promise(current_services(), current_actor(), booking_id, version, start_s)
        return sentence("desk.promise_kept", {"client": _client(booking_id), "start_s": start_s})

    return _answer(booking_id, step)


@bp.post("/bookings/<booking_id>/lock")
@needs(Permission.PLANNING)
def lock_booking(booking_id: str) -> Page | Response:
    """Fix who gives a visit, when it starts, or both; an empty form sets it free."""
    services, actor = current_services(), current_actor()

    def step() -> str:
        day = booking_page(services, actor, booking_id).booking.day
        fields = Fields(request.form)
        seat = fields.integer("seat", label="Visit", least=0, most=9)
        therapist_id = fields.form.get("therapist_id", "") or None
        start_s = fields.clock("start", label="Start", default=-1)
        fields.finish()
        visit = f"{booking_id}/{seat}"
        if therapist_id is None and start_s < 0:
            unlock_visit(services, actor, day, visit)
            return sentence("desk.lock_dropped")
        fixed = Lock(visit_id=visit, therapist_id=therapist_id, start_s=None if start_s < 0 else start_s)
        lock_visit(services, actor, day, fixed)
        return sentence("desk.lock_kept")

    return _answer(booking_id, step)


def _answer(booking_id: str, step: Callable[[], str]) -> Page | Response:
    """Do a step and go back to the booking, or show the booking with what is wrong."""
    try:
        said = step()
    except FORM_ERRORS as error:
        return booking_answer(booking_id, trouble=trouble_of(error, _names(booking_id)))
    flash(said, "good")
    return redirect(url_for("desk.booking", booking_id=booking_id))


def _names(booking_id: str) -> dict[str, str]:
    """Give the display names of what the sentences about a booking's steps name by id."""
    services, actor = current_services(), current_actor()
    shown, known = booking_page(services, actor, booking_id), booking_choices(services, actor)
    names = {one.id: one.name for group in (shown.therapists.values(), known.techniques) for one in group}
    return {**names, booking_id: shown.client.name}


def _client(booking_id: str) -> str:
    return booking_page(current_services(), current_actor(), booking_id).client.name
