"""Work that takes long or leaves the house: a row with a due time, written in the same transaction as its cause."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dispatch.model.options import PlanOptions
from dispatch.model.outcome import Progress
from dispatch.model.said import Said


class JobKind(StrEnum):
    """What a job does."""

    PLAN = "plan"
    HOLDS = "holds"
    """Ends the held starts of a day that nobody confirmed in time."""


class JobState(StrEnum):
    """Where a job stands; only `QUEUED` and `RUNNING` ones can still change anything."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work; `token` fences off a worker that lost its lease, `attempt` counts the claims so far."""

    id: str
    branch_id: str
    kind: JobKind
    day: date
    asked_by: str
    asked_at: datetime
    due_at: datetime
    seconds: float
    seed: int = 0
    state: JobState = JobState.QUEUED
    attempt: int = 0
    token: str = ""
    lease_until: datetime | None = None
    stop_asked: bool = False
    progress: Progress | None = None
    result_id: str = ""
    failure: Said | None = None
    finished_at: datetime | None = None
    options: PlanOptions = field(default_factory=PlanOptions)
