"""Reads chats at one moment for the tests: Monday 23 November 2026, 14:05 in Kuala Lumpur."""

from datetime import datetime
from typing import Any

from dispatch.intake.chat.as_json import reading_json
from dispatch.intake.chat.reading import read_chat
from dispatch.intake.gazetteer import shipped

MONDAY = "2026-11-23T14:05:00+08:00"
AFTER_MIDNIGHT = "2026-11-24T00:30:00+08:00"


def read_json(text: str, now: str = MONDAY) -> dict[str, Any]:
    """Give the JSON of what was read."""
    return reading_json(read_chat(text, now=datetime.fromisoformat(now), gazetteer=shipped()), text)


def value(text: str, field: str, now: str = MONDAY, number: int = 0) -> Any:
    """Give the value of one field of one booking, None where there is no such booking."""
    bookings = read_json(text, now)["bookings"]
    return bookings[number][field]["value"] if number < len(bookings) else None
