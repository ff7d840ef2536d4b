"""Planned against actual in one row of the board in real Chromium, the client's message ready, and the repair on offer."""

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.account import Actor
from dispatch.model.kinds import EventKind, Role
from dispatch.model.outcome import Budget
from dispatch.work.phones import PhoneVisit, phone_day
from dispatch.work.planning import plan_now, publish
from dispatch.work.reporting import Tap, report, take_back
from tests.browser.conftest import Demo
from tests.browser.helpers import await_board, check_both_schemes

pytestmark = pytest.mark.browser


def test_planned_against_actual(dispatcher: Page, demo: Demo) -> None:
    """Half an hour told is drawn half an hour right of the plan; the client's text is ready; the offer opens and keeps nothing."""
    page, services, actor = dispatcher, demo.services, demo.actor(Role.DISPATCHER)
    day = demo.company.day
    made = plan_now(services, actor, day, budget=Budget(rounds=2))
    publish(services, actor, day, head_id=made.id)
    first = next(route for route in made.plan.routes if len(route.visit_ids()) > 1)
    hers = Actor(
        id=first.therapist_id,
        branch_id=actor.branch_id,
        name="",
        role=Role.THERAPIST,
        therapist_id=first.therapist_id,
    )
    visit = next(stop for stop in phone_day(services, hers, day).stops if isinstance(stop, PhoneVisit))
    now = services.now()
    tap = Tap(id="tap-road-1", visit_id=visit.visit_id, kind=EventKind.RUNNING_LATE, device_at=now, payload="30")
    (answer,) = report(services, hers, [tap], sent_at=now)
    assert answer.new

    page.goto(demo.day_url())
    await_board(page)
    row = page.locator(".road", has=page.locator(".road-late")).first
    expect(row.locator(".road-chip").first).to_have_text("+30")
    planned, actual = row.locator(".road-planned").first.bounding_box(), row.locator(".road-late").first.bounding_box()
    assert planned is not None
    assert actual is not None
    half_hour = planned["width"] * 1_800 / (visit.end_s - visit.start_s)
    assert abs(actual["x"] - planned["x"] - half_hour) < 2
    assert abs(actual["width"] - planned["width"]) < 2
    assert actual["y"] > planned["y"]

    road = page.locator("#road")
    road.get_by_text("Tell the client").first.click()
    expect(road.locator(".road-text").first).to_be_visible()
    check_both_schemes(page, "road-1440")
    page.get_by_role("link", name="Show the smallest repair").click()
    expect(page.get_by_role("heading", name="If nobody does anything")).to_be_visible()
    check_both_schemes(page, "road-repair-1440")
    with services.store.reading() as tx:
        assert tx.pointers(actor.branch_id, day).head_id == made.id

    assert take_back(services, actor, "tap-road-1")
    page.goto(demo.day_url())
    await_board(page)
    expect(page.locator(".road-late")).to_have_count(0)
