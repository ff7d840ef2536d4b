"""Tokens of programs: made and revoked by the owner, shown once, and what each lets a program do."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError
from dispatch.model.account import Actor
from dispatch.model.api import ApiToken, Scope
from dispatch.model.kinds import Role
from dispatch.rules.noun_checks import text_errors
from dispatch.work.doing import fetch, record, refuse, tidy
from dispatch.work.permissions import Permission, allow
from dispatch.work.services import Services

PREFIX = "laluan_"
"""What every token begins with, so that a scanner for leaked secrets knows one."""

NAME_LENGTH = 80
NOTED_EVERY = timedelta(minutes=1)
"""The last use is kept to this; a busy program would otherwise write as often as it reads."""

SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.BOOKINGS_READ: frozenset({Permission.READ_DAY}),
    Scope.BOOKINGS_WRITE: frozenset({Permission.READ_DAY, Permission.BOOKINGS, Permission.CLIENTS}),
    Scope.SLOTS_READ: frozenset({Permission.READ_DAY, Permission.BOOKINGS}),
    Scope.PLANS_READ: frozenset({Permission.READ_DAY}),
    Scope.PLANS_WRITE: frozenset({Permission.READ_DAY, Permission.PLANNING, Permission.PUBLISHING}),
    Scope.EVENTS_READ: frozenset({Permission.READ_DAY}),
    Scope.SOLVE: frozenset({Permission.PLANNING}),
}
"""What a person needs to do what the scope's requests do; a request itself asks for its scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as the owner's list shows it; `used_at` is its last use to the minute, None where there was none."""

    token: ApiToken
    used_at: datetime | None


class BadToken(Forbidden):
    """A request came with no token, or with one that opens nothing."""


def tokens(services: Services, actor: Actor) -> tuple[TokenRow, ...]:
    """Give the branch's tokens, the newest first, revoked ones too."""
    allow(actor, Permission.ACCOUNTS)
    with services.store.reading() as tx:
        found = tx.list(ApiToken, actor.branch_id)
        used = tx.last_uses([token.id for token in found])
    newest = sorted(found, key=lambda token: (token.created_at, token.id), reverse=True)
    return tuple(TokenRow(token=token, used_at=used.get(token.id)) for token in newest)


def make_token(services: Services, actor: Actor, name: str, scopes: Collection[Scope]) -> tuple[ApiToken, str]:
    """Make a token and give it with its text, which is shown this once: only its hash is kept."""
    allow(actor, Permission.ACCOUNTS)
    name = tidy(name)
    errors: list[LaluanError] = [*text_errors("name", name, limit=NAME_LENGTH, needed=True)]
    if not scopes:
        errors.append(BadInput("api.no_scope", field="scopes"))
    refuse(errors)
    unsigned = f"{PREFIX}{secrets.token_urlsafe(24)}"
    text = f"{unsigned}.{_signature(services, unsigned)}"
    token = ApiToken(
        id=services.new_id(),
        branch_id=actor.branch_id,
        name=name,
        scopes=tuple(scope for scope in Scope if scope in scopes),
        token_hash=_hash(text),
        ends_with=text[-4:],
        created_at=services.now(),
        created_by=actor.id,
    )
    with services.store.writing() as tx:
        tx.insert(token)
        record(tx, services, actor, "api_token.made", token.id)
    return token, text


def revoke_token(services: Services, actor: Actor, token_id: str) -> ApiToken:
    """Let a token open nothing from now on; `Conflict` where it was revoked already."""
    allow(actor, Permission.ACCOUNTS)
    with services.store.writing() as tx:
        token = fetch(tx, actor, ApiToken, token_id)
        if token.revoked_at is not None:
            raise Conflict("api.revoked_already", name=token.name)
        kept = tx.update(replace(token, revoked_at=services.now()))
        record(tx, services, actor, "api_token.revoked", token.id)
    return kept


def token_of(services: Services, text: str) -> tuple[ApiToken, Actor]:
    """Give the token of a text and whom it acts as, and note its use; `BadToken` where it is none of ours, or revoked."""
    unsigned, _, signature = text.rpartition(".")
    if not hmac.compare_digest(_signature(services, unsigned).encode(), signature.encode("utf-8", "replace")):
        raise BadToken("api.bad_token")
    now = services.now()
    with services.store.reading() as tx:
        found = tx.list(ApiToken, "", token_hash=_hash(text))
        used_at = tx.last_uses([found[0].id]).get(found[0].id) if found else None
    if not found or found[0].revoked_at is not None:
        raise BadToken("api.bad_token")
    token = found[0]
    if used_at is None or now - used_at >= NOTED_EVERY:
        with services.store.writing() as tx:
            tx.note_use(token.id, now)
    return token, actor_of_token(token)


def actor_of_token(token: ApiToken) -> Actor:
    """Give whom a token acts as: a dispatcher who may no more than its scopes say."""
    held = frozenset[Permission]().union(*(SCOPE_PERMISSIONS[scope] for scope in token.scopes))
    return Actor(
        id=token.id,
        branch_id=token.branch_id,
        name=token.name,
        role=Role.DISPATCHER,
        only=tuple(sorted(permission.value for permission in held)),
    )


def _signature(services: Services, unsigned: str) -> str:
    """Sign a token's first part, so that a made-up one is refused before the database is asked."""
    key = hashlib.sha256(b"laluan api token\0" + services.secret.encode()).digest()
    return hmac.new(key, unsigned.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:16]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
