"""A pasted chat as the booking taker sees it: drafts beside the words they came from, and the questions as a ready reply."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dispatch.model.account import Actor
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Complaint, Contraindication, Treatment
from dispatch.model.day import DAY_S, SERVICE_DAY_START_S
from dispatch.model.kinds import Precision
from dispatch.model.people import Client
from dispatch.model.therapist import Therapist
from dispatch.words import LANGUAGES, sentence
from dispatch.work.chat_matching import (
    KnownPeople,
    last_therapist,
    open_bookings,
    people_of,
    suited,
    therapists_called,
    treatment_of,
)
from dispatch.work.chat_notes import booked_already, notes_of
from dispatch.work.chat_nouns import ChatDraft, ChatPiece, HeardWords, MeantBooking, PastedChat
from dispatch.work.doing import branch_of, by_id, by_name, today
from dispatch.work.messages import ReadyMessage, health_words, ready
from dispatch.work.numbers import show_phone
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.chat.nouns import ChatReading, DraftBooking, DraftPlace
    from dispatch.store import Reading

SURE = frozenset({Precision.ROOFTOP, Precision.BUILDING, Precision.STREET})
NEEDED = ("date", "start", "minutes", "treatments", "place")
"""What a new booking cannot do without, by the names of the reader's fields."""


def read_pasted(services: Services, actor: Actor, text: str, *, booking_ids: Sequence[str] = ()) -> PastedChat:
    """Read a pasted chat into drafts with everything the company knows of what was named; nothing is kept.

    `booking_ids` are those the drafts were shown with before; new ones are drawn beyond them. `BadInput` for a text that
    is too long.
    """
    allow(actor, Permission.BOOKINGS)
    from dispatch.intake.chat.reading import read_chat
    from dispatch.intake.gazetteer import shipped

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    with services.store.reading() as tx:
        branch = branch_of(tx, actor)
        reading = read_chat(text, now=services.now(), gazetteer=shipped(), zone=branch.time_zone)
        known = _Known(tx, branch, today(services, branch))
        language = reading.language if reading.language in LANGUAGES else "en"
        drafts = []
        for number, booking in enumerate(reading.bookings, 1):
            key = booking_ids[number - 1] if number <= len(booking_ids) else services.new_id()
            drafts.append(_draft(known, text, booking, reading, number, key, language))
        meant: tuple[MeantBooking, ...] = ()
        if reading.intent.value in {"change", "cancel"}:
            meant = _meant(known, drafts[0] if drafts else None)
        of_drafts = [one for draft in drafts for one in draft.ask]
        asked = tuple(dict.fromkeys(of_drafts if reading.intent.value == "book" else (x.value for x in reading.ask)))
        phone = next((one.phone for one in drafts if one.phone), "")
        return PastedChat(
            text=text,
            language=reading.language,
            intent=reading.intent.value,
            pieces=_pieces(text, reading.bookings),
            drafts=tuple(drafts) if reading.intent.value == "book" else (),
            ask=asked,
            reply=_reply(tx, branch, asked, phone, language) if asked else None,
            notes=(
                *notes_of(text, reading, drafts, meant),
                *booked_already(tx, branch.id, known.today, drafts, reading.intent.value),
            ),
            meant=meant,
            wished=drafts[0] if drafts and reading.intent.value == "change" else None,
            names={one.id: one.name for one in known.therapists},
        )


class _Known:
    """What drafts of one chat are matched with."""

    def __init__(self, tx: "Reading", branch: Branch, day: date) -> None:
        self.tx = tx
        self.branch = branch
        self.today = day
        self.treatments = by_name(one for one in tx.list(Treatment, branch.id) if one.active)
        self.therapists = by_name(one for one in tx.list(Therapist, branch.id) if one.active)
        self.complaints = by_id(tx.list(Complaint, ""))
        self.questions = {one.id: one.question for one in tx.list(Contraindication, "")}


def _draft(
    known: _Known, text: str, said_: "DraftBooking", reading: "ChatReading", number: int, key: str, language: str
) -> ChatDraft:
    name = said_.client_name.value if said_.client_name else ""
    phone = said_.phone.value if said_.phone else ""
    people = people_of(known.tx, known.branch.id, phone=phone, name=name)
    chosen = [treatment_of(known.treatments, code) for code in (said_.treatments.value if said_.treatments else ())]
    named = [one for one in chosen if one is not None] or _by_its_name(known, text, len(reading.bookings))
    complaints = said_.complaints.value if said_.complaints else ()
    fitting = suited(known.treatments, complaints)
    seats = said_.people.value if said_.people else 1
    minutes = said_.minutes.value if said_.minutes else None
    treatment = _one_treatment(named, fitting, minutes, seats)
    if minutes is None and treatment is not None and len(treatment.minutes) == 1:
        minutes = treatment.minutes[0]
    from_s, to_s = _window(said_)
    place = said_.place.value if said_.place else None
    address_id = _address(people, place)
    draft = ChatDraft(
        booking_id=key,
        number=number,
        heard=_heard(text, said_),
        ask=(),
        people=people,
        day=date.fromisoformat(said_.date.value) if said_.date else None,
        from_s=from_s,
        to_s=to_s,
        minutes=minutes,
        treatment_id=treatment.id if treatment else "",
        seat_treatments=tuple(one.id for one in named) if len(named) == seats > 1 else (),
        suited=tuple(one.id for one in fitting),
        complaints=tuple(known.complaints[one].name for one in complaints if one in known.complaints),
        first=_first(known, treatment, complaints),
        seats=min(seats, 4),
        place="" if address_id or place is None else _place_words(place),
        unit=said_.unit.value if said_.unit else "",
        address_id=address_id,
        gender=said_.gender_wish.value if said_.gender_wish else None,
        preferred=_preferred(known, people, said_),
        name=name,
        phone=show_phone(phone),
        language=language,
    )
    return replace(draft, ask=tuple(_missing(draft, reading, said_)))


def _by_its_name(known: _Known, text: str, bookings: int) -> list[Treatment]:
    """Give the one treatment of the company's own that a chat names in full, where it is about one booking."""
    plain = " ".join(text.casefold().split())
    named = [one for one in known.treatments if re.search(rf"(?<!\w){re.escape(one.name.casefold())}(?!\w)", plain)]
    longest = [
        one
        for one in named
        if not any(one.name.casefold() in other.name.casefold() for other in named if other is not one)
    ]
    return longest if bookings == 1 and len(longest) == 1 else []


def _one_treatment(
    named: Sequence[Treatment], fitting: Sequence[Treatment], minutes: int | None, seats: int
) -> Treatment | None:
    """Give the treatment that was named, or the first that suits and lasts as long; None where it is not clear."""
    if named:
        return named[0] if len(named) in {1, seats} else None
    lasting = [one for one in fitting if minutes is None or minutes in one.minutes]
    return lasting[0] if lasting else None


def _window(said_: "DraftBooking") -> tuple[int | None, int | None]:
    if said_.start:
        start_s = _seconds(said_.start.value)
        return start_s, start_s
    if said_.window:
        from_s, to_s = (_seconds(one) for one in said_.window.value)
        return from_s, max(from_s, to_s)
    return None, None


def _seconds(clock: str) -> int:
    """Give a wall clock of the service day in seconds: before 06:00 it is the night that ends it."""
    hours, minutes = clock.split(":")
    seconds = int(hours) * 3_600 + int(minutes) * 60
    return seconds + DAY_S if seconds < SERVICE_DAY_START_S else seconds


def _address(people: KnownPeople, place: "DraftPlace | None") -> str:
    """Give a known client's address: the one that was named, or her only one where no place was said."""
    hers = [one for one in people.addresses if one.client_id == people.client_id]
    if place is None:
        return hers[0].address_id if len(hers) == 1 else ""
    words = {one.casefold() for one in (place.name, place.text) if one}
    named = [one for one in hers if any(one.name.casefold().split(",")[0] == word for word in words)]
    return named[0].address_id if len(named) == 1 else ""


def _place_words(place: "DraftPlace") -> str:
    """Give the words of the place as the address form reads them: its own name where that is exact, else what was written."""
    exact = place.name and place.precision in SURE
    return place.name if exact else place.text


def _first(known: _Known, treatment: Treatment | None, complaints: Sequence[str]) -> tuple[str, ...]:
    """Give what to ask a client first who suffers from something."""
    if treatment is None or not complaints:
        return ()
    return tuple(known.questions[one] for one in treatment.ask_about if one in known.questions)


def _preferred(known: _Known, people: KnownPeople, said_: "DraftBooking") -> tuple[str, ...]:
    if said_.therapist_wish is None:
        return ()
    if said_.therapist_wish.value == "last":
        last = last_therapist(known.tx, known.branch.id, people.client_id, known.today) if people.client_id else ""
        return (last,) if last else ()
    return tuple(one.id for one in therapists_called(known.therapists, said_.therapist_wish.value)[:1])


def _missing(draft: ChatDraft, reading: "ChatReading", said_: "DraftBooking") -> Iterable[str]:
    """Give what this booking has to be asked for; a known client's only address asks for no place."""
    unsaid = {
        "date": draft.day is None,
        "start": draft.from_s is None,
        "minutes": draft.minutes is None,
        "treatments": not draft.treatment_id,
        "place": not draft.address_id and (said_.place is None or said_.place.value.precision not in SURE),
    }
    for one in reading.ask:
        if unsaid.get(one.value, one.value != "window"):
            yield one.value
    yield from (one for one in NEEDED if unsaid[one] and one not in {asked.value for asked in reading.ask})
    if not draft.people.client_id:
        if not draft.name:
            yield "name"
        if not draft.phone and "phone" not in {asked.value for asked in reading.ask}:
            yield "phone"


def _heard(text: str, said_: "DraftBooking") -> dict[str, HeardWords]:
    """Give the words of each field that was said."""
    found: dict[str, HeardWords] = {}
    for one in fields(said_):
        heard: Any = getattr(said_, one.name)
        if heard is not None:
            words = " … ".join(text[span.start : span.end] for span in heard.spans)
            found[one.name] = HeardWords(words=words, percent=round(100 * heard.confidence))
    return found


def _pieces(text: str, bookings: Sequence["DraftBooking"]) -> tuple[ChatPiece, ...]:
    """Cut a chat into pieces at the edges of the words its fields came from."""
    marks: list[tuple[int, int, str, int]] = [
        (span.start, span.end, one.name, number)
        for number, booking in enumerate(bookings, 1)
        for one in fields(booking)
        if (heard := getattr(booking, one.name)) is not None
        for span in heard.spans
    ]
    edges = sorted({0, len(text), *(edge for start, end, _, _ in marks for edge in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        here = [(name, number) for begin, stop, name, number in marks if begin <= start and end <= stop]
        names = tuple(dict.fromkeys(name for name, _ in here))
        pieces.append(ChatPiece(text=text[start:end], fields=names, number=here[0][1] if here else 0))
    return tuple(pieces)


def _meant(known: _Known, draft: ChatDraft | None) -> tuple[MeantBooking, ...]:
    """Give the existing bookings that a change or cancellation may mean, the likeliest first."""
    if draft is None:
        return ()
    found = open_bookings(known.tx, known.branch.id, draft.people, draft.day, known.today)[:8]
    clients = by_id(known.tx.list(Client, known.branch.id, id=[one.client_id for one in found]))
    treatments = by_id(known.tx.list(Treatment, known.branch.id))
    on_day = [one for one in found if one.day == draft.day]
    return tuple(
        MeantBooking(
            booking=one,
            client=clients[one.client_id].name,
            treatment=treatments[one.treatment_id].name,
            is_likely=len(found) == 1 or (len(on_day) == 1 and one is on_day[0]),
        )
        for one in found
    )


def _reply(tx: "Reading", branch: Branch, asked: Sequence[str], phone: str, language: str) -> ReadyMessage:
    """Give the questions to the client as one text; the one about what she would like names no complaint."""
    from dispatch.work.numbers import read_phone

    lines = [sentence("message.ask.opening", language=language)]
    for one in asked:
        own = one in {"treatments", "name"}
        lines.append(sentence(f"message.ask.{one}" if own else f"chat.ask.{one}", language=language))
    return ready("\n".join(lines), read_phone(phone), language, words=health_words(tx, branch.id))
