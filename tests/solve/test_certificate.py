"""The certificate: what is proven of days small enough to see it with bare eyes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.model.decisions import Lock, Waiver
from dispatch.model.kinds import StopReason
from dispatch.model.outcome import Budget
from dispatch.model.plan import visit_id
from dispatch.model.problem import DayProblem
from dispatch.solve import solve
from dispatch.solve.bound import Bounds
from dispatch.solve.day import day_of
from tests.strategies import day_booking, day_problem, day_therapist, pause

HOUR = 3_600


def crowded(count: int = 4, therapists: int = 1) -> DayProblem:
    """Bookings that all want the same hour, each fit alone for anybody."""
    wishes = [day_booking(f"b{n}", hours=(10, 10.25), priority=10 if n == 0 else 0) for n in range(count)]
    return day_problem(wishes, [day_therapist(f"t{n}") for n in range(therapists)])


def refined(problem: DayProblem) -> Bounds:
    """The bounds of a day, as tight as they come."""
    bounds = Bounds(day_of(problem))
    bounds.refine_both([], lambda: False)
    bounds.refine_each([], lambda: False)
    return bounds


def test_one_therapist_serves_one_of_four_at_the_same_hour() -> None:
    """Four bookings at one hour with one therapist: one is served at most, though each would fit alone."""
    bounds = refined(crowded())
    assert bounds.served_at_most == 1
    assert bounds.priority_at_most == 10
    assert bounds.served_with(10) == 1


def test_before_anything_is_refined_each_hopeful_booking_counts() -> None:
    """Without column generation the bounds say what follows from single bookings, which is true as well."""
    bounds = Bounds(day_of(crowded()))
    assert (bounds.served_at_most, bounds.priority_at_most) == (4, 10)
    assert bounds.points_with(10, 1) is None


def test_a_crowded_day_is_proven_best_and_ends_the_solve() -> None:
    """Where the plan meets every bound, to the last point, the solve says that it is proven best, and stops early."""
    result = solve(crowded(6, 2), budget=Budget(rounds=2_000))
    assert result.certificate.served_at_most == result.certificate.served_at_most_so == 2
    assert result.certificate.cost_at_least_points == result.cost.points
    assert result.certificate.proven_best
    assert result.stopped is StopReason.PROVEN
    assert result.rounds < 2_000


def test_priority_may_cost_a_booking() -> None:
    """Where the prior booking takes the place of two, the bounds tell both numbers apart."""
    wishes = [
        day_booking("long", hours=(10, 10), minutes=300, priority=50),
        day_booking("b1", hours=(10, 10)),
        day_booking("b2", hours=(13, 13)),
    ]
    bounds = refined(day_problem(wishes, [day_therapist()]))
    assert bounds.served_at_most == 2
    assert bounds.priority_at_most == 50
    assert bounds.served_with(50) == 1
    assert bounds.served_with(0) == 2


def test_a_couple_needs_two_therapists() -> None:
    """One therapist cannot take both seats of a couple, and two couples at one hour need four therapists."""
    wishes = [day_booking("b1", seats=2, hours=(10, 10.25)), day_booking("b2", seats=2, hours=(10, 10.25))]
    assert refined(day_problem(wishes, [day_therapist("t1")])).served_at_most == 0
    assert refined(day_problem(wishes, [day_therapist(f"t{n}") for n in range(3)])).served_at_most == 1
    assert refined(day_problem(wishes, [day_therapist(f"t{n}") for n in range(4)])).served_at_most == 2


def test_a_due_break_costs_a_booking_unless_it_is_waived() -> None:
    """A break between two treatments leaves no time for one of them; with the break waived both are possible."""
    wishes = [day_booking("b1", hours=(11, 11), minutes=60), day_booking("b2", hours=(12.25, 12.25), minutes=60)]
    tired = day_problem(wishes, [day_therapist(breaks=(pause(hours=(12, 12.5)),))])
    assert refined(tired).served_at_most == 1
    waived = replace(tired, waivers=(Waiver(rule="break_missing", subject_id="t1", by="dispatcher", reason="agreed"),))
    assert refined(waived).served_at_most == 2


def test_a_lock_off_the_grid_is_possible_for_a_couple() -> None:
    """A couple locked to a moment off the five-minute grid is not ruled out, though no moment on it is permitted."""
    wish = day_booking("b1", seats=2, hours=(10.02, 10.06))
    lock = Lock(visit_id=visit_id("b1", 0), start_s=10 * HOUR + 170)
    bounds = refined(day_problem([wish], [day_therapist("t1"), day_therapist("t2")], locks=(lock,)))
    assert bounds.served_at_most == 1


def test_holds_are_not_counted() -> None:
    """A hold takes a therapist's time, but is no booking served."""
    hold = replace(day_booking("h1", hours=(10, 10)), is_hold=True)
    assert refined(day_problem([hold, day_booking("b1", hours=(13, 14))], [day_therapist()])).served_at_most == 1


@pytest.mark.parametrize("seed", [0, 1])
def test_rounds_alone_give_the_same_certificate_twice(seed: int) -> None:
    """The same problem, seed and counted budget give the same certificate."""
    first, second = (solve(crowded(8, 2), budget=Budget(rounds=150), seed=seed) for _ in range(2))
    assert (first.plan, first.certificate) == (second.plan, second.certificate)
