"""The tables of care: plans, the bookings they proposed, and how clients felt."""

from datetime import date

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class CarePlanRow(BranchRows, VersionedRows, NounRow):
    """Clients' courses of treatments."""

    __tablename__ = "care_plan"

    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    address_id: Mapped[str] = mapped_column(ForeignKey("address.id"), index=True)
    treatment_id: Mapped[str] = mapped_column(ForeignKey("treatment.id"))
    status: Mapped[str]


class CareVisitRow(BranchRows, VersionedRows, NounRow):
    """The bookings care plans proposed; the id is the booking's."""

    __tablename__ = "care_visit"
    __table_args__ = (ForeignKeyConstraint(["id"], ["booking.id"]),)

    care_plan_id: Mapped[str] = mapped_column(ForeignKey("care_plan.id"), index=True)


class ProgressNoteRow(BranchRows, VersionedRows, NounRow):
    """How clients felt at their visits, sealed; the id is the booking's."""

    __tablename__ = "progress_note"
    __table_args__ = (ForeignKeyConstraint(["id"], ["booking.id"]),)

    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    day: Mapped[date]
