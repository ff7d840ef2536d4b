"""What tests of the pages share: the house of pages over the small company's office."""

import pytest

from tests.web.house import House, open_house
from tests.work.company import Office


@pytest.fixture
def house(office: Office) -> House:
    """Give the pages over the office."""
    return open_house(office)


@pytest.fixture
def busy_house(busy: Office) -> House:
    """Give the pages over the office with bookings."""
    return open_house(busy)
