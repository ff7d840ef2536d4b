"""The tables of what therapists ask for on their phones, and of the links their calendars read."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class TeamRequestRow(BranchRows, VersionedRows, NounRow):
    """Days off and swaps that were asked for."""

    __tablename__ = "team_request"
    __table_args__ = (Index("ix_team_request_branch_id_state", "branch_id", "state"),)

    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), index=True)
    state: Mapped[str]
    day: Mapped[date]


class CalendarLinkRow(BranchRows, VersionedRows, NounRow):
    """The links calendars read."""

    __tablename__ = "calendar_link"

    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    revoked_at: Mapped[datetime | None]
