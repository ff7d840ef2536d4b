"""The demo company on a database of its own, with the clock of a test."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.intake.address import resolve
from dispatch.intake.gazetteer import shipped
from dispatch.model.account import Actor
from dispatch.model.kinds import Role
from dispatch.store import open_store
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table
from dispatch.work.services import Services

if TYPE_CHECKING:
    from dispatch.intake.address import Resolution

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOffice:
    """Services over a fresh database, and the people of the demo."""

    services: Services
    moment: list[datetime]

    def actor(self, role: Role) -> Actor:
        """Give somebody of a role at the demo's branch."""
        return Actor(id=role.value, branch_id="kl", name=role.value, role=role)


def open_demo_office(
    path: Path, moment: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC), *, first_id: int = 0
) -> DemoOffice:
    """Open an office on a database file; its clock stands until a test moves it, ids count up from `first_id`."""
    moments, ids = [moment], count(first_id)
    services = Services(
        store=open_store(f"sqlite:///{path}"),
        now=lambda: moments[0],
        travel=engine(load_table()),
        resolve_address=_resolve,
        new_id=lambda: f"id{next(ids):05}",
        wake=lambda: None,
        secret="a secret of the tests",
    )
    services.store.upgrade()
    return DemoOffice(services=services, moment=moments)


def _resolve(text: str) -> "Resolution":
    return resolve(text, gazetteer=shipped())


def hashed(password: str) -> str:
    """Stand in for a slow password hash."""
    return f"hash of {password}"
