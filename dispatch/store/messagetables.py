"""The tables of what clients are written."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class MessageTemplateRow(BranchRows, VersionedRows, NounRow):
    """The company's own texts, one for each kind and language."""

    __tablename__ = "message_template"
    __table_args__ = (UniqueConstraint("branch_id", "kind", "language"),)

    kind: Mapped[str]
    language: Mapped[str]


class MessageDraftRow(BranchRows, VersionedRows, NounRow):
    """Texts that wait to be sent by somebody."""

    __tablename__ = "message_draft"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    kind: Mapped[str]
