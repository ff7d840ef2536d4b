"""Reads how long a treatment is wished to last."""

import re
from collections.abc import Iterator
from functools import cache

from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import (
    CHINESE_NUMBER,
    NUMBER_BEGINS,
    WORD_BEGINS,
    either,
    number_of,
    number_pattern,
    table,
)

_LEAST, _MOST = 15, 480


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table("amounts")["minutes"]
    units, hours = either(words["units"]), either(words["hours"])
    unit = units.replace(WORD_BEGINS, "")  # "60min": a unit may hang on its number
    hour = hours.replace(WORD_BEGINS, "")
    count = rf"{NUMBER_BEGINS}\d{{1,3}}"
    named = either(table("numbers")["words"])
    halves, few = either(words["halves"]).replace(WORD_BEGINS, ""), rf"(?:{NUMBER_BEGINS}\d|{named})"
    chinese, whole = rf"(?:{NUMBER_BEGINS}\d|{CHINESE_NUMBER})", either(words["chinese_wholes"])
    return {
        "or": re.compile(rf"{count}\s?(?:{unit})?\s?(?:/|or|atau|-|或者|或|还是)\s?\d{{2,3}}\s?{unit}"),
        "half": re.compile(
            rf"(?P<n>{few})\s?{hour}\s?{halves}|(?P<n2>{few})\s?(?!half){halves}\s?{hour}"
            rf"|(?P<n3>{chinese})[个個]半{whole}|(?P<n4>{chinese})[个個]?{whole}半|(?P<n5>se)jam\s?{halves}"
        ),
        "both": re.compile(
            rf"(?P<h>{few})\s?{hour}\s?(?:and\s|dan\s|,\s?)?(?P<m>\d{{2}}(?=\s?{unit}|(?!\d))|{named}(?=\s?{units}))(?:\s?{unit})?"
        ),
        "glued": re.compile(NUMBER_BEGINS + r"(?<![a-z])(?P<h>\d)h(?P<m>\d{2})(?:m(?:in)?)?(?![a-z0-9])"),
        "unit": re.compile(rf"(?P<m>{count})\s?-?\s?(?:{unit}|(?<=0)m(?![a-z0-9]))"),
        "hours": re.compile(rf"{NUMBER_BEGINS}(?P<n>\d(?:\.\d)?)\s?{hour}"),
        "words": re.compile(rf"(?P<n>{either(table('numbers')['words'])})[\s-](?P<u>{hours}|{units})"),
        "chinese": re.compile(rf"(?P<n>{number_pattern()}|\d\.5)\s?{either(words['chinese_hours'])}"),
        "bare": re.compile(
            rf"{NUMBER_BEGINS}(?<![a-z+])(?<!rm\s)(?<!age\s)(?<!aged\s)(?<!umur\s)(?:{'|'.join(str(one) for one in words['bare'])})(?![\d:/.a-z-]|\s?(?:pax|ppl|rm|ringgit|yo|yrs|years|tahun|thn|kg|cm|km|\d))"
        ),
        "before": re.compile(either(words["not"]["before"]) + r"\s{0,2}$"),
        "after": re.compile(r"\s{0,2}" + either(words["not"]["after"])),
    }


@cache
def _said() -> dict[str, int]:
    return {
        phrase: int(minutes) for minutes, phrases in table("amounts")["minutes"]["said"].items() for phrase in phrases
    }


@cache
def _said_pattern() -> re.Pattern[str]:
    return re.compile(either(_said()))


def read_minutes(sheet: Sheet) -> list[Found]:
    """Give each length of time said for a treatment; two offered at once are unclear."""
    found: list[Found] = []
    for start, end, minutes, confidence in _all(sheet):
        pattern = _patterns()
        if pattern["before"].search(sheet.live[max(0, start - 12) : start]) or pattern["after"].match(sheet.live, end):
            sheet.take(start, end)
            continue
        value = minutes if minutes is not None and _LEAST <= minutes <= _MOST else None
        found.append(Found(field=DraftField.MINUTES, value=value, start=start, end=end, confidence=confidence))
        sheet.take(start, end)
    return sorted(found, key=lambda one: one.start)


def _all(sheet: Sheet) -> Iterator[tuple[int, int, int | None, float]]:
    """Give the pieces in the order of how much they explain, each looked for in what the ones before left over."""
    patterns = _patterns()
    for match in patterns["half"].finditer(sheet.live):
        number = next(text for text in match.groups() if text)
        yield match.start(), match.end(), (1 if number == "se" else number_of(number)) * 60 + 30, 0.95
    for match in _said_pattern().finditer(sheet.live):
        yield match.start(), match.end(), _said()[" ".join(match.group().split())], 0.95
    for match in patterns["or"].finditer(sheet.live):
        yield match.start(), match.end(), None, 0.0
    for name in ("both", "glued"):
        for match in patterns[name].finditer(sheet.live):
            yield match.start(), match.end(), number_of(match["h"]) * 60 + number_of(match["m"]), 0.95
    for match in patterns["unit"].finditer(sheet.live):
        yield match.start(), match.end(), int(match["m"]), 0.98
    for match in patterns["hours"].finditer(sheet.live):
        if re.search(r"(?:pukul|pkl|kul|jam)\s?$", sheet.live[max(0, match.start() - 6) : match.start()]):
            continue
        yield match.start(), match.end(), round(float(match["n"]) * 60), 0.95
    for match in patterns["words"].finditer(sheet.live):
        in_minutes = re.fullmatch(either(table("amounts")["minutes"]["units"]), match["u"])
        yield match.start(), match.end(), number_of(match["n"]) * (1 if in_minutes else 60), 0.95
    for match in patterns["chinese"].finditer(sheet.live):
        hours = float(match["n"]) if "." in match["n"] else number_of(match["n"])
        yield match.start(), match.end(), round(hours * 60), 0.95
    for match in patterns["bare"].finditer(sheet.live):
        yield match.start(), match.end(), int(match.group()), 0.75
