"""The figures of a plan, worked out by hand on a small day."""

from __future__ import annotations

from dataclasses import replace

from dispatch.explain.figures import compared, figures
from dispatch.model.plan import Plan
from dispatch.model.problem import DayProblem
from dispatch.model.timetable import Timetable
from dispatch.rules.chance import chances
from dispatch.rules.retime import retime
from tests.strategies import day_booking, day_problem, day_therapist, pause, plan_of, rest


def small_day() -> tuple[DayProblem, Plan]:
    """One therapist of eight hours with a break, two bookings served and one not."""
    problem = day_problem(
        [
            day_booking("b1", location=1, hours=(10, 10), value_sen=20_000),
            day_booking("b2", location=3, hours=(14, 14), minutes=120, value_sen=30_000, promise_s=13 * 3600),
            day_booking("b3", location=3, hours=(14, 14), value_sen=7_000),
        ],
        [day_therapist("t1", hours=(9, 17), breaks=(pause(minutes=30),))],
    )
    return problem, plan_of(t1=["b1", rest(), "b2"])


def test_figures_are_sums_of_the_times() -> None:
    """Travel, waiting, treatment, shares and values are what adding them up by hand gives."""
    problem, plan = small_day()
    told = figures(problem, plan, retime(problem, plan))
    assert (told.bookings, told.served, told.left_out, told.visits) == (3, 2, 1, 2)
    assert told.travel_s == told.reference_s == 600 + 1_200 + 1_800
    assert told.distance_m == 5_000 * 6
    assert told.treatment_s == 3 * 3_600
    assert told.shift_s == 8 * 3_600 - 1_800
    assert told.utilisation_percent == 40
    assert told.travel_percent == 13
    assert told.wait_s == 4_200
    assert (told.value_sen, told.value_lost_sen) == (50_000, 7_000)
    assert told.late_visits == 1
    assert told.overtime_s == 0


def test_an_empty_day_has_figures_of_nought() -> None:
    """Without therapists nothing is divided by nought."""
    problem = day_problem([day_booking()], [])
    told = figures(problem, Plan(), Timetable())
    assert (told.shift_s, told.utilisation_percent, told.travel_percent, told.served) == (0, 0, 0, 0)


def test_holds_are_no_bookings() -> None:
    """A hold is not counted among the bookings, the visits or the values."""
    problem, plan = small_day()
    held = replace(problem, bookings=(replace(problem.bookings[0], is_hold=True), *problem.bookings[1:]))
    told = figures(held, plan, retime(held, plan))
    assert (told.bookings, told.served, told.visits, told.value_sen) == (2, 1, 1, 30_000)


def test_figures_are_told_beside_the_published_plan() -> None:
    """Each figure above the board has its change, and whether it is one for the better."""
    problem, plan = small_day()
    before = plan_of(t1=["b1", rest()])
    now, was = (figures(problem, one, retime(problem, one), chances=chances(problem, one)) for one in (plan, before))
    found = {one.name: one for one in compared(now, was)}
    assert (found["served"].change, found["served"].better) == (1, True)
    assert (found["left_out"].change, found["left_out"].better) == (-1, True)
    assert (found["travel_percent"].change > 0, found["travel_percent"].better) == (True, False)
    assert found["value_per_hour_sen"].now == 50_000 * 3_600 // now.shift_s
    assert now.on_time_percent is not None
    assert all(one.change == 0 and not one.better for one in compared(now, None))


def test_without_chances_no_figure_is_made_up() -> None:
    """Where the chances are not known the on-time figure is empty, and so is its change."""
    problem, plan = small_day()
    told = figures(problem, plan, retime(problem, plan))
    assert told.on_time_percent is None
    assert {one.name: one.change for one in compared(told, told)}["on_time_percent"] == 0
