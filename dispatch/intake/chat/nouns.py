"""What was read out of a chat: the draft of one or more bookings, and what has to be asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dispatch.model.kinds import Gender, Precision
from dispatch.model.places import Point

T = TypeVar("T")


class Intent(StrEnum):
    """What a chat wants."""

    BOOK = "book"
    CHANGE = "change"
    CANCEL = "cancel"
    QUESTION = "question"
    OTHER = "other"


class DraftField(StrEnum):
    """The fields of a drafted booking, in the order in which they are asked for."""

    DATE = "date"
    START = "start"
    WINDOW = "window"
    MINUTES = "minutes"
    TREATMENTS = "treatments"
    COMPLAINTS = "complaints"
    PEOPLE = "people"
    PLACE = "place"
    UNIT = "unit"
    GENDER_WISH = "gender_wish"
    THERAPIST_WISH = "therapist_wish"
    CLIENT_NAME = "client_name"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of the chat: the letters from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Generic[T]):
    """A value, how far it can be relied on (0 to 1), and the pieces of the chat it came from."""

    value: T
    confidence: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlace:
    """A place as it was written; where nobody knows it, `point` and `precision` are None and the name is empty."""

    text: str
    name: str
    point: Point | None
    precision: Precision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBooking:
    """One booking of a chat; what was not said, or not clearly, is None or empty.

    `date` is the ISO date of the service day, `start` and `window` are wall-clock times ("15:00"): one before 06:00 belongs to
    the night that ends this service day.
    """

    date: Heard[str] | None = None
    start: Heard[str] | None = None
    window: Heard[tuple[str, str]] | None = None
    minutes: Heard[int] | None = None
    treatments: Heard[tuple[str, ...]] | None = None
    complaints: Heard[tuple[str, ...]] | None = None
    people: Heard[int] | None = None
    place: Heard[DraftPlace] | None = None
    unit: Heard[str] | None = None
    gender_wish: Heard[Gender] | None = None
    therapist_wish: Heard[str] | None = None
    client_name: Heard[str] | None = None
    phone: Heard[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReading:
    """What a chat says; `language` is "en", "ms", "zh" or "other", and `ask` are the fields to ask the client for."""

    language: str
    intent: Intent
    bookings: tuple[DraftBooking, ...]
    ask: tuple[DraftField, ...]
