"""A warm planner shared by the tests of a worker, and an office whose clock runs."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from dispatch.jobs import Planner
from tests.work.company import Office, found_company, open_office, take_bookings, take_full_day

BEGAN = monotonic()


def running_clock() -> datetime:
    """Give a time that goes on as real time does, from 09:00 of the company's day."""
    return datetime(2026, 11, 25, 1, 0, tzinfo=UTC) + timedelta(seconds=monotonic() - BEGAN)


@pytest.fixture(scope="session")
def planner() -> Iterator[Planner]:
    """Give a planner; a test that kills its process leaves the next one to start another."""
    made = Planner(patience_s=60)
    made.start()
    yield made
    made.end()


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the company and its bookings."""
    path = tmp_path_factory.mktemp("company") / "laluan.sqlite3"
    office = open_office(path)
    found_company(office)
    take_bookings(office)
    office.services.store.close()
    return path


@pytest.fixture
def office(taken: Path, tmp_path: Path) -> Iterator[Office]:
    """Give the busy office, its clock running."""
    path = tmp_path / "laluan.sqlite3"
    shutil.copy(taken, path)
    opened = open_office(path, first_id=50_000)
    yield replace(opened, services=replace(opened.services, now=running_clock))
    opened.services.store.close()


@pytest.fixture
def full(office: Office) -> Office:
    """Give the office on a day so full that its plan is not soon proven best."""
    take_full_day(office)
    return office
