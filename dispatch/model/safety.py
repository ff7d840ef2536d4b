"""Keeping therapists safe: what a company sets, what is watched, what phones signal, alarms and flagged places."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""A due time that has passed whenever it is looked at."""


class Whom(StrEnum):
    """Who is told of an alarm."""

    THERAPIST = "therapist"
    RESPONDER = "responder"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyStep:
    """One step of an alarm that nobody has answered: who is told, so long after it was raised."""

    whom: Whom
    after_s: int


STEPS = (
    SafetyStep(whom=Whom.THERAPIST, after_s=0),
    SafetyStep(whom=Whom.RESPONDER, after_s=5 * 60),
    SafetyStep(whom=Whom.OWNER, after_s=15 * 60),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyRules:
    """What a branch sets: how long a start or finish may be missing, who is told when, and who is on duty.

    `responders` are seven account ids, Monday first; an empty one means every dispatcher. After the last step it is told
    again every `again_s`, `again_times` times.
    """

    start_grace_s: int = 15 * 60
    finish_grace_s: int = 15 * 60
    steps: tuple[SafetyStep, ...] = STEPS
    again_s: int = 10 * 60
    again_times: int = 6
    responders: tuple[str, ...] = ("", "", "", "", "", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is expected of one visit of the published plan; `id` is the visit's.

    `start_at` and `end_at` are as planned, the expected moments as the day's facts have shifted them. `due_at` is when it
    is looked at next, None where nothing is left to wait for. What was past at `armed_at`, when this therapist's visit was
    first watched, is not missed.
    """

    id: str
    branch_id: str
    day: date
    therapist_id: str
    start_at: datetime
    end_at: datetime
    expected_start_at: datetime
    expected_end_at: datetime
    armed_at: datetime
    due_at: datetime | None


class SignalKind(StrEnum):
    """What a phone signals beside its taps: help, that all is well, and the PIN typed at a finish."""

    SOS = "sos"
    ALL_WELL = "all_well"
    CHECKED = "checked"


class PinAnswer(StrEnum):
    """What a PIN typed on a phone was; the phone itself is never told."""

    NONE = "none"
    RIGHT = "right"
    WRONG = "wrong"
    DURESS = "duress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal of a phone, kept once by the id made there; `handled` says that the watch has taken it in."""

    id: str
    branch_id: str
    day: date
    therapist_id: str
    kind: SignalKind
    device_at: datetime
    server_at: datetime
    visit_id: str = ""
    pin: PinAnswer = PinAnswer.NONE
    handled: bool = False


class AlarmKind(StrEnum):
    """Why there is an alarm."""

    NO_START = "no_start"
    NO_FINISH = "no_finish"
    SOS = "sos"
    DURESS = "duress"


class AlarmState(StrEnum):
    """Where an alarm stands: nobody has answered, somebody sees to it, a tap cleared it, a person closed it."""

    OPEN = "open"
    ANSWERED = "answered"
    CLEARED = "cleared"
    CLOSED = "closed"


class LineKind(StrEnum):
    """What happened to an alarm."""

    RAISED = "raised"
    TOLD = "told"
    ANSWERED = "answered"
    CLEARED = "cleared"
    GONE = "gone"
    CLOSED = "closed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """One line of an alarm's record: what happened, who did it or was told, and by which way.

    `told_at` is what the therapist's phone showed when she tapped, `at` when that reached us. `by_way` is a channel, `page`
    (her phone's page), `board` or `link` (the link of a message).
    """

    at: datetime
    what: LineKind
    who_id: str = ""
    who_name: str = ""
    whom: Whom | None = None
    by_way: str = ""
    message_id: str = ""
    told_at: datetime | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm and all that was done about it; `step` counts how often somebody was told, `due_at` is when the next is.

    `planned_at` is the start or end that was missed, or when an SOS was pressed.
    """

    id: str
    branch_id: str
    day: date
    kind: AlarmKind
    therapist_id: str
    visit_id: str
    planned_at: datetime
    raised_at: datetime
    state: AlarmState = AlarmState.OPEN
    step: int = 0
    due_at: datetime | None = None
    lines: tuple[AlarmLine, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """That somebody looked at a flagged place and took a booking there all the same."""

    booking_id: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFlag:
    """That a therapist told an address was unsafe; `id` is her report's, `lifted_by` who set the place free and why."""

    id: str
    branch_id: str
    building_id: str
    address_id: str
    visit_id: str
    therapist_id: str
    at: datetime
    confirmed: tuple[Confirmed, ...] = ()
    lifted_by: str = ""
    lifted_at: datetime | None = None
    word: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PinKeys:
    """What a therapist's two PINs are known by; `id` is hers. Neither can be read from it without the installation's secret."""

    id: str
    branch_id: str
    right: str
    duress: str
    made_at: datetime
    made_by: str
    version: int = 1
