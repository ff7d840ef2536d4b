"""The inbox's pages and WhatsApp's webhook, with the stand-in posting to the real app."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from waitress.server import create_server

from dispatch.cli.demo_chats import FIRST, with_clients
from dispatch.model.chat import ChatContent, ChatKind
from dispatch.model.kinds import Role
from dispatch.model.outgoing import Channel
from dispatch.notify.whatsapp_stand_in import NUMBER_ID, VERIFY_TOKEN, StandIn, signature
from dispatch.work.inbox import chat_page, choices_of, inbox, write
from dispatch.work.sending import send_one
from tests.notify.test_whatsapp import channel
from tests.web.house import House, open_house
from tests.work.company import Office

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

HOOK = "/hooks/whatsapp"


@pytest.fixture
def graph() -> Iterator[StandIn]:
    """Give a stand-in."""
    stand_in = StandIn().start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def house(office: Office, graph: StandIn) -> House:
    """Give the pages over an office with WhatsApp set up; CSRF tokens are asked for as in earnest."""
    services = replace(office.services, channels={Channel.WHATSAPP: channel(graph)})
    return open_house(replace(office, services=services), csrf=True)


def deliver(house: House, value: dict[str, Any], *, sign: str = "") -> "TestResponse":
    """Post a change to the webhook as WhatsApp does."""
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": NUMBER_ID}, **value}}
    raw = json.dumps({"entry": [{"changes": [change]}]}).encode()
    headers = {"X-Hub-Signature-256": sign or signature(raw)}
    return house.stranger().post(HOOK, data=raw, content_type="application/json", headers=headers)


def hello(text: str = "esok 3pm deep tissue", key: str = "w1") -> dict[str, Any]:
    """Give a client's message of this moment of the tests."""
    message = {"id": key, "from": "60123456789", "timestamp": "1795568400", "type": "text", "text": {"body": text}}
    contact = {"wa_id": "60123456789", "profile": {"name": "Mei <b>Ling</b>"}}
    return {"contacts": [contact], "messages": [message]}


def form_of(page: str) -> dict[str, str]:
    """Give the hidden fields of the form that writes."""
    part = page.split('class="inbox-write', 1)[1].split("</form>", maxsplit=1)[0]
    fields = [piece.split(">")[0] for piece in part.split("<input")[1:]]
    return {one.split('name="')[1].split('"')[0]: one.split('value="')[1].split('"')[0] for one in fields}


def test_the_webhook_is_verified_and_signed(house: House) -> None:
    """WhatsApp's challenge comes back as plain text, a signed post is kept, and another word or signature opens nothing."""
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = house.stranger().get(HOOK, query_string=query)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "1158201444", "text/plain")
    assert house.stranger().get(HOOK, query_string=query | {"hub.verify_token": "x"}).status_code == 403
    assert deliver(house, hello()).status_code == 200
    assert deliver(house, hello(key="w2"), sign="sha256=00").status_code == 403
    assert len(inbox(house.office.services, house.office.taker).chats) == 1


def test_a_post_too_large_is_refused(house: House) -> None:
    """More than 1 MiB is refused before it is read, and the largest that is allowed is taken."""
    raw = b'{"entry": []}'.ljust(1024 * 1024)
    for data, status in ((raw, 200), (raw + b" ", 413)):
        answer = house.stranger().post(HOOK, data=data, headers={"X-Hub-Signature-256": signature(data)})
        assert answer.status_code == status


def test_without_whatsapp_there_is_no_webhook(office: Office) -> None:
    """Where it is not set up the address answers 404, and the inbox says what is missing."""
    house = open_house(office)
    assert house.stranger().post(HOOK, data=b"{}").status_code == 404
    assert house.stranger().get(HOOK).status_code == 404
    page = house.signed_in(Role.BOOKING_TAKER).get("/inbox").text
    assert "WhatsApp is not set up" in page


def test_a_client_writes_and_is_answered(house: House, graph: StandIn) -> None:
    """A message appears with its writer's name as text, the answer leaves once, and its status is what WhatsApp told."""
    deliver(house, hello())
    taker = house.signed_in(Role.BOOKING_TAKER)
    (chat,) = inbox(house.office.services, house.office.taker).chats
    house.office.clock.moment = chat.last_at
    listed = taker.get("/inbox").text
    assert "Mei &lt;b&gt;Ling&lt;/b&gt;" in listed
    assert "Waits for an answer" in listed
    page = taker.get(f"/inbox/{chat.id}").text
    assert "esok 3pm deep tissue" in page
    form = form_of(page) | {"kind": "buttons", "text": "Which time?", "choices": "14:30\n16:00"}
    for _ in range(2):
        assert taker.post(f"/inbox/{chat.id}/write", data=form).status_code == 303
    assert send_one(house.office.services, Channel.WHATSAPP)
    assert [one["interactive"]["action"]["buttons"][1]["reply"]["title"] for one in graph.taken] == ["16:00"]
    assert "On its way" in taker.get(f"/inbox/{chat.id}/messages").text
    deliver(house, {"statuses": [{"status": "read", "biz_opaque_callback_data": form["message_id"]}]})
    fragment = taker.get(f"/inbox/{chat.id}/messages").text
    assert "Read" in fragment
    assert "<html" not in fragment
    assert taker.post(f"/inbox/{chat.id}/write", data={"kind": "text"}).status_code == 400


def test_a_wrong_answer_is_shown_again_with_what_was_typed(house: House) -> None:
    """What WhatsApp would refuse comes back with its sentence and the words still in the form."""
    deliver(house, hello())
    taker = house.signed_in(Role.BOOKING_TAKER)
    (chat,) = inbox(house.office.services, house.office.taker).chats
    house.office.clock.moment = chat.last_at
    form = form_of(taker.get(f"/inbox/{chat.id}").text) | {"kind": "buttons", "text": "Which?", "choices": "a\nb\nc\nd"}
    answer = taker.post(f"/inbox/{chat.id}/write", data=form)
    assert answer.status_code == 400
    assert "4 answers to choose from" in answer.text
    assert "Which?</textarea>" in answer.text


def test_the_whole_loop_with_a_server_that_behaves_like_the_real_one(house: House, graph: StandIn) -> None:
    """A client writes, is asked where she is and answers; statuses come late, twice and in disorder, and all of it ends read."""
    with served(house.app) as listener:
        graph.webhook = f"http://127.0.0.1:{listener.getsockname()[1]}{HOOK}"
        graph.faults.append((429, 130429))
        house.office.clock.on(days=500)
        graph.says("60123456789", "tmr 8pm couple massage near klcc", name="Mei")
        services, actor = house.office.services, house.office.taker
        assert posted(graph, 1)
        (chat,) = inbox(services, actor).chats
        house.office.clock.moment = chat.last_at
        taker = house.signed_in(Role.BOOKING_TAKER)
        form = form_of(taker.get(f"/inbox/{chat.id}").text) | {"kind": "location_request", "text": ""}
        graph.answers = answers_with_her_place
        assert taker.post(f"/inbox/{chat.id}/write", data=form).status_code == 303
        assert send_one(services, Channel.WHATSAPP)
        house.office.clock.on(minutes=1)
        assert send_one(services, Channel.WHATSAPP)
        assert posted(graph, 6)
        shown = [one.message for one in chat_page(services, actor, chat.id).messages]
        assert sorted(one.kind.value for one in shown) == ["location", "location_request", "text"]
        assert [one.delivery.value for one in shown if one.by] == ["read"]
        assert "3.15790, 101.71160" in taker.get(f"/inbox/{chat.id}").text


def test_the_demos_clients_write_once(house: House) -> None:
    """The demo's three clients are in the inbox however often the demo is started, and answer as clients do."""
    services, actor = house.office.services, house.office.taker
    house.office.clock.on(days=500)
    with served(house.app) as listener, ExitStack() as stack:
        for _ in range(2):
            with ExitStack() as once:
                played, stand_in = with_clients(once, services, listener)
                stand_in.pause_s = 0.0
                assert posted(stand_in, len(FIRST))
        chats = {chat.name: chat for chat in inbox(services, actor).chats}
        assert sorted(chats) == sorted(name for _, _, _, name, _ in FIRST)
        assert [one.phone for one in chats.values()].count("") == 1
        played, stand_in = with_clients(stack, services, listener)
        stand_in.pause_s = 0.0
        chat = chats["James"]
        house.office.clock.moment = chat.last_at
        content = ChatContent(kind=ChatKind.BUTTONS, text="Which?", choices=choices_of("14:30\n16:00"))
        write(played, actor, chat.id, content, message_id="m1")
        assert send_one(played, Channel.WHATSAPP)
        assert posted(stand_in, len(FIRST) + 5)
        words = [one.message.text for one in chat_page(services, actor, chat.id).messages]
        assert words.count("14:30") == 1


@contextmanager
def served(app: "Flask") -> Iterator[socket.socket]:
    """Serve the app on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listener], threads=2)
    running = threading.Thread(target=server.run)
    running.start()
    try:
        yield listener
    finally:
        server.close()
        running.join()
        listener.close()


def answers_with_her_place(stand_in: StandIn, message: dict[str, Any]) -> None:
    """Answer as a client who is at KLCC."""
    stand_in.sends_place(message["to"], 3.1579, 101.7116)


def posted(stand_in: StandIn, count: int) -> bool:
    """Wait until the stand-in has posted so many times, for as long as a slow machine may take."""
    waiting = threading.Event()
    for _ in range(600):
        if len(stand_in.posted) >= count:
            break
        waiting.wait(0.05)
    return len(stand_in.posted) == count
