"""The tables of what the days teach: dispatchers' answers to what visits have taught."""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows

_AGREED = text("state = 'agreed'")


class LessonRow(BranchRows, VersionedRows, NounRow):
    """What was agreed, refused or undone; one lesson at most is agreed of each building and mode."""

    __tablename__ = "lesson"
    __table_args__ = (
        Index(
            "uq_lesson_agreed_branch_id_kind_subject_id",
            "branch_id",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=_AGREED,
            postgresql_where=_AGREED,
        ),
    )

    kind: Mapped[str]
    subject_id: Mapped[str]
    state: Mapped[str]


class ReturnWishRow(BranchRows, VersionedRows, NounRow):
    """Clients' wishes to be treated again; the id is the booking's."""

    __tablename__ = "return_wish"
    __table_args__ = (ForeignKeyConstraint(["id"], ["booking.id"]),)

    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    state: Mapped[str]
