"""Hostile names in real Chromium: they show as themselves on the board and the map, and nothing of them runs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role
from dispatch.model.outcome import Budget
from dispatch.work.clients import change_client, client_page
from dispatch.work.days import DayBoard, day_board
from dispatch.work.planning import plan_now
from dispatch.work.team import change_therapist, get_therapist
from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser

NAMES = (
    "canary{{7*7}}",
    "${alert(1)} `${alert(2)}`",
    "</script><script>alert(3)</script>",
    '"><img src=x onerror=alert(4)>',
    "'; alert(5); '\\u0022",
    "\u0645\u0631\u064a\u0645 (right to left) 1",
)


@pytest.fixture
def renamed(demo: Demo) -> Iterator[DayBoard]:
    """Plan the demo's day, and give clients and therapists of its visits hostile names until the test is over."""
    owner, services = demo.actor(Role.OWNER), demo.services
    plan_now(services, owner, demo.company.day, budget=Budget(rounds=1))
    board = day_board(services, owner, demo.company.day)
    busy = [route for route in board.plan.routes if route.visit_ids()][: len(NAMES)]
    clients, therapists = {}, {}
    for name, route in zip(NAMES, busy, strict=True):
        client_id = board.bookings[route.visit_ids()[0].rpartition("/")[0]].client_id
        clients[client_id] = client_page(services, owner, client_id).client
        therapists[route.therapist_id] = get_therapist(services, owner, route.therapist_id)
        change_client(services, owner, replace(clients[client_id], name=name))
        change_therapist(services, owner, replace(therapists[route.therapist_id], name=name))
    yield day_board(services, owner, demo.company.day)
    for client in clients.values():
        now = client_page(services, owner, client.id).client
        change_client(services, owner, replace(now, name=client.name))
    for therapist in therapists.values():
        mine = get_therapist(services, owner, therapist.id)
        change_therapist(services, owner, replace(mine, name=therapist.name))


def test_hostile_names_on_board_and_map(renamed: DayBoard, dispatcher: Page) -> None:
    """Each name stands on its row, its visit, its card and its marker exactly as typed; the guard sees nothing run."""
    page = dispatcher
    rows = page.locator(".tl-therapist").all_inner_texts()
    cards = page.locator(".visit-client").all_text_contents()
    for name in NAMES:
        assert name in rows
        assert name in cards
    expect(page.locator(".map-stop[aria-label]").first).to_be_visible()
    expect(page.locator(".map-stop:not([aria-label])")).to_have_count(0)  # the whole map has been drawn
    labels = [marker.get_attribute("aria-label") or "" for marker in page.locator(".map-stop").all()]
    for name in NAMES:
        assert any(f" · {name} · " in label for label in labels), name
    for name in NAMES:
        index = next(n for n, label in enumerate(labels) if f" · {name} · " in label)
        marker = page.locator(".map-stop").nth(index)
        marker.focus()  # the tooltip opens with the focus
        page.keyboard.press("Enter")
        expect(page.locator("#details h2")).to_have_text(name)
        expect(page.get_by_role("tooltip").last).to_contain_text(name)
    assert page.locator("img[src='x']").count() == 0
    assert "canary49" not in page.content()
