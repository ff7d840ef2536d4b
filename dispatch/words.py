"""Turns codes with named values into sentences in the reader's language; the only place sentences are made.

A template names its values in braces with a format: `{therapist_id:name}` looks a name up, `{start_s:clock}` writes a
time of the service day, `{price_sen:money}` ringgit, `{late_s:minutes}` whole minutes, `{worked_s:hours}` hours and minutes,
and `{gender:word}` a word of a closed list. One code is one whole sentence: nothing is glued together from pieces, so that
every language can order its words. What a language does not say yet is said in English.
"""

import string
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from dispatch.shipped import data_dir

LANGUAGES = ("en", "ms", "zh")
"""The languages readers can choose: English, Bahasa Malaysia, Chinese in simplified characters. English is the source."""

DAY_S = 86_400


def clock(seconds: int) -> str:
    """Write a time of the service day as a wall clock shows it, `+1` marking the next morning."""
    minutes = seconds // 60
    text = f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
    return f"{text} (+1)" if seconds >= DAY_S else text


def money(sen: int) -> str:
    """Write an amount in ringgit with two decimals."""
    sign = "-" if sen < 0 else ""
    return f"{sign}RM {abs(sen) // 100:,}.{abs(sen) % 100:02d}"


def minutes(seconds: int) -> str:
    """Write a length of time in whole minutes, rounded up, as a number."""
    return str(-(-seconds // 60))


def kilometres(metres: int) -> str:
    """Write a distance in kilometres with one decimal, as a number."""
    return f"{metres / 1000:.1f}"


def hours(seconds: int, language: str = "en") -> str:
    """Write a length of time as hours and minutes, rounded up to the minute as everywhere."""
    whole = -(-seconds // 60)
    code = "unit.hours" if whole >= 60 else "unit.minutes"
    return template_of(code, language).format(hours=whole // 60, minutes=whole % 60)


_FORMATS = {"clock": clock, "money": money, "minutes": minutes}


class _Formatter(string.Formatter):
    """Formats the values of one template with the formats above."""

    def __init__(self, names: Mapping[str, str], language: str) -> None:
        self._names = names
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value by the named format; a name or a word unknown stays as it is."""
        if format_spec == "name":
            return self._names.get(str(value), str(value))
        if format_spec == "word":
            return word(str(value), self._language)
        if format_spec == "hours":
            return hours(int(value), self._language)
        if format_spec in _FORMATS:
            return _FORMATS[format_spec](int(value))
        return str(super().format_field(value, format_spec))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Give every sentence template of a language by its code, read once from `data/words/<language>/`."""
    templates: dict[str, str] = {}
    for path in sorted((data_dir() / "words" / language).glob("*.toml")):
        for code, template in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in templates:
                raise ValueError(f"The sentence {code} stands twice in data/words/{language}; keep one.")
            templates[code] = template
    return templates


def template_of(code: str, language: str) -> str:
    """Give a code's template in a language, in English where that language lacks it.

    Raises `KeyError` where English lacks it too, so that a missing sentence is found by a test, not by a client.
    """
    found = catalogue(language).get(code)
    return catalogue("en")[code] if found is None else found


def word(value: str, language: str = "en") -> str:
    """Write a word of a closed list, such as a gender or a kind of thing; what has no translation stays as it is."""
    code = f"word.{value.casefold().replace(' ', '_')}"
    return catalogue(language).get(code) or value


def sentence(
    code: str,
    values: Mapping[str, str | int] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    language: str = "en",
) -> str:
    """Write the sentence of a code with its values in a language; ids become names through `names`.

    Raises `KeyError` for a code that not even English has.
    """
    return _Formatter(names or {}, language).vformat(template_of(code, language), (), dict(values or {}))


def date_text(day: date, form: str, language: str = "en") -> str:
    """Write a date in a language; `form` is a code of `data/words/*/units.toml` without its `date.`."""
    return template_of(f"date.{form}", language).format(
        weekday=_listed("date.weekdays", language)[day.weekday()],
        weekday_short=_listed("date.weekdays_short", language)[day.weekday()],
        day=day.day,
        month=_listed("date.months", language)[day.month - 1],
        month_short=_listed("date.months_short", language)[day.month - 1],
        month_number=day.month,
        year=day.year,
    )


def _listed(code: str, language: str) -> list[str]:
    return template_of(code, language).split(", ")
