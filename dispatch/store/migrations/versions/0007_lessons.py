"""Makes the table of what visits have taught, as dispatchers answered it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_lesson_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_lesson"),
    )
    op.create_index("ix_lesson_branch_id", "lesson", ["branch_id"])
    agreed = sa.text("state = 'agreed'")
    op.create_index(
        "uq_lesson_agreed_branch_id_kind_subject_id",
        "lesson",
        ["branch_id", "kind", "subject_id"],
        unique=True,
        sqlite_where=agreed,
        postgresql_where=agreed,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("lesson")
