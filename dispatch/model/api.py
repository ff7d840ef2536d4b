"""What other programs come with: tokens that say what they may do, and the answers kept for requests sent twice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """A thing a token lets a program do; each stands for permissions that a person needs for the same."""

    BOOKINGS_READ = "bookings:read"
    BOOKINGS_WRITE = "bookings:write"
    SLOTS_READ = "slots:read"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    EVENTS_READ = "events:read"
    SOLVE = "solve"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's key to the API: only the hash of it is kept, with its last letters so that people can tell them apart."""

    id: str
    branch_id: str
    name: str
    scopes: tuple[Scope, ...]
    token_hash: str
    ends_with: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The answer to a request that came with an idempotency key; `status` is nought while it is being answered.

    `request_hash` tells the same request from another with the same key; `headers` are those to be sent again.
    """

    token_id: str
    key: str
    request_hash: str
    asked_at: datetime
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
