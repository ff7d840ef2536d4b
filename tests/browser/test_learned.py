"""What the days teach, who asked to come again, and a visit's notes on a phone, in real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.days import day_board
from dispatch.work.phones import make_phone_link
from dispatch.work.planning import plan_now, publish
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes

pytestmark = pytest.mark.browser


def test_the_pages_are_sound_on_a_desk_and_on_a_phone(dispatcher: Page, demo: Demo) -> None:
    """Each passes axe in both schemes, leads on, and is never wider than its window."""
    page, services, actor, day = dispatcher, demo.services, demo.actor(Role.DISPATCHER), demo.company.day
    board = day_board(services, actor, day)
    head = board.head or plan_now(services, actor, day, budget=Budget(rounds=0))
    if board.published is None or board.published.id != head.id:
        publish(services, actor, day, head_id=head.id)
    route = next(one for one in head.plan.routes if one.visit_ids())
    token = make_phone_link(services, actor, route.therapist_id)
    pages = (
        ("learned", "/learned", "What the days teach"),
        ("again", "/again", "Asked to come again"),
        ("visit", f"/visit/{token}/{route.visit_ids()[0]}", "Notes and next visit"),
    )
    for name, address, heading in pages:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{demo.url}{address}")
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
            check_both_schemes(page, f"{name}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("link", name="My day").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My day")
