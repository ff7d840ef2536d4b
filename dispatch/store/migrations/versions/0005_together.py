"""Makes the tables of working together: the order of changes, presence, published versions and who has seen them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("change", "presence", "publication", "publication_seen")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "change",
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.String(), nullable=True),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit_row.id"], name="fk_change_audit_id_audit_row"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_change_branch_id_branch"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_change_event_id_event"),
        sa.PrimaryKeyConstraint("branch_id", "number", name="pk_change"),
    )
    op.create_table(
        "presence",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_presence_account_id_account"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_presence_branch_id_branch"),
        sa.PrimaryKeyConstraint("account_id", "day", name="pk_presence"),
    )
    op.create_index("ix_presence_branch_id_day", "presence", ["branch_id", "day"])
    op.create_table(
        "publication",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_publication_branch_id_branch"),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name="fk_publication_revision_id_revision"),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("branch_id", "day", "number", name="uq_publication_branch_id_day_number"),
    )
    op.create_index("ix_publication_branch_id", "publication", ["branch_id"])
    op.create_table(
        "publication_seen",
        sa.Column("publication_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_publication_seen_publication_id_publication"
        ),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_publication_seen_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("publication_id", "therapist_id", name="pk_publication_seen"),
    )


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(TABLES):
        op.drop_table(table)
