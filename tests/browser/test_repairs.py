"""When something happens, in real Chromium and by keyboard alone: a booking put in, each dialog, and the day mended."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.outcome import Budget
from dispatch.work.bookings import add_booking, cancel_booking
from dispatch.work.conditions import conditions_of_day, end_condition
from dispatch.work.days import DayBoard, day_board
from dispatch.work.planning import plan_now
from tests.browser.conftest import Demo, Guard
from tests.browser.helpers import check_both_schemes

pytestmark = pytest.mark.browser

HOUR = 3_600


def board_of(demo: Demo) -> DayBoard:
    """Give the demo's day as the board shows it."""
    return day_board(demo.services, demo.actor(Role.DISPATCHER), demo.company.day)


@pytest.fixture
def planned(dispatcher: Page, demo: Demo) -> Page:
    """Give the board of a planned day on which nothing has happened yet."""
    actor = demo.actor(Role.DISPATCHER)
    for one in conditions_of_day(demo.services, actor, demo.company.day):
        end_condition(demo.services, actor, demo.company.day, one.id)
    plan_now(demo.services, actor, demo.company.day, budget=Budget(rounds=5))
    dispatcher.goto(demo.day_url())
    expect(dispatcher.locator(".visit").first).to_be_visible()
    return dispatcher


def press(page: Page, selector: str) -> None:
    """Reach a control with the keyboard and use it."""
    found = page.locator(selector).first
    found.focus()
    expect(found).to_be_focused()
    page.keyboard.press("Enter")


def a_visit(demo: Demo) -> tuple[str, int, int]:
    """Give the booking of a confirmed visit for one in the afternoon, with its arrival and its start."""
    board = board_of(demo)
    for route in board.timetable.routes:
        for visit in route.visits():
            booking = board.bookings[visit.booking_id]
            is_plain = len(booking.seats) == 1 and not board.problem.booking(booking.id).is_hold
            if is_plain and booking.status is BookingStatus.CONFIRMED and visit.start_s > 13 * HOUR:
                return booking.id, visit.arrive_s, visit.start_s
    raise AssertionError("The demo has no such visit.")


@pytest.mark.parametrize("width", [1440, 1280])
def test_a_new_booking_is_put_in_by_keyboard(planned: Page, demo: Demo, width: int) -> None:
    """The card of a new booking shows ranked ways, and the first button puts it in at the time that was shown."""
    page, actor = planned, demo.actor(Role.DISPATCHER)
    page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 800})
    model = board_of(demo).bookings[a_visit(demo)[0]]
    new = add_booking(
        demo.services,
        actor,
        replace(
            model,
            id=f"new-{width}",
            windows=(replace(model.windows[0], start_s=10 * HOUR, end_s=20 * HOUR),),
            only_therapists=(),
            links=(),
            promise=None,
            priority=5,
        ),
    )
    page.goto(demo.day_url())
    press(page, f"[data-booking='{new.id}']")
    press(page, "#details .insert > summary")
    way = page.locator("#details .way").first
    expect(way).to_be_visible()
    start_s = int(way.locator("[name=shown_s]").get_attribute("value") or 0)
    way.scroll_into_view_if_needed()
    check_both_schemes(page, f"insert-{width}")
    press(page, "#details .way button")
    expect(page.get_by_text("Put in; this is plan")).to_be_visible()
    assert board_of(demo).timetable.visit(f"{new.id}/0").start_s == start_s
    cancel_booking(demo.services, actor, new.id, board_of(demo).bookings[new.id].version, "only a test")


@pytest.mark.parametrize(("kind", "width"), [("ill", 1440), ("traffic", 1280), ("rain", 1280)])
def test_what_happens_on_the_roads_and_in_the_team_is_mended_by_keyboard(
    planned: Page, demo: Demo, kind: str, width: int
) -> None:
    """From the board's menu the dialog shows the damage and ways to mend it, and the proposal becomes the plan."""
    page, before = planned, board_of(demo)
    page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 800})
    press(page, ".happened > summary")
    press(page, f".happened a[href$='/{kind}']")
    page.locator("#repair-from").fill("15:00")
    if kind != "ill":
        page.locator("#repair-to").fill("19:00")
        page.locator("#repair-percent").fill("90")
    else:
        page.locator("#repair-therapist").select_option(before.timetable.routes[-1].therapist_id)
    press(page, ".repair-fields .button-main")
    expect(page.locator(".option").first).to_be_visible()
    assert board_of(demo).head == before.head
    check_both_schemes(page, f"repair-{kind}-{width}")
    press(page, ".option .button")
    expect(page.get_by_text("Mended; this is plan")).to_be_visible()
    page.screenshot(path=f"tests/browser/screenshots/repaired-{kind}.png")
    page.goto(demo.day_url())
    if kind != "ill":
        expect(page.locator(".condition")).to_be_visible()
        check_both_schemes(page, f"board-{kind}-{width}")
        press(page, ".condition-end")
        expect(page.get_by_text("Ended. The plan stays")).to_be_visible()
        expect(page.locator(".condition")).to_have_count(0)
    after = board_of(demo)
    assert after.head is not None
    assert after.head.cause.value == "repair"


@pytest.mark.parametrize(("kind", "width"), [("running_over", 1440), ("cancel", 1280), ("no_show", 1440)])
def test_what_happens_to_a_visit_is_looked_at_and_left(
    planned: Page, demo: Demo, guard: Guard, kind: str, width: int
) -> None:
    """From the visit's card the dialog says what happens, a wrong entry is told, and leaving it changes nothing."""
    page = planned
    page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 800})
    booking_id, arrive_s, _ = a_visit(demo)
    before = board_of(demo)
    press(page, f"[data-visit='{booking_id}/0']")
    press(page, f"#details .trouble a[href*='/{kind}']")
    if kind == "running_over":
        page.locator("#repair-minutes").fill("75")
    elif kind == "cancel":
        page.locator("#repair-reason").fill("fever")
    else:
        guard.expected.append("status of 400")
        page.locator("#repair-from").fill("noon")
        press(page, ".repair-fields .button-main")
        expect(page.locator("#repair-answer").get_by_text("must be a time")).to_be_visible()
        at_s = arrive_s + 1_200
        page.locator("#repair-from").fill(f"{at_s // HOUR:02d}:{at_s // 60 % 60:02d}")
    press(page, ".repair-fields .button-main")
    expect(page.locator(".option").first).to_be_visible()
    check_both_schemes(page, f"repair-{kind}-{width}")
    press(page, ".repair-fields a.button")
    expect(page.locator(".visit").first).to_be_visible()
    after = board_of(demo)
    assert (after.head, after.problem, after.bookings) == (before.head, before.problem, before.bookings)
