"""Days and times in chats: what people say becomes the service day, the start or the window, or a question."""

from typing import Any

import pytest

from tests.intake.chat_cases import AFTER_MIDNIGHT, read_json, value


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today 5pm", "2026-11-23"),
        ("hari ini pukul 5 petang", "2026-11-23"),
        ("tmr 3pm", "2026-11-24"),
        ("esok 3 petang", "2026-11-24"),
        ("明天下午三点", "2026-11-24"),
        ("day after tomorrow 3pm", "2026-11-25"),
        ("lusa 3pm", "2026-11-25"),
        ("后天下午三点", "2026-11-25"),
        ("大后天下午三点", "2026-11-26"),
        ("tulat pagi", "2026-11-26"),
        ("Friday 3pm", "2026-11-27"),
        ("Jumaat ni 3 petang", "2026-11-27"),
        ("next Tue 3pm", "2026-12-01"),
        ("Rabu depan 3 petang", "2026-12-02"),
        ("下星期三下午三点", "2026-12-02"),
        ("khamis minggu depan 3 petang", "2026-12-03"),
        ("30.11 3pm", "2026-11-30"),
        ("30hb 3pm", "2026-11-30"),
        ("30/11/2026 3pm", "2026-11-30"),
        ("Nov 30th 3pm", "2026-11-30"),
        ("1 Disember 3 petang", "2026-12-01"),
        ("11月30号下午三点", "2026-11-30"),
        ("Sat 28 Nov 3pm", "2026-11-28"),
        ("3/1 3pm", "2027-01-03"),
        ("wenesday 3pm", "2026-11-25"),
        ("tommorow 3pm", "2026-11-24"),
        ("Monday 9am", "2026-11-30"),
        ("tmr 3pm, Jalan 17/1", "2026-11-24"),
        ("malam nanti pukul 9", "2026-11-23"),
        ("minggu depan hari rabu 3 petang", "2026-12-02"),
        ("8.12. 18:30", "2026-12-08"),
    ],
)
def test_a_day_is_read(said: str, day: str) -> None:
    """A day said in any of the three languages is its date."""
    assert value(said, "date") == day


@pytest.mark.parametrize(
    "said",
    [
        "yesterday 3pm",
        "semalam pukul 3 petang",
        "昨天下午三点",
        "30 February 3pm",
        "2月30号下午三点",
        "31/11 3pm",
        "13/13 3pm",
        "20/11 3pm",
        "Monday 3pm",
        "Sat or Sun 3pm",
        "esok ke lusa 3 petang",
        "next week 3pm",
        "周五六下午三点",
        "Fri 28 Nov 3pm",
    ],
)
def test_a_day_that_cannot_be_or_may_be_two_is_asked_for(said: str) -> None:
    """What is past, is no day, or may be two days gives no date and the question for it."""
    reading = read_json(said)
    assert [booking["date"]["value"] for booking in reading["bookings"]] == [None]
    assert "date" in reading["ask"]


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("tmr 3pm", "15:00"),
        ("tmr 3.30 pm", "15:30"),
        ("tmr 15:30", "15:30"),
        ("tmr 1530hrs", "15:30"),
        ("tmr 930pm", "21:30"),
        ("tmr half past 3 in the afternoon", "15:30"),
        ("tmr at noon", "12:00"),
        ("esok 3 petang", "15:00"),
        ("esok pukul 8 mlm", "20:00"),
        ("esok pukul lapan malam", "20:00"),
        ("esok pukul 1 tgh hari", "13:00"),
        ("esok pagi pukul 9", "09:00"),
        ("明天下午三点半", "15:30"),
        ("明天早上9点", "09:00"),
        ("明天晚上七点十五分", "19:15"),
        ("malam esok\npukul 9", "21:00"),
        ("tmr night 8", "20:00"),
        ("esok pukul tiga setengah petang", "15:30"),
        ("esok 9 suku malam", "21:15"),
        ("tmr three thirty in the afternoon", "15:30"),
        ("tmr quarter to seven tonight", "18:45"),
        ("tmr nite 930", "21:30"),
        ("有一点痛，明天下午一点", "13:00"),
        ("830 tmr night", "20:30"),
        ("tmr 8ish at night", "20:00"),
        ("esok jam 12.30 tengah malam", "00:30"),
    ],
)
def test_a_start_is_read(said: str, start: str) -> None:
    """A clock time with what says which half of the day is a start."""
    assert (value(said, "start"), value(said, "window")) == (start, None)


@pytest.mark.parametrize(
    ("said", "window"),
    [
        ("esok pagi", ["07:00", "11:59"]),
        ("tmr morning", ["07:00", "11:59"]),
        ("明天早上", ["07:00", "11:59"]),
        ("esok tengah hari", ["12:00", "13:59"]),
        ("esok petang", ["15:00", "18:59"]),
        ("tmr afternoon", ["13:00", "16:59"]),
        ("明天下午", ["13:00", "17:59"]),
        ("tmr evening", ["17:00", "20:59"]),
        ("mlm ni", ["19:00", "23:59"]),
        ("明晚", ["19:00", "23:59"]),
        ("tmr nite 8+", ["20:00", "23:59"]),
        ("tmr after 6pm", ["18:00", "23:59"]),
        ("tmr between 2 and 5pm", ["14:00", "17:00"]),
        ("tmr 11am to 1pm", ["11:00", "13:00"]),
        ("tmr by 10am", ["07:00", "10:00"]),
        ("esok sebelum pukul 5 petang", ["07:00", "17:00"]),
        ("esok dari pukul 2 hingga 4 petang", ["14:00", "16:00"]),
        ("esok lepas zohor", ["13:30", "15:59"]),
        ("esok lepas asar", ["16:45", "18:59"]),
        ("esok lepas maghrib", ["19:45", "23:59"]),
        ("明天下午5点前", ["13:00", "17:00"]),
        ("明晚9点以后", ["21:00", "23:59"]),
        ("tmr 10pm-1am", ["22:00", "01:00"]),
        ("now can?", ["14:05", "23:59"]),
        ("esok malam lepas isyak", ["20:45", "23:59"]),
        ("tmr not before 6pm, latest 9pm", ["18:00", "21:00"]),
        ("tmr 10-12 morning", ["10:00", "12:00"]),
    ],
)
def test_a_window_is_read(said: str, window: list[str]) -> None:
    """A part of the day, a range, "after" and "before" are windows, by the dictionary of times."""
    assert (value(said, "window"), value(said, "start")) == (window, None)


@pytest.mark.parametrize(
    "said",
    [
        "3",
        "tmr 3",
        "tmr 3 setengah",
        "tmr 6 something",
        "esok pukul 3",
        "明天三点",
        "tmr after 6",
        "tmr between 2-5",
        "tmr by 10",
        "tmr at 25:00",
        "tmr 26pm",
        "tmr 9:75pm",
        "tmr 3pm or 4pm",
        "tmr morning or evening",
        "today 1pm",
        "today morning",
    ],
)
def test_a_time_that_cannot_be_or_may_be_two_is_asked_for(said: str) -> None:
    """Three without am or pm, 25 o'clock, a choice and what has gone by give no time and the question for it."""
    reading = read_json(said)
    assert (value(said, "start"), value(said, "window")) == (None, None)
    assert "start" in reading["ask"]


@pytest.mark.parametrize(
    ("said", "now", "day", "start"),
    [
        ("tonight 2am", "2026-11-23T14:05:00+08:00", "2026-11-23", "02:00"),
        ("malam ni pukul 1 pagi", "2026-11-23T14:05:00+08:00", "2026-11-23", "01:00"),
        ("今晚凌晨1点", "2026-11-23T14:05:00+08:00", "2026-11-23", "01:00"),
        ("pukul 12 malam ni", "2026-11-23T14:05:00+08:00", "2026-11-23", "00:00"),
        ("tomorrow 1am", "2026-11-23T14:05:00+08:00", "2026-11-23", "01:00"),
        ("fri 2am", "2026-11-23T14:05:00+08:00", "2026-11-26", "02:00"),
        ("Friday midnight", "2026-11-23T14:05:00+08:00", "2026-11-27", "00:00"),
        ("tonight 2am", AFTER_MIDNIGHT, "2026-11-23", "02:00"),
        ("today 3pm", AFTER_MIDNIGHT, "2026-11-24", "15:00"),
        ("tomorrow 3pm", AFTER_MIDNIGHT, None, "15:00"),
    ],
)
def test_the_hours_after_midnight_belong_to_the_evening_before(
    said: str, now: str, day: str | None, start: str
) -> None:
    """A start before 06:00 is of the service day before, and "tomorrow" said after midnight is asked about."""
    assert (value(said, "date", now), value(said, "start", now)) == (day, start)


def test_a_range_as_long_as_the_massage_is_its_start() -> None:
    """Three to half past four with ninety minutes is no window of starts."""
    text = "tmr 3-4.30pm deep tissue 90 mins"
    assert (value(text, "start"), value(text, "window"), value(text, "minutes")) == ("15:00", None, 90)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22/11/2026, 22:15 - Wei: tomorrow 5pm", "2026-11-23"),
        ("[22/11, 10:15 pm] Wei: tomorrow 5pm", "2026-11-23"),
        ("11/22/26, 10:15 PM - Wei: tomorrow 5pm", "2026-11-23"),
        ("[22/11/26, 10:15:01 PM] Wei: tomorrow 5pm", "2026-11-23"),
    ],
)
def test_days_of_an_exported_chat_count_from_its_own_date(text: str, day: str) -> None:
    """The "tomorrow" of last night's message is today."""
    assert (value(text, "date"), value(text, "client_name")) == (day, "Wei")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tmr 3pm can?\neh sorry, make it 4pm", [("2026-11-24", "16:00")]),
        ("tmr 5pm\nno wait\n6pm", [("2026-11-24", "18:00")]),
        (
            "esok 2 slot: kul 9 pagi kat Casa Desa, kul 11 pagi kat Sri Desa",
            [("2026-11-24", "09:00"), ("2026-11-24", "11:00")],
        ),
        ("fri 3pm sorry fri 4pm", [("2026-11-27", "16:00")]),
        ("fri 3pm for my mother, fri 4.15pm for me", [("2026-11-27", "15:00"), ("2026-11-27", "16:15")]),
        ("tmr 5 ptg\neh bukan 6 ptg", [("2026-11-24", "18:00")]),
        ("tmr 3pm and 5pm", [("2026-11-24", "15:00"), ("2026-11-24", "17:00")]),
        ("1) tmr 3pm\n2) Fri 8pm", [("2026-11-24", "15:00"), ("2026-11-27", "20:00")]),
        ("明天下午两点和后天下午三点", [("2026-11-24", "14:00"), ("2026-11-25", "15:00")]),
    ],
)
def test_corrections_and_several_bookings_are_told_apart(text: str, wanted: list[tuple[Any, Any]]) -> None:
    """A correction replaces what it corrects, and two days or times with "and" are two bookings."""
    found = [(booking["date"]["value"], booking["start"]["value"]) for booking in read_json(text)["bookings"]]
    assert found == wanted
