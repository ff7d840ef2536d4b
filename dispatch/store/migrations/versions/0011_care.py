"""Makes the tables of care, lets clients be searched, and takes what is kept of their health out of their rows.

What a client agreed to is carried into `health_record` as it was; the next start of Laluan seals it. What was kept of a
client who has not agreed, or has taken that back, is not carried over.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "open:"
"""What a record begins with until it is sealed."""


def upgrade() -> None:
    """Make the tables, and fill the search column and the health records from the clients' rows."""
    _table("health_record", refers={"id": "client"})
    _table(
        "care_plan",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("address_id", sa.String(), nullable=False),
        sa.Column("treatment_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        refers={"client_id": "client", "address_id": "address", "treatment_id": "treatment"},
        indexed=("client_id", "address_id"),
    )
    _table(
        "care_visit",
        sa.Column("care_plan_id", sa.String(), nullable=False),
        refers={"id": "booking", "care_plan_id": "care_plan"},
        indexed=("care_plan_id",),
    )
    _table(
        "progress_note",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        refers={"id": "booking", "client_id": "client"},
        indexed=("client_id",),
    )
    op.add_column("client", sa.Column("folded", sa.String(), nullable=False, server_default=""))
    _carry_over()


def _table(name: str, *columns: sa.Column[Any], refers: dict[str, str], indexed: tuple[str, ...] = ()) -> None:
    keys = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{name}_{column}_{other}")
        for column, other in {**refers, "branch_id": "branch"}.items()
    ]
    op.create_table(
        name,
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("branch_id", sa.String(), nullable=False),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        *keys,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    for column in ("branch_id", *indexed):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _carry_over() -> None:
    connection = op.get_bind()
    client = sa.table("client", *(sa.column(name) for name in ("id", "branch_id", "name", "folded", "body")))
    record = sa.table("health_record", *(sa.column(name) for name in ("id", "branch_id", "version", "body")))
    for key, branch_id, name, body in connection.execute(
        sa.select(client.c.id, client.c.branch_id, client.c.name, client.c.body)
    ).all():
        noun = json.loads(body)
        health = {part: noun.pop(part, []) for part in ("complaints", "contraindications")} | {"note": ""}
        consent = noun.get("consent")
        if consent and not consent["withdrawn_at"] and (health["complaints"] or health["contraindications"]):
            kept = {"id": key, "branch_id": branch_id, "sealed": OPEN + _text(health), "version": 1}
            connection.execute(sa.insert(record).values(id=key, branch_id=branch_id, version=1, body=_text(kept)))
        connection.execute(sa.update(client).where(client.c.id == key).values(folded=name.casefold(), body=_text(noun)))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def downgrade() -> None:
    """Drop the tables and the column; what is sealed in them goes with them."""
    op.drop_column("client", "folded")
    for name in ("progress_note", "care_visit", "care_plan", "health_record"):
        op.drop_table(name)
    connection = op.get_bind()
    client = sa.table("client", sa.column("id"), sa.column("body"))
    for key, body in connection.execute(sa.select(client.c.id, client.c.body)).all():
        noun = json.loads(body)
        for part in ("past_consents", "not_same_as", "merged_into"):
            noun.pop(part, None)
        if noun.get("consent"):
            noun["consent"].pop("withdrawn_by", None)
        noun |= {"complaints": [], "contraindications": []}
        connection.execute(sa.update(client).where(client.c.id == key).values(body=_text(noun)))
