"""The phone in real Chromium, Pixel-size, with the network cut at every step: the day stays readable, no tap is lost."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, Route, expect

from dispatch.model.facts import Event, EventPlace
from dispatch.model.kinds import EventKind, Role
from dispatch.model.outcome import Budget
from dispatch.work.days import day_board
from dispatch.work.phones import PhoneVisit, make_phone_link, phone_actor, phone_day
from dispatch.work.planning import plan_now, publish
from tests.browser.conftest import Demo, Guard, watch
from tests.browser.helpers import check_both_schemes, shoot

pytestmark = pytest.mark.browser

FIRST_LOAD_LIMIT = 200_000
STEPS = ("I will be there", "I am leaving now", "I have arrived", "Treatment begins", "Finished")
KINDS = [EventKind.ACKNOWLEDGED, EventKind.DEPARTED, EventKind.ARRIVED, EventKind.STARTED, EventKind.FINISHED]


@pytest.fixture
def token(demo: Demo) -> str:
    """Give the link of a therapist who has at least two visits to come and has reported nothing, her day published."""
    dispatcher = demo.actor(Role.DISPATCHER)
    board = day_board(demo.services, dispatcher, demo.company.day)
    if board.head is None:
        plan_now(demo.services, dispatcher, demo.company.day, budget=Budget(rounds=1), seed=1)
        board = day_board(demo.services, dispatcher, demo.company.day)
    assert board.head
    if board.published != board.head:
        publish(demo.services, dispatcher, demo.company.day, head_id=board.head.id)
    for route in board.plan.routes:
        found = make_phone_link(demo.services, dispatcher, route.therapist_id)
        day = phone_day(demo.services, phone_actor(demo.services, found))
        visits = [stop for stop in day.stops if isinstance(stop, PhoneVisit)]
        fresh = [one for one in visits if not one.done and not one.told and one.end_s > day.now_s + 3_600]
        if len(fresh) > 1 and not any(one.told for one in visits):
            return found
    pytest.fail("Nobody of the demo has two visits to come.")


@pytest.fixture
def pixel(browser: Browser, guard: Guard) -> Iterator[BrowserContext]:
    """Give a phone's browser."""
    yield from phone_browser(browser, guard, "allow")


@pytest.fixture
def pixel_without_worker(browser: Browser, guard: Guard) -> Iterator[BrowserContext]:
    """Give a phone's browser without service workers: Playwright does not see the requests of pages that have one."""
    yield from phone_browser(browser, guard, "block")


def phone_browser(browser: Browser, guard: Guard, workers: Literal["allow", "block"]) -> Iterator[BrowserContext]:
    """Open a phone's browser; that the network is gone is what these tests ask for, so it is no error."""
    guard.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource", "Service Worker registration blocked"]
    context = browser.new_context(
        service_workers=workers,
        viewport={"width": 412, "height": 839},
        device_scale_factor=2.625,
        is_mobile=True,
        has_touch=True,
        locale="en-MY",
        timezone_id="Asia/Kuala_Lumpur",
    )
    watch(context, guard)
    context.set_default_timeout(30_000)
    yield context
    context.close()


def open_day(context: BrowserContext, demo: Demo, token: str) -> Page:
    """Open her day, and wait until it can be opened without a network too."""
    page = context.new_page()
    page.goto(f"{demo.url}/p/{token}")
    expect(page.locator("html[data-offline=ready][data-clock]")).to_be_attached()
    return page


def told(demo: Demo, token: str) -> list[Event]:
    """Give what is kept of her visits, in the order it was tapped."""
    actor = phone_actor(demo.services, token)
    visits = [stop.visit_id for stop in phone_day(demo.services, actor).stops if isinstance(stop, PhoneVisit)]
    with demo.services.store.reading() as tx:
        events = tx.events(actor.branch_id, visits)
    mine = [one for one in events if one.therapist_id == actor.therapist_id]
    return sorted(mine, key=lambda one: one.device_at)


def main(page: Page) -> str:
    """Give what the big button says."""
    return page.locator("[data-main]").inner_text()


def test_every_step_with_the_network_cut(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """Each of the five steps is tapped offline, over a reload and a restart of the page, and arrives once and in order."""
    page = open_day(pixel, demo, token)
    check_both_schemes(page, "phone-steps")
    visit = page.locator("[data-which]").get_attribute("data-shown")
    pixel.set_offline(True)
    for number, label in enumerate(STEPS):
        expect(page.locator("[data-main]")).to_have_text(label)
        page.locator("[data-main]").click()
        expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", str(number + 1))
        expect(page.locator("[data-sync-words]")).to_have_text(f"Waiting to send ({number + 1})")
        if number == 1:
            page.reload()
        if number == 3:
            page.close()
            page = pixel.new_page()
            page.goto(f"{demo.url}/p/{token}")
        expect(page.get_by_role("heading", name="The whole day")).to_be_visible()
        expect(page.locator(".phone-visit").first).to_be_visible()
        expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", str(number + 1))
        if number == 2:
            shoot(page, "phone-offline")
    assert told(demo, token) == []
    expect(page.locator("[data-which]")).not_to_have_attribute("data-shown", visit or "")
    pixel.set_offline(False)
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    events = told(demo, token)
    assert [event.kind for event in events] == KINDS
    assert {event.visit_id for event in events} == {visit}
    assert len({event.id for event in events}) == len(events)
    page.reload()
    expect(page.locator(f'[data-visit="{visit}"]')).to_be_attached()
    expect(page.locator("[data-which]")).not_to_have_attribute("data-shown", visit or "")


def test_undo_late_and_problem(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """A tap is taken back within ten seconds, online or not; being late and a problem are told without a next step."""
    page = open_day(pixel, demo, token)
    page.locator("[data-main]").click()
    expect(page.locator("[data-undo-button]")).to_be_visible()
    expect(page.locator("[data-main]")).to_have_text(STEPS[1])
    shoot(page, "phone-undo")
    pixel.set_offline(True)
    page.locator("[data-undo-button]").click()
    expect(page.locator("[data-undo]")).to_be_hidden()
    expect(page.locator("[data-main]")).to_have_text(STEPS[0])
    page.get_by_role("button", name="Running late").click()
    page.get_by_role("button", name="20 min").click()
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "2")
    expect(page.locator("[data-undo]")).to_be_hidden()  # after its ten seconds
    page.get_by_role("button", name="Problem").click()
    shoot(page, "phone-problem")
    page.get_by_role("button", name="Nobody answers").click()
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "3")
    pixel.set_offline(False)
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    events = told(demo, token)
    assert [event.kind for event in events] == [
        EventKind.ACKNOWLEDGED,
        EventKind.RETRACTED,
        EventKind.RUNNING_LATE,
        EventKind.PROBLEM,
    ]
    assert events[1].retracts == events[0].id
    assert [event.payload for event in events[2:]] == ["20", "no_answer"]


def test_an_answer_that_never_arrives(pixel_without_worker: BrowserContext, demo: Demo, token: str) -> None:
    """The server keeps the tap and its answer is lost: the phone sends it again, and it is kept once."""
    page = pixel_without_worker.new_page()
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/taps", lose, times=2)
    page.goto(f"{demo.url}/p/{token}")
    page.locator("[data-main]").click()
    while len(lost) < 2:
        page.wait_for_event("requestfailed")
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "0")
    assert lost == [200, 200]
    assert [event.kind for event in told(demo, token)] == [EventKind.ACKNOWLEDGED]


def test_a_revoked_link_forgets_the_day(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """Once a phone hears that its link was revoked, the day is gone from it, without a network too."""
    from dispatch.work.phones import revoke_phone_links

    page = open_day(pixel, demo, token)
    revoke_phone_links(demo.services, demo.actor(Role.DISPATCHER), phone_actor(demo.services, token).therapist_id)
    page.locator("[data-main]").click()
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "shut")
    page.goto(f"{demo.url}/p/{token}")
    expect(page.locator(".phone-visit")).to_have_count(0)
    keys = "async () => (await (await caches.open('laluan-pages-1')).keys()).map((one) => one.url)"
    assert page.evaluate(keys) == []


def test_small_and_one_handed(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """The first load stays under 200 kB compressed, map and scripts included, and a 360 px screen scrolls one way only."""
    sizes: dict[str, int] = {}
    page = pixel.new_page()
    page.set_viewport_size({"width": 360, "height": 740})

    def weigh(answer: Response) -> None:
        if answer.status == 200:
            sizes[answer.url] = len(gzip.compress(answer.body()))

    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.goto(f"{demo.url}/p/{token}")
    expect(page.locator("html[data-clock]")).to_be_attached()
    expect(page.locator("[data-main]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    for answer in list({one.url: one for one in answers}.values()):
        weigh(answer)
    assert sum(sizes.values()) < FIRST_LOAD_LIMIT, json.dumps(sizes, indent=1)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    button = page.locator("[data-main]").bounding_box()
    assert button
    assert button["height"] >= 60
    assert button["y"] > 370, "the button lies in the lower half, where a thumb reaches"
    for other in page.locator(".steps button:visible").all():
        box = other.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["width"] >= 44
    check_both_schemes(page, "phone-360")
    page.get_by_role("button", name="Problem").click()
    shoot(page, "phone-360-problem")
    assert re.search("Laluan", page.title())


def test_where_she_is_goes_with_a_tap_only_once_she_turned_it_on(pixel: BrowserContext, demo: Demo, token: str) -> None:
    """Her place is told with the taps after she turned that on, with none before, and with none after she turned it off."""
    pixel.grant_permissions(["geolocation"])
    pixel.set_geolocation({"latitude": 3.1579, "longitude": 101.7116, "accuracy": 20})
    page = open_day(pixel, demo, token)
    switch = page.get_by_role("switch", name="Send where I am with each tap")
    for number, turned in enumerate((None, "true", "false")):
        if turned:
            switch.click()
            expect(switch).to_have_attribute("aria-checked", turned)
        expect(page.locator("[data-main]")).to_have_text(STEPS[number])
        page.locator("[data-main]").click()
        expect(page.locator("[data-main]")).to_have_text(STEPS[number + 1])
    expect(page.locator("[data-sync]")).to_have_attribute("data-sync", "kept")
    places = [event.place for event in told(demo, token)]
    assert places == [None, EventPlace(lat=3.1579, lon=101.7116, accuracy_m=20), None]
