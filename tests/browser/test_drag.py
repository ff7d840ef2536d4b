"""A visit is moved in real Chromium: dragged with a ghost that tells the truth, and by the card's form."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.days import DayBoard, day_board
from dispatch.work.planning import plan_now
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot

pytestmark = pytest.mark.browser

LIGHTS = re.compile("good|late|asks|never")


def board_of(demo: Demo) -> DayBoard:
    """Give the demo's day as the board shows it."""
    return day_board(demo.services, demo.actor(Role.DISPATCHER), demo.company.day)


@pytest.fixture
def planned(dispatcher: Page, demo: Demo) -> Page:
    """Give the board of a planned day, wide."""
    plan_now(demo.services, demo.actor(Role.DISPATCHER), demo.company.day, budget=Budget(rounds=5))
    dispatcher.set_viewport_size({"width": 1440, "height": 900})
    dispatcher.goto(demo.day_url())
    expect(dispatcher.locator(".visit").first).to_be_visible()
    return dispatcher


def middle(page: Page, target: Locator) -> tuple[float, float]:
    """Give the middle of an element on the screen."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_ghost_tells_what_a_drop_would_do_and_escape_leaves_all_as_it_was(planned: Page, demo: Demo) -> None:
    """While a visit hovers over other rows a ghost shows a light and a sentence; Escape drops nothing."""
    page, before = planned, board_of(demo).plan
    x, y = middle(page, page.locator(".visit").first)
    rows = page.locator("[data-row] .tl-track")
    page.mouse.move(x, y)
    page.mouse.down()
    for number in range(1, min(6, rows.count())):
        page.mouse.move(x + 90 * number, middle(page, rows.nth(number))[1], steps=4)
        expect(page.locator(".ghost")).to_have_attribute("data-light", LIGHTS)
        expect(page.locator(".ghost-says [data-light]")).to_be_visible()
    shoot(page, "board-drag")
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    assert board_of(demo).plan == before


def test_a_visit_is_dropped_where_nothing_stands_against_it(planned: Page, demo: Demo) -> None:
    """A visit dropped on a green or amber ghost starts there, with whom it was dropped on, and is locked to the time."""
    page, before = planned, board_of(demo)
    name = _held_where_it_may_be_dropped(page)
    therapist = page.locator("[data-row]:has(.ghost)").get_attribute("data-therapist")
    page.mouse.up()
    expect(page.get_by_text("Moved; this is plan")).to_be_visible()
    after = board_of(demo)
    assert after.head is not None
    assert after.head != before.head
    assert name in after.plan.route_of(therapist or "").visit_ids()
    lock = next(lock for lock in after.problem.locks if lock.visit_id == name)
    assert after.timetable.visit(name).start_s == lock.start_s


def _held_where_it_may_be_dropped(page: Page) -> str:
    """Drag one visit after the other over the rows until a ghost is green or amber; give whose visit is held there."""
    for visit in page.locator(".visit").all()[:8]:
        x, y = middle(page, visit)
        page.mouse.move(x, y)
        page.mouse.down()
        for row in page.locator("[data-row]").all():
            for shift in (20, 60, 110, 170):
                page.mouse.move(x + shift, middle(page, row.locator(".tl-track"))[1], steps=3)
                if _settled_light(page) in {"good", "late"}:
                    return visit.get_attribute("data-visit") or ""
        page.keyboard.press("Escape")
        page.mouse.up()
    raise AssertionError("No visit may be dropped anywhere.")


def _settled_light(page: Page) -> str:
    """Give the ghost's light where the pointer is: Chromium hands moves on with the next frame, so two are let pass first."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(page.locator(".ghost")).to_have_attribute("data-light", LIGHTS)
    return page.locator(".ghost").get_attribute("data-light") or ""


def test_the_form_on_the_card_weighs_and_moves(planned: Page, demo: Demo) -> None:
    """The same move by the keyboard: choosing another therapist shows the verdict, and the button makes the move."""
    page = planned
    page.locator(".visit").first.click()
    details = page.locator("#details")
    details.get_by_text("Move by hand").click()
    select = details.get_by_label("Therapist").first
    names = select.locator("option").all_inner_texts()
    for name in names:
        select.select_option(label=name)
        expect(details.locator("[data-light]")).to_be_visible()
    check_both_schemes(page, "board-move")
    assert len(names) > 3
