"""From a chat to a confirmed booking in real Chromium, with the keyboard alone: one paste, one press."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.work.bookings import list_bookings
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot, sign_in

pytestmark = pytest.mark.browser

CHAT = "hi, esok 3pm deep tissue 90min at Suria KLCC boleh? sakit belakang. nama saya Wei Jun 013-555 0{number}"


def paste(page: Page, demo: Demo, text: str) -> None:
    """Open the page by the keyboard's focus, which is in the box, and paste."""
    page.goto(f"{demo.url}/chat")
    box = page.get_by_label("Paste the chat")
    expect(box).to_be_focused()
    box.evaluate(
        """(box, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
            box.value = text;
        }""",
        text,
    )
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible()


def focus_by_tab(page: Page, name: str) -> None:
    """Go on with Tab until the button of a name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.getAttribute('aria-label') || ''").startswith(name):
            return
    pytest.fail(f"Tab never came to {name}.")


def test_one_paste_and_one_press_confirm_a_booking(page: Page, demo: Demo) -> None:
    """A pasted chat is read at once; Tab goes to the first start, Enter confirms it, and the focus goes along."""
    sign_in(page, demo, Role.BOOKING_TAKER)
    paste(page, demo, CHAT.format(number="101"))
    expect(page.locator("mark.heard-start")).to_contain_text("3pm")
    check_both_schemes(page, "chat-read")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    shoot(page, "chat-read-390", full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})
    focus_by_tab(page, "Confirm")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wei Jun is booked")).to_be_visible()
    expect(page.locator("[data-chat-taken]")).to_be_focused()
    links = page.get_by_role("link", name="Open in WhatsApp")
    expect(links).to_have_count(2)
    assert (links.first.get_attribute("href") or "").startswith("https://wa.me/60135550101?text=")
    check_both_schemes(page, "chat-confirmed")


def test_a_start_is_held_and_seen_on_the_board(page: Page, demo: Demo) -> None:
    """Held by the keyboard, the start is on the board of its day; let go, its booking is cancelled."""
    sign_in(page, demo, Role.BOOKING_TAKER)
    paste(page, demo, CHAT.format(number="202"))
    focus_by_tab(page, "Hold")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Held for Wei Jun until")).to_be_visible()
    shoot(page, "chat-held")
    day = (page.get_by_role("link", name="The day's board").get_attribute("href") or "").rsplit("/", 1)[1]
    other = page.context.new_page()
    other.goto(f"{demo.url}/day/{day}")
    expect(other.get_by_text("Wei Jun").first).to_be_attached()
    other.close()
    page.get_by_role("button", name="Let it go").press("Enter")
    expect(page.get_by_text("The held start was let go.")).to_be_visible()
    bookings = list_bookings(demo.services, demo.actor(Role.DISPATCHER), date.fromisoformat(day)).bookings
    assert "The held start was let go." in {one.cancelled_reason for one in bookings}
