"""Requests that may be sent twice: the first is answered, the second gets the same answer."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from dispatch.errors import BadInput, Conflict
from dispatch.model.account import Actor
from dispatch.model.api import KeptAnswer
from dispatch.work.services import Services

KEPT_FOR = timedelta(hours=48)
"""So long an answer is kept; a key that comes later is a new one."""

ANSWERED_WITHIN = timedelta(minutes=2)
"""A request that was not answered in this time never will be: the process that worked on it is gone."""


class KeyUsed(BadInput):
    """The key came before with another request."""


class StillAnswering(Conflict):
    """The same request is being answered at this moment."""


def begin(services: Services, actor: Actor, key: str, request: bytes) -> KeptAnswer:
    """Give the answer kept for a key, or one without a status where this request is now the one to be answered.

    `KeyUsed` where the key came with another request before, `StillAnswering` where the first one is under way. One that
    was begun long ago and never answered is begun again; what it does must not happen twice (see `id_for`).
    """
    now = services.now()
    asked = KeptAnswer(token_id=actor.id, key=key, request_hash=hashlib.sha256(request).hexdigest(), asked_at=now)
    with services.store.writing() as tx:
        tx.forget_requests(before=now - KEPT_FOR)
        if tx.keep_request(asked):
            return asked
        known = tx.kept_answer(actor.id, key)
        if known is None or known.request_hash != asked.request_hash:
            raise KeyUsed("api.key_used")
        if known.status:
            return known
        if not tx.retake_request(asked, before=now - ANSWERED_WITHIN):
            raise StillAnswering("api.still_answering")
    return asked


def keep(
    services: Services, asked: KeptAnswer, *, status: int, headers: tuple[tuple[str, str], ...], body: str
) -> None:
    """Keep the answer of a request, for the next time it comes."""
    with services.store.writing() as tx:
        tx.keep_reply(replace(asked, status=status, headers=headers, body=body))


def forget(services: Services, asked: KeptAnswer) -> None:
    """Forget a request that had no lasting answer, so that the same key may be tried again."""
    with services.store.writing() as tx:
        tx.forget_request(asked.token_id, asked.key)


def id_for(asked: KeptAnswer) -> str:
    """Give the id of what a request makes: the same for the same key, so that making it twice is impossible."""
    digest = hashlib.sha256(f"{asked.token_id}\0{asked.key}\0{asked.request_hash}".encode()).hexdigest()
    return digest[:32]
