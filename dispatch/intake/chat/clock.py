"""Finds clock times in a chat and says which half of the day they mean."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from dispatch.intake.chat.sheet import Pieces
from dispatch.intake.chat.words import CHINESE_NUMBER, WORD_BEGINS, either, forgiving, number_of, table

DAY_MIN = 1_440


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the day that was said."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock time said: the minutes from midnight, or None while it is open which half of the day is meant.

    `hour` and `minute` are as said; `valid` is false for 25 o'clock. `part` is the part of the day that decided, and
    `inside` is true where that part was said before it, so that it bounds what comes after or before the time.
    """

    start: int
    end: int
    hour: int
    minute: int
    minutes: int | None
    valid: bool
    bare: bool
    part: Part | None = None
    inside: bool = False
    confidence: float = 0.95


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Give the patterns of clock times and of the words around them."""
    around = table("times")["around"]
    numbers = table("numbers")["words"]
    words = either(word for word, number in numbers.items() if number <= 12)
    minutes = either(word for word, number in numbers.items() if 5 <= number < 60 and number % 5 == 0)
    halves, vague = either(around["halves"]), either(around["vague"]).replace(WORD_BEGINS, "")
    past = either(around["past"])
    begins = "(?:(?<![\\d:/#a-z])|" + "|".join(f"(?<={word})" for word in around["hangs_on"]) + ")"
    quarters = either(around["quarters"])
    hours = either(table("amounts")["minutes"]["hours"]).replace(WORD_BEGINS, "")
    meridiem = r"(?:a\.m\.?|p\.m\.?|am|pm|a|p)(?![a-z0-9])"
    marks = either(around["marks"])
    glued = either(around["glued"]).replace(WORD_BEGINS, "")
    return {
        "clock": re.compile(
            rf"(?P<zh>(?:(?<![\d:])\d{{1,2}}|(?!(?<=[宜早快力轻重多少好慢近有])一点|(?<=[^今明后昨当]晚)一点|(?<=^晚)一点){CHINESE_NUMBER}))\s?[点點](?:钟|鐘)?(?:(?P<zhalf>半)|(?P<zquarter>[一三])刻|(?P<zmin>\d{{1,2}}|{CHINESE_NUMBER})分?)?"
            rf"|(?:(?P<past>{past})\s)(?P<pasth>\d{{1,2}}(?!\d)|{words})(?:\s?(?P<pasts>{meridiem}))?"
            rf"|(?<!\d[.,])(?<![\d:/#a-z])(?P<four>\d{{3,4}})(?:\s?(?P<fours>{meridiem}|hrs?(?![a-z])|h(?![a-z]))|(?<=[05])(?![\d:/a-z-]|[.,]\d))"
            rf"|(?<!\d[.,]){begins}(?P<h>\d{{1,2}})(?:(?:\s?[:.]\s?|\s(?=[0-5][05]\s?{meridiem}))(?P<m>\d{{2}})(?![\d])|\s?(?P<half>{halves})(?!\s(?:an?\s)?(?:{hours}|day))|\s(?P<quarter>{quarters})|(?P<ish>\s?-?{vague}))?\s?(?:hrs?(?![a-z])|(?P<s>{meridiem}))?(?:\s?-?ish)?(?:(?={glued})|(?![\d:/a-z]|\.\d|,\d))"
            rf"|(?P<w>{words})(?:[\s-](?:(?P<wm>{minutes})|(?P<whalf>{halves})(?!\s(?:an?\s)?(?:{hours}|day))|(?P<wquarter>{quarters})))?(?:\s?(?P<ws>{meridiem}|o'clock))?"
        ),
        "marks": re.compile(rf"{marks}\s{{0,2}}$"),
        "after": re.compile(rf"(?:{either(around['after'])}|>)\s{{0,2}}(?:{marks}\s{{0,2}}){{0,2}}$"),
        "before": re.compile(rf"(?:{either(around['before'])}|<)\s{{0,2}}(?:{marks}\s{{0,2}}){{0,2}}$"),
        "leaving": re.compile(
            rf"(?<!eh\s)(?<!oh\s)(?<!ops\s)(?<!lah\s)(?<!sorry\s){either(around['leaving'])}\s{{0,2}}(?:{marks}\s{{0,2}}){{0,2}}$"
        ),
        "between": re.compile(rf"{either(around['between'])}\s{{0,2}}(?:{marks}\s{{0,2}}){{0,2}}$"),
        "then_after": re.compile(rf"\s{{0,2}}(?:{either(around['then_after'])})(?!天|面|来|背)"),
        "then_before": re.compile(rf"\s{{0,2}}{either(around['then_before'])}(?!面|台|后)"),
        "to": re.compile(rf"\s{{0,2}}(?:{either(around['to'])})\s{{0,2}}(?:{marks}\s{{0,2}})?"),
        "and": re.compile(rf"\s{{0,2}}(?:{either(around['and'])})\s{{0,2}}(?:{marks}\s{{0,2}})?"),
        "or": re.compile(rf"\s{{0,2}}(?:{either(around['or'])})\s{{0,2}}(?:{marks}\s{{0,2}})?"),
        "counted": re.compile(rf"\s?{either(around['counted'])}"),
        "in_the": re.compile(rf"\s{{0,2}}(?:{either(around['in_the'])}\s{{0,2}}){{0,2}}"),
        "part": re.compile(f"{either(_part_words())}|(?<=[0-9]){glued}"),
        "word": re.compile(rf"(?:12(?:\s?[:.]\s?(?P<mm>[0-5]\d))?\s?)?(?P<word>{either(_clock_words())})"),
        "shut": re.compile(
            r"rm\s?$|\$\s?$|#\s?$|(?:level|lvl|floor|tingkat|aras|unit|no|usj|ss|section|seksyen|age|umur)\.?\s?$"
        ),
    }


@cache
def _part_words() -> dict[str, str]:
    return forgiving({word: name for name, part in table("times")["parts"].items() for word in part["words"]})


@cache
def _clock_words() -> dict[str, str]:
    return {word: clock for clock, words in table("times")["clocks"].items() for word in words}


def part_of(name: str) -> Any:
    """Give what the dictionary says of a part of the day."""
    return table("times")["parts"][name]


def minutes_of(text: str) -> int:
    """Give the minutes of "15:30"."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def parts_in(live: str) -> list[Part]:
    """Give the parts of the day said in a text."""
    return [
        Part(start=match.start(), end=match.end(), name=_part_words()[" ".join(match.group().split())])
        for match in patterns()["part"].finditer(live)
    ]


def clocks_in(live: str) -> list[Clock]:
    """Give everything that may be a clock time, in order; whether a bare number is one is for the reader to say."""
    found = []
    words = Pieces(len(live))
    for match in patterns()["word"].finditer(live):
        words.cover(*match.span())
        minutes = minutes_of(_clock_words()[" ".join(match["word"].split())]) + int(match["mm"] or 0)
        found.append(
            Clock(
                start=match.start(),
                end=match.end(),
                hour=minutes // 60,
                minute=0,
                minutes=minutes,
                valid=True,
                bare=False,
            )
        )
    found += [_clock(match) for match in patterns()["clock"].finditer(live) if words.is_free(*match.span())]
    return sorted(found, key=lambda one: one.start)


def _clock(match: re.Match[str]) -> Clock:
    groups = match.groupdict()
    suffix = groups["s"] or groups["pasts"] or groups["fours"] or groups["ws"] or ""
    minute, bare, written = 0, False, ""
    if groups["zh"]:
        hour = number_of(groups["zh"])
        minute = 30 if groups["zhalf"] else 15 * number_of(groups["zquarter"] or "") or number_of(groups["zmin"] or "")
    elif groups["past"]:
        hour = number_of(groups["pasth"])
        minute = int(table("times")["around"]["past"][" ".join(groups["past"].split())])
        if minute < 0:
            hour, minute = hour - 1, 60 + minute
    elif groups["four"]:
        hour, minute = divmod(int(groups["four"]), 100)
        bare = not suffix
        written = "four" if suffix.startswith("h") or (bare and (hour > 12 or groups["four"].startswith("0"))) else ""
    elif groups["w"]:
        hour = number_of(groups["w"])
        minute = 30 if groups["whalf"] else 15 if groups["wquarter"] else number_of(groups["wm"] or "")
        bare = not (groups["ws"] or minute)
    else:
        hour = int(groups["h"])
        minute = 30 if groups["half"] else 15 if groups["quarter"] else int(groups["m"] or 0)
        bare = not suffix and not groups["m"] and not groups["ish"]
        written = "zero" if groups["m"] and groups["h"].startswith("0") else ""
    clock = Clock(
        start=match.start(),
        end=match.end(),
        hour=hour,
        minute=minute,
        minutes=None,
        valid=hour <= 24 and minute < 60,
        bare=bare,
    )
    if not clock.valid:
        return clock
    if suffix.startswith(("a", "p")):
        if hour > 12 and suffix.startswith("a"):
            return replace(clock, valid=False)
        return replace(clock, minutes=(hour % 12 + 12 * suffix.startswith("p")) * 60 + minute)
    if hour > 12 or hour == 0 or written:
        return replace(clock, minutes=hour % 24 * 60 + minute, confidence=0.85 if written == "zero" else 0.95)
    return clock


def within(clock: Clock, part: Part, *, inside: bool) -> Clock:
    """Give a clock time in the half of the day that a part of the day means."""
    if clock.minutes is not None:
        return replace(clock, part=part, inside=inside)
    earliest = part_of(part.name)["hour_from"]
    hour = next(hour for hour in range(clock.hour % 12, 48, 12) if hour >= earliest)
    return replace(clock, minutes=hour * 60 + clock.minute, part=part, inside=inside)
