"""What tests in the browser do again and again: sign in, ask axe, take a picture."""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from dispatch.model.kinds import Role

if TYPE_CHECKING:
    from tests.browser.conftest import Demo

HERE = Path(__file__).parent
SCHEMES = ("light", "dark")
PLANNING_MS = 90_000
"""A guard against waiting for ever for the planner; nothing is measured."""


def sign_in(page: Page, demo: "Demo", role: Role) -> None:
    """Sign in as the demo's first account of the role, by the form."""
    account = next(one for one in demo.company.accounts if one.role is role)
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(demo.company.day.year))


def await_board(page: Page) -> None:
    """Wait until the board's scripts have made its timeline ready: keys pressed before that go nowhere."""
    expect(page.locator("[data-timeline][data-ready]")).to_be_attached()


def take_over(page: Page) -> None:
    """Wait for the planner to finish, and take its plan over where it is only proposed."""
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=PLANNING_MS)
    expect(page.get_by_role("button", name="Optimise", exact=True)).to_be_visible(timeout=PLANNING_MS)
    proposed = page.get_by_role("button", name="Take it over")
    if proposed.count():
        proposed.click()
        expect(page.get_by_text("is the plan now")).to_be_visible()


@cache
def _axe() -> str:
    manifest = json.loads((HERE / "vendor" / "manifest.json").read_text(encoding="utf-8"))
    return (HERE / str(manifest["axe.js"])).read_text(encoding="utf-8")


def axe_findings(page: Page) -> list[str]:
    """Give axe's serious and critical findings on the page as it stands, one line each."""
    page.evaluate(_axe())
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{found['id']} ({found['impact']}): {found['help']} {[node['target'] for node in found['nodes'][:4]]}"
        for found in result["violations"]
        if found["impact"] in {"serious", "critical"}
    ]


def check_both_schemes(page: Page, name: str) -> None:
    """Ask axe about the page in light and dark, and take its picture in both."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        shoot(page, f"{name}-{scheme}")
        found = axe_findings(page)
        assert not found, (name, scheme, found)
    page.emulate_media(color_scheme="light")


def shoot(page: Page, name: str, *, full_page: bool = False) -> None:
    """Save a picture of the page for people to look at."""
    folder = HERE / "screenshots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=full_page, animations="disabled")
