"""A chat being read: its text in one plain spelling of the same length, and which pieces are taken already."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from dispatch.intake.chat.nouns import DraftField, Span

_PLAIN = {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "，": ",", "。": ".", "：": ":", "、": ","}
TAKEN = "\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value found in a piece of the chat; None where something was said that cannot be understood."""

    field: DraftField
    value: Any
    start: int
    end: int
    confidence: float = 0.95

    @property
    def span(self) -> Span:
        """The piece it came from."""
        return Span(start=self.start, end=self.end)


class Pieces:
    """Which letters of a text are covered by a piece; asking takes no longer where many pieces are."""

    __slots__ = ("_covered",)

    def __init__(self, length: int) -> None:
        """Begin with nothing covered."""
        self._covered = bytearray(length)

    def cover(self, start: int, end: int) -> bool:
        """Cover a piece, and say whether all of it was free before."""
        free = not any(self._covered[start:end])
        self._covered[start:end] = b"\x01" * (end - start)
        return free

    def is_free(self, start: int, end: int) -> bool:
        """Say whether no letter of a piece is covered."""
        return not any(self._covered[start:end])


class Sheet:
    """The text of a chat: `text` as written, `plain` in small letters and of the same length, `live` what is not taken."""

    __slots__ = ("live", "plain", "text")

    def __init__(self, text: str) -> None:
        """Begin with nothing taken."""
        self.text = text
        self.plain = "".join(_plain(letter) for letter in text)
        self.live = self.plain

    def take(self, start: int, end: int) -> None:
        """Take a piece, so that nothing else is read out of it."""
        self.live = self.live[:start] + TAKEN * (end - start) + self.live[end:]

    def blank(self, start: int, end: int) -> None:
        """Make a piece empty, as if nothing had been written there; line ends stay."""
        gap = "".join("\n" if letter == "\n" else " " for letter in self.plain[start:end])
        self.plain = self.plain[:start] + gap + self.plain[end:]
        self.live = self.live[:start] + gap + self.live[end:]

    def line_start(self, position: int) -> int:
        """Give where the line of a position begins."""
        return self.plain.rfind("\n", 0, position) + 1


def _plain(letter: str) -> str:
    """Give one letter in its plain form, always exactly one letter."""
    if letter == "\n":
        return letter
    if letter == TAKEN:
        return " "
    if letter in _PLAIN:
        return _PLAIN[letter]
    folded = unicodedata.normalize("NFKC", letter).lower()
    if len(folded) != 1:
        folded = letter.lower() if len(letter.lower()) == 1 else letter
    if folded in _PLAIN:
        return _PLAIN[folded]
    if folded.isspace() or unicodedata.category(folded) in {"Cf", "Cc"}:
        return " "
    return folded
