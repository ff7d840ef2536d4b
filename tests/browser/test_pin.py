"""The map on which a pin is dropped, in real Chromium: by mouse, by keyboard alone, and what is kept of it."""

import pytest
from playwright.sync_api import Page, expect

from dispatch.model.kinds import Precision, Role
from dispatch.model.places import Building
from dispatch.work.clients import list_clients
from tests.browser.conftest import Demo
from tests.browser.helpers import axe_findings, shoot

pytestmark = pytest.mark.browser


def open_map(page: Page, demo: Demo) -> None:
    """Open the empty address of the demo's first client, with its map."""
    client = list_clients(demo.services, demo.actor(Role.DISPATCHER))[0]
    page.goto(f"{demo.url}/clients/{client.id}/addresses/new")
    page.get_by_text("Drop a pin on the map").click()
    expect(page.locator("[data-pin][data-ready]")).to_be_attached()


def test_a_pin_is_dropped_by_mouse_and_kept_with_its_precision(dispatcher: Page, demo: Demo) -> None:
    """A click writes the point behind the words, and the building is kept there, exact to the door; from far up nothing is written."""
    page = dispatcher
    open_map(page, demo)
    page.locator("[name=place]").fill("Rumah Cik Ton")
    chart = page.get_by_label("Map for the pin")
    page.get_by_role("button", name="Set the pin at the cross").click()
    expect(page.get_by_role("status").last).to_contain_text("Zoom in first")
    for _ in range(4):
        zoom = chart.get_attribute("data-zoom")
        page.get_by_role("button", name="Zoom in").click()
        expect(chart).not_to_have_attribute("data-zoom", str(zoom))
    expect(chart.locator(".pin-name").first).to_be_visible()
    chart.click(position={"x": 240, "y": 120})
    expect(page.get_by_role("status").last).to_contain_text("Pin set:")
    expect(chart.locator(".pin-mark")).to_be_visible()
    assert axe_findings(page) == []
    shoot(page, "pin")
    written = page.locator("[name=place]").input_value()
    page.get_by_role("button", name="Save the address").click()
    expect(page.get_by_text("Rumah Cik Ton").first).to_be_visible()
    with demo.services.store.reading() as tx:
        kept = next(
            one for one in tx.list(Building, demo.actor(Role.DISPATCHER).branch_id) if one.name == "Rumah Cik Ton"
        )
    assert kept.precision is Precision.ROOFTOP
    assert written == f"Rumah Cik Ton, {kept.point.lat:.5f}, {kept.point.lon:.5f}"


def test_a_pin_is_dropped_by_keyboard_alone(dispatcher: Page, demo: Demo) -> None:
    """Plus zooms, arrows move the map under the cross, Enter sets the pin without sending the form; it can be taken away."""
    page = dispatcher
    open_map(page, demo)
    field, chart = page.locator("[name=place]"), page.get_by_label("Map for the pin")
    chart.focus()
    expect(chart).to_have_attribute("data-zoom", "12")
    page.keyboard.press("+")
    expect(chart).to_have_attribute("data-zoom", "13")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("about 100 metres")
    first = field.input_value()
    page.keyboard.press("+")
    expect(chart).to_have_attribute("data-zoom", "14")
    page.keyboard.press("+")
    expect(chart).to_have_attribute("data-zoom", "15")
    page.keyboard.press("ArrowRight")
    expect(chart.locator(".leaflet-map-pane.leaflet-pan-anim")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("Pin set:")
    assert field.input_value() != first
    page.get_by_role("button", name="Take the pin away").click()
    expect(field).to_have_value("")
    expect(chart).to_be_focused()
