"""Puts a day and a time together: the service day, the start or the window, and whether that is still to come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatch.intake.chat.clock import DAY_MIN, minutes_of
from dispatch.intake.chat.days import Day
from dispatch.intake.chat.nouns import Heard, Span
from dispatch.intake.chat.times import Time
from dispatch.intake.chat.words import table

_EARLY_MIN = 6 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The day and the time of one booking as far as they are clear."""

    date: Heard[str] | None
    start: Heard[str] | None
    window: Heard[tuple[str, str]] | None


def when_of(day: Day | None, time: Time | None, *, local: datetime) -> When:
    """Give date, start and window; what is past, or may be one of two days, is left out.

    A time before 06:00 belongs to the service day of the evening before: "tonight 2am" to today's, "tomorrow 1am", which a
    clock shows tonight, to today's as well.
    """
    today = local.date()
    awake_late = local.hour * 60 < _EARLY_MIN
    service_today = today - timedelta(days=1) if awake_late else today
    now_min = local.hour * 60 + local.minute + (DAY_MIN if awake_late else 0)
    if time is not None and not time.clear:
        time = None
    if day is not None and day.now and time is None:
        return _now(day, service_today, now_min)
    if day is not None and day.again_ordinal and time is not None and time.at and _on_day(time.at) <= now_min:
        day = replace(
            day, date=date.fromordinal(day.again_ordinal), confidence=0.85
        )  # "Mon 9am", said on a Monday afternoon
    first = _first(time)
    early = first is not None and (first < _EARLY_MIN or first >= DAY_MIN)
    service = _service(day, time, early=early, awake_late=awake_late)
    if service is not None and service < service_today:
        service = None
    start: Heard[str] | None = None
    window: Heard[tuple[str, str]] | None = None
    if time is not None:
        spans = (Span(start=time.start, end=time.end),)
        ahead = service != service_today
        if time.at is not None:
            if ahead or _on_day(time.at) > now_min:
                start = Heard(value=_clock(time.at), confidence=time.confidence, spans=spans)
        elif time.window is not None and (ahead or _end_on_day(time.window) > now_min):
            window = Heard(
                value=(_clock(time.window[0]), _clock(time.window[1])), confidence=time.confidence, spans=spans
            )
    dated = None
    if day is not None and service is not None:
        span = (Span(start=day.start, end=day.end),)
        dated = Heard(value=service.isoformat(), confidence=day.confidence, spans=span)
    return When(date=dated, start=start, window=window)


def _first(time: Time | None) -> int | None:
    if time is None:
        return None
    return time.at if time.at is not None else time.window[0] if time.window else None


def _service(day: Day | None, time: Time | None, *, early: bool, awake_late: bool) -> date | None:
    """Give the service day that a calendar day with a time belongs to; None where two may be meant."""
    if day is None or day.date is None:
        return None
    night = day.night or (time is not None and time.night)
    past_midnight = early and time is not None and (_first(time) or 0) < _EARLY_MIN
    if day.offset is not None and awake_late:
        # Who writes at 00:30 may mean by "tomorrow" the day that has begun.
        if day.offset > 0:
            return None
        return day.date - timedelta(days=1) if early or night else day.date
    if past_midnight and not night and day.offset != 0:
        return day.date - timedelta(days=1)
    return day.date


def _now(day: Day, service_today: date, now_min: int) -> When:
    """Give "now" as the window from this minute to the end of the evening, or of the night when it is past that."""
    spans = (Span(start=day.start, end=day.end),)
    last = minutes_of(table("times")["open_to"])
    last = last if now_min < last else DAY_MIN + _EARLY_MIN - 1
    return When(
        date=Heard(value=service_today.isoformat(), confidence=day.confidence, spans=spans),
        start=None,
        window=Heard(value=(_clock(now_min), _clock(last)), confidence=0.7, spans=spans),
    )


def _on_day(minutes: int) -> int:
    return minutes + DAY_MIN if minutes < _EARLY_MIN else minutes


def _end_on_day(window: tuple[int, int]) -> int:
    return _on_day(window[1])


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def said_days(days: Sequence[Day]) -> list[Day]:
    """Give the days, "now" left out where another day is named."""
    named = [day for day in days if not day.now]
    return named or list(days)
