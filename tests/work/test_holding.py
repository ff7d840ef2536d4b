"""Starts held for callers and confirmed: seen by everybody, over by themselves, never two at one time, never half done."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread

import pytest

from dispatch.errors import Conflict, Forbidden, LaluanError
from dispatch.jobs.runner import Runner
from dispatch.model.booking import Booking, Seat, TimeWindow
from dispatch.model.decisions import Hold
from dispatch.model.job import JobKind, JobState
from dispatch.model.kinds import BookingStatus
from dispatch.model.message import MessageDraft, MessageKind
from dispatch.model.outcome import Budget
from dispatch.model.people import Client
from dispatch.model.places import Address
from dispatch.model.slot import Grade
from dispatch.store import open_store
from dispatch.work.bookings import booking_page, list_bookings
from dispatch.work.days import day_board
from dispatch.work.holding import (
    ChosenStart,
    Wanted,
    confirm_held,
    confirm_slot,
    held_booking,
    hold_slot,
    let_go,
)
from dispatch.work.holds import end_holds
from dispatch.work.offering import offer_slots
from dispatch.work.planning import claim_job, plan_now
from tests.work.company import DAY, H, Office, booking, found_company, open_office
from tests.work.plans import FULL, keep


def wanted(key: str = "new", start: int = 12, end: int = 20, **other: object) -> Wanted:
    """A wish of Tan Wei, as the taker's page reads it."""
    return Wanted(booking=booking(key, "c-tan", start, end, **other))


def first(office: Office, wish: Wanted) -> ChosenStart:
    """The best start for a wish."""
    slot = offer_slots(office.services, office.taker, wish.booking).slots[0].fitted
    return ChosenStart(start_s=slot.slot.start_s, therapist_ids=slot.slot.therapist_ids, until_s=slot.late_s)


PLACES = {"BANGSAR", "KLCC", "TTDI"}


def rows(office: Office) -> tuple[int, int, int, int]:
    """How many bookings, holds, messages and audit rows there are."""
    with office.services.store.reading() as tx:
        kinds = (Booking, Hold, MessageDraft)
        return (*(len(tx.list(kind, "main")) for kind in kinds), len(tx.audit("")))  # type: ignore[return-value]


def test_a_slot_says_what_a_caller_is_told(busy: Office) -> None:
    """A start names its therapist, what it fits beside, the added travel, a window of arrival, a grade and the price."""
    keep(busy, FULL)
    offers = offer_slots(busy.services, busy.taker, booking("new", "c-tan", 12, 20))
    assert len(offers.slots) == 3
    for one in offers.slots:
        fitted = one.fitted
        assert [beside.therapist_id for beside in fitted.beside] == list(fitted.slot.therapist_ids)
        assert fitted.early_s == fitted.slot.start_s < fitted.late_s
        assert one.price_sen == 15_000
        assert fitted.grade in Grade
    beside = [one for slot in offers.slots for one in slot.fitted.beside]
    assert any(one.before_s and one.before_area in PLACES for one in beside)
    grades = [list(Grade).index(one.fitted.grade) for one in offers.slots]
    assert grades == sorted(grades)


def test_a_new_client_at_a_new_place_gets_starts_and_nothing_is_kept(busy: Office) -> None:
    """Starts are offered for somebody nobody knows yet; no client, address or booking is kept by that."""
    keep(busy, FULL)
    before = rows(busy)
    client = Client(id="", branch_id="", name="New Person", first_name="New")
    address = Address(id="", branch_id="", client_id="", building_id="b-klcc", unit="9")
    wish = replace(booking("new"), client_id="", address_id="")
    offers = offer_slots(busy.services, busy.taker, wish, client=client, address=address)
    assert offers.slots
    assert rows(busy) == before


def test_where_no_start_fits_the_reason_and_the_nearest_are_told(busy: Office) -> None:
    """A wish that nobody can serve gets a sentence, one for each therapist, and starts near it, nearest first."""
    keep(busy, FULL)
    wish = booking("new", "c-tan", seats=(Seat(),) * 3, windows=(TimeWindow(start_s=19 * H, end_s=19 * H),))
    offers = offer_slots(busy.services, busy.taker, wish)
    assert offers.slots == ()
    assert offers.reason is not None
    assert offers.per_therapist
    assert offers.nearest
    far = [abs(one.fitted.slot.start_s - 19 * H) for one in offers.nearest]
    assert far == sorted(far)
    starts = sorted(one.fitted.slot.start_s for one in offers.nearest if one.day == DAY)
    assert all(later - earlier >= 1_800 for earlier, later in pairwise(starts))


def test_a_held_start_is_on_the_board_and_nobody_elses(busy: Office) -> None:
    """The held booking stands in the plan at its start, other offers go around it, and the planner keeps it there."""
    keep(busy, FULL)
    wish = wanted(start=16, end=18)
    chosen = first(busy, wish)
    hold = hold_slot(busy.services, busy.taker, wish, chosen)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.problem.booking("new").is_hold
    visit = board.timetable.visit("new/0")
    assert (visit.therapist_id, visit.start_s) == (chosen.therapist_ids[0], chosen.start_s)
    again = replace(wish.booking, id="other", only_therapists=chosen.therapist_ids)
    for one in offer_slots(busy.services, busy.taker, again).slots:
        assert abs(one.fitted.slot.start_s - chosen.start_s) >= H
    plan_now(busy.services, busy.dispatcher, DAY, budget=Budget(rounds=3))
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.timetable.visit("new/0").start_s == hold.start_s


def test_a_hold_ends_by_itself(busy: Office) -> None:
    """After ten minutes the job of the day ends the hold and cancels its booking; a later hold is ended by the next job."""
    keep(busy, FULL)
    one, two = wanted("one"), wanted("two")
    hold_slot(busy.services, busy.taker, one, first(busy, one))
    busy.clock.on(minutes=5)
    hold_slot(busy.services, busy.taker, two, first(busy, two))
    assert claim_job(busy.services, "w") is None
    for key, left in (("one", 1), ("two", 0)):
        busy.clock.on(minutes=5)
        job = claim_job(busy.services, "w")
        assert job is not None
        assert job.kind is JobKind.HOLDS
        assert end_holds(busy.services, job) == 1
        assert end_holds(busy.services, job) == 0
        gone = booking_page(busy.services, busy.taker, key).booking
        assert (gone.status, gone.cancelled_reason) == (
            BookingStatus.CANCELLED,
            "Nobody confirmed the held start in time.",
        )
        assert rows(busy)[1] == left
        assert key not in day_board(busy.services, busy.dispatcher, DAY).plan.served()
    assert claim_job(busy.services, "w") is None
    with pytest.raises(Conflict, match=r"hold\.over"):
        confirm_held(busy.services, busy.taker, "one")


def test_the_runner_ends_holds(busy: Office) -> None:
    """The runner that plans days works the job of holds off too."""
    keep(busy, FULL)
    wish = wanted()
    hold_slot(busy.services, busy.taker, wish, first(busy, wish))
    busy.clock.on(minutes=11)
    assert Runner(busy.services)._one() is True
    with busy.services.store.reading() as tx:
        assert tx.last_job("main", DAY, JobKind.HOLDS).state is JobState.DONE  # type: ignore[union-attr]
        assert tx.list(Hold, "main") == ()


def test_a_hold_over_is_no_hurdle_though_the_job_is_late(busy: Office) -> None:
    """A start whose hold is over can be held by somebody else before the job has run."""
    keep(busy, FULL)
    wish = wanted(start=16, end=18)
    chosen = first(busy, wish)
    hold_slot(busy.services, busy.taker, wish, chosen)
    busy.clock.on(minutes=10)
    hold_slot(busy.services, busy.taker, wanted("later", 16, 18), chosen)
    assert booking_page(busy.services, busy.taker, "new").booking.status is BookingStatus.CANCELLED


def test_confirming_does_all_of_it_once(busy: Office) -> None:
    """Booking, promise with its window, place in the plan and messages are there together; a second click adds nothing."""
    keep(busy, FULL)
    wish = wanted()
    chosen = first(busy, wish)
    kept = confirm_slot(busy.services, busy.taker, wish, chosen)
    counted = rows(busy)
    assert confirm_slot(busy.services, busy.taker, wish, chosen) == kept
    assert counted == rows(busy)
    assert kept.status is BookingStatus.CONFIRMED
    assert kept.promise is not None
    assert (kept.promise.start_s, kept.promise.until_s) == (chosen.start_s, chosen.until_s)
    assert "new" in day_board(busy.services, busy.dispatcher, DAY).plan.served()
    shown = held_booking(busy.services, busy.taker, "new")
    assert [one.kind for one in shown.messages] == [MessageKind.CONFIRMATION, MessageKind.REMINDER]
    assert all(one.link for one in shown.messages)
    assert "RM 150.00" in shown.messages[0].text
    with pytest.raises(Conflict, match=r"slot\.taken_otherwise"):
        confirm_slot(busy.services, busy.taker, wish, replace(chosen, start_s=chosen.start_s + 300))


def test_a_held_start_is_confirmed_or_let_go_once(busy: Office) -> None:
    """Holding twice is one hold; confirming twice is one confirmation; what was let go is cancelled and cannot be confirmed."""
    keep(busy, FULL)
    wish = wanted()
    chosen = first(busy, wish)
    assert hold_slot(busy.services, busy.taker, wish, chosen) == hold_slot(busy.services, busy.taker, wish, chosen)
    assert held_booking(busy.services, busy.taker, "new").messages[0].kind is MessageKind.OFFER
    kept = confirm_held(busy.services, busy.taker, "new")
    assert confirm_held(busy.services, busy.taker, "new") == kept
    assert rows(busy)[1:3] == (0, 2)
    other = wanted("other")
    hold_slot(busy.services, busy.taker, other, first(busy, other))
    let_go(busy.services, busy.taker, "other")
    with pytest.raises(Conflict, match=r"hold\.over"):
        confirm_held(busy.services, busy.taker, "other")
    with pytest.raises(Forbidden):
        hold_slot(busy.services, busy.therapist, other, chosen)


def test_nothing_is_kept_where_the_place_is_taken(busy: Office) -> None:
    """A start that is not free any more leaves no client, booking, hold or message behind."""
    keep(busy, FULL)
    wish = wanted(start=16, end=18)
    chosen = first(busy, wish)
    confirm_slot(busy.services, busy.taker, wish, chosen)
    before = rows(busy)
    late = replace(wanted("late", 16, 18), client=Client(id="", branch_id="", name="Late", first_name=""))
    late = replace(
        late,
        booking=replace(late.booking, client_id="", address_id=""),
        address=Address(id="", branch_id="", client_id="", building_id="b-klcc"),
    )
    for step in (hold_slot, confirm_slot):
        with pytest.raises(Conflict, match=r"slot\.gone"):
            step(busy.services, busy.taker, late, chosen)
    assert rows(busy) == before


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """An office with a company on each kind of database."""
    office = open_office(tmp_path / "office.sqlite3")
    if request.param == "postgresql":
        url: str = request.getfixturevalue("empty_postgres_url")
        office.services.store.close()
        office = replace(office, services=replace(office.services, store=open_store(url)))
    found_company(office)
    yield office
    office.services.store.close()


@pytest.mark.parametrize("confirming", [False, True])
def test_two_takers_cannot_have_the_same_time(shared: Office, *, confirming: bool) -> None:
    """Of two who take the same start of the same therapist at once, one gets it and the other is told that it is gone."""
    wish = wanted(start=16, end=16)
    chosen = first(shared, wish)
    url = shared.services.store._url.render_as_string(hide_password=False)
    stores = [open_store(url, busy_s=30) for _ in range(2)]
    together = Barrier(2)
    ends: list[str] = []

    def take(number: int) -> None:
        services = replace(shared.services, store=stores[number])
        mine = replace(wish, booking=replace(wish.booking, id=f"taker{number}"))
        together.wait(30)
        try:
            (confirm_slot if confirming else hold_slot)(services, shared.taker, mine, chosen)
        except LaluanError as error:
            ends.append(error.code)
        else:
            ends.append("had it")

    threads = [Thread(target=take, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert sorted(ends) == ["had it", "slot.gone"]
    assert len(list_bookings(shared.services, shared.owner, DAY).bookings) == 1
