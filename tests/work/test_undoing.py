"""Undo and redo: own steps taken back one after the other, others' kept, refused by name where they meet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import Conflict
from dispatch.model.account import Actor
from dispatch.model.booking import Booking
from dispatch.model.kinds import Cause
from dispatch.model.move import Move
from dispatch.model.plan import Revision
from dispatch.rules.referee import check
from dispatch.work.bookings import change_booking
from dispatch.work.days import DayBoard, day_board
from dispatch.work.locks import locks_of_day
from dispatch.work.moving import make_move
from dispatch.work.undoing import redo, undo
from tests.work.company import DAY, Office
from tests.work.plans import FULL, keep

B1_TO_BEE = Move(places=(("b1/0", "t-bee"),))
B1_TO_AINA = Move(places=(("b1/0", "t-aina"),))
B2_TO_AINA = Move(places=(("b2/0", "t-aina"),))


def board(office: Office, actor: Actor | None = None) -> DayBoard:
    """Give the day as somebody sees it."""
    return day_board(office.services, actor or office.dispatcher, DAY)


def head_id(office: Office) -> str:
    """Give the head's id."""
    head = board(office).head
    assert head is not None
    return head.id


def moved(office: Office, move: Move, actor: Actor | None = None) -> Revision:
    """Make a move in the newest plan, with a reason in case one is needed."""
    return make_move(
        office.services, actor or office.dispatcher, DAY, move, head_id=head_id(office), reason="she asked for it"
    )


def undone(office: Office, actor: Actor | None = None) -> Revision:
    """Take the newest own step back."""
    return undo(office.services, actor or office.dispatcher, DAY, head_id=head_id(office))


def redone(office: Office, actor: Actor | None = None) -> Revision:
    """Make the last own step that was taken back again."""
    return redo(office.services, actor or office.dispatcher, DAY, head_id=head_id(office))


def test_a_step_is_taken_back_and_made_again(busy: Office) -> None:
    """After an undo the plan, its locks and its waivers are as before the step; after a redo as after it."""
    keep(busy, FULL)
    before = board(busy)
    step = moved(busy, Move(places=(("b1/0", "t-bee"),), start_s=before.timetable.visit("b1/0").start_s))
    after, fixed = board(busy), locks_of_day(busy.services, busy.dispatcher, DAY)
    assert fixed != ((), ())

    back = undone(busy)
    assert (back.cause, back.parent_id, back.inverts) == (Cause.UNDO, step.id, step.id)
    assert board(busy).plan == before.plan
    assert locks_of_day(busy.services, busy.dispatcher, DAY) == ((), ())

    again = redone(busy)
    assert (again.cause, again.inverts) == (Cause.REDO, step.id)
    assert board(busy).plan == after.plan
    assert locks_of_day(busy.services, busy.dispatcher, DAY) == fixed
    with busy.services.store.reading() as tx:
        codes = [row.code for row in tx.audit("main")]
    assert (codes.count("plan.undone"), codes.count("plan.redone")) == (1, 1)


def test_fifty_steps_go_back_to_the_beginning_and_forward_again(busy: Office) -> None:
    """Fifty own steps are taken back one after the other, the planner's run among them, and made again in order."""
    keep(busy, FULL)
    plans = [board(busy).plan]
    for number in range(49):
        moved(busy, B1_TO_BEE if number % 2 == 0 else B1_TO_AINA)
        plans.append(board(busy).plan)
    for plan in reversed(plans[:-1]):
        undone(busy)
        assert board(busy).plan == plan
    # The run of the planner was the first step: without it nothing is planned.
    assert not undone(busy).plan.routes
    with pytest.raises(Conflict) as nothing:
        undone(busy)
    assert nothing.value.code == "undo.nothing"
    for plan in plans:
        redone(busy)
        assert board(busy).plan == plan
    with pytest.raises(Conflict) as nothing:
        redone(busy)
    assert nothing.value.code == "redo.nothing"


def test_the_board_names_what_would_be_taken_back_or_made_again(busy: Office) -> None:
    """What the board offers is what the next undo and redo do; a new step leaves nothing to make again."""
    keep(busy, FULL)
    first = moved(busy, B1_TO_BEE)
    second = moved(busy, B1_TO_AINA)
    assert (board(busy).undo, board(busy).redo) == (second, None)
    undone(busy)
    assert (board(busy).undo, board(busy).redo) == (first, second)
    undone(busy)
    assert board(busy).redo == first
    redone(busy)
    assert (board(busy).undo, board(busy).redo) == (first, second)
    third = moved(busy, B2_TO_AINA)
    assert (board(busy).undo, board(busy).redo) == (third, None)


def test_a_colleagues_other_step_stays(busy: Office) -> None:
    """An own step is taken back although a colleague moved something else since, and what she moved stays moved."""
    keep(busy, FULL)
    moved(busy, B1_TO_BEE)
    moved(busy, Move(places=(("b3/1", "t-bee"),)), busy.owner)
    where = {visit: route.therapist_id for route in board(busy).plan.routes for visit in route.visit_ids()}
    assert (where["b1/0"], where["b3/1"]) == ("t-bee", "t-bee")
    undone(busy)
    seen = board(busy)
    where = {visit: route.therapist_id for route in seen.plan.routes for visit in route.visit_ids()}
    assert (where["b1/0"], where["b3/1"]) == ("t-aina", "t-bee")
    assert not check(seen.problem, seen.plan)


def test_a_colleagues_step_with_the_same_visit_is_named(busy: Office) -> None:
    """Where a colleague has moved the same visit since, nothing is taken back, and she and the client are named."""
    keep(busy, FULL)
    moved(busy, B1_TO_BEE)
    hers = moved(busy, B1_TO_AINA, busy.owner)
    with pytest.raises(Conflict) as refused:
        undone(busy)
    assert refused.value.code == "undo.colleague"
    assert refused.value.values["number"] == hers.number
    assert refused.value.values["client"]
    assert head_id(busy) == hers.id
    # Once she has taken hers back, it stands in nobody's way.
    undone(busy, busy.owner)
    undone(busy)
    assert "b1/0" in board(busy).plan.route_of("t-aina").visit_ids()


def test_a_colleagues_steps_are_not_ones_own(busy: Office) -> None:
    """Nobody takes back what somebody else did."""
    keep(busy, FULL)
    moved(busy, B1_TO_BEE)
    with pytest.raises(Conflict) as nothing:
        undone(busy, busy.owner)
    assert nothing.value.code == "undo.nothing"


def test_a_plan_seen_no_longer_is_not_undone(busy: Office) -> None:
    """An undo from a board that shows an older plan changes nothing."""
    keep(busy, FULL)
    old = head_id(busy)
    step = moved(busy, B1_TO_BEE)
    with pytest.raises(Conflict) as refused:
        undo(busy.services, busy.dispatcher, DAY, head_id=old)
    assert refused.value.code == "undo.head_moved"
    assert head_id(busy) == step.id


def test_a_step_back_that_breaks_rules_is_refused(busy: Office) -> None:
    """Where the day has changed so that the older plan breaks rules, nothing is taken back, the locks included."""
    keep(busy, FULL)
    start_s = board(busy).timetable.visit("b1/0").start_s
    moved(busy, Move(places=(("b1/0", "t-bee"),), start_s=start_s))
    fixed = locks_of_day(busy.services, busy.dispatcher, DAY)
    with busy.services.store.reading() as tx:
        booking = tx.get(Booking, "b1")
    change_booking(busy.services, busy.dispatcher, replace(booking, never_therapists=("t-aina",)))
    before = board(busy)
    with pytest.raises(Conflict) as refused:
        undone(busy)
    assert refused.value.code == "undo.breaks_rules"
    assert board(busy).plan == before.plan
    assert board(busy).head == before.head
    assert locks_of_day(busy.services, busy.dispatcher, DAY) == fixed
