"""Putting a left-out booking in: the ways shown, one of them taken in one step, and refused by name where all changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, NotFound
from dispatch.model.move import Move, Placing
from dispatch.rules.referee import check
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.inserting import insert_booking, insertions
from dispatch.work.moving import make_move
from tests.work.company import DAY, Office, booking
from tests.work.plans import FULL, SOME, keep, keep_and_publish


def test_every_way_taken_comes_to_what_was_shown(busy: Office) -> None:
    """Each candidate, taken, is the plan that was shown, serves the booking at the start told, and breaks no rule."""
    keep(busy, SOME)
    for number in range(20):
        shown = insertions(busy.services, busy.dispatcher, DAY, "b2")
        if number >= len(shown.candidates):
            break
        one = shown.candidates[number]
        made = insert_booking(
            busy.services, busy.dispatcher, DAY, one.placing, start_s=one.start_s, head_id=shown.head_id
        )
        assert made.plan == one.plan
        board = day_board(busy.services, busy.dispatcher, DAY)
        assert not check(board.problem, board.plan)
        assert not board.stale
        assert board.timetable.visit("b2/0").start_s == one.start_s
        out = Move(places=(("b2/0", one.therapist_ids[0]),))
        assert out.places
        keep(busy, SOME)
    assert number > 1


def test_an_urgent_booking_bumps_out_by_name(busy: Office) -> None:
    """Whom an urgent booking bumps out is left out with the reason, and the audit names both once."""
    for number in range(12):
        urgent = booking(f"u{number}", "c-tan", 14, 14, treatment_id="deep", minutes=90, priority=9)
        add_booking(busy.services, busy.taker, urgent)
    keep(busy, FULL)
    shown = insertions(busy.services, busy.dispatcher, DAY, "u0")
    room = next(one for one in shown.candidates if one.placing.bumped)
    made = insert_booking(
        busy.services, busy.dispatcher, DAY, room.placing, start_s=room.start_s, head_id=shown.head_id
    )
    (gone,) = room.placing.bumped
    reasons = {one.booking_id: one.reason for one in made.plan.left_out}
    assert reasons[gone].code == "plan.made_room"
    assert reasons[gone].named()["other_id"] == "u0"
    with busy.services.store.reading() as tx:
        rows = [row for row in tx.audit("main") if row.code == "plan.inserted"]
    assert [row.subject_ids for row in rows] == [(made.id, "u0", gone)]


def test_what_was_shown_before_a_colleagues_change_is_refused(busy: Office) -> None:
    """A way shown in a plan that is no longer the newest is refused, and nothing of it is kept."""
    keep(busy, SOME)
    shown = insertions(busy.services, busy.dispatcher, DAY, "b2")
    one = shown.candidates[0]
    moved = make_move(
        busy.services, busy.owner, DAY, Move(places=(("b3/0", "t-aina"), ("b3/1", "t-chandra"))), head_id=shown.head_id
    )
    with pytest.raises(Conflict) as refused:
        insert_booking(busy.services, busy.dispatcher, DAY, one.placing, start_s=one.start_s, head_id=shown.head_id)
    assert refused.value.code == "move.head_moved"
    head = day_board(busy.services, busy.dispatcher, DAY).head
    assert head == moved


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start_s": 1}, "insert.other_start"),
        ({"bumped": ("b1", "nobody")}, "insert.not_to_bump"),
        ({"bumped": ("b3",)}, "insert.not_to_bump"),
        ({"places": (("b1/0", "t-aina"),)}, "insert.served_already"),
        ({"places": ()}, "move.one_booking"),
        ({"places": (("b2/0", "nobody"),)}, "move.unknown_therapist"),
    ],
)
def test_what_cannot_be_is_refused(busy: Office, change: dict[str, object], code: str) -> None:
    """Another start than the one shown, bookings nobody may bump out, and what the day does not have keep nothing."""
    keep(busy, SOME)
    shown = insertions(busy.services, busy.dispatcher, DAY, "b2")
    one = shown.candidates[0]
    placing: Placing = one.placing
    start_s = one.start_s
    if "start_s" in change:
        start_s += 60
    if "bumped" in change:
        placing = replace(placing, bumped=change["bumped"])  # type: ignore[arg-type]
    if "places" in change:
        placing = replace(placing, move=replace(placing.move, places=change["places"]))  # type: ignore[arg-type]
    with pytest.raises((BadInput, Conflict)) as refused:
        insert_booking(busy.services, busy.dispatcher, DAY, placing, start_s=start_s, head_id=shown.head_id)
    found = refused.value
    assert code in {found.code, *(one.code for one in getattr(found, "errors", ()))}
    head = day_board(busy.services, busy.dispatcher, DAY).head
    assert head is not None
    assert head.id == shown.head_id


def test_a_time_that_is_over_is_said(busy: Office) -> None:
    """Once the last start a client would accept is past, there is no way to put the booking in."""
    keep(busy, SOME)
    busy.clock.on(hours=9)
    shown = insertions(busy.services, busy.dispatcher, DAY, "b2")
    assert shown.over
    assert shown.candidates == ()


def test_in_the_course_of_the_day_nobody_is_sent_before_now(busy: Office) -> None:
    """At three in the afternoon every way starts after three, and stays so once it is taken."""
    keep(busy, SOME)
    add_booking(busy.services, busy.taker, booking("late", "c-siti", 11, 19))
    busy.clock.on(hours=6)
    shown = insertions(busy.services, busy.dispatcher, DAY, "late")
    assert shown.candidates
    for one in shown.candidates:
        assert one.start_s >= 15 * 3_600
    one = shown.candidates[0]
    insert_booking(busy.services, busy.dispatcher, DAY, one.placing, start_s=one.start_s, head_id=shown.head_id)
    assert day_board(busy.services, busy.dispatcher, DAY).timetable.visit("late/0").start_s == one.start_s


def test_what_is_served_has_no_ways_and_takers_may_not_ask(busy: Office) -> None:
    """A booking that is in the plan is not found among those left out, and only who plans may ask."""
    keep_and_publish(busy, FULL)
    with pytest.raises(NotFound):
        insertions(busy.services, busy.dispatcher, DAY, "b2")
    with pytest.raises(Forbidden):
        insertions(busy.services, busy.taker, DAY, "b2")
