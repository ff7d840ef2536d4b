"""Messages out: written with their cause, sent once as far as can be known, tried again, given up with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from dispatch.errors import BadInput, Unavailable
from dispatch.jobs import loops_of
from dispatch.model.outgoing import Channel, Outgoing, OutgoingState
from dispatch.model.said import Said
from dispatch.work.sending import BACK_OFF_S, LEASE_S, post, send_one
from dispatch.work.services import Services
from tests.work.company import Office


@dataclass
class Post:
    """A channel that does as its script says, and keeps what it took."""

    script: list[Exception] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    channel: Channel = Channel.WEBHOOK

    def refuses(self, to: str) -> Said | None:
        """Refuse nobody."""
        return None

    def send(self, message: Outgoing, *, now: datetime) -> None:
        """Take a message, or fail as the script says."""
        self.during()
        if self.script:
            raise self.script.pop(0)
        self.taken.append(message.id)


def asked(office: Office, key: str = "m1", **changes: object) -> Outgoing:
    """Give a message due now."""
    plain = Outgoing(
        id=key,
        branch_id="main",
        channel=Channel.WEBHOOK,
        to="",
        subject="s",
        text="t",
        purpose="alarm",
        asked_at=office.clock(),
        due_at=office.clock(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def with_channel(office: Office, out: Post) -> Services:
    """Give the office's services with a way out."""
    return replace(office.services, channels={out.channel: out})


def put(services: Services, *messages: Outgoing) -> list[bool]:
    """Let messages be sent."""
    with services.store.writing() as tx:
        return [post(tx, services, one) for one in messages]


def kept(services: Services, key: str = "m1") -> Outgoing:
    """Give a message as it is kept."""
    with services.store.reading() as tx:
        return tx.outgoing(key)


def test_a_message_goes_once(office: Office) -> None:
    """A message asked for twice under one id is one message, and is sent once."""
    out = Post()
    services = with_channel(office, out)
    assert put(services, asked(office), asked(office)) == [True, False]
    assert [send_one(services, Channel.WEBHOOK) for _ in range(3)] == [True, False, False]
    assert out.taken == ["m1"]
    assert (kept(services).state, kept(services).failure) == (OutgoingState.SENT, None)


def test_what_may_pass_is_tried_again_later_and_then_given_up(office: Office) -> None:
    """Each attempt waits longer than the one before; after the last the reason stays as a sentence."""
    out = Post([Unavailable("notify.webhook_later", host="h", status=500)] * 99)
    services = with_channel(office, out)
    put(services, asked(office))
    for wait_s in BACK_OFF_S:
        assert send_one(services, Channel.WEBHOOK)
        assert not send_one(services, Channel.WEBHOOK)
        office.clock.on(seconds=wait_s)
    assert send_one(services, Channel.WEBHOOK)
    ended = kept(services)
    assert (ended.state, ended.attempt) == (OutgoingState.FAILED, len(BACK_OFF_S) + 1)
    assert ended.failure is not None
    assert ended.failure.code == "notify.webhook_later"
    assert not send_one(services, Channel.WEBHOOK)


def test_what_will_not_pass_is_not_tried_again(office: Office) -> None:
    """A refusal for good ends the message at once, with its reason."""
    out = Post([BadInput("notify.webhook_refused", host="h", status=403)])
    services = with_channel(office, out)
    put(services, asked(office))
    assert send_one(services, Channel.WEBHOOK)
    assert kept(services).state is OutgoingState.FAILED
    assert out.taken == []


def test_a_fault_is_kept_and_tried_again(office: Office) -> None:
    """A fault in a channel loses no message: it waits for the next attempt, and the fault is not hidden."""
    out = Post([ZeroDivisionError()])
    services = with_channel(office, out)
    put(services, asked(office))
    with pytest.raises(ZeroDivisionError):
        send_one(services, Channel.WEBHOOK)
    office.clock.on(seconds=BACK_OFF_S[0])
    assert send_one(services, Channel.WEBHOOK)
    assert out.taken == ["m1"]


def test_a_channel_that_is_off_says_so_at_once(office: Office) -> None:
    """Where no channel is set the message is kept as failed with the sentence that says what to do."""
    put(office.services, asked(office))
    failure = kept(office.services).failure
    assert kept(office.services).state is OutgoingState.FAILED
    assert failure is not None
    assert failure.code == "notify.channel_off"


def test_a_sender_that_died_is_followed_by_another(office: Office) -> None:
    """A claim whose sender fell silent goes to the next one after its lease; the first can end it no more."""
    out = Post()
    services = with_channel(office, out)
    put(services, asked(office))
    with services.store.writing() as tx:
        lost = tx.claim_outgoing(office.clock(), Channel.WEBHOOK, lease_s=LEASE_S, token="dead")
    assert lost is not None
    assert not send_one(services, Channel.WEBHOOK)
    office.clock.on(seconds=LEASE_S + 1)
    assert send_one(services, Channel.WEBHOOK)
    with services.store.writing() as tx:
        assert not tx.end_outgoing("m1", "dead", OutgoingState.FAILED, now=office.clock())
    assert (out.taken, kept(services).state) == (["m1"], OutgoingState.SENT)


def test_the_database_is_free_while_a_message_is_sent(office: Office) -> None:
    """However long a channel takes, others may write meanwhile."""
    out = Post()
    services = with_channel(office, out)
    answers: list[bool] = []
    later = office.clock() + timedelta(days=1)
    out.during = lambda: answers.extend(put(services, asked(office, "during0", due_at=later)))
    put(services, asked(office))
    assert send_one(services, Channel.WEBHOOK)
    assert answers == [True]
    assert kept(services, "during0").state is OutgoingState.QUEUED


def test_urgent_messages_go_first(office: Office) -> None:
    """An alarm does not wait behind letters that were asked for before it."""
    out = Post()
    services = with_channel(office, out)
    put(services, asked(office, "a"), asked(office, "b", urgent=True))
    while send_one(services, Channel.WEBHOOK):
        pass
    assert out.taken == ["b", "a"]


def test_the_loops_send_and_end(office: Office) -> None:
    """The threads of a server send what is due by each channel, and all end when told to."""
    import threading

    done = threading.Event()
    out = Post(during=done.set)
    services = with_channel(office, out)
    put(services, asked(office))
    loops = loops_of(services, sweep_s=0.02)
    loops.start()
    assert done.wait(30)
    loops.stop()
    assert out.taken == ["m1"]
