"""The whole way in real Chromium: sign in, take a booking, optimise, publish, open the therapist's phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from dispatch.model.kinds import Role
from dispatch.work.phones import make_phone_link
from tests.browser.conftest import Demo, Guard, watch
from tests.browser.helpers import PLANNING_MS, await_board, check_both_schemes, shoot, take_over

pytestmark = pytest.mark.browser


def test_sign_in_page(page: Page, demo: Demo) -> None:
    """The first page a person sees is sound in light and dark."""
    page.goto(f"{demo.url}/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    check_both_schemes(page, "sign-in")


def test_from_booking_to_phone(dispatcher: Page, demo: Demo, browser: Browser, guard: Guard) -> None:
    """A booking taken in the morning is planned, published, and on the therapist's phone."""
    page = dispatcher
    before, plan = _bookings(page), _plan_number(page)

    page.goto(f"{demo.url}/bookings/new?day={demo.company.day.isoformat()}")
    _take_booking(page)
    page.goto(demo.day_url())
    assert _bookings(page) == before + 1

    page.get_by_label("Thinking time").select_option("5")
    page.get_by_role("button", name="Optimise").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    take_over(page)
    expect(page.locator(".revision").get_by_text(re.compile(r"Plan #\d+"))).to_be_visible()
    assert _plan_number(page) > plan
    expect(page.locator(".visit").first).to_be_visible()
    served = int(page.locator(".figure-lead strong").inner_text())
    assert 0 < served <= before + 1
    expect(page.locator(".map-stop").first).to_be_visible()
    expect(page.locator(".map-stop")).to_have_count(page.locator(".visit").count())

    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("therapists see it now")).to_be_visible()
    expect(page.get_by_role("link", name="Publish", exact=True)).to_have_count(0)
    page.locator(".visit").first.click()
    expect(page.locator("#details").get_by_text("Arrive")).to_be_visible()
    check_both_schemes(page, "board-1440")
    shoot(page, "board-1440-full", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    check_both_schemes(page, "board-1280")
    page.set_viewport_size({"width": 820, "height": 1180})
    shoot(page, "board-820", full_page=True)

    therapist_id = page.locator("[data-board]").get_attribute("data-therapists")
    assert therapist_id
    busy = _busiest(page)
    token = make_phone_link(demo.services, demo.actor(Role.DISPATCHER), therapist_id.split()[busy])
    phone = browser.new_context(
        viewport={"width": 412, "height": 839},
        device_scale_factor=2.625,
        is_mobile=True,
        has_touch=True,
        locale="en-MY",
    )
    watch(phone, guard)
    day = phone.new_page()
    day.goto(f"{demo.url}/p/{token}")
    expect(day.get_by_role("link", name=re.compile("Waze")).first).to_be_visible()
    check_both_schemes(day, "phone-journey")
    phone.close()


def test_a_plan_can_be_stopped(dispatcher: Page, demo: Demo) -> None:
    """A long run is stopped from the board, and the best plan so far is kept and shown without a reload."""
    page = dispatcher
    page.get_by_label("Thinking time").select_option("120")
    page.get_by_role("button", name="Optimise").click()
    expect(page.locator(".progress-words")).to_contain_text("served", timeout=PLANNING_MS)
    shoot(page, "board-progress")
    page.get_by_role("button", name="Stop").click()
    take_over(page)
    expect(page.locator(".revision").get_by_text(re.compile(r"Plan #\d+"))).to_be_visible()
    expect(page.locator(".map-stop")).to_have_count(page.locator(".visit").count())


def test_the_board_by_keyboard(dispatcher: Page, demo: Demo) -> None:
    """Visits are reached with the tab and arrow keys, opened with Enter, and the theme button changes the page."""
    page = dispatcher
    await_board(page)
    first = page.locator(".visit").first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    focused = page.evaluate("() => document.activeElement.dataset.visit")
    assert focused != first.get_attribute("data-visit")
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_be_visible()
    assert page.locator(".visit.chosen").get_attribute("data-visit") == focused
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.locator("[data-theme-toggle]").click()


def test_the_map_and_the_timeline_belong_together(dispatcher: Page, demo: Demo) -> None:
    """A stop chosen on the map opens its visit, and a therapist's name fades the routes of the others."""
    page = dispatcher
    await_board(page)
    stop = page.locator(".map-stop").last
    chosen = stop.get_attribute("data-stop")
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details h2")).to_be_visible()
    assert page.locator(".visit.chosen").get_attribute("data-visit") == chosen
    page.locator(".tl-name").first.hover()
    expect(page.locator(".folium-map.linking path.route-line.lifted").first).to_be_attached()


def test_other_days_and_the_account_pages(dispatcher: Page, demo: Demo) -> None:
    """The day picker leads to a day without anything, and every account page is sound in light and dark."""
    page = dispatcher
    page.get_by_role("link", name="The day after").click()
    expect(page.locator("h1")).not_to_contain_text("Today")
    check_both_schemes(page, "board-next-day")
    page.goto(f"{demo.url}/password")
    check_both_schemes(page, "password")


def test_the_owners_accounts(page: Page, demo: Demo) -> None:
    """The owner's list of accounts is sound in light and dark."""
    from tests.browser.helpers import sign_in

    sign_in(page, demo, Role.OWNER)
    page.goto(f"{demo.url}/accounts")
    expect(page.get_by_role("heading", name="Add an account")).to_be_visible()
    check_both_schemes(page, "accounts")


def _bookings(page: Page) -> int:
    return int(page.locator(".figure-lead .of").inner_text().removeprefix("of").strip())


def _plan_number(page: Page) -> int:
    """Give the number of the plan on the board; nought where there is none yet."""
    badge = page.locator(".revision .badge").first.inner_text()
    return int(badge.partition("#")[2] or 0)


def _busiest(page: Page) -> int:
    """Give the row with the most visits."""
    rows = page.locator("[data-row]")
    counts = [rows.nth(index).locator(".visit").count() for index in range(rows.count())]
    return counts.index(max(counts))


def _take_booking(page: Page) -> None:
    """Take a booking for the first client a search finds, by the desk's form."""
    page.get_by_label("Search the known clients").fill("a")
    expect(page.locator("#client_id option:nth-child(2)")).to_be_attached()
    page.locator("#client_id").select_option(index=1)
    client_id = page.locator("#client_id").input_value()
    address = page.locator(f'optgroup[data-client="{client_id}"] option').first.get_attribute("value")
    page.locator("#address_id").select_option(address)
    page.locator("#treatment_id").select_option(index=1)
    page.locator("#minutes").select_option(
        page.locator("#minutes option:not([disabled])").nth(1).get_attribute("value")
    )
    page.get_by_label("From 1").fill("15:00")
    page.get_by_label("To 1").fill("17:00")
    page.locator("main form button.button-main[type=submit]").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".problems")).to_have_count(0)
