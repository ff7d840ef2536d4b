"""Reads for how many people a booking is."""

import re
from functools import cache

from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import WORD_BEGINS, either, number_of, number_pattern, table

_MOST = 20


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table("amounts")["people"]
    loose = either(words["units"]).replace(WORD_BEGINS, "")
    sorts = either(words["sorts"]).replace(WORD_BEGINS, "")
    company = either(words["companions"])
    number = number_pattern()
    return {
        "or": re.compile(rf"{number}\s?(?:or|to|-|/|atau|ke|或)\s?\d{{1,2}}\s?{loose}"),
        "sum": re.compile(rf"(?P<a>{number})\s?{sorts}\s?(?:and|&|n|dan|\+|,|和)\s?(?P<b>{number}|an?)\s?{sorts}"),
        "units": re.compile(rf"(?<!每)(?P<a>{number})\s?(?:x\s?)?{loose}"),
        "sorts": re.compile(rf"(?P<a>{number})\s?{sorts}"),
        "label": re.compile(rf"{either(words['labels'])}\s?[:=]\s?(?P<a>\d{{1,2}})(?!\d)"),
        "couples": re.compile(rf"(?P<a>{number})\s?(?:couples|pairs|pasang|对)"),
        "group": re.compile(rf"(?:group|family|party) of (?P<a>{number})"),
        "for": re.compile(rf"{either(words['for'])}\s(?P<a>{number})(?=\s*(?:[,.;\n!?]|$|tmr|tomorrow|people|esok))"),
        "with": re.compile(
            rf"(?:(?:me|myself|i|saya|sy)\s(?:and|&|n|\+|dan|dgn|dengan)\s(?:my\s)?{company}|my\s{company}\s(?:and|&|n)\s(?:i|me|myself)"
            rf"(?![a-z]))"
        ),
    }


@cache
def _said() -> dict[str, int]:
    return {phrase: int(count) for count, phrases in table("amounts")["people"]["said"].items() for phrase in phrases}


@cache
def _said_pattern() -> re.Pattern[str]:
    return re.compile(either(_said()))


def read_people(sheet: Sheet) -> list[Found]:
    """Give each number of people said; two at once are unclear."""
    found: list[Found] = []

    def add(match: re.Match[str], count: int | None, confidence: float = 0.95) -> None:
        value = count if count is not None and 1 <= count <= _MOST else None
        found.append(
            Found(field=DraftField.PEOPLE, value=value, start=match.start(), end=match.end(), confidence=confidence)
        )
        sheet.take(match.start(), match.end())

    patterns = _patterns()
    for match in patterns["or"].finditer(sheet.live):
        add(match, None)
    for match in patterns["sum"].finditer(sheet.live):
        add(match, number_of(match["a"]) + (1 if match["b"] in {"a", "an"} else number_of(match["b"])), 0.85)
    for match in patterns["couples"].finditer(sheet.live):
        add(match, 2 * number_of(match["a"]), 0.9)
    each = re.compile(rf"{either(table('amounts')['people']['each'])}\s?$")
    said = [
        match
        for match in _said_pattern().finditer(sheet.live)
        if not each.search(sheet.live[max(0, match.start() - 16) : match.start()])
    ]
    for match in said:
        sheet.take(match.start(), match.end())
    for match in patterns["with"].finditer(sheet.live):
        add(match, 2, 0.9)
    for name, confidence in (("label", 0.97), ("units", 0.97), ("group", 0.95), ("for", 0.85), ("sorts", 0.75)):
        for match in patterns[name].finditer(sheet.live):
            count = number_of(match["a"])
            if count == 1 and match.group().endswith("of us"):
                continue  # "one of us is pregnant"
            if name == "sorts" and (count < 2 or any(one.value is not None and one.value > count for one in found)):
                continue  # "one lady therapist" tells of the therapist, "3 pax, two ladies one man" is three
            add(match, count, confidence)
    if not found or not any(one.value is not None and one.value > 2 for one in found):
        # "Couple massage for 4 pax": the number is more exact than the word.
        most = max((one.value or 0 for one in found), default=0)
        for match in said:
            if _said()[" ".join(match.group().split())] < most:
                continue  # "2 orang, seorang swedish, seorang deep tissue"
            add(match, _said()[" ".join(match.group().split())], 0.9)
    return sorted(found, key=lambda one: one.start)
