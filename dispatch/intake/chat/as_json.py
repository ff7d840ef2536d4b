"""Writes what was read out of a chat as JSON, the form that `laluan read --json` and other programs use."""

from dataclasses import fields
from typing import Any

from dispatch.intake.chat.nouns import ChatReading, DraftBooking, DraftPlace, Heard

_LISTS = {"treatments", "complaints"}


def reading_json(reading: ChatReading, text: str) -> dict[str, Any]:
    """Give the JSON of a reading of this text; a field that was not said has the value null, or an empty list."""
    return {
        "language": reading.language,
        "intent": reading.intent.value,
        "bookings": [_booking(booking, text) for booking in reading.bookings],
        "ask": [field.value for field in reading.ask],
    }


def _booking(booking: DraftBooking, text: str) -> dict[str, Any]:
    return {field.name: _field(field.name, getattr(booking, field.name), text) for field in fields(booking)}


def _field(name: str, heard: Heard[Any] | None, text: str) -> dict[str, Any]:
    if heard is None:
        return {"value": [] if name in _LISTS else None, "confidence": 0.0, "words": "", "spans": []}
    return {
        "value": _value(heard.value),
        "confidence": heard.confidence,
        "words": " … ".join(text[span.start : span.end] for span in heard.spans),
        "spans": [[span.start, span.end] for span in heard.spans],
    }


def _value(value: Any) -> Any:
    if isinstance(value, DraftPlace):
        return {
            "text": value.text,
            "name": value.name or None,
            "lat": value.point.lat if value.point else None,
            "lon": value.point.lon if value.point else None,
            "precision": value.precision.value if value.precision else None,
        }
    return list(value) if isinstance(value, tuple) else value
