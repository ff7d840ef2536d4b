"""Reads whom a client wishes for: a gender, a therapist by name, the same one as before."""

import re
from functools import cache

from dispatch.intake.chat.contacts import name_at
from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import CJK, either, table
from dispatch.model.kinds import Gender

SAME_AS_BEFORE = "last"
"""The value of a wish for the therapist who came before."""


@cache
def _gender_patterns() -> dict[Gender, tuple[re.Pattern[str], ...]]:
    words = table("wishes")["gender"]
    persons, asked = either(words["persons"]), either(words["asked"])
    client = r"(?<!i am a )(?<!i'm a )(?<!im a )(?<!saya )(?<!for a )(?<!untuk )"
    found: dict[Gender, tuple[re.Pattern[str], ...]] = {}
    for gender in Gender:
        said = either(words[gender.value]["words"])
        found[gender] = (
            re.compile(rf"{said}\s?(?:massage\s)?{persons}|{persons}\s(?:yang\s|must be\s|is\s|:\s)?(?:a\s)?{said}"),
            re.compile(either(words[gender.value]["alone"])),
            re.compile(rf"{asked}\s(?:yang\s|yg\s|a\s|an\s|strong\s|good\s){{0,2}}{said}|{client}{said}\s{asked}"),
        )
    return found


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table("wishes")
    chinese = [one for one in words["therapist"]["before"] if re.search(rf"[{CJK}]", one)]
    latin = [one for one in words["therapist"]["before"] if one not in chinese]
    return {
        "either": re.compile(either(words["gender"]["either"]) + r"[^.\n,]{0,20}"),
        "same": re.compile(either(words["therapist"]["same"])),
        "before": re.compile(
            rf"(?:{either(latin)}|(?<![a-z]){either(words['gender']['persons'])}:?)\s{{1,2}}(?:therapist\s|is\s|dengan\s|dgn\s|the\s)?(?=[a-z])"
        ),
        "is": re.compile(r"(?<![a-z])(?:is|can|if|ask|get|send|have|boleh|tolong panggil|panggil)\s(?=[a-z])"),
        "called": re.compile(rf"{either(table('contacts')['name']['called'])}\s"),
        "after": re.compile(rf"\s{either(words['therapist']['after'])}"),
        "chinese": re.compile(
            rf"(?<![我字]){either(chinese)}\s?(?:therapist\s)?(?P<name>[a-z]{{2,12}}|(?![人个個位一女男师師技按谁誰时時附你她他我有问問])[{CJK}]{{2,3}}?)(?=$|[\s,.!?]|师傅|技师|做|来|过来|有空|可以)"
        ),
    }


def read_gender(sheet: Sheet) -> list[Found]:
    """Give each wish for a gender; who says that either will do wishes for none."""
    found: list[Found] = []
    for match in _patterns()["either"].finditer(sheet.live):
        sheet.take(*match.span())
    for gender, patterns in _gender_patterns().items():
        for pattern, confidence in zip(patterns, (0.97, 0.9, 0.85), strict=True):
            # "Two lady therapists" tells how many as well, and is taken for that.
            for match in pattern.finditer(sheet.plain if pattern is patterns[0] else sheet.live):
                start, end = match.span()
                found += [
                    Found(field=DraftField.GENDER_WISH, value=gender, start=start, end=end, confidence=confidence)
                ]
    return sorted(found, key=lambda one: one.start)


def read_therapist(sheet: Sheet) -> list[Found]:
    """Give each wish for a therapist, by the name as it was written."""
    found: list[Found] = []

    def add(start: int, end: int, value: str, confidence: float) -> None:
        found.append(Found(field=DraftField.THERAPIST_WISH, value=value, start=start, end=end, confidence=confidence))
        sheet.take(start, end)

    patterns = _patterns()
    for match in patterns["same"].finditer(sheet.live):
        add(match.start(), match.end(), SAME_AS_BEFORE, 0.9)
    for match in patterns["chinese"].finditer(sheet.live):
        start, end = match.span("name")
        add(start, end, sheet.text[start:end], 0.8)
    for match in patterns["before"].finditer(sheet.live):
        called = _patterns()["called"].match(sheet.live, match.end())
        if (span := name_at(sheet, called.end() if called else match.end())) is not None:
            begin = called.start() if called else span[0]
            add(begin, span[1], sheet.text[begin : span[1]], 0.8)
    for match in patterns["is"].finditer(sheet.live):
        if (span := name_at(sheet, match.end())) is not None and patterns["after"].match(sheet.live, span[1]):
            add(*span, sheet.text[slice(*span)], 0.85)
    return sorted(found, key=lambda one: one.start)
