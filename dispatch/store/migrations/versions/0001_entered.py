"""Makes the tables of what people enter and decide."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "branch",
    "complaint",
    "contraindication",
    "technique",
    "building",
    "client",
    "therapist",
    "treatment",
    "account",
    "address",
    "contact",
    "pay_rule",
    "phone_link",
    "price_rule",
    "booking",
    "hold",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "branch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_branch"),
    )
    op.create_table(
        "complaint",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
    )
    op.create_table(
        "contraindication",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contraindication"),
    )
    op.create_table(
        "technique",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_technique"),
    )
    op.create_table(
        "building",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_building_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_building"),
    )
    op.create_index("ix_building_branch_id", "building", ["branch_id"])
    op.create_index("ix_building_name", "building", ["name"])
    op.create_table(
        "client",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_client_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_client"),
    )
    op.create_index("ix_client_branch_id", "client", ["branch_id"])
    op.create_index("ix_client_name", "client", ["name"])
    op.create_index("ix_client_phone", "client", ["phone"])
    op.create_table(
        "therapist",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_therapist_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_therapist"),
    )
    op.create_index("ix_therapist_branch_id", "therapist", ["branch_id"])
    op.create_table(
        "treatment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_treatment_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_treatment"),
    )
    op.create_index("ix_treatment_branch_id", "treatment", ["branch_id"])
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("unique", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_account_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_account_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
        sa.UniqueConstraint("unique", name="uq_account_unique"),
    )
    op.create_index("ix_account_branch_id", "account", ["branch_id"])
    op.create_index("ix_account_therapist_id", "account", ["therapist_id"])
    op.create_table(
        "address",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("building_id", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_address_branch_id_branch"),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="fk_address_building_id_building"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_address_client_id_client"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
    )
    op.create_index("ix_address_branch_id", "address", ["branch_id"])
    op.create_index("ix_address_building_id", "address", ["building_id"])
    op.create_index("ix_address_client_id", "address", ["client_id"])
    op.create_table(
        "contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_contact_branch_id_branch"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_contact_client_id_client"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_branch_id", "contact", ["branch_id"])
    op.create_index("ix_contact_client_id", "contact", ["client_id"])
    op.create_index("ix_contact_phone", "contact", ["phone"])
    op.create_table(
        "pay_rule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("treatment_id", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_pay_rule_branch_id_branch"),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name="fk_pay_rule_treatment_id_treatment"),
        sa.PrimaryKeyConstraint("id", name="pk_pay_rule"),
    )
    op.create_index("ix_pay_rule_branch_id", "pay_rule", ["branch_id"])
    op.create_index("ix_pay_rule_treatment_id", "pay_rule", ["treatment_id"])
    op.create_table(
        "phone_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("therapist_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_phone_link_branch_id_branch"),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapist.id"], name="fk_phone_link_therapist_id_therapist"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_link"),
        sa.UniqueConstraint("token_hash", name="uq_phone_link_token_hash"),
    )
    op.create_index("ix_phone_link_branch_id", "phone_link", ["branch_id"])
    op.create_index("ix_phone_link_therapist_id", "phone_link", ["therapist_id"])
    op.create_table(
        "price_rule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("treatment_id", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_price_rule_branch_id_branch"),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name="fk_price_rule_treatment_id_treatment"),
        sa.PrimaryKeyConstraint("id", name="pk_price_rule"),
    )
    op.create_index("ix_price_rule_branch_id", "price_rule", ["branch_id"])
    op.create_index("ix_price_rule_treatment_id", "price_rule", ["treatment_id"])
    op.create_table(
        "booking",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("address_id", sa.String(), nullable=False),
        sa.Column("treatment_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_booking_address_id_address"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_booking_branch_id_branch"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_booking_client_id_client"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_booking_contact_id_contact"),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name="fk_booking_treatment_id_treatment"),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
    )
    op.create_index("ix_booking_address_id", "booking", ["address_id"])
    op.create_index("ix_booking_branch_id", "booking", ["branch_id"])
    op.create_index("ix_booking_branch_id_day", "booking", ["branch_id", "day"])
    op.create_index("ix_booking_client_id", "booking", ["client_id"])
    op.create_index("ix_booking_treatment_id", "booking", ["treatment_id"])
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("booking_id", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name="fk_hold_booking_id_booking"),
        sa.ForeignKeyConstraint(["branch_id"], ["branch.id"], name="fk_hold_branch_id_branch"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index("ix_hold_booking_id", "hold", ["booking_id"])
    op.create_index("ix_hold_branch_id", "hold", ["branch_id"])
    op.create_index("ix_hold_branch_id_day", "hold", ["branch_id", "day"])
    op.create_index("ix_hold_expires_at", "hold", ["expires_at"])


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for table in reversed(TABLES):
        op.drop_table(table)
