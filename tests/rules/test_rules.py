"""Every rule on a day that breaks it: it is found alone, a waiver sets it aside where one may, and the words exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatch.errors import BadInput
from dispatch.model.booking import Seat, TimeWindow
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import Gender, LinkKind, VisitState
from dispatch.model.plan import LeftOut, Plan, Route
from dispatch.model.problem import DayLink, DayProblem
from dispatch.model.said import said
from dispatch.model.therapist import Limits, Shift
from dispatch.model.timetable import Timetable, Violation
from dispatch.rules.context import context_of
from dispatch.rules.referee import RULES, Rule, check, violations
from dispatch.rules.retime import retime
from dispatch.words import catalogue, sentence
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, line_matrix, pause, plan_of, rest

Case = tuple[DayProblem, Plan, str]
BREACHES: dict[str, Callable[[], Case]] = {}


def breach(find: Callable[[], Case]) -> Callable[[], Case]:
    """Enter a day that breaks the rule of the function's name, and the subject its waiver would name."""
    BREACHES[find.__name__] = find
    return find


@breach
def unknown_therapist() -> Case:
    """A route of somebody who is not there."""
    return day_problem([day_booking()], [day_therapist()]), plan_of(t9=["b1"]), "t9"


@breach
def unknown_visit() -> Case:
    """A visit of a booking that is not there."""
    return day_problem([day_booking()], [day_therapist()]), plan_of(t1=["b9"]), "b9/0"


@breach
def unknown_break() -> Case:
    """A break she does not have."""
    return day_problem([day_booking()], [day_therapist()]), plan_of(t1=["b1", rest("tea")]), "t1"


@breach
def route_twice() -> Case:
    """Two routes of one therapist."""
    problem = day_problem([day_booking(), day_booking("b2", location=2)], [day_therapist()])
    routes = plan_of(t1=["b1"]).routes + plan_of(t1=["b2"]).routes
    return problem, Plan(routes=routes), "t1"


@breach
def break_twice() -> Case:
    """The same meal taken twice."""
    problem = day_problem([day_booking()], [day_therapist(breaks=(pause(),))])
    return problem, plan_of(t1=["b1", rest(), rest()]), "t1"


@breach
def duplicate_visit() -> Case:
    """One visit in two routes."""
    return day_problem([day_booking()], [day_therapist(), day_therapist("t2")]), plan_of(t1=["b1"], t2=["b1"]), "b1/0"


@breach
def seats_missing() -> Case:
    """A couple of whom only one is treated."""
    return day_problem([day_booking(seats=2)], [day_therapist(), day_therapist("t2")]), plan_of(t1=["b1"]), "b1"


def left_out(*names: str) -> tuple[LeftOut, ...]:
    """These bookings, left out for some reason."""
    return tuple(LeftOut(booking_id=name, reason=said("plan.not_planned_yet", booking_id=name)) for name in names)


@breach
def unknown_left_out() -> Case:
    """A booking left out that is not there."""
    return day_problem([day_booking()], [day_therapist()]), Plan(left_out=left_out("b1", "b9")), "b9"


@breach
def left_out_twice() -> Case:
    """A booking left out for two reasons."""
    return day_problem([day_booking()], [day_therapist()]), Plan(left_out=left_out("b1", "b1")), "b1"


@breach
def left_out_served() -> Case:
    """A couple named as left out whose both seats are in routes."""
    problem = day_problem([day_booking(seats=2)], [day_therapist(), day_therapist("t2")])
    return problem, replace(plan_of(t1=["b1"], t2=["b1/1"]), left_out=left_out("b1")), "b1"


@breach
def fact_moved() -> Case:
    """A visit that has begun, put behind another."""
    problem = day_problem([day_booking(), day_booking("b2", hours=(10, 15))], [day_therapist()])
    fact = VisitFact(visit_id="b1/0", therapist_id="t1", state=VisitState.DEPARTED, departed_s=10 * HOUR)
    return replace(problem, facts=(fact,), now_s=10 * HOUR), plan_of(t1=["b2", "b1"]), "b1/0"


@breach
def skill_missing() -> Case:
    """A technique she has not learned."""
    problem = day_problem([day_booking(seats=[Seat(techniques=("swedish", "prenatal"))])], [day_therapist()])
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def refused() -> Case:
    """A client who never wants her again."""
    return day_problem([day_booking(never_therapists=("t1",))], [day_therapist()]), plan_of(t1=["b1"]), "b1/0"


@breach
def not_asked() -> Case:
    """A client who wants somebody else only."""
    problem = day_problem([day_booking(only_therapists=("t2",))], [day_therapist(), day_therapist("t2")])
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def gender() -> Case:
    """A client who wants a man."""
    problem = day_problem([day_booking(seats=[Seat(only_gender=Gender.MALE)])], [day_therapist()])
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def lock_therapist() -> Case:
    """A visit fixed to another therapist."""
    problem = day_problem(
        [day_booking()], [day_therapist(), day_therapist("t2")], locks=(Lock(visit_id="b1/0", therapist_id="t2"),)
    )
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def off_duty() -> Case:
    """A therapist with a day off."""
    return day_problem([day_booking()], [day_therapist(shifts=())]), plan_of(t1=["b1"]), "t1"


@breach
def cycle() -> Case:
    """Two couples served in opposite orders."""
    couples = [day_booking("b1", seats=2, hours=(10, 16)), day_booking("b2", seats=2, hours=(10, 16))]
    problem = day_problem(couples, [day_therapist(), day_therapist("t2")])
    return problem, plan_of(t1=["b1", "b2"], t2=["b2/1", "b1/1"]), "b1"


@breach
def link_gap() -> Case:
    """A second treatment that cannot begin soon enough after the first, which is over."""
    bookings = [day_booking("b1"), day_booking("b2", hours=(13, 14))]
    link = DayLink(kind=LinkKind.GAP, first_id="b1", second_id="b2", min_s=0, max_s=HOUR)
    fact = VisitFact(
        visit_id="b1/0", therapist_id="t1", state=VisitState.FINISHED, started_s=10 * HOUR, finished_s=11 * HOUR
    )
    problem = day_problem(bookings, [day_therapist()], links=(link,), facts=(fact,), now_s=11 * HOUR)
    return problem, plan_of(t1=["b1", "b2"]), "b2"


@breach
def lock_time() -> Case:
    """A start that was fixed earlier than she can come."""
    problem = day_problem([day_booking()], [day_therapist()], locks=(Lock(visit_id="b1/0", start_s=9 * HOUR),))
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def window_missed() -> Case:
    """A window that is over when she comes."""
    return day_problem([day_booking(hours=(7, 9))], [day_therapist()]), plan_of(t1=["b1"]), "b1/0"


@breach
def outside_shift() -> Case:
    """A treatment that lasts into the gap between two shifts and fits into neither."""
    shifts = (Shift(start_s=9 * HOUR, end_s=11 * HOUR), Shift(start_s=13 * HOUR, end_s=14 * HOUR - 1))
    problem = day_problem([day_booking(hours=(10.5, 13.5), location=0)], [day_therapist(shifts=shifts, home=None)])
    return problem, plan_of(t1=["b1"]), "b1/0"


@breach
def shift_end() -> Case:
    """A way home that lasts longer than the shift and its overtime."""
    problem = day_problem([day_booking(location=4)], [day_therapist(hours=(9, 11.5), overtime_s=540)])
    return problem, plan_of(t1=["b1"]), "t1"


@breach
def rest_too_short() -> Case:
    """A visit before her shift that was allowed, although she came home late."""
    therapist = day_therapist(hours=(12, 20), rested_from_s=11 * HOUR)
    problem = day_problem([day_booking()], [therapist], waivers=(waive("outside_shift", "b1/0"),))
    return problem, plan_of(t1=["b1"]), "t1"


@breach
def break_missing() -> Case:
    """A day without its meal."""
    return day_problem([day_booking()], [day_therapist(breaks=(pause(),))]), plan_of(t1=["b1"]), "t1"


@breach
def break_late() -> Case:
    """A meal that has to wait for the treatment before it."""
    therapist = day_therapist(breaks=(pause(hours=(10, 10.5)),))
    return day_problem([day_booking()], [therapist]), plan_of(t1=["b1", rest()]), "t1"


def two_visits(**limits: int) -> tuple[DayProblem, Plan, str]:
    """Two treatments of an hour at 10:00 and 15:00, each ten minutes away, for a therapist with a limit."""
    bookings = [day_booking(hours=(10, 10)), day_booking("b2", hours=(15, 15))]
    return day_problem(bookings, [day_therapist(limits=Limits(**limits))]), plan_of(t1=["b1", "b2"]), "t1"


@breach
def work_limit() -> Case:
    """Two hours of treatment where one and a half are the limit."""
    return two_visits(work_s=5_400)


@breach
def travel_limit() -> Case:
    """Twenty minutes on the road where nineteen are the limit."""
    return two_visits(travel_s=1_140)


@breach
def visits_limit() -> Case:
    """Two visits where one is the limit."""
    return two_visits(visits=1)


@breach
def consecutive_limit() -> Case:
    """Six hours and ten minutes from leaving to the last end, waiting counted, where six are the limit."""
    return two_visits(consecutive_s=6 * HOUR)


@breach
def horizon() -> Case:
    """A road of a day and a half, there and back, though everything a dispatcher may set aside is set aside."""
    waivers = (waive("shift_end", "t1"), waive("outside_shift", "b1/0"), waive("window_missed", "b1/0"))
    problem = day_problem(
        [day_booking()], [day_therapist()], matrices=(line_matrix(step_s=36 * HOUR),), waivers=waivers
    )
    return problem, plan_of(t1=["b1"]), "t1"


@breach
def start_together() -> Case:
    """A couple; `start_apart` tells times in which one seat starts later."""
    problem = day_problem([day_booking(seats=2)], [day_therapist(), day_therapist("t2")])
    return problem, plan_of(t1=["b1"], t2=["b1/1"]), "b1"


def start_apart(problem: DayProblem, plan: Plan) -> Timetable:
    """Times that `retime` never gives: the second therapist starts a quarter of an hour after the first."""
    first, second = retime(problem, plan).routes
    visit = second.visits()[0]
    moved = replace(visit, start_s=visit.start_s + 900, end_s=visit.end_s + 900, free_s=visit.free_s + 900)
    return Timetable(routes=(first, replace(second, stops=(moved,))))


@breach
def same_therapist_twice() -> Case:
    """Both seats of a couple for one therapist."""
    return day_problem([day_booking(seats=2, hours=(10, 15))], [day_therapist()]), plan_of(t1=["b1", "b1/1"]), "b1"


def waive(rule: str, subject_id: str) -> Waiver:
    """A waiver by the dispatcher."""
    return Waiver(rule=rule, subject_id=subject_id, by="dispatcher", reason="agreed by phone")


ALSO = {"same_therapist_twice": {"cycle"}, "outside_shift": {"shift_end"}}
"""Rules that cannot be broken alone: whoever takes both seats waits for herself; who works past the end is home late."""


def breaches(code: str, problem: DayProblem, plan: Plan) -> list[Violation]:
    """What the referee says of a day; of `start_together`, which `retime` always keeps, at times made for it."""
    return check(problem, plan, start_apart(problem, plan) if code == "start_together" else None)


@pytest.mark.parametrize("code", sorted(rule.code for rule in RULES))
def test_rule_finds_its_breach(code: str) -> None:
    """A day that breaks one rule is refused for that rule, naming its subject, and for nothing else."""
    problem, plan, subject = BREACHES[code]()
    found = breaches(code, problem, plan)
    assert {one.rule for one in found} - ALSO.get(code, set()) == {code}
    assert subject in {one.subject_id for one in found if one.rule == code}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.waivable], ids=lambda rule: rule.code)
def test_waiver_sets_aside_what_may_be_waived(rule: Rule) -> None:
    """A waiver for the subject sets a waivable rule aside."""
    problem, plan, subject = BREACHES[rule.code]()
    waived = replace(problem, waivers=(*problem.waivers, waive(rule.code, subject)))
    still = {found.rule for found in breaches(rule.code, waived, plan)}
    assert not still - ALSO.get(rule.code, set())


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.waivable], ids=lambda rule: rule.code)
def test_nothing_sets_a_protective_rule_aside(rule: Rule) -> None:
    """A day with a waiver of a protective rule is refused, and the referee would not look at it either."""
    problem, plan, subject = BREACHES[rule.code]()
    with pytest.raises(BadInput, match=r"problem\.waiver_protective"):
        check(replace(problem, waivers=(waive(rule.code, subject),)), plan)
    times = start_apart(problem, plan) if rule.code == "start_together" else None
    context = context_of(problem, plan, times)
    waived = replace(context.compiled, waived=frozenset({(rule.code, subject)}))
    assert rule.code in {found.rule for found in violations(replace(context, compiled=waived))}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_has_words(rule: Rule) -> None:
    """What a rule says has a sentence in which every named value stands."""
    problem, plan, _ = BREACHES[rule.code]()
    found = next(found for found in breaches(rule.code, problem, plan) if found.rule == rule.code)
    assert found.said.code == rule.sentence
    assert found.waivable == rule.waivable
    assert "{" not in sentence(found.said.code, found.said.named())


def test_every_sentence_has_a_rule() -> None:
    """No sentence about a rule is left over from a rule that is gone."""
    assert {code for code in catalogue("en") if code.startswith("rule.")} == {rule.sentence for rule in RULES}


def test_plan_that_keeps_all_rules_passes() -> None:
    """A plan with couples, breaks and a split shift that keeps every rule has no breach."""
    shifts = (Shift(start_s=9 * HOUR, end_s=13 * HOUR), Shift(start_s=14 * HOUR, end_s=20 * HOUR))
    team = [day_therapist(breaks=(pause(),)), day_therapist("t2", shifts=shifts)]
    bookings = [
        day_booking("b1", seats=2),
        day_booking("b2", hours=(12, 16), location=3),
        day_booking(
            "b3", windows=(TimeWindow(start_s=8 * HOUR, end_s=9 * HOUR), TimeWindow(start_s=15 * HOUR, end_s=16 * HOUR))
        ),
    ]
    plan = plan_of(t1=["b1", rest(), "b2"], t2=["b1/1", "b3"])
    assert check(day_problem(bookings, team), plan) == []


def test_what_is_left_out_is_no_breach() -> None:
    """Bookings left out once, and one named so that lacks a therapist, are not held against the list."""
    problem = day_problem([day_booking(seats=2), day_booking("b2")], [day_therapist(), day_therapist("t2")])
    assert check(problem, Plan(left_out=left_out("b1", "b2"))) == []
    half = replace(plan_of(t1=["b1"]), left_out=left_out("b1", "b2"))
    assert [one.rule for one in check(problem, half)] == ["seats_missing"]


def test_route_of_nobody_known_without_stops_is_no_breach() -> None:
    """An empty route says nothing, so it breaks nothing."""
    assert check(day_problem([day_booking()], [day_therapist()]), Plan(routes=(Route(therapist_id="t9"),))) == []
