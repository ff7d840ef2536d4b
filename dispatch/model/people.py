"""Who is treated, and who books or opens the door."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.kinds import Gender


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That a client agreed to her health details being kept: when, to which text, and who recorded it."""

    given_at: datetime
    text_version: str
    recorded_by: str
    language: str = "en"
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person who is treated; `first_name` is what a therapist's phone shows."""

    id: str
    branch_id: str
    name: str
    first_name: str
    phone: str = ""
    language: str = "en"
    gender: Gender | None = None
    complaints: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    consent: Consent | None = None
    preferred_therapists: tuple[str, ...] = ()
    never_therapists: tuple[str, ...] = ()
    note: str = ""
    active: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person who books or opens the door for clients (concierge, spouse); the phone may be missing."""

    id: str
    branch_id: str
    name: str
    client_id: str = ""
    phone: str = ""
    relation: str = ""
    language: str = "en"
    version: int = 1
