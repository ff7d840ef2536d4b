"""A care plan in real Chromium: from the list of who is due over its proposals to the pain of the last visit."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes

pytestmark = pytest.mark.browser


def test_who_is_due_is_proposed_confirmed_and_followed(dispatcher: Page, demo: Demo) -> None:
    """The client due longest is opened, her visits are proposed, the first is confirmed, and her pain is noted and drawn."""
    page = dispatcher
    page.get_by_role("link", name="Due", exact=True).click()
    expect(page.get_by_role("heading", name="Who is due", level=1)).to_be_visible()
    expect(page.locator(".due-table tbody tr").first).to_contain_text("days late")
    check_both_schemes(page, "due")
    page.goto(f"{demo.url}/care/care-c26")
    page.get_by_role("button", name="Propose the coming visits").click()
    expect(page.locator(".flash")).to_contain_text("Proposed:")
    proposed = page.locator(".care-visit-proposed")
    expect(proposed.first).to_be_visible()
    check_both_schemes(page, "care-plan")
    first = proposed.first.get_attribute("data-visit")
    proposed.first.get_by_role("button", name="Confirm").click()
    expect(page.locator(f'[data-visit="{first}"]')).to_contain_text("Confirmed")
    page.get_by_role("link", name="Health and progress").click()
    expect(
        page.get_by_role("paragraph").filter(has_text=re.compile("Pain went from 9 .* over 2 visits"))
    ).to_be_visible()
    row = page.locator("form.felt").last
    row.get_by_label(re.compile("^Pain on")).fill("8")
    row.get_by_role("button", name=re.compile("^Save")).click()
    expect(
        page.get_by_role("paragraph").filter(has_text=re.compile("Pain went from 8 .* over 2 visits"))
    ).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    check_both_schemes(page, "health")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing hangs over on a phone"
