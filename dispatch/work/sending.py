"""Sending: a message is a row written with its cause; a sender claims it, tries, and notes what became of it."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.errors import LaluanError, Unavailable
from dispatch.model.outgoing import Channel, Outgoing, OutgoingState
from dispatch.model.push import PushSubscription, phone_key
from dispatch.model.said import Said, said
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Writing

LEASE_S = 300
"""Longer than any channel may take for one message; a sender that was killed is followed by another after it."""

BACK_OFF_S = (5, 15, 30, 60, 120, 300, 900, 1800, 3600)
"""How long a message waits after each attempt that may succeed later; after the last it is given up."""


def post(tx: "Writing", services: Services, message: Outgoing) -> bool:
    """Let a message be sent, in the caller's transaction; False where one of its id is on its way or has gone already.

    One that cannot be sent at all, for its channel is off or its address is none, is kept as failed with the reason.
    """
    if (why := cannot(services, message.channel, message.to)) is not None:
        message = replace(message, state=OutgoingState.FAILED, failure=why, finished_at=services.now())
    return tx.post(message)


def cannot(services: Services, channel: Channel, to: str) -> Said | None:
    """Say why nothing can be sent to an address by a channel, or None."""
    out = services.channels.get(channel)
    return said("notify.channel_off", channel=channel.value) if out is None else out.refuses(to)


def send_one(services: Services, channel: Channel, *, lease_s: float = LEASE_S) -> bool:
    """Send the message of a channel that is due; tell whether there was one.

    The row is claimed in one transaction, sent between two, and ended in another that checks the claim: a sender killed at
    any moment sends again after its lease, under the same id. Its audit is the row itself.
    """
    with services.store.reading() as tx:
        if not tx.outgoing_due(services.now(), channel):
            return False
    with services.store.writing() as tx:
        message = tx.claim_outgoing(services.now(), channel, lease_s=lease_s, token=services.new_id())
    if message is None:
        return False
    try:
        services.channels[channel].send(message, now=services.now())
    except Unavailable as error:
        _again(services, message, said(error.code, **error.values))
    except LaluanError as error:
        _end(services, message, OutgoingState.FAILED, said(error.code, **error.values))
    except Exception:
        _again(services, message, said("notify.fault", channel=channel.value))
        raise
    else:
        _end(services, message, OutgoingState.SENT, None)
    return True


def forget_phone(tx: "Writing", endpoint: str) -> None:
    """Forget a phone whose push service says that it is gone; one that is forgotten already stays so."""
    known = tx.find(PushSubscription, phone_key(endpoint))
    if known is not None:
        tx.delete(known)


def _again(services: Services, message: Outgoing, why: Said) -> None:
    """Let a message wait for its next attempt, or give it up after the last."""
    if message.attempt > len(BACK_OFF_S):
        _end(services, message, OutgoingState.FAILED, why)
        return
    due_at = services.now() + timedelta(seconds=BACK_OFF_S[message.attempt - 1])
    with services.store.writing() as tx:
        tx.retry_outgoing(message.id, message.token, failure=why, due_at=due_at)


def _end(services: Services, message: Outgoing, state: OutgoingState, why: Said | None) -> None:
    with services.store.writing() as tx:
        ended = tx.end_outgoing(message.id, message.token, state, failure=why, now=services.now())
        if ended and why is not None and why.code == "notify.push_gone":
            forget_phone(tx, message.to)
