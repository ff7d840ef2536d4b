"""A therapist's OK to what changed: it waits on her phone like a tap, and is kept once however often it arrives."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.publication import Publication, Seen

if TYPE_CHECKING:
    from dispatch.store import Writing

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOk:
    """She tapped OK to a version: `id` is made on the phone, `device_at` is what its clock showed."""

    id: str
    publication_id: str
    device_at: datetime


def acknowledge(tx: "Writing", actor: Actor, ok: PlanOk, *, off: timedelta, now: datetime) -> bool:
    """Keep an OK; False where it is kept already. An OK to an older version says that that one was read, no more.

    `off` is how far the phone's clock is behind ours. `BadInput` where the branch has no such version.
    """
    found = tx.find(Publication, ok.publication_id) if _ID.fullmatch(ok.publication_id) else None
    if found is None or found.branch_id != actor.branch_id:
        raise BadInput("publish.no_version")
    # Nobody can have read a version before it was out, nor after her OK arrived.
    at = max(found.at, min(ok.device_at + off, now))
    return tx.note_acknowledged(
        Seen(publication_id=found.id, therapist_id=actor.therapist_id, at=now, acknowledged_at=at)
    )
