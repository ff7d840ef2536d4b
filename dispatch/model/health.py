"""What is kept of clients' health: sealed as it is stored, and as those who may read it see it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRecord:
    """What is kept of one client's health, its id the client's; `sealed` is a `Health` that only `work` can open."""

    id: str
    branch_id: str
    sealed: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a client suffers from, what must be asked about before a treatment, and what else a therapist must know."""

    complaints: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressNote:
    """How a client felt at a visit, its id the booking's; `sealed` is a `Feeling` that only `work` can open."""

    id: str
    branch_id: str
    client_id: str
    day: date
    sealed: str
    noted_by: str
    noted_at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """Pain at a visit from 0 (none) to 10 (the worst there is), and a few words."""

    pain: int
    note: str = ""
