"""Makes the tables of safety: watched visits, phones' signals, alarms, flagged places and the keys of PINs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("watch", "signal", "alarm", "place_flag", "pin_keys")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "watch",
        *_head("watch"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_watch_therapist_id_therapist"),
    )
    op.create_table(
        "signal",
        *_head("signal"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("visit_id", sa.String(), nullable=True),
        sa.Column("handled", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_signal_therapist_id_therapist"),
    )
    op.create_table(
        "alarm",
        *_head("alarm"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_alarm_therapist_id_therapist"),
    )
    op.create_table(
        "place_flag",
        *_head("place_flag"),
        sa.Column("building_id", sa.String(), nullable=False),
        sa.Column("address_id", sa.String(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_place_flag_building_id_building"),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_place_flag_address_id_address"),
    )
    op.create_table(
        "pin_keys",
        *_head("pin_keys"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    for table in TABLES:
        op.create_index(f"ix_{table}_branch_id", table, ["branch_id"])
    for table, column in (
        ("watch", "therapist_id"),
        ("watch", "due_at"),
        ("signal", "visit_id"),
        ("signal", "handled"),
        ("alarm", "state"),
        ("alarm", "due_at"),
        ("place_flag", "building_id"),
        ("place_flag", "address_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in ("watch", "signal", "alarm"):
        op.create_index(f"ix_{table}_branch_id_day", table, ["branch_id", "day"])


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _head(table: str) -> tuple[sa.Column[str] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name=f"fk_{table}_branch_id_branch"),
    )
