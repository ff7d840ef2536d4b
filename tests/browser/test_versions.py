"""Publishing by the keyboard alone in real Chromium, what the phone has seen, and taking a version back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.phones import make_phone_link
from dispatch.work.planning import plan_now
from tests.browser.conftest import Demo, Guard, watch
from tests.browser.helpers import check_both_schemes

pytestmark = pytest.mark.browser


def press_until(page: Page, name: str) -> None:
    """Press Tab until a link or button of the name has the focus, and then Enter."""
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()").startswith(name):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard.")


def test_publish_see_and_recall_by_keyboard(dispatcher: Page, demo: Demo, browser: Browser, guard: Guard) -> None:
    """Publish, look who has seen it, change, publish again and take it back: no mouse anywhere, axe content."""
    page, services, actor = dispatcher, demo.services, demo.actor(Role.DISPATCHER)
    first = plan_now(services, actor, demo.company.day, budget=Budget(rounds=2))
    page.goto(demo.day_url())
    press_until(page, "Publish")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish")
    expect(page.get_by_role("button", name="Publish")).to_be_focused()
    check_both_schemes(page, "publish-step-1440")
    page.keyboard.press("Enter")
    expect(page.get_by_text("therapists see it now")).to_be_visible()

    press_until(page, "Published")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Published versions")
    served = next(route.therapist_id for route in first.plan.routes if route.visit_ids())
    token = make_phone_link(services, actor, served)
    phone = browser.new_context(viewport={"width": 390, "height": 844})
    watch(phone, guard)
    hers = phone.new_page()
    with hers.expect_response(lambda answer: answer.url.endswith("/seen")):
        hers.goto(f"{demo.url}/p/{token}?day={demo.company.day.isoformat()}")
    expect(hers.get_by_role("button", name="I have seen this plan")).to_be_hidden()
    phone.close()
    page.reload()
    newest = page.locator(".version-shown")
    expect(newest).to_contain_text("Seen by 1 of")
    expect(newest.locator(".badge-good").filter(has_text="✓ Seen")).to_have_count(1)
    check_both_schemes(page, "versions-1440")

    press_until(page, "Withdraw")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("published too early")
    check_both_schemes(page, "recall-1440")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Therapists see no plan of this day any more")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    check_both_schemes(page, "versions-1280")
    press_until(page, "Show again")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("all well after all")
    page.keyboard.press("Enter")
    expect(page.locator(".version-shown")).to_contain_text("all well after all")
    check_both_schemes(page, "versions-recalled-1280")
