"""A phone's wish to be woken when a new version is out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """Where a browser's push service takes a wake-up call for one therapist's phone; `id` is made from the endpoint."""

    id: str
    branch_id: str
    therapist_id: str
    endpoint: str
    made_at: datetime
    version: int = 1


def phone_key(endpoint: str) -> str:
    """Give the id of a phone by its endpoint, so that one phone is never there twice."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:32]
