"""A whole day on which everything goes wrong, hour by hour, on the demo: each time mended, and the plan never broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.model.booking import PLANNED_STATUSES, TimeWindow
from dispatch.model.day import moment_of
from dispatch.model.kinds import BookingStatus, Role
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.model.timetable import VisitTime
from dispatch.model.trouble import Trouble, TroubleKind
from dispatch.work.bookings import add_booking
from dispatch.work.days import DayBoard, day_board
from dispatch.work.demo import create_demo
from dispatch.work.inserting import insert_booking, insertions
from dispatch.work.planning import plan_now, publish
from dispatch.work.repairs import look_at, mend
from tests.work.demo_office import MONDAY, DemoOffice, hashed, open_demo_office

H = 3_600
HOURS = (10.25, 12.0, 13.5, 15.0, 16.75, 18.25, 20.0)


@pytest.fixture
def office(tmp_path: Path) -> DemoOffice:
    """The demo's day, planned and published before anything happens."""
    opened = open_demo_office(tmp_path / "demo.sqlite3")
    create_demo(opened.services, hash_password=hashed)
    actor = opened.actor(Role.DISPATCHER)
    head = plan_now(opened.services, actor, MONDAY, budget=Budget(rounds=10))
    publish(opened.services, actor, MONDAY, head_id=head.id)
    return opened


def board_of(office: DemoOffice) -> DayBoard:
    """The day's board."""
    return day_board(office.services, office.actor(Role.DISPATCHER), MONDAY)


def visits_of(board: DayBoard) -> list[VisitTime]:
    """All visits of the day."""
    return [visit for route in board.timetable.routes for visit in route.visits()]


def troubles(board: DayBoard, now_s: int) -> Iterator[Trouble]:
    """What could happen now: one of each kind, as far as somebody is there for it to happen to."""
    yield Trouble(kind=TroubleKind.RAIN, from_s=now_s, to_s=now_s + 2 * H, factor_per_mille=1_500)
    yield Trouble(kind=TroubleKind.TRAFFIC, area="KLCC", from_s=now_s, to_s=now_s + 2 * H, factor_per_mille=2_500)
    for visit in visits_of(board):
        booking = board.bookings[visit.booking_id]
        if booking.status not in PLANNED_STATUSES or board.problem.booking(booking.id).is_hold:
            continue
        if visit.start_s <= now_s < visit.end_s:
            yield Trouble(kind=TroubleKind.RUNNING_OVER, booking_id=booking.id, extra_s=1_800)
            yield Trouble(kind=TroubleKind.ILL, therapist_id=visit.therapist_id, from_s=now_s)
        if visit.arrive_s <= now_s < visit.start_s and booking.status is BookingStatus.CONFIRMED:
            yield Trouble(kind=TroubleKind.NO_SHOW, booking_id=booking.id, version=booking.version, from_s=now_s)
        if visit.start_s > now_s + H:
            yield Trouble(kind=TroubleKind.CANCEL, booking_id=booking.id, version=booking.version, reason="fever")


def test_whatever_happens_the_plan_is_mended_and_nothing_past_moves(office: DemoOffice) -> None:
    """At each hour one thing of another kind happens; what is proposed is kept, breaks no rule and leaves the past alone."""
    actor, mended, noted = office.actor(Role.DISPATCHER), 0, 0
    for number, hour in enumerate(HOURS):
        now_s = int(hour * H)
        office.moment[0] = moment_of(now_s, MONDAY, "Asia/Kuala_Lumpur")
        before = board_of(office)
        found = sorted(troubles(before, now_s), key=lambda one: one.kind)
        kinds = sorted({one.kind for one in found})
        trouble = next(one for one in found if one.kind is kinds[number % len(kinds)])
        shown = look_at(office.services, actor, MONDAY, trouble, budget=Budget(rounds=3))
        best = shown.weighing.options[0]
        made = mend(
            office.services,
            actor,
            MONDAY,
            trouble,
            None if best.breaches else best.mended,
            head_id=shown.head_id,
        )
        after = board_of(office)
        mended += made is not None
        noted += made is None
        if made is not None:
            assert after.violations == (), (trouble, after.violations)
            assert not after.stale
        was = {visit.visit_id: visit for visit in visits_of(before)}
        for visit in visits_of(after):
            old = was.get(visit.visit_id)
            if old is not None and old.end_s <= now_s:
                assert (visit.therapist_id, visit.start_s) == (old.therapist_id, old.start_s), trouble
            if old is None or old.therapist_id != visit.therapist_id:
                assert visit.start_s >= now_s, (trouble, visit)
        assert after.plan != Plan()
    assert mended >= len(HOURS) - 1
    assert noted <= 1


def test_a_booking_taken_in_the_midst_of_the_day_is_put_in_after_now(office: DemoOffice) -> None:
    """At two in the afternoon a caller's booking gets ways that start after two, and the first one, taken, breaks nothing."""
    actor, now_s = office.actor(Role.DISPATCHER), 14 * H
    office.moment[0] = moment_of(now_s, MONDAY, "Asia/Kuala_Lumpur") + timedelta(seconds=30)
    before = board_of(office)
    model = next(one for one in before.bookings.values() if len(one.seats) == 1 and not one.links)
    wish = replace(
        model,
        id="caller",
        windows=(TimeWindow(start_s=10 * H, end_s=21 * H),),
        status=BookingStatus.REQUESTED,
        only_therapists=(),
        promise=None,
    )
    add_booking(office.services, actor, wish)
    shown = insertions(office.services, actor, MONDAY, "caller")
    assert shown.candidates
    for candidate in shown.candidates:
        assert candidate.start_s > now_s
        assert not candidate.breaches
    first = shown.candidates[0]
    insert_booking(office.services, actor, MONDAY, first.placing, start_s=first.start_s, head_id=shown.head_id)
    after = board_of(office)
    assert after.violations == ()
    assert after.timetable.visit("caller/0").start_s == first.start_s
    past = {visit.visit_id: visit for visit in visits_of(before) if visit.end_s <= now_s}
    assert past
    for name, old in past.items():
        assert (after.timetable.visit(name).start_s, after.timetable.visit(name).therapist_id) == (
            old.start_s,
            old.therapist_id,
        )
