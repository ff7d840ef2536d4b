"""A request sent twice is done once: the same key gets the same answer, whatever broke in between."""

import threading
from dataclasses import replace

import pytest

from dispatch.model.api import Scope
from dispatch.model.kinds import Role
from dispatch.work.bookings import list_bookings
from dispatch.work.tokens import token_of
from tests.web.api_client import WISH, Program, is_problem, program
from tests.web.house import House, open_house
from tests.work.company import DAY, Office


@pytest.fixture
def ask(house: House) -> Program:
    """Give a program that may everything, over an office without bookings."""
    return program(house)


def count(office: Office) -> int:
    """Give how many bookings the day has."""
    return len(list_bookings(office.services, office.owner, DAY).bookings)


def test_the_same_request_gets_the_same_answer(ask: Program) -> None:
    """The second answer is the first one, byte for byte and with its headers, and nothing is done again."""
    first = ask("POST", "/bookings", WISH, idempotency_key="key-1")
    again = ask("POST", "/bookings", WISH, idempotency_key="key-1")
    assert (first.status_code, first.data) == (again.status_code, again.data) == (201, first.data)
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(ask.house.office) == 1


def test_another_request_with_the_same_key_is_refused(ask: Program) -> None:
    """A key that came with another body or to another address is 422 and does nothing; another program has its own keys."""
    ask("POST", "/bookings", WISH, idempotency_key="key-1")
    assert is_problem(ask("POST", "/bookings", WISH | {"note": "new"}, idempotency_key="key-1"), 422, "api.key_used")
    assert is_problem(ask("POST", f"/plans/{DAY}/jobs", {}, idempotency_key="key-1"), 422, "api.key_used")
    assert count(ask.house.office) == 1
    assert program(ask.house)("POST", "/bookings", WISH, idempotency_key="key-1").status_code == 201
    assert count(ask.house.office) == 2


def test_a_refusal_is_the_same_twice(ask: Program) -> None:
    """What a rule refused is refused the same way again; what could not even be read takes no key."""
    for _ in range(2):
        assert ask("POST", "/bookings", WISH | {"client_id": "nobody"}, idempotency_key="key-1").status_code == 422
        assert ask("POST", "/bookings", WISH | {"minutes": "?"}, idempotency_key="key-2").status_code == 400
    assert ask("POST", "/bookings", WISH, idempotency_key="key-2").status_code == 201
    for bad in ("", "with space", "x" * 129):
        assert ask("POST", "/bookings", WISH, idempotency_key=bad).status_code == 400


def test_a_change_sent_twice_is_made_once(ask: Program) -> None:
    """A cancellation repeated with its key is answered as the first time, although its version is old by then."""
    booking = ask.book()
    path = f"/bookings/{booking['id']}/cancel"
    answers = [ask("POST", path, {"reason": "ill"}, if_match='"1"', idempotency_key="c") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert is_problem(ask("POST", path, {"reason": "ill"}, if_match='"1"'), 412, "api.stale")


def unanswered(ask: Program, key: str) -> None:
    """Bring the store into the state of a request whose answer was not kept yet."""
    services = ask.house.office.services
    _, actor = token_of(services, ask.token)
    with services.store.writing() as tx:
        kept = tx.kept_answer(actor.id, key)
        assert kept is not None
        tx.keep_reply(replace(kept, status=0, body="", headers=()))


def test_while_one_is_answered_the_other_waits(ask: Program) -> None:
    """A request that comes while the same one is under way is told so with 409, and later gets its answer."""
    ask("POST", "/bookings", WISH, idempotency_key="key-1")
    unanswered(ask, "key-1")
    assert is_problem(ask("POST", "/bookings", WISH, idempotency_key="key-1"), 409, "api.still_answering")
    ask.house.office.clock.on(minutes=3)
    assert ask("POST", "/bookings", WISH, idempotency_key="key-1").status_code == 201


def test_a_process_that_died_before_it_answered_has_still_done_it_once(ask: Program) -> None:
    """Where the booking was kept and the answer was not, the same request gives that booking and makes no other."""
    first = ask("POST", "/bookings", WISH, idempotency_key="key-1")
    unanswered(ask, "key-1")
    ask.house.office.clock.on(minutes=3)
    again = ask("POST", "/bookings", WISH, idempotency_key="key-1")
    assert (again.status_code, again.get_json()["id"]) == (201, first.get_json()["id"])
    assert count(ask.house.office) == 1


def test_many_at_once_make_one(ask: Program) -> None:
    """Of the same request sent by eight threads at the same moment one is done; the others get its answer or 409."""
    answers: list[tuple[int, str]] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        answer = ask("POST", "/bookings", WISH, idempotency_key="key-1")
        answers.append((answer.status_code, answer.get_json(force=True).get("id", "")))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} <= {201, 409}
    assert len({key for status, key in answers if status == 201}) == 1
    assert count(ask.house.office) == 1


def test_a_key_is_forgotten_after_two_days_and_still_doubles_nothing(ask: Program) -> None:
    """The kept answer is gone by then, and the same request gives the booking that it once made."""
    first = ask("POST", "/bookings", WISH | {"day": "2026-11-28", "windows": [_on_28th()]}, idempotency_key="key-1")
    ask.house.office.clock.on(hours=49)
    ask("POST", f"/plans/{DAY}/jobs", {}, idempotency_key="another")
    again = ask("POST", "/bookings", WISH | {"day": "2026-11-28", "windows": [_on_28th()]}, idempotency_key="key-1")
    assert again.get_json()["id"] == first.get_json()["id"]
    assert "Idempotent-Replayed" not in again.headers


def _on_28th() -> dict[str, str]:
    return {"start": "2026-11-28T14:00:00+08:00", "end": "2026-11-28T16:00:00+08:00"}


def test_an_owner_makes_a_token_and_sees_it_once(office: Office) -> None:
    """The page shows the token in the one answer that made it, and afterwards its last letters and its last use."""
    house = open_house(office)
    owner = house.signed_in(Role.OWNER)
    made = owner.post("/tokens", data={"name": "Website", "scopes": ["bookings:read", "events:read"]})
    assert made.status_code == 201
    text = made.text.split("<output>")[1].split("</output>")[0]
    page = owner.get("/tokens").text
    assert text not in page
    assert f"…{text[-4:]}" in page
    assert "Not yet" in page
    assert Program(house=house, token=text)("GET", "/bookings").status_code == 200
    assert "25 Nov 2026 09:00" in owner.get("/tokens").text
    with office.services.store.reading() as tx:
        kept = "".join(str(row) for row in tx.audit("", limit=500))
    assert text not in kept


def test_a_revoked_token_opens_nothing(house: House) -> None:
    """From the moment it is revoked the token is refused, and revoking it again is said to be needless."""
    ask = program(house, Scope.EVENTS_READ)
    token, _ = token_of(house.office.services, ask.token)
    owner = house.signed_in(Role.OWNER)
    assert owner.post(f"/tokens/{token.id}/revoke").status_code == 302
    assert is_problem(ask("GET", "/events"), 401, "api.bad_token")
    assert owner.post(f"/tokens/{token.id}/revoke").status_code == 409
    assert "Revoked" in owner.get("/tokens").text


def test_a_token_needs_a_name_and_a_scope(house: House) -> None:
    """A form without either is shown again with both sentences and what was typed, and makes nothing."""
    owner = house.signed_in(Role.OWNER)
    for form in ({"name": " ", "scopes": ["events:read"]}, {"name": "Website"}, {"name": "Website", "scopes": ["all"]}):
        answer = owner.post("/tokens", data=form)
        assert answer.status_code == 400
        assert "This needs mending" in answer.text
    assert "Revoke" not in owner.get("/tokens").text
