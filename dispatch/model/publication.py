"""What therapists were shown, version by version, and who looks at which day of the board right now."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PublicationKind(StrEnum):
    """How a version came about: a new plan, an earlier version again, or nothing shown any more."""

    PUBLISHED = "published"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One version of a day as therapists were shown it; `revision_id` is empty where publishing was withdrawn.

    Versions are numbered from 1 within their day, never changed and never deleted. `reason` says why an earlier version
    was shown again, or none.
    """

    id: str
    branch_id: str
    day: date
    number: int
    kind: PublicationKind
    revision_id: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A therapist's device has shown her a version, for the first time at `at`; at `acknowledged_at` she tapped OK to it."""

    publication_id: str
    therapist_id: str
    at: datetime
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody has a day's board open: which card (a visit or a booking, empty for none), and when that was last heard."""

    account_id: str
    branch_id: str
    day: date
    card: str
    seen_at: datetime
