"""What a release before this one kept of clients' health comes along sealed, and only where she agreed to it."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.model.health import HealthRecord
from dispatch.model.people import Client
from dispatch.store import migrate, open_store
from dispatch.store.engine import make_engine

GIVEN = "2026-11-01T01:00:00+00:00"


def old_client(key: str, consent: dict[str, Any] | None) -> dict[str, Any]:
    """Give a client as the release before kept her."""
    return {
        "id": key,
        "branch_id": "kl",
        "name": f"Élodie {key}",
        "first_name": "Élodie",
        "phone": "",
        "language": "en",
        "gender": None,
        "complaints": ["back"],
        "contraindications": [],
        "consent": consent,
        "preferred_therapists": [],
        "never_therapists": [],
        "note": "",
        "active": True,
        "version": 1,
    }


@pytest.fixture
def old_url(database_url: str) -> str:
    """Give a database of the release before with three clients: one agreed, one took it back, one was never asked."""
    engine = make_engine(database_url)
    migrate.upgrade(engine, "0010")
    given = {"given_at": GIVEN, "text_version": "1", "recorded_by": "u", "language": "en", "withdrawn_at": None}
    clients = (old_client("yes", given), old_client("back", given | {"withdrawn_at": GIVEN}), old_client("no", None))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO branch (id, name, version, body) VALUES ('kl', 'KL', 1, '{}')"))
        for one in clients:
            values = {"id": one["id"], "name": one["name"], "body": json.dumps(one)}
            connection.execute(
                text(
                    "INSERT INTO client (id, branch_id, name, active, version, body)"
                    " VALUES (:id, 'kl', :name, :active, 1, :body)"
                ),
                values | {"active": True},
            )
    engine.dispose()
    return database_url


def test_health_is_carried_over_with_consent_alone(old_url: str) -> None:
    """After the upgrade every client can be read and found, and only who agrees has a health record; none is in her row."""
    store = open_store(old_url)
    store.upgrade()
    with store.reading() as tx:
        assert {one.id for one in tx.list(Client, "kl")} == {"yes", "back", "no"}
        (record,) = tx.list(HealthRecord, "kl")
        assert record.id == "yes"
        assert json.loads(record.sealed.removeprefix("open:"))["complaints"] == ["back"]
        assert [one.id for one in tx.search_clients("kl", "élodie y", "", limit=5)] == ["yes"]
    store.close()
