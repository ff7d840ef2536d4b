"""What the tests in real Chromium share: the demo served by the real parts, and a guard over every page.

The guard fails a test for a console error, an error in a page's script, a request that leaves our origin, or a dialog.
Screenshots go to `tests/browser/screenshots/`, which git ignores: look at them.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, expect

from dispatch.jobs import Runner
from dispatch.model.account import Actor
from dispatch.model.kinds import Role
from dispatch.wiring import build_services, load_settings, now
from dispatch.work.demo import DemoCompany, create_demo
from dispatch.work.services import Services
from tests.browser.serving import served

SCREENSHOTS = Path(__file__).parent / "screenshots"
TIMEOUT_MS = 30_000


def chromium() -> str:
    """Give Chromium's path: CHROMIUM, or where Debian puts it; without one the test is skipped, and fails on CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or not Path(path).exists():
        reason = "These tests need Chromium: install it (apt-get install chromium), or name it in CHROMIUM."
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The demo company as it is served: where, over which services, and who may sign in."""

    url: str
    services: Services
    company: DemoCompany

    def actor(self, role: Role) -> Actor:
        """Give the demo's actor of a role, to prepare things without the pages."""
        return self.company.actor(role)

    def day_url(self) -> str:
        """Give the board's address of the demo's service day."""
        return f"{self.url}/day/{self.company.day.isoformat()}"


@dataclass(kw_only=True)
class Guard:
    """What went wrong in any page of a test; `expected` lists texts of console errors a test asks for itself.

    It has no slots, because Playwright notes its handlers on it.
    """

    origin: str
    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a warning on the console."""
        if message.type in {"error", "warning"} and not any(text in message.text for text in self.expected):
            self.found.append(f"console {message.type}: {message.text}")

    def script_error(self, error: WebError) -> None:
        """Note an error in a page's script."""
        self.found.append(f"script error: {error.error}")

    def request(self, request: Request) -> None:
        """Note a request that leaves our origin."""
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.found.append(f"outside request: {request.url}")

    def dialog(self, dialog: Dialog) -> None:
        """Note a dialog, and close it so that the test can go on."""
        self.found.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def from_the_morning() -> Callable[[], datetime]:
    """Give a clock that begins at eight in the morning of today in Kuala Lumpur: no test sees a day that is over."""
    begun = now()
    morning = begun.astimezone(ZoneInfo("Asia/Kuala_Lumpur")).replace(hour=8, minute=0, second=0, microsecond=0)
    return lambda: morning.astimezone(UTC) + (now() - begun)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve a demo company of the file's own with the real store, runner and planner, on a port of its own.

    No file sees what the tests of another have left behind, whichever of them the same worker ran before.
    """
    from web import create_app
    from web.account.passwords import hashed

    wake = threading.Event()
    settings = load_settings(data_dir=tmp_path_factory.mktemp("demo"))
    services = replace(build_services(settings, wake=wake.set), now=from_the_morning())
    # `testing` only makes hashing passwords cheap, here where some tests sign in again and again.
    app = create_app(services, secret_key=services.secret, testing=True)
    with app.app_context():
        company = create_demo(services, hash_password=lambda password: hashed(password, password))
    runner = Runner(services, wake=wake)
    runner.start()
    with served(app) as url:
        yield Demo(url=url, services=services, company=company)
    runner.stop()
    services.store.close()


@pytest.fixture(scope="session")
def base_url() -> None:
    """Leave where pages open to each file's demo."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, quiet and without its own errands."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


@pytest.fixture(scope="module")
def browser_context_args(browser_context_args: dict[str, Any], demo: Demo) -> dict[str, Any]:
    """Sit in Kuala Lumpur, before the file's demo."""
    place = {"timezone_id": "Asia/Kuala_Lumpur", "locale": "en-MY", "viewport": {"width": 1440, "height": 900}}
    return {**browser_context_args, **place, "base_url": demo.url}


@pytest.fixture(autouse=True)
def guard(context: BrowserContext, demo: Demo) -> Iterator[Guard]:
    """Watch every page of the test, and fail it at its end for whatever went wrong in one."""
    watching = Guard(origin=demo.url)
    watch(context, watching)
    context.set_default_timeout(TIMEOUT_MS)
    expect.set_options(
        timeout=TIMEOUT_MS
    )  # without it an expectation gives up after five seconds, which a busy machine takes
    yield watching
    assert watching.found == []


def watch(context: BrowserContext, guard: Guard) -> None:
    """Put a guard over all pages of a context; for contexts a test makes itself."""
    context.on("console", guard.console)
    context.on("weberror", guard.script_error)
    context.on("request", guard.request)
    context.on("dialog", guard.dialog)


@pytest.fixture
def dispatcher(page: Page, demo: Demo) -> Page:
    """Give a page signed in as the demo's dispatcher, on the board of the demo's day."""
    from tests.browser.helpers import sign_in

    sign_in(page, demo, Role.DISPATCHER)
    return page
