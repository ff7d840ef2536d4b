"""The tables of the API: tokens, when each was used last, and the answers kept for requests sent twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import Base, BranchRows, NounRow, VersionedRows


class ApiTokenRow(BranchRows, VersionedRows, NounRow):
    """The keys that programs come with."""

    __tablename__ = "api_token"

    token_hash: Mapped[str] = mapped_column(unique=True)
    revoked_at: Mapped[datetime | None]


class ApiUseRow(Base):
    """When a token was used last, to the minute; apart from the token, so that using one changes none."""

    __tablename__ = "api_use"

    token_id: Mapped[str] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    used_at: Mapped[datetime]


class ApiAnswerRow(Base):
    """Answers by token and idempotency key; a row without a status is a request being answered."""

    __tablename__ = "api_answer"

    token_id: Mapped[str] = mapped_column(ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
