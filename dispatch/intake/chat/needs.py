"""Reads treatments and complaints, in the codes of the catalogue."""

import re
from functools import cache

from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import either, forgiving, table

_GAP = r"(?:\s|[都很有点的也又在特别非常一直]|[a-z',&/\x00]){0,18}?"
"""What may stand between a part of the body and its pain: a few short words, no full stop."""


@cache
def _treatments() -> dict[str, str]:
    return forgiving({phrase: code for code, phrases in table("needs")["treatments"].items() for phrase in phrases})


@cache
def _complaints() -> dict[str, str]:
    said = {phrase: code for code, phrases in table("needs")["complaints"].items() for phrase in phrases}
    glued = {f"{part}{pain}": code for part, code in _parts().items() for pain in ("pain", "ache") if part.isascii()}
    return forgiving(said) | glued


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(either(_treatments())), re.compile(either(_complaints()))


@cache
def _parts() -> dict[str, str]:
    return {phrase: code for code, phrases in table("needs")["parts"].items() for phrase in phrases}


@cache
def _also() -> re.Pattern[str]:
    """Give the pattern of one more part of the body behind a complaint: "sakit lutut n bahu"."""
    return re.compile(rf"\s?(?:and|&|n|/|\+|,|dan|ngan|dgn|和)\s?(?P<also>{either(_parts())})(?!\s(?:massage|relief))")


@cache
def _painful() -> tuple[re.Pattern[str], ...]:
    part, pain = either(_parts()), either(table("needs")["pain"]["words"])
    also = rf"(?:\s?(?:and|&|n|/|\+|,|dan|ngan|dgn|和)\s?(?P<also>{part}))?"
    return (
        re.compile(rf"(?P<part>{part}){also}{_GAP}{pain}"),
        re.compile(rf"{pain}{_GAP}(?P<part>{part}){also}"),
        re.compile(rf"{either(table('needs')['pain']['for_my'])}\s(?P<part>{part}){also}"),
    )


def read_needs(sheet: Sheet) -> list[Found]:
    """Give each treatment and each complaint said, by its code."""
    found: list[Found] = []

    def add(field: DraftField, code: str, span: tuple[int, int], confidence: float) -> None:
        found.append(Found(field=field, value=code, start=span[0], end=span[1], confidence=confidence))

    treatments, complaints = _patterns()
    for match in treatments.finditer(sheet.live):
        add(DraftField.TREATMENTS, _treatments()[" ".join(match.group().split())], match.span(), 0.97)
        sheet.take(*match.span())
    for match in complaints.finditer(sheet.live):
        add(DraftField.COMPLAINTS, _complaints()[" ".join(match.group().split())], match.span(), 0.95)
        if also := _also().match(sheet.live, match.end()):
            add(DraftField.COMPLAINTS, _parts()[" ".join(also["also"].split())], also.span("also"), 0.85)
            sheet.take(*also.span())
        sheet.take(*match.span())
    for pattern in _painful():
        for match in pattern.finditer(sheet.live):
            for group in ("part", "also"):
                if match[group]:
                    code = _parts()[" ".join(match[group].split())]
                    add(DraftField.COMPLAINTS, code, match.span(), 0.85)
            sheet.take(*match.span())
    return sorted(found, key=lambda one: (one.start, one.field.value))
