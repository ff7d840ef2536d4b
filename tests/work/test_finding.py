"""Bookings are found by the digits of a telephone number, without the numbers leaving the server."""

from dataclasses import replace

import pytest

from dispatch.errors import Forbidden
from dispatch.model.people import Client
from dispatch.work.finding import bookings_with_digits
from tests.work.company import DAY, Office


@pytest.fixture
def numbered(busy: Office) -> Office:
    """The office where Tan Wei has a number of his own."""
    with busy.services.store.writing() as tx:
        tx.update(replace(tx.get(Client, "c-tan"), phone="+60198877665"))
    return busy


@pytest.mark.parametrize("digits", ["887", "0198877665", "+60 19-887 7665", "60198"])
def test_a_number_is_found_as_people_write_it(numbered: Office, digits: str) -> None:
    """Digits from anywhere in the number, with the country's code or with the nought of home, find its bookings."""
    assert bookings_with_digits(numbered.services, numbered.dispatcher, DAY, digits) == ["b2", "b4"]


@pytest.mark.parametrize("digits", ["", "88", "abc", "0887", "999999"])
def test_too_little_or_another_number_finds_nothing(numbered: Office, digits: str) -> None:
    """Fewer than three digits, words, and digits that no number has find no booking."""
    assert bookings_with_digits(numbered.services, numbered.dispatcher, DAY, digits) == []


def test_a_therapist_may_not_look_numbers_up(numbered: Office) -> None:
    """Who may not read the day may not ask whose number this is."""
    with pytest.raises(Forbidden):
        bookings_with_digits(numbered.services, numbered.therapist, DAY, "887")
