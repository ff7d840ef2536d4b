"""Why a booking is left out: the sentence for the dispatcher, and what stops each therapist."""

from __future__ import annotations

import ast
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch import words
from dispatch.explain.why import Explanation, why
from dispatch.model.booking import Seat
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.kinds import Gender, LinkKind
from dispatch.model.outcome import Budget
from dispatch.model.plan import Plan
from dispatch.model.problem import DayBooking, DayLink, DayProblem, DayTherapist
from dispatch.model.therapist import Limits
from dispatch.solve import solve
from tests.strategies import day_booking, day_problem, day_therapist, pause, plan_of, rest

ROOT = Path(__file__).resolve().parents[2]


def explained(booking: DayBooking, *team: DayTherapist, plan: Plan | None = None, **more: Any) -> Explanation:
    """Why a booking is left out of a plan (of the empty one unless a test says otherwise)."""
    others = more.pop("others", ())
    return why(day_problem([booking, *others], team, **more), plan or Plan(), booking.id)


def stopped(explanation: Explanation) -> dict[str, str]:
    """What stops each therapist, by code."""
    return {one.therapist_id: one.said.code for one in explanation.per_therapist}


def needs(*techniques: str, gender: Gender | None = None, **more: Any) -> DayBooking:
    """A booking whose seat needs techniques, or a gender."""
    return day_booking("b1", seats=[Seat(techniques=techniques, only_gender=gender)], **more)


def test_nobody_is_trained() -> None:
    """Where nobody is trained in a technique, it is named."""
    told = explained(needs("swedish", "cupping"), day_therapist("t1"), day_therapist("t2"))
    assert told.reason.code == "plan.nobody_trained"
    assert told.reason.named()["technique"] == "cupping"
    assert stopped(told) == {"t1": "rule.skill_missing", "t2": "rule.skill_missing"}


def test_nobody_is_trained_in_all() -> None:
    """Where each technique is known by somebody but all of them by nobody, that is said."""
    team = (day_therapist("t1", techniques=("swedish",)), day_therapist("t2", techniques=("deep",)))
    assert explained(needs("swedish", "deep"), *team).reason.code == "plan.nobody_trained_in_all"


def test_all_have_refused() -> None:
    """Where all who are trained are refused, that is said."""
    told = explained(day_booking(never_therapists=("t1",)), day_therapist("t1"))
    assert told.reason.code == "plan.all_refused"
    assert stopped(told) == {"t1": "rule.refused"}


def test_the_only_one_asked_for_is_away() -> None:
    """Where the only therapist asked for is not on the team, or is off, she is named."""
    away = explained(day_booking(only_therapists=("t9",)), day_therapist("t1"))
    assert away.reason.code == "plan.asked_may_not"
    assert away.reason.named()["therapist_id"] == "t9"
    off = explained(day_booking(only_therapists=("t2",)), day_therapist("t1"), day_therapist("t2", shifts=()))
    assert off.reason.code == "plan.one_off_duty"
    assert stopped(off) == {"t1": "rule.not_asked", "t2": "rule.off_duty"}


def test_several_asked_for_are_away() -> None:
    """Where several are asked for and none is there, their number is told."""
    told = explained(day_booking(only_therapists=("t8", "t9")), day_therapist("t1"))
    assert told.reason.code == "plan.none_asked_may"
    assert told.reason.named()["count"] == 2


def test_a_waiver_sets_the_wish_aside() -> None:
    """A rule that is waived for the visit is no reason any more."""
    told = explained(
        day_booking(only_therapists=("t9",)),
        day_therapist("t1"),
        waivers=(Waiver(rule="not_asked", subject_id="b1/0", by="a", reason="client agrees"),),
    )
    assert stopped(told) == {"t1": "why.fits"}


def test_nobody_of_the_gender() -> None:
    """Where nobody of the wanted gender is left, that is said."""
    told = explained(needs(gender=Gender.MALE), day_therapist("t1"))
    assert told.reason.code == "plan.nobody_of_gender"
    assert stopped(told) == {"t1": "rule.gender"}


def test_everybody_is_off() -> None:
    """Where everybody who may come is off, that is said."""
    told = explained(day_booking(), day_therapist("t1", shifts=()), day_therapist("t2", shifts=()))
    assert told.reason.code == "plan.all_off_duty"


def test_the_locked_therapist_may_not() -> None:
    """Where a booking is fixed to somebody who may not serve it, she is named."""
    told = explained(
        needs("deep"),
        day_therapist("t1"),
        day_therapist("t2", techniques=()),
        locks=(Lock(visit_id="b1/0", therapist_id="t2"),),
    )
    assert told.reason.code == "plan.lock_therapist_cannot"
    assert told.reason.named()["therapist_id"] == "t2"


def test_the_locked_time_cannot_be_kept() -> None:
    """Where a booking is fixed to a time nobody can keep, the time is told."""
    lock = Lock(visit_id="b1/0", start_s=9 * 3600)
    told = explained(day_booking(location=4), day_therapist("t1"), locks=(lock,))
    assert told.reason.code == "plan.lock_time_cannot"
    assert told.reason.named()["start_s"] == 9 * 3600


def test_no_shift_at_that_time() -> None:
    """Where no shift holds the wanted time, the time is told, and each therapist hears the referee's word."""
    told = explained(day_booking(hours=(20, 21)), day_therapist("t1"))
    assert told.reason.code == "plan.no_shift_then"
    assert stopped(told) == {"t1": "rule.outside_shift"}


def test_too_far_for_the_shift() -> None:
    """Where the shift holds the treatment but not the way, that is said, by name where it is one."""
    late = day_booking(hours=(17, 17), location=4)
    assert explained(late, day_therapist("t1")).reason.code == "plan.one_cannot_reach"
    assert explained(late, day_therapist("t1"), day_therapist("t2")).reason.code == "plan.none_can_reach"


def test_breaks_leave_no_room() -> None:
    """Where only her breaks stand against it, a therapist's reason says so."""
    told = explained(
        day_booking(hours=(12, 12), minutes=120), day_therapist("t1", breaks=(pause(minutes=30, hours=(12.25, 13.75)),))
    )
    assert stopped(told) == {"t1": "why.breaks"}


def test_too_few_for_a_couple() -> None:
    """Where a couple needs more than could come, both figures are told."""
    told = explained(day_booking(seats=2), day_therapist("t1"), day_therapist("t2", hours=(14, 18)))
    assert told.reason.code == "plan.too_few_at_once"
    assert told.reason.named()["seats"] == 2
    assert told.reason.named()["count"] == 1


def test_all_who_could_come_are_busy() -> None:
    """Where all who could come have other visits, their number is told, and each day is called full."""
    others = (day_booking("b2", hours=(10, 10), minutes=240), day_booking("b3", hours=(10, 10), minutes=240))
    told = explained(
        day_booking(), day_therapist("t1"), day_therapist("t2"), plan=plan_of(t1=["b2"], t2=["b3"]), others=others
    )
    assert told.reason.code == "plan.all_busy"
    assert told.reason.named()["count"] == 2
    assert stopped(told) == {"t1": "why.day_full", "t2": "why.day_full"}


def test_the_one_who_could_come_is_busy() -> None:
    """Where only one could come, she is named."""
    told = explained(
        day_booking(), day_therapist("t1"), plan=plan_of(t1=["b2"]), others=(day_booking("b2", minutes=240),)
    )
    assert told.reason.code == "plan.one_busy"
    assert told.reason.named()["therapist_id"] == "t1"


def test_a_limit_is_told_as_the_rule_tells_it() -> None:
    """Where nothing but a limit stands against one more visit, the limit's own sentence is given."""
    team = day_therapist("t1", limits=Limits(visits=1))
    told = explained(day_booking(), team, plan=plan_of(t1=["b2"]), others=(day_booking("b2", hours=(14, 15)),))
    assert stopped(told) == {"t1": "rule.visits_limit"}


def test_a_couple_is_never_free_together() -> None:
    """Where each of two could come but never together, that is said."""
    others = (day_booking("b2", hours=(10, 10), minutes=60), day_booking("b3", hours=(12, 12), minutes=60))
    told = explained(
        day_booking(seats=2, hours=(10, 12), minutes=60),
        day_therapist("t1", hours=(9, 13.5)),
        day_therapist("t2", hours=(9.75, 13.25)),
        plan=plan_of(t1=["b2"], t2=["b3"]),
        others=others,
    )
    assert told.reason.code == "plan.couple_busy"
    assert set(stopped(told).values()) <= {"why.no_partner", "why.day_full"}


def test_a_linked_booking_names_the_other() -> None:
    """Where a served booking that it hangs on stands in the way, that one is named."""
    link = DayLink(kind=LinkKind.SAME_START, first_id="b1", second_id="b2")
    told = explained(
        day_booking(), day_therapist("t1"), plan=plan_of(t1=["b2"]), others=(day_booking("b2"),), links=(link,)
    )
    assert told.reason.code == "plan.linked_busy"
    assert told.reason.named()["other_id"] == "b2"


def test_the_time_is_over() -> None:
    """Where the last possible start is over, that is said before all else."""
    told = explained(day_booking(hours=(10, 11)), day_therapist("t1"), now_s=12 * 3600)
    assert told.reason.code == "plan.window_over"


def test_no_team_at_all() -> None:
    """Where nobody is on the team, that is said."""
    told = explained(day_booking())
    assert told.reason.code == "plan.no_team"
    assert told.per_therapist == ()


def test_a_served_booking_says_so() -> None:
    """A booking in the plan is explained as served, and by whom."""
    told = explained(day_booking(), day_therapist("t1"), plan=plan_of(t1=["b1"]))
    assert told.reason.code == "why.served"
    assert stopped(told) == {"t1": "why.serves"}


def test_an_unknown_booking_is_not_explained() -> None:
    """Asking about a booking the day does not have is an error."""
    with pytest.raises(KeyError):
        why(day_problem([], [day_therapist()]), Plan(), "nobody")


def test_a_plan_with_breaks_is_explained_with_them() -> None:
    """Breaks in the plan count when a day is called full."""
    team = day_therapist("t1", hours=(11, 14.5), breaks=(pause(minutes=60, hours=(12, 12)),))
    later = day_booking("b2", hours=(13.25, 13.25))
    told = explained(day_booking(hours=(11, 13.25)), team, plan=plan_of(t1=[rest(), "b2"]), others=(later,))
    assert stopped(told) == {"t1": "why.day_full"}


def test_the_planner_gives_the_same_reason() -> None:
    """What the planner writes beside a booking it leaves out is what the explanation says."""
    problem: DayProblem = day_problem(
        [day_booking("b1", hours=(10, 10)), day_booking("b2", hours=(10, 10), minutes=90)], [day_therapist()]
    )
    plan = solve(problem, budget=Budget(rounds=5)).plan
    (left_out,) = plan.left_out
    assert why(problem, plan, left_out.booking_id).reason == left_out.reason


def said_calls() -> list[tuple[str, str, set[str]]]:
    """Every `said("code", name=...)` in the planner and the explanations: file, code, names of the values."""
    found = []
    for folder in ("solve", "explain"):
        for path in sorted((ROOT / "dispatch" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
                    code = node.args[0]
                    if isinstance(code, ast.Constant):
                        found.append((path.name, str(code.value), {word.arg or "" for word in node.keywords}))
    return found


def test_every_code_has_a_sentence_that_names_only_its_values() -> None:
    """Each code said by the planner has a sentence in the catalogue, and its values fill all the sentence's gaps."""
    calls = said_calls()
    assert len(calls) > 20
    catalogue = words.catalogue("en")
    for file, code, values in calls:
        named = {field for _, field, _, _ in string.Formatter().parse(catalogue[code]) if field}
        assert named <= values, (file, code)


def test_codes_chosen_at_run_time_have_sentences() -> None:
    """The phases of a solve and the codes picked by a condition are in the catalogue too."""
    codes = (
        "plan.phase_first",
        "plan.phase_improve",
        "plan.phase_finish",
        "why.no_partner",
        "why.fits",
        "solve.no_budget",
    )
    assert all(code in words.catalogue("en") for code in codes)


def test_a_sentence_reads_well() -> None:
    """A reason becomes one sentence with names in it."""
    told = explained(day_booking(seats=2), day_therapist("t1"), day_therapist("t2", shifts=()))
    text = words.sentence(told.reason.code, told.reason.named(), names={"b1": "Puan Aminah"})
    assert text == "Puan Aminah needs 2 therapists at once, and no more than 1 could come."


def test_waived_shift_needs_no_shift() -> None:
    """A therapist whose missing shift is waived is explained as if she were on duty."""
    problem = day_problem(
        [day_booking()],
        [day_therapist(shifts=())],
        waivers=(Waiver(rule="off_duty", subject_id="t1", by="a", reason="she offered"),),
    )
    result = solve(problem, budget=Budget(rounds=1))
    assert result.plan.served() == {"b1"}
    assert replace(result.plan, left_out=()) == result.plan
