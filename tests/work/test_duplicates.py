"""Doubles are found with their reasons and become one client in one step; what is kept of a client can be given and erased."""

import json
from dataclasses import replace

import pytest

from dispatch.errors import Conflict
from dispatch.explain.duplicates import duplicates
from dispatch.model.booking import TimeWindow
from dispatch.model.care import CarePlan
from dispatch.model.chat import Chat, ChatKind, ChatMessage
from dispatch.model.health import Feeling, Health
from dispatch.model.kinds import BookingStatus
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address
from dispatch.work.bookings import booking_page, cancel_booking, change_booking, list_bookings
from dispatch.work.care import add_care_plan, care_plans_of
from dispatch.work.clients import add_client, add_contact, change_client, client_page, find_clients
from dispatch.work.duplicates import find_duplicates, merge_clients, set_apart
from dispatch.work.health import give_consent, keep_health, note_feeling, open_health, withdraw_consent
from dispatch.work.privacy import client_file, erase_client
from tests.work.company import DAY, H, Office


def somebody(key: str, name: str, **other: object) -> Client:
    """Give a client."""
    return replace(Client(id=key, branch_id="main", name=name, first_name="x"), **other)  # type: ignore[arg-type]


def at(key: str, client_id: str, unit: str = "12-3", building: str = "b1") -> Address:
    """Give a client's place."""
    return Address(id=key, branch_id="main", client_id=client_id, building_id=building, unit=unit)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tan Mei Ling", "Mei Ling Tan", True),
        ("Nur Aisyah binti Rahman", "Nur Aisyah Rahman", True),
        ("José Lim", "Jose Lim", True),
        ("Sivakumar", "Sivakumaar", True),
        ("陈美玲", "陈美玲", True),
        ("Tan Mei Ling", "Tan Mei", True),
        ("Ahmad", "Aminah", False),
        ("Tan Mei Ling", "Lim Boon Keat", False),
        ("Puan", "Encik", False),
    ],
)
def test_near_equal_names_at_one_place_are_found(one: str, other: str, *, same: bool) -> None:
    """Names that differ as people write them differently are one at the same place, never at another; other names are not."""
    clients = [somebody("a", one), somebody("b", other)]
    assert bool(duplicates(clients, [at("1", "a"), at("2", "b")])) is same
    assert duplicates(clients, [at("1", "a"), at("2", "b", building="b2")]) == []


def test_the_same_phone_is_a_reason_whatever_the_name() -> None:
    """Two with one number are found with the number, until somebody says they are two; who left is not asked about."""
    one, other = somebody("a", "Ravi", phone="+60123456789"), somebody("b", "Lim", phone="+60123456789")
    (found,) = duplicates([other, one], [])
    assert (found.first_id, found.second_id) == ("a", "b")
    assert [(why.code, why.named()) for why in found.why] == [("duplicate.phone", {"phone": "+60123456789"})]
    assert duplicates([one, replace(other, not_same_as=("a",))], []) == []
    assert duplicates([one, replace(other, active=False)], []) == []


def full(office: Office) -> None:
    """Let Siti Aminah have everything a client can have, and Tan Wei a part of it."""
    services, taker = office.services, office.taker
    give_consent(services, taker, "c-siti", version=1, language="ms")
    keep_health(services, taker, "c-siti", Health(complaints=("back",), note="slipped disc"), version=0)
    note_feeling(services, taker, "b3", Feeling(pain=6), version=0)
    add_contact(services, taker, Contact(id="k-sis", branch_id="", name="Sister", client_id="c-siti"))
    add_care_plan(
        services,
        taker,
        CarePlan(
            id="care",
            branch_id="",
            client_id="c-siti",
            address_id="a-c-siti",
            treatment_id="relax",
            minutes=60,
            every_days=7,
            visits=6,
            first_day=DAY,
            window=TimeWindow(start_s=14 * H, end_s=16 * H),
        ),
    )
    siti = client_page(services, taker, "c-siti").client
    change_client(services, taker, replace(siti, preferred_therapists=("t-aina", "t-bee"), note="gate code"))
    tan = client_page(services, taker, "c-tan").client
    change_client(services, taker, replace(tan, never_therapists=("t-bee",)))


def merge(office: Office, keep_version: int | None = None) -> Client:
    """Make Siti Aminah and Tan Wei one."""
    versions = {key: client_page(office.services, office.owner, key).client.version for key in ("c-tan", "c-siti")}
    return merge_clients(
        office.services,
        office.dispatcher,
        "c-tan",
        "c-siti",
        keep_version=keep_version or versions["c-tan"],
        drop_version=versions["c-siti"],
    )


def test_all_of_one_moves_to_the_other(busy: Office) -> None:
    """Bookings, places, contacts, care plans and health of both are the kept client's; a refusal is stronger than a like."""
    full(busy)
    merged = merge(busy)
    page = client_page(busy.services, busy.owner, "c-tan")
    assert {one.id for one in page.bookings} == {"b2", "b3", "b4"}
    assert {one.id for one in page.addresses} == {"a-c-tan", "a-c-siti"}
    assert [one.id for one in page.contacts] == ["k-sis"]
    assert [one.id for one in care_plans_of(busy.services, busy.owner, "c-tan")] == ["care"]
    assert (merged.preferred_therapists, merged.never_therapists, merged.note) == (("t-aina",), ("t-bee",), "gate code")
    health = open_health(busy.services, busy.owner, "c-tan")
    assert (health.health.note, [one.feeling for one in health.visits if one.feeling]) == (
        "slipped disc",
        [Feeling(pain=6)],
    )
    gone = client_page(busy.services, busy.owner, "c-siti")
    assert (gone.bookings, gone.addresses, gone.client.active, gone.merged_into) == ((), (), False, merged)
    assert open_health(busy.services, busy.owner, "c-siti").version == 0
    with busy.services.store.reading() as tx:
        row = next(one for one in tx.audit("main") if one.code == "client.merged")
    assert {"c-tan", "c-siti", "b3", "a-c-siti", "k-sis", "care"} <= set(row.subject_ids)


def test_merging_twice_changes_nothing_and_a_stale_one_is_refused(busy: Office) -> None:
    """An old version is refused with nothing moved; the same merge again gives the same client."""
    full(busy)
    with pytest.raises(Conflict, match=r"store\.changed_meanwhile"):
        merge(busy, keep_version=1)
    assert {one.id for one in client_page(busy.services, busy.owner, "c-siti").bookings} == {"b3"}
    merged = merge(busy)
    assert merge(busy) == merged
    assert list_bookings(busy.services, busy.owner, DAY).clients.keys() == {"c-lim", "c-tan"}


def test_a_consent_taken_back_holds_for_both(busy: Office) -> None:
    """Where the newer word of the two is that it is taken back, the health of both is erased by the merge."""
    full(busy)
    version = client_page(busy.services, busy.owner, "c-tan").client.version
    busy.clock.on(minutes=1)
    version = give_consent(busy.services, busy.taker, "c-tan", version=version, language="en").version
    busy.clock.on(minutes=1)
    withdraw_consent(busy.services, busy.taker, "c-tan", version=version)
    merge(busy)
    shown = open_health(busy.services, busy.owner, "c-tan")
    assert (shown.version, [one.feeling for one in shown.visits if one.feeling]) == (0, [])


def test_two_people_with_one_phone_are_set_apart(busy: Office) -> None:
    """A pair somebody has called two people is not shown again; said twice, nothing more happens."""
    shown = find_duplicates(busy.services, busy.taker, client_id="c-lim")
    assert shown.count == 2
    for _ in range(2):
        set_apart(busy.services, busy.taker, "c-lim", "c-tan", first_version=1, second_version=1)
    left = find_duplicates(busy.services, busy.taker, client_id="c-lim")
    assert [one.second.id for one in left.pairs] == ["c-siti"]


def test_all_that_is_kept_is_given(busy: Office) -> None:
    """The file holds the client, her places, contacts, bookings, health, pain, care plans and what was done; giving it is noted."""
    full(busy)
    kept = json.loads(client_file(busy.services, busy.owner, "c-siti").data)
    assert kept["client"]["name"] == "Siti Aminah"
    assert kept["health"]["note"] == "slipped disc"
    assert [(one["booking_id"], one["pain"]) for one in kept["felt"]] == [("b3", 6)]
    assert {"c-lim", "c-tan"}.isdisjoint(str(kept))
    assert [len(kept[part]) for part in ("contacts", "addresses", "bookings", "care_plans")] == [1, 1, 1, 1]
    assert "health.changed" in {one["code"] for one in kept["done_with_it"]}
    with busy.services.store.reading() as tx:
        assert tx.audit("main", limit=1)[0].code == "client.exported"


def test_her_chats_go_with_her(busy: Office) -> None:
    """The chat of her own number is given with her data and erased with her; one that somebody shares stays."""
    services, owner = busy.services, busy.owner
    at = services.now()
    add_client(
        services, owner, Client(id="c-own", branch_id="", name="Own Number", first_name="", phone="+60198765432")
    )
    with services.store.writing() as tx:
        for key, phone in (("own", "+60198765432"), ("shared", "+60123456789")):
            tx.insert(Chat(id=key, branch_id="main", name="x", last_at=at, phone=phone))
            tx.insert(
                ChatMessage(
                    id=f"{key}-1", branch_id="main", chat_id=key, kind=ChatKind.TEXT, text="my back", at=at, kept_at=at
                )
            )
    given = json.loads(client_file(services, owner, "c-own").data)
    assert [one["messages"][0]["text"] for one in given["chats"]] == ["my back"]
    assert json.loads(client_file(services, owner, "c-lim").data)["chats"] == []
    erase_client(services, owner, "c-own", version=1)
    with services.store.reading() as tx:
        assert [one.id for one in tx.list(Chat, "main")] == ["shared"]
        assert [one.id for one in tx.list(ChatMessage, "main")] == ["shared-1"]


def test_an_erased_client_is_nobody(busy: Office) -> None:
    """After erasing, no name, phone, unit, note or health is left, past bookings still count, and nobody finds her."""
    full(busy)
    version = client_page(busy.services, busy.owner, "c-siti").client.version
    with pytest.raises(Conflict, match=r"client\.still_booked"):
        erase_client(busy.services, busy.owner, "c-siti", version=version)
    other = booking_page(busy.services, busy.owner, "b2").booking
    change_booking(busy.services, busy.taker, replace(other, contact_id="k-sis"))
    booked = booking_page(busy.services, busy.owner, "b3").booking
    cancel_booking(busy.services, busy.taker, "b3", booked.version, "Siti is ill")
    erased = erase_client(busy.services, busy.owner, "c-siti", version=version)
    assert erase_client(busy.services, busy.owner, "c-siti", version=version) == erased
    page = client_page(busy.services, busy.owner, "c-siti")
    assert (page.client.name, page.client.phone, page.client.active, page.contacts) == ("–", "", False, ())
    assert [one.id for one in page.bookings] == ["b3"]
    left = json.dumps(json.loads(client_file(busy.services, busy.owner, "c-siti").data))
    for gone in ("Siti", "Aminah", "slipped", "gate code", "Sister", "60123456789"):
        assert gone not in left
    assert find_clients(busy.services, busy.owner, search="siti").count == 0
    assert booking_page(busy.services, busy.owner, "b2").booking.contact_id == ""
    assert BookingStatus.CANCELLED is page.bookings[0].status
