"""Remedies applied: what was shown happens, the booking is served, and what is gone changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import Conflict, Forbidden
from dispatch.model.booking import Booking, Seat, TimeWindow
from dispatch.model.kinds import Cause, Gender
from dispatch.model.outcome import Budget
from dispatch.model.therapist import RosterException, Therapist
from dispatch.rules.referee import check
from dispatch.work.bookings import add_booking
from dispatch.work.days import DayBoard, day_board
from dispatch.work.explaining import Explained, why_left_out
from dispatch.work.planning import plan_now
from dispatch.work.remedying import apply_remedy
from dispatch.work.team import set_exception
from dispatch.work.undoing import redo, undo
from tests.work.company import DAY, Office, booking

H = 3_600


def board(office: Office) -> DayBoard:
    """Give the day as the dispatcher sees it."""
    return day_board(office.services, office.dispatcher, DAY)


def left_out(office: Office, wish: Booking) -> Explained:
    """Take a booking that has no place, plan the day, and give what would help."""
    add_booking(office.services, office.dispatcher, wish)
    plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=3))
    return why_left_out(office.services, office.dispatcher, DAY, wish.id)


def head_id(office: Office) -> str:
    """Give the head's id."""
    head = board(office).head
    assert head is not None
    return head.id


def taken_back(office: Office, step_id: str, before: DayBoard) -> None:
    """Take the step back, and find the plan, the booking and everybody's shifts as they were."""
    undo(office.services, office.dispatcher, DAY, head_id=step_id)
    now = board(office)
    assert now.plan == before.plan
    assert now.problem.locks == before.problem.locks
    assert replace(now.bookings["b9"], version=0) == replace(before.bookings["b9"], version=0)
    shifts = [{one.id: one.roster.on(DAY) for one in seen.therapists.values()} for seen in (now, before)]
    assert shifts[0] == shifts[1]


LATE = replace(booking("b9"), windows=(TimeWindow(start_s=21 * H, end_s=21 * H + 1_800),))
MEN_ONLY = replace(booking("b9"), seats=(Seat(only_gender=Gender.MALE),))


@pytest.mark.parametrize(("wish", "kind"), [(LATE, "time"), (LATE, "overtime"), (MEN_ONLY, "gender")])
def test_a_remedy_does_what_it_said(house_of_women: Office, wish: Booking, kind: str) -> None:
    """The booking starts when the remedy said with whom it said, nobody else is lost, and no rule is broken."""
    office = house_of_women
    explained = left_out(office, wish)
    before = board(office)
    remedy = next(one for one in explained.remedies if one.kind == kind)
    made = apply_remedy(
        office.services,
        office.dispatcher,
        DAY,
        "b9",
        kind=kind,
        start_s=remedy.slot.start_s,
        head_id=explained.head_id or "",
    )
    after = board(office)
    assert made.cause is Cause.EDIT
    assert after.plan.served() == before.plan.served() | {"b9"}
    visit = after.timetable.visit("b9/0")
    assert (visit.start_s, visit.therapist_id) == (remedy.slot.start_s, remedy.slot.therapist_ids[0])
    assert check(after.problem, after.plan) == []
    if kind == "overtime":
        with office.services.store.reading() as tx:
            therapist = tx.get(Therapist, visit.therapist_id)
        assert therapist.roster.on(DAY)[0][-1].end_s > before.therapists[therapist.id].roster.on(DAY)[0][-1].end_s
        assert after.bookings["b9"].windows == wish.windows
    taken_back(office, made.id, before)
    again = redo(office.services, office.dispatcher, DAY, head_id=head_id(office))
    assert board(office).plan == after.plan
    with pytest.raises(Conflict) as gone:
        apply_remedy(
            office.services,
            office.dispatcher,
            DAY,
            "b9",
            kind=kind,
            start_s=remedy.slot.start_s,
            head_id=again.id,
        )
    assert gone.value.code == "remedy.gone"


def test_a_remedy_of_an_old_plan_changes_nothing(house_of_women: Office) -> None:
    """Where the plan shown is no longer the newest, or the reader may not plan, the booking and the day stay."""
    office = house_of_women
    explained = left_out(office, MEN_ONLY)
    (remedy,) = [one for one in explained.remedies if one.kind == "gender"]
    plan_now(office.services, office.owner, DAY, budget=Budget(rounds=2))
    before = board(office)
    for actor, error in ((office.dispatcher, Conflict), (office.taker, Forbidden)):
        with pytest.raises(error):
            apply_remedy(
                office.services,
                actor,
                DAY,
                "b9",
                kind="gender",
                start_s=remedy.slot.start_s,
                head_id=explained.head_id or "",
            )
    after = board(office)
    assert (after.plan, after.bookings["b9"]) == (before.plan, before.bookings["b9"])


@pytest.fixture
def house_of_women(office: Office) -> Office:
    """Give the company on a day without its only man, with nothing booked yet."""
    with office.services.store.reading() as tx:
        chandra = tx.get(Therapist, "t-chandra")
    off = RosterException(day=DAY, reason="leave")
    set_exception(office.services, office.owner, chandra.id, chandra.version, off)
    assert {one.gender for one in board(office).problem.therapists} == {Gender.FEMALE}
    return office
