"""Takes an exported or copied chat apart: who wrote which line, and which lines are the company's own."""

import re
from dataclasses import dataclass
from functools import cache

from dispatch.intake.chat.sheet import Sheet
from dispatch.intake.chat.words import either, table

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?"
_DATE = r"\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?"
_HEADER = re.compile(
    rf"^\s{{0,3}}(?:\[(?P<stamp>{_DATE},?\s{_CLOCK}|{_CLOCK},?\s{_DATE})\]\s?|(?P<plain>{_DATE},?\s{_CLOCK})\s-\s)"
    r"(?:(?P<sender>[^:\n]{1,60}):(?=\s|$))?",
    re.MULTILINE,
)
_WRITTEN_DATE = re.compile(_DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who wrote as the client: the piece of the chat with the name or number."""

    start: int
    end: int


@cache
def _business() -> re.Pattern[str]:
    return re.compile(either(table("contacts")["business"]["words"]))


@cache
def _placeholders() -> re.Pattern[str]:
    return re.compile(either(table("contacts")["placeholders"]["words"]) + r"(?:\s?\(?\d{1,2}:\d{2}\)?)?")


def is_only_media(text: str) -> bool:
    """Say whether a chat holds nothing but what an export writes in place of voice messages, pictures and the like."""
    plain = Sheet(text).plain.strip()
    rest = _placeholders().sub(" ", _HEADER.sub(" ", plain))
    return bool(plain) and not any(letter.isalpha() for letter in rest) and bool(_placeholders().search(plain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The client of an exported chat, and the date of her first line as written; None where it is no export."""

    client: Sender | None
    written: str | None


def read_lines(sheet: Sheet) -> Lines:
    """Blank what is not the client's words: time stamps, names, the company's lines, placeholders for media."""
    headers = list(_HEADER.finditer(sheet.plain))
    client: Sender | None = None
    written: str | None = None
    for number, header in enumerate(headers):
        end = headers[number + 1].start() if number + 1 < len(headers) else len(sheet.plain)
        sender = header["sender"]
        if sender is None or _business().search(sender):
            sheet.blank(header.start(), end)
            continue
        if client is None:
            start, stop = header.span("sender")
            client = Sender(start=start, end=stop)
        # The last message tells which day its "tomorrow" is counted from.
        if date := _WRITTEN_DATE.search(header.group()):
            written = date.group()
        sheet.blank(header.start(), header.end())
    for placeholder in _placeholders().finditer(sheet.plain):
        sheet.blank(placeholder.start(), placeholder.end())
    return Lines(client=client, written=written)
