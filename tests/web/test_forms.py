"""Forms are read strictly, and everything wrong in one is said at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput, Several
from dispatch.model.kinds import Gender
from web.errors import sentences_of
from web.forms import Fields, clock_value, errors_by_field, parse_clock, parse_day, parse_money_sen

H = 3_600


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("09:30", 9 * H + 1_800),
        ("9.30", 9 * H + 1_800),
        ("9:30", 9 * H + 1_800),
        ("0930", 9 * H + 1_800),
        ("9", 9 * H),
        ("2", 26 * H),
        ("06:00", 6 * H),
        ("00:30", 24 * H + 1_800),
        ("05:59", 29 * H + 59 * 60),
        ("06:00+1", 30 * H),
        ("00:15 (+1)", 24 * H + 900),
        (" 23:00 ", 23 * H),
    ],
)
def test_times_of_the_service_day(typed: str, seconds: int) -> None:
    """A time before six belongs to the next morning, with or without the mark that says so."""
    assert parse_clock(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "24:00", "9:60", "09:30pm", "-1:00", "24", "9:3", "09300", "９", "９:３０", "09:30+2", "1e3", "noon"]
)
def test_what_is_no_time(typed: str) -> None:
    """Nothing is guessed from what is no time."""
    assert parse_clock(typed) is None


@given(st.integers(min_value=6 * 60, max_value=30 * 60 - 1))
def test_times_survive_the_form(minute: int) -> None:
    """What a form writes into a time's field is read back as the same time."""
    assert parse_clock(clock_value(minute * 60)) == minute * 60


@given(st.text(max_size=20))
def test_readers_never_fail(typed: str) -> None:
    """Whatever is typed gives a value or none, never an exception."""
    for read in (parse_clock, parse_day, parse_money_sen):
        assert read(typed) is None or typed.strip()


@pytest.mark.parametrize(
    ("typed", "sen"), [("180", 18_000), ("180.5", 18_050), ("RM 1,800.05", 180_005), ("rm20", 2_000), ("0", 0)]
)
def test_money_is_read_as_sen(typed: str, sen: int) -> None:
    """Ringgit as people write them become whole sen."""
    assert parse_money_sen(typed) == sen


@pytest.mark.parametrize("typed", ["-1", "1,80", "1.234", "ten", "", "1 000"])
def test_what_is_no_money(typed: str) -> None:
    """An amount that can be meant in two ways is none."""
    assert parse_money_sen(typed) is None


def test_dates_are_strict() -> None:
    """Only year-month-day that exists is a date."""
    assert parse_day("2026-11-23") == date(2026, 11, 23)
    assert parse_day("2026-02-30") is None
    assert parse_day("23/11/2026") is None
    assert parse_day("20261123") is None


def test_all_errors_at_once() -> None:
    """A form with five mistakes is refused with five sentences, each naming its field."""
    fields = Fields(MultiDict({"minutes": "ninety", "from": "25:00", "gender": "other", "price": "-3", "name": " "}))
    fields.text("name", label="Name", required=True)
    fields.integer("minutes", label="Minutes", least=15, most=480)
    fields.clock("from", label="From")
    fields.choice("gender", Gender, label="Gender")
    fields.money_sen("price", label="Price")
    with pytest.raises(Several) as found:
        fields.finish()
    errors = [error for error in found.value.errors if isinstance(error, BadInput)]
    assert list(errors_by_field(errors)) == ["name", "minutes", "from", "gender", "price"]
    assert sentences_of(found.value)[1] == "Minutes must be a whole number from 15 to 480."


def test_an_empty_number_is_missing() -> None:
    """A number nobody wrote is told as missing, not as a wrong number."""
    fields = Fields(MultiDict({"minutes": " "}))
    fields.integer("minutes", label="Minutes", least=15, most=480)
    with pytest.raises(Several) as found:
        fields.finish()
    assert sentences_of(found.value) == ["Minutes is missing."]


def test_a_sound_form_passes() -> None:
    """A form without mistakes gives its values and raises nothing."""
    fields = Fields(MultiDict([("minutes", "90"), ("who", "a"), ("who", "b"), ("who", "a"), ("on", "1"), ("v", "")]))
    assert fields.integer("minutes", label="Minutes", least=15, most=480) == 90
    assert fields.many("who") == ("a", "b")
    assert fields.ticked("on")
    assert not fields.ticked("off")
    assert fields.maybe("gender", Gender, label="Gender") is None
    assert fields.clock("v", label="From", default=H) == H
    fields.finish()


def test_text_has_a_limit() -> None:
    """A text longer than its field is refused with both numbers, not cut in silence."""
    fields = Fields(MultiDict({"name": "x" * 81}))
    fields.text("name", label="Name")
    with pytest.raises(Several) as found:
        fields.finish()
    assert sentences_of(found.value) == ["Name has 81 characters; 80 are the most."]
