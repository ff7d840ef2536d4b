"""The pages of safety: alarms on top of the desk, answered and closed; the link of a message; SOS and PINs of a phone."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch.errors import BadInput
from dispatch.model.kinds import EventKind, Role
from dispatch.model.outgoing import Channel
from dispatch.model.safety import Alarm, AlarmState
from dispatch.work.alarms import alarms_page
from dispatch.work.phones import make_phone_link
from dispatch.work.pins import make_pins
from dispatch.work.taking import take_booking
from dispatch.work.watching import sweep
from tests.web.house import House, open_house
from tests.work.company import DAY, Office, booking
from tests.work.plans import keep_and_publish
from tests.work.test_safety import VISIT, alarms, at, tap, watches
from tests.work.test_sending import Post

NOW = "2026-11-25T01:00:00.000Z"


@pytest.fixture(name="missed")
def one_missed(busy: Office) -> House:
    """Give the pages of an office where Aina's start is missed."""
    office = replace(busy, services=replace(busy.services, channels={Channel.EMAIL: Post(channel=Channel.EMAIL)}))
    keep_and_publish(office)
    at(office, watches(office)[VISIT].start_at + timedelta(minutes=15))
    return open_house(office)


def only(house: House) -> Alarm:
    """Give the one alarm."""
    (alarm,) = alarms(house.office).values()
    return alarm


def test_an_alarm_stands_on_top_and_is_answered_and_closed(missed: House) -> None:
    """Every page of the desk shows it, a button answers it, a word closes it, and its record stays."""
    client = missed.signed_in(Role.BOOKING_TAKER)
    assert "data-alarms" in client.get("/bookings").text
    bar = client.get("/alarms/bar")
    assert "Aina has not started" in bar.text
    assert client.get("/alarms/bar", headers={"If-None-Match": bar.headers["ETag"]}).status_code == 304
    key = only(missed).id
    assert client.post("/alarms/answer", data={"alarm_id": key}).status_code == 302
    assert client.get("/alarms/bar", headers={"If-None-Match": bar.headers["ETag"]}).status_code == 200
    stale = {"alarm_id": key, "version": str(only(missed).version - 1), "word": "well"}
    assert client.post("/alarms/close", data=stale).status_code == 409
    assert client.post("/alarms/close", data=stale | {"version": str(only(missed).version)}).status_code == 302
    page = client.get("/alarms").text
    assert "taker closed it: well" in page
    assert "Aina has not started" not in client.get("/alarms/bar").text


def test_without_a_channel_the_board_says_so(busy: Office, missed: House) -> None:
    """The red banner stands on the board as long as no channel is set, and says what to do; with one it does not."""
    banner = "Alarms reach nobody"
    assert banner in open_house(busy).signed_in(Role.DISPATCHER).get(f"/day/{DAY}").text
    assert banner not in missed.signed_in(Role.DISPATCHER).get(f"/day/{DAY}").text


def test_a_link_shows_first_and_answers_by_its_button(missed: House) -> None:
    """A mail program that opens the link answers nothing; the button does, without signing in, as the person it was sent to."""
    office = missed.office
    at(office, office.clock() + timedelta(minutes=5))
    with office.services.store.reading() as tx:
        (message,) = tx.outgoing_about("main", [only(missed).id])
    where = message.link.removeprefix(office.services.public_url)
    stranger = missed.stranger()
    assert "Aina has not started" in stranger.get(where).text
    assert only(missed).state is AlarmState.OPEN
    assert stranger.post(where).status_code == 302
    assert only(missed).state is AlarmState.ANSWERED
    assert stranger.get("/alarm/made.up").status_code == 403


def test_settings_are_the_owners(missed: House) -> None:
    """The owner sets graces, steps and duty; a dispatcher sees them; what cannot be is named and keeps nothing."""
    owner = missed.signed_in(Role.OWNER)
    page = owner.get("/alarms/settings").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    form = {
        "version": version[1], "start_grace": "20", "finish_grace": "25", "again": "5", "again_times": "3",
        "whom_0": "responder", "after_0": "0", "whom_1": "owner", "after_1": "10", "responder_2": "taker",
    }  # fmt: skip
    assert owner.post("/alarms/settings", data=form | {"start_grace": "soon"}).status_code == 400
    assert missed.signed_in(Role.DISPATCHER).post("/alarms/settings", data=form).status_code == 403
    assert owner.post("/alarms/settings", data=form).status_code == 302
    assert owner.post("/alarms/settings", data=form).status_code == 409
    assert 'name="start_grace" inputmode="numeric" value="20"' in owner.get("/alarms/settings").text
    made = missed.signed_in(Role.DISPATCHER).post("/alarms/pins/t-aina", data={"step": "make"}).text
    assert len(re.findall(r'class="pin-shown">\d{4}<', made)) == 2


def send(house: House, token: str, *signals: dict[str, Any]) -> Any:
    """Send signals as the page's script does."""
    body = json.dumps({"sent_at": NOW, "signals": signals})
    return house.stranger().post(f"/api/v1/phone/{token}/signals", data=body, content_type="application/json")


def one(number: int, kind: str, **other: str) -> dict[str, str]:
    """Give a signal as the page's script writes it."""
    return {"id": f"signal-{number:05}", "kind": kind, "visit": VISIT, "pin": "", "at": NOW} | other


def test_the_answer_to_a_pin_tells_nothing(busy: Office) -> None:
    """Right, wrong and duress PIN get the same bytes for an answer, and her page afterwards is the same page."""
    keep_and_publish(busy)
    pins = make_pins(busy.services, busy.owner, "t-aina")
    token = make_phone_link(busy.services, busy.dispatcher, "t-aina")
    house = open_house(busy)
    wrong = next(f"{n:04}" for n in range(9) if f"{n:04}" not in {pins.right, pins.duress})
    at(busy, watches(busy)[VISIT].start_at)
    tap(busy, "start", EventKind.STARTED)
    at(busy, watches(busy)[VISIT].end_at)
    tap(busy, "end", EventKind.FINISHED)
    seen = []
    for pin in (wrong, pins.right, pins.duress):
        answer = send(house, token, one(1 if pin == wrong else 2 if pin == pins.right else 3, "checked", pin=pin))
        sweep(busy.services)
        page = re.sub(r"(csrf_token|CSRFToken|nonce)[^>]*", "", house.stranger().get(f"/p/{token}").text)
        reminders = house.stranger().get(f"/api/v1/phone/{token}/reminders").text
        length = answer.headers["Content-Length"]
        seen.append((answer.status_code, length, sorted(answer.headers.keys()), page, reminders))
    assert seen[0] == seen[1] == seen[2]
    assert len(alarms(busy)) == 1


def test_sos_is_taken_and_rubbish_is_not(busy: Office) -> None:
    """SOS is kept by her link alone; what is no signal is refused whole, and another site's page sends nothing."""
    keep_and_publish(busy)
    token = make_phone_link(busy.services, busy.dispatcher, "t-aina")
    house = open_house(busy, csrf=True)
    no_text: Any = one(1, "sos") | {"pin": None}
    no_signal: Any = "x"
    for wrong in (no_signal, one(1, "boom"), one(1, "sos", at="soon"), no_text):
        assert send(house, token, wrong).status_code == 400
    foreign = house.stranger().post(
        f"/api/v1/phone/{token}/signals",
        data="{}",
        content_type="application/json",
        headers={"Origin": "https://x.example"},
    )
    assert foreign.status_code == 403
    for _ in range(2):
        assert send(house, token, one(1, "sos", visit="")).get_json() == {"signals": ["signal-00001"]}
    sweep(busy.services)
    assert len(alarms(busy)) == 1


def test_a_booking_at_a_flagged_place_is_asked_about(busy: Office) -> None:
    """A new booking there is refused with the reason until somebody ticks that she looked into it, which is kept."""
    keep_and_publish(busy)
    tap(busy, "bad", EventKind.PROBLEM, payload="unsafe")
    wish = booking("", "c-lim", 17, 20)
    with pytest.raises(BadInput, match=r"booking\.unsafe_place"):
        take_booking(busy.services, busy.taker, wish)
    taken = take_booking(busy.services, busy.taker, wish, unsafe_confirmed=True)
    (shown,) = alarms_page(busy.services, busy.taker).flags
    assert [one.booking_id for one in shown.flag.confirmed] == [taken.id]
    assert taken.id in {one.id for one in shown.bookings}
    assert "Bangsar Residence" in open_house(busy).signed_in(Role.DISPATCHER).get("/alarms").text
