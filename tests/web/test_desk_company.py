"""The desk's clients, addresses, buildings and catalogue through the forms, over the real use cases."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.model.kinds import Role
from dispatch.work.catalogue import catalogue, change_treatment, get_treatment
from dispatch.work.clients import change_client, client_page, get_building, list_clients
from dispatch.work.health import open_health
from tests.web.desk_house import open_desk, text_of
from tests.web.house import House
from tests.work.company import Office
from web.desk.addresses import address_form
from web.desk.buildings import building_form
from web.desk.catalogue_form import rule_form, treatment_form
from web.desk.clients import client_form


@pytest.fixture
def desk(office: Office) -> House:
    """Give the pages over an office that knows the shipped places."""
    return open_desk(office)


def test_client_with_consent_is_taken_up_and_takes_it_back(desk: House) -> None:
    """A consent is kept with its moment and who noted it, stays when the form is saved again, and is withdrawn with all."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    fields = {
        "name": "Nur Aisyah",
        "phone": "03-2345 6789",
        "language": "ms",
        "gender": "female",
        "consent": "1",
        "complaints": "back",
        "wish_t-aina": "prefer",
        "wish_t-bee": "never",
    }
    answer = browser.post("/clients/new", data=fields)
    assert answer.status_code == 302, text_of(answer)
    (kept,) = list_clients(services, owner, search="nur")
    assert kept.consent is not None
    assert (kept.consent.given_at, kept.consent.recorded_by) == (services.now(), "taker")
    assert (kept.first_name, kept.phone, kept.consent.language) == ("Nur", "+60323456789", "ms")
    assert open_health(services, owner, kept.id).health.complaints == ("back",)
    assert (kept.preferred_therapists, kept.never_therapists) == (("t-aina",), ("t-bee",))
    desk.office.clock.on(minutes=5)
    assert browser.post(f"/clients/{kept.id}", data=client_form(kept)).status_code == 302
    again = client_page(services, owner, kept.id).client
    assert again == replace(kept, version=2)
    step = {"step": "withdraw", "version": "2"}
    assert browser.post(f"/clients/{kept.id}/consent", data=step).status_code == 302
    consent = client_page(services, owner, kept.id).client.consent
    assert consent is not None
    assert (consent.withdrawn_at, consent.withdrawn_by) == (kept.consent.given_at + timedelta(minutes=5), "taker")
    assert open_health(services, owner, kept.id).version == 0


def test_bad_client_is_told_all_at_once(desk: House) -> None:
    """A client without a name and with a phone number of too few digits gets both sentences and is not kept."""
    before = len(list_clients(desk.office.services, desk.office.owner))
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/clients/new", data={"name": " ", "phone": "012-34"})
    page = text_of(answer)
    assert answer.status_code == 400
    assert "Name is missing" in page
    assert "There is no phone number 012-34" in page
    assert len(list_clients(desk.office.services, desk.office.owner)) == before


def test_two_people_change_a_client(desk: House) -> None:
    """The second of two people who change a client sees what the first has saved, and keeps what she typed."""
    services, owner = desk.office.services, desk.office.owner
    before = client_page(services, owner, "c-lim").client
    change_client(services, owner, replace(before, note="Ring twice"))
    form = client_form(before)
    form["note"] = "Do not ring"
    answer = desk.signed_in(Role.BOOKING_TAKER).post("/clients/c-lim", data=form)
    assert answer.status_code == 409
    assert "<td>Ring twice</td><td>Do not ring</td>" in text_of(answer)
    assert client_page(services, owner, "c-lim").client.note == "Ring twice"


def test_contacts_are_added_and_changed(desk: House) -> None:
    """A contact belongs to her client, and cannot be reached through another client's page."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    fields = {"contact_name": "Concierge", "contact_phone": "03-2345 6789", "contact_relation": "hotel"}
    assert browser.post("/clients/c-tan/contacts", data=fields).status_code == 302
    (kept,) = client_page(services, owner, "c-tan").contacts
    changed = {**fields, "contact_id": kept.id, "version": "1", "contact_name": "Night desk"}
    assert browser.post("/clients/c-siti/contacts", data=changed).status_code == 404
    assert browser.post("/clients/c-tan/contacts", data=changed).status_code == 302
    assert client_page(services, owner, "c-tan").contacts[0].name == "Night desk"
    assert browser.post("/clients/c-tan/contacts", data={**fields, "contact_name": ""}).status_code == 400


def test_door_said_in_an_address_is_kept(desk: House) -> None:
    """The unit inside the words of a place becomes the unit, and the words of a vague place stay readable for the way in."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    url = "/clients/c-tan/addresses/new"
    assert browser.post(url, data={"place": "Pavilion Kuala Lumpur, C-7-2"}).status_code == 302
    vague = "no 5 jalan telawi bangsar baru"
    asked = browser.post(url, data={"place": vague})
    choice = re.findall(r'value="(point:[^"]+)"', asked.get_data(as_text=True))[0]
    answer = browser.post(url, data={"place": vague, "place_for": vague, "place_choice": choice})
    assert (asked.status_code, answer.status_code) == (400, 302)
    kept = client_page(services, owner, "c-tan").addresses
    assert "C-7-2" in {one.unit for one in kept}
    assert [one.note for one in kept if one.note] == [vague]


def test_address_is_added_in_a_new_building_and_changed(desk: House) -> None:
    """An address comes with the building it is the first in, both or neither, and can be put away."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    url = "/clients/c-tan/addresses"
    assert browser.post(f"{url}/new", data={"place": ""}).status_code == 400
    long = {"place": "Pavilion Kuala Lumpur", "unit": "x" * 81}
    assert browser.post(f"{url}/new", data=long).status_code == 400
    assert len(client_page(services, owner, "c-tan").addresses) == 1
    assert browser.post(f"{url}/new", data={"place": "Pavilion Kuala Lumpur", "unit": "3"}).status_code == 302
    shown = client_page(services, owner, "c-tan")
    (kept,) = [one for one in shown.addresses if one.id != "a-c-tan"]
    assert shown.buildings[kept.building_id].name == "Pavilion Kuala Lumpur"
    form = address_form(kept)
    del form["active"]
    assert browser.post(f"{url}/{kept.id}", data=form).status_code == 302
    assert browser.post(f"{url}/{kept.id}", data=form).status_code == 409, "the version is old by now"
    assert browser.get(f"/clients/c-lim/addresses/{kept.id}").status_code == 404
    assert not next(one for one in client_page(services, owner, "c-tan").addresses if one.id == kept.id).active


def test_building_keeps_access_by_the_hour(desk: House) -> None:
    """Minutes from gate to door are kept by the hour where any hour differs, and survive their form."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    form = building_form(get_building(services, owner, "b-klcc"))
    form["access"] = "8"
    form["access_hour_18"] = "20"
    assert browser.post("/buildings/b-klcc", data=form).status_code == 302
    kept = get_building(services, owner, "b-klcc")
    assert kept.access_s == tuple(1200 if hour == 18 else 480 for hour in range(24))
    assert browser.post("/buildings/b-klcc", data=building_form(kept)).status_code == 302
    assert get_building(services, owner, "b-klcc") == replace(kept, version=kept.version + 1)


def test_building_outside_the_service_area_is_refused(desk: House) -> None:
    """A pin outside the service area names the place and what to do, and nothing is kept."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.BOOKING_TAKER)
    before = get_building(services, owner, "b-klcc")
    form = building_form(before)
    form["lat"], form["lon"] = "1.290270", "103.851959"
    answer = browser.post("/buildings/b-klcc", data=form)
    assert (answer.status_code, "outside the service area" in text_of(answer)) == (400, True)
    form["lat"] = "north"
    assert "must be degrees" in text_of(browser.post("/buildings/b-klcc", data=form))
    assert get_building(services, owner, "b-klcc") == before


def test_search_fills_the_building_form_and_keeps_nothing(desk: House) -> None:
    """Searching for a place fills in its point, and only saving keeps the building."""
    browser = desk.signed_in(Role.BOOKING_TAKER)
    page = text_of(browser.post("/buildings/new", data={"step": "find", "place": "Pavilion Kuala Lumpur"}))
    lat = page.split('name="lat" type="text" value="')[1].split('"')[0]
    assert lat.startswith("3.1")
    assert "Pavilion" not in text_of(browser.get("/buildings"))
    assert browser.post("/buildings/new", data={"step": "find", "place": "Qwxzy Nowhere"}).status_code == 400


def test_treatment_is_taken_into_the_catalogue_and_off_the_menu(desk: House) -> None:
    """A treatment of several techniques is kept as its form says, and can be taken off the menu."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.DISPATCHER)
    fields = {
        "name": "Back relief",
        "minutes": "90, 60",
        "set_up": "10",
        "pack_up": "8",
        "techniques": ["swedish", "deep_tissue"],
        "suits": "back",
        "ask_about": "fever",
    }
    assert browser.post("/catalogue/treatments/new", data=fields).status_code == 302
    kept = next(one for one in catalogue(services, owner).treatments if one.name == "Back relief")
    assert (kept.minutes, kept.techniques) == ((60, 90), ("swedish", "deep_tissue"))
    form = treatment_form(kept)
    del form["active"]
    url = f"/catalogue/treatments/{kept.id}"
    change_treatment(services, owner, replace(kept, name="Relief of the back"))
    answer = browser.post(url, data=form)
    assert (answer.status_code, "Relief of the back" in text_of(answer)) == (409, True)
    form["version"] = "2"
    assert browser.post(url, data=form).status_code == 302
    assert not get_treatment(services, owner, kept.id).active


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"minutes": ""}, "Back relief"),
        ({"minutes": "an hour"}, "whole minutes separated by commas"),
        ({"minutes": "999"}, "999"),
        ({"techniques": "levitation"}, "levitation"),
        ({"name": ""}, "Name is missing"),
    ],
)
def test_bad_treatment_is_refused(desk: House, changed: dict[str, str], sentence: str) -> None:
    """A treatment without minutes, with an unknown technique or without a name gets its sentence and is not kept."""
    fields = {
        "name": "Back relief",
        "minutes": "60",
        "set_up": "10",
        "pack_up": "8",
        "techniques": "swedish",
        **changed,
    }
    answer = desk.signed_in(Role.DISPATCHER).post("/catalogue/treatments/new", data=fields)
    assert answer.status_code == 400
    assert sentence in text_of(answer).split('class="problems"')[1].split("</div>")[0]
    assert len(catalogue(desk.office.services, desk.office.owner).treatments) == 3


def test_prices_and_pay_are_added_changed_and_removed(desk: House) -> None:
    """A price and a rule of pay come into their lists, are changed with a version check, and go again."""
    services, owner, browser = desk.office.services, desk.office.owner, desk.signed_in(Role.DISPATCHER)
    fields = {
        "treatment_id": "deep",
        "rule_minutes": "60",
        "amount": "199.90",
        "valid_from": "2026-12-01",
        "from": "22:00",
    }
    assert browser.post("/catalogue/price", data=fields).status_code == 302
    assert browser.post("/catalogue/pay", data=fields).status_code == 302
    known = catalogue(services, owner)
    (pay,) = known.pay_rules
    price = next(one for one in known.price_rules if one.price_sen == 19_990)
    assert (price.from_s, price.to_s, pay.pay_sen) == (79_200, 108_000, 19_990)
    form = rule_form(price)
    form["rule_id"], form["amount"] = price.id, "210"
    assert browser.post("/catalogue/price", data=form).status_code == 302
    answer = browser.post("/catalogue/price", data={**form.to_dict(), "amount": "150"})
    assert (answer.status_code, "<td>210.00</td><td>150</td>" in text_of(answer)) == (409, True)
    assert browser.post("/catalogue/price", data={**fields, "rule_minutes": "75"}).status_code == 400
    assert browser.post("/catalogue/price", data={**fields, "amount": "a lot"}).status_code == 400
    assert browser.post("/catalogue/price/remove", data={"rule_id": price.id, "version": "1"}).status_code == 409
    assert browser.post("/catalogue/price/remove", data={"rule_id": price.id, "version": "2"}).status_code == 302
    assert browser.post("/catalogue/pay/remove", data={"rule_id": pay.id, "version": "1"}).status_code == 302
    known = catalogue(services, owner)
    assert known.pay_rules == ()
    assert price.id not in {one.id for one in known.price_rules}


def test_words_of_the_catalogue_are_added(desk: House) -> None:
    """A technique, a complaint and a condition to ask about can be added once each, a condition with its question."""
    browser = desk.signed_in(Role.DISPATCHER)
    word = {"kind": "technique", "word_name": "Hot stone"}
    assert browser.post("/catalogue/words", data=word).status_code == 302
    assert browser.post("/catalogue/words", data=word).status_code == 409
    assert browser.post("/catalogue/words", data={**word, "kind": "complaint"}).status_code == 302
    assert browser.post("/catalogue/words", data={**word, "kind": "contraindication"}).status_code == 400
    assert browser.post("/catalogue/words", data={**word, "kind": "wish"}).status_code == 400
    asked = {"kind": "contraindication", "word_name": "Varicose veins", "question": "Do you have varicose veins?"}
    assert browser.post("/catalogue/words", data=asked).status_code == 302
    known = catalogue(desk.office.services, desk.office.owner)
    assert "hot_stone" in {one.id for one in known.techniques}
    assert "varicose_veins" in {one.id for one in known.contraindications}
