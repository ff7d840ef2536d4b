"""Care plans for chronic pain: a client is treated every so many days, so many times."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dispatch.model.booking import TimeWindow
from dispatch.model.said import Said


class CareStatus(StrEnum):
    """What a care plan is: going on, resting, or over."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class CourseState(StrEnum):
    """What became of a visit of a care plan, or is to become of it."""

    KEPT = "kept"
    COMING = "coming"
    PROPOSED = "proposed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlan:
    """A client's course of treatments: one every `every_days` days, `visits` of them, from `first_day` on.

    `window` is the part of the day she prefers; `therapist_id` who should come each time, where it can be (empty: anybody).
    """

    id: str
    branch_id: str
    client_id: str
    address_id: str
    treatment_id: str
    minutes: int
    every_days: int
    visits: int
    first_day: date
    window: TimeWindow
    therapist_id: str = ""
    status: CareStatus = CareStatus.ACTIVE
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CareVisit:
    """A booking that a care plan proposed, its id the booking's.

    `due_day` is when it was due, `start_s` and `therapist_id` the time and the therapist that fitted when it was
    proposed; `told` says what of the plan could not be kept.
    """

    id: str
    branch_id: str
    care_plan_id: str
    due_day: date
    start_s: int
    therapist_id: str
    told: tuple[Said, ...] = ()
    version: int = 1
