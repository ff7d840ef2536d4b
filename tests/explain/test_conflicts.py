"""What is wrong with a day is told once, from the rules, the times and the chances, the gravest first."""

from dataclasses import replace

from dispatch.explain.conflicts import DayConflict, Kind, Severity, conflicts
from dispatch.model.decisions import Lock
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import VisitState
from dispatch.model.plan import LeftOut, Plan
from dispatch.model.problem import DayProblem
from dispatch.model.said import said
from dispatch.rules.chance import chances
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from dispatch.words import sentence
from tests.strategies import day_booking, day_problem, day_therapist, pause, plan_of

H = 3_600


def told(problem: DayProblem, plan: Plan) -> tuple[DayConflict, ...]:
    """Give the conflicts of a plan as the board does."""
    sure = {one.visit_id: one for one in chances(problem, plan)}
    return conflicts(problem, plan, retime(problem, plan), violations=check(problem, plan), chances=sure)


def left_out(*ids: str) -> tuple[LeftOut, ...]:
    """Give bookings as left out, for a reason."""
    return tuple(LeftOut(booking_id=one, reason=said("plan.no_room", booking_id=one)) for one in ids)


def test_a_day_that_keeps_everything_has_no_conflict() -> None:
    """Where every rule is kept, nobody is late and the starts are safe, nothing is told."""
    problem = day_problem([day_booking("b1", location=1, hours=(10, 14))], [day_therapist("t1")])
    assert told(problem, plan_of(t1=["b1"])) == ()


def test_a_missed_window_is_one_broken_rule_and_nothing_twice() -> None:
    """A visit after its window is told as the rule it breaks, and not once more as late or at risk."""
    bookings = [day_booking("b1", location=1, hours=(10, 10)), day_booking("b2", location=3, hours=(10, 10))]
    problem = day_problem(bookings, [day_therapist("t1")])
    found = told(problem, plan_of(t1=["b1", "b2"]))
    late = [one for one in found if one.visit_id == "b2/0"]
    assert [(one.kind, one.severity) for one in late] == [(Kind.LATE, Severity.BROKEN)]


def test_a_broken_promise_says_by_how_much() -> None:
    """A start beyond the promise and its grace is a missed wish, with its minutes."""
    booking = day_booking("b1", location=1, hours=(12, 16), promise_s=11 * H)
    problem = day_problem([booking], [day_therapist("t1")])
    (found,) = told(problem, plan_of(t1=["b1"]))
    assert (found.kind, found.severity, found.visit_id) == (Kind.LATE, Severity.MISSED, "b1/0")
    assert found.said.named()["late_s"] == H
    assert "60 min after the time promised" in sentence(found.said.code, found.said.named())


def test_a_missing_break_is_told_where_she_works() -> None:
    """A route without the break that is due is a conflict about a visit of hers."""
    problem = day_problem(
        [day_booking("b1", location=1, hours=(10, 12))], [day_therapist("t1", breaks=(pause(minutes=30),))]
    )
    (found,) = told(problem, plan_of(t1=["b1"]))
    assert (found.kind, found.severity, found.therapist_id) == (Kind.BREAK, Severity.BROKEN, "t1")
    assert found.visit_id == "b1/0"


def test_left_out_with_priority_is_named_and_the_rest_is_counted() -> None:
    """Bookings with priority that nobody serves are named one by one, all others in one sentence."""
    bookings = [
        day_booking("b1", location=1, hours=(10, 14)),
        day_booking("b2", location=1, hours=(10, 10), priority=10),
        day_booking("b3", location=1, hours=(10, 10)),
        day_booking("b4", location=1, hours=(10, 10)),
    ]
    plan = replace(plan_of(t1=["b1"]), left_out=left_out("b2", "b3", "b4"))
    found = told(day_problem(bookings, [day_therapist("t1")]), plan)
    assert [(one.said.code, one.booking_id) for one in found] == [
        ("conflict.left_out", ""),
        ("conflict.priority_left_out", "b2"),
    ]
    assert found[0].said.named()["count"] == 2


def test_a_lock_nobody_keeps_is_the_gravest() -> None:
    """A locked visit that is left out says that its lock cannot be kept."""
    problem = day_problem(
        [day_booking("b1", location=1, hours=(10, 14)), day_booking("b2", location=1, hours=(10, 14))],
        [day_therapist("t1")],
    )
    problem = replace(problem, locks=(Lock(visit_id="b2/0", therapist_id="t1"),))
    found = told(problem, replace(plan_of(t1=["b1"]), left_out=left_out("b2")))
    assert [(one.kind, one.severity, one.booking_id) for one in found] == [(Kind.LOCK, Severity.BROKEN, "b2")]


def test_an_unsafe_start_is_at_risk() -> None:
    """A visit that is on time as planned, but not on four days in five, is told with its chance."""
    bookings = [day_booking("b1", location=1, hours=(10, 12)), day_booking("b2", location=3, hours=(11, 11))]
    problem = day_problem(bookings, [day_therapist("t1")])
    plan = plan_of(t1=["b1", "b2"])
    start_s = retime(problem, plan).visit("b2/0").start_s
    tight = replace(bookings[1], windows=(replace(bookings[1].windows[0], end_s=start_s),))
    (found,) = told(replace(problem, bookings=(bookings[0], tight)), plan)
    assert (found.kind, found.severity, found.visit_id) == (Kind.RISK, Severity.RISKY, "b2/0")


def test_what_has_begun_is_no_longer_told() -> None:
    """A promise that was missed by a visit already under way is past mending."""
    problem = day_problem([day_booking("b1", location=1, hours=(12, 16), promise_s=11 * H)], [day_therapist("t1")])
    begun = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.STARTED, departed_s=11 * H, started_s=12 * H)
    assert told(replace(problem, facts=(begun,)), plan_of(t1=["b1"])) == ()


def test_before_the_first_plan_one_sentence_is_enough() -> None:
    """A day nobody has planned yet says how many are waiting, and names nobody."""
    bookings = [day_booking(f"b{n}", location=1, hours=(10, 10), priority=10 * n) for n in range(3)]
    (found,) = told(day_problem(bookings, [day_therapist("t1")]), Plan(left_out=left_out("b0", "b1", "b2")))
    assert found.said.code == "conflict.left_out"
