"""Ready texts for clients: a template with named values becomes a text, and the text a wa.me link that a person sends.

A text that goes into a link holds no word about health: links pass through browsers and logs nobody has agreed to.
"""

import re
import string
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import quote

from dispatch.errors import BadInput, LaluanError
from dispatch.model.message import MessageKind
from dispatch.shipped import data_path

TEXT_LENGTH = 900
"""A template may be so long; with its values it still fits into one message."""

_EVERY = frozenset({"client", "company"})
VALUES: Mapping[MessageKind, frozenset[str]] = {
    MessageKind.OFFER: _EVERY | {"slots", "until"},
    MessageKind.CONFIRMATION: _EVERY | {"day", "time", "from", "to", "place", "therapist", "price"},
    MessageKind.REMINDER: _EVERY | {"day", "time", "from", "to", "place", "therapist", "price"},
    MessageKind.ON_THE_WAY: _EVERY | {"time", "place", "therapist"},
    MessageKind.LATE: _EVERY | {"time", "minutes", "place", "therapist"},
    MessageKind.THANK_YOU: _EVERY | {"day", "therapist"},
    MessageKind.REBOOK: _EVERY | {"therapist"},
}
"""The values a template of each kind may name."""

_MARKS = str.maketrans("", "", "*_~`")
"""What WhatsApp takes for bold, italic and struck out: a value may not change how the text around it looks."""

_CJK = re.compile("[\u3400-\u9fff]")


@cache
def default_text(kind: MessageKind, language: str) -> str:
    """Give the text a company starts with, in English where there is none in the language."""
    path = data_path("messages") / f"{language if language in ('en', 'ms', 'zh') else 'en'}.toml"
    return str(tomllib.loads(path.read_text(encoding="utf-8"))[kind.value])


def template_errors(kind: MessageKind, text: str, *, words: Sequence[str] = ()) -> list[LaluanError]:
    """Find what keeps a text from being a template of a kind; `words` are the company's own words about health."""
    if not text.strip():
        return [BadInput("message.empty", field="text")]
    if len(text) > TEXT_LENGTH:
        return [BadInput("message.too_long", field="text", length=len(text), limit=TEXT_LENGTH)]
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return [BadInput("message.braces", field="text")]
    errors: list[LaluanError] = []
    known = VALUES[kind]
    for _, name, spec, conversion in parts:
        if name is not None and (name not in known or spec or conversion):
            written = ", ".join(sorted(known))
            errors.append(BadInput("message.unknown_value", field="text", name=name[:40] or "…", known=written))
    if found := health_word(text, words):
        errors.append(BadInput("message.health_word", field="text", word=found))
    return errors


def write_message(template: str, values: Mapping[str, str]) -> str:
    """Give the text of a template; what a value holds is never read as a part of the template. `KeyError` for one missing."""
    written = []
    for before, name, _, _ in string.Formatter().parse(template):
        written.append(before)
        if name is not None:
            written.append(values[name] if name == "slots" else plain_value(values[name]))
    return "".join(written)


def plain_value(text: str) -> str:
    """Give a value as it may stand inside a message: one line, no marks, nothing unseen."""
    text = unicodedata.normalize("NFC", text).translate(_MARKS)
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"}
    )
    return " ".join(kept.split())


def health_word(text: str, words: Iterable[str] = ()) -> str:
    """Give the first word about health that a text holds, or nothing; `words` come besides those of `data/`."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    found = [match for pattern in (_shipped(), _either(words)) if pattern and (match := pattern.search(folded))]
    return min(found, key=lambda one: one.start()).group() if found else ""


def whatsapp_link(digits: str, text: str, *, words: Iterable[str] = ()) -> str:
    """Give the link that opens a chat with a text in it, for a person to send.

    `digits` are the number as WhatsApp wants it (60123456789). `BadInput` where it is none, or where the text holds a
    word about health.
    """
    if not re.fullmatch(r"[1-9][0-9]{6,14}", digits):
        raise BadInput("message.no_whatsapp")
    if found := health_word(text, words):
        raise BadInput("message.health_word", field="text", word=found)
    return f"https://wa.me/{digits}?text={quote(text, safe='')}"


@cache
def _shipped() -> re.Pattern[str] | None:
    needs = tomllib.loads(data_path("chat/needs.toml").read_text(encoding="utf-8"))
    own = tomllib.loads(data_path("messages/health.toml").read_text(encoding="utf-8"))
    said = [word for table in ("treatments", "complaints") for words in needs[table].values() for word in words]
    return _either([*own["words"], *said])


def _either(words: Iterable[str]) -> re.Pattern[str] | None:
    """Give the pattern of any of these words, whole ones where letters have word edges; None where there are none."""
    folded = {" ".join(unicodedata.normalize("NFKC", word).casefold().split()) for word in words} - {""}
    patterns = [
        re.escape(word) if _CJK.search(word) else rf"(?<!\w){re.escape(word)}(?!\w)"
        for word in sorted(folded, key=lambda one: (-len(one), one))
    ]
    return re.compile("|".join(patterns)) if patterns else None
