"""What all tables share: named constraints, moments kept in UTC, and the noun's own JSON in `body`."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Dialect, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused, for nobody could tell what it meant."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC, without its offset where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without its offset from UTC cannot be kept.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        bool: Boolean,
        date: Date,
        datetime: Moment,
        int: Integer,
        str: String,
    }


class NounRow(Base):
    """A noun's row: what is queried, joined or constrained is a column, the noun itself is its JSON in `body`."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-2)
    body: Mapped[str] = mapped_column(Text, sort_order=100)


class BranchRows:
    """Rows that belong to a branch."""

    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"), index=True, sort_order=-1)


class VersionedRows:
    """Rows that people change: `version` grows with each change, so that nobody overwrites a colleague."""

    version: Mapped[int] = mapped_column(sort_order=99)


Long = BigInteger
"""The type of costs and seeds, which outgrow 32 bits."""
