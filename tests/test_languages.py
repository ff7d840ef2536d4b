"""The translated sentences fit their English ones, and what a language lacks is said in English."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.words import LANGUAGES, catalogue, hours, sentence, template_of, word

TRANSLATED = [language for language in LANGUAGES if language != "en"]
MADE_UP: dict[str, str | int] = {
    "clock": 52_200,
    "money": 12_345,
    "minutes": 1_501,
    "hours": 5_400,
    "name": "t-aina",
    "word": "female",
}


def values_of(template: str) -> set[tuple[str, str]]:
    """Give the values a template names, each with its format."""
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_values_of_its_english(language: str) -> None:
    """No translated sentence asks for a value that its English does not have, or writes it in another format."""
    english = catalogue("en")
    wrong = {
        code: f"{sorted(values_of(template))} instead of {sorted(values_of(english[code]))}"
        for code, template in catalogue(language).items()
        if code in english and not code.startswith(("date.", "unit."))
        if values_of(template) != values_of(english[code])
    }
    assert not wrong, f"Mend data/words/{language}, or take the sentence out and it is said in English: {wrong}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_written(language: str) -> None:
    """Every sentence of every language is written from its values, with no brace left over."""
    for code in catalogue("en"):
        if code.startswith(("date.", "unit.")):
            continue
        values: dict[str, str | int] = {}
        for name, form in sorted(
            values_of(template_of(code, language))
        ):  # a value may stand there twice, once formatted
            values[name] = MADE_UP.get(form, "x")
        written = sentence(code, values, names={"t-aina": "Aina"}, language=language)
        assert written
        assert not set(written) & set("{}"), f"{language} {code}: {written}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_weekdays_and_months_are_complete(language: str) -> None:
    """Every language has seven weekdays and twelve months, long and short, each different from the others."""
    for code, count in (
        ("date.weekdays", 7),
        ("date.weekdays_short", 7),
        ("date.months", 12),
        ("date.months_short", 12),
    ):
        assert len(set(template_of(code, language).split(", "))) == count, f"{code} in {language}"
    pieces = {"weekday", "weekday_short", "day", "month", "month_short", "month_number", "year"}
    for code in catalogue("en"):
        if code.startswith("date.") and "{" in template_of(code, language):
            assert {name for name, _ in values_of(template_of(code, language))} <= pieces, f"{code} in {language}"


def test_a_language_falls_back_on_english() -> None:
    """A sentence, a word or a whole language that is not there is English."""
    assert sentence("web.signed_out", language="xx") == "You are signed out."
    assert word("female", "xx") == "female"
    assert word("a word nobody listed", "zh") == "a word nobody listed"


def test_words_of_closed_lists_are_translated_inside_sentences() -> None:
    """A gender inside a sentence is in the sentence's language, and names stay as they are."""
    values: dict[str, str | int] = {"booking_id": "b", "therapist_id": "t", "gender": "female"}
    said = {language: sentence("rule.gender", values, names={"b": "Lim"}, language=language) for language in LANGUAGES}
    assert "female" in said["en"]
    assert "perempuan" in said["ms"]
    assert "女" in said["zh"]
    assert all("Lim" in text for text in said.values())


@given(seconds=st.integers(0, 2 * 86_400), language=st.sampled_from(LANGUAGES))
def test_a_length_says_its_hours_and_minutes(seconds: int, language: str) -> None:
    """Whatever the language, a length of time shows its whole hours and the minutes left, rounded up to a minute."""
    whole = -(-seconds // 60)
    figures = [int(part) for part in "".join(c if c.isdigit() else " " for c in hours(seconds, language)).split()]
    assert figures == ([whole // 60, whole % 60] if whole >= 60 else [whole])


@given(day=st.dates(date(2000, 1, 1), date(2100, 12, 31)), language=st.sampled_from(LANGUAGES))
def test_a_date_says_its_day_month_and_year(day: date, language: str) -> None:
    """Whatever the language, a full date holds the year, the day of the month and the name of the month."""
    month = template_of("date.months", language).split(", ")[day.month - 1]
    month_short = template_of("date.months_short", language).split(", ")[day.month - 1]
    for code in ("date.full", "date.short"):
        written = template_of(code, language).format(
            day=day.day, month=month, month_short=month_short, year=day.year, weekday="", weekday_short=""
        )
        assert str(day.year) in written
        assert str(day.day) in written
        assert month in written or month_short in written
