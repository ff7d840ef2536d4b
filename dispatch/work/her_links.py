"""A therapist's signed, revocable links: her phone's page and her calendar each have a kind of their own.

A token is shown once, signed, and kept only as a hash. Each kind signs with a key of its own, so that a token of one is none of
another's.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.errors import Forbidden
from dispatch.model.account import Actor, PhoneLink
from dispatch.model.kinds import Role
from dispatch.model.request import CalendarLink
from dispatch.model.therapist import Therapist
from dispatch.work.services import Services
from dispatch.work.signing import is_signed, signature

if TYPE_CHECKING:
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKind:
    """What its links are kept as and signed for, and the codes of what is said of one that is none of ours, or revoked."""

    noun: type[PhoneLink] | type[CalendarLink]
    purpose: bytes
    invalid: str
    revoked: str


PHONE = LinkKind(
    noun=PhoneLink, purpose=b"laluan phone link", invalid="phone.link_invalid", revoked="phone.link_revoked"
)
CALENDAR = LinkKind(
    noun=CalendarLink,
    purpose=b"laluan calendar link",
    invalid="hers.calendar_invalid",
    revoked="hers.calendar_revoked",
)


def new_link(
    tx: "Writing", services: Services, actor: Actor, kind: LinkKind, therapist_id: str
) -> tuple[PhoneLink | CalendarLink, str]:
    """Keep a new link of a therapist's and give it with its token, which is known this once."""
    link_id = services.new_id()
    unsigned = f"{link_id}.{secrets.token_urlsafe(16)}"
    token = f"{unsigned}.{signature(services, kind.purpose, unsigned)}"
    link = tx.insert(
        kind.noun(
            id=link_id,
            branch_id=actor.branch_id,
            therapist_id=therapist_id,
            token_hash=_hash(token),
            created_at=services.now(),
            created_by=actor.id,
        )
    )
    return link, token


def revoke_links(tx: "Writing", services: Services, actor: Actor, kind: LinkKind, therapist_id: str) -> tuple[str, ...]:
    """Let none of a therapist's links of a kind open anything from now on; give the ids of those that still did."""
    links = tx.list(kind.noun, actor.branch_id, therapist_id=therapist_id)
    open_still = [one for one in links if one.revoked_at is None]
    for link in open_still:
        tx.update(replace(link, revoked_at=services.now()))
    return tuple(one.id for one in open_still)


def reader_of(services: Services, kind: LinkKind, token: str) -> Actor:
    """Give the therapist a link's token stands for; `Forbidden` where it is none of ours, revoked, or she has left."""
    unsigned, _, given = token.rpartition(".")
    if not is_signed(services, kind.purpose, unsigned, given):
        raise Forbidden(kind.invalid)
    with services.store.reading() as tx:
        link = tx.find(kind.noun, unsigned.rpartition(".")[0])
        if link is None or not hmac.compare_digest(link.token_hash, _hash(token)):
            raise Forbidden(kind.invalid)
        therapist = tx.get(Therapist, link.therapist_id)
        if link.revoked_at is not None or not therapist.active:
            raise Forbidden(kind.revoked)
    return Actor(
        id=therapist.id,
        branch_id=therapist.branch_id,
        name=therapist.name,
        role=Role.THERAPIST,
        therapist_id=therapist.id,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
