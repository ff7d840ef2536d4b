"""The desk's pages of health, care plans and doubles, over the real use cases."""

import json
import re

import pytest

from dispatch.model.kinds import Role
from dispatch.model.people import Client
from dispatch.work.care import care_page, care_plans_of
from dispatch.work.clients import add_client, client_page, find_clients
from dispatch.work.health import open_health
from tests.web.desk_house import open_desk, text_of
from tests.web.house import House
from tests.work.company import DAY, Office


@pytest.fixture
def desk(busy: Office) -> House:
    """Give the pages over an office with bookings."""
    return open_desk(busy)


def care_fields(**changed: str) -> dict[str, str]:
    """Give a care plan's form filled in for Lim Mei Ling."""
    return {
        "address_id": "a-c-lim",
        "treatment_id": "relax",
        "minutes": "60",
        "every_days": "7",
        "visits": "4",
        "first_day": DAY.isoformat(),
        "from": "14:00",
        "to": "16:00",
        "therapist_id": "t-aina",
        **changed,
    }


def test_consent_health_and_pain_through_the_page(desk: House) -> None:
    """The page lets a client agree, keeps what she says and her pain, draws it, and says it in words too."""
    browser, services = desk.signed_in(Role.BOOKING_TAKER), desk.office.services
    page = text_of(browser.get("/clients/c-lim/health"))
    assert "has not agreed" in page
    give = {"step": "give", "version": "1", "language": "ms"}
    assert browser.post("/clients/c-lim/consent", data=give).status_code == 302
    kept = {"version": "0", "complaints": "back", "health_note": "slipped disc"}
    assert browser.post("/clients/c-lim/health", data=kept).status_code == 302
    assert browser.post("/clients/c-lim/felt/b1", data={"version": "0", "pain": "7"}).status_code == 302
    page = text_of(browser.get("/clients/c-lim/health"))
    assert "Pain was 7 of 10" in page
    assert "slipped disc" in page
    assert len(re.findall(r'<circle class="pain-dot"', page)) == 1
    assert "slipped disc" not in text_of(browser.get("/clients/c-lim")), "her own page shows nothing of it"
    late = browser.post("/clients/c-lim/health", data={**kept, "health_note": "other"})
    assert late.status_code == 409
    assert "Somebody else was faster" in text_of(late)
    assert browser.post("/clients/c-lim/felt/b1", data={"version": "1", "pain": "11"}).status_code == 400
    assert open_health(services, desk.office.owner, "c-lim").health.note == "slipped disc"


def test_each_opening_of_the_page_is_noted(desk: House) -> None:
    """Opening the health page leaves an audit row of the person; a therapist's account does not get in."""
    desk.signed_in(Role.DISPATCHER).get("/clients/c-lim/health")
    with desk.office.services.store.reading() as tx:
        row = tx.audit("main", limit=1)[0]
    assert (row.code, row.actor) == ("health.read", "dispatcher")
    assert desk.signed_in(Role.THERAPIST).get("/clients/c-lim/health").status_code == 403


def test_a_care_plan_through_the_pages(desk: House) -> None:
    """A plan is taken up, its visits proposed and confirmed, and a stale or twice sent form books nothing more."""
    browser, services, taker = desk.signed_in(Role.BOOKING_TAKER), desk.office.services, desk.office.taker
    bad = browser.post("/clients/c-lim/care/new", data=care_fields(minutes="45", every_days="0"))
    assert bad.status_code == 400
    assert care_plans_of(services, taker, "c-lim") == ()
    assert browser.post("/clients/c-lim/care/new", data=care_fields()).status_code == 302
    (plan,) = care_plans_of(services, taker, "c-lim")
    assert "Lim Mei Ling" in text_of(browser.get("/due"))
    url = f"/care/{plan.id}"
    assert browser.post(f"{url}/propose", data={"version": "7", "weeks": "4"}).status_code == 409
    for _ in range(2):
        assert browser.post(f"{url}/propose", data={"version": "1", "weeks": "4"}).status_code == 302
    visits = care_page(services, taker, plan.id).visits
    assert len(visits) == 4
    for _ in range(2):
        assert browser.post(f"{url}/visits/{visits[0].booking.id}", data={"step": "confirm"}).status_code == 302
    assert browser.post(f"{url}/visits/{visits[1].booking.id}", data={"step": "drop"}).status_code == 302
    course = care_page(services, taker, plan.id).course
    assert (course.coming, course.proposed, course.missed) == (1, 2, 1)
    page = text_of(browser.get(url))
    assert "1 confirmed, 2 proposed, 1 missed" in page
    assert browser.post(f"{url}/status", data={"status": "paused", "version": "1"}).status_code == 302
    assert "Let it go on" in text_of(browser.get(url))


def test_doubles_are_merged_by_those_who_may(desk: House) -> None:
    """The list says why two may be one; a booking taker may set them apart, and only a dispatcher merges them."""
    pair = {"first": "c-lim", "first_version": "1", "second": "c-tan", "second_version": "1", "keep": "c-tan"}
    taker, dispatcher = desk.signed_in(Role.BOOKING_TAKER), desk.signed_in(Role.DISPATCHER)
    assert "The same phone number" in text_of(taker.get("/clients/duplicates"))
    assert "May be a double" in text_of(taker.get("/clients/c-lim"))
    assert text_of(taker.get("/clients/duplicates?client=c-lim")).count("They are two people") == 2
    assert taker.post("/clients/duplicates/merge", data=pair).status_code == 403
    stale = dispatcher.post("/clients/duplicates/merge", data={**pair, "first_version": "9"})
    assert stale.status_code == 409
    for _ in range(2):
        assert dispatcher.post("/clients/duplicates/merge", data=pair).status_code == 302
    page = client_page(desk.office.services, desk.office.owner, "c-tan")
    assert {one.id for one in page.bookings} == {"b1", "b2", "b4"}
    assert "Tan Wei" in text_of(dispatcher.get("/clients/c-lim"))
    apart = {"first": "c-siti", "first_version": "1", "second": "c-tan", "second_version": str(page.client.version)}
    assert taker.post("/clients/duplicates/apart", data=apart).status_code == 302
    assert "No two clients" in text_of(taker.get("/clients/duplicates"))


def test_her_data_are_given_and_erased(desk: House) -> None:
    """The file is a download of all that is kept; a client with bookings to come is not erased, and the page says why."""
    browser = desk.signed_in(Role.DISPATCHER)
    answer = browser.get("/clients/c-lim/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.data)["client"]["id"] == "c-lim"
    refused = browser.post("/clients/c-lim/erase", data={"version": "1"})
    assert refused.status_code == 409
    assert "Cancel them first" in text_of(refused)
    add_client(
        desk.office.services, desk.office.owner, Client(id="c-one", branch_id="", name="Once Only", first_name="")
    )
    assert browser.post("/clients/c-one/erase", data={"version": "1"}).status_code == 302
    assert find_clients(desk.office.services, desk.office.owner, search="once").count == 0


def test_a_search_reads_only_what_it_shows(desk: House) -> None:
    """Among many clients the form gets as many as it shows and is told how many more fit; % and _ are letters."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    with services.store.writing() as tx:
        for number in range(300):
            name = f"Ng Client {number:04}{'%' if number == 7 else ''}"
            tx.insert(Client(id=f"n{number}", branch_id="main", name=name, first_name="Ng", phone=f"+6011{number:08}"))
    page = text_of(browser.get("/bookings/clients?client_search=client"))
    assert page.count("<option") == 22, "twenty clients, a new one, and a new address"
    assert "and 280 more" in page
    assert [one.id for one in find_clients(services, owner, search="%").clients] == ["n7"]
    assert [one.id for one in find_clients(services, owner, search="011-0000 0123").clients] == ["n123"]
    assert "Ng Client 0299" not in text_of(browser.get("/clients"))
    found = text_of(browser.post("/bookings/find", data={"client_search": "0299", "day": DAY.isoformat()}))
    assert 'value="n299"' in found
