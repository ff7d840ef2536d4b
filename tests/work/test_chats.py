"""Pasted chats at the desk: matched with what the company has, asked back where unclear, and nothing kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.errors import BadInput
from dispatch.model.kinds import Gender
from dispatch.words import sentence
from dispatch.work.chat_nouns import PastedChat
from dispatch.work.chats import read_pasted
from dispatch.work.clients import change_client, client_page
from tests.work.company import DAY, H, Office

TOMORROW = DAY.replace(day=26)


@pytest.fixture
def office(busy: Office) -> Office:
    """The company, with a number of her own for Lim Mei Ling, who has one address."""
    lim = client_page(busy.services, busy.owner, "c-lim").client
    change_client(busy.services, busy.owner, replace(lim, phone="+60198765432"))
    return busy


def pasted(office: Office, text: str) -> PastedChat:
    """Read a chat as the taker."""
    with office.services.store.reading() as tx:
        before = tx.audit("")
    chat = read_pasted(office.services, office.taker, text)
    assert "".join(piece.text for piece in chat.pieces) == chat.text
    with office.services.store.reading() as tx:
        assert tx.audit("") == before
    return chat


def test_a_known_client_is_recognised_by_her_phone(office: Office) -> None:
    """Her number brings her, her only address, the treatment by its name, and nothing is left to ask."""
    chat = pasted(office, "hi its 019-876 5432, tomorrow 3pm relax 60 min with Bee Ling pls")
    (draft,) = chat.drafts
    assert (draft.people.client_id, draft.address_id, draft.day) == ("c-lim", "a-c-lim", TOMORROW)
    assert (draft.from_s, draft.to_s, draft.minutes) == (15 * H, 15 * H, 60)
    assert draft.heard["phone"].words == "019-876 5432"
    assert draft.heard["start"].percent >= 90
    assert "place" not in chat.ask


def test_a_wish_told_twice_is_noticed(office: Office) -> None:
    """A client who has a booking on the day she wishes for is asked about: another one, or the same."""
    chat = pasted(office, "019-876 5432 today 6pm relax 60 min")
    assert ("chat.same_day", "Lim Mei Ling") in [(one.code, one.named().get("client")) for one in chat.notes]
    other = pasted(office, "019-876 5432 tomorrow 6pm relax 60 min")
    assert "chat.same_day" not in [one.code for one in other.notes]


def test_what_is_unclear_is_asked_in_the_clients_language(office: Office) -> None:
    """The reply asks for each unclear thing once, in Malay for a Malay chat, and its link speaks of no health."""
    chat = pasted(office, "esok 3 boleh urut badan? sakit belakang, saya Farid 013-222 3333")
    assert chat.language == "ms"
    assert {"start", "place", "minutes"} <= set(chat.ask)
    assert chat.reply is not None
    assert chat.reply.text.startswith("Terima kasih atas mesej anda.")
    assert chat.reply.link.startswith("https://wa.me/60132223333?text=")


def test_several_bookings_and_wishes(office: Office) -> None:
    """Two days are two drafts, each with its own id; who is wished for is found among the therapists."""
    chat = pasted(office, "tomorrow 3pm and Friday 5pm, 60 min relax both, female therapist, Aina if possible")
    assert [draft.day for draft in chat.drafts] == [TOMORROW, DAY.replace(day=27)]
    assert chat.drafts[0].booking_id != chat.drafts[1].booking_id
    assert chat.drafts[0].gender is Gender.FEMALE


@pytest.mark.parametrize(
    ("text", "intent"),
    [("019-8765432 please cancel my booking today", "cancel"), ("019-8765432 can we change to 5pm instead", "change")],
)
def test_a_change_leads_to_the_booking_that_is_meant(office: Office, text: str, intent: str) -> None:
    """Of a known client the one booking to come is found; of somebody unknown a sentence says what is needed."""
    chat = pasted(office, text)
    assert chat.intent == intent
    assert [(one.booking.id, one.is_likely) for one in chat.meant] == [("b1", True)]
    assert chat.drafts == ()
    nobody = pasted(office, text.split(" ", 1)[1])
    assert nobody.meant == ()
    assert [one.code for one in nobody.notes] == [f"chat.{intent}_whose"]


def bad_input() -> Iterator[tuple[str, str]]:
    """Chats nobody can take as they are, with the sentence or the field asked for."""
    yield "", "chat.empty"
    yield "😀😀🎉🙏", "chat.no_words"
    yield "Добрый день, можно массаж завтра?", "chat.other_language"
    yield "<Media omitted>", "chat.only_media"
    yield "[25/11/26, 9:02:11 am] Mei: voice message (0:32)", "chat.only_media"
    yield "tomorrow 3pm relax 60 min at Suria KLCC, +44 7911 123456", "chat.foreign_phone"
    yield "yesterday 3pm relax 60 min", "date"
    yield "30 February 3pm relax 60 min", "date"
    yield "tomorrow 25:00 relax 60 min", "start"
    yield "tomorrow at 3 relax 60 min", "start"
    yield "tomorrow 3pm relax 60 min at Suria KLCC or 1 Utama", "place"
    yield "\x00\x00 'DROP TABLE booking;-- {{7*7}}", "date"


@pytest.mark.parametrize(("text", "expected"), list(bad_input()))
def test_bad_input_ends_as_a_question_or_a_sentence(office: Office, text: str, expected: str) -> None:
    """Whatever is pasted, the taker gets a sentence that says what to do, or the client a question."""
    chat = pasted(office, text)
    notes = [one.code for one in chat.notes]
    assert expected in (*notes, *chat.ask)
    assert all(sentence(one.code, one.named()) for one in chat.notes)
    if expected in chat.ask:
        assert chat.reply is not None
        assert len(chat.reply.text.splitlines()) == 1 + len(chat.ask)


def test_a_whole_history_is_refused_with_a_sentence(office: Office) -> None:
    """Twenty thousand letters are not read; the sentence says how many are."""
    with pytest.raises(BadInput, match=r"chat\.too_long") as caught:
        read_pasted(office.services, office.taker, "tomorrow 3pm " * 1_600)
    assert "10000" in sentence(caught.value.code, caught.value.values)


def test_questions_never_speak_of_health(tmp_path: Path) -> None:
    """Each question that a reply may hold passes the check of links, in every language."""
    from dispatch.notify.messages import health_word

    del tmp_path
    for language in ("en", "ms", "zh"):
        for field in ("date", "start", "minutes", "people", "place", "gender_wish", "phone"):
            assert health_word(sentence(f"chat.ask.{field}", language=language)) == ""
        for field in ("opening", "treatments", "name"):
            assert health_word(sentence(f"message.ask.{field}", language=language)) == ""
