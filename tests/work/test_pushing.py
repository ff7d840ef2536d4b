"""Phones are woken by versions that change their therapist's day, by rows with retries; a phone that is gone is forgotten."""

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, Forbidden
from dispatch.model.outgoing import Channel, Outgoing, OutgoingState
from dispatch.model.push import PushSubscription
from dispatch.work.phones import make_phone_link, phone_actor, revoke_phone_links
from dispatch.work.pushing import MOST, push_key, want_push
from dispatch.work.sending import BACK_OFF_S, send_one
from tests.notify.push_twin import push_service
from tests.notify.test_push import TWIN
from tests.work.company import Office
from tests.work.plans import FULL, SOME, keep_and_publish


@pytest.fixture
def pushing(busy: Office) -> Office:
    """Give an office whose settings turn push on."""
    return replace(busy, services=replace(busy.services, channels={Channel.PUSH: TWIN}))


def phones(office: Office) -> list[str]:
    """Give the therapists whose phones are woken."""
    with office.services.store.reading() as tx:
        return sorted(one.therapist_id for one in tx.list(PushSubscription, "main"))


def calls(office: Office) -> tuple[Outgoing, ...]:
    """Give the calls about the day's versions."""
    from dispatch.model.publication import Publication

    with office.services.store.reading() as tx:
        return tx.outgoing_about("main", [one.id for one in tx.list(Publication, "main")])


def test_only_whose_day_changes_is_woken(pushing: Office) -> None:
    """A version calls the phones of those whose day it changes, once each and without a word about anybody."""
    with push_service() as twin:
        assert want_push(pushing.services, pushing.therapist, twin.endpoint("aina"))
        assert not want_push(pushing.services, pushing.therapist, twin.endpoint("aina"))
        token = make_phone_link(pushing.services, pushing.dispatcher, "t-chandra")
        assert want_push(pushing.services, phone_actor(pushing.services, token), twin.endpoint("chandra"))
        keep_and_publish(pushing, SOME)
        assert [call.to for call in calls(pushing)] == [twin.endpoint("aina")]
        while send_one(pushing.services, Channel.PUSH):
            pass
        keep_and_publish(pushing, FULL)
        while send_one(pushing.services, Channel.PUSH):
            pass
    assert sorted(call["path"] for call in twin.calls) == ["/send/aina", "/send/aina", "/send/chandra"]
    assert {(call.state, call.subject, call.text, call.to_name) for call in calls(pushing)} == {
        (OutgoingState.SENT, "", "", "")
    }


def test_a_service_that_is_ill_is_tried_again_and_a_gone_phone_forgotten(pushing: Office) -> None:
    """After 503 and silence the call is made again; after 410 the phone is forgotten, and the next version calls nobody."""
    with push_service(503, 0, 201, 410) as twin:
        want_push(pushing.services, pushing.therapist, twin.endpoint("aina"))
        keep_and_publish(pushing, SOME)
        for wait in (0, *BACK_OFF_S[:2]):
            pushing.clock.on(seconds=wait)
            assert send_one(pushing.services, Channel.PUSH)
        assert len(twin.calls) == 1
        keep_and_publish(pushing, FULL)
        assert send_one(pushing.services, Channel.PUSH)
        assert phones(pushing) == []
        assert [call.failure.code for call in calls(pushing) if call.failure] == ["notify.push_gone"]
        keep_and_publish(pushing, SOME)
        assert not send_one(pushing.services, Channel.PUSH)


def test_phones_are_few_and_end_with_the_link(pushing: Office) -> None:
    """The oldest of too many phones is forgotten, a phone handed on is the other's, and revoking the links ends all."""
    token = make_phone_link(pushing.services, pushing.dispatcher, "t-bee")
    bee = phone_actor(pushing.services, token)
    for number in range(MOST + 2):
        want_push(pushing.services, pushing.therapist, f"http://127.0.0.1/{number}")
        pushing.clock.on(seconds=1)
    assert phones(pushing) == ["t-aina"] * MOST
    assert want_push(pushing.services, bee, f"http://127.0.0.1/{MOST + 1}")
    assert phones(pushing) == ["t-aina"] * (MOST - 1) + ["t-bee"]
    revoke_phone_links(pushing.services, pushing.dispatcher, "t-aina")
    assert phones(pushing) == ["t-bee"]
    revoke_phone_links(pushing.services, pushing.dispatcher, "t-bee")
    assert phones(pushing) == []


def test_what_is_off_or_foreign_is_refused(pushing: Office, busy: Office) -> None:
    """Without the setting there is no key and no phone; an address of no push service is refused; a dispatcher has no phone."""
    assert push_key(busy.services) == ""
    assert len(push_key(pushing.services)) == 87
    with pytest.raises(BadInput, match=r"notify\.channel_off"):
        want_push(busy.services, busy.therapist, "http://127.0.0.1/1")
    with pytest.raises(BadInput, match=r"notify\.push_foreign"):
        want_push(pushing.services, pushing.therapist, "http://10.0.0.1/1")
    with pytest.raises(Forbidden):
        want_push(pushing.services, pushing.dispatcher, "http://127.0.0.1/1")
    assert phones(pushing) == []
