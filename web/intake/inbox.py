"""The inbox: chats over WhatsApp, each beside the draft of the booking it asks for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import LaluanError
from dispatch.model.chat import ChatContent, ChatKind, Delivery
from dispatch.model.day import service_day_of
from dispatch.work import inbox as work
from dispatch.work.permissions import Permission
from web.access import needs
from web.current import current_actor, current_branch, current_services
from web.errors import sentences_of, status_of
from web.translate import sentence, show_date, translate

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

DELIVERY_LABELS = {
    Delivery.WAITING: "On its way",
    Delivery.SENT: "Sent",
    Delivery.FAILED: "Not delivered",
    Delivery.DELIVERED: "Delivered",
    Delivery.READ: "Read",
}
KINDS = (ChatKind.TEXT, ChatKind.BUTTONS, ChatKind.LIST, ChatKind.LOCATION_REQUEST)
"""What can be written here."""


@bp.get("")
@needs(Permission.BOOKINGS)
def chats() -> str:
    """Show the chats."""
    found = work.inbox(current_services(), current_actor())
    return render_template("intake/inbox.html", found=found, shown=None, open_id="", when=_when)


@bp.get("/newest")
@needs(Permission.BOOKINGS)
def newest() -> str:
    """Show the list of chats as it is by now; `open` names the one that is open beside it."""
    found = work.inbox(current_services(), current_actor())
    return render_template("intake/_list.html", found=found, open_id=request.args.get("open", ""), when=_when)


@bp.get("/<chat_id>")
@needs(Permission.BOOKINGS)
def chat(chat_id: str) -> str:
    """Show one chat beside its draft, and the others."""
    return _page(chat_id)


@bp.get("/<chat_id>/messages")
@needs(Permission.BOOKINGS)
def messages(chat_id: str) -> str:
    """Show the messages of a chat as they are by now."""
    shown = work.chat_page(current_services(), current_actor(), chat_id)
    return render_template("intake/_messages.html", shown=shown, when=_when, deliveries=_deliveries())


@bp.post("/<chat_id>/write")
@needs(Permission.BOOKINGS)
def write(chat_id: str) -> Response | tuple[str, int]:
    """Let a message be sent; the form's own id makes one message of two clicks."""
    kinds = {kind.value: kind for kind in KINDS}
    kind = kinds.get(request.form.get("kind", ""))
    message_id = request.form.get("message_id", "")
    if kind is None or not (message_id.isalnum() and len(message_id) <= 64):
        abort(400)
    content = ChatContent(
        kind=kind,
        text=request.form.get("text", "")[:10_000]
        or (sentence("whatsapp.your_place") if kind is ChatKind.LOCATION_REQUEST else ""),
        choices=work.choices_of(request.form.get("choices", "")[:2_000])
        if kind in {ChatKind.BUTTONS, ChatKind.LIST}
        else (),
        button=sentence("whatsapp.which") if kind is ChatKind.LIST else "",
    )
    try:
        work.write(current_services(), current_actor(), chat_id, content, message_id=message_id)
    except LaluanError as error:
        return _page(chat_id, problems=sentences_of(error)), status_of(error)
    return redirect(url_for("inbox.chat", chat_id=chat_id), 303)


def _page(chat_id: str, problems: list[str] | None = None) -> str:
    services, actor = current_services(), current_actor()
    return render_template(
        "intake/inbox.html",
        found=work.inbox(services, actor),
        shown=work.chat_page(services, actor, chat_id),
        open_id=chat_id,
        when=_when,
        deliveries=_deliveries(),
        problems=problems or [],
        typed=request.form,
    )


def _deliveries() -> dict[Delivery, str]:
    return {delivery: translate(label) for delivery, label in DELIVERY_LABELS.items()}


def _when(at: datetime) -> str:
    """Write a moment as briefly as it is clear: the clock today, the date as well before."""
    zone = current_branch().time_zone
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%H:%M}"
    if service_day_of(at, zone) == service_day_of(current_services().now(), zone):
        return clock
    return f"{show_date(local.date(), 'short')} {clock}"
