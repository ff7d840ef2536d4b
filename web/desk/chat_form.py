"""The form of a chat's draft: its values, the starts offered for it in sentences, and the start that was chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from dispatch.errors import Conflict
from dispatch.model.kinds import BookingStatus
from dispatch.model.said import Said
from dispatch.model.slot import Beside, Grade
from dispatch.work.chat_nouns import ChatDraft
from dispatch.work.holding import ChosenStart, Wanted
from dispatch.work.messages import ReadyMessage
from dispatch.work.offering import PricedSlot, SlotOffers
from web.desk.booking_form import blank_form, read_booking
from web.desk.reading import DeskFields, Form
from web.forms import clock_value, parse_day
from web.labels import label_of
from web.translate import sentence, translate

NOBODY = "–"
"""What a client is called while starts are looked for, before anybody has asked her name."""

FIELD_LABELS = {
    "date": "Day",
    "start": "Start",
    "window": "Window",
    "minutes": "Minutes",
    "treatments": "Treatment",
    "complaints": "Suffers from",
    "people": "Therapists at once",
    "place": "Address",
    "unit": "Unit",
    "gender_wish": "Woman or man",
    "therapist_wish": "Therapist",
    "client_name": "Name",
    "phone": "Phone",
    "name": "Name",
}
"""What the reader's fields are called on the page."""

_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_CHOSEN = re.compile(r"(\d{4}-\d{2}-\d{2})\|(\d{1,6})\|([A-Za-z0-9._:,-]{1,300})\|(\d{0,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSlot:
    """A start as the page shows it; `value` is what its buttons send."""

    value: str
    day: str
    start_s: int
    arrives: str
    fits: tuple[str, ...]
    therapists: tuple[tuple[str, str], ...]
    price_sen: int | None
    grade: Grade
    costs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldSlots:
    """The starts offered for a draft: inside its wish, near it, and where there are none inside, why."""

    slots: tuple[ToldSlot, ...]
    nearest: tuple[ToldSlot, ...]
    reason: str
    per_therapist: tuple[str, ...]
    message: ReadyMessage | None


def field_name(name: str) -> str:
    """Give what a field of the reader is called on the page."""
    label = FIELD_LABELS[name]
    return translate(label)


def draft_form(draft: ChatDraft) -> Form:
    """Give a chat's draft as the values of its form."""
    form: Form = MultiDict(
        {
            "booking_id": draft.booking_id,
            "number": str(draft.number),
            "day": draft.day.isoformat() if draft.day else "",
            "from_1": "" if draft.from_s is None else clock_value(draft.from_s),
            "to_1": "" if draft.to_s is None or draft.to_s == draft.from_s else clock_value(draft.to_s),
            "minutes": str(draft.minutes or ""),
            "treatment_id": draft.treatment_id,
            "seats": str(draft.seats),
            "client_id": draft.people.client_id,
            "contact_id": draft.people.contact_id,
            "new_name": "" if draft.people.client_id else draft.name,
            "new_phone": "" if draft.people.client_id else draft.phone,
            "new_language": draft.language,
            "address_id": draft.address_id,
            "place": draft.place,
            "unit": "" if draft.address_id else draft.unit,
            "gender": draft.gender or "",
            "therapist_id": draft.preferred[0] if draft.preferred else "",
        }
    )
    for number, treatment_id in enumerate(draft.seat_treatments, 1):
        form[f"seat_treatment_{number}"] = treatment_id
    return form


def is_whole(form: Form) -> bool:
    """Tell whether a draft says all that starts can be looked for with."""
    where = form.get("address_id") or form.get("place")
    return bool(where) and all(form.get(name) for name in ("day", "from_1", "minutes", "treatment_id"))


def read_wanted(fields: DeskFields, therapist_ids: tuple[str, ...], *, named: bool) -> Wanted:
    """Read a draft's form; raises every error found. Without `named` nobody has to be called anything yet."""
    form: Form = MultiDict({**blank_form(fields.day("day", label="Day")), **fields.form.to_dict()})
    form["status"] = BookingStatus.REQUESTED.value
    if not named and not form.get("client_id") and not form.get("new_name", "").strip():
        form["new_name"] = NOBODY
    for number in range(1, 5):
        form[f"seat_gender_{number}"] = form.get("gender", "")
    if form.get("therapist_id") in therapist_ids:
        form[f"wish_{form['therapist_id']}"] = "prefer"
    fields.form = form
    fields.errors.clear()
    draft = read_booking(fields, before=None, therapist_ids=therapist_ids)
    key = form.get("booking_id", "")
    booking = replace(draft.booking, id=key if _ID.fullmatch(key) else "")
    return Wanted(booking=booking, client=draft.client, address=draft.address, building=draft.building)


def chosen_start(value: str) -> tuple[date, ChosenStart]:
    """Read the day and start a button sent; `Conflict` for what no button sends."""
    found = _CHOSEN.fullmatch(value)
    day = parse_day(found[1]) if found else None
    if not found or day is None:
        raise Conflict("slot.not_chosen")
    return day, ChosenStart(
        start_s=int(found[2]),
        therapist_ids=tuple(found[3].split(",")),
        until_s=int(found[4]) if found[4] else None,
    )


def told_slots(offers: SlotOffers, show_day: Mapping[str, str]) -> ToldSlots:
    """Tell the starts of an offer in sentences."""

    def told(one: Said | None) -> str:
        return sentence(one.code, one.named(), names=offers.names) if one else ""

    return ToldSlots(
        slots=tuple(_told(one, offers, show_day) for one in offers.slots),
        nearest=tuple(_told(one, offers, show_day) for one in offers.nearest),
        reason=told(offers.reason),
        per_therapist=tuple(told(one) for one in offers.per_therapist),
        message=offers.message,
    )


def _also(beside: Beside) -> str:
    """Tell where one more therapist of a couple comes from, or goes to."""
    if beside.after_s is not None:
        return sentence("slot.also_after", {"after_s": beside.after_s, "area": beside.after_area})
    if beside.before_s is not None:
        return sentence("slot.also_before", {"before_s": beside.before_s, "area": beside.before_area})
    return sentence("slot.also_alone")


def _told(one: PricedSlot, offers: SlotOffers, show_day: Mapping[str, str]) -> ToldSlot:
    fitted, slot = one.fitted, one.fitted.slot
    travel = f"{-(-slot.extra_travel_s // 60):+d}".replace("-", "−")
    fits = []
    for number, beside in enumerate(fitted.beside):
        if number:  # the travel of all is told with the first
            fits.append(_also(beside))
        elif beside.after_s is not None:
            values: dict[str, str | int] = {"after_s": beside.after_s, "area": beside.after_area, "travel": travel}
            fits.append(sentence("slot.fits_after", values))
        elif beside.before_s is not None:
            values = {"before_s": beside.before_s, "area": beside.before_area, "travel": travel}
            fits.append(sentence("slot.fits_before", values))
        else:
            fits.append(sentence("slot.fits_alone", {"travel": travel}))
    costs = [
        sentence("slot.makes_wait", {"visit_id": late.visit_id, "minutes": late.minutes}, names=offers.names)
        for late in slot.delayed
    ]
    if fitted.on_time_percent < 95:
        costs.append(sentence("slot.sure", {"percent": fitted.on_time_percent}))
    return ToldSlot(
        value=f"{one.day}|{slot.start_s}|{','.join(slot.therapist_ids)}|{fitted.late_s}",
        day=show_day.get(one.day.isoformat(), one.day.isoformat()),
        start_s=slot.start_s,
        arrives=sentence("slot.arrives", {"early_s": fitted.early_s, "late_s": fitted.late_s}),
        fits=tuple(fits),
        therapists=tuple(
            (offers.names.get(key, key), label_of(offers.genders[key]) if key in offers.genders else "")
            for key in slot.therapist_ids
        ),
        price_sen=one.price_sen,
        grade=fitted.grade,
        costs=tuple(costs),
    )
