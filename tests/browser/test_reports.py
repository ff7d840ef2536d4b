"""The week and the reports in real Chromium: one published day of the demo, by mouse and keyboard, in both schemes."""

import csv
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.days import day_board
from dispatch.work.planning import plan_now, publish
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot

pytestmark = pytest.mark.browser

SIZES = ((1440, 900), (1280, 800))


@pytest.fixture
def published(dispatcher: Page, demo: Demo) -> Page:
    """The dispatcher's page, with the demo's day planned and published."""
    services, actor, day = demo.services, demo.actor(Role.DISPATCHER), demo.company.day
    board = day_board(services, actor, day)
    head = board.head or plan_now(services, actor, day, budget=Budget(rounds=0))
    if board.published is None or board.published.id != head.id:
        publish(services, actor, day, head_id=head.id)
    return dispatcher


def no_wider_than_the_window(page: Page) -> bool:
    """Tell whether the page itself is never scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_the_week_shows_the_demo_and_leads_to_its_day(published: Page, demo: Demo) -> None:
    """The week is in the menu, has the published day with its figures, is sound at both sizes, and opens the day's board."""
    page, day = published, demo.company.day
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".week-day.is-today")).to_contain_text("Today")
    board = day_board(demo.services, demo.actor(Role.DISPATCHER), day)
    visits = sum(len(route.visits()) for route in board.timetable.routes)
    today = page.locator("tbody td.is-today")
    expect(today.locator(".strip-busy, .strip-held")).to_have_count(visits)
    expect(page.locator(".day-loads td.is-today")).to_contain_text("Published")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        check_both_schemes(page, f"week-{width}")
        assert no_wider_than_the_window(page)
    page.get_by_role("link", name="The week after").click()
    expect(page.locator(".week-day.is-today")).to_have_count(0)
    page.get_by_role("link", name="This week").click()
    page.locator(".week-day.is-today a").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(demo.day_url())


def test_the_report_of_one_published_day(published: Page, demo: Demo) -> None:
    """The report is sound at both sizes and schemes, its tables open by keyboard, and a file comes down with its figures."""
    page, day = published, demo.company.day
    page.get_by_role("link", name="Reports", exact=True).click()
    expect(page.get_by_role("heading", name="Reports", level=1)).to_be_visible()
    expect(page.get_by_text("27 of 28 days have no published plan")).to_be_visible()
    expect(page.get_by_role("img", name="Utilisation and travel by day")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        check_both_schemes(page, f"reports-{width}")
        shoot(page, f"reports-{width}-full", full_page=True)
        assert no_wider_than_the_window(page)
    summary = page.locator(".chart-table summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chart-table table").first).to_be_visible()
    assert page.locator(".chart-table").first.locator("tbody tr").count() == 28
    board = day_board(demo.services, demo.actor(Role.DISPATCHER), day)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV Days").click()
    path = download.value.path()
    with path.open(encoding="utf-8-sig", newline="") as file:
        row = list(csv.DictReader(file))[-1]
    assert (row["Day"], row["Published"]) == (day.isoformat(), "yes")
    assert int(row["Visits"]) <= sum(len(route.visits()) for route in board.timetable.routes)


def test_a_span_is_chosen_by_keyboard_and_by_name(published: Page, demo: Demo) -> None:
    """Dates typed and a span named both show that span, and a span that cannot be is explained."""
    page, day = published, demo.company.day
    page.goto(f"{demo.url}/reports")
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_text("6 of 7 days have no published plan")).to_be_visible()
    expect(page.locator(".presets a[aria-current]")).to_have_text("7 days")
    page.get_by_label("From").fill((day - timedelta(days=1)).isoformat())
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 2 days have no published plan")).to_be_visible()
