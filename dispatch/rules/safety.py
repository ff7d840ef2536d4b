"""When a visit's silence is an alarm: folded from what was reported, the same for any order and repetition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model.facts import Event, standing
from dispatch.model.kinds import EventKind
from dispatch.model.safety import PinAnswer, SafetyRules, Signal, SignalKind, Watch

_BEGUN = frozenset({EventKind.STARTED, EventKind.FINISHED, EventKind.NO_SHOW})
_OVER = frozenset({EventKind.FINISHED, EventKind.NO_SHOW})
_HERS = frozenset({PinAnswer.RIGHT, PinAnswer.DURESS})
"""PINs that are hers; the one under duress counts too, so that no reminder gives her away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSafety:
    """When a visit's start and finish are missed if nothing more is heard; None where that one is no longer waited for.

    `begun_by` and `over_by` are the reports that show it, `well_by` what last said that she is well, with its moment.
    """

    start_due_at: datetime | None
    finish_due_at: datetime | None
    begun_by: Event | None = None
    over_by: Event | None = None
    well_at: datetime | None = None


def visit_safety(
    watch: Watch, rules: SafetyRules, events: Iterable[Event], signals: Iterable[Signal], *, asks_pin: bool
) -> VisitSafety:
    """Fold what was reported of a visit by whoever makes it into when its silence is an alarm.

    A start shows in a start, a finish or that nobody was there. A finish counts with her PIN where she has one
    (`asks_pin`). That she runs late, or is well, puts both off by what she told, from when her phone says she told it, but
    never from later than it reached us.
    """
    told = standing(one for one in events if (one.visit_id, one.therapist_id) == (watch.id, watch.therapist_id))
    begun = next((one for one in told if one.kind in _BEGUN), None)
    over = next((one for one in told if one.kind in _OVER), None)
    mine = [one for one in signals if (one.visit_id, one.therapist_id) == (watch.id, watch.therapist_id)]
    believed = [one for one in mine if not asks_pin or one.pin in _HERS]
    # A PIN waits for its finish and a finish for its PIN, whichever comes first.
    is_proven = not asks_pin or any(one.kind is SignalKind.CHECKED for one in believed)
    well = [min(one.device_at, one.server_at) for one in believed if one.kind is SignalKind.ALL_WELL]
    late = [
        min(one.device_at, one.server_at) + timedelta(minutes=int(one.payload or 0))
        for one in told
        if one.kind is EventKind.RUNNING_LATE
    ]
    start_at = max([watch.expected_start_at, *well, *late])
    end_at = max([watch.expected_end_at, *well, *late])
    is_over = over is not None and (over.kind is EventKind.NO_SHOW or is_proven)
    return VisitSafety(
        start_due_at=None if begun else start_at + timedelta(seconds=rules.start_grace_s),
        finish_due_at=None if is_over else end_at + timedelta(seconds=rules.finish_grace_s),
        begun_by=begun,
        over_by=over if is_over else None,
        well_at=max(well, default=None),
    )


def safety_errors(rules: SafetyRules) -> list[str]:
    """Give the fields of a branch's safety settings that cannot be; none where all can."""
    wrong = []
    if not 60 <= rules.start_grace_s <= 4 * 3600:
        wrong.append("start_grace_s")
    if not 60 <= rules.finish_grace_s <= 4 * 3600:
        wrong.append("finish_grace_s")
    after = [step.after_s for step in rules.steps]
    if not after or after != sorted(after) or not all(0 <= one <= 4 * 3600 for one in after):
        wrong.append("steps")
    if not 60 <= rules.again_s <= 4 * 3600 or not 0 <= rules.again_times <= 50:
        wrong.append("again_s")
    if len(rules.responders) != 7:
        wrong.append("responders")
    return wrong
