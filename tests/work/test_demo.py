"""The demo company: real places, everything the model knows, and a day a good plan can serve."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.errors import Conflict
from dispatch.model.account import Account
from dispatch.model.booking import Booking
from dispatch.model.branch import Branch
from dispatch.model.catalogue import Complaint, Contraindication, PayRule, PriceRule, Technique, Treatment
from dispatch.model.kinds import BreakKind, LinkKind, Role, TravelMode
from dispatch.model.outcome import Budget
from dispatch.model.people import Client, Contact
from dispatch.model.places import Address, Building
from dispatch.model.problem import DayProblem
from dispatch.model.therapist import Therapist
from dispatch.rules.care_nouns import care_plan_errors, health_errors
from dispatch.rules.company_nouns import branch_errors, price_errors, therapist_errors, treatment_errors
from dispatch.rules.nouns import (
    BookingContext,
    address_errors,
    booking_errors,
    building_errors,
    client_errors,
    contact_errors,
)
from dispatch.rules.sound import problem_errors
from dispatch.solve import solve
from dispatch.work.branches import only_branch
from dispatch.work.demo import create_demo
from dispatch.work.demo_data import DemoNouns, demo_nouns
from dispatch.work.doing import by_id
from dispatch.work.problem import build_problem
from dispatch.work.starter import Catalogue, load_catalogue, start_catalogue
from tests.work.demo_office import MONDAY, DemoOffice, hashed, open_demo_office

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNSERVED = {"b58", "b59", "b60"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """Give an office with the demo company, which the tests of this file only read."""
    opened = open_demo_office(tmp_path_factory.mktemp("demo") / "demo.sqlite3", NOW)
    create_demo(opened.services, hash_password=hashed)
    yield opened
    opened.services.store.close()


@pytest.fixture(scope="module")
def nouns() -> DemoNouns:
    """Give the demo's nouns."""
    return demo_nouns(MONDAY, NOW)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Give the starting catalogue."""
    return load_catalogue("kl")


def problem_of(office: DemoOffice, day: date) -> DayProblem:
    """Give a day's problem as the planner gets it."""
    with office.services.store.reading() as tx:
        return build_problem(tx, office.services, tx.get(Branch, "kl"), day)


def test_the_catalogue_is_sound(catalogue: Catalogue) -> None:
    """Every shipped treatment, price and pay rule passes the rules that forms are judged by."""
    kinds = {
        "techniques": {one.id for one in catalogue.techniques},
        "complaints": {one.id for one in catalogue.complaints},
        "contraindications": {one.id for one in catalogue.contraindications},
    }
    treatments = by_id(catalogue.treatments)
    for treatment in catalogue.treatments:
        assert treatment_errors(treatment, **kinds) == []
    rules: list[PriceRule | PayRule] = [*catalogue.price_rules, *catalogue.pay_rules]
    for rule in rules:
        assert price_errors(rule, treatment=treatments[rule.treatment_id], today=MONDAY) == []
    assert kinds["techniques"] >= {
        "swedish",
        "deep_tissue",
        "trigger_point",
        "myofascial_release",
        "stretching",
        "prenatal",
    }
    assert kinds["complaints"] >= {"back", "neck_shoulder", "joints", "arthritis", "fibromyalgia"}
    assert {suited for one in catalogue.treatments for suited in one.suits} == kinds["complaints"]


def test_an_evening_start_costs_more(catalogue: Catalogue) -> None:
    """Every treatment has a day price and a dearer evening price for each of its lengths, without a gap between."""
    for treatment in catalogue.treatments:
        for minutes in treatment.minutes:
            day, evening = sorted(
                (one for one in catalogue.price_rules if (one.treatment_id, one.minutes) == (treatment.id, minutes)),
                key=lambda rule: rule.from_s,
            )
            assert day.to_s == evening.from_s == 22 * 3_600
            assert evening.price_sen == day.price_sen + 4_000


def test_every_noun_of_the_demo_is_sound(nouns: DemoNouns, catalogue: Catalogue) -> None:
    """Every branch, therapist, client, building, address, contact and booking of the demo passes the forms' rules."""
    branch = nouns.branch
    techniques = {one.id for one in catalogue.techniques}
    therapists, clients, buildings = by_id(nouns.therapists), by_id(nouns.clients), by_id(nouns.buildings)
    contacts, addresses, treatments = by_id(nouns.contacts), by_id(nouns.addresses), by_id(catalogue.treatments)
    assert branch_errors(branch) == []
    for therapist in nouns.therapists:
        assert therapist_errors(therapist, branch=branch, techniques=techniques, today=MONDAY) == []
    for building in nouns.buildings:
        assert building_errors(building, branch=branch) == []
    for client in nouns.clients:
        assert client_errors(client, therapists=therapists) == []
    for care in nouns.care:
        plan = care.plan
        errors = care_plan_errors(
            plan,
            client=clients[plan.client_id],
            address=addresses[plan.address_id],
            treatment=treatments[plan.treatment_id],
            therapist=therapists[plan.therapist_id],
            today=MONDAY,
            is_new=True,
        )
        assert errors == []
    complaints, asked = ({one.id for one in kind} for kind in (catalogue.complaints, catalogue.contraindications))
    for _, health in nouns.health:
        assert health_errors(health, complaints=complaints, contraindications=asked) == []
    for contact in nouns.contacts:
        assert contact_errors(contact, client=clients.get(contact.client_id)) == []
    for address in nouns.addresses:
        client, building = clients[address.client_id], buildings[address.building_id]
        assert address_errors(address, client=client, building=building) == []
    for booking in nouns.bookings:
        address = addresses[booking.address_id]
        context = BookingContext(
            branch=branch,
            today=MONDAY,
            client=clients[booking.client_id],
            address=address,
            building=buildings[address.building_id],
            contact=contacts.get(booking.contact_id),
            treatments=treatments,
            techniques=techniques,
            therapists=therapists,
            price_rules=catalogue.price_rules,
            other_bookings={other.id for other in nouns.bookings if other.id != booking.id},
        )
        assert booking_errors(booking, context) == []


def test_the_demo_is_as_large_as_promised(nouns: DemoNouns) -> None:
    """Sixteen therapists and sixty bookings on the day, a dozen on the next, at more than fifty real places."""
    assert len(nouns.therapists) == 16
    assert sum(booking.day == MONDAY for booking in nouns.bookings) == 60
    assert sum(booking.day == MONDAY + timedelta(days=1) for booking in nouns.bookings) == 12
    assert len(nouns.buildings) > 50
    assert all(building.source and building.area for building in nouns.buildings)


def test_everything_the_model_knows_is_in_it(nouns: DemoNouns) -> None:
    """Couples, combined sessions, breaks, split shifts, midnight, wishes, links, locks and holds: the day has them all."""
    today = [booking for booking in nouns.bookings if booking.day == MONDAY]
    couples = [booking for booking in today if len(booking.seats) == 2]
    assert len(couples) == 4
    assert any(one.seats[0].treatment_id != one.seats[1].treatment_id for one in couples)
    assert any({seat.only_gender for seat in one.seats} == {"male", "female"} for one in couples)
    breaks = [pause for one in nouns.therapists for pause in one.roster.pattern[0].breaks]
    floating = {pause.kind for pause in breaks if pause.earliest_s < pause.latest_s}
    assert floating == {BreakKind.MEAL, BreakKind.PRAYER}
    assert [pause.kind for pause in breaks if pause.earliest_s == pause.latest_s] == [BreakKind.PERSONAL]
    assert sum(len(one.roster.pattern[0].shifts) == 2 for one in nouns.therapists) == 2
    assert {one.travel_mode for one in nouns.therapists} == {TravelMode.CAR, TravelMode.MOTORBIKE, TravelMode.TRANSIT}
    midnight = next(booking for booking in today if booking.id == "b49")
    assert midnight.windows[0].start_s < 86_400 < midnight.windows[0].start_s + midnight.minutes * 60
    assert {link.kind for booking in today for link in booking.links} == {LinkKind.SAME_START, LinkKind.GAP}
    for wish in ("only_therapists", "preferred_therapists", "never_therapists", "preferred_gender", "promise"):
        assert any(getattr(booking, wish) for booking in today), wish
    assert any(client.never_therapists for client in nouns.clients)
    assert any(booking.late_tolerance_s for booking in today)
    assert any(len(booking.windows) > 1 for booking in today)
    assert len({booking.priority for booking in today}) > 2
    assert any(len(building.access_s) == 24 for building in nouns.buildings)
    limits = [one.limits for one in nouns.therapists]
    assert all(any(getattr(one, name) for one in limits) for name in ("work_s", "travel_s", "consecutive_s", "visits"))
    assert nouns.locks[0].therapist_id == "aina"
    assert nouns.locks[0].start_s == 11.5 * 3_600
    assert len(nouns.holds) == 1
    assert any(one.fairness_carried_s for one in nouns.therapists)
    assert any("陈" in client.name for client in nouns.clients)
    assert any(not client.phone for client in nouns.clients)


@pytest.mark.parametrize("days", range(7))
def test_somebody_works_on_every_day_of_the_week(nouns: DemoNouns, days: int) -> None:
    """Whatever weekday the demo is made on, each of the next seven days has at least twelve therapists."""
    day = MONDAY + timedelta(days=days)
    assert sum(bool(one.roster.on(day)[0]) for one in nouns.therapists) >= 12
    assert sum(bool(one.roster.on(day)[0]) for one in demo_nouns(day, NOW).therapists) == 15


def test_the_day_is_a_sound_problem(office: DemoOffice) -> None:
    """The stored demo gives a problem the planner takes: sixty bookings, fifteen on duty, three travel modes."""
    problem = problem_of(office, MONDAY)
    assert problem_errors(problem) == []
    assert len(problem.bookings) == 60
    assert len(problem.therapists) == 15
    assert len(problem.matrices) == 3
    assert not any(booking.is_hold for booking in problem.bookings)
    assert [(one.therapist_id, one.visits) for one in problem.booking("b02").familiar] == [("aina", 3)]
    assert problem.booking("b49").value_sen == 28_000 + 4_000
    tomorrow = problem_of(office, MONDAY + timedelta(days=1))
    assert problem_errors(tomorrow) == []
    assert len(tomorrow.bookings) == 12
    assert [booking.id for booking in tomorrow.bookings if booking.is_hold] == ["n11"]


def test_making_it_twice_changes_nothing(tmp_path: Path) -> None:
    """A second run finds the company of the first, keeps what was changed in it, and hashes no password again."""
    office = open_demo_office(tmp_path / "demo.sqlite3")
    first = create_demo(office.services, hash_password=hashed)
    assert first.made
    with office.services.store.writing() as writing:
        writing.update(replace(writing.get(Client, "c01"), note="changed since"))
    office.moment[0] += timedelta(days=2)
    asked: list[str] = []

    def noting(password: str) -> str:
        """Note what is hashed."""
        asked.append(password)
        return hashed(password)

    second = create_demo(office.services, hash_password=noting)
    assert not second.made
    assert asked == []
    assert second.accounts == first.accounts
    assert second.day == first.day == MONDAY
    with office.services.store.reading() as tx:
        assert tx.get(Client, "c01").note == "changed since"
        assert len(tx.list(Booking, "kl", day=MONDAY)) == 60
        owner = tx.list(Account, "kl", email="owner@demo.example")[0]
    assert owner.password_hash == "hash of laluan-owner-demo"
    assert first.actor(Role.OWNER).branch_id == "kl"
    office.services.store.close()


def test_another_company_is_left_alone(tmp_path: Path) -> None:
    """The demo is refused in a database with a company of its own, and nothing is written there."""
    office = open_demo_office(tmp_path / "own.sqlite3")
    only_branch(office.services)
    with pytest.raises(Conflict) as refused:
        create_demo(office.services, hash_password=hashed)
    assert refused.value.code == "demo.other_company"
    with office.services.store.reading() as tx:
        assert [branch.id for branch in tx.list(Branch, "")] == ["main"]
        for kind in (Therapist, Client, Contact, Building, Address, Booking, Treatment, PriceRule, Account):
            assert tx.list(kind, "") == ()
    office.services.store.close()


def test_before_six_the_demo_is_made_for_the_night_before(tmp_path: Path) -> None:
    """At five in the morning it is still yesterday's service day."""
    office = open_demo_office(tmp_path / "demo.sqlite3", datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    assert create_demo(office.services, hash_password=hashed).day == MONDAY
    office.services.store.close()


def test_a_new_company_starts_with_the_catalogue_once(tmp_path: Path) -> None:
    """A branch without treatments gets the shipped ones; a branch that has its own keeps them."""
    office = open_demo_office(tmp_path / "own.sqlite3")
    branch = only_branch(office.services)
    owner = replace(office.actor(Role.OWNER), branch_id=branch.id)
    assert start_catalogue(office.services, owner)
    assert not start_catalogue(office.services, owner)
    with office.services.store.reading() as tx:
        assert len(tx.list(Treatment, branch.id)) == len(load_catalogue(branch.id).treatments)
        for kind in (Technique, Complaint, Contraindication):
            assert tx.list(kind, "")
    office.services.store.close()


def test_a_good_plan_serves_all_but_three_for_three_reasons(office: DemoOffice) -> None:
    """Fifty-seven of the sixty bookings are served, and each of the other three is left out for a reason of its own."""
    result = solve(problem_of(office, MONDAY), budget=Budget(rounds=200), seed=2)
    assert {one.booking_id for one in result.plan.left_out} == UNSERVED
    assert len({one.reason.code for one in result.plan.left_out}) == 3
    assert len(result.plan.served()) == 57
