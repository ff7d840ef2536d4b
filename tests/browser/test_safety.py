"""Help from the phone in real Chromium: SOS without a signal, the PIN under duress, and the alarm on the board."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dispatch.model.kinds import Role
from dispatch.model.safety import Alarm, AlarmKind
from dispatch.work.phones import phone_actor
from dispatch.work.pins import make_pins
from dispatch.work.watching import sweep
from tests.browser.conftest import Demo
from tests.browser.helpers import check_both_schemes
from tests.browser.test_phone_steps import STEPS, open_day, pixel, token, told

__all__ = ["pixel", "token"]

pytestmark = pytest.mark.browser


def alarms(demo: Demo) -> set[AlarmKind]:
    """Let the watch look, and give the kinds of alarms there are."""
    sweep(demo.services)
    with demo.services.store.reading() as tx:
        return {one.kind for one in tx.list(Alarm, demo.company.branch_id)}


def test_sos_and_duress(pixel: BrowserContext, dispatcher: Page, demo: Demo, token: str) -> None:
    """SOS held without a signal arrives when there is one; a finish under duress looks like any other, and both stand on the board."""
    therapist = phone_actor(demo.services, token).therapist_id
    pins = make_pins(demo.services, demo.actor(Role.DISPATCHER), therapist)
    page = open_day(pixel, demo, token)
    sos = page.locator("[data-sos]")
    sos.dispatch_event("pointerdown")
    sos.dispatch_event("pointerup")
    expect(page.locator("[data-sos-hint]")).to_be_visible()
    pixel.set_offline(True)
    sos.dispatch_event("pointerdown")
    expect(page.locator("[data-sos-state=waiting]")).to_be_visible()
    page.reload()
    pixel.set_offline(False)
    expect(page.locator("[data-sos-called][data-shown=sent]")).to_be_visible()
    check_both_schemes(page, "phone-sos")
    assert alarms(demo) >= {AlarmKind.SOS}
    page.locator("[data-sos-hide]").click()
    for label in STEPS:
        expect(page.locator("[data-main]")).to_have_text(re.compile(label))
        expect(page.locator("[data-main]")).to_be_enabled()
        page.locator("[data-main]").click()
    expect(page.locator("[data-pin-dialog]")).to_be_visible()
    page.locator("[data-pin]").fill(pins.duress)
    page.locator("[data-pin-form] [type=submit]").click()
    expect(page.locator("[data-undo-words]")).to_have_text(re.compile("Finished"))
    expect(page.locator("[data-sync]")).to_have_attribute("data-waiting", "0")
    assert told(demo, token)[-1].kind.value == "finished"
    assert alarms(demo) >= {AlarmKind.SOS, AlarmKind.DURESS}
    expect(page.locator("[data-remind]")).to_be_hidden()
    dispatcher.goto(f"{demo.url}/alarms")
    expect(dispatcher.locator(".alarm-bar")).to_have_count(2)
    check_both_schemes(dispatcher, "alarms")
    dispatcher.locator(".alarm-bar", has_text="SOS").locator("button").click()
    expect(dispatcher.locator(".alarm-bar.is-answered")).to_have_count(1)
