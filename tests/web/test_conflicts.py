"""The board's list of what is wrong and its figures beside the published plan."""

import pytest

from dispatch.model.kinds import Role
from tests.web.house import House
from tests.work.company import DAY, Office
from tests.work.plans import FULL, SOME, keep, keep_and_publish

PATH = f"/day/{DAY.isoformat()}"


@pytest.fixture
def house(busy: Office) -> House:
    """The pages over the office with four bookings."""
    from tests.web.house import open_house

    return open_house(busy)


def test_what_is_left_out_is_counted_in_the_head(house: House) -> None:
    """Two bookings that nobody serves make one entry of the list, and the head counts it."""
    keep(house.office, SOME)
    page = house.signed_in(Role.DISPATCHER).get(PATH).text
    assert "<strong>1</strong> conflict<" in page
    assert "2 bookings without priority are left out: nobody is sent." in page


def test_a_good_day_says_that_nothing_is_wrong(house: House) -> None:
    """Where everybody is served on time and safely, the head says so in words."""
    keep(house.office, FULL)
    page = house.signed_in(Role.DISPATCHER).get(PATH).text
    assert "Nothing is wrong" in page
    assert "data-jump-visit" not in page


def test_figures_say_what_changed_since_the_published_plan(house: House) -> None:
    """After a published plan of all four bookings, a plan of two says in words how many fewer it serves."""
    keep_and_publish(house.office, FULL)
    client = house.signed_in(Role.DISPATCHER)
    assert "the published plan" not in client.get(PATH).text
    keep(house.office, SOME)
    page = client.get(PATH).text
    assert "2 less than in the published plan, worse" in page
    assert "2 more than in the published plan, worse" in page
