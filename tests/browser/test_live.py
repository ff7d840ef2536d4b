"""Two dispatchers on one day in real Chromium: each sees what the other does, and nothing of either is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from dispatch.explain.moves import weigh
from dispatch.model.kinds import Role
from dispatch.model.move import Light, Move
from dispatch.model.outcome import Budget
from dispatch.work.days import DayBoard, day_board
from dispatch.work.moving import make_move
from dispatch.work.planning import plan_now
from tests.browser.conftest import TIMEOUT_MS, Demo, Guard, watch
from tests.browser.helpers import check_both_schemes, sign_in
from tests.browser.test_drag import _held_where_it_may_be_dropped

pytestmark = pytest.mark.browser


def board_of(demo: Demo) -> DayBoard:
    """Give the demo's day as the board shows it."""
    return day_board(demo.services, demo.actor(Role.DISPATCHER), demo.company.day)


@pytest.fixture
def mine(dispatcher: Page, demo: Demo) -> Page:
    """Give the dispatcher's board of a planned day."""
    plan_now(demo.services, demo.actor(Role.DISPATCHER), demo.company.day, budget=Budget(rounds=3))
    dispatcher.goto(demo.day_url())
    expect(dispatcher.locator(".visit").first).to_be_visible()
    return dispatcher


@pytest.fixture
def theirs(mine: Page, browser: Browser, demo: Demo, guard: Guard) -> Iterator[Page]:
    """Give the owner's board of the same day, in a browser of her own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Asia/Kuala_Lumpur")
    context.set_default_timeout(TIMEOUT_MS)
    watch(context, guard)
    page = context.new_page()
    sign_in(page, demo, Role.OWNER)
    page.goto(demo.day_url())
    expect(page.locator(".visit").first).to_be_visible()
    yield page
    context.close()


def name_of(demo: Demo, role: Role) -> str:
    """Give the name of the demo's account of a role."""
    return demo.actor(role).name


def hand_over(page: Page, visit: str, therapist_id: str) -> None:
    """Give a visit to another therapist by the form on its card; whoever calls waits for what follows."""
    page.locator(f'[data-visit="{visit}"]').click()
    details = page.locator("#details")
    details.get_by_text("Move by hand").click()
    details.get_by_label("Therapist").first.select_option(therapist_id)
    expect(details.locator("[data-light]")).to_have_attribute("data-light", re.compile("good|late"), timeout=TIMEOUT_MS)
    details.get_by_role("button", name="Move", exact=True).click(no_wait_after=True)


def movable(demo: Demo) -> tuple[str, str]:
    """Give a visit of a booking with one seat, and a colleague who may serve it as well."""
    board = board_of(demo)
    for route in board.plan.routes:
        for visit in route.visit_ids():
            if len(board.bookings[visit.rpartition("/")[0]].seats) > 1:
                continue
            for other in board.problem.therapists:
                if other.id == route.therapist_id:
                    continue
                verdict = weigh(board.problem, board.plan, Move(places=((visit, other.id),), start_s=None))
                if verdict.light in {Light.GOOD, Light.LATE}:
                    return visit, other.id
    raise AssertionError("No visit can be handed over.")


def test_a_colleagues_move_appears_where_it_is(mine: Page, theirs: Page, demo: Demo) -> None:
    """The other's move is drawn on this board by itself, marked and said with who and what; place and focus stay."""
    visit, other = movable(demo)
    mine.locator(".visit").nth(3).focus()
    focused = mine.evaluate("document.activeElement.dataset.visit")
    mine.evaluate("window.scrollTo(0, 40)")
    row = mine.locator(f'[data-row]:has([data-visit="{visit}"])')
    before = row.get_attribute("data-therapist")
    hand_over(theirs, visit, other)
    expect(mine.locator(f'[data-visit="{visit}"]')).to_have_class(re.compile(r"\bmoved\b"), timeout=TIMEOUT_MS)
    toast = mine.locator(".toast")
    expect(toast).to_contain_text(name_of(demo, Role.OWNER))
    expect(toast).to_contain_text("changed the plan by hand")
    check_both_schemes(mine, "live-moved-1440")
    assert row.get_attribute("data-therapist") != before
    assert mine.evaluate("document.activeElement.dataset.visit") == focused
    assert mine.evaluate("window.scrollY") == 40
    head = board_of(demo).head
    assert head is not None
    expect(mine.locator("[data-timeline]")).to_have_attribute("data-head", head.id)
    expect(theirs.get_by_text("Moved; this is plan")).to_be_visible(timeout=TIMEOUT_MS)
    expect(theirs.locator(".toast")).to_have_count(0)


def test_a_form_being_filled_in_is_kept(mine: Page, theirs: Page, demo: Demo) -> None:
    """With a reason half typed the board waits and says what changed; shown, the reason is still there, on the newer plan."""
    visit, other = movable(demo)
    mine.set_viewport_size({"width": 1280, "height": 800})
    mine.locator(f'.visit:not([data-visit="{visit}"])').first.click()
    details = mine.locator("#details")
    details.get_by_text("Move by hand").click()
    details.get_by_label("Reason, where a rule is broken").fill("she asked for it")
    old = mine.locator("[data-timeline]").get_attribute("data-head") or ""
    hand_over(theirs, visit, other)
    bar = mine.locator("[data-live-bar]")
    expect(bar).to_contain_text("changed the plan by hand", timeout=TIMEOUT_MS)
    expect(mine.locator("[data-timeline]")).to_have_attribute("data-head", old)
    expect(details.get_by_label("Reason, where a rule is broken")).to_have_value("she asked for it")
    check_both_schemes(mine, "live-waits-1280")
    bar.get_by_role("button", name="Show it").click()
    expect(mine.locator("[data-timeline]")).not_to_have_attribute("data-head", old)
    expect(details.get_by_label("Reason, where a rule is broken")).to_have_value("she asked for it")
    expect(details.locator("#move-form [name=head_id]")).not_to_have_value(old)
    expect(bar).to_be_hidden()


def test_a_stale_form_gets_a_plain_message(mine: Page, theirs: Page, demo: Demo, guard: Guard) -> None:
    """What was sent for a plan that is old changes nothing: the page says who was faster, what changed, what was wanted."""
    guard.expected += ["net::ERR_FAILED", "409 (CONFLICT)"]
    visit, other = movable(demo)
    mine.route("**/pulse", lambda route: route.abort())
    mine.locator(f'[data-visit="{visit}"]').click()
    details = mine.locator("#details")
    details.get_by_text("Move by hand").click()
    details.get_by_label("Fixed start").fill("15:00")
    details.get_by_label("Reason, where a rule is broken").fill("she asked for it")
    hand_over(theirs, visit, other)
    expect(theirs.get_by_text("Moved; this is plan")).to_be_visible(timeout=TIMEOUT_MS)
    after = board_of(demo).plan
    details.get_by_role("button", name="Move", exact=True).click()
    expect(mine.get_by_role("heading", name="Somebody else was faster")).to_be_visible()
    expect(mine.locator("main")).to_contain_text(name_of(demo, Role.OWNER))
    expect(mine.locator("main")).to_contain_text("she asked for it")
    check_both_schemes(mine, "live-stale-1440")
    assert board_of(demo).plan == after
    mine.get_by_role("link", name="Show the day as it is now").click()
    expect(mine.locator(".visit").first).to_be_visible()


def test_a_drag_under_way_is_left_alone_and_a_stale_drop_is_told(mine: Page, demo: Demo, guard: Guard) -> None:
    """A colleague's change waits while a visit is held; let go for the old plan, the drop changes nothing and is told."""
    guard.expected.append("409 (CONFLICT)")
    _held_where_it_may_be_dropped(mine)
    old = mine.locator("[data-timeline]").get_attribute("data-head") or ""
    visit, other = movable(demo)
    with mine.expect_response(lambda answer: answer.url.endswith("/pulse") and answer.status == 200):
        move = Move(places=((visit, other),), start_s=None)
        make_move(demo.services, demo.actor(Role.OWNER), demo.company.day, move, head_id=old)
    with mine.expect_response(lambda answer: answer.url.endswith("/pulse") and answer.status == 304):
        pass
    expect(mine.locator(".ghost")).to_be_visible()
    expect(mine.locator("[data-timeline]")).to_have_attribute("data-head", old)
    after = board_of(demo).plan
    mine.mouse.up()
    expect(mine.get_by_role("heading", name="Somebody else was faster")).to_be_visible(timeout=TIMEOUT_MS)
    expect(mine.locator("main")).to_contain_text(name_of(demo, Role.OWNER))
    assert board_of(demo).plan == after


def test_each_sees_where_the_other_is(mine: Page, theirs: Page, demo: Demo) -> None:
    """A colleague's name stands on the board, and at the visit whose card she has open; both go when she leaves."""
    owner = name_of(demo, Role.OWNER)
    expect(mine.get_by_role("list", name="Also on this day")).to_contain_text(owner)
    first = theirs.locator(".visit").first
    name = first.get_attribute("data-visit") or ""
    first.click()
    watched = mine.locator(f'[data-visit="{name}"]')
    expect(watched).to_have_class(re.compile(r"\bwatched\b"), timeout=TIMEOUT_MS)
    expect(watched).to_contain_text(f"{owner} has this open too")
    watched.click()
    expect(mine.locator("[data-watch-note]")).to_have_text(f"{owner} has this open too")
    check_both_schemes(mine, "live-presence-1440")
    mine.set_viewport_size({"width": 1280, "height": 800})
    check_both_schemes(mine, "live-presence-1280")
    theirs.goto(f"{demo.url}/bookings")
    expect(mine.get_by_role("list", name="Also on this day").locator("li")).to_have_count(0, timeout=TIMEOUT_MS)
    expect(mine.locator(".visit.watched")).to_have_count(0)
