"""Chats over WhatsApp: each message and status counts once, in whatever order it comes; answers leave with their row."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError, NotFound, Several
from dispatch.model.account import Actor
from dispatch.model.chat import ChatContent, ChatKind, ChatMessage, Choice, Delivery
from dispatch.model.outgoing import Channel, OutgoingState
from dispatch.notify.whatsapp_stand_in import NUMBER_ID, VERIFY_TOKEN, StandIn, signature
from dispatch.work.clients import change_client, client_page
from dispatch.work.inbox import ChatPage, chat_page, choices_of, inbox, write
from dispatch.work.privacy import client_file, erase_client
from dispatch.work.sending import BACK_OFF_S, send_one
from dispatch.work.services import Services
from dispatch.work.whatsapp import Taken, answer_challenge, receive
from tests.notify.test_whatsapp import channel
from tests.work.company import Office

HELLO = ChatContent(kind=ChatKind.TEXT, text="14:30 with Aina?")


@pytest.fixture
def graph() -> Iterator[StandIn]:
    """Give a stand-in that posts nowhere; tests hand its posts over themselves."""
    stand_in = StandIn().start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def services(office: Office, graph: StandIn) -> Services:
    """Give the office's services with WhatsApp set up."""
    return replace(office.services, channels={Channel.WHATSAPP: channel(graph)})


def post(services: Services, **value: Any) -> Taken:
    """Hand a signed post over."""
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": NUMBER_ID}, **value}}
    raw = json.dumps({"entry": [{"changes": [change]}]}, ensure_ascii=False).encode()
    return receive(services, raw, signature(raw))


def said(key: str, text: str = "esok 3pm boleh?", *, phone: str = "60123456789", user: str = "", at: int = 0) -> Any:
    """Give a message of a client; `at` is seconds after the office's clock began."""
    plain: dict[str, Any] = {"id": key, "type": "text", "text": {"body": text}, "timestamp": str(1_764_032_400 + at)}
    plain |= {"from": phone} if phone else {}
    return plain | ({"from_user_id": user} if user else {})


def status(word: str, key: str = "m1", **more: Any) -> Any:
    """Give a status of a message of ours."""
    return {"status": word, "id": "wamid.x", "biz_opaque_callback_data": key, **more}


def only_chat(services: Services, actor: Actor) -> ChatPage:
    """Give the one chat there is."""
    (chat,) = inbox(services, actor).chats
    return chat_page(services, actor, chat.id)


def written(services: Services, office: Office) -> ChatMessage:
    """Give our message as the chat shows it."""
    (one,) = [one.message for one in only_chat(services, office.taker).messages if one.message.by]
    return one


def begun(services: Services, office: Office) -> str:
    """Let a client write now, and give her chat's id."""
    post(services, messages=[said("w1", at=_now_s(services))])
    return only_chat(services, office.taker).chat.id


def test_messages_in_any_order_and_twice_are_one_chat(office: Office, services: Services) -> None:
    """Every order of arrival, with repeats, gives the same chat with each message once, in the order they were written."""
    messages = [said(f"w{number}", f"line {number}", at=number) for number in range(3)]
    for turn, order in enumerate(itertools.permutations(messages)):
        renamed = [one | {"id": f"{turn}-{one['id']}", "from": f"6012345678{turn}"} for one in order]
        for one in (*renamed, renamed[0]):
            post(services, messages=[one])
    assert post(services, messages=[messages[0] | {"id": "0-w0"}]).messages == 0
    chats = inbox(services, office.taker).chats
    assert len(chats) == 6
    for chat in chats:
        shown = chat_page(services, office.taker, chat.id)
        assert [one.message.text for one in shown.messages] == ["line 0", "line 1", "line 2"]
        assert chat.waits
    with services.store.reading() as tx:
        assert len([row for row in tx.audit("main", limit=500) if row.code == "whatsapp.received"]) == 18


def test_what_is_not_signed_is_kept_nowhere(office: Office, services: Services) -> None:
    """A post with another signature, or none, is refused before it is read."""
    for header in ("", "sha256=00", signature(b"other")):
        with pytest.raises(Forbidden, match=r"whatsapp\.not_signed"):
            receive(services, b'{"entry": []}', header)
    assert inbox(services, office.taker).chats == ()


def test_the_challenge_is_answered_to_whoever_knows_the_word(services: Services, office: Office) -> None:
    """WhatsApp gets its challenge back where it knows our word, and nobody else does; without WhatsApp there is no such address."""
    assert answer_challenge(services, mode="subscribe", token=VERIFY_TOKEN, challenge="42") == "42"
    for mode, token in (("subscribe", "guess"), ("unsubscribe", VERIFY_TOKEN), ("", "")):
        with pytest.raises(Forbidden):
            answer_challenge(services, mode=mode, token=token, challenge="42")
    with pytest.raises(NotFound, match=r"whatsapp\.off"):
        answer_challenge(office.services, mode="subscribe", token="", challenge="")


def test_number_and_id_of_one_person_become_one_chat(office: Office, services: Services) -> None:
    """Known by number first and by id later, or the other way, she has one chat as soon as a message says both."""
    post(services, messages=[said("w1", "by number")])
    post(services, messages=[said("w2", "by id", phone="", user="MY.7", at=1)])
    assert len(inbox(services, office.taker).chats) == 2
    post(services, messages=[said("w3", "both", user="MY.7", at=2)])
    shown = only_chat(services, office.taker)
    assert (shown.chat.phone, shown.chat.user_id) == ("+60123456789", "MY.7")
    assert [one.message.text for one in shown.messages] == ["by number", "by id", "both"]


def test_a_number_that_changes_hands_opens_no_chat_of_another(office: Office, services: Services) -> None:
    """Where the same number comes with another id it is somebody else, who sees nothing of the chat before."""
    post(services, messages=[said("w1", "mine", user="MY.1")])
    post(services, messages=[said("w2", "new owner", user="MY.2", at=1)])
    chats = {chat.user_id: chat for chat in inbox(services, office.taker).chats}
    assert {key: chat.phone for key, chat in chats.items()} == {"MY.1": "", "MY.2": "+60123456789"}
    new = chat_page(services, office.taker, chats["MY.2"].id)
    assert [one.message.text for one in new.messages] == ["new owner"]


def test_an_answer_leaves_once_however_often_it_is_clicked(office: Office, services: Services, graph: StandIn) -> None:
    """Two clicks of one form are one message; it is on its way until a status says more."""
    chat_id = begun(services, office)
    for _ in range(2):
        write(services, office.taker, chat_id, HELLO, message_id="m1")
    assert [send_one(services, Channel.WHATSAPP) for _ in range(2)] == [True, False]
    assert [one["text"]["body"] for one in graph.taken] == [HELLO.text]
    assert written(services, office).delivery is Delivery.WAITING
    assert not only_chat(services, office.taker).chat.waits
    with pytest.raises(NotFound):
        write(
            services, office.taker, chat_id, HELLO, message_id=only_chat(services, office.taker).messages[0].message.id
        )


def test_statuses_in_any_order_end_the_same(office: Office, services: Services) -> None:
    """However they come, and however often, the furthest status counts; a message delivered after all has not failed."""
    chat_id = begun(services, office)
    words = ("sent", "failed", "delivered", "read")
    for number, order in enumerate(itertools.permutations(words)):
        key = f"m{number}"
        write(services, office.taker, chat_id, HELLO, message_id=key)
        for word in (*order, order[0]):
            post(services, statuses=[status(word, key)])
    shown = only_chat(services, office.taker).messages
    assert {one.message.delivery for one in shown if one.message.by} == {Delivery.READ}
    assert {one.trouble for one in shown} == {None}
    assert post(services, statuses=[status("sent", "m0"), status("read", "nobody's")]).statuses == 0


def test_a_failure_says_what_to_do(office: Office, services: Services) -> None:
    """A message that WhatsApp could not deliver shows why, as its status told."""
    chat_id = begun(services, office)
    write(services, office.taker, chat_id, HELLO, message_id="m1")
    post(services, statuses=[status("failed", errors=[{"code": 131026, "title": "Undeliverable"}])])
    (shown,) = [one for one in only_chat(services, office.taker).messages if one.message.by]
    assert shown.message.delivery is Delivery.FAILED
    assert shown.trouble is not None
    assert shown.trouble.code == "whatsapp.unreachable"


def test_an_ill_server_is_tried_again(office: Office, services: Services, graph: StandIn) -> None:
    """A rate limit and a fault of theirs delay a message and say so meanwhile; then it goes, once."""
    chat_id = begun(services, office)
    graph.faults += [(429, 130429), (500, 131000)]
    write(services, office.taker, chat_id, HELLO, message_id="m1")
    for wait_s in BACK_OFF_S[:2]:
        assert send_one(services, Channel.WHATSAPP)
        (shown,) = [one for one in only_chat(services, office.taker).messages if one.message.by]
        assert shown.trouble is not None
        office.clock.on(seconds=wait_s)
    assert send_one(services, Channel.WHATSAPP)
    assert len(graph.taken) == 1
    assert only_chat(services, office.taker).messages[-1].trouble is None


def test_a_lost_answer_sends_nothing_twice_once_a_status_has_come(
    office: Office, services: Services, graph: StandIn
) -> None:
    """Where the message was taken, its answer lost and a status came, the next attempt is not made."""
    chat_id = begun(services, office)
    graph.faults.append((0, 0))
    write(services, office.taker, chat_id, HELLO, message_id="m1")
    assert send_one(services, Channel.WHATSAPP)
    post(services, statuses=[status("delivered")])
    office.clock.on(hours=2)
    assert not send_one(services, Channel.WHATSAPP)
    assert graph.taken == []
    with services.store.reading() as tx:
        assert tx.outgoing("m1").state is OutgoingState.CANCELLED
    assert written(services, office).delivery is Delivery.DELIVERED


def test_after_a_day_nothing_is_written(office: Office, services: Services) -> None:
    """A day after her last message an answer is refused with the reason, and an old message that comes late opens nothing."""
    chat_id = begun(services, office)
    office.clock.on(hours=24)
    post(services, messages=[said("w0", "older", at=-60)])
    assert not only_chat(services, office.taker).may_write
    with pytest.raises(Conflict, match=r"whatsapp\.window_over"):
        write(services, office.taker, chat_id, HELLO, message_id="m1")
    with pytest.raises(Conflict, match=r"whatsapp\.off"):
        write(office.services, office.taker, chat_id, HELLO, message_id="m1")
    assert [one for one in only_chat(services, office.taker).messages if one.message.by] == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ChatContent(kind=ChatKind.TEXT, text="  "), "whatsapp.no_text"),
        (ChatContent(kind=ChatKind.TEXT, text="x" * 4_097), "whatsapp.long_text"),
        (ChatContent(kind=ChatKind.BUTTONS, text="?"), "whatsapp.choices"),
        (ChatContent(kind=ChatKind.BUTTONS, text="?", choices=choices_of("a\nb\nc\nd")), "whatsapp.choices"),
        (ChatContent(kind=ChatKind.BUTTONS, text="?", choices=choices_of("a\na")), "whatsapp.same_choices"),
        (ChatContent(kind=ChatKind.BUTTONS, text="?", choices=choices_of("x" * 21)), "whatsapp.long_choice"),
        (ChatContent(kind=ChatKind.LIST, text="?", choices=choices_of("a"), button=""), "whatsapp.long_choice"),
        (ChatContent(kind=ChatKind.MEDIA, text="?"), "whatsapp.kind"),
    ],
)
def test_what_whatsapp_would_refuse_is_refused_here(
    office: Office, services: Services, content: ChatContent, code: str
) -> None:
    """A message that could never be taken is told at once, in the writer's words, and nothing of it is kept."""
    chat_id = begun(services, office)
    with pytest.raises((BadInput, Several)) as caught:
        write(services, office.taker, chat_id, content, message_id="m1")
    error = caught.value
    found = error.errors if isinstance(error, Several) else (error,)
    assert code in {one.code for one in found}
    assert len(only_chat(services, office.taker).messages) == 1


def test_the_inbox_is_for_those_who_take_bookings(office: Office, services: Services) -> None:
    """A therapist sees no chat and writes none; nobody of another branch finds one."""
    chat_id = begun(services, office)
    elsewhere = replace(office.taker, branch_id="other")
    asks: list[tuple[type[LaluanError], Actor]] = [(Forbidden, office.therapist), (NotFound, elsewhere)]
    for kind, actor in asks:
        with pytest.raises(kind):
            chat_page(services, actor, chat_id)
        with pytest.raises(kind):
            write(services, actor, chat_id, HELLO, message_id="m1")
    with pytest.raises(Forbidden):
        inbox(services, office.therapist)


def test_what_was_written_goes_with_whoever_asks_to_be_forgotten(office: Office, services: Services) -> None:
    """A client's file holds her chat, and when she is erased neither it nor what waited to be sent is left."""
    client, phone = client_page(services, office.owner, "c-tan").client, "+60198765432"
    change_client(services, office.owner, replace(client, phone=phone))
    post(services, messages=[said("w1", "my back hurts", phone=phone.removeprefix("+"), at=_now_s(services))])
    write(services, office.taker, only_chat(services, office.taker).chat.id, HELLO, message_id="m1")
    kept = json.loads(client_file(services, office.owner, "c-tan").data)
    assert [one["text"] for one in kept["chats"][0]["messages"]] == ["my back hurts", HELLO.text]
    erase_client(services, office.owner, "c-tan", version=client_page(services, office.owner, "c-tan").client.version)
    assert inbox(services, office.taker).chats == ()
    assert not send_one(services, Channel.WHATSAPP)


def test_a_draft_is_read_from_what_the_client_wrote(office: Office, services: Services) -> None:
    """The words of the client, her pin, and the name and number that WhatsApp tells are read; our own words are not."""
    post(
        services,
        contacts=[{"wa_id": "60123456789", "profile": {"name": "Mei"}}],
        messages=[
            said("w1", "esok 3pm", at=_now_s(services)),
            said("w2", at=_now_s(services)) | {"type": "location", "location": {"latitude": 3.1, "longitude": 101.6}},
        ],
    )
    write(services, office.taker, only_chat(services, office.taker).chat.id, HELLO, message_id="m1")
    assert only_chat(services, office.taker).words() == "esok 3pm\n3.100000,101.600000\nMei 012-345 6789"


def _now_s(services: Services) -> int:
    return int(services.now().timestamp()) - 1_764_032_400


def test_choices_are_the_lines(office: Office) -> None:
    """Each line that says something is an answer to tap, with an id of its own."""
    assert choices_of(" 10:00 \n\n14:30") == (
        Choice(id="choice-1", title="10:00"),
        Choice(id="choice-2", title="14:30"),
    )
