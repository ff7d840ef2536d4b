"""Makes the drafts of bookings of what was found, and says what has to be asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

from dispatch.intake.chat.clock import minutes_of
from dispatch.intake.chat.groups import Group
from dispatch.intake.chat.intents import corrects, for_all
from dispatch.intake.chat.moments import when_of
from dispatch.intake.chat.nouns import DraftBooking, DraftField, Heard, Intent
from dispatch.intake.chat.places import is_coarse, one_place
from dispatch.intake.chat.sheet import Found
from dispatch.intake.chat.words import either, table

T = TypeVar("T")
_OF_CLIENT = (DraftField.CLIENT_NAME, DraftField.PHONE)
_OF_BOOKING = (
    DraftField.MINUTES,
    DraftField.TREATMENTS,
    DraftField.COMPLAINTS,
    DraftField.PEOPLE,
    DraftField.PLACE,
    DraftField.UNIT,
    DraftField.GENDER_WISH,
    DraftField.THERAPIST_WISH,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The bookings of a chat and the fields to ask for."""

    bookings: tuple[DraftBooking, ...]
    ask: tuple[DraftField, ...]


@cache
def _or() -> re.Pattern[str]:
    return re.compile(either(table("times")["around"]["or"]) + "|/")


def drafted(groups: Sequence[Group], *, plain: str, intent: Intent, local: datetime) -> Drafted:
    """Give a draft for each group; what every booking shares stands in each of them."""
    _share(groups, plain)
    unclear: set[DraftField] = set()
    bookings = [_booking(group, plain, intent, local, unclear) for group in groups]
    if intent in {Intent.OTHER, Intent.QUESTION, Intent.CANCEL} or (intent is Intent.CHANGE):
        bookings = [booking for booking in bookings if booking != DraftBooking()]
    if intent is Intent.OTHER:
        bookings = []
    asked = _asked(bookings, intent, unclear)
    return Drafted(bookings=tuple(bookings), ask=tuple(field for field in DraftField if field in asked))


def _share(groups: Sequence[Group], plain: str) -> None:
    """Give each booking what was said of all of them: the client, what stands before the first or after "both"."""
    if len(groups) < 2:
        return
    head = [item for item in groups[0].items if item.end <= _begin(groups[0])]
    rest = [group for group in groups if any(item.field not in _OF_CLIENT and item not in head for item in group.items)]
    for field in (*_OF_CLIENT, *_OF_BOOKING):
        holders = [group for group in groups if any(item.field is field for item in group.items)]
        if len(holders) != 1:
            continue
        items = [item for item in holders[0].items if item.field is field]
        shared = field in _OF_CLIENT or for_all(plain) or len(rest) <= 1 or all(item in head for item in items)
        shared = shared or (holders[0] is groups[-1] and all(_closes(item, groups[-1], plain) for item in items))
        for group in groups:
            if shared and group is not holders[0]:
                group.items.extend(replace(item, confidence=min(item.confidence, 0.8)) for item in items)


def _closes(item: Found, last: Group, plain: str) -> bool:
    """Say whether something stands in a sentence of its own behind the last booking: ". swedish sejam" is of them all."""
    ends = [one.end for one in last.items if one.field is DraftField.PLACE and one.end <= item.start]
    ends += [one.end for one in (last.day, last.time) if one is not None and one.end <= item.start]
    return bool(ends) and re.search(r"[.\n;]\s", plain[max(ends) : item.start]) is not None


def _begin(group: Group) -> int:
    return min(one.start for one in (group.day, group.time) if one is not None) if group.day or group.time else 0


def _booking(group: Group, plain: str, intent: Intent, local: datetime, unclear: set[DraftField]) -> DraftBooking:
    when = when_of(group.day, group.time, local=local)
    if group.day is not None and when.date is None:
        unclear.add(DraftField.DATE)
    if group.time is not None and when.start is None and when.window is None:
        unclear.add(DraftField.START)
    items = [item for item in group.items if intent is not Intent.CHANGE or not _left(item, plain)] or group.items
    by_field = {field: [item for item in items if item.field is field] for field in DraftField}

    def one(field: DraftField) -> Heard[Any] | None:
        heard = _one(by_field[field], plain, intent)
        if heard is None and by_field[field]:
            unclear.add(field)
        return heard

    minutes = one(DraftField.MINUTES)
    start, window = when.start, when.window
    if window is not None and minutes is not None and _length(window.value) == minutes.value:
        # "3 to 4.30pm, 90 minutes" is the massage itself, not a choice of starts.
        start, window = Heard(value=window.value[0], confidence=0.85, spans=window.spans), None
    places = by_field[DraftField.PLACE]
    place = None
    if places:
        found = places[-1] if intent is Intent.CHANGE else one_place(places, plain)
        if found is None or found.value is None:
            unclear.add(DraftField.PLACE)
        else:
            place = Heard(value=found.value, confidence=found.confidence, spans=(found.span,))
    return DraftBooking(
        date=when.date,
        start=start,
        window=window,
        minutes=minutes,
        treatments=_codes(by_field[DraftField.TREATMENTS], plain, intent, unclear),
        complaints=_codes(by_field[DraftField.COMPLAINTS], plain, intent, set()),
        people=one(DraftField.PEOPLE),
        place=place,
        unit=_best(by_field[DraftField.UNIT]),
        gender_wish=one(DraftField.GENDER_WISH),
        therapist_wish=_best(by_field[DraftField.THERAPIST_WISH]),
        client_name=_best(by_field[DraftField.CLIENT_NAME]),
        phone=_phone(by_field[DraftField.PHONE], unclear),
    )


@cache
def _leaving() -> re.Pattern[str]:
    return re.compile(rf"{either(table('intents')['instead_of'])}\s{{1,2}}$")


@cache
def _changed_to() -> re.Pattern[str]:
    return re.compile(rf"{either(table('intents')['change_to'])}\s{{0,2}}$")


def _wished(item: Found, plain: str) -> bool:
    """Say whether a value is what something is changed to: "change to swedish"."""
    return _changed_to().search(plain[max(0, item.start - 12) : item.start]) is not None


def _left(item: Found, plain: str) -> bool:
    """Say whether a value is the one that is given up: the 90 of "120 min instead of 90"."""
    return _leaving().search(plain[max(0, item.start - 16) : item.start]) is not None


def _length(window: tuple[str, str]) -> int:
    return (minutes_of(window[1]) - minutes_of(window[0])) % 1_440


def _heard(found: Found) -> Heard[Any]:
    return Heard(value=found.value, confidence=found.confidence, spans=(found.span,))


def _best(found: Sequence[Found]) -> Heard[Any] | None:
    clear = [one for one in found if one.value is not None]
    return _heard(max(clear, key=lambda one: (one.confidence, -one.start))) if clear else None


def _one(found: Sequence[Found], plain: str, intent: Intent) -> Heard[Any] | None:
    """Give the one value meant: the same said twice, the last of a correction; None where two stand against each other."""
    if not found:
        return None
    held = found[0]
    for one in found[1:]:
        if one.value == held.value:
            continue
        if intent is Intent.CHANGE or corrects(plain[held.end : one.start]) or held.value is None:
            held = one
        elif one.value is not None:
            return None
    return _heard(held) if held.value is not None else None


def _codes(
    found: Sequence[Found], plain: str, intent: Intent, unclear: set[DraftField]
) -> Heard[tuple[str, ...]] | None:
    """Give all codes said; with "or" between two of them nobody knows which."""
    if not found:
        return None
    if intent is Intent.CHANGE:
        found = [one for one in found if _wished(one, plain)] or found
    for before, after in pairwise(found):
        between = plain[before.end : after.start]
        if (
            found[0].field is DraftField.TREATMENTS
            and before.value != after.value
            and len(between) <= 8
            and _or().search(between)
        ):
            unclear.add(found[0].field)
            return None
    codes = tuple(dict.fromkeys(one.value for one in found))
    spans = tuple(dict.fromkeys(one.span for one in found))
    return Heard(value=codes, confidence=min(one.confidence for one in found), spans=spans)


def _phone(found: Sequence[Found], unclear: set[DraftField]) -> Heard[str] | None:
    best = _best(found)
    if best is None and found:
        unclear.add(DraftField.PHONE)
    return best


def _asked(bookings: Sequence[DraftBooking], intent: Intent, unclear: set[DraftField]) -> set[DraftField]:
    """Give the fields to ask for: what was unclear, and for a new booking what is missing or too coarse."""
    if intent in {Intent.OTHER, Intent.QUESTION, Intent.CANCEL}:
        return set()
    asked = set(unclear)
    if intent is Intent.CHANGE:
        if not bookings and not asked:
            asked = {DraftField.DATE, DraftField.START}
        return asked
    for booking in bookings:
        if booking.date is None:
            asked.add(DraftField.DATE)
        if booking.start is None and booking.window is None:
            asked.add(DraftField.START)
        if booking.minutes is None:
            asked.add(DraftField.MINUTES)
        if booking.treatments is None and booking.complaints is None:
            asked.add(DraftField.TREATMENTS)
        if booking.place is None or is_coarse(booking.place.value):
            asked.add(DraftField.PLACE)
    return asked
