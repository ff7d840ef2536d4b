"""Makes the tables of a service day's life."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "answer",
    "matrix",
    "problem",
    "audit_row",
    "lock",
    "problem_matrix",
    "revision",
    "waiver",
    "day_pointers",
    "job",
    "event",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answer",
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_answer"),
    )
    op.create_index("ix_answer_until", "answer", ["until"])
    op.create_table(
        "matrix",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_matrix"),
    )
    op.create_table(
        "problem",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_problem"),
    )
    op.create_table(
        "audit_row",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_audit_row_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_row"),
    )
    op.create_index("ix_audit_row_branch_id_at", "audit_row", ["branch_id", "at"])
    op.create_table(
        "lock",
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_lock_branch_id_branch"),
        sa.PrimaryKeyConstraint("branch_id", "day", "visit_id", name="pk_lock"),
    )
    op.create_table(
        "problem_matrix",
        sa.Column("problem_hash", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("matrix_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["matrix_hash"], ["matrix.hash"], name="fk_problem_matrix_matrix_hash_matrix"),
        sa.ForeignKeyConstraint(["problem_hash"], ["problem.hash"], name="fk_problem_matrix_problem_hash_problem"),
        sa.PrimaryKeyConstraint("problem_hash", "position", name="pk_problem_matrix"),
    )
    op.create_index("ix_problem_matrix_matrix_hash", "problem_matrix", ["matrix_hash"])
    op.create_table(
        "revision",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("problem_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cost_points", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_revision_branch_id_branch"),
        sa.ForeignKeyConstraint(["parent_id"], ["revision.id"], name="fk_revision_parent_id_revision"),
        sa.ForeignKeyConstraint(["problem_hash"], ["problem.hash"], name="fk_revision_problem_hash_problem"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("branch_id", "day", "number", name="uq_revision_branch_id_day_number"),
    )
    op.create_index("ix_revision_branch_id", "revision", ["branch_id"])
    op.create_index("ix_revision_problem_hash", "revision", ["problem_hash"])
    op.create_table(
        "waiver",
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_waiver_branch_id_branch"),
        sa.PrimaryKeyConstraint("branch_id", "day", "rule", "subject_id", name="pk_waiver"),
    )
    op.create_table(
        "day_pointers",
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("head_id", sa.String(), nullable=True),
        sa.Column("published_id", sa.String(), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_day_pointers_branch_id_branch"),
        sa.ForeignKeyConstraint(["head_id"], ["revision.id"], name="fk_day_pointers_head_id_revision"),
        sa.ForeignKeyConstraint(["proposal_id"], ["revision.id"], name="fk_day_pointers_proposal_id_revision"),
        sa.ForeignKeyConstraint(["published_id"], ["revision.id"], name="fk_day_pointers_published_id_revision"),
        sa.PrimaryKeyConstraint("branch_id", "day", name="pk_day_pointers"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("result_id", sa.String(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="ck_job_state"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_job_branch_id_branch"),
        sa.ForeignKeyConstraint(["result_id"], ["revision.id"], name="fk_job_result_id_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_branch_id", "job", ["branch_id"])
    op.create_index("ix_job_state_due_at", "job", ["state", "due_at"])
    op.create_index(
        "uq_job_open_branch_id_kind_day",
        "job",
        ["branch_id", "kind", "day"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=True),
        sa.Column("server_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_event_booking_id_booking"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_event_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_event_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_booking_id", "event", ["booking_id"])
    op.create_index("ix_event_branch_id", "event", ["branch_id"])
    op.create_index("ix_event_visit_id", "event", ["visit_id"])


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(TABLES):
        op.drop_table(table)
