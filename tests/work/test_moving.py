"""Moves by hand: weighed without changing anything, made with their waivers in one transaction, refused by name."""

from __future__ import annotations

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden
from dispatch.model.kinds import Cause
from dispatch.model.move import Light, Move
from dispatch.model.plan import Revision
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.work.bookings import add_booking
from dispatch.work.days import day_board
from dispatch.work.locks import locks_of_day
from dispatch.work.moving import make_move, weigh_move
from tests.work.company import DAY, Office, booking
from tests.work.plans import FULL, SOME, keep

TO_BEE = Move(places=(("b1/0", "t-bee"),))


def head(office: Office) -> Revision:
    """Give the day's head."""
    found = day_board(office.services, office.dispatcher, DAY).head
    assert found is not None
    return found


def test_weighing_changes_nothing_and_making_it_comes_to_the_same(busy: Office) -> None:
    """What was told before a move is what the board shows after it; the revision is a drag on the head."""
    keep(busy, FULL)
    before = head(busy)
    weighed = weigh_move(busy.services, busy.dispatcher, DAY, TO_BEE)
    assert head(busy) == before
    assert weighed.head_id == before.id
    assert weighed.names["t-bee"]
    made = make_move(busy.services, busy.dispatcher, DAY, TO_BEE, head_id=before.id, reason="she asked for it")
    assert (made.cause, made.parent_id, made.author) == (Cause.DRAG, before.id, "dispatcher")
    assert made.plan == weighed.verdict.plan
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.head == made
    assert not check(board.problem, board.plan)
    times = retime(board.problem, board.plan)
    assert weighed.verdict.starts == (("b1/0", times.visit("b1/0").start_s),)
    with busy.services.store.reading() as tx:
        assert [row.code for row in tx.audit("main")].count("plan.moved") == 1


def test_a_booking_left_out_is_put_in_by_hand_even_without_a_plan(busy: Office) -> None:
    """The first move of a day makes its first plan, which serves the booking that was moved."""
    assert day_board(busy.services, busy.dispatcher, DAY).head is None
    made = make_move(busy.services, busy.dispatcher, DAY, Move(places=(("b1/0", "t-aina"),)), head_id="")
    assert made.plan.served() == {"b1"}
    assert {one.booking_id for one in made.plan.left_out} == {"b2", "b3", "b4"}


def test_a_colleagues_change_is_not_overwritten(busy: Office) -> None:
    """A move in a plan that is no longer the newest is refused, and nothing of it is kept."""
    keep(busy, FULL)
    old = head(busy).id
    make_move(busy.services, busy.owner, DAY, TO_BEE, head_id=old, reason="first")
    with pytest.raises(Conflict) as refused:
        make_move(busy.services, busy.dispatcher, DAY, Move(places=(("b2/0", "t-aina"),)), head_id=old)
    assert refused.value.code == "move.head_moved"
    assert head(busy).parent_id == old


def test_a_fixed_start_becomes_a_lock(busy: Office) -> None:
    """A move to a time locks the booking's start there, and the visit starts at that second."""
    keep(busy, SOME)
    start_s = retime(day_board(busy.services, busy.dispatcher, DAY).problem, SOME).visit("b1/0").start_s + 600
    move = Move(places=(("b1/0", "t-aina"),), start_s=start_s)
    made = make_move(busy.services, busy.dispatcher, DAY, move, head_id=head(busy).id, reason="as promised")
    locks, _ = locks_of_day(busy.services, busy.dispatcher, DAY)
    assert [(lock.visit_id, lock.start_s) for lock in locks] == [("b1/0", start_s)]
    assert retime(day_board(busy.services, busy.dispatcher, DAY).problem, made.plan).visit("b1/0").start_s == start_s


def test_a_rule_is_set_aside_with_a_reason_and_a_protective_one_never(busy: Office) -> None:
    """Without a reason a move that breaks a rule is refused; with one it leaves a waiver; some rules cannot be waived."""
    add_booking(busy.services, busy.dispatcher, booking("b5", never_therapists=("t-chandra",)))
    keep(busy, FULL)
    never = Move(places=(("b5/0", "t-chandra"),))
    assert weigh_move(busy.services, busy.dispatcher, DAY, never).verdict.light is Light.NEVER
    with pytest.raises(BadInput) as refused:
        make_move(busy.services, busy.dispatcher, DAY, never, head_id=head(busy).id, reason="I insist")
    assert refused.value.code == "rule.refused"
    assert head(busy).number == 1
    asks = [
        move
        for booking_id in ("b1", "b2", "b4")
        for therapist_id in ("t-aina", "t-bee", "t-chandra")
        for start_s in (7 * 3_600, 23 * 3_600)
        if weigh_move(
            busy.services,
            busy.dispatcher,
            DAY,
            move := Move(places=((f"{booking_id}/0", therapist_id),), start_s=start_s),
        ).verdict.light
        is Light.ASKS
    ]
    move = asks[0]
    with pytest.raises(BadInput) as silent:
        make_move(busy.services, busy.dispatcher, DAY, move, head_id=head(busy).id)
    assert silent.value.values["field"] == "reason"
    assert locks_of_day(busy.services, busy.dispatcher, DAY) == ((), ())
    breaches = weigh_move(busy.services, busy.dispatcher, DAY, move).verdict.breaches
    make_move(busy.services, busy.dispatcher, DAY, move, head_id=head(busy).id, reason="the client begged")
    _, waivers = locks_of_day(busy.services, busy.dispatcher, DAY)
    assert {(one.rule, one.subject_id, one.reason) for one in waivers} == {
        (one.rule, one.subject_id, "the client begged") for one in breaches
    }
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert not check(board.problem, board.plan)


def test_who_may_not_plan_may_not_move(busy: Office) -> None:
    """A booking taker may not move visits."""
    keep(busy, FULL)
    with pytest.raises(Forbidden):
        make_move(busy.services, busy.taker, DAY, TO_BEE, head_id=head(busy).id)
