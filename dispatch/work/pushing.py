"""Waking phones: who wants to be woken, and the calls that leave with a new version."""

from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.model.account import Actor
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.model.publication import Publication
from dispatch.model.push import PushSubscription, phone_key
from dispatch.model.therapist import Therapist
from dispatch.work.doing import by_id, record
from dispatch.work.permissions import Permission, allow
from dispatch.work.sending import cannot, post
from dispatch.work.services import Services
from dispatch.work.versions import RevisionTimes, news_of

if TYPE_CHECKING:
    from dispatch.store import Writing

MOST = 5
"""Phones of one therapist; with one more the oldest is forgotten."""

PURPOSE = "plan"


def push_key(services: Services) -> str:
    """Give the key that browsers subscribe with; empty where push is off."""
    return str(getattr(services.channels.get(Channel.PUSH), "public_key", ""))


def want_push(services: Services, actor: Actor, endpoint: str) -> bool:
    """Let a therapist's phone be woken by new versions; False where it is already. `BadInput` for an endpoint of nobody's.

    A phone that was another therapist's is hers from now on.
    """
    allow(actor, Permission.OWN_DAY)
    if (why := cannot(services, Channel.PUSH, endpoint)) is not None:
        raise BadInput(why.code, **why.named())
    key = phone_key(endpoint)
    with services.store.writing() as tx:
        known = tx.find(PushSubscription, key)
        if known is not None and known.therapist_id == actor.therapist_id:
            return False
        if known is not None:
            tx.delete(known)
        mine = tx.list(PushSubscription, actor.branch_id, therapist_id=actor.therapist_id)
        for old in sorted(mine, key=lambda one: one.made_at)[: max(0, len(mine) - MOST + 1)]:
            tx.delete(old)
        made = PushSubscription(
            id=key,
            branch_id=actor.branch_id,
            therapist_id=actor.therapist_id,
            endpoint=endpoint,
            made_at=services.now(),
        )
        tx.insert(made)
        record(tx, services, actor, "push.wanted", key)
    return True


def post_news(tx: "Writing", services: Services, publication: Publication, before_id: str) -> int:
    """Let every phone be called whose therapist's day a new version changes; gives how many calls are on their way.

    It is written in the transaction that publishes. `before_id` is the revision shown until now, empty for none.
    """
    if Channel.PUSH not in services.channels:
        return 0
    phones = tx.list(PushSubscription, publication.branch_id)
    if not phones:
        return 0
    therapists = by_id(tx.list(Therapist, publication.branch_id))
    times = RevisionTimes(tx)
    news = news_of(times.of(before_id), times.of(publication.revision_id), therapists, {})
    changed = {one.therapist_id for one in news if one.sentences}
    now = services.now()
    calls = [
        Outgoing(
            id=services.new_id(),
            branch_id=publication.branch_id,
            channel=Channel.PUSH,
            to=phone.endpoint,
            subject="",
            text="",
            purpose=PURPOSE,
            about_id=publication.id,
            asked_at=now,
            due_at=now,
        )
        for phone in phones
        if phone.therapist_id in changed
    ]
    return sum(post(tx, services, call) for call in calls)
