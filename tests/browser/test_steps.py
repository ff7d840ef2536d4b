"""Undo, redo and locks in real Chromium, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.days import day_board
from dispatch.work.planning import plan_now
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 1280])
def test_a_lock_is_set_undone_and_made_again_by_keyboard(dispatcher: Page, demo: Demo, width: int) -> None:
    """With keys alone a visit is fixed on its card, the step taken back with Ctrl+Z and made again with Ctrl+Shift+Z."""
    actor = demo.actor(Role.DISPATCHER)
    plan_now(demo.services, actor, demo.company.day, budget=Budget(rounds=5))
    page = dispatcher
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(demo.day_url())

    def locks() -> set[str]:
        return {lock.visit_id for lock in day_board(demo.services, actor, demo.company.day).problem.locks}

    fixed = locks()
    names = [one.get_attribute("data-visit") or "" for one in page.locator(".visit").all()]
    name = next(one for one in names if one not in fixed)
    page.locator(f'[data-visit="{name}"]').focus()
    page.keyboard.press("Enter")
    both = page.locator("#details").get_by_role("button", name="Both")
    expect(both).to_have_attribute("aria-pressed", "false")
    both.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Therapist and start are fixed")).to_be_visible()
    assert name in locks()
    page.locator(f'[data-visit="{name}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#details").get_by_role("button", name="Both")).to_have_attribute("aria-pressed", "true")
    check_both_schemes(page, f"board-locked-{width}")
    page.wait_for_load_state()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Your step was taken back")).to_be_visible()
    assert name not in locks()
    page.wait_for_load_state()
    page.keyboard.press("Control+Shift+Z")
    expect(page.get_by_text("Your step was made again")).to_be_visible()
    assert name in locks()
    page.wait_for_load_state()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Your step was taken back")).to_be_visible()
    assert name not in locks()
