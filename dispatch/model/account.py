"""Who may sign in, and the links therapists open on their phones."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.model.kinds import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who signs in with a password; `unique` is the session's secret, changed to end all sessions.

    `language` is the one she chose to read; empty, her browser's is taken.
    """

    id: str
    branch_id: str
    email: str
    name: str
    role: Role
    password_hash: str
    unique: str
    therapist_id: str = ""
    active: bool = True
    language: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneLink:
    """A therapist's link to her day: only the hash of its token is kept, and it can be revoked at once."""

    id: str
    branch_id: str
    therapist_id: str
    token_hash: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: every use case is told, and writes it into the audit.

    `only` narrows what the role may to the permissions it names, as a program's token does; None leaves the role as it is.
    """

    id: str
    branch_id: str
    name: str
    role: Role
    therapist_id: str = ""
    only: tuple[str, ...] | None = None
