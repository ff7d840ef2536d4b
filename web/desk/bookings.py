"""Bookings at the desk: the list of a day, taking one, changing one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dispatch.model.booking import PLANNED_STATUSES, Booking, may_become
from dispatch.model.kinds import BookingStatus
from dispatch.work.bookings import BookingChoices, booking_choices, booking_page, change_booking, list_bookings
from dispatch.work.locks import locks_of_day
from dispatch.work.messages import messages_for
from dispatch.work.permissions import Permission
from dispatch.work.planned import planned_visits
from dispatch.work.quotes import quote_sen
from dispatch.work.slots import suggest_slots
from dispatch.work.taking import take_booking
from web.access import needs
from web.current import current_actor, current_services, today
from web.desk import bp
from web.desk.booking_form import (
    LABELS,
    LINKS,
    SEATS,
    WINDOWS,
    WISHES,
    blank_form,
    booking_form,
    read_booking,
    read_priced_parts,
)
from web.desk.offers import ToldOffer, told_offers, with_start
from web.desk.pages import named, page
from web.desk.reading import DeskFields, Form, rows_of
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, beside_newest, trouble_of
from web.forms import parse_day
from web.labels import STATUSES, choices
from web.translate import sentence

Page = tuple[str, int]


@bp.get("/bookings")
@needs(Permission.BOOKINGS)
def bookings() -> Page:
    """Show the bookings of a day, those that fit the filters."""
    day = parse_day(request.args.get("day", "")) or today()
    listed = list_bookings(current_services(), current_actor(), day)
    chosen = {name: request.args.get(name, "") for name in ("status", "treatment", "therapist")}
    search = request.args.get("search", "").strip()[:80]

    def fits(booking: Booking) -> bool:
        building = listed.buildings[listed.addresses[booking.address_id].building_id]
        client = listed.clients[booking.client_id]
        wanted = {booking.treatment_id, *(seat.treatment_id for seat in booking.seats)}
        people = {*booking.only_therapists, *booking.preferred_therapists, *booking.never_therapists}
        said = f"{client.name}\n{client.phone}\n{building.name}\n{building.area}\n{booking.note}".casefold()
        return (
            (not chosen["status"] or booking.status == chosen["status"])
            and (not chosen["treatment"] or chosen["treatment"] in wanted)
            and (not chosen["therapist"] or chosen["therapist"] in people)
            and search.casefold() in said
        )

    shown = sorted(
        filter(fits, listed.bookings), key=lambda one: (min((w.start_s for w in one.windows), default=0), one.id)
    )
    return page(
        "desk/bookings.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        today=today(),
        listed=listed,
        bookings=shown,
        chosen=chosen,
        search=search,
        statuses=choices(STATUSES),
        treatments=named(listed.treatments.values()),
        therapists=named(listed.therapists.values()),
    )


@bp.get("/bookings/new")
@needs(Permission.BOOKINGS)
def new_booking() -> Page:
    """Show the empty form of a booking, for a day and a client where the address names them."""
    day = parse_day(request.args.get("day", "")) or today()
    form = blank_form(day, client_id=request.args.get("client", ""))
    return _new_page(form, _known(form), NO_TROUBLE, None)


@bp.get("/bookings/clients")
@needs(Permission.BOOKINGS)
def found_clients() -> Page:
    """Show the part of the booking's form that lists the clients a search finds, with their addresses."""
    form = blank_form(today(), client_id=request.args.get("client_id", ""))
    form["client_search"] = request.args.get("client_search", "")
    known = _known(form)
    return page("desk/parts/found_clients.html", v=form, **_people(form, known))


@bp.post("/bookings/find")
@needs(Permission.BOOKINGS)
def find_client() -> Page:
    """Show the form again with the clients that its search finds; nothing is kept."""
    return _new_page(request.form, _known(request.form), NO_TROUBLE, None)


@bp.post("/bookings/new")
@needs(Permission.BOOKINGS)
def take_new_booking() -> Page | Response:
    """Take the booking, with its new client, address and building, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    known = _known(request.form)
    fields = DeskFields(request.form, services, actor)
    try:
        draft = read_booking(fields, before=None, therapist_ids=[one.id for one in known.therapists])
        added = take_booking(
            services,
            actor,
            draft.booking,
            client=draft.client,
            address=draft.address,
            building=draft.building,
            unsafe_confirmed=request.form.get("unsafe_confirmed") == "yes",
        )
    except FORM_ERRORS as error:
        return _new_page(request.form, known, trouble_of(error, _names(known)), fields)
    client = booking_page(services, actor, added.id).client
    flash(sentence("desk.booking_added", {"client": client.name}), "good")
    return redirect(url_for("desk.bookings", day=added.day.isoformat()))


@bp.post("/bookings/offers")
@needs(Permission.BOOKINGS)
def offer_times() -> Page:
    """Show the form again with the best starts for what it says, or with the start that was chosen; nothing is kept."""
    services, actor = current_services(), current_actor()
    form = request.form.copy()
    known = _known(form)
    if "start" in form:
        return _new_page(with_start(form, form["start"]), known, NO_TROUBLE, None)
    fields = DeskFields(form, services, actor)
    try:
        draft = read_booking(fields, before=None, therapist_ids=[one.id for one in known.therapists])
        offers = suggest_slots(services, actor, draft.booking)
    except FORM_ERRORS as error:
        return _new_page(form, known, trouble_of(error, _names(known)), fields)
    return _new_page(form, known, NO_TROUBLE, fields, told=told_offers(offers))


@bp.get("/bookings/price")
@needs(Permission.BOOKINGS)
def price() -> str:
    """Tell in a sentence what the booking in the form costs; nothing while the form is too incomplete for that."""
    services, actor = current_services(), current_actor()
    known = booking_choices(services, actor)
    return _price_line(request.args, known)


@bp.get("/bookings/<booking_id>")
@needs(Permission.BOOKINGS)
def booking(booking_id: str) -> Page:
    """Show a booking: its form, its state, and what is fixed of it."""
    wished = {name: request.args[name][:10] for name in ("day", "from_1", "to_1") if request.args.get(name)}
    return booking_answer(booking_id, wished=wished)


@bp.post("/bookings/<booking_id>")
@needs(Permission.BOOKINGS)
def change_this_booking(booking_id: str) -> Page | Response:
    """Change what a booking wishes for, or show the form again with all that is wrong."""
    services, actor = current_services(), current_actor()
    shown = booking_page(services, actor, booking_id)
    known = booking_choices(services, actor, client_id=shown.booking.client_id)
    fields = DeskFields(request.form, services, actor)
    try:
        draft = read_booking(fields, before=shown.booking, therapist_ids=list(shown.therapists))
        kept = change_booking(services, actor, draft.booking)
    except FORM_ERRORS as error:
        return booking_answer(booking_id, typed=request.form, trouble=trouble_of(error, _names(known)))
    flash(sentence("desk.booking_changed", {"client": shown.client.name}), "good")
    return redirect(url_for("desk.booking", booking_id=kept.id))


def booking_answer(
    booking_id: str,
    *,
    typed: Form | None = None,
    trouble: Trouble = NO_TROUBLE,
    wished: Mapping[str, str] | None = None,
) -> Page:
    """Show a booking's page: the newest state of it (with what is `wished` in its form), or what was typed, with what is wrong."""
    services, actor = current_services(), current_actor()
    shown = booking_page(services, actor, booking_id)
    known = booking_choices(services, actor, client_id=shown.booking.client_id)
    newest = booking_form(shown.booking)
    form = newest if typed is None else typed.copy()
    form["version"] = newest["version"]
    for name, value in (wished or {}).items():
        form[name] = value
    names = {**_names(known), **{one.id: one.name for one in shown.therapists.values()}}
    if typed is not None:
        form.setdefault("client_id", newest["client_id"])
        form.setdefault("status", newest["status"])
        trouble = beside_newest(trouble, form, newest, labels=LABELS, names=names)
    locks, _ = locks_of_day(services, actor, shown.booking.day)
    own = {lock.visit_id: lock for lock in locks}
    return page(
        "desk/booking.html",
        trouble=trouble,
        shown=shown,
        planned=planned_visits(services, actor, shown.booking),
        messages=messages_for(services, actor, shown.booking),
        v=form,
        names=names,
        locks={number: own.get(f"{booking_id}/{number}") for number in range(len(shown.booking.seats))},
        is_open=shown.booking.status in PLANNED_STATUSES,
        next_steps=[
            step
            for step in BookingStatus
            if step is not BookingStatus.CANCELLED and may_become(shown.booking.status, step)
        ],
        may_cancel=may_become(shown.booking.status, BookingStatus.CANCELLED),
        **_choices(form, known, only_client=shown.booking.client_id, besides=booking_id),
    )


def _new_page(
    form: Form,
    known: BookingChoices,
    trouble: Trouble,
    fields: DeskFields | None,
    *,
    told: tuple[ToldOffer, ...] | None = None,
) -> Page:
    return page(
        "desk/booking_new.html",
        trouble=trouble,
        offers=told,
        places=fields.places if fields else {},
        v=form,
        names=_names(known),
        **_choices(form, known),
    )


def _choices(form: Form, known: BookingChoices, *, only_client: str = "", besides: str = "") -> dict[str, Any]:
    """Give what the form's lists offer: everything, or what belongs to the booking's client."""
    day = parse_day(form.get("day", "")) or known.today
    listed = list_bookings(current_services(), current_actor(), day)
    return {
        **_people(form, known),
        "day": day,
        "contacts": [one for one in known.contacts if not only_client or one.client_id in {only_client, ""}],
        "others": [one for one in listed.bookings if one.id != besides and one.status in PLANNED_STATUSES],
        "listed": listed,
        "window_rows": rows_of(form, "from", WINDOWS),
        "link_rows": rows_of(form, "link_other", LINKS),
        "seat_rows": range(1, SEATS + 1),
        "wishes": WISHES,
        "all_minutes": sorted({minutes for treatment in known.treatments for minutes in treatment.minutes}),
        "price_line": _price_line(form, known),
    }


def _known(form: Form) -> BookingChoices:
    """Give what the form may choose from: the client it names, and those its search finds."""
    return booking_choices(
        current_services(),
        current_actor(),
        client_id=form.get("client_id", ""),
        search=form.get("client_search", "")[:80],
    )


def _people(form: Form, known: BookingChoices) -> dict[str, Any]:
    """Give what the lists of clients and of their addresses show."""
    clients = {client.id: client for client in known.clients}
    found = sum(client.id != form.get("client_id") for client in known.clients)
    searched = form.get("client_search", "").strip()
    code = "desk.clients_found_more" if known.more_clients else "desk.clients_found"
    return {
        "known": known,
        "clients_by_id": clients,
        "addresses": [
            one for one in known.addresses if one.client_id in clients or one.client_id == form.get("client_id")
        ],
        "found_line": sentence(code, {"count": found, "more": known.more_clients}) if searched else "",
    }


def _price_line(form: Form, known: BookingChoices) -> str:
    """Give the price of what the form says as a sentence, or nothing where it says too little."""
    services, actor = current_services(), current_actor()
    wanted = read_priced_parts(DeskFields(MultiDict(form), services, actor), known.today)
    if wanted is None:
        return ""
    sen = quote_sen(services, actor, wanted)
    return sentence("desk.quote_none") if sen is None else sentence("desk.quote", {"price_sen": sen})


def _names(known: BookingChoices) -> dict[str, str]:
    """Give the display names of what sentences and lists name by id."""
    return {
        one.id: one.name
        for group in (known.clients, known.contacts, known.treatments, known.therapists)
        for one in group
    } | {
        address.id: known.buildings[address.building_id].name
        for address in known.addresses
        if address.building_id in known.buildings
    }
