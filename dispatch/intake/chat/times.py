"""Reads starts and windows out of a chat: clock times, ranges, parts of the day, "after six"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dispatch.intake.chat.clock import DAY_MIN, Clock, Part, clocks_in, minutes_of, part_of, parts_in, patterns, within
from dispatch.intake.chat.days import Day
from dispatch.intake.chat.sheet import Sheet
from dispatch.intake.chat.words import table

_NEAR = 40
"""A part of the day decides about a clock time no farther than so many letters behind it."""
_EARLY_MIN = 6 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time said: a start or a window, in minutes from midnight, or neither where it is unclear.

    Minutes from 1,440 on are the night after. `part` is true for a window that is only a part of the day, and `night` where
    the night was named, so that two o'clock belongs to it. `opens` and `closes` tell that only one end of the window was said.
    """

    start: int
    end: int
    at: int | None = None
    window: tuple[int, int] | None = None
    part: bool = False
    night: bool = False
    leaving: bool = False
    opens: bool = False
    closes: bool = False
    confidence: float = 0.95

    @property
    def clear(self) -> bool:
        """Whether it can be relied on."""
        return self.at is not None or self.window is not None


def read_times(sheet: Sheet, days: Sequence[Day], *, moving: bool) -> list[Time]:
    """Give the times said, in order; `moving` is true where a booking is moved from one time to another."""
    live = sheet.live
    parts = parts_in(live)
    clocks = [clock for clock in clocks_in(live) if not clock.bare or _is_clock(live, clock, days, parts)]
    clocks = _partners(live, clocks, clocks_in(live))
    resolved, used = _resolved(live, clocks, parts)
    times = _joined(live, resolved, moving=moving)
    spoken = {part.start for part in used}
    times += [_of_part(part) for part in parts if part.start not in spoken]
    times.sort(key=lambda one: one.start)
    return _without_echo(live, _narrowed(live, times))


def _is_clock(live: str, clock: Clock, days: Sequence[Day], parts: Sequence[Part]) -> bool:
    """Say whether a bare number is a time: a word before or after it says so, or a day stands right before it."""
    found = patterns()
    before, after = live[max(0, clock.start - 28) : clock.start], live[clock.end : clock.end + 24]
    if len(live) <= _NEAR and clock.valid and not re.search(r"[^\W\d_]", live[: clock.start] + live[clock.end :]):
        return True  # "3?" is the answer to a question about the time
    if found["shut"].search(before) or found["counted"].match(after) or re.match(r"\s?(?:%|x\s|\+\d)", after):
        return False
    if any(found[name].search(before) for name in ("marks", "after", "before", "between")):
        return True
    if found["then_after"].match(after) and not re.match(r"\s?(?:lebih|lbh)?\s?\+?\s?\d", after[1:2]):
        return True
    near = [*(day.end for day in days), *(part.end for part in parts)]
    spelled = live[clock.start : clock.start + 1].isalpha()  # "3 petang, satu untuk saya" is no one o'clock
    if any(_gap(live, end, clock.start) and not (spelled and "," in live[end : clock.start]) for end in near):
        return True
    if clock.end - clock.start >= 3 and any(_gap(live, clock.end, day.start) for day in days):
        return True  # "930 tmr"
    return any(_suffix(live, clock, part) for part in parts)


def _gap(live: str, end: int, start: int) -> bool:
    return end <= start <= end + 4 and re.fullmatch(r"[\s,@-]{0,4}", live[end:start]) is not None


def _suffix(live: str, clock: Clock, part: Part) -> bool:
    """Say whether a part of the day stands right behind a clock time: 3 petang, 9 at night."""
    if not clock.end <= part.start <= clock.end + 20:
        return False
    return patterns()["in_the"].fullmatch(live[clock.end : part.start]) is not None


def _partners(live: str, clocks: list[Clock], all_clocks: list[Clock]) -> list[Clock]:
    """Add the bare numbers that a range or a choice ties to a clock time: the four of "4-6pm"."""
    known = {(one.start, one.end) for one in clocks}
    kept = []
    for number, clock in enumerate(all_clocks):
        if (clock.start, clock.end) not in known:
            near = [
                (clock, other) if other.start > clock.start else (other, clock)
                for other in (all_clocks[number - 1 : number] + all_clocks[number + 1 : number + 2])
                if (other.start, other.end) in known
            ]
            if not any(_tie(live, first, second) for first, second in near):
                continue
        kept.append(clock)
    return kept


def _tie(live: str, first: Clock, second: Clock) -> str:
    """Give how two clock times hang together: "to", "or", "and" or not at all."""
    between = live[first.end : second.start]
    if len(between) > 24:
        return ""
    if first.part is not None and first.end <= first.part.start < second.start:
        between = live[first.part.end : second.start]
    for name in ("to", "or", "and"):
        if patterns()[name].fullmatch(between):
            return name
    return ""


def _resolved(live: str, clocks: list[Clock], parts: list[Part]) -> tuple[list[Clock], list[Part]]:
    """Give the clock times in their half of the day, and the parts of the day that were used for it."""
    behind: dict[int, Part] = {}
    begins, ends = [part.start for part in parts], [part.end for part in parts]
    taken: set[int] = set()
    for number, clock in enumerate(clocks):
        for place in range(bisect_left(begins, clock.end), bisect_right(begins, clock.end + 20)):
            if place not in taken and _suffix(live, clock, parts[place]):
                behind[number] = parts[place]
                taken.add(place)
                break
    used = list(behind.values())
    resolved: list[Clock] = []
    for number, clock in enumerate(clocks):
        if number in behind:
            resolved.append(within(clock, behind[number], inside=False))
            continue
        ahead = [
            parts[place]
            for place in range(bisect_left(ends, clock.start - _NEAR), bisect_right(ends, clock.start))
            if place not in taken and "\n" not in live[parts[place].end : clock.start]
        ]
        if ahead:
            resolved.append(within(clock, ahead[-1], inside=True))
            used.append(ahead[-1])
        else:
            resolved.append(clock)
    names = {part.name for part in parts}
    if len(names) == 1:
        # One part of the day in the whole chat speaks for a number on another line.
        resolved = [
            replace(within(clock, parts[0], inside=True), confidence=0.8)
            if clock.minutes is None and clock.valid and clock.part is None
            else clock
            for clock in resolved
        ]
        if any(clock.part == parts[0] for clock in resolved):
            used.append(parts[0])
    return resolved, used


def _joined(live: str, clocks: list[Clock], *, moving: bool) -> list[Time]:
    """Make windows of ranges and of "after" and "before", starts of the rest."""
    times: list[Time] = []
    number = 0
    while number < len(clocks):
        clock = clocks[number]
        other = clocks[number + 1] if number + 1 < len(clocks) else None
        tie = _tie(live, clock, other) if other is not None else ""
        between = patterns()["between"].search(live[max(0, clock.start - 28) : clock.start]) is not None
        if other is not None and (tie == "to" or (tie == "and" and (between or live.startswith("之间", other.end)))):
            times.extend(_range(live, clock, other, moving=moving))
            number += 2
        elif other is not None and tie == "or":
            last = max(other.end, other.part.end if other.part else 0)
            if moving and (clock.valid and _pair(clock, other)):
                times.append(_single(live, other))
            else:
                times.append(Time(start=clock.start, end=last))
            number += 2
        else:
            times.append(_single(live, clock))
            number += 1
    return times


def _pair(first: Clock, second: Clock) -> tuple[int, int] | None:
    """Give the two ends of a range, the half of the day of one told by the other; None where neither tells."""
    begin, end = first.minutes, second.minutes
    if (begin is None and end is None) or not (first.valid and second.valid):
        return None
    if begin is None:
        assert end is not None
        begin = max((m for m in _halves(first) if m < end), default=None)
    if begin is None:
        return None
    if end == 0 and second.part is not None and 0 < begin < DAY_MIN // 2:
        end = DAY_MIN // 2  # "10 to 12 in the morning"
    elif end is None or (end <= begin and second.part is None and second.bare):
        end = min((m for m in _halves(second) if m > begin), default=None)
    if end is None:
        return None
    return begin, end if end > begin else end + DAY_MIN


def _halves(clock: Clock) -> list[int]:
    return [hour * 60 + clock.minute for hour in range(clock.hour % 12, 30, 12)]


def _range(live: str, first: Clock, second: Clock, *, moving: bool) -> list[Time]:
    start, end = first.start, max(second.end, second.part.end if second.part else 0)
    ends = _pair(first, second)
    if ends is None:
        return [Time(start=start, end=end)]
    dash = re.search(r"[-–—~]", live[first.end : second.start])
    if moving and not dash:
        return [
            Time(start=start, end=first.end, at=ends[0], leaving=True),
            Time(start=second.start, end=end, at=ends[1] % DAY_MIN, confidence=0.9),
        ]
    if ends[1] - ends[0] > 16 * 60:
        return [Time(start=start, end=end)]
    return [Time(start=start, end=end, window=ends, confidence=0.93)]


def _single(live: str, clock: Clock) -> Time:
    """Give one clock time as a start, or as the window that the words around it make of it."""
    begin, end = clock.start, max(clock.end, clock.part.end if clock.part and not clock.inside else 0)
    if clock.inside and clock.part is not None and clock.part.start < begin and begin - clock.part.end <= 4:
        begin = clock.part.start
    minutes = clock.minutes
    night = clock.part is not None and clock.part.name == "night" and clock.inside
    leaving = patterns()["leaving"].search(live[max(0, clock.start - 28) : clock.start]) is not None
    if not clock.valid or minutes is None:
        return Time(start=begin, end=end)
    before, after = live[max(0, clock.start - 28) : clock.start], live[end : end + 16]
    found = patterns()
    bounds = part_of(clock.part.name)["window"] if clock.part is not None and clock.inside else None
    not_before = found["after"].search(before)  # "not before" ends in "before"
    if found["then_before"].match(after) or (found["before"].search(before) and not not_before):
        first = minutes_of(bounds[0] if bounds else table("times")["open_from"])
        if first >= minutes:
            first = minutes_of(table("times")["open_from"])
        if first < minutes:
            return Time(start=begin, end=end, window=(first, minutes), night=night, closes=True, confidence=0.85)
        return Time(start=begin, end=end)
    if match := found["then_after"].match(after):
        end += match.end()
    elif not not_before:
        return Time(start=begin, end=end, at=minutes, night=night, leaving=leaving, confidence=clock.confidence)
    window = minutes, _last(minutes, bounds)
    return Time(start=begin, end=end, window=window, night=night, opens=True, confidence=0.85)


def _last(minutes: int, bounds: list[str] | None) -> int:
    last = minutes_of(bounds[1]) if bounds else 0
    if last <= minutes:
        last = minutes_of(table("times")["open_to"])
    return last if last > minutes else minutes + 120


def _of_part(part: Part) -> Time:
    first, last = (minutes_of(text) for text in part_of(part.name)["window"])
    return Time(
        start=part.start,
        end=part.end,
        window=(first, last),
        part=True,
        night=part.name == "night",
        confidence=0.75 if part.name.startswith("after_") else 0.9,
    )


def _narrowed(live: str, times: list[Time]) -> list[Time]:
    """Leave out a part of the day beside one that lies within it: "malam lepas isyak" is after Isyak."""
    kept: list[Time] = []
    for time in times:
        before = kept[-1] if kept else None
        if before is not None and before.opens and time.closes and before.window and time.window:
            if before.window[0] < time.window[1]:
                kept[-1] = replace(before, end=time.end, window=(before.window[0], time.window[1]), opens=False)
                continue
        elif before is not None and before.part and time.part and before.window and time.window:
            between = live[before.end : time.start]
            if len(between) <= _NEAR and "\n" not in between:
                if before.window[0] <= time.window[0] and time.window[1] <= before.window[1]:
                    kept[-1] = replace(time, night=time.night or before.night)
                    continue
                if time.window[0] <= before.window[0] and before.window[1] <= time.window[1]:
                    kept[-1] = replace(before, night=time.night or before.night)
                    continue
        kept.append(time)
    return kept


def _without_echo(live: str, times: list[Time]) -> list[Time]:
    """Leave out a part of the day that only repeats a clock time, and make one unclear time of a choice of parts."""
    kept: list[Time] = []
    for time in times:
        before = kept[-1] if kept else None
        if (
            before is not None
            and time.part
            and before.part
            and before.window != time.window
            and patterns()["or"].fullmatch(live[before.end : time.start])
        ):
            kept[-1] = Time(start=before.start, end=time.end)
            continue
        kept.append(time)
    starts = [time.at for time in kept if time.at is not None]
    return [
        time
        for time in kept
        if not (time.part and time.window and any(time.window[0] <= at <= time.window[1] for at in starts))
    ]
