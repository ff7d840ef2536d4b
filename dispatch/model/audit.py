"""Who did what: one row for every transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing done, by whom, to what; ids only, never names or notes."""

    id: str
    at: datetime
    actor: str
    code: str
    subject_ids: tuple[str, ...] = ()
    branch_id: str = ""
