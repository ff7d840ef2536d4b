"""The API for programs: bookings, slots, plans and events by the pages' own rules, and every error as a problem."""

import json
from typing import TYPE_CHECKING

import pytest

from dispatch.model.api import Scope
from dispatch.model.kinds import EventKind, Role
from dispatch.work import planning
from dispatch.work.bookings import booking_page, list_bookings
from dispatch.work.reporting import Tap, report
from tests.web.api_client import WINDOW, WISH, Program, is_problem, program
from tests.web.house import House, open_house
from tests.web.test_api_solve import problem
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep

if TYPE_CHECKING:
    from werkzeug.test import TestResponse


@pytest.fixture
def ask(busy_house: House) -> Program:
    """Give a program that may everything, over the office with bookings."""
    return program(busy_house)


def test_a_booking_is_taken_read_changed_and_cancelled(ask: Program) -> None:
    """The whole life of a booking through the API, each step with the version that the step before answered."""
    taken = ask("POST", "/bookings", WISH)
    assert taken.status_code == 201
    booking = taken.get_json()
    assert taken.headers["Location"] == f"/api/v1/bookings/{booking['id']}"
    assert booking["windows"] == [WINDOW]
    read = ask("GET", f"/bookings/{booking['id']}")
    assert (read.get_json(), read.headers["ETag"]) == (booking, '"1"')
    path = f"/bookings/{booking['id']}"
    changed = ask("PUT", path, WISH | {"minutes": 90, "note": "ring twice"}, if_match='"1"')
    assert (changed.get_json()["minutes"], changed.headers["ETag"]) == (90, '"2"')
    assert ask("POST", f"{path}/status", {"status": "confirmed"}, if_match='"2"').get_json()["status"] == "confirmed"
    start = f"{DAY}T15:00:00+08:00"
    promised = ask("POST", f"{path}/promise", {"start": start}, if_match='"3"')
    assert promised.get_json()["promise"]["start"] == start
    over = ask("POST", f"{path}/cancel", {"reason": "she is ill"}, if_match='"4"')
    assert (over.get_json()["status"], over.get_json()["cancelled_reason"]) == ("cancelled", "she is ill")
    services, owner = ask.house.office.services, ask.house.office.owner
    assert booking_page(services, owner, booking["id"]).booking.version == 5


def test_a_new_client_comes_with_her_booking(ask: Program) -> None:
    """A client, address and building nobody knew are kept with the booking, all of it or nothing, and once for one key."""
    wish = {name: value for name, value in WISH.items() if name not in {"client_id", "address_id"}}
    building = {"name": "Menara Baru", "lat": 3.15, "lon": 101.71, "area": "KLCC"}
    new = wish | {"client": {"name": "Nur"}, "address": {"unit": "8-1"}, "building": building}
    refused = ask("POST", "/bookings", new | {"building": building | {"lat": 51.5}, "minutes": 45})
    assert refused.status_code == 422
    assert "/minutes" in {one["pointer"] for one in refused.get_json()["errors"]}
    services, owner = ask.house.office.services, ask.house.office.owner
    before = len(list_bookings(services, owner, DAY).clients)
    taken = [ask("POST", "/bookings", new, idempotency_key="new-1").get_json() for _ in range(2)]
    assert taken[0] == taken[1]
    page = booking_page(services, owner, taken[0]["id"])
    assert (page.client.name, page.address.unit, page.building.name) == ("Nur", "8-1", "Menara Baru")
    assert len(list_bookings(services, owner, DAY).clients) == before + 1
    for both in (WISH | {"client": {"name": "Nur"}}, wish):
        assert ask("POST", "/bookings", both).get_json()["code"] == "api.one_of"


def test_a_moment_may_come_in_any_offset(ask: Program) -> None:
    """The same moments in UTC are the same window, told in the branch's own offset."""
    utc = {"start": f"{DAY}T06:00:00Z", "end": f"{DAY}T08:00:00Z"}
    assert ask.book(windows=[utc])["windows"] == [WINDOW]


def test_a_window_after_midnight_belongs_to_the_day_before(ask: Program) -> None:
    """Half past midnight of the next date is a time of this service day, and of the next one it is refused."""
    late = [{"start": "2026-11-25T23:00:00+08:00", "end": "2026-11-26T00:30:00+08:00"}]
    assert ask.book(windows=late)["windows"] == late
    told = ask("POST", "/bookings", WISH | {"day": "2026-11-26", "windows": late})
    assert told.status_code == 422
    assert "booking.window_outside_hours" in {one["code"] for one in told.get_json()["errors"]}


def test_a_change_must_say_what_it_was_made_for(ask: Program) -> None:
    """Without If-Match a change is 428, with an old one 412, and either leaves the booking as it was."""
    before = ask("GET", "/bookings/b1").get_json()
    for headers, status, code in (({}, 428, "api.version_needed"), ({"if_match": '"7", "8"'}, 412, "api.stale")):
        for method, path, body in (
            ("PUT", "/bookings/b1", WISH),
            ("POST", "/bookings/b1/cancel", {"reason": "no"}),
            ("POST", "/bookings/b1/status", {"status": "confirmed"}),
            ("POST", "/bookings/b1/promise", {"start": WINDOW["start"]}),
        ):
            assert is_problem(ask(method, path, body, **headers), status, code)
    assert is_problem(ask("PUT", "/bookings/b1", WISH, if_match="1"), 400, "api.wrong_form")
    assert ask("GET", "/bookings/b1").get_json() == before
    assert ask("PUT", "/bookings/b1", WISH, if_match='"0", "1"').status_code == 200
    assert ask("PUT", "/bookings/b1", WISH, if_match="*").status_code == 200


def test_what_is_known_already_is_not_sent_again(ask: Program) -> None:
    """A read that names the state it has is answered 304 without a body, and another state in full."""
    same = ask("GET", "/bookings/b1", if_none_match='"1"')
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", '"1"')
    assert ask("GET", "/bookings/b1", if_none_match='"2"').status_code == 200


def test_lists_come_in_pages(ask: Program) -> None:
    """Going from page to page gives every booking once, in order, also one that was taken in between."""
    extra = ask.book(
        day="2026-11-27", windows=[{"start": "2026-11-27T14:00:00+08:00", "end": "2026-11-27T15:00:00+08:00"}]
    )
    seen, cursor = [], ""
    while True:
        page = ask("GET", f"/bookings?limit=2{cursor}").get_json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ["b1", "b2", "b3", "b4", extra["id"]]
    assert [one["id"] for one in ask("GET", "/bookings?from=2026-11-26").get_json()["items"]] == [extra["id"]]
    assert [one["id"] for one in ask("GET", f"/bookings?day={DAY}&client_id=c-tan").get_json()["items"]] == ["b2", "b4"]
    assert ask("GET", "/bookings?status=cancelled").get_json()["items"] == []


@pytest.mark.parametrize("cursor", ["x", "e9", "MjAyNi0xMS0yNSA", "MjAyNi0xMS0yNSAA", "%00"])
def test_a_made_up_cursor_is_refused(ask: Program, cursor: str) -> None:
    """A cursor that no page gave is a problem that says what to do."""
    assert is_problem(ask("GET", f"/bookings?cursor={cursor}"), 400, "api.bad_cursor")


def test_slots_are_those_of_the_desk(ask: Program) -> None:
    """The starts offered are real ones of the day, with who would come, and a booking can be taken at one of them."""
    keep(ask.house.office, FULL)
    slots = ask("POST", "/slots", WISH | {"limit": 2}).get_json()["slots"]
    assert 0 < len(slots) <= 2
    first = slots[0]
    assert WINDOW["start"] <= first["start"] <= WINDOW["end"]
    assert first["therapists"][0]["name"] in {"Aina", "Bee Ling", "Chandra"}
    assert ask.book(windows=[{"start": first["start"], "end": first["start"]}])["status"] == "requested"
    past = [{"start": f"{DAY}T08:00:00+08:00", "end": f"{DAY}T08:30:00+08:00"}]
    assert is_problem(ask("POST", "/slots", WISH | {"windows": past}), 422, "slot.all_past")


def test_a_plan_is_read_and_published(ask: Program) -> None:
    """The plan worked on is read with its times, published with the id that was read, and then read as published."""
    assert is_problem(ask("GET", f"/plans/{DAY}"), 404, "publish.no_plan")
    head = keep(ask.house.office, FULL)
    plan = ask("GET", f"/plans/{DAY}").get_json()
    assert (plan["revision_id"], plan["published"], plan["broken"]) == (head.id, False, [])
    visits = [stop for route in plan["routes"] for stop in route["stops"] if stop["kind"] == "visit"]
    assert {stop["booking_id"] for stop in visits} == set(head.plan.served())
    assert all(stop["depart"] <= stop["arrive"] <= stop["start"] < stop["end"] for stop in visits)
    assert is_problem(ask("GET", f"/plans/{DAY}?which=published"), 404, "api.not_published")
    assert is_problem(ask("POST", f"/plans/{DAY}/publish", if_match='"another"'), 412, "api.stale")
    for _ in range(2):
        assert ask("POST", f"/plans/{DAY}/publish", if_match=f'"{head.id}"').get_json()["revision_id"] == head.id
    shown = ask("GET", f"/plans/{DAY}?which=published").get_json()
    assert (shown["published"], shown["routes"]) == (True, plan["routes"])


def test_a_plan_is_asked_for_watched_and_stopped(ask: Program) -> None:
    """Asking gives a job with its address, asking again the same one, and stopping ends it."""
    asked = ask("POST", f"/plans/{DAY}/jobs", {"seconds": 5, "seed": 3})
    assert asked.status_code == 202
    job = asked.get_json()
    assert asked.headers["Location"] == f"/api/v1/plan-jobs/{job['id']}"
    assert ask("POST", f"/plans/{DAY}/jobs", {}).get_json()["id"] == job["id"]
    assert ask("GET", f"/plan-jobs/{job['id']}").get_json()["state"] == "queued"
    assert ask("POST", f"/plan-jobs/{job['id']}/stop").get_json()["state"] == "cancelled"
    assert is_problem(ask("POST", "/plans/2020-01-01/jobs", {}), 422, "day.too_far")


def test_events_are_followed_without_a_gap(ask: Program) -> None:
    """The feed gives each report once in the order it was kept, and goes on from its own cursor."""
    office = ask.house.office
    head = keep(office, FULL)
    planning.publish(office.services, office.dispatcher, DAY, head_id=head.id)
    mine = head.plan.route_of("t-aina").visit_ids()[0]
    assert ask("GET", "/events").get_json() == {"items": [], "next": "e0", "more": False}
    cursor = "e0"
    seen: list[dict[str, str]] = []
    for number, kind in enumerate((EventKind.DEPARTED, EventKind.ARRIVED, EventKind.STARTED)):
        tap = Tap(id=f"tap-{number}-0001", visit_id=mine, kind=kind, device_at=office.clock())
        assert report(office.services, office.therapist, [tap])[0].new
        if number:
            page = ask("GET", f"/events?cursor={cursor}&limit=1").get_json()
            cursor, seen = page["next"], [*seen, *page["items"]]
    assert [one["kind"] for one in seen] == ["departed", "arrived"]
    assert seen[0]["at"] == f"{DAY}T09:00:00+08:00"
    assert seen[0]["visit_id"] == mine
    rest = ask("GET", f"/events?cursor={cursor}").get_json()
    assert ([one["kind"] for one in rest["items"]], rest["more"]) == (["started"], False)
    assert is_problem(ask("GET", "/events?cursor=7"), 400, "api.bad_cursor")


def test_a_wish_is_refused_with_everything_that_is_wrong(ask: Program) -> None:
    """What the document forbids is 400 with a pointer to each fault, what the company's rules forbid is 422."""
    bad = WISH | {"minutes": "sixty", "colour": 1, "windows": [{"start": "2026-11-25 14:00"}]}
    told = ask("POST", "/bookings", bad)
    assert is_problem(told, 400, told.get_json()["code"])
    assert {one["pointer"] for one in told.get_json()["errors"]} == {
        "/minutes",
        "/colour",
        "/windows/0/start",
        "/windows/0/end",
    }
    ruled = ask("POST", "/bookings", WISH | {"client_id": "nobody", "minutes": 45})
    assert ruled.status_code == 422
    assert {one["pointer"] for one in ruled.get_json()["errors"]} >= {"/client_id", "/minutes"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "web.no_page"),
        ("GET", "/bookings/nobody", 404, "store.not_found"),
        ("GET", "/bookings/%00", 404, "api.no_such"),
        ("GET", "/plans/9999-12-31", 404, "api.no_such"),
        ("GET", "/plans/2026-02-30", 404, "api.no_such"),
        ("DELETE", "/bookings", 405, "web.no_method"),
        ("OPTIONS", "/bookings", 405, "web.no_method"),
        ("GET", "/bookings?limit=0", 400, "api.out_of_range"),
        ("GET", "/bookings?limit=two", 400, "api.wrong_type"),
        ("GET", "/bookings?limit=1&limit=2", 400, "api.given_twice"),
        ("GET", "/bookings?colour=red", 400, "api.unknown"),
        ("GET", "/bookings?day=20261125", 400, "api.no_date"),
        ("GET", "/bookings?status=lost", 400, "api.not_one_of"),
    ],
)
def test_every_error_is_a_problem(ask: Program, method: str, path: str, status: int, code: str) -> None:
    """Whatever goes wrong is told as application/problem+json, with the same status in the body."""
    assert is_problem(ask(method, path), status, code)


def test_bodies_that_are_none_are_problems(ask: Program) -> None:
    """Another media type is 415, broken or boundless JSON 400, and too much of it 413."""

    def send(data: bytes, kind: str = "application/json") -> "TestResponse":
        headers = {"Authorization": f"Bearer {ask.token}"}
        return ask.house.stranger().post("/api/v1/bookings", data=data, content_type=kind, headers=headers)

    assert is_problem(send(b"day=2026-11-25", "application/x-www-form-urlencoded"), 415, "api.not_json")
    for broken in (b"", b"{", b"\xff", b'{"minutes": NaN}', b"[" * 30_000):
        assert is_problem(send(broken), 400, "api.no_json")
    assert is_problem(send(b'"\\ud800"'), 400, "api.wrong_type")
    assert is_problem(send(json.dumps(WISH | {"note": "x" * 70_000}).encode()), 413, "web.too_large")


def test_a_fault_of_ours_is_a_problem_too(busy: Office) -> None:
    """What nobody foresaw is answered 500 as a problem, without a word of what happened inside."""
    house = open_house(busy)
    house.app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise ZeroDivisionError("inner secret")

    broken.__dict__["door"] = house.app.view_functions["static"].__dict__["door"]
    house.app.add_url_rule("/api/v1/broken", "broken", broken)
    answer = house.stranger().get("/api/v1/broken")
    assert is_problem(answer, 500, "web.our_fault")
    assert "inner secret" not in answer.text


def test_only_a_token_opens_the_api(ask: Program) -> None:
    """No session opens it, a made-up or mangled token neither, and the answer says how to come in."""
    signed_in = ask.house.signed_in(Role.OWNER).get("/api/v1/bookings")
    assert is_problem(signed_in, 401, "api.no_token")
    assert signed_in.headers["WWW-Authenticate"] == 'Bearer realm="laluan"'
    for text in ("", "x", ask.token[:-1] + "!", ask.token + "é", f"{ask.token}.{ask.token}"):
        ask.headers = {"Authorization": f"Bearer {text}"}
        assert ask("GET", "/bookings").status_code == 401
    ask.headers = {"Authorization": f"Basic {ask.token}"}
    assert ask("GET", "/bookings").status_code == 401


def test_a_scope_opens_its_own_requests_only(busy_house: House) -> None:
    """A program that may only read bookings changes none, sees no plan, and is told which scope it lacks."""
    reader = program(busy_house, Scope.BOOKINGS_READ)
    assert reader("GET", "/bookings").status_code == 200
    refused = reader("POST", "/bookings", WISH)
    assert is_problem(refused, 403, "api.scope_missing")
    assert 'scope="bookings:write"' in refused.headers["WWW-Authenticate"]
    for method, path in (("GET", f"/plans/{DAY}"), ("GET", "/events"), ("POST", "/slots")):
        assert is_problem(reader(method, path), 403, "api.scope_missing")


def test_a_program_that_asks_too_fast_waits(busy: Office) -> None:
    """Beyond the minute's requests the answer is 429 with the seconds to wait, and after them it goes on."""
    house = open_house(busy, api_per_minute=3)
    first, other = program(house), program(house)
    assert [first("GET", "/events").status_code for _ in range(4)] == [200, 200, 200, 429]
    busy.clock.on(seconds=20)
    waits = first("GET", "/events")
    assert is_problem(waits, 429, "api.too_fast")
    assert waits.headers["Retry-After"] == "40"
    assert other("GET", "/events").status_code == 200
    busy.clock.on(seconds=40)
    assert first("GET", "/events").status_code == 200


def test_a_browser_of_another_site_reads_nothing(ask: Program) -> None:
    """No answer allows another origin to read it, not even where the asker names one."""
    ask.headers = {"Origin": "https://elsewhere.example"}
    for answer in (ask("GET", "/bookings"), ask("OPTIONS", "/bookings"), ask("GET", "/openapi.json")):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_program_solves_with_its_token(busy: Office) -> None:
    """The solver's door takes a token with the scope in the place of a session and its CSRF token, and no other."""
    house = open_house(busy, csrf=True)
    assert program(house, Scope.SOLVE)("POST", "/solve?seconds=0.2", problem()).get_json()["code"] == 0
    assert is_problem(program(house, Scope.EVENTS_READ)("POST", "/solve", problem()), 403, "api.scope_missing")


def test_the_page_about_the_api_says_what_the_document_says(house: House) -> None:
    """Every operation and every shape of the document stands on the page, open to those who write programs."""
    document = house.stranger().get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    page = house.stranger().get("/api/v1/docs").text
    named = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    for anchor in (*named, *document["components"]["schemas"]):
        assert f'id="{anchor}"' in page
