"""A chat at the desk: pasted, read into drafts, offered starts, held or confirmed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flask import redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.work.bookings import BookingChoices, booking_choices
from dispatch.work.chat_nouns import ChatDraft, PastedChat
from dispatch.work.chats import read_pasted
from dispatch.work.holding import HELD_MINUTES, confirm_held, confirm_slot, held_booking, hold_slot, let_go
from dispatch.work.offering import make_ready, offer_slots
from dispatch.work.permissions import Permission
from dispatch.work.places import PlaceOptions
from web.access import needs
from web.current import current_actor, current_services, local_time
from web.desk import bp
from web.desk.chat_form import (
    ToldSlots,
    chosen_start,
    draft_form,
    field_name,
    is_whole,
    read_wanted,
    told_slots,
)
from web.desk.pages import named, page
from web.desk.reading import DeskFields, Form
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.translate import show_date

Page = tuple[str, int]
MOST_SEATS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One draft on the page: the values of its form, what is wrong with them, and the starts offered for it."""

    draft: ChatDraft
    form: Form
    trouble: Trouble = NO_TROUBLE
    told: ToldSlots | None = None
    places: dict[str, PlaceOptions] = field(default_factory=dict)


@bp.get("/chat")
@needs(Permission.BOOKINGS)
def chat() -> Page:
    """Show the box to paste a chat into."""
    return _answer("", None, (), NO_TROUBLE)


@bp.get("/chat/ready")
@needs(Permission.BOOKINGS)
def make_chat_ready() -> Response:
    """Load what reading and looking for starts need, while the taker still copies the chat; the answer is empty."""
    services, actor = current_services(), current_actor()
    read_pasted(services, actor, "hello")
    make_ready(services, actor)
    return Response(status=204)


@bp.post("/chat")
@needs(Permission.BOOKINGS)
def read_chat() -> Page:
    """Show the drafts of a pasted chat, each with starts to offer where it says enough; nothing is kept."""
    return _read(lambda card, known: _offered(card, known) if is_whole(card.form) else card)


@bp.post("/chat/slots")
@needs(Permission.BOOKINGS)
def offer_slots_for_chat() -> Page:
    """Show the starts for a draft as it was corrected by hand; nothing is kept."""
    return _read(lambda card, known: _offered(_typed(card), known) if _is_mine(card) else card)


@bp.post("/chat/<any(hold, confirm):step>")
@needs(Permission.BOOKINGS)
def take_from_chat(step: str) -> Page | Response:
    """Hold or confirm the start that was chosen for a draft, and show what became of it; asked twice, it is done once."""
    services, actor = current_services(), current_actor()
    known = booking_choices(services, actor)
    fields = DeskFields(request.form.copy(), services, actor)
    try:
        day, chosen = chosen_start(request.form.get("slot", ""))
        fields.form["day"] = day.isoformat()
        wanted = read_wanted(fields, tuple(one.id for one in known.therapists), named=True)
        (hold_slot if step == "hold" else confirm_slot)(services, actor, wanted, chosen)
    except FORM_ERRORS as error:
        trouble = trouble_of(error)
        return _read(
            lambda card, known: (
                _offered(replace(_typed(card), trouble=trouble, places=fields.places), known)
                if _is_mine(card)
                else card
            )
        )
    number = request.form.get("number", "1")[:2]
    return redirect(url_for("desk.booking_from_chat", booking_id=wanted.booking.id, number=number), 303)


@bp.get("/chat/booking/<booking_id>")
@needs(Permission.BOOKINGS)
def booking_from_chat(booking_id: str) -> Page:
    """Show a booking that is held or confirmed, with the messages for its client."""
    return _taken(booking_id, NO_TROUBLE)


@bp.post("/chat/booking/<booking_id>/confirm")
@needs(Permission.BOOKINGS)
def confirm_held_booking(booking_id: str) -> Page | Response:
    """Confirm a held booking; one confirmed already stays as it is."""
    return _step(confirm_held, booking_id)


@bp.post("/chat/booking/<booking_id>/release")
@needs(Permission.BOOKINGS)
def let_go_of_booking(booking_id: str) -> Page | Response:
    """Let a held start go."""
    return _step(let_go, booking_id)


def _step(step: Callable[..., object], booking_id: str) -> Page | Response:
    try:
        step(current_services(), current_actor(), booking_id)
    except FORM_ERRORS as error:
        return _taken(booking_id, trouble_of(error))
    number = request.form.get("number", "1")[:2]
    return redirect(url_for("desk.booking_from_chat", booking_id=booking_id, number=number), 303)


def _taken(booking_id: str, trouble: Trouble) -> Page:
    shown = held_booking(current_services(), current_actor(), booking_id)
    return page(
        "desk/chat_taken.html",
        trouble=trouble,
        shown=shown,
        number=request.values.get("number", "1")[:2],
        until=local_time(shown.hold.expires_at) if shown.hold else "",
    )


def _read(finish: Callable[[Card, BookingChoices], Card]) -> Page:
    """Read the chat that was sent and let each card of it be finished."""
    services, actor = current_services(), current_actor()
    text = request.form.get("text", "")
    ids = tuple(one for one in request.form.get("booking_ids", "").split(",") if one.isalnum() and len(one) <= 64)
    try:
        chat = read_pasted(services, actor, text, booking_ids=ids[:20])
    except BadInput as error:
        return _answer(text, None, (), trouble_of(error))
    known = booking_choices(services, actor)
    cards = tuple(finish(Card(draft=one, form=draft_form(one)), known) for one in chat.drafts)
    return _answer(text, chat, cards, NO_TROUBLE, known)


def _is_mine(card: Card) -> bool:
    return request.form.get("number", "") == str(card.draft.number)


def _typed(card: Card) -> Card:
    """Give a card with what was typed into its form."""
    return replace(card, form=MultiDict({**card.form.to_dict(), **request.form.to_dict()}))


def _offered(card: Card, known: BookingChoices) -> Card:
    """Give a card with the starts for what its form says, or with what is wrong with it."""
    services, actor = current_services(), current_actor()
    fields = DeskFields(card.form.copy(), services, actor)
    try:
        wanted = read_wanted(fields, tuple(one.id for one in known.therapists), named=False)
        offers = offer_slots(
            services,
            actor,
            wanted.booking,
            client=wanted.client,
            address=wanted.address,
            building=wanted.building,
        )
    except FORM_ERRORS as error:
        found = trouble_of(error) if card.trouble is NO_TROUBLE else card.trouble
        return replace(card, trouble=found, places=fields.places or card.places)
    days = {one.day.isoformat(): show_date(one.day, "weekday_short") for one in (*offers.slots, *offers.nearest)}
    return replace(card, told=told_slots(offers, days))


def _answer(
    text: str,
    chat: PastedChat | None,
    cards: tuple[Card, ...],
    trouble: Trouble,
    known: BookingChoices | None = None,
) -> Page:
    worst = max([trouble, *(card.trouble for card in cards)], key=lambda one: one.status)
    body, _ = page(
        "desk/chat.html",
        trouble=trouble,
        text=text,
        chat=chat,
        cards=cards,
        known=known,
        treatments={one.id: one for one in known.treatments} if known else {},
        therapists=named(known.therapists) if known else [],
        all_minutes=sorted({m for one in known.treatments for m in one.minutes}) if known else [],
        field_name=field_name,
        held_minutes=HELD_MINUTES,
        seat_choices=range(1, MOST_SEATS + 1),
        booking_ids=",".join(card.draft.booking_id for card in cards),
    )
    return body, worst.status
