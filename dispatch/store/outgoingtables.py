"""The table of messages that leave the house."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import Base, BranchRows


class OutgoingRow(BranchRows, Base):
    """Messages on their way and those that have gone; all of it in columns, as jobs are kept."""

    __tablename__ = "outgoing"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')", name="state"),
        Index("ix_outgoing_state_due_at", "state", "due_at"),
        Index("ix_outgoing_about_id", "about_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-2)
    channel: Mapped[str]
    to: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    to_name: Mapped[str]
    to_phone: Mapped[str]
    about_id: Mapped[str]
    link: Mapped[str] = mapped_column(Text)
    urgent: Mapped[bool]
    state: Mapped[str]
    attempt: Mapped[int]
    token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]
