"""The week's page: its seven days, its links, and what it says of each."""

import re
from dataclasses import replace
from datetime import timedelta

from dispatch.model.kinds import Role
from dispatch.model.therapist import Therapist
from tests.web.house import House
from tests.work.company import DAY
from tests.work.plans import keep_and_publish

MONDAY = DAY - timedelta(days=2)


def page_of(house: House, address: str) -> str:
    """Get a page as somebody of the booking desk."""
    answer = house.signed_in(Role.BOOKING_TAKER).get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_each_day_leads_to_its_board(busy_house: House) -> None:
    """The week of today has seven days in order, each a link to its board, today marked, with the weeks beside it."""
    page = page_of(busy_house, "/week")
    days = re.findall(r'class="day-link" href="/day/([0-9-]+)"', page)
    assert days == [(MONDAY + timedelta(days=number)).isoformat() for number in range(7)]
    assert page.count('<span class="today-word">') == 1
    assert f'href="/week/{MONDAY - timedelta(days=7)}"' in page
    assert f'href="/week/{MONDAY + timedelta(days=7)}"' in page
    for address in (f"/week/{DAY}", f"/week?day={MONDAY}", f"/week/{MONDAY + timedelta(days=6)}"):
        assert re.findall(r'class="day-link" href="/day/([0-9-]+)"', page_of(busy_house, address)) == days


def test_a_published_day_and_an_unplanned_one(busy_house: House) -> None:
    """A published day says what it serves; before a plan there are bookings and what they ask for; who is off is off."""
    before = page_of(busy_house, f"/week/{DAY}")
    assert before.count("No plan") == 7
    assert re.search(r"<strong>4</strong> bookings", before)
    keep_and_publish(busy_house.office)
    page = page_of(busy_house, f"/week/{DAY}")
    assert page.count("No plan") == 6
    assert re.search(r"<strong>4</strong> of 4 served", page)
    assert len(re.findall(r'<rect class="strip-busy" x', page)) == 5
    assert page.count('<span class="week-name">') == 3


def test_a_week_is_not_just_any_text(house: House) -> None:
    """An address that names no day answers 404 with a sentence."""
    for address in ("/week/next", "/week/2026-02-30", "/week?day=x", "/week/1999-01-01"):
        answer = house.signed_in(Role.DISPATCHER).get(address)
        assert answer.status_code == 404
        assert "is no date" in answer.get_data(as_text=True)


def test_a_week_without_rosters_says_so(house: House) -> None:
    """A company whose therapists have no shifts is told where rosters are."""
    office = house.office
    with office.services.store.writing() as tx:
        for one in tx.list(Therapist, "main"):
            tx.update(replace(one, active=False))
    assert "Nobody is on shift this week" in page_of(house, "/week")
