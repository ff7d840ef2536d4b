"""Lists for programs, a page at a time: bookings by day, and events in the order in which they were kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.facts import Event
from dispatch.model.kinds import BookingStatus
from dispatch.work.doing import branch_of, by_id
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFeed:
    """A page of bookings; `more` says that there are others after the last of them."""

    branch: Branch
    bookings: tuple[Booking, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFeed:
    """A page of events, each with its number and its booking's service day; `more` says that later ones are kept."""

    branch: Branch
    events: tuple[tuple[int, Event, date], ...]
    more: bool


def bookings_after(
    services: Services,
    actor: Actor,
    *,
    after: tuple[date, str] | None = None,
    limit: int,
    from_day: date | None = None,
    to_day: date | None = None,
    statuses: Collection[BookingStatus] = (),
    client_id: str = "",
) -> BookingFeed:
    """Give the next bookings by service day and id, those after the one named by both."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        found = tx.bookings_page(
            actor.branch_id,
            after=after,
            limit=limit + 1,
            from_day=from_day,
            to_day=to_day,
            statuses=[status.value for status in statuses],
            client_id=client_id,
        )
        return BookingFeed(branch=branch_of(tx, actor), bookings=found[:limit], more=len(found) > limit)


def events_after(services: Services, actor: Actor, *, after: int = 0, limit: int) -> EventFeed:
    """Give the next events, those with a number after the one named; none is ever put in before one given already."""
    allow(actor, Permission.READ_DAY)
    with services.store.reading() as tx:
        found = tx.events_page(actor.branch_id, after=after, limit=limit + 1)
        ids = {event.visit_id.rpartition("/")[0] for _, event in found}
        bookings = by_id(tx.list(Booking, actor.branch_id, id=ids))
        events = tuple(
            (number, event, bookings[event.visit_id.rpartition("/")[0]].day) for number, event in found[:limit]
        )
        return EventFeed(branch=branch_of(tx, actor), events=events, more=len(found) > limit)
