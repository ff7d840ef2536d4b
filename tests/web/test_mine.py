"""Her side of the phone and her calendar: pages behind her link, a feed behind a link of its own that she can end."""

import re
from datetime import timedelta

from icalendar import Calendar

from dispatch.model.kinds import Role
from dispatch.work.phones import make_phone_link, revoke_phone_links
from tests.web.house import House, open_house
from tests.work.company import DAY, Office
from tests.work.plans import keep_and_publish


def opened(office: Office) -> tuple[House, str]:
    """Give the pages with a published day, and Aina's link."""
    keep_and_publish(office)
    return open_house(office), make_phone_link(office.services, office.dispatcher, "t-aina")


def feed_of(house: House, token: str) -> str:
    """Make her calendar's link and give its path."""
    page = house.stranger().post(f"/p/{token}/calendar").get_data(as_text=True)
    found = re.search(r'value="http://[^/]+(/calendar/[^"]+\.ics)"', page)
    assert found is not None
    return found[1]


def test_the_feed_names_nobody(busy: Office) -> None:
    """Times in UTC, areas, stable ids with the plan's number, told to come again hourly; no name, unit or treatment."""
    house, token = opened(busy)
    answer = house.stranger().get(feed_of(house, token))
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    calendar = Calendar.from_ical(text)
    entries = list(calendar.walk("VEVENT"))
    assert [str(one["uid"]) for one in entries] == ["b1-0.t-aina@laluan", "b3-0.t-aina@laluan"]
    assert entries[0].decoded("dtstart").isoformat() == "2026-11-25T06:00:00+00:00"
    assert str(calendar["method"]) == "PUBLISH"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert {str(one["sequence"]) for one in entries} == {"1"}
    for secret in ("Lim", "Siti", "Mei", "B-12-3", "Relax", "60123456789", "Aina"):
        assert secret not in text
    assert "Visit\\, BANGSAR" in text


def test_the_feed_ends_when_she_or_the_office_says_so(busy: Office) -> None:
    """A new link ends the old one, she can end it herself, and revoking a lost phone ends it too."""
    house, token = opened(busy)
    client = house.stranger()
    first = feed_of(house, token)
    second = feed_of(house, token)
    assert (client.get(first).status_code, client.get(second).status_code) == (403, 200)
    client.post(f"/p/{token}/calendar/revoke")
    assert client.get(second).status_code == 403
    third = feed_of(house, token)
    assert client.get(third.replace(".ics", "x.ics")).status_code == 403
    assert client.get(f"/calendar/{token}.ics").status_code == 403
    revoke_phone_links(busy.services, busy.dispatcher, "t-aina")
    assert client.get(third).status_code == 403


def test_asked_on_the_phone_answered_at_the_desk(busy: Office) -> None:
    """A day off goes from her form to the desk's list and back to her page with the answer, in the language she reads."""
    house, token = opened(busy)
    client, desk = house.stranger(), house.signed_in(Role.DISPATCHER)
    day = (DAY + timedelta(days=2)).isoformat()
    form = {"kind": "day_off", "day": day, "request": "request-0001", "note": "<b>wedding</b>"}
    assert client.post(f"/p/{token}/requests", data=form).status_code == 303
    assert client.post(f"/p/{token}/requests", data=form).status_code == 303
    assert "Requests of the team" in desk.get("/team").get_data(as_text=True)
    shown = desk.get("/team/requests").get_data(as_text=True)
    assert "&lt;b&gt;wedding" in shown
    answer = {"version": "1", "accept": "1", "answer": "Have a good day", "head_id": ""}
    assert desk.post("/team/requests/request-0001", data=answer).status_code == 303
    assert desk.post("/team/requests/request-0001", data=answer).status_code == 409
    mine = client.get(f"/p/{token}/mine").get_data(as_text=True)
    assert "Have a good day" in mine
    assert "Accepted" in mine
    assert (
        client.post(f"/p/{token}/requests", data={"kind": "swap", "day": "x", "request": "request-0002"}).status_code
        == 400
    )


def test_her_side_is_linked_and_kept_from_others(busy: Office) -> None:
    """The day's page leads to it; it names no colleague's figures, is not kept by caches, and a wrong link opens nothing."""
    house, token = opened(busy)
    client = house.stranger()
    assert f"/p/{token}/mine" in client.get(f"/p/{token}").get_data(as_text=True)
    answer = client.get(f"/p/{token}/mine")
    page = answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Why this route" in page
    assert "Lim Mei Ling" not in page
    assert client.get("/p/no-such-link/mine").status_code == 403
