"""What therapists have told of their visits beside the facts: seen, running late, a problem."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatch.model.facts import Event, standing
from dispatch.model.kinds import EventKind, Trouble

LATE_MINUTES = (10, 20, 30)
"""What can be told with one tap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTold:
    """What one therapist has told of one visit, times in seconds of the service day; what was not told is None.

    `late_s` is how late she says she will be; what she told last stands, of being late and of a problem each.
    """

    visit_id: str
    therapist_id: str
    acknowledged_s: int | None = None
    late_s: int | None = None
    late_told_s: int | None = None
    trouble: Trouble | None = None
    trouble_s: int | None = None


def fold_told(events: Iterable[Event]) -> tuple[VisitTold, ...]:
    """Fold events into what was told, by visit and therapist: the same for any order of arrival and any repeats."""
    told: dict[tuple[str, str], VisitTold] = {}
    for event in standing(events):
        key = (event.visit_id, event.therapist_id)
        known = told.get(key) or VisitTold(visit_id=event.visit_id, therapist_id=event.therapist_id)
        if event.kind is EventKind.ACKNOWLEDGED and known.acknowledged_s is None:
            told[key] = replace(known, acknowledged_s=event.at_s)
        elif event.kind is EventKind.RUNNING_LATE:
            told[key] = replace(known, late_s=int(event.payload) * 60, late_told_s=event.at_s)
        elif event.kind is EventKind.PROBLEM:
            told[key] = replace(known, trouble=Trouble(event.payload), trouble_s=event.at_s)
    return tuple(told[key] for key in sorted(told))
