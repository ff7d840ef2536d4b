"""The tables of safety: what is watched, phones' signals, alarms, flagged places and the keys of PINs."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class WatchRow(BranchRows, NounRow):
    """Visits of published plans that are watched; `id` is the visit's."""

    __tablename__ = "watch"
    __table_args__ = (Index("ix_watch_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]
    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)


class SignalRow(BranchRows, NounRow):
    """What phones signalled beside their taps; the id comes from the device."""

    __tablename__ = "signal"
    __table_args__ = (Index("ix_signal_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]
    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"))
    visit_id: Mapped[str | None] = mapped_column(index=True)
    handled: Mapped[bool] = mapped_column(index=True)


class AlarmRow(BranchRows, VersionedRows, NounRow):
    """Alarms with their record; never deleted."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_branch_id_day", "branch_id", "day"),)

    day: Mapped[date]
    state: Mapped[str] = mapped_column(index=True)
    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"))
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)


class PlaceFlagRow(BranchRows, VersionedRows, NounRow):
    """Addresses a therapist told were unsafe."""

    __tablename__ = "place_flag"

    building_id: Mapped[str] = mapped_column(ForeignKey("building.id"), index=True)
    address_id: Mapped[str] = mapped_column(ForeignKey("address.id"), index=True)
    lifted_at: Mapped[datetime | None]


class PinKeysRow(BranchRows, VersionedRows, NounRow):
    """What therapists' PINs are known by; `id` is the therapist's."""

    __tablename__ = "pin_keys"
