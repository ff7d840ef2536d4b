"""Tells which language a chat is in and what it wants."""

import re
from functools import cache

from dispatch.intake.chat.nouns import Intent
from dispatch.intake.chat.sheet import Sheet
from dispatch.intake.chat.words import CJK, either, table

OTHER_LANGUAGE = "other"
_WORD = re.compile(r"(?<![a-z0-9-])[a-z0-9']+(?!-?[a-z])")
_CHINESE = re.compile(f"[{CJK}]")
_FOREIGN = re.compile(r"[\u0370-\u1fff\u3040-\u30ff\uac00-\ud7af]")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(either(table("intents")[name]))


@cache
def _see_you() -> re.Pattern[str]:
    """Give the pattern of a goodbye with its time, up to the end of its line."""
    return re.compile(rf"{either(table('intents')['see_you'])}\s(?:[a-z0-9:.]{{1,10}}\s?){{1,3}}(?=[!.]*\s*(?:\n|$))")


@cache
def _opens() -> re.Pattern[str]:
    """Give the pattern of opening a shop, not of breaking the fast ("lepas buka", "buka puasa")."""
    words = table("intents")
    fast = "".join(rf"(?<!{re.escape(word)}\s)" for word in words["before_fast"])
    return re.compile(rf"{fast}{either(words['opens'])}(?!\s(?:puasa|posa))")


@cache
def _vocabulary() -> dict[str, dict[str, float]]:
    return {
        language: dict.fromkeys(words["words"], 1.0) | dict.fromkeys(words["weighty"], 2.0)
        for language, words in table("languages").items()
    }


def blank_greetings(sheet: Sheet) -> None:
    """Blank the greetings and goodbyes that name a day or a part of it without meaning it."""
    for name in ("greeting", "goodbye"):
        for match in _pattern(name).finditer(sheet.plain):
            sheet.blank(match.start(), match.end())
    for match in _see_you().finditer(sheet.plain):
        sheet.blank(match.start(), match.end())


def language_of(plain: str) -> str:
    """Give "en", "ms" or "zh", by the words; "other" where none of the three is met."""
    votes = {"zh": len(_CHINESE.findall(plain)) / 1.5, "ms": 0.0, "en": 0.0}
    for match in _WORD.finditer(plain):
        for language, words in _vocabulary().items():
            votes[language] += words.get(match.group(), 0.0)
    foreign = len(_FOREIGN.findall(plain)) / 2
    best = max(("ms", "en", "zh"), key=lambda language: votes[language])
    if votes[best] > foreign:
        return best
    return "en" if not foreign and re.search("[a-z]{3}", plain) else OTHER_LANGUAGE


def asked_intent(plain: str) -> Intent | None:
    """Give the intent that words alone tell: a cancellation or a change; None where they tell neither."""
    if _pattern("cancel").search(plain):
        return Intent.CANCEL
    if _pattern("change").search(plain):
        return Intent.CHANGE
    return None


def intent_of(plain: str, *, day: bool, when: bool, content: bool, weak: bool) -> Intent:
    """Give the intent; `day` tells whether a day was said, `when` a day or a time, `content` anything else of a booking.

    `weak` content, a place or a person alone, is no booking where it is followed by a question mark.
    """
    asked = asked_intent(plain)
    if asked is not None:
        return asked
    if _pattern("complains").search(plain) or (_pattern("told").search(plain) and not _pattern("want").search(plain)):
        return Intent.OTHER
    if _opens().search(plain) or _pattern("sure_question").search(plain):
        return Intent.QUESTION
    if not day and _pattern("price").search(plain) and not _pattern("want").search(plain):
        return Intent.QUESTION
    if when or _pattern("want").search(plain):
        return Intent.BOOK
    if (
        _pattern("question").search(plain)
        or (not content and re.search(r"[^\W\d_][^?]*\?", plain))
        or (weak and re.search(r"\?\s*$", plain))
    ):
        return Intent.QUESTION
    return Intent.BOOK if content else Intent.OTHER


def corrects(plain: str) -> bool:
    """Say whether a piece of text takes back what was said before it."""
    return _pattern("correction").search(plain) is not None


def for_all(plain: str) -> bool:
    """Say whether a piece of text speaks of all bookings."""
    return _pattern("both").search(plain) is not None
