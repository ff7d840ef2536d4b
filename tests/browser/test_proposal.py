"""A day optimised as a proposal in real Chromium: asked for, looked at, chosen from, by the mouse and by the keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Cause, Role
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.rules.referee import check
from dispatch.work.days import day_board
from dispatch.work.doing import branch_of
from dispatch.work.planning import plan_now
from dispatch.work.problem import build_problem
from dispatch.work.proposals import drop_proposal
from dispatch.work.reconcile import reconcile
from dispatch.work.revisions import append_plan
from tests.browser.conftest import Demo
from tests.browser.helpers import PLANNING_MS, await_board, check_both_schemes, shoot

pytestmark = pytest.mark.browser


@pytest.fixture
def planned(dispatcher: Page, demo: Demo) -> Iterator[Page]:
    """Give the board of a day whose plan can be bettered and that has no proposal, and leave it without one."""
    _halve(demo)
    dispatcher.goto(demo.day_url())
    await_board(dispatcher)
    yield dispatcher
    _put_away(demo)


def test_a_proposal_is_chosen_from(planned: Page, demo: Demo) -> None:
    """What the planner proposes is looked at change by change, judged with every tick, and partly taken over."""
    page = planned
    before = page.locator(".revision .badge").first.inner_text()
    page.get_by_label("Thinking time").select_option("5")
    page.get_by_role("button", name="Optimise", exact=True).click()
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible(timeout=PLANNING_MS)
    expect(page.locator(".revision .badge").first).to_have_text(before)
    expect(page.locator(".proposal-proven")).to_contain_text("This plan serves")
    shoot(page, "proposal-strip-1440")

    page.get_by_role("link", name="See the changes").click()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
    boxes = page.locator('input[name="change"]')
    assert boxes.count() > 0
    expect(page.locator("path.route-line").first).to_be_attached()
    check_both_schemes(page, "proposal-1440")
    shoot(page, "proposal-1440-full", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})
    check_both_schemes(page, "proposal-1280")

    boxes.first.uncheck()
    count = boxes.count()
    taken = page.get_by_role("button", name=re.compile(rf"Take {count - 1} of {count} over"))
    expect(taken.or_(page.get_by_text("Choose at least one change"))).to_be_visible()
    shoot(page, "proposal-choice")
    needed = page.get_by_role("link", name=re.compile("Take .* more with them"))
    if needed.count():
        needed.click()
        expect(page.get_by_text("These changes together keep every rule")).to_be_visible()
    else:
        boxes.first.check()
        expect(page.get_by_text("These changes together keep every rule")).to_be_visible()
    page.get_by_role("button", name=re.compile("Take .* over")).click()
    expect(page.get_by_text("is the plan now")).to_be_visible()
    expect(page.locator(".revision .badge").first).not_to_have_text(before)
    expect(page.get_by_text("Nothing has changed yet")).to_have_count(0)


def test_a_proposal_by_keyboard(planned: Page, demo: Demo) -> None:
    """Scope, freedom and price are chosen, the proposal opened, a change refused and the rest put away without a mouse."""
    page = planned
    summary = page.locator(".optimise-menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    first = page.get_by_role("radio", name=re.compile("The whole day"))
    expect(first).to_be_visible()
    shoot(page, "proposal-options")
    page.locator("#seconds").select_option("5")
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("Some therapists"))).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator('.pick-therapists input[name="therapist"]').first).to_be_checked()
    check_both_schemes(page, "proposal-options-chosen")
    page.get_by_role("button", name="Optimise like this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible(timeout=PLANNING_MS)
    expect(page.locator(".proposal-proven")).to_contain_text(re.compile("asked to keep|worked out"))

    page.get_by_role("link", name="See the changes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Proposal", level=1)).to_be_visible()
    boxes = page.locator('input[name="change"]')
    if boxes.count():
        boxes.first.focus()
        page.keyboard.press("Space")
        expect(boxes.first).not_to_be_checked()
        expect(page.locator(".choice .decide")).to_contain_text(re.compile(f"of {boxes.count()} over"))
        expect(boxes.first).to_be_focused()
    page.get_by_role("button", name="Put it away").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The proposal was put away")).to_be_visible()


def _halve(demo: Demo) -> None:
    """Make the day's plan a poor one: of a quick plan every other route, in which nobody's shift or wish is hurt."""
    services, actor, day = demo.services, demo.actor(Role.DISPATCHER), demo.company.day
    head = plan_now(services, actor, day, budget=Budget(rounds=0))
    with services.store.writing() as tx:
        problem = build_problem(tx, services, branch_of(tx, actor), day)
        poor = reconcile(problem, Plan(routes=head.plan.routes[::2]))
        assert check(problem, poor) == []
        append_plan(tx, services, actor, problem, poor, cause=Cause.EDIT, parent_id=head.id)


def _put_away(demo: Demo) -> None:
    """Leave the demo's day without a proposal."""
    actor = demo.actor(Role.DISPATCHER)
    proposal = day_board(demo.services, actor, demo.company.day).proposal
    if proposal is not None:
        drop_proposal(demo.services, actor, demo.company.day, proposal_id=proposal.id)
