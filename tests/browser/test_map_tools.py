"""The map and the timeline in real Chromium point at each other; routes are chosen, and a slider tells who is where."""

import re

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.timetable import VisitTime
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes, shoot
from tests.browser.test_find import board_of, planned

__all__ = ["planned"]

pytestmark = pytest.mark.browser


def test_a_visit_and_its_stop_lift_each_other(planned: Page, demo: Demo) -> None:
    """Going to a visit with the keyboard lifts its stop and her route; going to the stop on the map lifts visit and row."""
    page = planned
    visit = page.locator(".visit").first
    name = visit.get_attribute("data-visit") or ""
    row = page.locator(f'.tl-row:has([data-visit="{name}"])')
    stop = page.locator(f'.map-stop[data-stop="{name}"]')
    visit.focus()
    expect(stop).to_have_class(re.compile("lifted"))
    expect(page.locator("path.route-line.lifted")).to_have_count(1)
    shoot(page, "board-linked")
    visit.blur()
    expect(page.locator(".lifted")).to_have_count(0)
    stop.focus()
    expect(visit).to_have_class(re.compile("linked"))
    expect(row).to_have_class(re.compile("lifted"))
    stop.evaluate("stop => stop.blur()")
    expect(page.locator(".linked")).to_have_count(0)


def test_what_a_bar_means_is_its_title_when_pointed_at(planned: Page) -> None:
    """A bar tells its times, client and area as a title once the pointer is on it."""
    part = planned.locator(".seg-visit").first
    part.locator(".visit").hover()
    expect(part).to_have_attribute("title", re.compile(r"\d\d:\d\d to \d\d:\d\d.* · "))


def test_the_map_shows_whose_routes_are_ticked(planned: Page, demo: Demo) -> None:
    """None, one, only this one, and all: the map follows the list and the letters before a row, and the address keeps it."""
    page = planned
    stops = page.locator(".map-stop")
    everything = stops.count()
    page.locator(".map-filter > summary").click()
    page.get_by_role("button", name="None", exact=True).click()
    expect(stops).to_have_count(0)
    busy = page.locator(".tl-row:has(.visit)").first
    therapist, hers = busy.get_attribute("data-therapist") or "", busy.locator(".visit").count()
    page.locator(f'.map-filter input[value="{therapist}"]').check()
    expect(stops).to_have_count(hers)
    check_both_schemes(page, "board-routes")
    page.keyboard.press("Escape")
    expect(page.locator(".map-filter-list")).to_be_hidden()
    page.reload()
    expect(stops).to_have_count(hers)
    busy.locator(".chip").click()
    expect(stops).to_have_count(everything)
    busy.locator(".chip").click()
    expect(stops).to_have_count(hers)
    expect(page).to_have_url(re.compile(f"routes={therapist}"))
    page.locator(".map-filter > summary").click()
    page.get_by_role("button", name="All", exact=True).click()
    expect(stops).to_have_count(everything)


@pytest.mark.parametrize("width", [1440, 1280])
def test_the_slider_tells_where_everybody_is(planned: Page, demo: Demo, width: int) -> None:
    """At the start of a treatment its therapist's marker stands at its stop; halfway along a leg, halfway between the two ends."""
    page, board = planned, board_of(demo)
    page.set_viewport_size({"width": width, "height": 900 if width == 1440 else 800})
    page.reload()
    route = max(board.timetable.routes, key=lambda one: len(one.visits()))
    visit = route.visits()[1]
    treating, driving = counted(board.timetable.routes, _step(visit.start_s + 300))
    slide(page, _step(visit.start_s + 300))
    expect(page.locator("[data-time-says]")).to_have_text(re.compile(f" {driving} driving, {treating} treating$"))
    index = page.locator(f'[data-therapist="{route.therapist_id}"]').get_attribute("data-row")
    stop = page.locator(f'.map-stop[data-stop="{visit.visit_id}"]').bounding_box()
    who = page.locator(".map-who").nth(_order(page, index)).bounding_box()
    assert stop is not None
    assert who is not None
    assert abs(stop["x"] + stop["width"] / 2 - who["x"] - who["width"] / 2) <= 2
    assert abs(stop["y"] + stop["height"] / 2 - who["y"] - who["height"] / 2) <= 2
    check_both_schemes(page, f"board-time-{width}")
    page.get_by_role("button", name="Whole day").click()
    expect(page.locator(".map-who")).to_have_count(0)
    expect(page.locator("[data-time-says]")).to_have_text("whole day")


def test_between_two_stops_she_is_on_her_way(planned: Page, demo: Demo) -> None:
    """By the keyboard the slider comes to a moment on a leg, where her marker lies between its two ends and is dashed."""
    page, board = planned, board_of(demo)
    legs = [(route, visit) for route in board.timetable.routes for visit in route.visits()[1:] if visit.travel_s >= 900]
    route, visit = max(legs, key=lambda leg: leg[1].travel_s)
    at = _step(visit.depart_s + visit.travel_s // 2)
    assert visit.depart_s < at < visit.arrive_s
    slide(page, at - 300)
    page.locator("#map-time").press("ArrowRight")
    index = page.locator(f'[data-therapist="{route.therapist_id}"]').get_attribute("data-row")
    marker = page.locator(".map-who").nth(_order(page, index))
    expect(marker).to_have_class(re.compile("map-who-drive"))
    before = _before(list(route.visits()), visit)
    ends = [page.locator(f'.map-stop[data-stop="{one.visit_id}"]').bounding_box() for one in (before, visit)]
    box = marker.bounding_box()
    assert box is not None
    for side, length in (("x", "width"), ("y", "height")):
        low, high = sorted(end[side] + end[length] / 2 for end in ends if end is not None)  # type: ignore[literal-required]
        assert low - 3 <= box[side] + box[length] / 2 <= high + 3  # type: ignore[literal-required]


def slide(page: Page, at_s: int) -> None:
    """Move the slider to a time."""
    page.locator("#map-time").evaluate(
        "(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input', {bubbles: true})); }", at_s
    )


def counted(routes: object, at_s: int) -> tuple[int, int]:
    """Give how many are with a client and how many drive at a time."""
    treating = driving = 0
    for route in routes:  # type: ignore[attr-defined]
        treating += any(one.arrive_s <= at_s < one.free_s for one in route.visits())
        home = route.home_travel_s and route.home_depart_s <= at_s < route.home_depart_s + route.home_travel_s
        driving += bool(home) or any(one.depart_s <= at_s < one.arrive_s for one in route.visits())
    return treating, driving


def _order(page: Page, index: str | None) -> int:
    """Give the place of a row's marker among all: those without visits have none."""
    rows = page.locator(".tl-row:has(.visit)").evaluate_all("rows => rows.map(row => row.dataset.row)")
    return int(rows.index(index))


def _before(visits: list[VisitTime], visit: VisitTime) -> VisitTime:
    return visits[visits.index(visit) - 1]


def _step(at_s: int) -> int:
    """Give the slider's next step."""
    return -(-at_s // 300) * 300
