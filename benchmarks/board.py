"""How quick the board is: the page of a day of 50 therapists and 400 visits, and the ghost of a drag on a full day.

    python -m benchmarks.board -o benchmarks/RESULTS.md

The day is kept in a throw-away store through the real one, planned by a small budget, and served by the real server.
Measured are the whole page on the server (template, map, rules, database; without the network), its HTML, the time in
Chromium from following the link to the page drawn and its scripts at work, and from a pointer's move to the verdict
shown. Needs Chromium (in CHROMIUM, or where the system has it).
"""

import argparse
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from benchmarks.board_company import DISPATCHER, EMAIL, PASSWORD, busy_day, found
from benchmarks.full_days import full_day
from benchmarks.generate import sized
from benchmarks.report import add_output, percentile, table, write
from dispatch.errors import NotFound
from dispatch.model.outcome import Budget
from dispatch.model.problem import DayProblem
from dispatch.store import open_store
from dispatch.travel.great_circle import engine
from dispatch.travel.table import load_table
from dispatch.work.days import day_board
from dispatch.work.planning import plan_now, publish
from dispatch.work.services import Services
from web import create_app
from web.account.passwords import hashed

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Page

NAME = "board"
HEADS = ("measured", "p50", "p95", "longest")
LEAST_CHECKED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A planned day in a store of its own, and the app that shows it."""

    app: "Flask"
    path: str
    told: str


def main() -> None:
    """Plan both days, measure, and tell."""
    parser = argparse.ArgumentParser(description="Measures how quick the board is.")
    parser.add_argument("--page", type=sized, default=(400, 50), help="bookings x therapists of the page")
    parser.add_argument("--drag", type=sized, default=(160, 32), help="bookings x therapists of the drags")
    parser.add_argument("--loads", type=int, default=20)
    parser.add_argument("--hovers", type=int, default=150)
    parser.add_argument("--plan-seconds", type=float, default=10.0)
    parser.add_argument("--no-browser", action="store_true", help="measure the server alone")
    add_output(parser)
    asked = parser.parse_args()
    bookings, therapists = asked.page
    crowded = full_day(1, bookings=bookings, therapists=therapists)
    easy = busy_day(crowded, visits_each=-(-bookings // therapists))
    lines: list[str] = []
    rows: list[list[str]] = []
    with keeping(easy, seconds=asked.plan_seconds) as page_day:
        lines.append(page_day.told)
        wall_ms, cpu_ms, size = page_times(page_day, loads=asked.loads)
        rows += [_row("whole page, server, wall ms", wall_ms), _row("whole page, server, CPU ms", cpu_ms)]
        if not asked.no_browser:
            rows.append(_row("page usable in Chromium, ms", usable_times(page_day, loads=asked.loads)))
        lines.append(f"HTML of the page: {size / 1_000:.0f} kB.")
    with keeping(full_day(1, bookings=asked.drag[0], therapists=asked.drag[1]), seconds=asked.plan_seconds) as drag_day:
        lines.append(f"Drags: {drag_day.told}")
        rows.append(_row("verdict of a hover, server, wall ms", verdict_times(drag_day, hovers=asked.hovers)))
        if not asked.no_browser:
            rows.append(_row("pointer's move to the verdict shown, ms", ghost_times(drag_day, hovers=asked.hovers)))
    told = [" ".join(lines), "", *table(HEADS, rows)]
    print("\n".join(told), flush=True)
    write(asked.output, NAME, told)


@contextmanager
def keeping(problem: DayProblem, *, seconds: float) -> Iterator[Kept]:
    """Keep a day in a throw-away store, plan and publish it, and give the app over it."""
    with tempfile.TemporaryDirectory() as folder:
        services = _services(Path(folder))
        app = create_app(services, secret_key=services.secret, testing=True)
        with app.app_context():
            day = found(services, problem, hash_of_password=hashed(PASSWORD, PASSWORD))
        head = plan_now(services, DISPATCHER, day, budget=Budget(seconds=seconds), seed=1)
        publish(services, DISPATCHER, day, head_id=head.id)
        board = day_board(services, DISPATCHER, day)
        told = (
            f"{len(problem.bookings)} bookings, {len(problem.therapists)} therapists, "
            f"{board.figures.visits} visits planned, {board.figures.left_out} bookings left out."
        )
        yield Kept(app=app, path=f"/day/{day.isoformat()}", told=told)
        services.store.close()


def page_times(kept: Kept, *, loads: int) -> tuple[list[float], list[float], int]:
    """Give the milliseconds of each page, by the clock and of the processor, and the bytes of its HTML."""
    client = _signed_in(kept.app)
    wall_ms, cpu_ms, size = [], [], 0
    for _ in range(loads + 1):
        began, worked = time.perf_counter(), time.thread_time()
        answer = client.get(kept.path)
        wall_ms.append(1_000 * (time.perf_counter() - began))
        cpu_ms.append(1_000 * (time.thread_time() - worked))
        if answer.status_code != 200:
            raise SystemExit(f"The page answered {answer.status_code}.")
        size = len(answer.data)
    return wall_ms[1:], cpu_ms[1:], size


def verdict_times(kept: Kept, *, hovers: int) -> list[float]:
    """Give the milliseconds of each verdict on the server: bookings of the day over therapists and times."""
    client = _signed_in(kept.app)
    found_ms = []
    for number in range(hovers + 1):
        start = f"{10 + number % 10:02d}:{number % 4 * 15:02d}"
        query = {"therapist-0": f"t{1 + number % 30}", "start": start}
        began = time.perf_counter()
        answer = client.get(f"{kept.path}/booking/b{1 + number % 40}/move", query_string=query)
        found_ms.append(1_000 * (time.perf_counter() - began))
        if answer.status_code not in {200, 400, 422}:
            raise SystemExit(f"The verdict answered {answer.status_code}.")
    return found_ms[1:]


def usable_times(kept: Kept, *, loads: int) -> list[float]:
    """Give the milliseconds from following a link to the board until it is drawn and its scripts are at work."""
    with _opened(kept) as page:
        found_ms = []
        for _ in range(loads + 1):
            page.goto(kept.path, wait_until="load")
            found_ms.append(float(page.evaluate(_DRAWN)))
        return found_ms[1:]


def ghost_times(kept: Kept, *, hovers: int) -> list[float]:
    """Give the milliseconds from each move of the pointer to the verdict on the ghost, dragging one visit about."""
    with _opened(kept) as page:
        page.goto(kept.path, wait_until="load")
        page.evaluate(_WATCH)
        visit = page.locator(".visit").nth(LEAST_CHECKED)
        visit.scroll_into_view_if_needed()
        box = visit.bounding_box()
        if box is None:
            raise SystemExit("There is no visit to drag.")
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 10, y)
        rows = [one.bounding_box() for one in page.locator("[data-row] .tl-track").all()]
        seen = [one["y"] + one["height"] / 2 for one in rows if one and 200 < one["y"] < 800]
        found_ms = []
        for number in range(hovers):
            page.evaluate("window.ghostShown = null")
            page.mouse.move(330 + 37 * (number * 7 % 17), seen[number * 3 % len(seen)])
            shown_ms = float(page.evaluate(_SHOWN))
            if shown_ms < 0:
                raise SystemExit("A hover got no verdict within five seconds.")
            found_ms.append(shown_ms)
        page.keyboard.press("Escape")
        page.mouse.up()
        return found_ms[LEAST_CHECKED:]


_DRAWN = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"""
_SHOWN = """async () => {
    const begun = performance.now();
    while (window.ghostShown === null) {
        if (performance.now() - begun > 5000) {
            return -1;
        }
        await new Promise((done) => setTimeout(done, 2));
    }
    return window.ghostShown;
}"""
_WATCH = """() => {
    let moved = 0;
    window.ghostShown = null;
    document.addEventListener("pointermove", () => { moved = performance.now(); }, true);
    new MutationObserver(() => {
        const said = document.querySelector(".ghost-says [data-light]");
        const ghost = document.querySelector(".ghost[data-light]");
        if (said && ghost && ghost.dataset.light) {
            requestAnimationFrame(() => { window.ghostShown = performance.now() - moved; });
        }
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-light"] });
}"""


@contextmanager
def _opened(kept: Kept) -> "Iterator[Page]":
    """Serve the app and give a page of Chromium signed in to it."""
    from playwright.sync_api import sync_playwright
    from waitress.server import create_server

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    server = create_server(kept.app, host="127.0.0.1", port=0, threads=8)
    url = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        place = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        page = place.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("[data-board]")
        yield page
        browser.close()
    server.close()


def _signed_in(app: "Flask") -> "FlaskClient":
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "the secret of a session"
        session["_fresh"] = True
    return client


def _row(name: str, figures: list[float]) -> list[str]:
    return [name, *(f"{one:.0f}" for one in (percentile(figures, 50), percentile(figures, 95), max(figures)))]


def _services(folder: Path) -> Services:
    """Give services over a fresh store, on the morning of the drawn days."""
    ids = count()
    services = Services(
        store=open_store(f"sqlite:///{folder / 'board.sqlite3'}"),
        now=lambda: datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
        travel=engine(load_table()),
        resolve_address=_unknown,
        new_id=lambda: f"id{next(ids):06}",
        wake=lambda: None,
        secret=PASSWORD * 2,
    )
    services.store.upgrade()
    return services


def _unknown(text: str) -> NoReturn:
    raise NotFound("intake.place_unknown", text=text)


if __name__ == "__main__":
    main()
