"""Reads what people typed into forms: strict, one error per field, all of them at once.

    fields = Fields(request.form)
    minutes = fields.integer("minutes", label="Minutes", least=15, most=480)
    start_s = fields.clock("start", label="From")
    fields.finish()          # raises Several with every error found; each names its field in values["field"]

A reader gives back a harmless value where it found an error, so that the rest of the form is read as well.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from dispatch.errors import BadInput, LaluanError, Several
from dispatch.model.day import DAY_S, SERVICE_DAY_START_S
from web.translate import translate

E = TypeVar("E", bound=StrEnum)

FIRST_YEAR, LAST_YEAR = 2000, 2100

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]?([0-5][0-9]))?(?:\s*\(?\+1\)?)?")
_WHOLE = re.compile(r"[+-]?\d{1,9}")
_MONEY = re.compile(r"(?:RM\s*)?(\d{1,7}|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", re.IGNORECASE)


def parse_clock(text: str) -> int | None:
    """Read a time of the service day; None if it is none.

    `09:30`, `9.30`, `0930` and `9` are fine, `00:30` is the next morning (as all before 06:00), and so is `06:30+1`.
    """
    text = text.strip()
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    seconds = int(found[1]) * 3600 + int(found[2] or 0) * 60
    next_morning = "+1" in text or seconds < SERVICE_DAY_START_S
    return seconds + DAY_S if next_morning else seconds


def parse_day(text: str) -> date | None:
    """Read a date written year-month-day; None if it is none, or of no year anybody plans.

    The days around the first and the last date there is cannot be reckoned with.
    """
    text = text.strip()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_money_sen(text: str) -> int | None:
    """Read an amount in ringgit as sen: `180`, `180.50`, `RM 1,800`; None if it is none."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))


def clock_value(seconds: int) -> str:
    """Write a time of the service day as a form's field takes it back: `09:30`, `00:30`, `06:30+1`."""
    text = f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"
    return f"{text}+1" if seconds >= DAY_S + SERVICE_DAY_START_S else text


class Fields:
    """The fields of one form as they were typed, and the errors found while reading them."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        """Take the form as the browser sent it."""
        self.form = form
        self.errors: list[LaluanError] = []

    def wrong(self, code: str, name: str, label: str, **values: str | int) -> None:
        """Note an error of a field; `values["field"]` is the field's name in the form, `label` its English label."""
        self.errors.append(BadInput(code, field=name, label=translate(label), **values))

    def finish(self) -> None:
        """Raise all errors found so far; nothing found passes."""
        if self.errors:
            raise Several(tuple(self.errors))

    def text(self, name: str, *, label: str, limit: int = 80, required: bool = False) -> str:
        """Read a text without outer blanks, at most `limit` characters."""
        value = self.form.get(name, "").strip()
        if required and not value:
            self.wrong("web.field_missing", name, label)
        elif len(value) > limit:
            self.wrong("web.field_too_long", name, label, limit=limit, length=len(value))
            return value[:limit]
        return value

    def integer(self, name: str, *, label: str, least: int, most: int, default: int | None = None) -> int:
        """Read a whole number between two bounds; an empty field is the default, where there is one."""
        value = self.form.get(name, "").strip()
        if not value and default is not None:
            return default
        if not value:
            self.wrong("web.field_missing", name, label)
            return least
        if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
            self.wrong("web.field_no_integer", name, label, least=least, most=most)
            return least
        return int(value)

    def clock(self, name: str, *, label: str, default: int | None = None) -> int:
        """Read a time of the service day in seconds; an empty field is the default, where there is one."""
        value = self.form.get(name, "").strip()
        if not value and default is not None:
            return default
        seconds = parse_clock(value)
        if seconds is None:
            self.wrong("web.field_no_time", name, label)
            return SERVICE_DAY_START_S
        return seconds

    def day(self, name: str, *, label: str, default: date | None = None) -> date:
        """Read a date; an empty field is the default, where there is one."""
        value = self.form.get(name, "").strip()
        if not value and default is not None:
            return default
        day = parse_day(value)
        if day is None:
            self.wrong("web.field_no_date", name, label)
            return date.min
        return day

    def money_sen(self, name: str, *, label: str, default: int | None = None) -> int:
        """Read an amount in ringgit as sen; an empty field is the default, where there is one."""
        value = self.form.get(name, "").strip()
        if not value and default is not None:
            return default
        sen = parse_money_sen(value)
        if sen is None:
            self.wrong("web.field_no_money", name, label)
            return 0
        return sen

    def minutes_s(self, name: str, *, label: str, most: int = 1440, default: int | None = None) -> int:
        """Read whole minutes as seconds."""
        return 60 * self.integer(name, label=label, least=0, most=most, default=default)

    def choice(self, name: str, kind: type[E], *, label: str) -> E:
        """Read one word of a closed list."""
        value = self.form.get(name, "")
        for member in kind:
            if member.value == value:
                return member
        self.wrong("web.field_no_choice", name, label)
        return next(iter(kind))

    def maybe(self, name: str, kind: type[E], *, label: str) -> E | None:
        """Read one word of a closed list, or nothing."""
        return self.choice(name, kind, label=label) if self.form.get(name, "") else None

    def many(self, name: str) -> tuple[str, ...]:
        """Read every value a field was sent with, each once, in the order sent."""
        return tuple(dict.fromkeys(value.strip() for value in self.form.getlist(name) if value.strip()))

    def ticked(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return bool(self.form.get(name))

    def version(self) -> int:
        """Read the version of the thing the form was opened with."""
        return self.integer("version", label="Version", least=0, most=999_999_999, default=0)


def errors_by_field(errors: Iterable[LaluanError]) -> dict[str, list[LaluanError]]:
    """Sort errors by the field they name; those that name none stand under the empty name."""
    by_field: dict[str, list[LaluanError]] = {}
    for error in errors:
        by_field.setdefault(str(error.values.get("field", "")), []).append(error)
    return by_field
