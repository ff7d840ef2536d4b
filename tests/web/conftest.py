"""What tests of the pages share: an office with a small company, and the house of pages over it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.house import House, open_house
from tests.work.company import Office, found_company, open_office, take_bookings


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the company in it."""
    path = tmp_path_factory.mktemp("company") / "laluan.sqlite3"
    office = open_office(path)
    found_company(office)
    office.services.store.close()
    return path


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Iterator[Office]:
    """Give the company's office without any bookings."""
    path = tmp_path / "laluan.sqlite3"
    shutil.copy(founded, path)
    opened = open_office(path, first_id=50_000)
    yield opened
    opened.services.store.close()


@pytest.fixture
def busy(office: Office) -> Office:
    """Give the office with four bookings taken."""
    take_bookings(office)
    return office


@pytest.fixture
def house(office: Office) -> House:
    """Give the pages over the office."""
    return open_house(office)


@pytest.fixture
def busy_house(busy: Office) -> House:
    """Give the pages over the office with bookings."""
    return open_house(busy)
