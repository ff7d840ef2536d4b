"""The board in real Chromium: what is searched for stays while the rest fades, conflicts lead to their visits, views are kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.model.plan import booking_of
from dispatch.work.days import DayBoard, day_board
from dispatch.work.planning import plan_now
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot

pytestmark = pytest.mark.browser


def board_of(demo: Demo) -> DayBoard:
    """Give the demo's day as the board shows it."""
    return day_board(demo.services, demo.actor(Role.DISPATCHER), demo.company.day)


@pytest.fixture
def planned(dispatcher: Page, demo: Demo) -> Page:
    """Give the board of a planned day."""
    if board_of(demo).head is None:
        plan_now(demo.services, demo.actor(Role.DISPATCHER), demo.company.day, budget=Budget(rounds=5))
    dispatcher.goto(demo.day_url())
    expect(dispatcher.locator(".visit").first).to_be_visible()
    return dispatcher


def bright(page: Page) -> list[str]:
    """Give the visits that have not faded."""
    return sorted(
        visit.get_attribute("data-visit") or "" for visit in page.locator(".seg-visit:not(.dim) .visit").all()
    )


def test_searching_fades_the_rest_and_escape_brings_it_back(planned: Page, demo: Demo) -> None:
    """A slash goes to the search, a client's name leaves her visits bright and says how many fit, and Escape clears it."""
    page, board = planned, board_of(demo)
    visit = board.timetable.routes[0].visits()[0]
    client = board.bookings[visit.booking_id].client_id
    hers = sorted(
        one.visit_id
        for route in board.timetable.routes
        for one in route.visits()
        if board.bookings[one.booking_id].client_id == client
    )
    everything = bright(page)
    page.locator("body").press("/")
    page.keyboard.type(board.clients[client].name.casefold())
    expect(page.locator(".find-count")).to_contain_text("of")
    assert set(hers) <= set(bright(page))
    assert len(bright(page)) < len(everything)
    page.keyboard.press("Enter")
    expect(page.locator(".visit:focus")).to_have_count(1)
    page.locator("#find").press("Escape")
    expect(page.locator(".dim")).to_have_count(0)
    assert bright(page) == everything


def test_a_telephone_number_is_looked_up(planned: Page, demo: Demo) -> None:
    """Digits of a client's number, which the page does not hold, leave her visits bright."""
    page, board = planned, board_of(demo)
    served = [
        booking
        for booking in board.bookings.values()
        if booking.id in board.plan.served() and board.clients[booking.client_id].phone
    ]
    booking = min(served, key=lambda one: one.id)
    phone = board.clients[booking.client_id].phone
    assert phone not in page.content()
    page.locator("#find").fill(phone)
    expect(page.locator(".seg-visit.dim").first).to_be_visible()
    expect(page.locator(f'.seg-visit:not(.dim) .visit[data-visit^="{booking.id}/"]').first).to_be_visible()
    assert {board.clients[board.bookings[booking_of(name)[0]].client_id].phone for name in bright(page)} == {phone}


def test_filters_stand_in_the_address_and_outlive_a_reload(planned: Page, demo: Demo) -> None:
    """An area chosen fades all others, stands in the address, and is still chosen after the page was loaded anew."""
    page = planned
    area = page.locator(".visit-area").first.inner_text()
    page.get_by_label("Area", exact=True).select_option(area)
    page.get_by_role("button", name="Unlocked").click()
    expect(page.get_by_role("button", name="Unlocked")).to_have_attribute("aria-pressed", "true")
    for name in page.locator(".seg-visit:not(.dim) .visit-area").all_inner_texts():
        assert name == area
    expect(page).to_have_url(re.compile("area=.*"))
    page.reload()
    expect(page.get_by_label("Area", exact=True)).to_have_value(area)
    shoot(page, "board-filtered")
    page.goto(demo.day_url())
    expect(page.get_by_label("Area", exact=True)).to_have_value(area)
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".dim")).to_have_count(0)


def test_a_view_is_saved_under_a_name_and_taken_up_again(planned: Page, demo: Demo) -> None:
    """A saved view brings back the search, the filters, the width of an hour and the routes on the map; and can be forgotten."""
    page = planned
    page.locator("#find").fill("a")
    page.get_by_role("button", name="2×").click()
    page.locator(".tl-name .chip").nth(1).click()
    page.locator(".views > summary").click()
    page.get_by_label("Name of this view").fill("<b>Mine</b>")
    page.get_by_role("button", name="Save view").click()
    check_both_schemes(page, "board-views")
    page.get_by_role("button", name="Fit").click()
    page.get_by_role("button", name="Show all").click()
    page.locator(".map-filter > summary").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.reload()
    page.locator(".views > summary").click()
    page.get_by_role("button", name="<b>Mine</b>", exact=True).click()
    expect(page.locator("#find")).to_have_value("a")
    expect(page.get_by_role("button", name="2×")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-shown-count]")).to_have_text(re.compile("^1/"))
    page.locator(".views > summary").click()
    page.get_by_role("button", name="Forget the view").click()
    expect(page.get_by_role("button", name="<b>Mine</b>", exact=True)).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 1280])
def test_a_conflict_leads_to_what_it_is_about(planned: Page, demo: Demo, width: int) -> None:
    """By the keyboard alone: the list opens, an entry goes to its visit or booking and opens the card."""
    page = planned
    page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 800})
    page.reload()
    found = board_of(demo).conflicts
    summary = page.locator("#conflicts > summary")
    if not found:
        expect(summary).to_have_text(re.compile("Nothing is wrong"))
        return
    expect(summary).to_contain_text(str(len(found)))
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_have_count(len(found))
    check_both_schemes(page, f"board-conflicts-{width}")
    about = next((number for number, one in enumerate(found) if one.visit_id), None)
    page.locator(".conflict").nth(about or 0).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".conflicts-list")).to_be_hidden()
    if about is not None:
        expect(page.locator(f'[data-visit="{found[about].visit_id}"]')).to_be_focused()
        expect(page.locator("#details .detail")).to_be_visible()
