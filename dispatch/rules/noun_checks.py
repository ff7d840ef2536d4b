"""The checks that several nouns share: texts, ids, phones, days, amounts, points, shifts and breaks."""

import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise

from dispatch.errors import BadInput, LaluanError
from dispatch.model.branch import Branch
from dispatch.model.day import HOUR_S, SERVICE_DAY_END_S, SERVICE_DAY_START_S
from dispatch.model.places import Point
from dispatch.model.therapist import Break, Shift

NAME_LENGTH = 80
NOTE_LENGTH = 2_000
MOST_SEN = 10_000_000
DAYS_EITHER_WAY = 400
"""A booking or roster date further from today than this is a slip of the keyboard."""

MOST_BREAKS = 6
"""As many breaks the planner places on one day."""

MOST_SEATS = 6
"""As many therapists may come to one booking; with more, the ways to bring them together are past counting."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")

Errors = Iterator[LaluanError]


def text_errors(field: str, text: str, *, limit: int = NAME_LENGTH, needed: bool = False) -> Errors:
    """Find a text that is missing, too long, or holds characters nobody can see."""
    if needed and not any(letter.isprintable() and not letter.isspace() for letter in text):
        yield BadInput("text.missing", field=field)
    if len(text) > limit:
        yield BadInput("text.too_long", field=field, length=len(text), limit=limit)
    # Only notes have lines; a name with one would break every list it stands in.
    seen = text.replace("\n", "") if limit > NAME_LENGTH else text
    if _REORDERING.search(seen) or any(unicodedata.category(c) == "Cc" for c in seen):
        yield BadInput("text.unseen", field=field)
    if not unicodedata.is_normalized("NFC", text):
        yield BadInput("text.not_composed", field=field)


def id_errors(field: str, noun_id: str) -> Errors:
    """Find an id that would not survive in a link, a file name or a visit id."""
    if not _ID.fullmatch(noun_id):
        yield BadInput("id.form", field=field, id=noun_id[:80])


def known_errors(code: str, field: str, ids: Collection[str], known: Collection[str]) -> Errors:
    """Find ids that name nothing, and ids named twice."""
    for noun_id in ids:
        if noun_id not in known:
            yield BadInput(code, field=field, id=noun_id)
    for noun_id in sorted({one for one in ids if list(ids).count(one) > 1}):
        yield BadInput("id.twice", field=field, id=noun_id)


def phone_errors(field: str, phone: str) -> Errors:
    """Find a phone number that is not in the international form it is dialled by; none at all is fine."""
    if phone and not _PHONE.fullmatch(phone):
        yield BadInput("phone.form", field=field, phone=phone[:40])


def day_errors(field: str, day: date, today: date, *, either_way: int = DAYS_EITHER_WAY) -> Errors:
    """Find a date too far from today to be meant."""
    if abs((day - today).days) > either_way:
        yield BadInput("day.too_far", field=field, day=day.isoformat(), days=either_way)


def range_errors(field: str, number: int, least: int, most: int) -> Errors:
    """Find a number outside what its field may hold."""
    if not least <= number <= most:
        yield BadInput("number.out_of_range", field=field, number=number, least=least, most=most)


def length_errors(field: str, length_s: int, most_s: int) -> Errors:
    """Find a length of time that is negative or longer than its field may hold."""
    if not 0 <= length_s <= most_s:
        yield BadInput("length.out_of_range", field=field, length_s=length_s, most_s=most_s)


def point_errors(field: str, name: str, point: Point, branch: Branch) -> Errors:
    """Find coordinates that are no place on the earth, or one the branch does not go to."""
    if not (math.isfinite(point.lat) and math.isfinite(point.lon) and abs(point.lat) <= 90 and abs(point.lon) <= 180):
        yield BadInput("place.no_point", field=field, name=name)
    elif not branch.service_area.holds(point):
        yield BadInput(
            "place.outside_area",
            field=field,
            name=name,
            branch=branch.name,
            lat=f"{point.lat:.5f}",
            lon=f"{point.lon:.5f}",
        )


def shift_errors(field: str, name: str, on: str, shifts: Sequence[Shift]) -> Errors:
    """Find shifts of no length, outside the service day, or over each other; `on` says of which day they are."""
    for shift in shifts:
        if shift.end_s <= shift.start_s:
            yield BadInput("shift.no_length", field=field, name=name, on=on, start_s=shift.start_s, end_s=shift.end_s)
        elif shift.start_s < SERVICE_DAY_START_S or shift.end_s > SERVICE_DAY_END_S:
            yield BadInput("shift.outside_day", field=field, name=name, on=on, start_s=shift.start_s, end_s=shift.end_s)
    ordered = sorted(shifts, key=lambda shift: (shift.start_s, shift.end_s))
    for before, after in pairwise(ordered):
        if after.start_s < before.end_s:
            yield BadInput("shift.overlap", field=field, name=name, on=on, end_s=before.end_s, start_s=after.start_s)


def break_errors(field: str, name: str, on: str, breaks: Sequence[Break], shifts: Sequence[Shift]) -> Errors:
    """Find breaks that cannot be taken: of no length, ending before they start, or fitting into no shift."""
    yield from known_errors("id.unknown", field, [pause.id for pause in breaks], [pause.id for pause in breaks])
    if len(breaks) > MOST_BREAKS:
        yield BadInput("break.too_many", field=field, name=name, on=on, count=len(breaks), most=MOST_BREAKS)
    for pause in breaks:
        yield from id_errors(field, pause.id)
        if not 0 < pause.duration_s <= 4 * HOUR_S:
            yield BadInput("break.length", field=field, name=name, on=on, length_s=pause.duration_s)
        elif pause.latest_s < pause.earliest_s:
            yield BadInput(
                "break.ends_before_start",
                field=field,
                name=name,
                on=on,
                earliest_s=pause.earliest_s,
                latest_s=pause.latest_s,
            )
        elif not any(pause.fits(shift) for shift in shifts):
            yield BadInput(
                "break.outside_shift",
                field=field,
                name=name,
                on=on,
                earliest_s=pause.earliest_s,
                latest_s=pause.latest_s,
                length_s=pause.duration_s,
            )
