"""Who is treated, and who books or opens the door."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.kinds import Gender


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That a client agreed to her health details being kept: when, to which text, and who recorded it; and its end."""

    given_at: datetime
    text_version: str
    recorded_by: str
    language: str = "en"
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person who is treated; `first_name` is what a therapist's phone shows.

    `past_consents` are those that others replaced, oldest first. `not_same_as` are clients who looked like the same
    person and are not; `merged_into` is the client this one turned out to be.
    """

    id: str
    branch_id: str
    name: str
    first_name: str
    phone: str = ""
    language: str = "en"
    gender: Gender | None = None
    consent: Consent | None = None
    past_consents: tuple[Consent, ...] = ()
    preferred_therapists: tuple[str, ...] = ()
    never_therapists: tuple[str, ...] = ()
    note: str = ""
    active: bool = True
    not_same_as: tuple[str, ...] = ()
    merged_into: str = ""
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
