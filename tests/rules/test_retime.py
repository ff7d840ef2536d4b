"""The times of a plan, by example: each policy of the reference in numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.model.booking import TimeWindow
from dispatch.model.day import COUPLE_GRID_S, HORIZON_S
from dispatch.model.decisions import Lock, Waiver
from dispatch.model.facts import VisitFact
from dispatch.model.kinds import LinkKind, VisitState
from dispatch.model.problem import DayLink, DayProblem
from dispatch.model.therapist import Limits, Shift
from dispatch.model.timetable import BreakTime, VisitTime
from dispatch.rules import step
from dispatch.rules.referee import check
from dispatch.rules.retime import retime
from tests.strategies import HOUR, day_booking, day_problem, day_therapist, line_matrix, pause, plan_of, rest


def clock(hours: int, minutes: int = 0) -> int:
    """A time of the service day in seconds."""
    return hours * HOUR + minutes * 60


def visit(problem: DayProblem, name: str, **routes: list[object]) -> VisitTime:
    """The times of one visit of a plan."""
    return retime(problem, plan_of(**routes)).visit(name)  # type: ignore[arg-type]


def test_constants_of_compiled_code_are_the_models() -> None:
    """The compiled step's own copies of the grid and the horizon are the model's."""
    assert (step.GRID_STEP, step.HORIZON) == (COUPLE_GRID_S, HORIZON_S)


def test_first_leg_leaves_as_late_as_it_may() -> None:
    """She leaves home so that she is ready just when the window opens, and at once where she would be late."""
    problem = day_problem([day_booking(set_up_s=600)], [day_therapist()])
    assert visit(problem, "b1/0", t1=["b1"]).depart_s == clock(9, 40)
    late = day_problem([day_booking(hours=(8, 12))], [day_therapist()])
    assert visit(late, "b1/0", t1=["b1"]).depart_s == clock(9)


def test_travel_takes_its_fixed_seconds_first_and_then_drives_hour_by_hour() -> None:
    """Two minutes for the car, then 600 reference seconds at half speed until ten and at full speed after."""
    rates = [500] * 10 + [1_000] * 14
    problem = day_problem(
        [day_booking(hours=(8, 12), location=1)],
        [day_therapist(hours=(9.75, 18))],
        matrices=(line_matrix(fixed_s=120, rates=rates),),
    )
    times = visit(problem, "b1/0", t1=["b1"])
    # 09:47 off; 780 s to ten o'clock drive 390; the other 210 take 210.
    assert (times.depart_s, times.arrive_s) == (clock(9, 45), clock(10, 3) + 30)
    assert times.reference_s == 720


def test_same_building_takes_no_time() -> None:
    """A leg of nought reference seconds takes no fixed seconds either."""
    bookings = [day_booking("b1", hours=(10, 10)), day_booking("b2", hours=(10, 12))]
    problem = day_problem(bookings, [day_therapist()], matrices=(line_matrix(fixed_s=300),))
    assert visit(problem, "b2/0", t1=["b1", "b2"]).start_s == clock(11)


def test_waiting_at_the_gate_may_be_quicker() -> None:
    """Where access takes an hour before eleven and a minute after, she is ready a minute after eleven."""
    by_hour = tuple(3_600 if hour < 11 else 60 for hour in range(24))
    problem = day_problem([day_booking(hours=(8, 12), access_s=by_hour)], [day_therapist(hours=(10, 18))])
    assert visit(problem, "b1/0", t1=["b1"]).ready_s == clock(11, 1)


def test_later_window_is_waited_for_only_if_it_opens_before_lateness_ends() -> None:
    """Being late for one window by what is tolerated comes before waiting for the next, and is told."""
    windows = (TimeWindow(start_s=clock(8), end_s=clock(9)), TimeWindow(start_s=clock(11), end_s=clock(12)))
    tolerant = day_problem([day_booking(windows=windows, late_tolerance_s=900)], [day_therapist()])
    times = visit(tolerant, "b1/0", t1=["b1"])
    assert (times.start_s, times.late_s) == (clock(9, 10), 600)
    strict = day_problem([day_booking(windows=windows)], [day_therapist()])
    assert visit(strict, "b1/0", t1=["b1"]).start_s == clock(11)


def test_visit_that_does_not_fit_before_a_gap_waits_for_the_next_shift() -> None:
    """A visit is one piece: where its shift is too short for it, she leaves when the next one starts."""
    shifts = (Shift(start_s=clock(9), end_s=clock(11)), Shift(start_s=clock(14), end_s=clock(18)))
    problem = day_problem([day_booking(hours=(10, 16), pack_up_s=60)], [day_therapist(shifts=shifts)])
    assert visit(problem, "b1/0", t1=["b1"]).start_s == clock(14, 10)


def test_breaks_happen_where_the_stop_before_ended() -> None:
    """A break before the first visit is at home, and one after a visit is at the client's."""
    team = [day_therapist(breaks=(pause("early", hours=(9, 10)), pause()))]
    plan = plan_of(t1=[rest("early"), "b1", rest()])
    route = retime(day_problem([day_booking(hours=(11, 12), location=3)], team), plan).route_of("t1")
    breaks = [stop for stop in route.stops if isinstance(stop, BreakTime)]
    assert [(one.location, one.start_s) for one in breaks] == [(0, clock(9)), (3, clock(12))]
    assert route.leave_s == clock(10, 30)


def test_couple_starts_when_both_are_ready_on_the_grid() -> None:
    """Both start at the first five minutes after the later one is ready, and whoever is early waits."""
    bookings = [day_booking("b1", seats=2), day_booking("b2", hours=(9, 10), minutes=50, location=2)]
    problem = day_problem(bookings, [day_therapist(), day_therapist("t2", hours=(9, 20))])
    plan = plan_of(t1=["b1"], t2=["b2", "b1/1"])
    times = retime(problem, plan)
    # t2: there at 09:20, ends 10:10, at the couple's 10:20.
    assert times.visit("b1/0").start_s == times.visit("b1/1").start_s == clock(10, 20)
    off_grid = replace(problem, bookings=(bookings[0], replace(bookings[1], duration_s=3_001)))
    assert retime(off_grid, plan).visit("b1/0").start_s == clock(10, 25)


def test_linked_bookings_start_at_once() -> None:
    """Two bookings linked by the same start wait for each other like a couple, in windows that suit both."""
    bookings = [day_booking("b1", hours=(10, 14)), day_booking("b2", hours=(12, 16), location=2)]
    link = DayLink(kind=LinkKind.SAME_START, first_id="b1", second_id="b2")
    problem = day_problem(bookings, [day_therapist(), day_therapist("t2")], links=(link,))
    times = retime(problem, plan_of(t1=["b1"], t2=["b2"]))
    assert times.visit("b1/0").start_s == times.visit("b2/0").start_s == clock(12)
    assert retime(problem, plan_of(t1=["b1"])).visit("b1/0").start_s == clock(10)


def test_gap_moves_the_second_and_then_the_first() -> None:
    """The second waits for the least gap; where it cannot start early enough for the most, the first waits."""
    bookings = [day_booking("b1", hours=(10, 14)), day_booking("b2", hours=(10, 16))]
    team = [day_therapist(), day_therapist("t2")]
    link = DayLink(kind=LinkKind.GAP, first_id="b1", second_id="b2", min_s=600, max_s=1_200)
    problem = day_problem(bookings, team, links=(link,))
    plan = plan_of(t1=["b1"], t2=["b2"])
    assert retime(problem, plan).visit("b2/0").start_s == clock(11, 10)
    later = replace(problem, bookings=(bookings[0], replace(bookings[1], windows=day_booking(hours=(13, 16)).windows)))
    times = retime(later, plan)
    assert (times.visit("b1/0").start_s, times.visit("b2/0").start_s) == (clock(11, 40), clock(13))
    assert check(later, plan) == []


def test_gap_that_no_road_allows_is_refused_at_sensible_times() -> None:
    """Where two linked visits would push each other later for ever, the gap is broken, and the times stay sensible."""
    bookings = [day_booking("b1", location=1, hours=(10, 40)), day_booking("b2", location=4, hours=(10, 40))]
    link = DayLink(kind=LinkKind.GAP, first_id="b1", second_id="b2", min_s=0, max_s=600)
    problem = day_problem(bookings, [day_therapist()], links=(link,))
    plan = plan_of(t1=["b1", "b2"])
    assert [one.rule for one in check(problem, plan)] == ["link_gap"]
    assert retime(problem, plan).visit("b2/0").start_s == clock(11, 30)


def test_cycle_of_couples_is_found_and_names_both() -> None:
    """Couples in opposite orders wait for ever: both are named, and times are told all the same."""
    couples = [day_booking("b1", seats=2, hours=(10, 16)), day_booking("b2", seats=2, hours=(10, 16))]
    problem = day_problem([*couples, day_booking("b3")], [day_therapist(), day_therapist("t2")])
    times = retime(problem, plan_of(t1=["b1", "b2"], t2=["b2/1", "b1/1"]))
    assert times.cycle == ("b1", "b2")
    assert times.visit("b1/0").start_s == clock(10)
    assert retime(problem, plan_of(t1=["b1", "b2"], t2=["b1/1", "b2/1"])).cycle == ()


def test_cycle_through_three_couples_is_found() -> None:
    """A circle of three couples over three routes is found, however long the way round."""
    couples = [day_booking(f"b{n}", seats=2, hours=(10, 16)) for n in (1, 2, 3)]
    problem = day_problem(couples, [day_therapist(f"t{n}") for n in (1, 2, 3)])
    plan = plan_of(t1=["b1", "b2"], t2=["b2/1", "b3"], t3=["b3/1", "b1/1"])
    assert retime(problem, plan).cycle == ("b1", "b2", "b3")


def test_locked_start_wins_over_windows_and_grid() -> None:
    """A couple fixed to a time off the grid and outside its windows starts exactly then."""
    locks = (Lock(visit_id="b1/0", start_s=clock(13, 7)),)
    problem = day_problem([day_booking(seats=2)], [day_therapist(), day_therapist("t2")], locks=locks)
    plan = plan_of(t1=["b1"], t2=["b1/1"])
    assert {retime(problem, plan).visit(name).start_s for name in ("b1/0", "b1/1")} == {clock(13, 7)}


def test_waived_window_lets_her_start_when_she_comes() -> None:
    """With its window waived a treatment starts when she is ready, and its lateness is still told."""
    waiver = Waiver(rule="window_missed", subject_id="b1/0", by="dispatcher", reason="agreed")
    problem = day_problem([day_booking(hours=(7, 8))], [day_therapist()], waivers=(waiver,))
    times = visit(problem, "b1/0", t1=["b1"])
    assert (times.start_s, times.late_s) == (clock(9, 10), 4_200)
    assert check(problem, plan_of(t1=["b1"])) == []


def fact(state: VisitState, **times_s: int) -> VisitFact:
    """What is known of the first visit."""
    return VisitFact(visit_id="b1/0", therapist_id="t1", state=state, **times_s)


@pytest.mark.parametrize(
    ("known", "now_s", "start_s", "free_s"),
    [
        (fact(VisitState.DEPARTED, departed_s=clock(10)), clock(10, 30), clock(10, 30), clock(11, 32)),
        (fact(VisitState.ARRIVED, arrived_s=clock(10, 15)), clock(10, 20), clock(10, 20), clock(11, 22)),
        (fact(VisitState.STARTED, started_s=clock(10, 17)), clock(10, 20), clock(10, 17), clock(11, 19)),
        (fact(VisitState.STARTED, started_s=clock(10, 17)), clock(12), clock(10, 17), clock(12, 2)),
        (fact(VisitState.FINISHED, started_s=clock(10), finished_s=clock(10, 50)), clock(11), clock(10), clock(10, 50)),
        (
            fact(VisitState.NO_SHOW, arrived_s=clock(10), finished_s=clock(10, 20)),
            clock(11),
            clock(10, 20),
            clock(10, 20),
        ),
    ],
)
def test_facts_say_when(known: VisitFact, now_s: int, start_s: int, free_s: int) -> None:
    """What has begun has its actual times; what is under way ends no earlier than now, and packing up comes after."""
    problem = day_problem([day_booking(pack_up_s=120)], [day_therapist()], facts=(known,), now_s=now_s)
    times = visit(problem, "b1/0", t1=["b1"])
    assert (times.start_s, times.free_s) == (start_s, free_s)


def test_nobody_leaves_before_now() -> None:
    """A visit not yet departed departs now at the earliest, by the problem's clock or the one handed in."""
    problem = day_problem([day_booking()], [day_therapist()])
    assert visit(problem, "b1/0", t1=["b1"]).depart_s == clock(9, 50)
    for times in (
        retime(replace(problem, now_s=clock(10, 30)), plan_of(t1=["b1"])),
        retime(problem, plan_of(t1=["b1"]), now_s=clock(10, 30)),
    ):
        assert times.visit("b1/0").depart_s == clock(10, 30)


def test_break_that_facts_made_late_is_due_at_once() -> None:
    """A meal missed because a treatment ran over is excused if taken right after it, and only then."""
    problem = day_problem(
        [day_booking(), day_booking("b2", hours=(12, 18))],
        [day_therapist(breaks=(pause(hours=(11, 11.25), minutes=60),))],
        facts=(fact(VisitState.FINISHED, started_s=clock(10), finished_s=clock(11, 40)),),
        now_s=clock(11, 45),
    )
    assert check(problem, plan_of(t1=["b1", rest(), "b2"])) == []
    assert [one.rule for one in check(problem, plan_of(t1=["b1", "b2", rest()]))] == ["break_late"]
    assert [one.rule for one in check(problem, plan_of(t1=["b1", "b2"]))] == ["break_missing"]
    over = replace(problem, now_s=clock(12, 15))
    assert check(over, plan_of(t1=["b1", "b2"])) == []


def test_rest_starts_the_consecutive_hours_anew() -> None:
    """A break as long as her rest starts the count anew, a shorter one and waiting do not."""
    bookings = [day_booking(hours=(10, 10)), day_booking("b2", hours=(15, 15))]

    def rules(minutes: int) -> list[str]:
        team = [day_therapist(limits=Limits(consecutive_s=5 * HOUR), breaks=(pause(minutes=minutes),))]
        return [one.rule for one in check(day_problem(bookings, team), plan_of(t1=["b1", rest(), "b2"]))]

    assert rules(30) == []
    assert rules(29) == ["consecutive_limit"]


def test_gap_between_shifts_is_a_rest() -> None:
    """A gap between two shifts as long as her rest starts the consecutive hours anew."""
    bookings = [day_booking(hours=(10, 10)), day_booking("b2", hours=(15, 15))]
    shifts = (Shift(start_s=clock(9), end_s=clock(12)), Shift(start_s=clock(13), end_s=clock(18)))
    plan = plan_of(t1=["b1", "b2"])
    limits = Limits(consecutive_s=4 * HOUR)
    assert check(day_problem(bookings, [day_therapist(shifts=shifts, limits=limits)]), plan) == []
    [found] = check(day_problem(bookings, [day_therapist(limits=limits)]), plan)
    assert found.rule == "consecutive_limit"


def test_overtime_is_told_and_allowed_up_to_its_limit() -> None:
    """Home ten minutes after the shift is ten minutes of overtime, allowed where she accepts it."""
    therapist = day_therapist(hours=(9, 11), overtime_s=600)
    problem = day_problem([day_booking(hours=(10, 10))], [therapist])
    plan = plan_of(t1=["b1"])
    assert retime(problem, plan).route_of("t1").overtime_s == 600
    assert check(problem, plan) == []
    strict = replace(problem, therapists=(replace(therapist, overtime_s=599),))
    assert [one.rule for one in check(strict, plan)] == ["shift_end"]
