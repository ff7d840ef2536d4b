"""A warm planner shared by the tests of a worker, and an office whose clock runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from dispatch.jobs import Planner
from tests.work.company import Office, take_bookings, take_full_day

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


@pytest.fixture
def office(office: Office) -> Office:
    """Give the office with four bookings taken, its clock running."""
    take_bookings(office)
    return replace(office, services=replace(office.services, now=running_clock))


@pytest.fixture
def full(office: Office) -> Office:
    """Give the office on a day so full that its plan is not soon proven best."""
    take_full_day(office)
    return office
