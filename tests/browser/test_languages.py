"""The pages in Bahasa Malaysia and Chinese fit as they do in English, and the switch brings them back."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.phones import make_phone_link
from dispatch.work.planning import plan_now, publish
from tests.browser.conftest import Demo, Guard, watch
from tests.browser.helpers import axe_findings, shoot, sign_in
from web.language import COOKIE

if TYPE_CHECKING:
    from dispatch.model.plan import Revision

pytestmark = pytest.mark.browser

TRANSLATED = ("ms", "zh")
DESK = (
    "bookings",
    "bookings/new",
    "clients",
    "buildings",
    "team",
    "catalogue",
    "import",
    "accounts",
    "reports",
    "week",
)
DAY = ("versions", "trouble/rain", "trouble/traffic", "trouble/ill")
CUT_OFF = """() => Array.from(document.querySelectorAll(".button, .badge, .site-nav a, h1, h2, dt, .tl-corner, .languages button"))
  .filter(one => one.offsetParent && !one.classList.contains("unseen") && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map(one => one.textContent.trim().slice(0, 60))"""
"""Labels whose words do not fit into their own box."""


@pytest.fixture(scope="module")
def planned(demo: Demo) -> "Revision":
    """Plan and publish the demo's day, so that board and phone have something to show."""
    dispatcher = demo.actor(Role.DISPATCHER)
    revision = plan_now(demo.services, dispatcher, demo.company.day, budget=Budget(rounds=2), seed=1)
    publish(demo.services, dispatcher, demo.company.day, head_id=revision.id)
    return revision


def read_in(context: BrowserContext, demo: Demo, language: str) -> None:
    """Let every page of a context come in a language, as somebody who chose it on this device."""
    context.add_cookies([{"name": COOKIE, "value": language, "url": demo.url}])


def fits(page: Page, name: str) -> None:
    """Take a picture; nothing on the page is wider than the page, no label is cut off, and axe finds nothing."""
    shoot(page, name)
    width = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{name} scrolls sideways: {width}"
    assert page.evaluate(CUT_OFF) == [], name
    assert axe_findings(page) == [], name


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_board_in_another_language(page: Page, demo: Demo, planned: "Revision", language: str) -> None:
    """The board, a visit's card and the menu stay whole with the labels of another language, wide and narrow."""
    sign_in(page, demo, Role.DISPATCHER)
    read_in(page.context, demo, language)
    page.goto(demo.day_url())
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator(".leaflet-control-zoom-in")).to_have_attribute(
        "title", {"ms": "Zum masuk", "zh": "放大"}[language]
    )
    for width, height in ((1440, 900), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        fits(page, f"board-{language}-{width}")
    page.locator(".visit").first.click()
    expect(page.locator("#details .detail")).to_be_visible()
    page.locator(".menu-person > summary").click()
    fits(page, f"card-{language}")


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_desk_in_another_language(page: Page, demo: Demo, language: str) -> None:
    """Every page of the desk stays whole with the labels of another language."""
    sign_in(page, demo, Role.OWNER)
    read_in(page.context, demo, language)
    for path in DESK:
        page.goto(f"{demo.url}/{path}")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        fits(page, f"{path.replace('/', '-')}-{language}")


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_pages_of_a_day_in_another_language(page: Page, demo: Demo, planned: "Revision", language: str) -> None:
    """What can be done with a day has its pages, and they stay whole with the labels of another language."""
    sign_in(page, demo, Role.DISPATCHER)
    read_in(page.context, demo, language)
    for path in DAY:
        page.goto(f"{demo.day_url()}/{path}")
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        fits(page, f"day-{path.replace('/', '-')}-{language}")


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_phone_in_another_language(
    browser: Browser, demo: Demo, guard: Guard, planned: "Revision", language: str
) -> None:
    """The phone's page fits a small phone in another language, and its switch brings English back."""
    busy = next(route.therapist_id for route in planned.plan.routes if len(route.visit_ids()) > 1)
    token = make_phone_link(demo.services, demo.actor(Role.DISPATCHER), busy)
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en-MY", device_scale_factor=2)
    watch(context, guard)
    read_in(context, demo, language)
    page = context.new_page()
    page.goto(f"{demo.url}/p/{token}")
    fits(page, f"phone-{language}")
    page.locator(".phone-visit summary").first.click()
    shoot(page, f"phone-{language}-whole", full_page=True)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("The whole day")).to_be_visible()
    context.close()


def test_the_switch_in_the_menu(page: Page, demo: Demo) -> None:
    """By the keyboard alone a dispatcher changes the language in her menu, stays where she is, and changes it back."""
    sign_in(page, demo, Role.DISPATCHER)
    try:
        for name, language in (("中文", "zh"), ("Bahasa Malaysia", "ms"), ("English", "en")):
            page.locator(".menu-person > summary").focus()
            page.keyboard.press("Enter")
            page.get_by_role("button", name=name).focus()
            page.keyboard.press("Enter")
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.url == demo.day_url()
    finally:
        from dispatch.work.accounts import set_language

        set_language(demo.services, demo.actor(Role.DISPATCHER), "en")
