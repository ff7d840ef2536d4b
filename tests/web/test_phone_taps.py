"""The address where a phone's taps arrive: her link alone opens it, each tap is answered, nothing hostile is kept."""

import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from dispatch.model.facts import EventPlace, fold
from dispatch.work.phones import make_phone_link, revoke_phone_links
from dispatch.work.reporting import MOST_TAPS
from tests.web.house import House, open_house
from tests.work.company import Office
from tests.work.plans import keep_and_publish
from web.phone.pace import MOST, Pace

AT = "2026-11-25T01:00:00.000Z"


def one(number: int = 1, **other: Any) -> dict[str, Any]:
    """Give a tap as the page's script writes it."""
    return {
        "id": f"tap-{number:05}",
        "visit": "b1/0",
        "kind": "departed",
        "at": AT,
        "payload": "",
        "retracts": None,
    } | other


def send(house: House, token: str, body: Any, **headers: str) -> TestResponse:
    """Send a body as the page's script does."""
    text = body if isinstance(body, str) else json.dumps(body)
    kind = headers.pop("Content-Type", "application/json")
    return house.stranger().post(f"/api/v1/phone/{token}/taps", data=text, content_type=kind, headers=headers)


@pytest.fixture
def token(busy: Office) -> str:
    """Give the token of Aina's link, her day published."""
    keep_and_publish(busy)
    return make_phone_link(busy.services, busy.dispatcher, "t-aina")


def kept(office: Office) -> int:
    """Count the reports kept."""
    with office.services.store.reading() as tx:
        return len(tx.events("main", ("b1/0", "b2/0", "b3/0")))


def test_taps_are_kept_and_answered_without_a_form_token(busy: Office, token: str) -> None:
    """Behind the real CSRF guard the link alone is enough, and each tap is answered in order, a second time as kept before."""
    house = open_house(busy, csrf=True)
    body = {"sent_at": AT, "taps": [one(1), one(2, visit="b2/0")]}
    answer = send(house, token, body, Origin="http://localhost")
    assert answer.status_code == 200
    first, second = answer.get_json()["taps"]
    assert first == {"id": "tap-00001", "kept": True, "new": True, "moved": False}
    assert (second["kept"], second["code"]) == (False, "report.not_hers")
    assert "b2/0" in second["sentence"]
    assert send(house, token, body).get_json()["taps"][0]["new"] is False
    assert kept(busy) == 1
    with busy.services.store.reading() as tx:
        assert fold(tx.events("main", ("b1/0",)))[0].departed_s == 9 * 3_600


@pytest.mark.parametrize(
    ("place", "known"),
    [
        ({"lat": 3.1579, "lon": 101.7116, "accuracy_m": 24.6}, True),
        (None, False),
        ("here", False),
        ({"lat": 3.1579, "lon": 101.7116}, False),
        ({"lat": "3.1", "lon": 101.7, "accuracy_m": 5}, False),
        ({"lat": 91, "lon": 101.7, "accuracy_m": 5}, False),
        ({"lat": float("nan"), "lon": 101.7, "accuracy_m": 5}, False),
        ({"lat": 3.1, "lon": 101.7, "accuracy_m": -1}, False),
        ({"lat": 3.1, "lon": 101.7, "accuracy_m": 1e300}, False),
    ],
)
def test_where_a_phone_was_comes_with_a_tap_or_not_at_all(busy: Office, token: str, place: Any, known: bool) -> None:
    """A place on the earth is kept with its tap; without one, or with what is none, the tap is kept all the same."""
    (answer,) = send(open_house(busy), token, {"sent_at": AT, "taps": [one(1, place=place)]}).get_json()["taps"]
    assert answer["kept"]
    with busy.services.store.reading() as tx:
        (event,) = tx.events("main", ("b1/0",))
    assert event.place == (EventPlace(lat=3.1579, lon=101.7116, accuracy_m=25) if known else None)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"taps": 3}',
        '{"taps": ["x"]}',
        "[" * 20_000,
        {"taps": [one(kind="dance")]},
        {"taps": [one(at="yesterday")]},
        {"taps": [one(at="2026-11-25T01:00:00")]},
        {"taps": [one(id=7)]},
        {"taps": [one(retracts=["x"])]},
        {"taps": [one(n) for n in range(MOST_TAPS + 1)]},
        {"taps": [one(payload="x" * 40_000)]},
    ],
)
def test_what_is_no_batch_is_refused_whole(busy: Office, token: str, body: Any) -> None:
    """A body that no page of ours sends is refused with a sentence as JSON, and nothing of it is kept."""
    answer = send(open_house(busy), token, body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["sentences"]
    assert kept(busy) == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
    ],
)
def test_another_site_reports_nothing(busy: Office, token: str, headers: dict[str, str], status: int) -> None:
    """What a foreign page can send, a form or a request from its own origin, is refused even with a link that leaked."""
    assert send(open_house(busy), token, {"taps": [one()]}, **headers).status_code == status
    assert kept(busy) == 0


def test_a_revoked_link_reports_nothing(busy: Office, token: str) -> None:
    """A phone whose link was revoked is told 403, so that it keeps its taps and says so; a made-up link is too."""
    house = open_house(busy)
    revoke_phone_links(busy.services, busy.dispatcher, "t-aina")
    assert send(house, token, {"taps": [one()]}).status_code == 403
    assert send(house, "a.b.c", {"taps": [one()]}).status_code == 403
    assert kept(busy) == 0


def test_a_phone_that_sends_without_end_waits(busy: Office) -> None:
    """More requests in a minute than any phone needs are put off; a minute later, and for others, all is well."""
    pace, now = Pace(), busy.clock()
    assert [pace.too_fast("aina", now) for _ in range(MOST + 2)] == [False] * MOST + [True, True]
    assert not pace.too_fast("bee", now)
    assert not pace.too_fast("aina", now + timedelta(minutes=1))


def test_the_worker_and_the_manifest_are_there(busy: Office, token: str) -> None:
    """The service worker comes from the phone's own folder, and the manifest opens her own link from the home screen."""
    house = open_house(busy)
    worker = house.stranger().get("/p/worker.js", buffered=True)
    assert worker.status_code == 200
    assert worker.mimetype == "text/javascript"
    manifest = house.stranger().get(f"/p/{token}/app.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    found = json.loads(manifest.get_data())
    assert (found["start_url"], found["scope"], found["display"]) == (f"/p/{token}", "/p/", "standalone")
    for icon in found["icons"]:
        assert house.stranger().get(icon["src"], buffered=True).mimetype == "image/svg+xml"
    assert house.stranger().get("/p/a.b.c/app.webmanifest").status_code == 403


def test_the_page_tells_the_scripts_what_was_reported(busy: Office, token: str) -> None:
    """The page names each visit with the reports that count, so that the button shows the right next step without a signal."""
    house = open_house(busy)
    send(house, token, {"taps": [one(1), one(2, kind="arrived"), one(3, kind="retracted", retracts="tap-00002")]})
    page = house.stranger().get(f"/p/{token}").get_data(as_text=True)
    assert page.count('data-visit="') == 2
    assert 'data-id="tap-00001" data-kind="departed"' in page
    assert "tap-00002" not in page
    tomorrow = house.stranger().get(f"/p/{token}?day=2026-11-26").get_data(as_text=True)
    assert "data-visit=" not in tomorrow
