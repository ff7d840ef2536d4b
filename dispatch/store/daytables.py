"""The tables of a service day's life: problems, revisions and pointers, decisions, events, jobs and the audit,
and what outside services answered.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.store.base import Base, BranchRows, Long, NounRow

OPEN_JOB = text("state IN ('queued', 'running')")
"""The jobs that can still change anything."""


class MatrixRow(Base):
    """Travel matrices, each kept once by its content hash, compressed."""

    __tablename__ = "matrix"

    hash: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ProblemRow(Base):
    """Days' problems by their content hash, compressed, without their matrices."""

    __tablename__ = "problem"

    hash: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ProblemMatrixRow(Base):
    """Which matrices a problem has, in order."""

    __tablename__ = "problem_matrix"

    problem_hash: Mapped[str] = mapped_column(ForeignKey("problem.hash"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    matrix_hash: Mapped[str] = mapped_column(ForeignKey("matrix.hash"), index=True)


class RevisionRow(BranchRows, NounRow):
    """Plans' revisions; never changed, never deleted."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("branch_id", "day", "number"),)

    day: Mapped[date]
    number: Mapped[int]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    problem_hash: Mapped[str] = mapped_column(ForeignKey("problem.hash"), index=True)
    created_at: Mapped[datetime]
    cost_points: Mapped[int] = mapped_column(Long)


class DayPointersRow(Base):
    """Which revision of each day is worked on, seen by therapists, and proposed."""

    __tablename__ = "day_pointers"

    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    head_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    published_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    proposal_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    version: Mapped[int]


class LockRow(Base):
    """What a dispatcher has fixed of visits."""

    __tablename__ = "lock"

    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    visit_id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class WaiverRow(Base):
    """Rules set aside for a visit or a therapist's day."""

    __tablename__ = "waiver"

    branch_id: Mapped[str] = mapped_column(ForeignKey("branch.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class EventRow(BranchRows, NounRow):
    """What was reported of visits; the id comes from the device, so the same report twice is one row."""

    __tablename__ = "event"

    booking_id: Mapped[str] = mapped_column(ForeignKey("booking.id"), index=True)
    visit_id: Mapped[str] = mapped_column(index=True)
    therapist_id: Mapped[str | None] = mapped_column(ForeignKey("therapist.id"))
    server_at: Mapped[datetime]


class JobRow(BranchRows, Base):
    """Work to do later; all of it in columns, for workers and people change different ones at the same time."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        Index(
            "uq_job_open_branch_id_kind_day",
            "branch_id",
            "kind",
            "day",
            unique=True,
            sqlite_where=OPEN_JOB,
            postgresql_where=OPEN_JOB,
        ),
        Index("ix_job_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, sort_order=-2)
    kind: Mapped[str]
    day: Mapped[date]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    seconds: Mapped[float]
    seed: Mapped[int] = mapped_column(Long)
    state: Mapped[str]
    attempt: Mapped[int]
    token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    stop_asked: Mapped[bool]
    progress: Mapped[str | None] = mapped_column(Text)
    result_id: Mapped[str | None] = mapped_column(ForeignKey("revision.id"))
    failure: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]
    options: Mapped[str | None] = mapped_column(Text)


class AuditRows(NounRow):
    """Who did what."""

    __tablename__ = "audit_row"
    __table_args__ = (Index("ix_audit_row_branch_id_at", "branch_id", "at"),)

    branch_id: Mapped[str | None] = mapped_column(ForeignKey("branch.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    code: Mapped[str]


class AnswerRow(Base):
    """What outside services answered, until it is too old to trust."""

    __tablename__ = "answer"

    question: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(Text)
