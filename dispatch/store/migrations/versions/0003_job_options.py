"""Lets a job carry what its planner may change."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a job from before has none and may change the whole day."""
    op.add_column("job", sa.Column("options", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("job", "options")
