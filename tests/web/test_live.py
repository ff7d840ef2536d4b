"""An open board asks what is new: cheaply where nothing is, in sentences where something is, and never for strangers."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from dispatch.model.kinds import Role
from dispatch.model.move import Move
from dispatch.work.moving import make_move
from dispatch.work.presence import note_presence
from tests.web.house import House
from tests.work.company import DAY
from tests.work.plans import FULL, keep

PAGE = f"/day/{DAY}"


def json_of(answer: TestResponse) -> dict[str, Any]:
    """Give the JSON of an answer, which must be an object."""
    found = answer.get_json()
    assert isinstance(found, dict)
    return found


def test_nothing_new_costs_no_body(busy_house: House) -> None:
    """Asked with the tag of the last answer, the pulse is 304 and empty until something changes or somebody comes."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    first = client.get(f"{PAGE}/pulse")
    assert json_of(first)["colleagues"] == []
    tag = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"{PAGE}/pulse", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    note_presence(office.services, office.owner, DAY, "b1/0")
    somebody = client.get(f"{PAGE}/pulse", headers=tag)
    assert json_of(somebody)["colleagues"] == [{"name": "owner", "initials": "ow", "card": "b1/0"}]
    head = keep(office, FULL)
    assert head.number == 1
    changed = client.get(f"{PAGE}/pulse", headers={"If-None-Match": somebody.headers["ETag"]})
    assert json_of(changed)["number"] > json_of(first)["number"]


def test_the_board_carries_the_number_it_was_drawn_at(busy_house: House) -> None:
    """The page and its newer part carry the number of the newest change they show: nothing falls in between."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    keep(office, FULL)
    number = json_of(client.get(f"{PAGE}/pulse"))["number"]
    for address in (PAGE, f"{PAGE}/now"):
        assert f'data-change-number="{number}"' in client.get(address).text


def test_the_news_are_sentences(busy_house: House) -> None:
    """A colleague's move is told with her name, whose visit it was and whose it is now, and which visit to mark."""
    client, office = busy_house.signed_in(Role.DISPATCHER), busy_house.office
    head = keep(office, FULL)
    number = json_of(client.get(f"{PAGE}/pulse"))["number"]
    move = Move(places=(("b1/0", "t-bee"),), start_s=None)
    make_move(office.services, office.owner, DAY, move, head_id=head.id)
    told = json_of(client.get(f"{PAGE}/news?since={number}&head={head.id}"))
    assert told["done"] == ["owner changed the plan by hand."]
    assert any(text.startswith("Aina's 14:") and "went to Bee Ling" in text for text in told["changes"])
    assert "b1/0" in told["visits"]
    assert (told["concerns"], told["mine"]) == (True, False)


@pytest.mark.parametrize("query", ["", "?since=abc", "?since=-5&head=nobody", "?since=99999999999&head=%00"])
def test_strange_questions_are_answered(busy_house: House, query: str) -> None:
    """Whatever a hostile or an old page asks with, the answer is a plain one."""
    keep(busy_house.office, FULL)
    answer = busy_house.signed_in(Role.BOOKING_TAKER).get(f"{PAGE}/news{query}")
    assert answer.status_code == 200
    assert isinstance(json_of(answer)["concerns"], bool)


def test_presence_is_noted_and_taken_back(busy_house: House) -> None:
    """Who has the board open says so and is shown to the others, not to herself; who leaves is gone at once."""
    owner, dispatcher = busy_house.signed_in(Role.OWNER), busy_house.signed_in(Role.DISPATCHER)
    assert owner.post(f"{PAGE}/presence", data={"card": "b2/0"}).status_code == 204
    assert [one["card"] for one in json_of(dispatcher.get(f"{PAGE}/pulse"))["colleagues"]] == ["b2/0"]
    assert json_of(owner.get(f"{PAGE}/pulse"))["colleagues"] == []
    assert owner.post(f"{PAGE}/presence", data={"gone": "1"}).status_code == 204
    assert json_of(dispatcher.get(f"{PAGE}/pulse"))["colleagues"] == []


def test_strangers_hear_nothing(busy_house: House) -> None:
    """Without an account, or as a therapist, neither the pulse nor the news nor presence open."""
    for client in (busy_house.stranger(), busy_house.signed_in(Role.THERAPIST)):
        for path in ("pulse", "news"):
            assert client.get(f"{PAGE}/{path}").status_code in {302, 403}
        assert client.post(f"{PAGE}/presence").status_code in {401, 403}
