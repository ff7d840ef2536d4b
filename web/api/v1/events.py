"""Events: what phones and people reported, in the order in which it was kept."""

from datetime import date

from dispatch.model.api import Scope
from dispatch.model.branch import Branch
from dispatch.model.facts import Event
from dispatch.model.plan import booking_of
from dispatch.work.feeds import events_after
from web.api.v1.describe import CURSOR, LIMIT, Call, Operation, Reply
from web.api.v1.shapes import EventPage, EventShown
from web.api.v1.times import to_moment
from web.problems import Malformed

MOST_NUMBER = 2**31 - 1


def list_events(call: Call) -> Reply:
    """Give the events kept after a cursor."""
    after = _number(call.query["cursor"])
    feed = events_after(call.services, call.actor, after=after, limit=call.query["limit"])
    items = tuple(_shown(event, day, feed.branch) for _, event, day in feed.events)
    last = feed.events[-1][0] if feed.events else after
    return Reply(value=EventPage(items=items, next=f"e{last}", more=feed.more), zone=feed.branch.time_zone)


def _shown(event: Event, day: date, branch: Branch) -> EventShown:
    return EventShown(
        id=event.id,
        kind=event.kind,
        day=day,
        visit_id=event.visit_id,
        booking_id=booking_of(event.visit_id)[0],
        therapist_id=event.therapist_id,
        at=to_moment(event.at_s, day, branch.time_zone),
        server_at=event.server_at,
        actor=event.actor,
        payload=event.payload,
        retracts=event.retracts,
    )


def _number(cursor: str | None) -> int:
    """Give the number that a cursor stands for."""
    if not cursor:
        return 0
    digits = cursor.removeprefix("e")
    if cursor == digits or not (digits.isascii() and digits.isdigit()) or int(digits) > MOST_NUMBER:
        raise Malformed("api.bad_cursor", field="cursor")
    return int(digits)


OPERATIONS = (
    Operation(
        name="listEvents",
        method="GET",
        path="/events",
        scope=Scope.EVENTS_READ,
        group="Events",
        summary="Follow what happens",
        about="Every report of a visit, the earliest kept first. Keep `next` and ask again with it: nothing is ever missed, "
        "given twice, or put in before what was given. An event that takes another back names it in `retracts`.",
        gives=EventPage,
        view=list_events,
        query=(LIMIT, CURSOR),
    ),
)
