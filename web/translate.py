"""What pages say, in the reader's language: labels, sentences, dates and lengths of time.

Plain labels stand in the templates inside `_()` with English as their key; sentences that carry values have a code in
`data/words` instead. What a language lacks is shown in English.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache

from dispatch import words
from dispatch.shipped import data_dir
from web.language import reader_language


@cache
def labels(language: str) -> Mapping[str, str]:
    """Give the labels of a language by their English, read once from its folder in `data/words/labels/`; English has none."""
    files = sorted((data_dir() / "words" / "labels" / language).glob("*.toml"))
    return {label: text for path in files for label, text in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def translate(label: str, language: str | None = None) -> str:
    """Give a label in the reader's language, or in another."""
    return labels(language or reader_language()).get(label, label)


def sentence(
    code: str,
    values: Mapping[str, str | int] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    language: str | None = None,
) -> str:
    """Write the sentence of a code in the reader's language, or in another."""
    return words.sentence(code, values, names=names, language=language or reader_language())


def hours(seconds: int) -> str:
    """Write a length of time as hours and minutes in the reader's language."""
    return words.hours(seconds, reader_language())


def show_date(day: date, form: str) -> str:
    """Write a date in the reader's language; `form` is a code of `data/words/*/units.toml` without its `date.`."""
    return words.date_text(day, form, reader_language())


def show_weekday(number: int) -> str:
    """Write a day of the week briefly, Monday being 0."""
    return _listed("date.weekdays_short", reader_language())[number]


def _listed(code: str, language: str) -> list[str]:
    return words.template_of(code, language).split(", ")
