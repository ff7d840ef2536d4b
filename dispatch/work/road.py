"""The day as it happens: what therapists report from the road, and the forecast that follows from it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispatch.model.account import Actor
from dispatch.model.day import seconds_of
from dispatch.model.facts import Event, standing
from dispatch.model.kinds import EventKind
from dispatch.model.places import Point
from dispatch.model.plan import booking_of
from dispatch.model.told import VisitTold, fold_told
from dispatch.work.days import DayBoard
from dispatch.work.history import visits_of
from dispatch.work.permissions import Permission, allow
from dispatch.work.road_messages import LATE_S, to_write
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.explain.forecast import VisitForecast
    from dispatch.work.messages import ReadyMessage

_STEP_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadDay:
    """What was reported of a day and what is expected of the rest of it.

    `visits` has the forecast by visit id, on the service day of this moment only. `events` has by visit id what was
    reported and not taken back; `astray` are reports of therapists whom the plan does not give the visit to (any more).
    `late` are the visits to come that start late against the plan or the promise, the latest first, `problems` what
    therapists said keeps them from going on. `messages` has by booking id what its client may be told now: how late it will
    be against what she was told, or that somebody is on the way. `offers` are the visits so late that the board offers to
    mend the day. `away_m` has by event id how far from the address a phone was, where it told.
    """

    now_s: int
    visits: dict[str, "VisitForecast"] = field(default_factory=dict)
    events: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    astray: tuple[Event, ...] = ()
    late: tuple["VisitForecast", ...] = ()
    problems: tuple[VisitTold, ...] = ()
    messages: "dict[str, ReadyMessage]" = field(default_factory=dict)
    offers: tuple["VisitForecast", ...] = ()
    away_m: dict[str, int] = field(default_factory=dict)


def road_day(services: Services, actor: Actor, board: DayBoard) -> RoadDay:
    """Give what was reported of a board's day, and for today the forecast of every visit of its plan."""
    allow(actor, Permission.READ_DAY)
    visits = [visit for booking in board.bookings.values() for visit in visits_of(booking)]
    with services.store.reading() as tx:
        events = standing(tx.events(actor.branch_id, visits))
    now_s = seconds_of(services.now(), board.day, board.branch.time_zone)
    serving = {visit: route.therapist_id for route in board.plan.routes for visit in route.visit_ids()}
    told = fold_told(events)
    expected: dict[str, VisitForecast] = {}
    if board.day == board.today and board.head is not None:
        expected = _forecast(board, now_s - now_s % _STEP_S, told)
    by_visit: dict[str, list[Event]] = {}
    for event in events:
        by_visit.setdefault(event.visit_id, []).append(event)
    concerned = [
        one for one in expected.values() if not one.begun and (one.late_s >= LATE_S or one.promise_late_s >= LATE_S)
    ]
    late = tuple(sorted(concerned, key=lambda one: (-max(one.late_s, one.promise_late_s), one.start_s, one.visit_id)))
    return RoadDay(
        now_s=now_s,
        visits=expected,
        events={visit: tuple(found) for visit, found in by_visit.items()},
        astray=tuple(
            event
            for event in events
            if event.kind is not EventKind.ACKNOWLEDGED and serving.get(event.visit_id) != event.therapist_id
        ),
        late=late,
        problems=tuple(
            one for one in told if one.trouble is not None and booking_of(one.visit_id)[0] in board.bookings
        ),
        messages=to_write(services, actor, board, expected.values()),
        offers=tuple(one for one in late if max(one.late_s, one.promise_late_s) >= services.late_offer_s),
        away_m={event.id: away for event in events if (away := _away_m(board, event)) is not None},
    )


def _away_m(board: DayBoard, event: Event) -> int | None:
    """Give how far from the visit's address a report was made, in tens of metres; None where the phone did not say."""
    booking = next((one for one in board.problem.bookings if one.id == booking_of(event.visit_id)[0]), None)
    if event.place is None or booking is None:
        return None
    from dispatch.travel.great_circle import great_circle_km

    door = board.problem.locations[booking.location]
    here = Point(lat=event.place.lat, lon=event.place.lon)
    return round(great_circle_km(here, Point(lat=door.lat, lon=door.lon)) * 100) * 10


_known: tuple[object, object, int, tuple[VisitTold, ...], "dict[str, VisitForecast]"] | None = None


def _forecast(board: DayBoard, now_s: int, told: tuple[VisitTold, ...]) -> "dict[str, VisitForecast]":
    """Give the forecast by visit id; the last one is used again while the very same day is looked at within a minute."""
    global _known  # noqa: PLW0603 - replaced as a whole, so that threads never see half of it
    known = _known
    if known and known[0] is board.problem and known[1] == board.plan and known[2:4] == (now_s, told):
        return known[4]
    from dispatch.explain.forecast import forecast

    found = {one.visit_id: one for one in forecast(board.problem, board.plan, now_s=now_s, told=told)}
    _known = (board.problem, board.plan, now_s, told, found)
    return found
