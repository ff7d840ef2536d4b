"""The phone page offers to be woken where push is on, and takes only what a push service's endpoint can be."""

from dataclasses import replace

import pytest

from dispatch.model.outgoing import Channel
from dispatch.work.phones import make_phone_link
from tests.notify.test_push import TWIN
from tests.web.house import House, open_house
from tests.web.test_phone import page, published
from tests.work.company import Office


@pytest.fixture
def pushing(busy: Office) -> House:
    """Give the pages of an office whose settings turn push on."""
    return open_house(replace(busy, services=replace(busy.services, channels={Channel.PUSH: TWIN})), csrf=True)


def test_the_page_offers_it_where_it_is_on(pushing: House, busy_house: House) -> None:
    """With the setting the page holds the key; without it nothing of it is there."""
    token = published(pushing.office)
    assert TWIN.public_key in page(pushing, f"/p/{token}")
    assert "data-push" not in page(busy_house, f"/p/{token}")


def test_an_endpoint_is_kept_once(pushing: House) -> None:
    """The link alone is enough, a second time changes nothing, and what is no endpoint is a sentence."""
    token = make_phone_link(pushing.office.services, pushing.office.dispatcher, "t-aina")
    address = f"/api/v1/phone/{token}/push"
    phone = pushing.stranger()
    told = [phone.post(address, json={"endpoints": ["http://127.0.0.1/send/1"]}).get_json() for _ in range(2)]
    assert told == [{"new": True}, {"new": False}]
    wrong: list[object] = [{"endpoints": ["http://10.0.0.1/x"]}, {"endpoints": [3]}, [], {}]
    for body in wrong:
        assert phone.post(address, json=body).status_code == 400
    foreign = {"Origin": "https://evil.example"}
    assert phone.post(address, json={"endpoints": ["http://127.0.0.1/2"]}, headers=foreign).status_code == 403
    assert phone.post("/api/v1/phone/made.up.token/push", json={"endpoints": ["x"]}).status_code == 403
