"""Reads the door: unit, room, block with level and number."""

import re
from functools import cache

from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import either, table

_DOOR = r"[a-z]{0,2}-?\d{1,5}[a-z]?(?:-\d{1,4}[a-z]?){0,3}"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words = table("units")
    areas = "|".join(words["areas"])
    return (
        re.compile(
            rf"{either(words['blocks'])}\s[a-z0-9]{{1,2}}[\s,]{{1,2}}(?P<door>\d{{1,3}}[a-z]?(?:-\d{{1,3}}[a-z]?){{1,2}})(?![a-z0-9-])"
        ),
        re.compile(rf"{either(words['blocks'])}\s(?P<door>[a-z]\d?(?:-\d{{1,3}}[a-z]?){{1,3}})(?![a-z0-9-])"),
        re.compile(
            rf"{either(words['before'])}\s?[.:#]?\s?(?:(?:no\.?|is|now|changed|change|to|jadi|ke)\s){{0,3}}(?P<door>{_DOOR})(?![a-z0-9-]|\s?(?:am|pm|mins?)\b)"
        ),
        re.compile(rf"#\s?(?P<door>{_DOOR})(?![a-z0-9-])"),
        re.compile(rf"(?<![\d:])(?P<door>\d{{2,5}})\s?{either(words['chinese_after'])}"),
        re.compile(
            rf"(?<![a-z0-9/-])(?!(?:{areas})-?\d)(?P<door>[a-z]{{1,2}}\d?[a-z]?(?:-\d{{1,3}}[a-z]?){{1,3}})(?![a-z0-9/-])"
        ),
        re.compile(
            r"(?<![a-z0-9/.:-])(?P<door>\d{1,3}[a-z]?-\d{1,3}-\d{1,3}[a-z]?|\d{1,2}[a-z]-\d{1,3}|\d{1,2}-\d{1,3}[a-z]|\d{1,2}-0\d[a-z]?)(?![a-z0-9/.:-]|\s?[ap]m\b)"
        ),
    )


def _is_room(sheet: Sheet, match: re.Match[str]) -> bool:
    """Say whether "rm 901" is a room and not a price: it ends a place's name or its sentence, and no "for" follows."""
    before, after = sheet.plain[max(0, match.start() - 24) : match.start()], sheet.plain[match.end() : match.end() + 10]
    words = table("units")
    if re.match(rf"\s?(?:{either(words['price_after'])}|/|\.\d)", after):
        return False
    return not re.search(rf"(?:{either(words['price_before'])}|[=?])\s?$", before) and len(match["door"]) >= 3


def read_units(sheet: Sheet) -> list[Found]:
    """Give each door said, as it was written."""
    found: list[Found] = []
    for number, pattern in enumerate(_patterns()):
        for match in pattern.finditer(sheet.live):
            start, end = match.span("door")
            if match.group().startswith("rm") and not _is_room(sheet, match):
                continue
            found.append(
                Found(
                    field=DraftField.UNIT,
                    value=sheet.text[start:end].upper(),
                    start=start,
                    end=end,
                    confidence=0.95 if number < 5 else 0.85,
                )
            )
            sheet.take(*match.span())
    return sorted(found, key=lambda one: one.start)
