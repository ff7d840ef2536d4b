"""The therapist's page of one visit by her link, and the desk's list of who asked to come again."""

import re

from dispatch.model.kinds import EventKind, Role
from dispatch.work.phones import make_phone_link
from tests.web.house import House
from tests.work.company import H
from tests.work.past import report
from tests.work.test_aftercare import prepare, reads


def test_a_note_and_a_wish_by_link(busy_house: House) -> None:
    """She notes and asks with two forms; nothing of the page is kept by the phone or told to another site."""
    office = busy_house.office
    prepare(office)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    address = f"/visit/{token}/b1/0"
    client = busy_house.stranger()
    assert address in client.get(f"/p/{token}").get_data(as_text=True)
    answer = client.get(address)
    assert "Two discs operated" in answer.get_data(as_text=True)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    felt = {"pain": "4", "note": "Better <b>now</b>", "version": "0"}
    assert client.post(f"{address}/note", data=felt).status_code == 303
    assert "Better &lt;b&gt;now&lt;/b&gt;" in client.get(address).get_data(as_text=True)
    assert client.post(f"{address}/note", data={**felt, "pain": "11", "version": "1"}).status_code == 400
    assert client.post(f"{address}/note", data=felt).status_code == 409
    assert client.post(f"{address}/again", data={"weeks": "2"}).status_code == 303
    assert client.post(f"{address}/again", data={"weeks": "999"}).status_code == 400


def test_another_link_opens_nothing(busy_house: House) -> None:
    """A colleague's link, and a made-up one, read nothing."""
    office = busy_house.office
    prepare(office)
    token = make_phone_link(office.services, office.dispatcher, "t-bee")
    client = busy_house.stranger()
    assert client.get(f"/visit/{token}/b1/0").status_code == 404
    assert client.get("/visit/made.up.token/b1/0").status_code == 403
    assert reads(office) == 0


def test_the_desk_books_a_wish_once(busy_house: House) -> None:
    """One click makes the booking and shows it; a second one from an old page changes nothing and says so."""
    office = busy_house.office
    prepare(office)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    busy_house.stranger().post(f"/visit/{token}/b1/0/again", data={"weeks": "2"})
    client = busy_house.signed_in(Role.BOOKING_TAKER)
    assert "Lim Mei Ling" in client.get("/again").get_data(as_text=True)
    form = {"version": "1", "step": "book"}
    assert client.post("/again/b1", data=form).location.startswith("/bookings/")
    assert client.post("/again/b1", data=form).status_code == 409
    assert "Lim Mei Ling" not in client.get("/again").get_data(as_text=True)


def test_after_finishing_her_day_leads_to_the_notes(busy_house: House) -> None:
    """The visit finished last has its link in plain sight; before that it is hidden, for the phone to show at her tap."""
    office = busy_house.office
    prepare(office)
    token = make_phone_link(office.services, office.dispatcher, "t-aina")
    client = busy_house.stranger()
    link = re.compile(r'data-after="b1/0"[^>]*>')
    (before,) = link.findall(client.get(f"/p/{token}").get_data(as_text=True))
    assert before.endswith(" hidden>")
    report(office, "b1/0", "t-aina", EventKind.STARTED, 12 * H)
    report(office, "b1/0", "t-aina", EventKind.FINISHED, 13 * H)
    (after,) = link.findall(client.get(f"/p/{token}").get_data(as_text=True))
    assert "hidden" not in after
