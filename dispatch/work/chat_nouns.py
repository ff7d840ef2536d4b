"""What a pasted chat is to the booking taker: its pieces, its drafts, and the bookings it may mean."""

from dataclasses import dataclass, field
from datetime import date

from dispatch.model.booking import Booking
from dispatch.model.kinds import Gender
from dispatch.model.said import Said
from dispatch.work.chat_matching import KnownPeople
from dispatch.work.messages import ReadyMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWords:
    """The words a field came from, and how far they can be relied on, in percent."""

    words: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPiece:
    """A piece of the chat: plain, or the words of some fields of a booking (`number` from 1)."""

    text: str
    fields: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDraft:
    """One booking of a chat, as far as it was said and as the company knows what was named; times of the service day.

    `booking_id` is the id it will have, so that confirming it twice makes one booking. `suited` are the treatments that
    suit what she suffers from, `first` the questions to ask before one of them.
    """

    booking_id: str
    number: int
    heard: dict[str, HeardWords]
    ask: tuple[str, ...]
    people: KnownPeople
    day: date | None = None
    from_s: int | None = None
    to_s: int | None = None
    minutes: int | None = None
    treatment_id: str = ""
    seat_treatments: tuple[str, ...] = ()
    suited: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    seats: int = 1
    place: str = ""
    unit: str = ""
    address_id: str = ""
    gender: Gender | None = None
    preferred: tuple[str, ...] = ()
    name: str = ""
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantBooking:
    """An existing booking that a change or a cancellation may mean; `is_likely` where nothing else can be meant."""

    booking: Booking
    client: str
    treatment: str
    is_likely: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedChat:
    """What a pasted chat says; `notes` are sentences for the taker, `reply` asks the client for what is unclear.

    `wished` is what was said of a change: of the bookings it may mean, `meant` has the likeliest first.
    """

    text: str
    language: str
    intent: str
    pieces: tuple[ChatPiece, ...]
    drafts: tuple[ChatDraft, ...] = ()
    ask: tuple[str, ...] = ()
    reply: ReadyMessage | None = None
    notes: tuple[Said, ...] = ()
    meant: tuple[MeantBooking, ...] = ()
    wished: ChatDraft | None = None
    names: dict[str, str] = field(default_factory=dict)
