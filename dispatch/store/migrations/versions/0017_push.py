"""Makes the table of phones that want to be woken."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_push_subscription_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_push_subscription_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscription"),
    )
    op.create_index("ix_push_subscription_branch_id", "push_subscription", ["branch_id"])
    op.create_index("ix_push_subscription_therapist_id", "push_subscription", ["therapist_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("push_subscription")
