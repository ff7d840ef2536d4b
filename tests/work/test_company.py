"""Clients, buildings, the team, the catalogue and the branch: taken up, changed, and never half or twice."""

from dataclasses import replace
from datetime import date

import pytest

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.catalogue import Technique
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Point
from dispatch.model.therapist import RosterException
from dispatch.work.branches import change_branch, get_branch, only_branch
from dispatch.work.catalogue import (
    add_price_rule,
    add_technique,
    add_treatment,
    catalogue,
    change_price_rule,
    remove_price_rule,
)
from dispatch.work.clients import (
    add_address,
    add_building,
    add_client,
    add_contact,
    change_address,
    change_building,
    change_client,
    change_contact,
    client_page,
    find_place,
    get_building,
    list_buildings,
    list_clients,
    list_contacts,
)
from dispatch.work.team import (
    add_therapist,
    change_roster,
    change_therapist,
    drop_exception,
    get_therapist,
    list_therapists,
    set_exception,
)
from tests.work.company import DAY, Office, building, therapist, treatment


def test_a_client_is_known_by_her_first_word(office: Office) -> None:
    """A client without a first name gets her name's first word, which is all a phone ever shows."""
    added = add_client(office.services, office.taker, Client(id="", branch_id="", name="Nur Aisyah 愛", first_name=""))
    assert added.first_name == "Nur"
    assert client_page(office.services, office.taker, added.id).client.name == "Nur Aisyah 愛"


def test_clients_are_found_by_name_and_number(office: Office) -> None:
    """The search finds part of a name whatever its case, and a local number as it is dialled."""
    assert [one.id for one in list_clients(office.services, office.taker, search="TAN w")] == ["c-tan"]
    assert len(list_clients(office.services, office.taker, search="012-345")) == 3
    assert list_clients(office.services, office.taker, search="nobody") == ()


def test_a_clients_page_holds_what_hangs_on_her(busy: Office) -> None:
    """The page has her contacts, addresses with their buildings, and bookings, newest first."""
    page = client_page(busy.services, busy.taker, "c-tan")
    assert [one.id for one in page.bookings] == ["b4", "b2"]
    assert set(page.buildings) == {"b-klcc"}
    door = client_page(busy.services, busy.taker, "c-lim").contacts
    assert [contact.name for contact in door] == ["Puan Rosnah"]
    assert [contact.name for contact in list_contacts(busy.services, busy.taker)] == ["Puan Rosnah"]


def test_people_and_places_are_changed_by_version(office: Office) -> None:
    """Each change gives the next version, and a change of an old one is refused."""
    services, taker = office.services, office.taker
    page = client_page(services, taker, "c-lim")
    client = change_client(services, taker, replace(page.client, note="likes silence"))
    contact = change_contact(services, taker, replace(page.contacts[0], phone="+60199999999"))
    address = change_address(services, taker, replace(page.addresses[0], floor="12", client_id="c-tan"))
    place = change_building(services, taker, replace(page.buildings["b-bangsar"], parking_note="B2"))
    assert {one.version for one in (client, contact, address, place)} == {2}
    assert address.client_id == "c-lim"
    for change, old in (
        (lambda: change_client(services, taker, page.client), "client"),
        (lambda: change_contact(services, taker, page.contacts[0]), "contact"),
        (lambda: change_address(services, taker, page.addresses[0]), "address"),
        (lambda: change_building(services, taker, page.buildings["b-bangsar"]), "building"),
    ):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.values["kind"] == old


def test_references_to_nothing_are_refused(office: Office) -> None:
    """Addresses and contacts of a client nobody knows are refused in words, and not kept."""
    nowhere = Address(id="x", branch_id="", client_id="nobody", building_id="b-klcc")
    with pytest.raises(BadInput) as refused:
        add_address(office.services, office.taker, nowhere)
    assert refused.value.code == "booking.unknown_client"
    with pytest.raises(BadInput):
        add_contact(office.services, office.taker, Contact(id="", branch_id="", name="A", client_id="nobody"))


def test_a_place_outside_the_area_is_refused(office: Office) -> None:
    """A building in Penang is refused with its name and where the branch goes instead."""
    far = replace(building("b-far", "klcc"), name="Komtar", point=Point(lat=5.4145, lon=100.3292))
    with pytest.raises(BadInput) as refused:
        add_building(office.services, office.taker, far)
    assert refused.value.values["name"] == "Komtar"
    with pytest.raises(NotFound):
        get_building(office.services, office.taker, "b-far")
    assert [one.id for one in list_buildings(office.services, office.taker, search="ttdi")] == ["b-ttdi"]


def test_places_are_looked_up_by_the_intake(office: Office) -> None:
    """The words of an address go to the resolver, whose refusal reaches the person."""
    with pytest.raises(NotFound) as refused:
        find_place(office.services, office.taker, "Atlantis")
    assert refused.value.values["text"] == "Atlantis"


def test_a_therapist_gets_a_colour_of_her_own(office: Office) -> None:
    """Every therapist has another colour number, given when she is taken up."""
    team = list_therapists(office.services, office.taker)
    assert [one.name for one in team] == ["Aina", "Bee Ling", "Chandra", "Devi"]
    assert sorted(one.colour for one in team) == [1, 2, 3, 4]
    fifth = add_therapist(office.services, office.dispatcher, therapist("", "Eve", "cheras"))
    assert fifth.colour == 5


def test_rosters_change_by_version(office: Office) -> None:
    """A day off is set and taken back; the weekly pattern stays; an old version is refused."""
    services, dispatcher = office.services, office.dispatcher
    off = set_exception(services, dispatcher, "t-aina", 1, RosterException(day=DAY, reason="fever"))
    assert off.roster.on(DAY) == ((), ())
    with pytest.raises(Conflict):
        drop_exception(services, dispatcher, "t-aina", 1, DAY)
    back = drop_exception(services, dispatcher, "t-aina", off.version, DAY)
    assert back.roster.on(DAY)[0]
    devi = change_roster(services, dispatcher, "t-devi", 1, back.roster)
    assert devi.roster == back.roster
    with pytest.raises(BadInput):
        change_therapist(services, dispatcher, replace(devi, start_place=None))
    assert get_therapist(services, dispatcher, "t-devi") == devi


def test_the_catalogue_grows_by_the_same_rules(office: Office) -> None:
    """New treatments need known techniques and ids of their own; prices can be changed and taken away."""
    services, dispatcher = office.services, office.dispatcher
    add_technique(services, dispatcher, Technique(id="cupping", name="Cupping"))
    with pytest.raises(Conflict):
        add_technique(services, dispatcher, Technique(id="cupping", name="Again"))
    added = add_treatment(services, dispatcher, treatment("", "cupping"))
    with pytest.raises(BadInput) as refused:
        add_treatment(services, dispatcher, treatment("magic", "levitation"))
    assert refused.value.code == "technique.unknown"
    offered = catalogue(services, dispatcher)
    assert added in offered.treatments
    assert [one.id for one in offered.complaints] == ["back"]
    price = next(rule for rule in offered.price_rules if rule.id == "relax-60")
    newer = add_price_rule(services, dispatcher, replace(price, id="", price_sen=16_000, valid_from=date(2026, 6, 1)))
    dearer = change_price_rule(services, dispatcher, replace(newer, price_sen=17_000))
    assert dearer.price_sen == 17_000
    with pytest.raises(Conflict):
        remove_price_rule(services, dispatcher, newer.id, newer.version)
    remove_price_rule(services, dispatcher, newer.id, dearer.version)
    assert newer.id not in {rule.id for rule in catalogue(services, dispatcher).price_rules}


def test_the_branch_is_made_once_and_kept_by_owners(office: Office) -> None:
    """The company's one branch is always the same, and an owner may change its hours."""
    assert only_branch(office.services) == get_branch(office.services, office.taker)
    branch = get_branch(office.services, office.owner)
    changed = change_branch(office.services, office.owner, replace(branch, closes_s=23 * 3_600))
    assert get_branch(office.services, office.taker) == changed
    with pytest.raises(BadInput):
        change_branch(office.services, office.owner, replace(changed, closes_s=3_600))
