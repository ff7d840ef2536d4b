"""WhatsApp's channel against the stand-in: what it sends is what the Cloud API takes, and each refusal has its sentence."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dispatch.errors import BadInput, LaluanError, Unavailable
from dispatch.model.chat import ChatContent, ChatKind, Choice
from dispatch.model.codec import dumps
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.notify.whatsapp import WhatsAppChannel
from dispatch.notify.whatsapp_stand_in import APP_SECRET, NUMBER_ID, TOKEN, VERIFY_TOKEN, StandIn, signature
from dispatch.words import sentence

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
CHOICES = (Choice(id="a", title="10:00"), Choice(id="b", title="14:30", about="with Aina"))


@pytest.fixture
def graph() -> Iterator[StandIn]:
    """Give a stand-in that posts nowhere."""
    stand_in = StandIn().start()
    yield stand_in
    stand_in.stop()


def channel(graph: StandIn, *, token: str = TOKEN) -> WhatsAppChannel:
    """Give the channel to a stand-in."""
    return WhatsAppChannel(
        url=graph.url,
        number_id=NUMBER_ID,
        token=token,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        timeout_s=5,
    )


def message(content: ChatContent | str, to: str = "+60123456789") -> Outgoing:
    """Give a message on its way."""
    return Outgoing(
        id="m1",
        branch_id="main",
        channel=Channel.WHATSAPP,
        to=to,
        subject="",
        text=content if isinstance(content, str) else dumps(content),
        purpose="alarm" if isinstance(content, str) else "chat",
        asked_at=NOW,
        due_at=NOW,
    )


def test_every_kind_of_message_is_taken(graph: StandIn) -> None:
    """Texts, buttons, lists and location requests go out in the form the Cloud API checks, each with our own id."""
    for content in (
        ChatContent(kind=ChatKind.TEXT, text="明天下午三点可以吗?"),
        ChatContent(kind=ChatKind.BUTTONS, text="Which?", choices=CHOICES),
        ChatContent(kind=ChatKind.LIST, text="Which?", choices=CHOICES, button="Times"),
        ChatContent(kind=ChatKind.LOCATION_REQUEST, text="Where are you?"),
    ):
        channel(graph).send(message(content), now=NOW)
    kinds = [one.get("interactive", {}).get("type", one["type"]) for one in graph.taken]
    assert kinds == ["text", "button", "list", "location_request_message"]
    assert {(one["to"], one["biz_opaque_callback_data"]) for one in graph.taken} == {("60123456789", "m1")}


def test_plain_messages_and_people_without_a_number_are_reached(graph: StandIn) -> None:
    """A message of another purpose goes as text with its link, and somebody known by WhatsApp's id alone is written to by it."""
    channel(graph).send(message("Aina does not answer."), now=NOW)
    channel(graph).send(message(ChatContent(kind=ChatKind.TEXT, text="hi"), "MY.13491208655302741918"), now=NOW)
    assert graph.taken[0]["text"]["body"] == "Aina does not answer."
    assert (graph.taken[1].get("to"), graph.taken[1]["recipient"]) == (None, "MY.13491208655302741918")


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ((429, 130429), Unavailable, "whatsapp.busy"),
        ((400, 131056), Unavailable, "whatsapp.busy"),
        ((500, 131000), Unavailable, "whatsapp.later"),
        ((503, 2), Unavailable, "whatsapp.later"),
        ((401, 190), Unavailable, "whatsapp.sign_in"),
        ((0, 0), Unavailable, "whatsapp.silent"),
        ((400, 131047), BadInput, "whatsapp.window_over"),
        ((400, 131026), BadInput, "whatsapp.unreachable"),
        ((400, 100), BadInput, "whatsapp.refused"),
    ],
)
def test_what_it_refuses_is_said(graph: StandIn, fault: tuple[int, int], kind: type[LaluanError], code: str) -> None:
    """What may pass is tried again later, what stays is given up, and each is a sentence that says what to do."""
    graph.faults.append(fault)
    with pytest.raises(kind) as caught:
        channel(graph).send(message("hi"), now=NOW)
    assert caught.value.code == code
    assert sentence(code, caught.value.values)
    channel(graph).send(message("hi"), now=NOW)
    assert len(graph.taken) == 1


def test_a_wrong_token_is_told_apart(graph: StandIn) -> None:
    """With a token that WhatsApp does not know the message waits for a new one."""
    with pytest.raises(Unavailable, match=r"whatsapp\.sign_in"):
        channel(graph, token="another").send(message("hi"), now=NOW)


@pytest.mark.parametrize(
    "to", ["", "012-345 6789", "+0123456789", "mei@example.com", "MY.", "my.123", "+60123456789\n"]
)
def test_what_is_no_address_is_refused_before_anybody_is_asked(graph: StandIn, to: str) -> None:
    """Only a number in E.164 form or an id of WhatsApp's is written to."""
    with pytest.raises(BadInput, match=r"whatsapp\.no_address"):
        channel(graph).send(message("hi", to), now=NOW)
    assert graph.taken == []


def test_only_the_right_signature_is_one(graph: StandIn) -> None:
    """The signature is over exactly the bytes that came; another secret, other bytes or none at all are refused."""
    raw = '{"text": "好 é"}'.encode()
    assert channel(graph).is_signed(raw, signature(raw))
    for header in ("", "sha256=", signature(raw, "another"), signature(raw + b" "), signature(raw).upper(), "é"):
        assert not channel(graph).is_signed(raw, header)
