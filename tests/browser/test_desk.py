"""The desk's forms in real Chromium: what the script spares, what works without it, and how the pages look."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dispatch.model.kinds import Role
from dispatch.model.people import Client
from dispatch.work.bookings import list_bookings
from dispatch.work.clients import add_client
from tests.browser.conftest import Demo, Guard, watch
from tests.browser.helpers import axe_findings, check_both_schemes, shoot, sign_in

pytestmark = pytest.mark.browser

HOSTILE = "{{7*7}} </script><b>`${alert(1)}`"
PHONE: dict[str, Any] = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "has_touch": True,
}


BOTH_SCHEMES = frozenset({"booking", "bookings", "catalogue", "roster", "team"})
"""Pages that between them hold every part the desk's pages are made of; the others are asked in light alone."""


def new_booking(page: Page, demo: Demo) -> None:
    """Open the empty booking form for the demo's second day."""
    page.goto(f"{demo.url}/bookings/new?day={demo.company.day.isoformat()}")


def test_booking_form_follows_what_is_chosen(dispatcher: Page, demo: Demo) -> None:
    """Choosing the client leaves her addresses, the treatment its minutes, and the price is told before saving."""
    page = dispatcher
    new_booking(page, demo)
    page.get_by_label("Search the known clients").fill("Thivya")
    expect(page.get_by_label("Known client", exact=True)).not_to_have_value("")
    expect(page.get_by_label("New client's name")).to_be_hidden()
    expect(page.locator("#address_id optgroup")).to_have_count(1)
    expect(page.get_by_label("New address")).to_be_hidden()
    page.locator("#treatment_id").select_option(label="Swedish massage (60, 90, 120 min)")
    expect(page.locator("#minutes option")).to_have_count(4)
    page.locator("#minutes").select_option("90")
    page.get_by_label("From 1").fill("17:00")
    page.get_by_label("To 1").fill("20:00")
    page.get_by_label("To 1").blur()
    expect(page.locator(".price-line")).to_have_text(re.compile(r"RM \d+\.\d\d by the price list"))
    page.get_by_label("Therapists at once").select_option("2")
    expect(page.get_by_label("Treatment by therapist 2")).to_be_visible()
    expect(page.get_by_label("Treatment by therapist 3")).to_be_hidden()
    page.get_by_label("Therapists at once").select_option("1")
    check_both_schemes(page, "desk-booking-new")
    page.get_by_role("button", name="Take the booking").click()
    expect(page.get_by_text("is taken")).to_be_visible()


def test_new_caller_is_asked_back_which_place(dispatcher: Page, demo: Demo, guard: Guard) -> None:
    """A new client at a place known by its area alone is asked back, keeps what was typed, and is then taken."""
    guard.expected.append("status of 400")
    page = dispatcher
    services, actor, day = demo.services, demo.actor(Role.DISPATCHER), demo.company.day
    before = len(list_bookings(services, actor, day).bookings)
    new_booking(page, demo)
    page.get_by_label("New client's name").fill(HOSTILE)
    page.get_by_label("Phone", exact=True).fill("012-345 6789")
    page.get_by_label("New address").fill("Bangsar")
    page.locator("#treatment_id").select_option(label="Swedish massage (60, 90, 120 min)")
    page.locator("#minutes").select_option("60")
    page.get_by_label("From 1").fill("18:00")
    page.get_by_label("To 1").fill("19:00")
    page.get_by_role("button", name="Take the booking").click()
    expect(page.locator(".problems")).to_contain_text("may be several places")
    expect(page.get_by_label("New client's name")).to_have_value(HOSTILE)
    check_both_schemes(page, "desk-place")
    page.locator(".place-option").first.click()
    page.get_by_role("button", name="Take the booking").click()
    expect(page.get_by_text("is taken")).to_contain_text(HOSTILE)
    assert len(list_bookings(services, actor, day).bookings) == before + 1


def test_forms_work_without_scripts(browser: Browser, demo: Demo, guard: Guard) -> None:
    """A booking is taken with scripts switched off: every part of the form is there."""
    context = browser.new_context(java_script_enabled=False, locale="en-MY")
    watch(context, guard)
    page = context.new_page()
    sign_in(page, demo, Role.BOOKING_TAKER)
    new_booking(page, demo)
    page.get_by_label("Search the known clients").fill("Ong")
    page.get_by_role("button", name="Search", exact=True).click()
    group = page.locator("#address_id optgroup").first
    page.get_by_label("Known client", exact=True).select_option(group.get_attribute("data-client"))
    name = page.locator("#client_id option:checked").inner_text().split(" · ")[0]
    page.get_by_label("Known address").select_option(group.locator("option").first.get_attribute("value"))
    page.locator("#treatment_id").select_option(label="Swedish massage (60, 90, 120 min)")
    page.locator("#minutes").select_option("60")
    page.get_by_label("From 1").fill("13:00")
    page.get_by_role("button", name="Take the booking").click()
    expect(page.locator(".flash")).to_contain_text(name)
    context.close()


def test_phone_link_is_copied(dispatcher: Page, demo: Demo) -> None:
    """The link to a therapist's phone is made, shown and copied with a button."""
    page = dispatcher
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{demo.url}/team/aina")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    assert "/p/" in link
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_pages_of_the_desk_are_sound(dispatcher: Page, demo: Demo, browser: Browser, guard: Guard) -> None:
    """Every page of the desk passes axe, and is no wider than its window on a desk and on a phone."""
    services, actor = demo.services, demo.actor(Role.DISPATCHER)
    if not any(one.id == "hostile" for one in list_bookings(services, actor, demo.company.day).clients.values()):
        for key in ("hostile", "double"):
            add_client(
                services, actor, Client(id=key, branch_id="", name=HOSTILE, first_name="x", phone="+60129999999")
            )
    booking = next(one for one in list_bookings(services, actor, demo.company.day).bookings if len(one.seats) > 1)
    paths = {
        "bookings": f"/bookings?day={demo.company.day.isoformat()}",
        "booking": f"/bookings/{booking.id}",
        "clients": "/clients",
        "client": "/clients/hostile",
        "health": "/clients/hostile/health",
        "doubles": "/clients/duplicates",
        "care": "/care/care-c02",
        "buildings": "/buildings",
        "building": "/buildings/new",
        "team": "/team",
        "therapist": "/team/aina",
        "roster": "/team/aina/roster",
        "catalogue": "/catalogue",
        "import": "/import",
        "export": f"/export/{demo.company.day.isoformat()}",
    }
    phone = browser.new_context(**PHONE, locale="en-MY")
    watch(phone, guard)
    phone.add_cookies(dispatcher.context.cookies())  # type: ignore[arg-type]
    small = phone.new_page()
    for name, path in paths.items():
        dispatcher.goto(f"{demo.url}{path}")
        if name in BOTH_SCHEMES:
            check_both_schemes(dispatcher, f"desk-{name}")
        else:
            shoot(dispatcher, f"desk-{name}-light")
            assert axe_findings(dispatcher) == [], name
        small.goto(f"{demo.url}{path}")
        shoot(small, f"desk-{name}-phone")
        wider = small.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, name
    assert axe_findings(small) == []
    phone.close()
