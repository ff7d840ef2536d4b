"""The reading of chats as a whole: language, intent, bad input, and what holds for every text."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.chat import messages, score
from dispatch.errors import BadInput
from dispatch.intake.chat.as_json import reading_json
from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.reading import MAX_LETTERS, read_chat
from dispatch.intake.gazetteer import shipped
from dispatch.words import LANGUAGES, sentence
from tests.intake.chat_cases import MONDAY, read_json

NOW = datetime.fromisoformat(MONDAY)
PIECES = [
    *[
        "tmr",
        "esok",
        "明天",
        "yesterday",
        "30/2",
        "3pm",
        "25:00",
        "3",
        "pukul 8",
        "三点",
        "after 6",
        "8+",
        "malam",
        "90min",
    ],
    *["1.5 jam", "2 pax", "couple", "deep tissue", "sakit belakang", "Mont Kiara", "SS2/24", "B-12-3", "012-345 6789"],
    *[
        "+60",
        "lady therapist",
        "with Mei",
        "my name is",
        "我叫李伟",
        "or",
        "and",
        "-",
        ":",
        "\n",
        ",",
        "[23/11/26, 1:58 PM] A:",
    ],
    *["cancel", "change", "from", "to", "?", "😀", "https://maps.google.com/?q=3.1,101.7", "\x00", "İ", "ﬁ", "١٢", "²"],
]
CHATS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001


@pytest.mark.parametrize("name", ["held", "fresh", "second", "third", "fourth", "developed"])
def test_the_messages_are_read_as_well_as_told(name: str) -> None:
    """Over each set of messages values are right in at least 97 of 100 and nine of ten things said are found."""
    total = score(messages(name))
    right = sum(total.right[one.value] for one in DraftField)
    made_up = sum(total.made_up[one.value] for one in DraftField)
    missed = sum(total.missed[one.value] for one in DraftField)
    assert total.messages >= 45
    assert right / (right + made_up) >= 0.97
    assert right / (right + missed) >= 0.90
    assert total.intents / total.messages >= 0.97


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("Hi, can I book a massage tomorrow?", "en", "book"),
        ("nak tempah urut esok", "ms", "book"),
        ("我想预约明天", "zh", "book"),
        ("Please cancel my booking tomorrow", "en", "cancel"),
        ("Nak batalkan tempahan esok", "ms", "cancel"),
        ("取消明天的预约", "zh", "cancel"),
        ("can we reschedule to Friday 7pm", "en", "change"),
        ("boleh tukar masa ke pukul 7 malam?", "ms", "change"),
        ("改成星期六晚上7点可以吗？", "zh", "change"),
        ("How much is 90 min deep tissue?", "en", "question"),
        ("berapa harga urut 90 minit?", "ms", "question"),
        ("多少钱一个小时？", "zh", "question"),
        ("可以便宜一点吗", "zh", "question"),
        ("thanks, see you!", "en", "other"),
        ("ok jumpa esok", "ms", "other"),
        ("what time do u close tonight", "en", "question"),
        ("ada promo tengah hari? berapa harga 2 jam", "ms", "question"),
        ("lepas buka puasa esok boleh?", "ms", "book"),
        ("she's late already 20 mins", "en", "other"),
        ("ok see you at 3", "en", "other"),
        ("kol 9 pagi esok tu jadi ke kak?", "ms", "question"),
        ("room number changed to 1411", "en", "change"),
        ("😀😀", "other", "other"),
        ("[voice message]", "other", "other"),
        ("สวัสดีครับ ขอนวดพรุ่งนี้", "other", "other"),
        ("مرحبا، أريد تدليك غدا", "other", "other"),
        ("", "other", "other"),
    ],
)
def test_language_and_intent_are_told(text: str, language: str, intent: str) -> None:
    """The words tell the language and what is wanted; other languages and no words are "other"."""
    reading = read_json(text)
    assert (reading["language"], reading["intent"]) == (language, intent)


def test_the_json_has_the_fields_it_promises() -> None:
    """Every booking has every field, each with its value, its confidence and the words it came from."""
    text = "esok 3pm deep tissue 90min kat Mont Kiara boleh? badan sakit belakang"
    reading = read_json(text)
    assert list(reading) == ["language", "intent", "bookings", "ask"]
    assert reading["ask"] == ["place"]
    (booking,) = reading["bookings"]
    assert list(booking) == [one.value for one in DraftField]
    assert {tuple(field) for field in booking.values()} == {("value", "confidence", "words", "spans")}
    assert (booking["date"]["value"], booking["date"]["words"]) == ("2026-11-24", "esok")
    assert (booking["start"]["value"], booking["start"]["words"]) == ("15:00", "3pm")
    assert list(booking["place"]["value"]) == ["text", "name", "lat", "lon", "precision"]
    assert booking["phone"] == {"value": None, "confidence": 0.0, "words": "", "spans": []}


def test_what_the_company_wrote_is_not_read() -> None:
    """Of an exported chat only the client's lines count, and the client's name is the sender's."""
    reading = read_json(
        "23/11/2026, 13:40 - Kelvin Tan: massage tmr 8pm\n23/11/2026, 13:41 - Laluan Massage: today 5pm at Bangsar?\n"
    )
    booking = reading["bookings"][0]
    assert (booking["date"]["value"], booking["start"]["value"]) == ("2026-11-24", "20:00")
    assert (booking["client_name"]["value"], booking["place"]["value"]) == ("Kelvin Tan", None)


def test_a_history_is_refused_with_a_sentence() -> None:
    """Twenty thousand letters are refused, and the sentence says how many are read."""
    with pytest.raises(BadInput) as refused:
        read_json("tmr 3pm " * 2_500)
    assert str(MAX_LETTERS) in sentence(refused.value.code, refused.value.values)


def test_every_question_is_written_in_every_language() -> None:
    """Whatever may be asked has its question in English, Bahasa Malaysia and Chinese, and no two are alike."""
    asked = ("date", "start", "minutes", "treatments", "people", "place", "gender_wish", "phone")
    for field in asked:
        questions = {sentence(f"chat.ask.{field}", language=language) for language in LANGUAGES}
        assert len(questions) == len(LANGUAGES)


@given(text=CHATS, now=MOMENTS)
def test_every_text_is_read(text: str, now: datetime) -> None:
    """Whatever is pasted is read without an error, the same each time, with every value from pieces inside the text."""
    reading = read_chat(text, now=now, gazetteer=shipped())
    assert reading == read_chat(text, now=now, gazetteer=shipped())
    written = reading_json(reading, text)
    json.dumps(written, allow_nan=False)
    for booking in written["bookings"]:
        for field in booking.values():
            assert bool(field["spans"]) == (field["value"] not in (None, []))
            for start, end in field["spans"]:
                assert 0 <= start < end <= len(text)
            assert 0 <= field["confidence"] <= 1
            assert bool(field["confidence"]) == bool(field["spans"])
        for name in ("date", "start", "window", "minutes", "people", "gender_wish"):
            assert booking[name]["words"].strip() or booking[name]["value"] is None
        if booking["date"]["value"]:
            # No booking lies in the past; the service day of this moment is the first.
            first = (now + timedelta(hours=8 - 6)).date()
            assert booking["date"]["value"] >= first.isoformat()
