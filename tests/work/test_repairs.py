"""When something happens: looking changes nothing, mending keeps exactly what was shown, and all of it or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError
from dispatch.model.booking import Booking
from dispatch.model.condition import DayCondition
from dispatch.model.decisions import Lock
from dispatch.model.kinds import BookingStatus, Cause
from dispatch.model.move import Move
from dispatch.model.outcome import Budget
from dispatch.model.plan import Revision, booking_of
from dispatch.model.therapist import Therapist
from dispatch.model.trouble import Mended, Trouble, TroubleKind
from dispatch.rules.referee import check
from dispatch.work.bookings import list_bookings, set_status
from dispatch.work.conditions import conditions_of_day, end_condition
from dispatch.work.days import day_board
from dispatch.work.locks import lock_visit
from dispatch.work.moving import make_move
from dispatch.work.repairing import Way
from dispatch.work.repairs import Repair, look_at, mend
from dispatch.work.undoing import undo
from tests.work.company import DAY, H, Office
from tests.work.plans import FULL, keep

QUICK = Budget(rounds=4)
ILL = Trouble(kind=TroubleKind.ILL, therapist_id="t-aina", from_s=13 * H)
RAIN = Trouble(kind=TroubleKind.RAIN, from_s=13 * H, to_s=19 * H, factor_per_mille=2_500)
TRAFFIC = Trouble(kind=TroubleKind.TRAFFIC, area="KLCC", from_s=13 * H, to_s=19 * H, factor_per_mille=4_000)
OVER = Trouble(kind=TroubleKind.RUNNING_OVER, booking_id="b1", extra_s=90 * 60)


def cancel(office: Office, name: str = "b2", reason: str = "she has a cold") -> Trouble:
    """A booking is cancelled, as it is now."""
    return Trouble(kind=TroubleKind.CANCEL, booking_id=name, version=booked(office, name).version, reason=reason)


def no_show(office: Office, name: str = "b2", from_s: int = 14 * H + 1_800) -> Trouble:
    """Nobody opened the door of a confirmed booking."""
    kept = set_status(office.services, office.taker, name, booked(office, name).version, BookingStatus.CONFIRMED)
    return Trouble(kind=TroubleKind.NO_SHOW, booking_id=name, version=kept.version, from_s=from_s)


def booked(office: Office, name: str) -> Booking:
    """A booking as it is kept."""
    return next(one for one in list_bookings(office.services, office.taker, DAY).bookings if one.id == name)


def look(office: Office, trouble: Trouble) -> Repair:
    """What it does to the day."""
    return look_at(office.services, office.dispatcher, DAY, trouble, budget=QUICK)


def everything(office: Office) -> tuple[object, ...]:
    """All that a look must not change."""
    board = day_board(office.services, office.dispatcher, DAY)
    with office.services.store.reading() as tx:
        kept = tx.list(Therapist, "main"), tx.list(DayCondition, "main"), tx.audit("main"), tx.locks("main", DAY)
    return board.problem, board.plan, board.head, kept, list_bookings(office.services, office.taker, DAY)


def every_trouble(office: Office) -> list[Trouble]:
    """One of each kind."""
    return [cancel(office), no_show(office, "b4", 20 * H + 600), ILL, OVER, TRAFFIC, RAIN]


def test_looking_changes_nothing(busy: Office) -> None:
    """Whatever is looked at, day, plan, locks, therapists, conditions and audit stay as they were."""
    keep(busy, FULL)
    troubles = every_trouble(busy)
    before = everything(busy)
    for trouble in troubles:
        look(busy, trouble)
        assert everything(busy) == before


@pytest.mark.parametrize("number", range(6))
def test_mending_keeps_what_was_shown(busy: Office, number: int) -> None:
    """Each kind's proposal becomes the head in one step with one audit row, breaks no rule, and has the plan shown."""
    first = keep(busy, FULL)
    trouble = every_trouble(busy)[number]
    shown = look(busy, trouble)
    best = shown.weighing.options[0]
    assert not best.breaches
    made = mend(busy.services, busy.dispatcher, DAY, trouble, best.mended, head_id=shown.head_id)
    assert made is not None
    assert (made.cause, made.parent_id, made.plan.routes) == (Cause.REPAIR, first.id, best.mended.routes)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert (board.head, board.stale) == (made, False)
    assert not check(board.problem, board.plan)
    with busy.services.store.reading() as tx:
        rows = [row for row in tx.audit("main") if row.code == f"trouble.{trouble.kind}"]
    assert [row.subject_ids[0] for row in rows] == [made.id]


def test_a_cancelled_booking_leaves_the_plan_and_nobody_else_moves(busy: Office) -> None:
    """Leaving all as it is suits a cancelled booking: the others keep therapist and start, and nobody is to be told."""
    keep(busy, FULL)
    shown = look(busy, cancel(busy))
    assert shown.weighing.damage.none
    best = shown.weighing.options[0]
    assert best.tell == ()
    mend(busy.services, busy.dispatcher, DAY, cancel(busy), best.mended, head_id=shown.head_id)
    assert booked(busy, "b2").status is BookingStatus.CANCELLED
    assert "b2" not in day_board(busy.services, busy.dispatcher, DAY).plan.served()


def test_a_no_show_frees_the_therapist_when_it_was_said(busy: Office) -> None:
    """The visit ends when the dispatcher says, what was before it counts as done, and the booking is a no-show."""
    keep(busy, FULL)
    trouble = no_show(busy, "b4", 20 * H + 600)
    shown = look(busy, trouble)
    mend(busy.services, busy.dispatcher, DAY, trouble, shown.weighing.options[0].mended, head_id=shown.head_id)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert booked(busy, "b4").status is BookingStatus.NO_SHOW
    assert board.timetable.visit("b4/0").free_s == 20 * H + 600
    assert board.timetable.visit("b2/0").end_s == 15 * H
    assert {fact.visit_id for fact in board.problem.facts} == {"b2/0", "b4/0"}


def test_an_ill_therapists_visits_go_to_others_or_are_named(busy: Office) -> None:
    """Her visits from then on have nobody, each is served by somebody else or named as to be told, her shift is cut."""
    keep(busy, FULL)
    busy.clock.on(hours=4)
    shown = look(busy, ILL)
    assert set(shown.weighing.damage.nobody) == {"b1", "b3"}
    best = shown.weighing.options[0]
    assert best.way is not Way.AS_IT_IS
    assert not any(route.therapist_id == "t-aina" and route.visit_ids() for route in best.mended.routes)
    assert "b1" in best.tell
    made = mend(busy.services, busy.dispatcher, DAY, ILL, best.mended, head_id=shown.head_id)
    assert made is not None
    assert made.plan.served() >= {"b1", "b2", "b4"}
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.problem.therapist("t-aina").shifts[-1].end_s == 13 * H


def test_what_is_under_way_stays(busy: Office) -> None:
    """A therapist who falls ill during a treatment ends it, and is on duty until she is home; nothing before moves."""
    keep(busy, FULL)
    busy.clock.on(hours=5, minutes=30)
    shown = look(busy, replace(ILL, from_s=14 * H + 1_800))
    assert "b1" not in shown.weighing.damage.nobody
    for option in shown.weighing.options:
        assert option.mended.routes[0].visit_ids()[0] == "b1/0"


def test_running_over_makes_who_comes_next_late(busy: Office) -> None:
    """A longer visit is longer in the plan, and what it does to the visits behind it is told; ending it undoes it."""
    keep(busy, replace(FULL, routes=(FULL.routes[0], *FULL.routes[1:])))
    over = replace(OVER, extra_s=3 * H)
    shown = look(busy, over)
    assert {one.visit_id for one in (*shown.weighing.damage.late, *shown.weighing.damage.later)} >= {"b3/0"}
    assert mend(busy.services, busy.dispatcher, DAY, over, None, head_id=shown.head_id) is None
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.problem.booking("b1").duration_s == 4 * H
    (one,) = conditions_of_day(busy.services, busy.dispatcher, DAY)
    end_condition(busy.services, busy.dispatcher, DAY, one.id)
    assert day_board(busy.services, busy.dispatcher, DAY).problem.booking("b1").duration_s == H
    again = replace(over, extra_s=600)
    for _ in range(2):
        mend(busy.services, busy.dispatcher, DAY, again, None, head_id=shown.head_id)
    assert [kept.extra_s for kept in conditions_of_day(busy.services, busy.dispatcher, DAY)] == [600]


@pytest.mark.parametrize("trouble", [RAIN, TRAFFIC])
def test_roads_get_slower_and_fast_again(busy: Office, trouble: Trouble) -> None:
    """Rain and traffic make somebody later, are in every problem built of the day, and are gone when they are ended."""
    keep(busy, FULL)
    before = day_board(busy.services, busy.dispatcher, DAY).problem
    shown = look(busy, trouble)
    mend(busy.services, busy.dispatcher, DAY, trouble, shown.weighing.options[0].mended, head_id=shown.head_id)
    slow = day_board(busy.services, busy.dispatcher, DAY).problem
    assert (slow.matrices, slow.bookings) != (before.matrices, before.bookings)
    (one,) = conditions_of_day(busy.services, busy.dispatcher, DAY)
    end_condition(busy.services, busy.dispatcher, DAY, one.id)
    after = day_board(busy.services, busy.dispatcher, DAY).problem
    assert (after.matrices, after.bookings) == (before.matrices, before.bookings)


def test_a_colleagues_change_is_not_overwritten(busy: Office) -> None:
    """A repair shown in a plan that is no longer the newest is refused, and the day itself is not changed either."""
    keep(busy, FULL)
    trouble = cancel(busy)
    shown = look(busy, trouble)
    make_move(
        busy.services, busy.owner, DAY, Move(places=(("b1/0", "t-bee"),)), head_id=shown.head_id, reason="she asked"
    )
    before = everything(busy)
    with pytest.raises(Conflict) as refused:
        mend(busy.services, busy.dispatcher, DAY, trouble, shown.weighing.options[0].mended, head_id=shown.head_id)
    assert refused.value.code == "repair.head_moved"
    assert everything(busy) == before


def test_a_booking_changed_meanwhile_is_refused(busy: Office) -> None:
    """Cancelling what a colleague has changed since it was shown is refused, and nothing is kept."""
    keep(busy, FULL)
    trouble = cancel(busy)
    shown = look(busy, trouble)
    set_status(busy.services, busy.taker, "b2", trouble.version, BookingStatus.CONFIRMED)
    before = everything(busy)
    with pytest.raises(Conflict):
        mend(busy.services, busy.dispatcher, DAY, trouble, shown.weighing.options[0].mended, head_id=shown.head_id)
    assert everything(busy) == before


def head_of(office: Office) -> Revision:
    """The day's head."""
    found = day_board(office.services, office.dispatcher, DAY).head
    assert found is not None
    return found


def test_a_plan_that_is_none_is_refused(busy: Office) -> None:
    """Routes that break rules, name strangers or fix what is not there keep nothing of the plan or of the day."""
    keep(busy, FULL)
    before, head_id = everything(busy), head_of(busy).id
    twice = replace(FULL.routes[0], stops=FULL.routes[0].stops * 2)
    stranger = replace(FULL.routes[0], therapist_id="nobody")
    lock = look(busy, ILL).weighing.options[0].mended.locks
    for mended in (
        Mended(routes=(twice,), locks=(), set_aside=()),
        Mended(routes=(stranger,), locks=(), set_aside=()),
        Mended(routes=FULL.routes, locks=(replace(_any_lock(), visit_id="nobody/0"), *lock), set_aside=()),
        Mended(routes=FULL.routes, locks=(replace(_any_lock(), start_s=-5),), set_aside=()),
    ):
        with pytest.raises((BadInput, Conflict)):
            mend(busy.services, busy.dispatcher, DAY, RAIN, mended, head_id=head_id)
        assert everything(busy) == before


def _any_lock() -> Lock:
    return Lock(visit_id="b1/0", start_s=14 * H)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (replace(RAIN, to_s=12 * H), "condition.hours"),
        (replace(RAIN, factor_per_mille=1_000), "condition.factor"),
        (replace(RAIN, factor_per_mille=9_000), "condition.factor"),
        (replace(TRAFFIC, area="Atlantis"), "condition.area"),
        (replace(OVER, extra_s=0), "condition.extra"),
        (replace(OVER, booking_id="nobody"), "store.not_found"),
        (replace(ILL, therapist_id="t-devi"), "trouble.not_on_duty"),
        (replace(ILL, therapist_id="nobody"), "store.not_found"),
        (replace(ILL, from_s=23 * H), "trouble.ill_from"),
        (Trouble(kind=TroubleKind.CANCEL, booking_id="b1", version=1), "text.missing"),
        (Trouble(kind=TroubleKind.NO_SHOW, booking_id="b1", version=1, from_s=10 * H), "trouble.not_there_yet"),
        (Trouble(kind=TroubleKind.NO_SHOW, booking_id="b1", version=1, from_s=15 * H), "booking.no_such_step"),
    ],
)
def test_what_cannot_have_happened_is_refused(busy: Office, trouble: Trouble, code: str) -> None:
    """Hours that run backwards, places and people that are not there, and steps nobody may take are refused by name."""
    keep(busy, FULL)
    with pytest.raises(LaluanError) as refused:
        look(busy, trouble)
    assert code in {refused.value.code, *(one.code for one in getattr(refused.value, "errors", ()))}


def test_a_day_that_is_over_is_not_mended(busy: Office) -> None:
    """What happened on a day before today is refused."""
    keep(busy, FULL)
    busy.clock.on(hours=24)
    with pytest.raises(BadInput) as refused:
        look(busy, RAIN)
    assert refused.value.code == "trouble.day_over"


def test_only_who_plans_may_look(busy: Office) -> None:
    """A booking taker is refused, looking or mending."""
    with pytest.raises(Forbidden):
        look_at(busy.services, busy.taker, DAY, RAIN, budget=QUICK)
    with pytest.raises(Forbidden):
        mend(busy.services, busy.taker, DAY, RAIN, None, head_id=None)


def test_in_the_midst_of_the_day_nothing_is_planned_before_now(busy: Office) -> None:
    """At half past three whatever a repair moves starts later than that, and what has begun stays as it was."""
    keep(busy, FULL)
    busy.clock.on(hours=6, minutes=30)
    ill = replace(ILL, therapist_id="t-bee", from_s=15 * H + 1_800)
    shown = look(busy, ill)
    before = day_board(busy.services, busy.dispatcher, DAY).timetable
    best = shown.weighing.options[0]
    mend(busy.services, busy.dispatcher, DAY, ill, best.mended, head_id=shown.head_id)
    after = day_board(busy.services, busy.dispatcher, DAY).timetable
    for route in after.routes:
        for visit in route.visits():
            was = before.visit(visit.visit_id)
            moved = (was.therapist_id, was.start_s) != (visit.therapist_id, visit.start_s)
            assert not moved or visit.start_s >= 15 * H + 1_800
            assert booking_of(visit.visit_id)[0] in {"b1", "b2", "b3", "b4"}


def test_what_is_past_help_is_set_aside_by_name(busy: Office) -> None:
    """A treatment under way that makes the meal late whatever is done is mended with that rule waived, and no other one."""
    keep(busy, FULL)
    busy.clock.on(hours=5, minutes=30)
    over = replace(OVER, booking_id="b2", extra_s=4 * H)
    shown = look(busy, over)
    option = next(one for one in shown.weighing.options if one.set_aside)
    assert [(one.rule, one.subject_id) for one in option.mended.set_aside] == [("break_late", "t-bee")]
    strict = replace(option.mended, set_aside=())
    with pytest.raises(Conflict) as refused:
        mend(busy.services, busy.dispatcher, DAY, over, strict, head_id=shown.head_id)
    assert refused.value.code == "repair.breaks_rules"
    made = mend(busy.services, busy.dispatcher, DAY, over, option.mended, head_id=shown.head_id)
    board = day_board(busy.services, busy.dispatcher, DAY)
    assert board.head == made
    assert (board.violations, board.stale) == ((), False)
    assert [(one.rule, one.subject_id, one.by) for one in board.problem.waivers] == [
        ("break_late", "t-bee", "dispatcher")
    ]


def test_a_rest_just_had_is_not_had_again(busy: Office) -> None:
    """At half past three, with the meal behind her, a repair leaves meals and order of whoever nothing happened to."""
    keep(busy, FULL)
    busy.clock.on(hours=6, minutes=40)
    shown = look(busy, cancel(busy, "b4"))
    for option in shown.weighing.options:
        assert not option.breaches
        stops = {route.therapist_id: [stop.id for stop in route.stops] for route in option.mended.routes}
        assert stops["t-aina"] == ["b1/0", "meal", "b3/0"]
        assert stops["t-chandra"] == ["meal", "b3/1"]


@pytest.mark.parametrize("kind", ["cancel", "ill"])
def test_an_undo_takes_back_what_happened_as_well(busy: Office, kind: str) -> None:
    """Undoing a repair brings the plan back, and the booking, the shift and the locks that it took away."""
    keep(busy, FULL)
    lock_visit(busy.services, busy.dispatcher, DAY, Lock(visit_id="b1/0", therapist_id="t-aina"))
    keep(busy, FULL)
    trouble = cancel(busy, "b1") if kind == "cancel" else ILL
    before = day_board(busy.services, busy.dispatcher, DAY)
    shown = look(busy, trouble)
    made = mend(busy.services, busy.dispatcher, DAY, trouble, shown.weighing.options[0].mended, head_id=shown.head_id)
    assert made is not None
    assert day_board(busy.services, busy.dispatcher, DAY).plan != before.plan
    undo(busy.services, busy.dispatcher, DAY, head_id=made.id)
    after = day_board(busy.services, busy.dispatcher, DAY)
    assert after.plan == before.plan
    assert after.problem == before.problem
    assert after.bookings["b1"].status is before.bookings["b1"].status
    assert after.violations == ()
