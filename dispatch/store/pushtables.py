"""The table of phones that want to be woken."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import BranchRows, NounRow, VersionedRows


class PushSubscriptionRow(BranchRows, VersionedRows, NounRow):
    """Where each phone's push service takes a wake-up call; one row for each endpoint."""

    __tablename__ = "push_subscription"

    therapist_id: Mapped[str] = mapped_column(ForeignKey("therapist.id"), index=True)
