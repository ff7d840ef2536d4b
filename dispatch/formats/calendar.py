"""Writes a therapist's day as an iCalendar file that phones and desktop calendars take in."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry of a calendar; times are aware moments, `uid` stays the same for the same visit for ever."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    sequence: int | None = None


def calendar_bytes(
    name: str, entries: tuple[CalendarEntry, ...], *, sequence: int, made_at: datetime, refresh_s: int = 0
) -> bytes:
    """Write entries as one iCalendar file; `sequence` grows with every revision, so that calendars take the newer one.

    An entry's own `sequence` wins; with `refresh_s` a calendar that subscribed is told how often to ask again.

    A calendar is synchronised to places nobody controls, so the entries must name no client and no treatment.
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Laluan//Day plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    if refresh_s:
        calendar.add("refresh-interval", timedelta(seconds=refresh_s), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", timedelta(seconds=refresh_s))
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", made_at)
        event.add("sequence", sequence if entry.sequence is None else entry.sequence)
        event.add("dtstart", entry.start)
        event.add("dtend", entry.end)
        event.add("summary", entry.summary)
        if entry.location:
            event.add("location", entry.location)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
