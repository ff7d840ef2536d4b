"""What has happened: events as they were told, and the facts folded from them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.model.day import HORIZON_S
from dispatch.model.kinds import EventKind, VisitState


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPlace:
    """Where a phone was at a tap, as far as it knew: the place, and within how many metres it is right."""

    lat: float
    lon: float
    accuracy_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a phone or a person reported about a visit; `id` comes from the device, so it may arrive twice.

    `place` is where that was, only where the therapist lets her phone tell it.
    """

    id: str
    branch_id: str
    visit_id: str
    therapist_id: str
    kind: EventKind
    at_s: int
    device_at: datetime
    server_at: datetime
    actor: str
    payload: str = ""
    retracts: str | None = None
    place: EventPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFact:
    """What is known to have happened to one visit, in seconds of the service day; unknown times are None."""

    visit_id: str
    therapist_id: str
    state: VisitState
    departed_s: int | None = None
    arrived_s: int | None = None
    started_s: int | None = None
    finished_s: int | None = None

    def times(self) -> tuple[int | None, int | None, int | None, int | None]:
        """Give departed, arrived, started and finished, in the order in which they must happen."""
        return self.departed_s, self.arrived_s, self.started_s, self.finished_s


_ORDER = (VisitState.DEPARTED, VisitState.ARRIVED, VisitState.STARTED, VisitState.FINISHED)
_STATE = {
    EventKind.DEPARTED: VisitState.DEPARTED,
    EventKind.ARRIVED: VisitState.ARRIVED,
    EventKind.STARTED: VisitState.STARTED,
    EventKind.FINISHED: VisitState.FINISHED,
    EventKind.NO_SHOW: VisitState.NO_SHOW,
}


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """Give the events that count, each once, in the order (device time, id): without those taken back and the taking back.

    An event is taken back by one about the same visit and therapist only, whichever of the two arrived first.
    """
    unique = {event.id: event for event in events}
    retracted = {
        (event.retracts, event.visit_id, event.therapist_id)
        for event in unique.values()
        if event.kind is EventKind.RETRACTED
    }
    return tuple(
        event
        for event in sorted(unique.values(), key=lambda e: (e.device_at, e.id))
        if event.kind is not EventKind.RETRACTED
        if (event.id, event.visit_id, event.therapist_id) not in retracted
    )


def fold(events: Iterable[Event]) -> tuple[VisitFact, ...]:
    """Fold events into facts, the same for any order of arrival and any number of repeats.

    Events are taken in the order (device time, id); a retracted event counts for nothing, states only go forward.
    Where the times told run backwards, that of the later step stands and those of the steps before it are unknown.
    Where two therapists reported the same visit, it is a fact of the one who came further in it, of the first where
    both came as far. What is told of another day than the visit's is no fact of it.
    """
    told: dict[tuple[str, str], VisitFact] = {}
    for event in standing(events):
        state = _STATE.get(event.kind)
        if state is None or not 0 <= event.at_s <= HORIZON_S:
            continue
        key = (event.visit_id, event.therapist_id)
        fact = told.get(key) or VisitFact(visit_id=event.visit_id, therapist_id=event.therapist_id, state=state)
        if fact.state in _ORDER and (state not in _ORDER or _ORDER.index(state) > _ORDER.index(fact.state)):
            fact = replace(fact, state=state)
        match state:
            case VisitState.DEPARTED:
                fact = replace(fact, departed_s=event.at_s)
            case VisitState.ARRIVED:
                fact = replace(fact, arrived_s=event.at_s)
            case VisitState.STARTED:
                fact = replace(fact, started_s=event.at_s)
            case VisitState.FINISHED | VisitState.NO_SHOW:
                fact = replace(fact, finished_s=event.at_s)
        told[key] = fact
    facts: dict[str, VisitFact] = {}
    for fact in told.values():
        other = facts.get(fact.visit_id)
        if other is None or _far(fact) > _far(other):
            facts[fact.visit_id] = fact
    return tuple(_forward(facts[key]) for key in sorted(facts))


def _far(fact: VisitFact) -> int:
    """Give how far a visit has come; one nobody opened the door for is as much over as a finished one."""
    return _ORDER.index(fact.state) if fact.state in _ORDER else _ORDER.index(VisitState.FINISHED)


def _forward(fact: VisitFact) -> VisitFact:
    """Give a fact without the times that lie after the time of a later step.

    People press the wrong button and correct a time by hand. The later step is what the day goes on from, and a time
    nobody is sure of is better worked out from the plan than believed.
    """
    limit_s = None
    known: list[int | None] = []
    for time_s in reversed(fact.times()):
        if time_s is not None and (limit_s is None or time_s <= limit_s):
            limit_s = time_s
            known.append(time_s)
        else:
            known.append(None)
    finished_s, started_s, arrived_s, departed_s = known
    return replace(fact, departed_s=departed_s, arrived_s=arrived_s, started_s=started_s, finished_s=finished_s)
