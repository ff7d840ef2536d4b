"""The tables of what people enter and decide: clients, places, bookings, therapists, the catalogue, accounts.

Columns are named as the noun's fields; an empty text in an optional column is kept as NULL.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class BranchRow(VersionedRows, NounRow):
    """The company's branches."""

    __tablename__ = "branch"

    name: Mapped[str]


class TechniqueRow(NounRow):
    """The skills treatments need."""

    __tablename__ = "technique"


class ComplaintRow(NounRow):
    """What clients suffer from."""

    __tablename__ = "complaint"


class ContraindicationRow(NounRow):
    """What to ask about before a treatment."""

    __tablename__ = "contraindication"


class TreatmentRow(BranchRows, VersionedRows, NounRow):
    """The catalogue."""

    __tablename__ = "treatment"

    name: Mapped[str]
    active: Mapped[bool]


class PriceRuleRow(BranchRows, VersionedRows, NounRow):
    """What treatments cost."""

    __tablename__ = "price_rule"

    treatment_id: Mapped[str] = mapped_column(ForeignKey("treatment.id"), index=True)
    minutes: Mapped[int]
    valid_from: Mapped[date]


class PayRuleRow(BranchRows, VersionedRows, NounRow):
    """What therapists are paid."""

    __tablename__ = "pay_rule"

    treatment_id: Mapped[str] = mapped_column(ForeignKey("treatment.id"), index=True)
    minutes: Mapped[int]
    valid_from: Mapped[date]


class ClientRow(BranchRows, VersionedRows, NounRow):
    """Who is treated."""

    __tablename__ = "client"

    name: Mapped[str] = mapped_column(index=True)
    folded: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str | None] = mapped_column(index=True)
    active: Mapped[bool]


class HealthRecordRow(BranchRows, VersionedRows, NounRow):
    """What is kept of clients' health, sealed."""

    __tablename__ = "health_record"
    __table_args__ = (ForeignKeyConstraint(["id"], ["client.id"]),)


class ContactRow(BranchRows, VersionedRows, NounRow):
    """Who books or opens the door."""

    __tablename__ = "contact"

    client_id: Mapped[str | None] = mapped_column(ForeignKey("client.id"), index=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(index=True)


class BuildingRow(BranchRows, VersionedRows, NounRow):
    """Where visits go."""

    __tablename__ = "building"

    name: Mapped[str] = mapped_column(index=True)
    area: Mapped[str]


class AddressRow(BranchRows, VersionedRows, NounRow):
    """Clients' places inside buildings."""

    __tablename__ = "address"

    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    building_id: Mapped[str] = mapped_column(ForeignKey("building.id"), index=True)
    active: Mapped[bool]


class TherapistRow(BranchRows, VersionedRows, NounRow):
    """Who gives treatments."""

    __tablename__ = "therapist"

    name: Mapped[str]
    active: Mapped[bool]


class BookingRow(BranchRows, VersionedRows, NounRow):
    """Clients' wishes."""

    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]
    client_id: Mapped[str] = mapped_column(ForeignKey("client.id"), index=True)
    address_id: Mapped[str] = mapped_column(ForeignKey("address.id"), index=True)
    treatment_id: Mapped[str] = mapped_column(ForeignKey("treatment.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"))
    status: Mapped[str]


class HoldRow(BranchRows, VersionedRows, NounRow):
    """Start times kept free for callers."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]
    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DayConditionRow(BranchRows, VersionedRows, NounRow):
    """What slows a day down."""

    __tablename__ = "day_condition"
    __table_args__ = (Index("ix_day_condition_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]


class AccountRow(BranchRows, VersionedRows, NounRow):
    """Who may sign in."""

    __tablename__ = "account"

    email: Mapped[str] = mapped_column(unique=True)
    unique: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    therapist_id: Mapped[str | None] = mapped_column(ForeignKey("therapist.id"), index=True)
    active: Mapped[bool]


class PhoneLinkRow(BranchRows, VersionedRows, NounRow):
    """The links therapists open on their phones."""

    __tablename__ = "phone_link"

    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    revoked_at: Mapped[datetime | None]
