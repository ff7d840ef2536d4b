"""What the taker has to know of a pasted chat beside its drafts, in sentences."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dispatch.model.said import Said, said
from dispatch.work.chat_matching import open_bookings
from dispatch.work.chat_nouns import ChatDraft, MeantBooking

if TYPE_CHECKING:
    from dispatch.intake.chat.nouns import ChatReading
    from dispatch.store import Reading


def booked_already(
    tx: "Reading", branch_id: str, today: date, drafts: Sequence[ChatDraft], intent: str
) -> Iterable[Said]:
    """Say which clients have a booking on the day wished for already: it may be the same wish, told twice."""
    for draft in drafts if intent == "book" else ():
        found = open_bookings(tx, branch_id, draft.people, draft.day, today)
        same = [one for one in found if draft.people.client_id and one.day == draft.day]
        if same:
            name = next(one.name for one in draft.people.clients if one.id == draft.people.client_id)
            yield said("chat.same_day", client=name, start_s=same[0].windows[0].start_s)


def notes_of(
    text: str, reading: "ChatReading", drafts: Sequence[ChatDraft], meant: Sequence[MeantBooking]
) -> Iterable[Said]:
    """Say what the taker has to know of a chat beside its drafts."""
    from dispatch.intake.chat.lines import is_only_media

    intent = reading.intent.value
    if not text.strip():
        yield said("chat.empty")
    elif is_only_media(text):
        yield said("chat.only_media")
    elif not any(letter.isalpha() or letter.isdigit() for letter in text):
        yield said("chat.no_words")
    elif intent in {"other", "question"} and reading.language == "other":
        yield said("chat.other_language")
    elif intent == "other":
        yield said("chat.nothing")
    elif intent == "question":
        yield said("chat.question")
    elif intent in {"change", "cancel"} and not meant:
        yield said(f"chat.{intent}_whose")
    elif intent in {"change", "cancel"}:
        yield said(f"chat.{intent}_meant")
    for draft in drafts:
        if draft.phone.startswith("+"):
            yield said("chat.foreign_phone", phone=draft.phone)
