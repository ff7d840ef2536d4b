"""Reads the client's name and phone number."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from dispatch.errors import BadInput
from dispatch.intake.chat.lines import Sender
from dispatch.intake.chat.nouns import DraftField
from dispatch.intake.chat.sheet import Found, Sheet
from dispatch.intake.chat.words import CJK, either, table
from dispatch.intake.phones import parse_phone

_DIGITS = re.compile(r"(?<![\d/.,:#-])(?:\+|00)?\(?\d[\d ()-]{7,17}\d(?!\d|[/.:]\d)")
_NAME = r"[A-Z][a-zA-Z'@-]{1,20}(?:[ ](?:bin|binti|bt|a/l|a/p|[A-Z][a-zA-Z'@-]{0,20})){0,3}"
_SENDER_NAME = re.compile(r"[^\W\d_][^\d:]{0,40}")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table("contacts")
    families = words["name"]["families"]
    sure = set(words["name"]["sure"])
    return {
        "sure": re.compile(either(sure) + r"[\s:\-]{0,3}"),
        "maybe": re.compile(either(set(words["name"]["before"]) - sure) + r"\s"),
        "title": re.compile(either(words["name"]["titles"]) + r"\.?\s"),
        "chinese": re.compile(
            rf"(?:我叫|名字叫)[:\s]?(?P<name>[{CJK}]{{2,4}})(?![{CJK}])|{either(words['name']['chinese'])}[:\s]?(?P<of_family>[{families}][{CJK}]{{1,2}})(?![{CJK}])"
        ),
        "family": re.compile(rf"{either(words['name']['chinese_family'])}(?P<name>[{families}])"),
        "signed": re.compile(
            rf"(?:{either(words['name']['signed'])}[\s.,!:-]{{1,4}}|\x00\s?[.!]\s|\n\s?|\s[-–~]\s?)(?=[^\s]{{2,20}}(?:\s[^\s]{{1,20}})?[\s.!]*$)"
        ),
        "called": re.compile(rf"(?P<name>[{families}])(?:小姐|先生|太太|女士)"),
        "phone": re.compile(
            rf"{either(words['phone']['sure'])}[\s:.-]{{0,3}}(?:is\s|at\s|no\s)?(?P<digits>\+?\d[\d -]{{2,12}}\d)(?![\d:]|\s?[ap]m)"
        ),
    }


@cache
def never_names() -> frozenset[str]:
    """Give the words that are no name, though they begin with a capital."""
    return frozenset(table("contacts")["never"]["words"])


def name_at(sheet: Sheet, position: int) -> tuple[int, int] | None:
    """Give the piece with a name that begins at a position: words with capitals that are not taken and are names."""
    match = re.compile(_NAME).match(sheet.text, position)
    if match is None:
        return None
    end = match.start()
    for word in re.finditer(r"\S+", match.group()):
        if sheet.live[match.start() + word.start()] == "\x00" or word.group().lower().strip(".'") in never_names():
            break
        end = match.start() + word.end()
    return (match.start(), end) if end > match.start() else None


def read_phones(sheet: Sheet, client: Sender | None) -> list[Found]:
    """Give each phone number in E.164; digits called a phone number that are none are unclear."""
    found: list[Found] = []
    if client is not None and (match := _DIGITS.search(sheet.text, client.start, client.end)) is not None:
        e164 = _e164(match.group())
        if e164:
            found.append(
                Found(field=DraftField.PHONE, value=e164, start=match.start(), end=match.end(), confidence=0.98)
            )
    for match in _DIGITS.finditer(sheet.live):
        digits = [letter for letter in match.group() if letter.isdigit()]
        if len(digits) < 9 or (not match.group().startswith(("+", "0", "6", "1"))):
            continue
        if e164 := _e164(match.group()):
            found.append(Found(field=DraftField.PHONE, value=e164, start=match.start(), end=match.end()))
            sheet.take(match.start(), match.end())
    for match in _patterns()["phone"].finditer(sheet.live):
        start, end = match.span("digits")
        found.append(Found(field=DraftField.PHONE, value=None, start=start, end=end))
        sheet.take(start, end)
    return sorted(found, key=lambda one: one.start)


def _e164(text: str) -> str:
    try:
        return parse_phone(text).e164
    except BadInput:
        return ""


def _beside_phone(sheet: Sheet, phones: Sequence[Found]) -> Iterator[tuple[int, int]]:
    """Give the name that stands right before or behind a number, as people sign: "Tony 012-778 8990"."""
    for phone in phones:
        before = re.search(
            rf"(?:^|[\s,.;:(])({_NAME})[\s,:()-]{{1,3}}$", sheet.text[max(0, phone.start - 40) : phone.start]
        )
        begins = [max(0, phone.start - 40) + before.start(1)] if before else []
        if behind := re.match(r"[\s,()-]{1,3}(?=[A-Z])", sheet.text[phone.end : phone.end + 4]):
            begins.append(phone.end + behind.end())
        for begin in begins:
            if (span := name_at(sheet, begin)) is not None and _ends_there(sheet.text, span, phone):
                yield span
                return


def _ends_there(text: str, span: tuple[int, int], phone: Found) -> bool:
    """Say whether a name reaches up to the number, or stands behind it alone."""
    if span[1] <= phone.start:
        return not re.search(r"[^\s,:()-]", text[span[1] : phone.start])
    return re.match(r"[\s).!]*(?:$|\n|[,.])", text[span[1] :]) is not None


def read_names(sheet: Sheet, client: Sender | None, phones: Sequence[Found] = ()) -> list[Found]:
    """Give the client's name: said, signed, or the one the exported chat bears."""
    found: list[Found] = []

    def add(span: tuple[int, int], confidence: float) -> None:
        value = sheet.text[span[0] : span[1]]
        found.append(
            Found(field=DraftField.CLIENT_NAME, value=value, start=span[0], end=span[1], confidence=confidence)
        )
        sheet.take(*span)

    patterns = _patterns()
    for name, confidence in (("sure", 0.95), ("title", 0.85), ("maybe", 0.8)):
        for match in patterns[name].finditer(sheet.live):
            at = match.end()
            if title := patterns["title"].match(sheet.live, at):
                at = title.end()
            if (span := name_at(sheet, at)) is not None:
                add(span, confidence)
    for name, confidence in (("chinese", 0.9), ("family", 0.75), ("called", 0.75)):
        for match in patterns[name].finditer(sheet.live):
            add(match.span("name") if match["name"] else match.span("of_family"), confidence)
    if not found:
        for span in _beside_phone(sheet, phones):
            add(span, 0.75)
    if not found:
        for match in patterns["signed"].finditer(sheet.live):
            if (span := name_at(sheet, match.end())) is not None:
                add(span, 0.6)
                break
    if not found and client is not None:
        name = sheet.text[client.start : client.end]
        stripped = re.sub(r"\s*\([^)]*\)$", "", name.strip(" \u200e\u200f\u202a\u202c~"))
        if _SENDER_NAME.fullmatch(stripped):
            start = client.start + name.index(stripped)
            found.append(
                Found(
                    field=DraftField.CLIENT_NAME,
                    value=stripped,
                    start=start,
                    end=start + len(stripped),
                    confidence=0.8,
                )
            )
    return found
