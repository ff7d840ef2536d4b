"""Loads the dictionaries of `data/chat`, and makes patterns and numbers of their words."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from dispatch.shipped import data_path

T = TypeVar("T")

_CHINESE_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
CHINESE_NUMBER = "[零〇一二两兩三四五六七八九十]{1,3}"
NUMBER_BEGINS = r"(?<!\d[.,])(?<![\d/:#-])"
"""No digit before a number belongs to it: not the 5 of 1.5, nor the 3 of 12-3."""
WORD_BEGINS, WORD_ENDS = r"(?<![a-z0-9])", r"(?![a-z0-9])"
CJK = r"\u3400-\u9fff"


@cache
def table(name: str) -> Mapping[str, Any]:
    """Give one dictionary of `data/chat` by its name."""
    return tomllib.loads(data_path(f"chat/{name}.toml").read_text(encoding="utf-8"))


def either(phrases: Iterable[str]) -> str:
    """Give the pattern of any of these phrases as whole words, the longest first; Chinese needs no spaces around it.

    The edges of words are looked at once for all phrases and not for each, which makes reading several times quicker.
    """
    groups: dict[tuple[bool, bool], list[str]] = {}
    for phrase in sorted(set(phrases)):
        edges = re.match("[a-z0-9]", phrase) is not None, re.search("[a-z0-9]$", phrase) is not None
        groups.setdefault(edges, []).append(" ".join(phrase.split()))
    # What ends in a mark ("name:") goes before the same word without it.
    patterns = [
        f"{WORD_BEGINS if before else ''}{_branches(groups[before, after])}{WORD_ENDS if after else ''}"
        for before, after in sorted(groups)
    ]
    return f"(?:{'|'.join(patterns)})"


def _branches(phrases: Iterable[str]) -> str:
    """Give one pattern that begins each letter only once: thousands of words cost no more than a few."""
    tree: dict[str, Any] = {}
    for phrase in phrases:
        node = tree
        for letter in phrase:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _pattern_of(tree)


def _pattern_of(tree: Mapping[str, Any]) -> str:
    ways = []
    for letter, follows in sorted(tree.items()):
        if letter:
            ways.append((r"\s{1,3}" if letter == " " else re.escape(letter)) + _pattern_of(follows))
    if not ways:
        return ""
    body = ways[0] if len(ways) == 1 and "" not in tree else f"(?:{'|'.join(ways)})"
    return f"{body}?" if "" in tree else body


_LEAST_FORGIVEN = 6
_VOWELS = "aeiou"


@cache
def misspelt(word: str) -> tuple[str, ...]:
    """Give a word as it comes out of hurried thumbs: a letter left out, doubled or swapped, one vowel for another."""
    if len(word) < _LEAST_FORGIVEN or not word.isascii():
        return (word,)
    found = {word}
    for place in range(1, len(word)):
        found.add(word[:place] + word[place + 1 :])
        found.add(word[:place] + word[place - 1] + word[place:])
        found.add(word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :])
        if word[place] in _VOWELS:
            found |= {word[:place] + vowel + word[place + 1 :] for vowel in _VOWELS}
    return tuple(sorted(found))


def forgiving(meanings: Mapping[str, T]) -> dict[str, T]:
    """Give the meanings of words and of their misspellings; a misspelling that may be two of the words means neither."""
    found: dict[str, T] = {}
    unclear: set[str] = set()
    for phrase, meaning in meanings.items():
        for variant in misspelt(phrase):
            if found.setdefault(variant, meaning) != meaning:
                unclear.add(variant)
    return {phrase: one for phrase, one in found.items() if phrase not in unclear} | dict(meanings)


@cache
def number_pattern() -> str:
    """Give the pattern of a small number in digits or in words of the three languages."""
    return rf"(?:{NUMBER_BEGINS}\d{{1,2}}(?![\d])|{either(table('numbers')['words'])}|{CHINESE_NUMBER})"


def number_of(text: str) -> int:
    """Give the number that digits or words mean; 0 for none."""
    text = " ".join(text.split())
    if text.isdecimal():
        return int(text)
    if text in table("numbers")["words"]:
        return int(table("numbers")["words"][text])
    return _chinese(text)


def _chinese(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        total = 0
        for letter in text:
            total = total * 10 + _CHINESE_DIGITS.get(letter, 0)
        return total
    return (_CHINESE_DIGITS.get(tens, 1) if tens else 1) * 10 + _CHINESE_DIGITS.get(ones, 0)
