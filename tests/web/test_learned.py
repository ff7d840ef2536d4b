"""The page of what the days teach: what it says, and that answers which come too late overwrite nothing."""

import re

from dispatch.model.kinds import Role
from tests.web.house import House
from tests.work.test_learned import access_of, agree, live, proposals


def test_the_page_proposes_and_uses_what_is_agreed(house: House) -> None:
    """It says how many visits speak for which minutes; one button uses it, another undoes it."""
    office = house.office
    live(office, 6)
    client = house.signed_in(Role.DISPATCHER)
    shown = client.get("/learned").get_data(as_text=True)
    assert "6 visits: from the gate to the door took about 15 min; plans reckon with 8 min." in shown
    form = dict(re.findall(r'name="(kind|subject|figures|version)" value="([^"]*)"', shown))
    assert client.post("/learned", data={**form, "answer": "agree"}).status_code == 302
    assert access_of(office) != (480,)
    shown = client.get("/learned").get_data(as_text=True)
    form = dict(re.findall(r'name="(lesson|version)" value="([^"]*)"', shown))
    assert client.post("/learned/undo", data=form).status_code == 302
    assert access_of(office) == (480,)


def test_an_answer_to_an_old_page_is_told(house: House) -> None:
    """Agreeing or undoing twice, from two open pages, changes nothing the second time and says so."""
    office = house.office
    live(office, 6)
    (one,) = proposals(office)
    client = house.signed_in(Role.DISPATCHER)
    lesson_id = agree(office, one)
    form = {
        "kind": one.kind,
        "subject": one.subject_id,
        "figures": " ".join(map(str, one.figures)),
        "version": str(one.version),
    }
    assert client.post("/learned", data={**form, "answer": "agree"}).status_code == 409
    undo = {"lesson": lesson_id, "version": "1"}
    assert client.post("/learned/undo", data=undo).status_code == 302
    assert client.post("/learned/undo", data=undo).status_code == 409


def test_nonsense_is_refused_with_a_sentence(house: House) -> None:
    """What no page of ours sends changes nothing and is answered plainly."""
    client = house.signed_in(Role.DISPATCHER)
    for form in (
        {},
        {"kind": "access", "subject": "b-klcc", "figures": "1e9 x", "version": "1", "answer": "agree"},
        {"kind": "access", "subject": "b-klcc", "figures": "480", "version": "1", "answer": "burn"},
        {"kind": "rain", "subject": "b-klcc", "figures": "480", "version": "1", "answer": "agree"},
    ):
        assert client.post("/learned", data=form).status_code == 400
    assert client.post("/learned/undo", data={"lesson": "none", "version": "1"}).status_code == 404
    assert access_of(house.office) == (480,)
