"""What a plan costs: each term in numbers that can be checked by hand, and what is left out before all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.model.decisions import Lock
from dispatch.model.kinds import Gender
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem, Familiar
from dispatch.model.weights import POINTS_PER_SEN, Weights
from dispatch.rules.compiled import compile_problem
from dispatch.rules.cost import COST_TERMS, plan_cost
from dispatch.rules.route import evaluate_route
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, plan_of

TEAM = [day_therapist(), day_therapist("t2", gender=Gender.MALE)]


def term(code: str, problem: DayProblem, plan: Plan) -> tuple[int, int]:
    """The quantity and the sen of one term."""
    found = next(one for one in plan_cost(problem, plan).terms if one.code == code)
    assert found.points % POINTS_PER_SEN == 0
    return found.quantity, found.points // POINTS_PER_SEN


def test_travel_is_priced_by_reference_seconds() -> None:
    """Twenty minutes there and back at RM 30 an hour are RM 10, whatever the hourly speeds."""
    assert term("travel", day_problem([day_booking()], TEAM), plan_of(t1=["b1"])) == (1_200, 1_000)


def test_overtime_is_priced_by_the_second() -> None:
    """Ten minutes of overtime at RM 45 an hour are RM 7.50."""
    problem = day_problem([day_booking(hours=(10, 10))], [day_therapist(hours=(9, 11), overtime_s=900)])
    assert term("overtime", problem, plan_of(t1=["b1"])) == (600, 750)


def test_lateness_is_priced_by_started_minutes() -> None:
    """A start 601 s after the window is eleven minutes at RM 2."""
    problem = day_problem([day_booking(hours=(8, 9), late_tolerance_s=900, set_up_s=1)], TEAM)
    assert term("late", problem, plan_of(t1=["b1"])) == (11, 2_200)


@pytest.mark.parametrize(("promise_s", "minutes"), [(36_000, 0), (35_700, 0), (35_699, 1), (36_301, 1), (37_000, 12)])
def test_promise_is_kept_within_its_grace_either_way(promise_s: int, minutes: int) -> None:
    """A start at ten is off the promise, late or early, by the minutes begun beyond five."""
    problem = day_problem([day_booking(hours=(10, 12), promise_s=promise_s)], TEAM)
    assert term("promise", problem, plan_of(t1=["b1"])) == (minutes, 150 * minutes)


def test_likes_are_priced_by_visit() -> None:
    """Another than the preferred therapist, the preferred gender and the familiar face cost what they cost."""
    booking = day_booking(
        preferred_therapists=("t1",),
        preferred_gender=Gender.FEMALE,
        familiar=(Familiar(therapist_id="t1", visits=3), Familiar(therapist_id="t2", visits=9)),
    )
    problem = day_problem([booking], TEAM)
    mine, other = plan_of(t1=["b1"]), plan_of(t2=["b1"])
    assert [term(code, problem, mine)[1] for code in ("preferred", "preferred_gender", "familiar")] == [0, 0, 200]
    assert [term(code, problem, other)[1] for code in ("preferred", "preferred_gender", "familiar")] == [
        1_500,
        1_000,
        0,
    ]
    stranger = replace(problem, bookings=(replace(booking, familiar=()),))
    assert term("familiar", stranger, mine) == (0, 0)


def test_fairness_prices_work_beyond_the_fair_share() -> None:
    """An hour of work and half an hour carried, with one hour fair, is half an hour at RM 5; idle days cost nothing."""
    team = [day_therapist(carried_s=1_800), day_therapist("t2", carried_s=9 * HOUR)]
    problem = day_problem([day_booking()], team, fair_share_s=HOUR)
    assert term("fairness", problem, plan_of(t1=["b1"], t2=[])) == (1_800, 250)


def test_changes_against_the_published_plan_are_priced() -> None:
    """Another therapist than published costs RM 10, and a start forty minutes later RM 8, at RM 0.20 a minute."""
    bookings = [day_booking("b1"), day_booking("b2", minutes=20, hours=(9, 10), location=1)]
    problem = day_problem(bookings, TEAM, published=plan_of(t1=["b1"]))
    plan = plan_of(t2=["b2", "b1"])
    assert term("changed_therapist", problem, plan) == (1, 1_000)
    assert term("moved", problem, plan) == (0, 0)
    later = replace(problem, bookings=(bookings[0], replace(bookings[1], duration_s=5_400)))
    assert term("moved", later, plan) == (40, 800)
    assert term("moved", later, plan_of(t1=["b1"])) == (0, 0)


def test_terms_are_all_told_and_add_up() -> None:
    """Every term is there, in order, and the points are their sum, which the route's own value agrees with."""
    problem = day_problem([day_booking(promise_s=11 * HOUR)], TEAM)
    cost = plan_cost(problem, plan_of(t1=["b1"]))
    assert tuple(one.code for one in cost.terms) == COST_TERMS
    value = evaluate_route(compile_problem(problem), 0, [0])
    assert cost.points == sum(one.points for one in cost.terms) == value.points > 0


def test_what_is_left_out_comes_before_points() -> None:
    """Locked bookings left out count first, then priority, then bookings; holds only as locked."""
    bookings = [
        day_booking("b1", priority=5),
        day_booking("b2", priority=7),
        day_booking("b3", seats=2, priority=2),
        day_booking("hold", is_hold=True, priority=9),
    ]
    problem = day_problem(bookings, TEAM, locks=(Lock(visit_id="b2/0", therapist_id="t1"),))
    nothing = plan_cost(problem, Plan())
    assert nothing.key() == (2, 14, 3, 0)
    half = plan_cost(problem, plan_of(t1=["b3"]))
    assert half.key()[:3] == (2, 14, 3)
    assert plan_cost(problem, plan_of(t1=["b2"])).key() < plan_cost(problem, plan_of(t1=["b1"])).key()


def test_weights_of_nought_switch_terms_off() -> None:
    """With all prices nought no plan costs anything."""
    free = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0))
    problem = day_problem([day_booking(preferred_therapists=("t2",), promise_s=0)], TEAM, weights=free)
    assert plan_cost(problem, plan_of(t1=["b1"])).points == 0
