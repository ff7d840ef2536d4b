"""Start times in the booking form: offered from the plan, chosen into the window, and nothing kept meanwhile."""

import re

import pytest

from dispatch.model.kinds import Role
from dispatch.work.bookings import list_bookings
from tests.web.desk_house import booking_fields, open_desk, text_of
from tests.web.house import House
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep


@pytest.fixture
def desk(busy: Office) -> House:
    """Give the pages over an office with a planned day."""
    keep(busy, FULL)
    return open_desk(busy)


def count(desk: House) -> int:
    """Count the day's bookings."""
    return len(list_bookings(desk.office.services, desk.office.owner, DAY).bookings)


def test_three_times_are_offered_and_one_is_chosen(desk: House) -> None:
    """The form comes back with starts and who would come; choosing one makes it the only window."""
    taker = desk.signed_in(Role.BOOKING_TAKER)
    wish = booking_fields(from_1="12:00", to_1="20:00", from_2="20:30", to_2="21:00")
    answer = taker.post("/bookings/offers", data=wish)
    starts = re.findall(r'name="start" value="([^"]+)"', text_of(answer))
    assert answer.status_code == 200
    assert len(starts) == 3
    assert re.search(r"with (Aina|Bee Ling|Chandra)", text_of(answer))
    chosen = text_of(taker.post("/bookings/offers", data={**wish, "start": starts[0]}))
    assert chosen.count(f'value="{starts[0]}"') == 2
    assert "20:30" not in chosen
    assert count(desk) == 4


def test_a_full_window_is_told(desk: House) -> None:
    """Where nobody has room, the page says so and what to do."""
    answer = desk.signed_in(Role.BOOKING_TAKER).post(
        "/bookings/offers", data=booking_fields(from_1="19:30", to_1="19:30", seats="3")
    )
    assert "No therapist has room" in text_of(answer)


def test_what_cannot_be_taken_is_told_as_in_taking_it(desk: House) -> None:
    """A form that lacks its treatment gets the same sentences as when it is taken, and keeps what was typed."""
    answer = desk.signed_in(Role.BOOKING_TAKER).post(
        "/bookings/offers", data=booking_fields(treatment_id="", note="Two")
    )
    assert answer.status_code == 400
    assert "Two" in text_of(answer)
    assert count(desk) == 4
