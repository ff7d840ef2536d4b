"""Reads and writes chats: the newest first, each with its messages in the order they were written."""

from sqlalchemy import select

from dispatch.model.chat import Chat, ChatMessage
from dispatch.store.chattables import ChatMessageRow, ChatRow
from dispatch.store.convert import table_of
from dispatch.store.decoded import noun_of
from dispatch.store.nouns import Connected

_CHAT = table_of(ChatRow)
_MESSAGE = table_of(ChatMessageRow)


class ReadingChats(Connected):
    """Finds chats and messages."""

    def newest_chats(self, branch_id: str, *, limit: int) -> tuple[Chat, ...]:
        """Give the chats in which something was written last."""
        query = select(_CHAT.c.body).where(_CHAT.c.branch_id == branch_id)
        rows = self._connection.scalars(query.order_by(_CHAT.c.last_at.desc(), _CHAT.c.id).limit(limit))
        return tuple(noun_of(Chat, body) for body in rows)

    def chat_messages(self, chat_id: str, *, limit: int) -> tuple[ChatMessage, ...]:
        """Give the newest messages of a chat, in the order they were written."""
        query = select(_MESSAGE.c.body).where(_MESSAGE.c.chat_id == chat_id)
        rows = self._connection.scalars(query.order_by(_MESSAGE.c.at.desc(), _MESSAGE.c.id.desc()).limit(limit))
        return tuple(reversed([noun_of(ChatMessage, body) for body in rows]))
