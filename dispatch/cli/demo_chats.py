"""The demo's clients on WhatsApp: played by the stand-in, so that the whole loop is seen without an account."""

import socket
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatch.model.outgoing import Channel

if TYPE_CHECKING:
    from dispatch.notify.whatsapp_stand_in import StandIn
    from dispatch.work.services import Services

FIRST = (
    (
        "demo-1",
        "60120000302",
        "",
        "James",
        "Hi, can Aina come tomorrow 3pm? Back relief 90 min, at the Hilton again please",
    ),
    ("demo-2", "60129990456", "", "Kak Yah", "mlm ni boleh? badan sakit belakang, 2 org, kat Mont Kiara"),
    ("demo-3", "", "MY.13491208655302741918", "阿明", "明天下午三点 两个人 bukit bintang hotel"),
)
"""What the first clients write: the message's name, the number, the id of one who hides hers, the name, the words."""


def with_clients(stack: ExitStack, services: "Services", listener: socket.socket) -> "tuple[Services, StandIn]":
    """Give the services with WhatsApp played by a stand-in, which ends with the stack; clients write to the listener."""
    from dispatch.notify.whatsapp import WhatsAppChannel
    from dispatch.notify.whatsapp_stand_in import APP_SECRET, NUMBER_ID, TOKEN, VERIFY_TOKEN, StandIn

    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked for, and not bound here
    stand_in = StandIn(
        webhook=f"http://{f'[{host}]' if ':' in host else host}:{port}/hooks/whatsapp",
        pause_s=0.8,
        seed=int(services.now().timestamp()),
        answers=play,
    ).start()
    stack.callback(stand_in.stop)
    for key, sender, user_id, name, words in FIRST:
        stand_in.says(sender, words, name=name, user_id=user_id, wamid=key)
    channel = WhatsAppChannel(
        url=stand_in.url,
        number_id=NUMBER_ID,
        token=TOKEN,
        app_secret=APP_SECRET,
        verify_token=VERIFY_TOKEN,
        timeout_s=5,
    )
    return replace(services, channels={**services.channels, Channel.WHATSAPP: channel}), stand_in


def play(stand_in: "StandIn", message: dict[str, Any]) -> None:
    """Answer as a client would: with where she is, with the first answer she may tap, or with her thanks."""
    sender, user_id = message.get("to", ""), message.get("recipient", "")
    interactive = message.get("interactive", {})
    action = interactive.get("action", {})
    if {sender, user_id}.isdisjoint({who for _, number, hidden, _, _ in FIRST for who in (number, hidden) if who}):
        return  # a therapist or a contact, whom nobody plays
    if interactive.get("type") == "location_request_message":
        stand_in.sends_place(sender, 3.1478, 101.7089, user_id=user_id)
    elif action.get("buttons"):
        stand_in.chooses(sender, action["buttons"][0]["reply"]["title"], user_id=user_id)
    elif action.get("sections"):
        stand_in.chooses(sender, action["sections"][0]["rows"][0]["title"], user_id=user_id)
    else:
        stand_in.says(sender, "Ok, thank you!", user_id=user_id)
