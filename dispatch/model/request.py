"""What a therapist asks of the desk on her phone (a day off, somebody else for a visit), and her calendar's link."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RequestKind(StrEnum):
    """What she asks for."""

    DAY_OFF = "day_off"
    SWAP = "swap"


class RequestState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRequest:
    """Something a therapist asks for on a day; of a swap `visit_id` is the visit and `other_id` who shall take it."""

    id: str
    branch_id: str
    therapist_id: str
    kind: RequestKind
    day: date
    asked_at: datetime
    visit_id: str = ""
    other_id: str = ""
    note: str = ""
    state: RequestState = RequestState.OPEN
    answered_by: str = ""
    answered_at: datetime | None = None
    answer: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLink:
    """The link from which a therapist's calendar reads her days; only the hash of its token is kept."""

    id: str
    branch_id: str
    therapist_id: str
    token_hash: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    version: int = 1
