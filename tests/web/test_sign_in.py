"""Signing in and out, one's own password, and the brake on guessing."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.kinds import Role
from dispatch.work.accounts import set_password_hash
from tests.web.house import House
from web.account.passwords import hashed
from web.account.throttle import TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, WITHIN, Throttle

PASSWORD = "kuala lumpur at noon"
NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def ready(house: House) -> House:
    """Give the house with a real password for the dispatcher."""
    with house.app.test_request_context():
        stored = hashed(PASSWORD, PASSWORD)
    set_password_hash(house.office.services, house.office.owner, "dispatcher", stored)
    return house


def test_signing_in_goes_on_to_the_page_wanted(ready: House) -> None:
    """The right password, whatever the e-mail's case, opens the session and the page first asked for."""
    client = ready.stranger()
    form = {"email": "DISPATCHER@test.example ", "password": PASSWORD, "next": "/password"}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/password")
    assert client.get("/password").status_code == 200
    assert client.get("/sign-in").status_code == 302


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\\\\evil.example", ""],
)
def test_nobody_is_sent_elsewhere(ready: House, target: str) -> None:
    """After signing in nobody is sent to another site, however the address is written."""
    answer = ready.stranger().post(
        "/sign-in", data={"email": "dispatcher@test.example", "password": PASSWORD, "next": target}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("email", "password"),
    [("dispatcher@test.example", "wrong"), ("nobody@test.example", PASSWORD), ("", ""), ("owner@test.example", "hash")],
)
def test_wrong_passwords_all_get_the_same_answer(ready: House, email: str, password: str) -> None:
    """An unknown e-mail and a wrong password cannot be told apart, and neither opens anything."""
    client = ready.stranger()
    answer = client.post("/sign-in", data={"email": email, "password": password})
    assert answer.status_code == 400
    assert "do not belong together" in answer.text
    assert client.get("/password").status_code == 302


def test_the_brake_on_guessing(ready: House) -> None:
    """After six wrong tries the account waits, the right password too; a quarter of an hour later it works again."""
    client = ready.stranger()
    for _ in range(TRIES_PER_ACCOUNT):
        assert client.post("/sign-in", data={"email": "dispatcher@test.example", "password": "no"}).status_code == 400
    right = {"email": "dispatcher@test.example", "password": PASSWORD}
    waiting = client.post("/sign-in", data=right)
    assert waiting.status_code == 429
    assert waiting.headers["Retry-After"] == "900"
    assert "wait 15 minutes" in waiting.text
    ready.office.clock.on(minutes=15)
    assert client.post("/sign-in", data=right).status_code == 302


def test_the_throttle_counts_addresses_as_well() -> None:
    """Many accounts tried from one address slow that address down, and other addresses not."""
    throttle = Throttle()
    for number in range(TRIES_PER_ADDRESS):
        throttle.count_wrong(f"{number}@test.example", "10.0.0.1", NOON + timedelta(seconds=number))
    later = NOON + timedelta(seconds=TRIES_PER_ADDRESS)
    assert throttle.wait_s("new@test.example", "10.0.0.1", later) == WITHIN.total_seconds() - TRIES_PER_ADDRESS
    assert throttle.wait_s("new@test.example", "10.0.0.2", later) == 0
    throttle.forget("0@test.example")
    assert throttle.wait_s("0@test.example", "10.0.0.2", later) == 0


def test_signing_out_ends_the_session(ready: House) -> None:
    """After signing out the browser is a stranger's again."""
    client = ready.signed_in(Role.DISPATCHER)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/password").status_code == 302


def test_a_new_password_ends_the_other_sessions(ready: House) -> None:
    """Changing the password keeps this session, ends every other one, and the old password is worth nothing."""
    here, elsewhere = ready.signed_in(Role.DISPATCHER), ready.signed_in(Role.DISPATCHER)
    new = "petaling jaya by night"
    form = {"password": PASSWORD, "new_password": new, "repeat_password": new}
    assert here.post("/password", data=form).status_code == 302
    assert here.get("/password").status_code == 200
    assert elsewhere.get("/password").status_code == 302
    sign_in = {"email": "dispatcher@test.example", "password": PASSWORD}
    assert ready.stranger().post("/sign-in", data=sign_in).status_code == 400
    assert ready.stranger().post("/sign-in", data={**sign_in, "password": new}).status_code == 302


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"password": "wrong", "new_password": "long enough 1", "repeat_password": "long enough 1"}, "is not right"),
        ({"password": PASSWORD, "new_password": "short", "repeat_password": "short"}, "needs 10 to 200"),
        ({"password": PASSWORD, "new_password": "long enough 1", "repeat_password": "long enough 2"}, "differ"),
    ],
)
def test_a_bad_new_password_changes_nothing(ready: House, form: dict[str, str], says: str) -> None:
    """A wrong, short or mistyped password is refused with its sentence, and the old one goes on working."""
    answer = ready.signed_in(Role.DISPATCHER).post("/password", data=form)
    assert answer.status_code == 400
    assert says in answer.text
    sign_in = {"email": "dispatcher@test.example", "password": PASSWORD}
    assert ready.stranger().post("/sign-in", data=sign_in).status_code == 302


def test_the_owner_lets_people_in_and_shuts_them_out(ready: House) -> None:
    """An account added by the owner signs in; shut out, its session ends at once and its password opens nothing."""
    owner = ready.signed_in(Role.OWNER)
    form = {"name": "Nur", "email": "Nur@test.example", "role": "booking_taker", "new_password": PASSWORD}
    assert owner.post("/accounts", data=form).status_code == 302
    nur = ready.stranger()
    sign_in = {"email": "nur@test.example", "password": PASSWORD}
    assert nur.post("/sign-in", data=sign_in).status_code == 302
    page = owner.get("/accounts").text
    start = page.index("nur@test.example")
    address = page[page.index('action="/accounts/', start) :].split('"')[1]
    stale = owner.post(address, data={"version": "7", "note": "typed <here>"})
    assert stale.status_code == 409
    assert "Somebody else was faster" in stale.text
    assert "typed &lt;here&gt;" in stale.text
    assert nur.get("/password").status_code == 200
    assert owner.post(address, data={"version": "1"}).status_code == 302
    assert nur.get("/password").status_code == 302
    assert ready.stranger().post("/sign-in", data=sign_in).status_code == 400


def test_an_account_is_refused_with_sentences(ready: House) -> None:
    """A short password or an e-mail that is taken is refused, what was typed stays, and nobody is added."""
    owner = ready.signed_in(Role.OWNER)
    form = {"name": "Nur <b>", "email": "owner@test.example", "role": "dispatcher", "new_password": PASSWORD}
    answer = owner.post("/accounts", data=form)
    assert answer.status_code == 409
    assert "Nur &lt;b&gt;" in answer.text
    short = owner.post("/accounts", data={**form, "email": "nur@test.example", "new_password": "short"})
    assert short.status_code == 400
    assert "needs 10 to 200" in short.text
    assert "nur@test.example</td>" not in owner.get("/accounts").text
