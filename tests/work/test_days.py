"""The board shows the day as it is now, with the head's plan fitted to it and everything it needs beside."""

from dataclasses import replace

from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import BookingStatus
from dispatch.model.outcome import Budget, Progress
from dispatch.model.plan import Plan
from dispatch.model.therapist import RosterException
from dispatch.rules.referee import check
from dispatch.words import sentence
from dispatch.work.bookings import add_booking, booking_page, cancel_booking, change_booking, set_status
from dispatch.work.days import day_board, today_of
from dispatch.work.planning import ask_for_plan, plan_now, publish
from dispatch.work.team import set_exception
from tests.work.company import COUPLE, DAY, H, Office, booking
from tests.work.plans import FULL, keep, keep_and_publish
from tests.work.test_proposals import stale


def test_an_unplanned_day_has_everything_left_out(busy: Office) -> None:
    """Before the first plan each booking is left out as not planned yet, in a sentence."""
    board = day_board(busy.services, busy.taker, DAY)
    assert (board.head, board.published, board.job, board.stale) == (None, None, None, False)
    assert [one.booking_id for one in board.left_out] == ["b1", "b2", "b3", "b4"]
    assert (board.cost.left_out, board.figures.served, board.figures.bookings) == (4, 0, 4)
    assert board.violations == ()
    for one in board.left_out:
        assert sentence(one.reason.code, one.reason.named(), names=board.names)


def test_an_empty_day_has_a_board(office: Office) -> None:
    """A day without bookings shows who is on duty, and nothing else."""
    board = day_board(office.services, office.taker, DAY)
    assert (board.bookings, board.left_out, board.figures.visits) == ({}, (), 0)
    assert sorted(board.therapists) == ["t-aina", "t-bee", "t-chandra"]
    assert (board.today, today_of(office.services, office.taker)) == (DAY, DAY)


def test_the_board_shows_the_plan_with_its_names(busy: Office) -> None:
    """A planned day has times for every visit, figures, and a name for every id a sentence may hold."""
    head = keep_and_publish(busy)
    board = day_board(busy.services, busy.taker, DAY)
    assert (board.head, board.published, board.proposal) == (head, head, None)
    assert board.plan == FULL
    assert board.job is not None
    assert board.job.result_id == head.id
    assert board.timetable.visit("b1/0").start_s >= 14 * H
    assert (board.violations, board.left_out, board.stale) == ((), (), False)
    assert (board.figures.served, board.figures.visits) == (4, 5)
    assert board.building_of("b3").area == "TTDI"
    for one in ("b1", "b1/0", "c-lim"):
        assert board.names[one] == "Lim Mei Ling"
    assert (board.names["t-bee"], board.names["deep_tissue"]) == ("Bee Ling", "Deep Tissue")
    assert set(board.clients) == {"c-lim", "c-tan", "c-siti"}


def test_a_running_job_is_on_the_board(busy: Office) -> None:
    """While the planner works, the board shows its job rather than the last one."""
    keep(busy)
    job = ask_for_plan(busy.services, busy.dispatcher, DAY)
    assert day_board(busy.services, busy.taker, DAY).job == job


def test_a_changed_day_is_stale_and_fitted(busy: Office) -> None:
    """After a cancelling and a new booking the board drops the one, leaves out the other, and says it is stale."""
    keep(busy)
    cancel_booking(busy.services, busy.taker, "b1", 1, "fever")
    add_booking(busy.services, busy.taker, booking("b9", start=20, end=21))
    board = day_board(busy.services, busy.taker, DAY)
    assert board.stale
    assert board.plan.served() == {"b2", "b3", "b4"}
    assert [one.booking_id for one in board.left_out] == ["b9"]
    assert board.bookings["b1"].status is BookingStatus.CANCELLED


def test_an_absent_therapist_leaves_the_board(busy: Office) -> None:
    """Who calls in sick has no route any more; her bookings wait, couples whole."""
    keep(busy)
    set_exception(busy.services, busy.dispatcher, "t-aina", 1, RosterException(day=DAY, reason="fever"))
    board = day_board(busy.services, busy.taker, DAY)
    assert "t-aina" not in board.therapists
    assert board.plan.served() == {"b2", "b4"}
    assert board.violations == ()


def test_broken_rules_are_shown(busy: Office) -> None:
    """A booking whose window moved away from its visit stays in the plan and is shown as breaking a rule."""
    keep(busy)
    shown = booking_page(busy.services, busy.taker, "b1").booking
    early = replace(shown, windows=(TimeWindow(start_s=9 * H, end_s=9 * H),))
    change_booking(busy.services, busy.taker, early)
    board = day_board(busy.services, busy.taker, DAY)
    assert {violation.rule for violation in board.violations} >= {"window_missed"}
    for violation in board.violations:
        assert sentence(violation.said.code, violation.said.named(), names=board.names)


def test_publishing_and_finishing_make_no_plan_stale(busy: Office) -> None:
    """What happens as planned is no change of the day: publishing it, and marking a visit done."""
    keep_and_publish(busy)
    for status, version in ((BookingStatus.CONFIRMED, 1), (BookingStatus.DONE, 2)):
        set_status(busy.services, busy.taker, "b1", version, status)
    assert not day_board(busy.services, busy.taker, DAY).stale


def test_a_proposal_is_on_the_board(busy: Office) -> None:
    """Where the head moved while the planner worked, the board shows both plans."""
    other, kept = stale(busy)
    board = day_board(busy.services, busy.taker, DAY)
    assert (board.head, board.proposal) == (other, kept)


def test_planning_here_and_now_serves_what_can_be_served(busy: Office) -> None:
    """The planner itself, on a counted budget, serves the day, reports as it goes, and its plan is kept as the head."""
    told: list[Progress] = []
    add_booking(busy.services, busy.taker, booking("b5", treatment_id="mother"))
    revision = plan_now(busy.services, busy.dispatcher, DAY, budget=Budget(rounds=5), seed=1, on_progress=told.append)
    board = day_board(busy.services, busy.taker, DAY)
    assert (board.head, revision.served) == (revision, 4)
    assert [one.booking_id for one in board.left_out] == ["b5"]
    assert check(board.problem, board.plan) == []
    assert told
    again = plan_now(busy.services, busy.dispatcher, DAY, budget=Budget(rounds=5), seed=2)
    assert (again.number, again.parent_id) == (2, revision.id)
    assert again.cost_points <= revision.cost_points
    assert publish(busy.services, busy.dispatcher, DAY, head_id=again.id) == again


def test_a_couple_with_one_therapist_on_duty_is_left_out_in_words(office: Office) -> None:
    """A couple's booking nobody can serve together is left out with a sentence that says so."""
    add_booking(office.services, office.taker, booking("b1", seats=COUPLE))
    for name in ("t-bee", "t-chandra"):
        set_exception(office.services, office.dispatcher, name, 1, RosterException(day=DAY))
    revision = plan_now(office.services, office.dispatcher, DAY, budget=Budget(rounds=1))
    board = day_board(office.services, office.taker, DAY)
    (left_out,) = board.left_out
    assert revision.served == 0
    assert left_out.reason.code != "plan.not_planned_yet"
    assert "{" not in sentence(left_out.reason.code, left_out.reason.named(), names=board.names)


def test_a_day_without_therapists_can_be_planned(busy: Office) -> None:
    """With everybody off, every booking is left out with a reason, and the plan is kept."""
    for name in ("t-aina", "t-bee", "t-chandra"):
        set_exception(busy.services, busy.dispatcher, name, 1, RosterException(day=DAY))
    revision = plan_now(busy.services, busy.dispatcher, DAY, budget=Budget(rounds=1))
    assert (revision.served, revision.left_out) == (0, 4)
    assert keep(busy, Plan(left_out=revision.plan.left_out)).number == 2
