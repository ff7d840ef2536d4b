"""Another version reaches the phone by itself in real Chromium, and her OK survives a cut network, a reload and a restart."""

import pytest
from playwright.sync_api import BrowserContext, expect

from dispatch.model.kinds import Role
from dispatch.work.days import day_board
from dispatch.work.phone_news import phone_page
from dispatch.work.phones import phone_actor
from dispatch.work.publishing import recall
from dispatch.work.versions import versions_of_day
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot
from tests.browser.test_phone_steps import open_day, pixel, pixel_without_worker, token

__all__ = ["pixel", "pixel_without_worker", "token"]

pytestmark = pytest.mark.browser


def test_a_change_is_confirmed_without_a_signal(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """Offline she reads what changed and taps OK; over a reload and a restart it waits, and arrives once with the signal."""
    page = open_day(pixel, demo, token)
    notice = page.locator("[data-notice]")
    expect(notice).to_have_count(1)
    check_both_schemes(page, "phone-notice")
    pixel.set_offline(True)
    page.reload()
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="OK").click()
    expect(notice).to_be_hidden()
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "1")
    page.reload()
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "1")
    expect(notice).to_be_hidden()
    page.close()
    page = pixel.new_page()
    page.goto(f"{demo.url}/p/{token}")
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "1")
    expect(page.locator("[data-notice]")).to_be_hidden()
    page.get_by_role("link", name="Tomorrow", exact=True).click()  # never opened with a signal, and there all the same
    expect(page.get_by_role("link", name="Tomorrow", exact=True)).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".phone-week-day")).to_have_count(7)
    shoot(page, "phone-week-offline")
    page.get_by_role("link", name="Today", exact=True).click()
    assert phone_page(demo.services, phone_actor(demo.services, token)).notices != ()
    pixel.set_offline(False)
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "0")
    assert phone_page(demo.services, phone_actor(demo.services, token)).notices == ()


def test_a_new_version_comes_by_itself(pixel_without_worker: BrowserContext, demo: Demo, token: str) -> None:
    """An open page shows another version without being touched, the remembered navigation first and the guard's words large."""
    page = pixel_without_worker.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{demo.url}/p/{token}")
    expect(page.locator("html[data-clock]")).to_be_attached()
    page.get_by_role("button", name="Show it to the guard").first.click()
    large = page.locator(".phone-guard-large:popover-open")
    expect(large.locator("[lang=ms]")).to_contain_text("Selamat sejahtera")
    check_both_schemes(page, "phone-guard")
    large.get_by_role("button", name="Close").click()
    page.evaluate("() => document.addEventListener('click', (event) => event.preventDefault())")
    card = page.locator("[data-card]:visible")
    card.get_by_role("link", name="Google Maps").click()
    expect(page.locator("html")).to_have_attribute("data-navigation", "google")
    first = card.locator(".phone-buttons a").evaluate_all(
        "(all) => all.map((one) => [getComputedStyle(one).order, one.dataset.navigate || ''])"
    )
    assert min(first, key=lambda one: int(one[0]))[1] == "google"
    shoot(page, "phone-360-google")
    if phone_page(demo.services, phone_actor(demo.services, token)).notices:  # else the test before has confirmed it
        page.locator("[data-ok]").click()
        expect(page.locator("[data-notice]")).to_be_hidden()
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    dispatcher = demo.actor(Role.DISPATCHER)
    page.get_by_role("button", name="Problem").click()
    version = versions_of_day(demo.services, dispatcher, demo.company.day).pointers_version
    recall(demo.services, dispatcher, demo.company.day, number=0, pointers_version=version, reason="a burst pipe")
    with page.expect_response("**/news"):  # heard of while a sheet is open: the page waits for her
        pass
    expect(page.get_by_role("button", name="Nobody answers")).to_be_visible()
    page.get_by_role("button", name="Problem").click()
    expect(page.get_by_role("heading", name="Your plan has changed")).to_be_visible()
    expect(page.locator("[data-notice] li").first).to_contain_text("Gone: ")
    expect(page.locator("html")).to_have_attribute("data-navigation", "google")
    check_both_schemes(page, "phone-changed-360")
    board = day_board(demo.services, dispatcher, demo.company.day)
    assert board.published is None
