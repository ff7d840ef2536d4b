"""Makes the table of what slows a day down."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "day_condition",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_day_condition_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_day_condition"),
    )
    op.create_index("ix_day_condition_branch_id", "day_condition", ["branch_id"])
    op.create_index("ix_day_condition_branch_id_day", "day_condition", ["branch_id", "day"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("day_condition")
