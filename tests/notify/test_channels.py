"""The channels out, against twins of the servers they speak to: what is sent, and what each refusal means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatch.errors import BadInput, LaluanError, Unavailable
from dispatch.model.outgoing import Channel, Outgoing
from dispatch.notify.email import EmailChannel
from dispatch.notify.webhook import WebhookChannel, signature
from dispatch.words import sentence
from tests.notify.smtp_twin import mail_server
from tests.notify.webhook_twin import SECRET, webhook

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


def message(**changes: object) -> Outgoing:
    """Give a message to the duty responder."""
    plain = Outgoing(
        id="m1",
        branch_id="main",
        channel=Channel.EMAIL,
        to="duty@example.com",
        to_name="Mei 美",
        subject="Aina has not\r\nstarted",
        text="Aina 未开始\n.\nCall her.",
        purpose="alarm",
        about_id="a1",
        link="https://plan.example.com/alarm/x",
        urgent=True,
        asked_at=NOW,
        due_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def email(port: int, **changes: object) -> EmailChannel:
    """Give a channel to a twin, which has no certificate."""
    plain = EmailChannel(
        host="127.0.0.1", port=port, security="none", user="u", password="p", sender="safety@kl.example", timeout_s=2
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def hook(port: int, **changes: object) -> WebhookChannel:
    """Give a channel to a twin."""
    plain = WebhookChannel(url=f"http://127.0.0.1:{port}/in?x=1", secret=SECRET, timeout_s=2)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_letter_arrives_whole() -> None:
    """The letter has one recipient, an id of its own, our words in any script, the link, and no header of others."""
    with mail_server() as twin:
        email(twin.port).send(message(), now=NOW)
    (letter,) = twin.letters
    assert letter["To"] == "duty@example.com"
    assert letter["Message-ID"] == "<m1@kl.example>"
    assert letter["Subject"] == "Aina has not started"
    assert letter.get_content().split("\r\n")[:3] == [
        "Aina 未开始",
        ".",
        "Call her.",
    ] or letter.get_content().startswith("Aina 未开始\n.\nCall her.")
    assert "https://plan.example.com/alarm/x" in letter.get_content()


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("busy", Unavailable, "notify.smtp_later"),
        ("no such user", BadInput, "notify.email_refused"),
        ("too big", BadInput, "notify.email_refused"),
        ("sign in", Unavailable, "notify.smtp_sign_in"),
        ("lost", Unavailable, "notify.smtp_silent"),
        ("silent", Unavailable, "notify.smtp_silent"),
        ("drip", Unavailable, "notify.smtp_silent"),
    ],
)
def test_what_a_mail_server_refuses_is_said(fault: str, kind: type[LaluanError], code: str) -> None:
    """Each way a mail server fails becomes a sentence, and tells what may pass from what will not."""
    with mail_server(fault) as twin, pytest.raises(kind) as caught:
        email(twin.port, timeout_s=0.2 if fault in {"silent", "drip"} else 3).send(message(), now=NOW)
    assert caught.value.code == code
    assert sentence(caught.value.code, caught.value.values)


def test_a_server_without_tls_is_not_told_the_password() -> None:
    """Where the settings ask for STARTTLS and the server has none, nothing is sent and no password is said."""
    with mail_server() as twin, pytest.raises(Unavailable, match=r"notify\.smtp_tls"):
        email(twin.port, security="starttls").send(message(), now=NOW)
    assert twin.letters == []


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: x@y.example", "<a@b.example>", "a@-"]
)
def test_an_address_that_is_not_one_is_refused_before_anybody_is_asked(to: str) -> None:
    """Only one plain address is sent to; nothing that is typed becomes a second recipient or a header."""
    with mail_server() as twin, pytest.raises(BadInput, match=r"notify\.no_email"):
        email(twin.port).send(message(to=to), now=NOW)
    assert twin.connections == 0


def test_a_webhook_is_signed_and_the_same_each_time() -> None:
    """The receiver can check who sent it, tell a repeat by its key, and read for whom it is."""
    with webhook() as twin:
        for _ in range(2):
            hook(twin.server_port).send(message(to_phone="+60123456789"), now=NOW)
    assert twin.refused == 0
    assert twin.keys == ["m1", "m1"]
    assert twin.taken[0] == twin.taken[1]
    assert twin.taken[0]["to"] == {"address": "duty@example.com", "name": "Mei 美", "phone": "+60123456789"}
    assert signature("k", "1", b"x") != signature("k", "2", b"x")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (500, Unavailable, "notify.webhook_later"),
        (429, Unavailable, "notify.webhook_later"),
        (403, BadInput, "notify.webhook_refused"),
        (302, BadInput, "notify.webhook_moved"),
        ("lost", Unavailable, "notify.webhook_silent"),
        ("silent", Unavailable, "notify.webhook_silent"),
        ("drip", Unavailable, "notify.webhook_silent"),
    ],
)
def test_what_a_webhook_refuses_is_said(answer: int | str, kind: type[LaluanError], code: str) -> None:
    """Each way a webhook fails becomes a sentence; a redirect is not followed, and one that drips is cut off."""
    with webhook(answer) as twin, pytest.raises(kind) as caught:
        hook(twin.server_port, timeout_s=0.2 if answer in {"silent", "drip"} else 3).send(message(), now=NOW)
    assert caught.value.code == code
    assert sentence(caught.value.code, caught.value.values)


def test_a_wrong_secret_is_refused() -> None:
    """A receiver that checks the signature takes nothing signed with another secret."""
    with webhook() as twin, pytest.raises(BadInput, match=r"notify\.webhook_refused"):
        hook(twin.server_port, secret="another secret").send(message(), now=NOW)
    assert (twin.refused, twin.taken) == (1, [])
