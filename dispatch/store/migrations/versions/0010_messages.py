"""Makes the tables of messages: the company's own texts, and drafts that wait to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "message_template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_message_template_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_message_template"),
        sa.UniqueConstraint("branch_id", "kind", "language", name="uq_message_template_branch_id_kind_language"),
    )
    op.create_index("ix_message_template_branch_id", "message_template", ["branch_id"])
    op.create_table(
        "message_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_message_draft_booking_id_booking"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_message_draft_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_message_draft"),
    )
    op.create_index("ix_message_draft_booking_id", "message_draft", ["booking_id"])
    op.create_index("ix_message_draft_branch_id", "message_draft", ["branch_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("message_draft")
    op.drop_table("message_template")
