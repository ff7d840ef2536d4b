"""Posts of the Cloud API: whatever can be read of a batch is read, and nothing in one breaks the rest."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dispatch.errors import BadInput
from dispatch.intake.cloud import Batch, read_batch
from dispatch.model.chat import ChatKind, Delivery

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
NUMBER = "106540352242922"


def whole(*changes: dict[str, Any]) -> dict[str, Any]:
    """Give a post with these changes of our number."""
    metadata = {"phone_number_id": NUMBER}
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "1", "changes": [{"field": "messages", "value": {"metadata": metadata, **one}}]} for one in changes
        ],
    }


def batch(*changes: dict[str, Any]) -> Batch:
    """Read a post with these changes."""
    return read_batch(json.dumps(whole(*changes)).encode(), number_id=NUMBER, now=NOW)


def text(key: Any = "wamid.1", **more: Any) -> dict[str, Any]:
    """Give a text message."""
    plain = {"from": "60123456789", "id": key, "timestamp": "1764032400", "type": "text", "text": {"body": "esok 3pm"}}
    return {name: value for name, value in {**plain, **more}.items() if value is not None}


def test_a_batch_of_everything_is_read() -> None:
    """Texts, places, answers, pictures and kinds nobody has heard of come with what they say, in order."""
    place = {"latitude": 3.1302, "longitude": 101.671, "name": "Menara Bangsar"}
    found = batch(
        {
            "contacts": [{"wa_id": "60123456789", "profile": {"name": "Mei Ling"}}],
            "messages": [
                text(),
                text("wamid.2", type="location", location=place),
                text(
                    "wamid.3", type="interactive", interactive={"type": "list_reply", "list_reply": {"title": "14:30"}}
                ),
                text("wamid.4", type="image", image={"id": "1", "caption": "the gate"}),
                text("wamid.5", type="hologram"),
                text("wamid.6", type="location", location={"latitude": 91, "longitude": 0}),
            ],
        },
        {"statuses": [{"status": "read", "biz_opaque_callback_data": "m1"}]},
    )
    assert [(one.kind, one.text) for one in found.messages] == [
        (ChatKind.TEXT, "esok 3pm"),
        (ChatKind.LOCATION, "Menara Bangsar"),
        (ChatKind.CHOICE, "14:30"),
        (ChatKind.MEDIA, "the gate"),
        (ChatKind.OTHER, ""),
        (ChatKind.OTHER, ""),
    ]
    assert {(one.phone, one.name) for one in found.messages} == {("+60123456789", "Mei Ling")}
    assert found.messages[0].at == datetime(2025, 11, 25, 1, 0, tzinfo=UTC)
    assert (found.messages[1].lat, found.messages[1].lon) == (3.1302, 101.671)
    assert [(one.message_id, one.delivery) for one in found.statuses] == [("m1", Delivery.READ)]


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        ({"user_id": "MY.123"}, {"from": None, "from_user_id": "MY.123"}),
        ({"user_id": "MY.123"}, {"from": None}),
        ({}, {"from": "MY.123"}),
    ],
)
def test_somebody_without_a_number_is_known_by_her_id(contact: dict[str, Any], message: dict[str, Any]) -> None:
    """Where the number is missing or replaced, WhatsApp's own id says who wrote."""
    (found,) = batch({"contacts": [contact], "messages": [text(**message)]}).messages
    assert (found.phone, found.user_id) == ("", "MY.123")


def test_two_people_in_one_post_keep_their_names() -> None:
    """Each message goes with the contact it names, whatever the order."""
    found = batch(
        {
            "contacts": [
                {"wa_id": "60111111111", "user_id": "MY.1", "profile": {"name": "Ah"}},
                {"wa_id": "60122222222", "user_id": "MY.2", "profile": {"name": "Bee"}},
            ],
            "messages": [text("w2", **{"from": "60122222222"}), text("w1", **{"from": "60111111111"})],
        }
    )
    assert [(one.name, one.user_id) for one in found.messages] == [("Bee", "MY.2"), ("Ah", "MY.1")]


@pytest.mark.parametrize(
    "message",
    [
        7,
        None,
        {},
        text(None),
        text(""),
        text("a b"),
        text("x" * 301),
        text(**{"from": "Mei"}),
        text(**{"from": None}),
    ],
)
def test_what_cannot_be_read_leaves_the_rest(message: Any) -> None:
    """A message that nobody can place is counted and left out, and its neighbours are kept."""
    found = batch({"messages": [message, text()]})
    assert ([one.wamid for one in found.messages], found.left_out) == (["wamid.1"], 1)


def test_what_is_for_another_number_is_none_of_ours() -> None:
    """A post may hold changes of other numbers of the same account; they are left out."""
    strange = whole({"messages": [text()]})
    strange["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "1"
    found = read_batch(json.dumps(strange).encode(), number_id=NUMBER, now=NOW)
    assert found == Batch(left_out=1)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000])
def test_what_is_no_post_at_all_is_refused(raw: bytes) -> None:
    """What is no JSON object is refused in one sentence."""
    with pytest.raises(BadInput, match=r"whatsapp\.no_json"):
        read_batch(raw, number_id=NUMBER, now=NOW)


def test_a_clock_ahead_of_ours_is_ours() -> None:
    """A message from the future, or from no time at all, came now."""
    ahead = str(int((NOW + timedelta(days=2)).timestamp()))
    for stamp in (ahead, "", "soon", "99999999999999", 7):
        assert batch({"messages": [text(timestamp=stamp)]}).messages[0].at == NOW


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(st.text(max_size=8), part, max_size=3)),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3), st.lists(JSON, max_size=3), st.lists(JSON, max_size=3), st.data())
def test_nothing_in_a_post_breaks_it(
    contacts: list[Any], messages: list[Any], statuses: list[Any], data: st.DataObject
) -> None:
    """Whatever stands where something else should, the good message beside it is read."""
    broken = {name: data.draw(JSON) for name in data.draw(st.sets(st.sampled_from(["type", "text", "timestamp"])))}
    good = {"contacts": contacts, "messages": [*messages, text(**broken), text("wamid.2")], "statuses": statuses}
    found = batch(good)
    assert "wamid.2" in {one.wamid for one in found.messages}
