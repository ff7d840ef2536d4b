"""Sorts the days and times of a chat into bookings: which belong together, which correct or contradict each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from dispatch.intake.chat.days import Day
from dispatch.intake.chat.intents import corrects
from dispatch.intake.chat.nouns import DraftField, Intent
from dispatch.intake.chat.sheet import Found
from dispatch.intake.chat.times import Time
from dispatch.intake.chat.words import either, table

_EARLY_MIN = 6 * 60


@dataclass(slots=True)
class Group:
    """The day and the time of one booking, and the piece of the chat that speaks of it."""

    day: Day | None = None
    own_day: bool = False
    time: Time | None = None
    first: int = 0
    last: int = 0
    items: list[Found] = field(default_factory=list)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    around = table("times")["around"]
    return {
        "and": re.compile(
            rf"[\s,.;]{{0,4}}(?:{either([*around['and'], 'also', 'and then', 'plus', 'lagi', '另外', '还有', '再'])}|\+)[\s,]{{0,3}}(?:{either(['also', 'on', 'at', 'another', 'one', 'pukul', 'then'])}[\s]{{0,2}}){{0,3}}(?:(?:for\s)?(?:me|my)?\s?[a-z]{{0,8}}\s(?:at|@)\s{{0,2}})?"
        ),
        "cut": re.compile(rf"\n|{either(['and', 'dan', 'also', 'then', '和', '另外', '还有'])}|[;,.&()]\s?"),
        "more": re.compile(
            rf"{either(['another', 'one more', 'second one', 'second booking', 'lagi satu', 'satu lagi', 'another one', 'the other', '另外', '还有一个'])}|(?:^|\n)\s{{0,3}}(?:\d[).]|[-•*]|booking \d|#\d)\s"
        ),
    }


def grouped(
    days: Sequence[Day], times: Sequence[Time], items: Sequence[Found], plain: str, intent: Intent
) -> list[Group]:
    """Give the bookings in order, each with its day, its time and the other things said of it."""
    groups = [Group()]
    events: list[Day | Time] = sorted([*days, *times], key=lambda event: (event.start, isinstance(event, Time)))
    for number, event in enumerate(events):
        group = groups[-1]
        follows = events[number + 1] if number + 1 < len(events) else None
        between = plain[group.last : event.start]
        if isinstance(event, Day):
            fresh = _take_day(group, event, between, intent, timed=isinstance(follows, Time))
        else:
            cut = _cut(plain, group.last, event.start)
            fresh = _take_time(group, event, between, intent, own_places=_own_places(group, cut, items))
        if fresh is not None:
            fresh.first = _cut(plain, group.last, event.start)
            groups.append(fresh)
            group = fresh
        if isinstance(event, Time) or group.time is None:
            group.last = max(group.last, event.end)
    own = [group.day for group in groups if group.own_day]
    for group in groups:
        if group.day is None and len(own) == 1:
            group.day = own[0]  # "wife at 3pm and me at 4pm tomorrow"
    for item in items:
        holder = next((group for group in reversed(groups) if item.start >= group.first), groups[0])
        holder.items.append(item)
    return groups


def _take_day(group: Group, day: Day, between: str, intent: Intent, *, timed: bool) -> Group | None:
    """Put a day into the booking, or give the next booking that begins with it."""
    if group.day is None or not group.own_day:
        group.day, group.own_day = day, True
    elif group.day.date is None or day.date is None:
        # What is vague or past gives way to what is clear.
        group.day = day if group.day.date is None else group.day
    elif (
        group.day.date == day.date and timed and group.time is not None and group.time.clear and _again(between, intent)
    ):
        return Group(day=day, own_day=True)  # "fri 3pm for her, fri 4.15pm for me"
    elif group.day.date == day.date:
        group.day = replace(group.day, night=group.day.night or day.night)
        if timed and corrects(between):
            group.time = None  # "fri 3pm, sorry, fri 4pm"
    elif intent is Intent.CHANGE or corrects(between):
        group.day = day
        if intent is not Intent.CHANGE and timed:
            group.time = None
    elif intent is Intent.CANCEL:
        pass
    elif (group.time is not None and (timed or _patterns()["and"].fullmatch(between))) or _patterns()["more"].search(
        between
    ):
        return Group(day=day, own_day=True)
    else:
        group.day = replace(day, date=None)
    return None


def _again(between: str, intent: Intent) -> bool:
    """Say whether a day said again begins a booking of its own: after a comma, and taking nothing back."""
    return intent is Intent.BOOK and re.search(r"[,;\n]|\sand\s|\sdan\s", between) is not None and not corrects(between)


def _take_time(group: Group, time: Time, between: str, intent: Intent, *, own_places: bool) -> Group | None:
    """Put a time into the booking, or give the next booking that begins with it."""
    held = group.time
    if held is None or not held.clear or held.leaving:
        group.time = time
        return None
    if not time.clear or time.leaving or (held.at, held.window) == (time.at, time.window) or intent is Intent.CANCEL:
        return None
    if intent is Intent.CHANGE:
        group.time = time
    elif held.part and held.night and time.at is not None and time.at < _EARLY_MIN:
        group.time = replace(time, night=True)  # 1 pagi of malam ni
    elif held.window is not None and time.at is not None and held.window[0] <= time.at <= held.window[1]:
        group.time = time if held.part else replace(time, confidence=0.7)
    elif time.part and held.at is not None and corrects(between) is False and "\n" not in between:
        return None
    elif corrects(between):
        group.time = time
    elif _patterns()["and"].fullmatch(between) or _patterns()["more"].search(between) or own_places:
        return Group(day=group.day, time=time)
    else:
        group.time = replace(time, at=None, window=None)
    return None


def _own_places(group: Group, cut: int, items: Sequence[Found]) -> bool:
    """Say whether this booking and what begins at the cut each have a place or a treatment of their own."""
    for kind in (DraftField.PLACE, DraftField.TREATMENTS):
        said = [(item.start, _key(item)) for item in items if item.field is kind and item.value is not None]
        before = {key for start, key in said if group.first <= start < cut}
        if before and any(start >= cut and key not in before for start, key in said):
            return True
    return False


def _key(item: Found) -> str:
    return str(item.value.name if item.field is DraftField.PLACE else item.value)


def _cut(plain: str, begin: int, end: int) -> int:
    """Give where the piece of the chat about the next booking begins: at its line, else behind the last "and" or comma."""
    line = plain.rfind("\n", begin, end)
    if line >= 0:
        return line + 1
    cuts = [begin + match.end() for match in _patterns()["cut"].finditer(plain[begin:end])]
    return cuts[-1] if cuts else end
