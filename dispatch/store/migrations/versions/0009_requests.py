"""Makes the tables of what therapists ask for on their phones, and of the links their calendars read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "team_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_team_request_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_team_request_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_team_request"),
    )
    op.create_index("ix_team_request_branch_id", "team_request", ["branch_id"])
    op.create_index("ix_team_request_branch_id_state", "team_request", ["branch_id", "state"])
    op.create_index("ix_team_request_therapist_id", "team_request", ["therapist_id"])
    op.create_table(
        "calendar_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_calendar_link_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_calendar_link_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_link"),
        sa.UniqueConstraint("token_hash", name="uq_calendar_link_token_hash"),
    )
    op.create_index("ix_calendar_link_branch_id", "calendar_link", ["branch_id"])
    op.create_index("ix_calendar_link_therapist_id", "calendar_link", ["therapist_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("calendar_link")
    op.drop_table("team_request")
