"""Makes the tables of chats with clients."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "chat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_chat_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_chat"),
        sa.UniqueConstraint("branch_id", "phone", name="uq_chat_branch_id_phone"),
        sa.UniqueConstraint("branch_id", "user_id", name="uq_chat_branch_id_user_id"),
    )
    op.create_index("ix_chat_branch_id", "chat", ["branch_id"])
    op.create_index("ix_chat_last_at", "chat", ["last_at"])
    op.create_table(
        "chat_message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_chat_message_branch_id_branch"),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name="fk_chat_message_chat_id_chat"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_message"),
    )
    op.create_index("ix_chat_message_branch_id", "chat_message", ["branch_id"])
    op.create_index("ix_chat_message_chat_id_at", "chat_message", ["chat_id", "at"])


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    op.drop_table("chat_message")
    op.drop_table("chat")
