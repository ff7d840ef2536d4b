"""Calls to a push service: signed by our key, empty, and to the services of browsers only."""

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, LaluanError, Unavailable
from dispatch.model.outgoing import Channel
from dispatch.notify.push import SIGNED_S, PushChannel
from tests.notify.push_twin import claims_of, push_service
from tests.notify.test_channels import NOW, message

SECRET = "the secret of an installation, long enough"
TWIN = PushChannel(secret=SECRET, contact="mailto:it@kl.example", timeout_s=2, services=("127.0.0.1",), safe=False)


def test_a_call_is_signed_and_empty() -> None:
    """The service can check who calls, for whom and how long; the call has no content and names nobody."""
    with push_service() as twin:
        call = message(channel=Channel.PUSH, to=twin.endpoint("a?b=1"), purpose="plan", urgent=False)
        TWIN.send(call, now=NOW)
    (taken,) = twin.calls
    claims = claims_of(taken["Authorization"])
    assert claims["sub"] == "mailto:it@kl.example"
    assert claims["exp"] == NOW.timestamp() + SIGNED_S
    assert (taken["path"], taken["Urgency"], taken["TTL"]) == ("/send/a?b=1", "normal", "21600")
    assert not any(word in str(taken) for word in ("Aina", "Mei", call.subject))


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (404, BadInput, "notify.push_gone"),
        (410, BadInput, "notify.push_gone"),
        (401, BadInput, "notify.push_refused"),
        (301, BadInput, "notify.push_refused"),
        (429, Unavailable, "notify.push_later"),
        (503, Unavailable, "notify.push_later"),
        (0, Unavailable, "notify.push_silent"),
    ],
)
def test_what_each_answer_means(status: int, kind: type[LaluanError], code: str) -> None:
    """A phone that is gone is told apart from a call that is refused, and from one to try again."""
    with push_service(status) as twin, pytest.raises(kind) as told:
        TWIN.send(message(channel=Channel.PUSH, to=twin.endpoint("a")), now=NOW)
    assert told.value.code == code
    assert twin.calls == []


@pytest.mark.parametrize(
    "to",
    [
        "",
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com@10.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "https://10.0.0.1/x",
        "https://notify.windows.com.evil/x",
        "https://fcm.googleapis.com/" + "x" * 1_000,
        "https://fcm.googleapis.com/x\r\nHost: evil",
        "https://[::1/x",
        "file:///etc/passwd",
    ],
)
def test_nobody_else_is_called(to: str) -> None:
    """What a phone names that is no browser's push service is refused with a sentence, before anything is sent."""
    real = replace(TWIN, services=PushChannel(secret=SECRET, contact="", timeout_s=1).services, safe=True)
    why = real.refuses(to)
    assert why is not None
    assert why.code == "notify.push_foreign"
    with pytest.raises(BadInput):
        real.send(message(channel=Channel.PUSH, to=to), now=NOW)


@pytest.mark.parametrize(
    "to",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://sg2p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_services_of_browsers_are_known(to: str) -> None:
    """Chrome, Firefox, Safari and Edge can be called."""
    assert PushChannel(secret=SECRET, contact="", timeout_s=1).refuses(to) is None


def test_the_key_is_the_installation_s() -> None:
    """The same secret gives the same key at every start, another one another: no phone is lost by a restart."""
    assert replace(TWIN).public_key == TWIN.public_key
    assert replace(TWIN, secret=SECRET + "!").public_key != TWIN.public_key
    assert SECRET not in repr(TWIN)
