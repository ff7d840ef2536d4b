"""The tables of working together: the order of changes, who looks at what, and the versions therapists were shown."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import Base, BranchRows, NounRow


class ChangeRow(Base):
    """A branch's changes in the order they were kept: an audit row or an event each."""

    __tablename__ = "change"

    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[str | None] = mapped_column(ForeignKey("audit_row.id"))
    event_id: Mapped[str | None] = mapped_column(ForeignKey("event.id"))


class PresenceRow(Base):
    """Who has which day's board open; a row is forgotten soon after it was last heard of."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_branch_id_day", "branch_id", "day"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"))
    card: Mapped[str]
    seen_at: Mapped[datetime]


class PublicationRow(BranchRows, NounRow):
    """The versions of days that therapists were shown; never changed, never deleted."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("branch_id", "day", "number"),)

    day: Mapped[date]
    number: Mapped[int]
    revision_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))


class SeenRow(Base):
    """Which therapist's device has shown which version, and when she tapped OK to it."""

    __tablename__ = "publication_seen"

    publication_id: Mapped[str] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), primary_key=True)
    at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
