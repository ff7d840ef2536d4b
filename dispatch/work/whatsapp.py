"""What WhatsApp's Cloud API tells us: messages of clients and statuses of ours, each kept once, whatever order they come in."""

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from dispatch.errors import Forbidden, NotFound
from dispatch.model.account import Actor
from dispatch.model.chat import Chat, ChatMessage, Delivery, furthest
from dispatch.model.kinds import Role
from dispatch.model.outgoing import Channel
from dispatch.model.said import said
from dispatch.work.branches import only_branch
from dispatch.work.doing import find, record, tidy
from dispatch.work.inbox import chat_of
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.cloud import Incoming, StatusTold
    from dispatch.notify.whatsapp import WhatsAppChannel
    from dispatch.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a post: how many messages and statuses were new, and how much of it could not be read."""

    messages: int
    statuses: int
    left_out: int


def answer_challenge(services: Services, *, mode: str, token: str, challenge: str) -> str:
    """Give the word that proves to WhatsApp that the webhook is ours; `Forbidden` where it does not know ours."""
    channel = _channel(services)
    if mode != "subscribe" or not channel.is_verified(token):
        raise Forbidden("whatsapp.not_verified")
    return challenge


def receive(services: Services, raw: bytes, signature: str) -> Taken:
    """Keep what a post holds, all in one transaction; `Forbidden` where it is not signed with the app's secret.

    A message that came before changes nothing, and neither does a status that tells less than is known.
    """
    from dispatch.intake.cloud import read_batch

    channel = _channel(services)
    if not channel.is_signed(raw, signature):
        raise Forbidden("whatsapp.not_signed")
    batch = read_batch(raw, number_id=channel.number_id, now=services.now())
    branch = only_branch(services)
    actor = Actor(id="whatsapp", branch_id=branch.id, name="WhatsApp", role=Role.BOOKING_TAKER)
    with services.store.writing() as tx:
        chats = [chat_id for one in batch.messages if (chat_id := _keep(tx, services, actor, one))]
        told = [one.message_id for one in batch.statuses if _tell(tx, services, actor, one)]
        if chats or told:
            record(tx, services, actor, "whatsapp.received", *dict.fromkeys([*chats, *told]))
    return Taken(messages=len(chats), statuses=len(told), left_out=batch.left_out)


def _keep(tx: "Writing", services: Services, actor: Actor, one: "Incoming") -> str:
    """Keep a message in its chat and give the chat's id; nothing where it is kept already."""
    key = f"in-{hashlib.sha256(one.wamid.encode()).hexdigest()[:40]}"
    if tx.find(ChatMessage, key) is not None:
        return ""
    chat = _chat(tx, services, actor, one)
    message = ChatMessage(
        id=key,
        branch_id=actor.branch_id,
        chat_id=chat.id,
        kind=one.kind,
        text=one.text,
        at=one.at,
        kept_at=services.now(),
        lat=one.lat,
        lon=one.lon,
    )
    tx.insert(tidy(message))
    # Messages may come in any order: an old one does not make a chat wait that was answered since.
    newest = one.at >= chat.last_at
    last_in_at = max(one.at, chat.last_in_at or one.at)
    tx.update(
        replace(chat, last_at=max(one.at, chat.last_at), last_in_at=last_in_at, waits=chat.waits or newest),
    )
    return chat.id


def _chat(tx: "Writing", services: Services, actor: Actor, one: "Incoming") -> Chat:
    """Give the chat of whoever wrote, with everything that is known of her by now; two that are hers become one."""
    found = []
    for known in sorted(chat_of(tx, actor.branch_id, phone=one.phone, user_id=one.user_id), key=lambda chat: chat.id):
        if one.user_id and known.user_id and known.user_id != one.user_id:
            # The number has a new owner; what its old one wrote stays hers.
            tx.update(replace(known, phone=""))
        else:
            found.append(known)
    name = tidy(one.name)
    if not found:
        return tx.insert(
            Chat(
                id=services.new_id(),
                branch_id=actor.branch_id,
                name=name,
                phone=one.phone,
                user_id=one.user_id,
                last_at=one.at,
            )
        )
    chat, *others = found
    for other in others:
        for message in tx.list(ChatMessage, actor.branch_id, chat_id=other.id):
            tx.update(replace(message, chat_id=chat.id))
        tx.delete(other)
        chat = replace(
            chat,
            name=chat.name or other.name,
            last_at=max(chat.last_at, other.last_at),
            last_in_at=max(filter(None, (chat.last_in_at, other.last_in_at)), default=None),
            waits=chat.waits or other.waits,
        )
    # Another number than before is a new one of hers: the id is what stays.
    whole = replace(chat, name=name or chat.name, phone=one.phone or chat.phone, user_id=one.user_id or chat.user_id)
    return tx.update(whole) if whole != found[0] else whole


def _tell(tx: "Writing", services: Services, actor: Actor, one: "StatusTold") -> bool:
    """Note what became of a message of ours; False where nothing new was told."""
    from dispatch.notify.whatsapp import refusal

    message = find(tx, actor, ChatMessage, one.message_id)
    if message is None or not message.by:
        return False
    # Whatever is told of it, it has arrived at WhatsApp: an attempt whose answer was lost is not made again.
    tx.cancel_outgoing(message.id, now=services.now())
    delivery = furthest(message.delivery, one.delivery)
    if delivery is message.delivery:
        return False
    failure = said(refusal(one.error), number=one.error) if delivery is Delivery.FAILED else None
    tx.update(replace(message, delivery=delivery, failure=failure))
    return True


def _channel(services: Services) -> "WhatsAppChannel":
    """Give WhatsApp's channel; `NotFound` where it is not set up, as if there were no such address."""
    channel = services.channels.get(Channel.WHATSAPP)
    if channel is None:
        raise NotFound("whatsapp.off")
    return cast("WhatsAppChannel", channel)
