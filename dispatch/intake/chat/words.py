"""Loads the dictionaries of `data/chat`, and makes patterns and numbers of their words."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from dispatch.shipped import data_path

_CHINESE_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
CHINESE_NUMBER = "[零〇一二两兩三四五六七八九十]{1,3}"
CJK = r"\u3400-\u9fff"


@cache
def table(name: str) -> Mapping[str, Any]:
    """Give one dictionary of `data/chat` by its name."""
    return tomllib.loads(data_path(f"chat/{name}.toml").read_text(encoding="utf-8"))


def either(phrases: Iterable[str]) -> str:
    """Give the pattern of any of these phrases as whole words, the longest first; Chinese needs no spaces around it."""
    return f"(?:{'|'.join(_phrase(one) for one in sorted(set(phrases), key=lambda one: (-len(one), one)))})"


def _phrase(phrase: str) -> str:
    body = r"\s{1,3}".join(re.escape(word) for word in phrase.split())
    before = r"(?<![a-z0-9])" if re.match("[a-z0-9]", phrase) else ""
    after = r"(?![a-z0-9])" if re.search("[a-z0-9]$", phrase) else ""
    return f"{before}{body}{after}"


@cache
def number_pattern() -> str:
    """Give the pattern of a small number in digits or in words of the three languages."""
    return rf"(?:(?<![\d.,/:#-])\d{{1,2}}(?![\d])|{either(table('numbers')['words'])}|{CHINESE_NUMBER})"


def number_of(text: str) -> int:
    """Give the number that digits or words mean; 0 for none."""
    text = text.strip()
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
