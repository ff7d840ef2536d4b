"""Reads the days a chat speaks of: relative ones, weekdays, dates; what is past or vague stays unclear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dispatch.intake.chat.sheet import TAKEN, Pieces, Sheet
from dispatch.intake.chat.words import WORD_BEGINS, WORD_ENDS, either, forgiving, number_of, number_pattern, table

_CLOCKED = re.compile(r"\d\s?[ap]m|\d[:.]\d\d|[\d一二三四五六七八九十两][点點]")
_DASH_DAYS = 45
_NEXT_YEAR_DAYS = 200
"""A date without a year that is past belongs to the next year only when it comes within so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day said: its calendar date, or None where unclear. `offset` counts days from today where it was said so.

    `fixed` is true where the digits of a date were written, so that no time is read out of them. `again_ordinal` counts the day a week
    on, which is meant where today's weekday was named with a time gone by. `later` is "malam nanti": today's, unless a day is named.
    """

    start: int
    end: int
    date: date | None
    offset: int | None = None
    night: bool = False
    now: bool = False
    fixed: bool = False
    again_ordinal: int | None = None
    later: bool = False
    confidence: float = 0.95


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words, parts = table("days"), table("times")["parts"]
    weekdays = words["weekdays"]
    chinese = "".join(weekdays["chinese"])
    months = either(name for names in words["months"]["names"] for name in names)
    names = either(_weekdays())
    part = either(
        word for one in parts.values() for word in one["words"] if "lepas" not in word and "after" not in word
    )
    before = {kind: either(weekdays[kind]) for kind in ("next", "this", "coming", "last")}
    after = {kind: either(weekdays[f"{kind}_after"]) for kind in ("next", "this", "coming", "last")}
    modifier = "|".join(rf"(?P<{kind}>{pattern})" for kind, pattern in before.items())
    modifier_after = "|".join(rf"(?P<{kind}_after>{pattern})" for kind, pattern in after.items())
    return {
        "iso": re.compile(r"(?<!\d)(?P<y>20\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
        "full": re.compile(
            r"(?<![\d/.-])(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>20\d{2}|\d{2})(?![\d/])"
        ),
        "slash": re.compile(r"(?<![\d/.a-z-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/])"),
        "dot": re.compile(r"(?<![\d/.a-z:-])(?P<d>\d{1,2})\.(?P<m>1[0-2]|0?[1-9])(?!\d|[/.]\d|\s?[ap]\.?m)"),
        "dash": re.compile(r"(?<![\d/.a-z:-])(?P<d>2[5-9]|3[01])-(?P<m>1[0-2]|0?[1-9])(?![\d/.-])"),
        "day_month": re.compile(
            rf"(?<![\d/.:])(?P<d>\d{{1,2}})(?:st|nd|rd|th|hb|haribulan)?\s?(?:of\s)?(?P<month>{months.replace(WORD_BEGINS, '')})\.?,?(?:\s(?P<y>20\d{{2}}))?"
        ),
        "month_day": re.compile(
            rf"(?P<month>{months})\.?\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]|\s?[ap]m)(?:,?\s(?P<y>20\d{{2}}))?"
        ),
        "chinese": re.compile(
            rf"(?:(?P<m>\d{{1,2}}|{number_pattern()})月)?(?P<d>\d{{1,2}}|{number_pattern()})[号號日](?![房楼])"
        ),
        "ordinal": re.compile(
            r"(?<![\d/.:])(?P<d>\d{1,2})(?:st|nd|rd|th|\s?hb|\s?haribulan)(?![a-z0-9]|\s(?:floor|flr|level|time|session|one))"
        ),
        "in_days": re.compile(
            rf"in\s(?P<n>{number_pattern()})\sdays?|(?P<n2>{number_pattern()})\s(?:days?\s(?:from now|later)|hari lagi)|(?P<n3>{number_pattern()})天后"
        ),
        "weekday": re.compile(rf"(?:(?:{modifier})\s?)?(?P<name>{names})(?:'s)?(?:\s(?:{modifier_after}))?"),
        "chinese_weekday": re.compile(
            rf"(?:(?P<next>{before['next']})|(?P<this>{before['this']})|(?P<last>{before['last']}))?{either(weekdays['week'])}(?P<name>[{chinese}])(?P<more>[、和或跟]?(?:{either(weekdays['week'])})?[{chinese}](?![点點月个個号號十天]))?"
        ),
        "relative": re.compile(either(_offsets()).replace(WORD_ENDS, "(?![a-z]|\\d{1,2}(?!\\d|\\s?[ap]m|[:.]\\d))")),
        "this_part": re.compile(
            rf"{either(words['this']['before'])}\s(?P<part>{part})|(?P<part2>{part})\s?{either(words['this']['after'])}"
        ),
        "later": re.compile(rf"{part}\s{either(words['this']['later'])}|{either(words['this']['later'])}\s{part}"),
        "street": re.compile(
            r"(?:jalan|jln|jl|lorong|lrg|lor|persiaran|psn|lebuh|lot|unit|blok|blk|block|no)\.?\s{0,2}(?:(?!on|at|pada|hari)[a-z]{2,12}\s)?$|(?:ss|usj|pjs|pju)\s?\d{0,2}[a-z]?\s?$"
        ),
        "vague": re.compile(either(words["vague"]["words"])),
        "now": re.compile(either(words["now"]["words"])),
        "night": re.compile(either(parts["night"]["words"])),
        "or": re.compile(rf"\s*(?:{either(table('times')['around']['or'])}|,?\s?or)\s*"),
    }


@cache
def _offsets() -> dict[str, int]:
    return forgiving({phrase: int(days) for days, phrases in table("days")["relative"].items() for phrase in phrases})


@cache
def _weekdays() -> dict[str, int]:
    names = table("days")["weekdays"]["names"]
    return forgiving({name: number for number, all_names in enumerate(names) for name in all_names})


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(table("days")["months"]["names"], 1) for name in names}


def read_days(sheet: Sheet, today: date) -> list[Day]:
    """Give the days said, in order; a weekday beside its date is one day, and two with "or" between are unclear."""
    live = sheet.live
    found: list[Day] = []
    for finder in (_written, _weekday_days, _said):
        for day in finder(live, today):
            found.append(day)
            live = live[: day.start] + TAKEN * (day.end - day.start) + live[day.end :]
    named = [day for day in found if not day.later]
    found = sorted(named or found, key=lambda day: day.start)
    return _together(found, sheet.plain)


def _written(live: str, today: date) -> Iterator[Day]:
    """Give the dates with digits."""
    patterns = _patterns()
    taken = Pieces(len(live))
    for name in ("iso", "full", "day_month", "month_day", "slash", "dot", "dash", "chinese", "ordinal", "in_days"):
        for match in patterns[name].finditer(live):
            if not taken.is_free(*match.span()):
                continue
            if name == "in_days":
                number = number_of(match["n"] or match["n2"] or match["n3"])
                day, sure = (today + timedelta(days=number) if number else None), 0.85
            else:
                groups = match.groupdict()
                if (name == "dot" and _is_clock(match, live)) or (name in {"slash", "dash"} and _is_door(match, live)):
                    continue
                day, sure = _date(groups, today), 0.97
                if name == "dash" and (day is None or (day - today).days > _DASH_DAYS):
                    continue  # 25-3 is a door rather than the 25th of March
            taken.cover(*match.span())
            yield Day(start=match.start(), end=match.end(), date=day, fixed=True, confidence=sure)


def _is_clock(match: re.Match[str], live: str) -> bool:
    """Say whether 10.11 may be a time as well: only "on" or "date" before it makes it a date."""
    hour, minute = int(match["d"]), match["m"]
    if hour > 23 or len(minute) == 1:
        return False
    if re.match(r"[.,]?\s{1,3}(?:at\s|jam\s|pukul\s)?\d{1,2}(?:[:.]\d{2}(?!\d)|\s?[ap]m)", live[match.end() :]):
        return False  # a clock time follows
    return not re.search(r"(?:on|date|tarikh)[\s:]{1,2}$", live[max(0, match.start() - 10) : match.start()])


def _is_door(match: re.Match[str], live: str) -> bool:
    """Say whether 5/1 is the number of a street or a door: a street's word or a section stands right before it."""
    return _patterns()["street"].search(live[max(0, match.start() - 24) : match.start()]) is not None


def _date(groups: dict[str, str | None], today: date) -> date | None:
    """Give the date of day, month and year as written, the next one where the year or the month is left out."""
    day = number_of(groups.get("d") or "")
    month_name = groups.get("month")
    month = _months()[month_name] if month_name else number_of(groups.get("m") or "")
    year_text = groups.get("y")
    if year_text:
        year = int(year_text)
        return _valid(year + 2000 if year < 100 else year, month, day)
    if not month:
        year, month = today.year, today.month
        if day < today.day:
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return _valid(year, month, day)
    this_year = _valid(today.year, month, day)
    if this_year is not None and this_year < today:
        next_year = _valid(today.year + 1, month, day)
        return next_year if next_year is not None and (next_year - today).days <= _NEXT_YEAR_DAYS else this_year
    return this_year


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday_days(live: str, today: date) -> Iterator[Day]:
    """Give the weekdays, with what says which one; the weekday of today alone is unclear."""
    patterns = _patterns()
    for match in patterns["weekday"].finditer(live):
        groups = match.groupdict()
        number = _weekdays()[" ".join(match["name"].split())]
        yield _weekday(match.span(), number, groups, today)
    for match in patterns["chinese_weekday"].finditer(live):
        number = next(
            index for index, names in enumerate(table("days")["weekdays"]["chinese"]) if match["name"] in names
        )
        yield _weekday(match.span(), number, match.groupdict(), today)


def _weekday(span: tuple[int, int], number: int, groups: dict[str, str | None], today: date) -> Day:
    def marked(kind: str) -> bool:
        return bool(groups.get(kind) or groups.get(f"{kind}_after"))

    ahead = (number - today.weekday()) % 7
    sure = 0.93
    day: date | None
    if marked("last") or groups.get("more"):
        day = None  # 周五六 are two days
    elif marked("next"):
        # The one of the week that begins next Monday, which is what "Rabu depan" and 下星期三 mean.
        day, sure = today + timedelta(days=7 - today.weekday() + number), 0.85
    elif marked("this"):
        day = today + timedelta(days=ahead)
    elif ahead == 0:
        day = None
    else:
        day = today + timedelta(days=ahead)
    again = today.toordinal() + 7 if ahead == 0 and day is None and not (marked("last") or groups.get("more")) else None
    return Day(start=span[0], end=span[1], date=day, fixed=True, again_ordinal=again, confidence=sure)


def _said(live: str, today: date) -> Iterator[Day]:
    """Give the days told from today: today, esok, 后天, this evening, now."""
    patterns = _patterns()
    taken = Pieces(len(live))

    def fresh(match: re.Match[str]) -> bool:
        return taken.cover(*match.span())

    for match in patterns["relative"].finditer(live):
        if fresh(match):
            phrase = " ".join(match.group().split())
            offset = _offsets()[phrase]
            yield Day(
                start=match.start(),
                end=match.end(),
                date=None if offset < 0 else today + timedelta(days=offset),
                offset=offset,
                night=bool(patterns["night"].search(phrase)),
            )
    for match in patterns["this_part"].finditer(live):
        if fresh(match):
            night = bool(patterns["night"].search(match.group()))
            yield Day(start=match.start(), end=match.end(), date=today, offset=0, night=night)
    for match in patterns["later"].finditer(live):
        if fresh(match):
            night = bool(patterns["night"].search(match.group()))
            yield Day(start=match.start(), end=match.end(), date=today, offset=0, night=night, later=True)
    for match in patterns["vague"].finditer(live):
        if fresh(match):
            yield Day(start=match.start(), end=match.end(), date=None)
    for match in patterns["now"].finditer(live):
        if fresh(match):
            yield Day(start=match.start(), end=match.end(), date=today, offset=0, now=True, confidence=0.8)


def _together(found: list[Day], plain: str) -> list[Day]:
    """Join neighbours that name one day, and make one unclear day of two with "or" between."""
    joined: list[Day] = []
    for day in found:
        before = joined[-1] if joined else None
        if before is not None:
            between = plain[before.end : day.start]
            # "ke" is a way to, not a choice, after a word that moves something.
            if _patterns()["or"].fullmatch(between) and before.date != day.date:
                joined[-1] = Day(start=before.start, end=day.end, date=None, fixed=False)
                continue
            if (
                before.date is not None
                and before.date == day.date
                and len(between) <= 24
                and not (day.now or _CLOCKED.search(between))
            ):
                joined[-1] = _merged(before, day)
                continue
            if re.fullmatch(r"[\s,(]{0,3}", between) and before.fixed and day.fixed:
                same = _by_weekday(before, day, plain)
                joined[-1] = Day(start=before.start, end=day.end, date=same, fixed=True, confidence=0.95)
                continue
        joined.append(day)
    return joined


def _by_weekday(first: Day, second: Day, plain: str) -> date | None:
    """Give the date of a weekday beside a written date: the written one where they agree, None where not."""
    words = [plain[one.start : one.end] for one in (first, second)]
    written = [one for one, text in zip((first, second), words, strict=True) if re.search(r"\d", text)]
    if len(written) != 1 or written[0].date is None:
        return None
    name = words[0] if written[0] is second else words[1]
    match = _patterns()["weekday"].search(name)
    if match is not None:
        return written[0].date if written[0].date.weekday() == _weekdays()[" ".join(match["name"].split())] else None
    return written[0].date


def _merged(first: Day, second: Day) -> Day:
    return Day(
        start=first.start,
        end=second.end,
        date=first.date,
        offset=first.offset if first.offset is not None else second.offset,
        night=first.night or second.night,
        fixed=False,
        confidence=max(first.confidence, second.confidence),
    )
