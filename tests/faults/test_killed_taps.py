"""Kill -9 between keeping a tap and answering it: the phone sends it again, and every tap is a fact exactly once."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from dispatch.work.phones import make_phone_link
from tests.faults.server import clock
from tests.faults.test_killed import integrity, process
from tests.work.company import Office, found_company, open_office, take_bookings
from tests.work.plans import keep_and_publish

TAPS = 60
BATCH = 5
STEPS = ("acknowledged", "departed", "arrived", "started", "finished")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give an office with a published day over the data folder that the killed servers use, with their clock."""
    (tmp_path / "data").mkdir()
    began = time.time()
    opened = open_office(tmp_path / "data" / "laluan.sqlite3")
    found_company(opened)
    take_bookings(opened)
    opened = replace(opened, services=replace(opened.services, now=lambda: clock(began), secret=str(began)))
    keep_and_publish(opened)
    yield opened
    opened.services.store.close()


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def taps() -> list[dict[str, str]]:
    """Give sixty taps in the order they were made, a tap taken back among every ten."""
    made = []
    for number in range(TAPS):
        back = number % 10 == 9
        made.append(
            {
                "id": f"tap-{number:06}",
                "visit": ("b1/0", "b3/0")[number // 10 % 2],
                "kind": "retracted" if back else STEPS[number % 5],
                "at": (datetime(2026, 11, 25, 1, tzinfo=UTC) + timedelta(seconds=number)).isoformat(),
            }
            | ({"retracts": f"tap-{number - 1:06}"} if back else {})
        )
    return made


def send(port: int, token: str, batch: list[dict[str, str]]) -> list[dict[str, object]] | None:
    """Send a batch as the phone does; None where no answer came."""
    body = json.dumps({"taps": batch}).encode()
    asked = Request(
        f"http://127.0.0.1:{port}/api/v1/phone/{token}/taps",
        data=body,
        headers={"Content-Type": "application/json"},
    )
    try:
        with urlopen(asked, timeout=60) as answer:
            return list(json.loads(answer.read())["taps"])
    except (URLError, HTTPException, ConnectionError):
        return None


def test_every_tap_is_a_fact_exactly_once(office: Office, tmp_path: Path) -> None:
    """The server dies five times after a commit and before its answer; sixty taps sent until answered are sixty events."""
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    waiting, sent, deaths, again = taps(), 0, 0, 0
    while waiting:
        port = free_port()
        deadly = 2 if deaths < 5 else 0
        server = (str(tmp_path / "data"), str(port), office.services.secret, str(deadly))
        with process("taps_server.py", *server) as started:
            assert started.stdout is not None
            assert started.stdout.readline() == "ready\n"
            while waiting:
                answers = send(port, token, waiting[:BATCH])
                if answers is None:
                    deaths += 1
                    break
                assert all(answer["kept"] for answer in answers)
                sent += sum(bool(answer["new"]) for answer in answers)
                again += sum(not answer["new"] for answer in answers)
                waiting = waiting[BATCH:]
    assert deaths == 5
    assert again == 5 * BATCH
    with office.services.store.reading() as tx:
        events = tx.events("main", ("b1/0", "b3/0"))
        told = [row for row in tx.audit("main") if row.code == "report.kept"]
    assert [event.id for event in events] == [tap["id"] for tap in taps()]
    assert sent + again == TAPS
    assert sorted(key for row in told for key in row.subject_ids) == [tap["id"] for tap in taps()]
    assert integrity(tmp_path / "data" / "laluan.sqlite3") == "ok"
