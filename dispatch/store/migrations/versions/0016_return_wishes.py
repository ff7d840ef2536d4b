"""Makes the table of clients' wishes to be treated again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "return_wish",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["booking.id"], name="fk_return_wish_id_booking"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_return_wish_client_id_client"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_return_wish_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_return_wish"),
    )
    op.create_index("ix_return_wish_branch_id", "return_wish", ["branch_id"])
    op.create_index("ix_return_wish_client_id", "return_wish", ["client_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("return_wish")
