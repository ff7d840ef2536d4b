"""The inbox: what clients write over WhatsApp is kept, and what the desk answers leaves with its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, LaluanError, NotFound
from dispatch.model.account import Actor
from dispatch.model.chat import Chat, ChatContent, ChatKind, ChatMessage, Choice, Delivery
from dispatch.model.codec import dumps
from dispatch.model.outgoing import Channel, Outgoing, OutgoingState
from dispatch.model.people import Client
from dispatch.model.said import Said
from dispatch.work.doing import fetch, find, record, refuse, tidy
from dispatch.work.numbers import show_phone
from dispatch.work.permissions import Permission, allow
from dispatch.work.sending import post
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.store import Reading

CHATS = 200
MESSAGES = 200
LINES_READ = 12
"""So many of a client's messages are read into a draft; what she wrote before was about something else."""

WINDOW = timedelta(hours=24)
"""So long after a client's last message WhatsApp lets anything be written to her; later it takes approved templates only."""

MOST_CHOICES = {ChatKind.BUTTONS: 3, ChatKind.LIST: 10}
TITLE_LENGTH = {ChatKind.BUTTONS: 20, ChatKind.LIST: 24}
TEXT_LENGTH = {ChatKind.TEXT: 4_096, ChatKind.BUTTONS: 1_024, ChatKind.LIST: 1_024, ChatKind.LOCATION_REQUEST: 1_024}
BUTTON_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The chats, the newest first; `is_on` says that WhatsApp is set up, and so something may come."""

    chats: tuple[Chat, ...]
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message with why it has not gone, where that is known: from WhatsApp's status, or from our last attempt."""

    message: ChatMessage
    trouble: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """A chat with its newest messages; `may_write` until its window is over, `clients` are those with its phone."""

    chat: Chat
    messages: tuple[ShownMessage, ...]
    may_write: bool
    clients: tuple[Client, ...]
    is_on: bool
    next_id: str

    def words(self) -> str:
        """Give what the client wrote lately, as a pasted chat, with the name and number that WhatsApp tells."""
        lines = [one.message.text for one in self.messages if not one.message.by and one.message.text]
        pins = [f"{one.message.lat:.6f},{one.message.lon:.6f}" for one in self.messages if one.message.lat is not None]
        who = " ".join(filter(None, (self.chat.name, show_phone(self.chat.phone))))
        return "\n".join(filter(None, (*lines[-LINES_READ:], *pins[-1:], who)))


def is_on(services: Services) -> bool:
    """Tell whether WhatsApp is set up."""
    return Channel.WHATSAPP in services.channels


def inbox(services: Services, actor: Actor) -> Inbox:
    """Give the chats in which something was written last."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        return Inbox(chats=tx.newest_chats(actor.branch_id, limit=CHATS), is_on=is_on(services))


def chat_page(services: Services, actor: Actor, chat_id: str) -> ChatPage:
    """Give one chat with its messages; what is shown of ours is what its receiver's side told, and nothing better."""
    allow(actor, Permission.BOOKINGS)
    with services.store.reading() as tx:
        chat = fetch(tx, actor, Chat, chat_id)
        messages = tx.chat_messages(chat.id, limit=MESSAGES)
        out = {one.id: one for one in tx.outgoing_about(actor.branch_id, [chat.id])}
        clients = tx.list(Client, actor.branch_id, phone=chat.phone) if chat.phone else ()
    # WhatsApp tells whole seconds: within one, what was kept first was written first.
    ordered = sorted(messages, key=lambda one: (one.at.replace(microsecond=0), one.kept_at, one.id))
    shown = tuple(ShownMessage(message=one, trouble=one.failure or _trouble(out.get(one.id), one)) for one in ordered)
    return ChatPage(
        chat=chat,
        messages=shown,
        may_write=_may_write(services, chat),
        clients=tuple(one for one in clients if one.active),
        is_on=is_on(services),
        next_id=services.new_id(),
    )


def write(services: Services, actor: Actor, chat_id: str, content: ChatContent, *, message_id: str) -> ChatMessage:
    """Let a message be sent to a client, in one transaction with what the chat shows; the same id twice is one message.

    `Conflict` where her last message is a day old, for WhatsApp would not take it. It counts as delivered only when a status says so.
    """
    allow(actor, Permission.BOOKINGS)
    content = tidy(content)
    refuse(list(_errors(content)))
    now = services.now()
    with services.store.writing() as tx:
        chat = fetch(tx, actor, Chat, chat_id)
        known = find(tx, actor, ChatMessage, message_id)
        if known is not None:
            if known.chat_id != chat.id or not known.by:
                raise NotFound("store.not_found", kind="message", id=message_id)
            return known
        if not is_on(services):
            raise Conflict("whatsapp.off")
        if not _may_write(services, chat):
            raise Conflict("whatsapp.window_over")
        message = ChatMessage(
            id=message_id,
            branch_id=chat.branch_id,
            chat_id=chat.id,
            kind=content.kind,
            text=content.text,
            at=now,
            kept_at=now,
            by=actor.id,
            delivery=Delivery.WAITING,
            choices=content.choices,
        )
        tx.insert(message)
        tx.update(replace(chat, last_at=now, waits=False))
        post(tx, services, _outgoing(chat, message, content))
        record(tx, services, actor, "chat.written", chat.id, message.id)
    services.wake()
    return message


def _outgoing(chat: Chat, message: ChatMessage, content: ChatContent) -> Outgoing:
    return Outgoing(
        id=message.id,
        branch_id=chat.branch_id,
        channel=Channel.WHATSAPP,
        to=chat.phone or chat.user_id,
        subject="",
        text=dumps(content),
        purpose="chat",
        asked_at=message.at,
        due_at=message.at,
        to_name=chat.name,
        to_phone=chat.phone,
        about_id=chat.id,
    )


def _errors(content: ChatContent) -> "Sequence[LaluanError]":
    """Find what WhatsApp would refuse of a message, before it is asked."""
    errors: list[LaluanError] = []
    if content.kind not in TEXT_LENGTH:
        return [BadInput("whatsapp.kind", field="kind")]
    if not content.text:
        errors.append(BadInput("whatsapp.no_text", field="text"))
    if len(content.text) > TEXT_LENGTH[content.kind]:
        most = TEXT_LENGTH[content.kind]
        errors.append(BadInput("whatsapp.long_text", field="text", length=len(content.text), most=most))
    most = MOST_CHOICES.get(content.kind, 0)
    titles = [choice.title for choice in content.choices]
    if most and not 1 <= len(titles) <= most:
        errors.append(BadInput("whatsapp.choices", field="choices", count=len(titles), most=most))
    if most and (len(set(titles)) != len(titles) or not all(titles)):
        errors.append(BadInput("whatsapp.same_choices", field="choices"))
    longest = TITLE_LENGTH.get(content.kind, 0)
    errors += [
        BadInput("whatsapp.long_choice", field="choices", title=title[:40], most=longest)
        for title in titles
        if len(title) > longest
    ]
    if content.kind is ChatKind.LIST and not 1 <= len(content.button) <= BUTTON_LENGTH:
        errors.append(BadInput("whatsapp.long_choice", field="button", title=content.button[:40], most=BUTTON_LENGTH))
    return errors


def choices_of(text: str) -> tuple[Choice, ...]:
    """Give the choices that are written one a line."""
    titles = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(Choice(id=f"choice-{number}", title=title) for number, title in enumerate(titles, 1))


def _may_write(services: Services, chat: Chat) -> bool:
    return chat.last_in_at is not None and services.now() - chat.last_in_at < WINDOW


def _trouble(out: Outgoing | None, message: ChatMessage) -> Said | None:
    """Give why a message has not gone, as our own last attempt was told; nothing once a status has come."""
    if out is None or message.delivery is not Delivery.WAITING or out.state is OutgoingState.SENT:
        return None
    return out.failure


def chat_of(tx: "Reading", branch_id: str, *, phone: str, user_id: str) -> tuple[Chat, ...]:
    """Give the chats of somebody: by the id WhatsApp gives her, and by her phone; they may be two until both are known."""
    found: dict[str, Chat] = {}
    if user_id:
        found |= {one.id: one for one in tx.list(Chat, branch_id, user_id=user_id)}
    if phone:
        found |= {one.id: one for one in tx.list(Chat, branch_id, phone=phone)}
    return tuple(found.values())
