"""The tables of chats with clients."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class ChatRow(BranchRows, VersionedRows, NounRow):
    """Whom we chat with, by phone or by the id WhatsApp gives her."""

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("branch_id", "phone"), UniqueConstraint("branch_id", "user_id"))

    phone: Mapped[str | None]
    user_id: Mapped[str | None]
    last_at: Mapped[datetime] = mapped_column(index=True)


class ChatMessageRow(BranchRows, NounRow):
    """What was written, both ways."""

    __tablename__ = "chat_message"
    __table_args__ = (Index("ix_chat_message_chat_id_at", "chat_id", "at"),)

    chat_id: Mapped[str] = mapped_column(ForeignKey("chat.id"))
    at: Mapped[datetime]
