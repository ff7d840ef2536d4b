"""Reads a pasted chat into the draft of one or more bookings, with what is unclear as questions."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.errors import BadInput
from dispatch.intake.chat.contacts import read_names, read_phones
from dispatch.intake.chat.days import read_days
from dispatch.intake.chat.drafts import drafted
from dispatch.intake.chat.groups import grouped
from dispatch.intake.chat.intents import asked_intent, blank_greetings, intent_of, language_of
from dispatch.intake.chat.lines import read_lines
from dispatch.intake.chat.minutes import read_minutes
from dispatch.intake.chat.moments import said_days
from dispatch.intake.chat.needs import read_needs
from dispatch.intake.chat.nouns import ChatReading, DraftField, Intent
from dispatch.intake.chat.people import read_people
from dispatch.intake.chat.places import number_names, read_pins, read_places, rooms
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.times import read_times
from dispatch.intake.chat.units import read_units
from dispatch.intake.chat.wishes import read_gender, read_therapist
from dispatch.intake.gazetteer import Gazetteer

MAX_LETTERS = 10_000
"""A longer text is the history of a chat; the last messages are enough."""


def read_chat(text: str, *, now: datetime, gazetteer: Gazetteer, zone: str = "Asia/Kuala_Lumpur") -> ChatReading:
    """Give the language, the intent and the drafted bookings of a chat, and the fields to ask the client for.

    `now` is aware; relative days are counted from it, or from the date of the last message in an exported chat. Raises
    `BadInput` ("chat.too_long") for a text of more than `MAX_LETTERS` letters.
    """
    if len(text) > MAX_LETTERS:
        raise BadInput("chat.too_long", letters=len(text), most=MAX_LETTERS)
    local = now.astimezone(ZoneInfo(zone))
    sheet = Sheet(text)
    pins = read_pins(sheet)
    lines = read_lines(sheet)
    language = language_of(sheet.plain)
    blank_greetings(sheet)
    intent = asked_intent(sheet.plain)
    today = _message_day(lines.written, local.date())
    phones = read_phones(sheet, lines.client)
    numbers = number_names(sheet, gazetteer)
    before = sheet.live
    for start, end in numbers:
        sheet.take(start, end)
    units = read_units(sheet)
    minutes = read_minutes(sheet)
    people = read_people(sheet)
    days = said_days(read_days(sheet, today))
    for day in days:
        if day.fixed:
            sheet.take(day.start, day.end)
    times = read_times(sheet, days, moving=intent is Intent.CHANGE)
    if intent is Intent.CHANGE:
        # "Now 6.30pm instead of 6" names no day.
        days = [day for day in days if not day.now or (len(days) == 1 and not times)]
    for start, end in [*((day.start, day.end) for day in days), *((time.start, time.end) for time in times)]:
        sheet.take(start, end)
    for start, end in numbers:
        sheet.live = sheet.live[:start] + before[start:end] + sheet.live[end:]
    needs = read_needs(sheet)
    places = read_places(sheet, gazetteer)
    units += rooms(sheet, places, gazetteer)
    gender = read_gender(sheet)
    therapist = read_therapist(sheet)
    names = read_names(sheet, lines.client, phones)
    items: list[Found] = sorted(
        [*pins, *phones, *units, *minutes, *people, *needs, *places, *gender, *therapist, *names],
        key=lambda one: one.start,
    )
    said = {one.field for one in items} - {DraftField.CLIENT_NAME, DraftField.PHONE}
    where_or_who = said <= {DraftField.PLACE, DraftField.GENDER_WISH, DraftField.THERAPIST_WISH}
    intent = intent_of(sheet.plain, day=bool(days), when=bool(days or times), content=bool(said), weak=where_or_who)
    result = drafted(grouped(days, times, items, sheet.plain, intent), plain=sheet.plain, intent=intent, local=local)
    return ChatReading(language=language, intent=intent, bookings=result.bookings, ask=result.ask)


def _message_day(written: str | None, today: date) -> date:
    """Give the day of a message by the date an export wrote, in either order of day and month; today where it has none."""
    if written is None:
        return today
    numbers = [int(number) for number in re.findall(r"\d+", written)[:3]]
    first, second, third = [*numbers, today.year] if len(numbers) == 2 else numbers
    orders = [(first, second, third)] if first > 31 else [(third, second, first), (third, first, second)]
    for year, month, day in orders:
        try:
            found = date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return today
